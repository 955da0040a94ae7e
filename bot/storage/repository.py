"""What every repository is given."""

from __future__ import annotations

from typing import Any

from bot.clock import Clock
from bot.storage.crypto import Cipher
from bot.storage.session import Row, Session
from bot.storage.statements import Statement


class Repository:
    """One aggregate inside one transaction."""

    __slots__ = ("_cipher", "_clock", "_session")

    def __init__(self, session: Session, cipher: Cipher, clock: Clock) -> None:
        self._session = session
        self._cipher = cipher
        self._clock = clock

    async def _one(self, statement: Statement, **values: Any) -> Row | None:
        rows = await self._session.rows(statement, **values)
        return rows[0] if rows else None

"""Removing what is over, in ranges of rows, so that each step is short and keeps nobody waiting."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import bindparam as value

from bot.storage import tables
from bot.storage.moments import to_micros
from bot.storage.repository import Repository
from bot.storage.statements import Statement

STEP: Final = 2_000

_I: Final = tables.inbox
_O: Final = tables.outbox
_SPAN_OF_INBOX: Final = Statement(sa.select(sa.func.min(_I.c.id), sa.func.max(_I.c.id)))
_SPAN_OF_OUTBOX: Final = Statement(sa.select(sa.func.min(_O.c.id), sa.func.max(_O.c.id)))
_DELETE_UPDATES: Final = Statement(
    sa.delete(_I).where(
        _I.c.id.between(value("low"), value("high")),
        _I.c.received_at < value("before"),
        _I.c.state == value("state"),
    )
)
_DELETE_CALLS: Final = Statement(
    sa.delete(_O).where(_O.c.id.between(value("low"), value("high")), _O.c.settled_at < value("before"))
)
_WIPE_CALLS: Final = Statement(
    sa.update(_O)
    .where(
        _O.c.id.between(value("b_low"), value("b_high")),
        _O.c.settled_at < value("b_before"),
        sa.or_(_O.c.call.is_not(None), _O.c.about.is_not(None)),
    )
    .values(call=None, about=None)
)


class SqlCleaning(Repository):
    """What the janitor does."""

    __slots__ = ()

    async def span_of_inbox(self) -> range:
        """Return the starts of the ranges of inbox rows to go through."""
        low, high = (await self._session.rows(_SPAN_OF_INBOX))[0]
        return range(low or 0, (high or -1) + 1, STEP)

    async def span_of_outbox(self) -> range:
        """Return the starts of the ranges of outbox rows to go through."""
        low, high = (await self._session.rows(_SPAN_OF_OUTBOX))[0]
        return range(low or 0, (high or -1) + 1, STEP)

    async def inbox(self, low: int, seen_before: datetime, dead_before: datetime) -> int:
        """Delete, in one range, processed updates and dead letters older than given; return how many."""
        high = low + STEP - 1
        seen = await self._session.run(
            _DELETE_UPDATES, low=low, high=high, before=to_micros(seen_before), state=tables.INBOX_DONE
        )
        dead = await self._session.run(
            _DELETE_UPDATES, low=low, high=high, before=to_micros(dead_before), state=tables.INBOX_DEAD
        )
        return seen + dead

    async def outbox(self, low: int, wipe_before: datetime, delete_before: datetime) -> int:
        """Wipe, in one range, the content of calls settled before one moment, delete those before another."""
        high = low + STEP - 1
        deleted = await self._session.run(_DELETE_CALLS, low=low, high=high, before=to_micros(delete_before))
        wiped = await self._session.run(_WIPE_CALLS, b_low=low, b_high=high, b_before=to_micros(wipe_before))
        return deleted + wiped

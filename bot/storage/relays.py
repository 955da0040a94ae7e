"""Relayed messages: found by keyed hashes of where they were written and where they arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam as value

from bot.cases.model import Direction, NewRelay, Relay, RelayState
from bot.storage import tables
from bot.storage.moments import from_micros, to_micros
from bot.storage.ports import RelayNotFound
from bot.storage.repository import Repository
from bot.storage.session import Row
from bot.storage.statements import Statement, upsert

_T: Final = tables.relays
_DATA: Final = b"relays.data"
_TARGET: Final = b"relays.target"
_COLUMNS: Final = (
    _T.c.id,
    _T.c.case_id,
    _T.c.direction,
    _T.c.state,
    _T.c.written_at,
    _T.c.operator_id,
    _T.c.outbox_id,
    _T.c.data,
    _T.c.target,
)
_SELECT: Final = sa.select(*_COLUMNS)
_OF_NEW: Final = tuple(each.name for each in fields(NewRelay))

_ADD: Final = upsert(
    _T,
    ("case_id", "direction", "state", "written_at", "operator_id", "source_hash", "album_hash", "data"),
    ("source_hash",),
    returning="id",
)
_GET: Final = Statement(_SELECT.where(_T.c.id == value("id")))
_BY_SOURCE: Final = Statement(_SELECT.where(_T.c.source_hash == value("source_hash")))
_BY_TARGET: Final = Statement(
    _SELECT.where(_T.c.target_hash == value("target_hash"), _T.c.direction == value("direction"))
    .order_by(_T.c.id.desc())
    .limit(sa.literal_column("1"))
)
_OF_ALBUM: Final = Statement(_SELECT.where(_T.c.album_hash == value("album_hash")).order_by(_T.c.id))
_OF_CASE: Final = Statement(
    _SELECT.where(_T.c.case_id == value("case_id")).order_by(_T.c.id.desc()).limit(value("limit_", type_=sa.Integer))
)
_REVISE: Final = Statement(sa.update(_T).where(_T.c.id == value("b_id")).values(data=value("b_data")))
_SETTLE: Final = Statement(
    sa.update(_T)
    .where(_T.c.id == value("b_id"))
    .values(
        state=value("b_state"),
        outbox_id=sa.func.coalesce(value("b_outbox_id", type_=sa.BigInteger), _T.c.outbox_id),
        target_hash=sa.func.coalesce(value("b_target_hash", type_=sa.LargeBinary), _T.c.target_hash),
        target=sa.func.coalesce(value("b_target", type_=sa.LargeBinary), _T.c.target),
    )
)


class SqlRelays(Repository):
    """Fulfils `bot.cases.ports.Relays`."""

    __slots__ = ()

    async def add(self, new: NewRelay) -> Relay:
        """Store a message; the same source message of the same direction is stored once and returned again."""
        source = self._source(new.direction, new.source_chat, new.source_message)
        added = await self._one(
            _ADD,
            case_id=new.case_id,
            direction=new.direction,
            state=RelayState.QUEUED,
            written_at=to_micros(new.written_at),
            operator_id=new.operator_id,
            source_hash=source,
            album_hash=None if new.album is None else self._album(new.case_id, new.album),
            data=self._seal(new),
        )
        if added is None:
            return self._found(await self._one(_BY_SOURCE, source_hash=source))
        return Relay(id=added[0], state=RelayState.QUEUED, **{name: getattr(new, name) for name in _OF_NEW})

    async def get(self, relay_id: int) -> Relay:
        """Return a relayed message; raise `RelayNotFound`."""
        return self._found(await self._one(_GET, id=relay_id))

    async def by_source(self, direction: Direction, chat: int, message: int) -> Relay | None:
        """Return the message that was written as `message` in `chat`."""
        row = await self._one(_BY_SOURCE, source_hash=self._source(direction, chat, message))
        return self._relay(row) if row else None

    async def by_target(self, direction: Direction, chat: int, message: int) -> Relay | None:
        """Return the message that was delivered as `message` into `chat`."""
        row = await self._one(
            _BY_TARGET, target_hash=self._cipher.hash("relays.target", chat, message), direction=direction
        )
        return self._relay(row) if row else None

    async def of_album(self, case_id: int, album: str) -> Sequence[Relay]:
        """Return the parts of an album in the order they were written."""
        rows = await self._session.rows(_OF_ALBUM, album_hash=self._album(case_id, album))
        return sorted((self._relay(row) for row in rows), key=lambda relay: relay.source_message)

    async def of_case(self, case_id: int, limit: int = 50) -> Sequence[Relay]:
        """Return the last `limit` messages of a case, oldest first."""
        rows = await self._session.rows(_OF_CASE, case_id=case_id, limit_=limit)
        return [self._relay(row) for row in reversed(rows)]

    async def revise(self, relay_id: int, parcel: dict[str, Any]) -> Relay:
        """Replace the content of a message that its writer edited; raise `RelayNotFound`."""
        relay = replace(await self.get(relay_id), parcel=parcel)
        await self._session.run(_REVISE, b_id=relay_id, b_data=self._seal(relay))
        return relay

    async def settle(
        self,
        relay_id: int,
        state: RelayState,
        *,
        outbox_id: int | None = None,
        target_chat: int | None = None,
        target_message: int | None = None,
    ) -> None:
        """Store what is known about the delivery; None leaves a field as it is."""
        target = target_hash = None
        if target_chat is not None or target_message is not None:
            if target_chat is None or target_message is None:
                relay = await self.get(relay_id)
                target_chat = relay.target_chat if target_chat is None else target_chat
                target_message = relay.target_message if target_message is None else target_message
            target = self._cipher.seal(_TARGET, {"chat": target_chat, "message": target_message})
            if target_chat is not None and target_message is not None:
                target_hash = self._cipher.hash("relays.target", target_chat, target_message)
        await self._session.run(
            _SETTLE, b_id=relay_id, b_state=state, b_outbox_id=outbox_id, b_target_hash=target_hash, b_target=target
        )

    def _seal(self, relay: NewRelay | Relay) -> bytes:
        data = {
            "chat": relay.source_chat,
            "message": relay.source_message,
            "parcel": relay.parcel,
            "reply_to": relay.reply_to,
            "album": relay.album,
        }
        return self._cipher.seal(_DATA, data)

    def _source(self, direction: Direction, chat: int, message: int) -> bytes:
        return self._cipher.hash("relays.source", direction, chat, message)

    def _album(self, case_id: int, album: str) -> bytes:
        return self._cipher.hash("relays.album", case_id, album)

    def _found(self, row: Row | None) -> Relay:
        if row is None:
            raise RelayNotFound("There is no such message here; perhaps its case was purged.")
        return self._relay(row)

    def _relay(self, row: Row) -> Relay:
        id_, case_id, direction, state, written_at, operator_id, outbox_id, sealed, sealed_target = row
        data = self._cipher.open(_DATA, sealed)
        target = self._cipher.open_mapping(_TARGET, sealed_target)
        return Relay(
            id=id_,
            case_id=case_id,
            direction=Direction(direction),
            source_chat=data["chat"],
            source_message=data["message"],
            written_at=from_micros(written_at),
            parcel=data["parcel"],
            state=RelayState(state),
            album=data["album"],
            reply_to=data["reply_to"],
            operator_id=operator_id,
            outbox_id=outbox_id,
            target_chat=target.get("chat"),
            target_message=target.get("message"),
        )

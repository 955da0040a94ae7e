"""Outgoing calls: what a use case may do with them, and what only the sender may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam as value

from bot.storage import tables
from bot.storage.crypto import Cipher
from bot.storage.errors import WrongKey
from bot.storage.moments import from_micros, to_micros
from bot.storage.ports import NewOutbox, OnUnknown, OutboxRow, OutboxState, Priority, StorageError
from bot.storage.repository import Repository
from bot.storage.session import Row
from bot.storage.statements import Statement, one_of

_T: Final = tables.outbox
_CALL: Final = b"outbox.call"
_ABOUT: Final = b"outbox.about"
_RESULT: Final = b"outbox.result"

# written out in the text of the statements, so that the partial index is found
_IS_ACTIVE: Final = sa.text("outbox.state IN ('queued', 'sending')")
_IS_QUEUED: Final = sa.text("outbox.state = 'queued'")
_MAY_GO_AGAIN: Final = sa.text("outbox.state IN ('failed', 'unknown')")
_MAY_BE_CANCELLED: Final = sa.text("outbox.state IN ('queued', 'unknown')")

_INSERTED: Final = (
    "lane", "chat", "method", "priority", "on_unknown", "attempts", "created_at", "not_before", "person_id",
    "call", "about",
)  # fmt: skip
_NEW: Final[dict[str, Any]] = {name: value(name) for name in _INSERTED} | {"state": OutboxState.QUEUED}
_GAP: Final = 65_536
# the place in a lane: as a rule that of writing, with room for others to be put in between
_PLACE_OF: Final = sa.func.coalesce(_T.c.position, _T.c.id * sa.literal_column(str(_GAP)))
_ADD: Final = Statement(sa.insert(_T).values({**_NEW, "position": value("position")}).returning(_T.c.id))
_PLACE: Final = Statement(sa.select(_T.c.lane, _PLACE_OF).where(_T.c.id == value("id")))
_MAKE_ROOM: Final = Statement(
    sa.update(_T)
    .where(_IS_ACTIVE, _T.c.lane == value("b_lane"), value("b_position", type_=sa.BigInteger) > _PLACE_OF)
    .values(position=_PLACE_OF - 1)
    .returning(_T.c.id)
)
_COLUMNS: Final = (
    _T.c.id,
    _PLACE_OF,
    _T.c.lane,
    _T.c.chat,
    _T.c.method,
    _T.c.priority,
    _T.c.on_unknown,
    _T.c.state,
    _T.c.attempts,
    _T.c.not_before,
    _T.c.error,
    _T.c.call,
    _T.c.about,
    _T.c.result,
)
_GET: Final = Statement(sa.select(*_COLUMNS).where(_T.c.id == value("id")))
_GET_MANY: Final = Statement(sa.select(*_COLUMNS).where(one_of(_T.c.id, "ids")))
_REQUEUE: Final = Statement(
    sa.update(_T)
    .where(_T.c.id == value("b_id"), _MAY_GO_AGAIN, _T.c.call.is_not(None))
    .values(state=OutboxState.QUEUED, not_before=value("b_not_before"), settled_at=None, error=None)
)
_CANCEL: Final = Statement(
    sa.update(_T)
    .where(_T.c.id == value("b_id"), _MAY_BE_CANCELLED)
    .values(state=OutboxState.CANCELLED, settled_at=value("b_at"), call=None)
)
_WAITING: Final = Statement(sa.select(sa.func.count()).select_from(_T).where(_IS_QUEUED))
_SLOT_COLUMNS: Final = (
    _T.c.id,
    _PLACE_OF,
    _T.c.lane,
    _T.c.chat,
    _T.c.priority,
    _T.c.on_unknown,
    _T.c.state,
    _T.c.attempts,
    _T.c.not_before,
)
_ACTIVE: Final = Statement(sa.select(*_SLOT_COLUMNS).where(_IS_ACTIVE).order_by(_T.c.id))
_ACTIVE_OF: Final = Statement(sa.select(*_SLOT_COLUMNS).where(_IS_ACTIVE, one_of(_T.c.id, "ids")).order_by(_T.c.id))
_CLAIM: Final = Statement(sa.update(_T).where(_IS_QUEUED, _T.c.id == value("b_id")).values(state=OutboxState.SENDING))
_SENT: Final = Statement(
    sa.update(_T)
    .where(_T.c.id == value("b_id"))
    .values(
        state=OutboxState.SENT,
        attempts=_T.c.attempts + 1,
        settled_at=value("b_at"),
        result=value("b_result"),
        error=None,
        call=None,
    )
)
_SETTLE: Final = Statement(
    sa.update(_T)
    .where(_T.c.id == value("b_id"))
    .values(
        state=value("b_state"),
        attempts=_T.c.attempts + 1,
        not_before=value("b_not_before"),
        settled_at=value("b_at"),
        error=value("b_error"),
    )
)
_RESULTS_IN: Final = Statement(
    sa.select(_T.c.result).where(
        _T.c.chat == value("chat"),
        _T.c.state == OutboxState.SENT,
        _T.c.settled_at >= value("since"),
        _T.c.method.like("send%"),
        _T.c.result.is_not(None),
    )
)
_RESULT_OF: Final = Statement(sa.select(_T.c.state, _T.c.result).where(_T.c.id == value("id")))


_GROUP: Final = b"g"
_PRIVATE: Final = b"p"


def chat_key(cipher: Cipher, chat: str) -> bytes:
    """Return under which key a chat's limit is kept: its kind in the open, who it is as a keyed hash."""
    return (_GROUP if chat.startswith("group:") else _PRIVATE) + cipher.hash("outbox.chat", chat)


def is_group(key: bytes) -> bool:
    """Return whether a key made by `chat_key` is that of a group."""
    return key[:1] == _GROUP


@dataclass(slots=True)
class Slot:
    """What the sender must know of a call to decide when to make it. `not_before` is in microseconds."""

    id: int
    position: int
    lane: bytes
    chat: bytes
    priority: int
    on_unknown: OnUnknown
    sending: bool
    attempts: int
    not_before: int


@dataclass(frozen=True)
class Call:
    """A call with its content, and the keys under which its lane and chat are kept."""

    row: OutboxRow
    lane_key: bytes
    chat_key: bytes


class SqlOutbox(Repository):
    """Fulfils `bot.storage.ports.Outbox`; the methods below the line are the sender's."""

    __slots__ = ()

    async def add(self, new: NewOutbox) -> int:
        """Queue a call at the end of its lane; return its id."""
        rows = await self._session.rows(_ADD, lane=self._lane(new.lane), position=None, **self._values(new))
        return self._added(rows)

    async def add_before(self, row_id: int, new: NewOutbox) -> int:
        """Queue a call in the lane of `row_id`, right before it (after others put before it earlier)."""
        place = await self._one(_PLACE, id=row_id)
        if place is None:
            raise StorageError(f"There is no outgoing call {row_id} to put another one before.")
        lane, position = place
        moved = await self._session.rows(_MAKE_ROOM, b_lane=lane, b_position=position)
        self._session.changes.outbox.update(row[0] for row in moved)
        rows = await self._session.rows(_ADD, lane=lane, position=position - 1, **self._values(new))
        return self._added(rows)

    async def get(self, row_id: int) -> OutboxRow | None:
        """Return a call, or None where it was purged. `params` is empty once the call was settled for good."""
        row = await self._one(_GET, id=row_id)
        return self._call(row).row if row else None

    async def requeue(self, row_id: int, not_before: datetime | None = None) -> None:
        """Queue a failed or unknown call once more at its old place; raise `StorageError` where its words are gone."""
        due = self._clock.now() if not_before is None else not_before
        if not await self._session.run(_REQUEUE, b_id=row_id, b_not_before=to_micros(due)):
            raise StorageError(f"Call {row_id} cannot be sent again: it was sent, cancelled or its content was wiped.")
        self._session.changes.outbox.add(row_id)

    async def cancel(self, row_id: int) -> None:
        """Take a queued or unknown call out; nothing is sent."""
        await self._session.run(_CANCEL, b_id=row_id, b_at=to_micros(self._clock.now()))
        self._session.changes.outbox.add(row_id)

    async def results_in(self, chat: str, since: datetime) -> list[int]:
        """Return the ids of messages sent into a chat since a moment."""
        key = chat_key(self._cipher, chat)
        rows = await self._session.rows(_RESULTS_IN, chat=key, since=to_micros(since))
        return [int(self._cipher.open(_RESULT, row[0])) for row in rows]

    async def waiting(self) -> int:
        """Return how many calls are queued."""
        rows = await self._session.rows(_WAITING)
        return int(rows[0][0])

    # -- the sender's -------------------------------------------------------------------------------------------------

    async def slots(self, ids: Sequence[int] | None = None) -> list[Slot]:
        """Return the calls that are queued or were being made, all or those of `ids`, in order of writing."""
        if ids is None:
            rows = await self._session.rows(_ACTIVE)
        else:
            rows = await self._session.rows(_ACTIVE_OF, ids=list(ids))
        return [
            Slot(
                id_,
                position,
                bytes(lane),
                bytes(chat),
                priority,
                OnUnknown(on_unknown),
                state == OutboxState.SENDING,
                attempts,
                not_before,
            )
            for id_, position, lane, chat, priority, on_unknown, state, attempts, not_before in rows
        ]

    async def calls(self, ids: Sequence[int]) -> dict[int, Call | WrongKey]:
        """Return calls with their content by id, or why it cannot be read; those gone or settled are left out."""
        found: dict[int, Call | WrongKey] = {}
        for row in await self._session.rows(_GET_MANY, ids=list(ids)):
            if row[7] not in (OutboxState.QUEUED, OutboxState.SENDING):
                continue
            try:
                found[row[0]] = self._call(row)
            except WrongKey as error:
                found[row[0]] = error
        return found

    async def claim(self, row_id: int) -> bool:
        """Note that a call is about to be made, before it is; False where it is not queued any more."""
        return await self._session.run(_CLAIM, b_id=row_id) == 1

    async def settle_sent(self, row_id: int, result_id: int | None) -> None:
        """Store that Telegram said yes, and wipe the content."""
        await self._session.run(
            _SENT,
            b_id=row_id,
            b_at=to_micros(self._clock.now()),
            b_result=None if result_id is None else self._cipher.seal(_RESULT, result_id),
        )

    async def settle(
        self, row_id: int, state: OutboxState, error: str | None = None, not_before: datetime | None = None
    ) -> None:
        """Store that a call failed, is unknown, or (state queued) will be tried again at `not_before`."""
        now = self._clock.now()
        again = state is OutboxState.QUEUED
        await self._session.run(
            _SETTLE,
            b_id=row_id,
            b_state=state,
            b_not_before=to_micros(not_before or now),
            b_at=None if again else to_micros(now),
            b_error=error,
        )
        if again:
            self._session.changes.outbox.add(row_id)

    async def result_of(self, row_id: int) -> tuple[OutboxState, int | None] | None:
        """Return the state of a call and the id it resulted in, or None where it was purged."""
        row = await self._one(_RESULT_OF, id=row_id)
        if row is None:
            return None
        return OutboxState(row[0]), None if row[1] is None else int(self._cipher.open(_RESULT, row[1]))

    def _lane(self, lane: str) -> bytes:
        return self._cipher.hash("outbox.lane", lane)

    def _values(self, new: NewOutbox) -> dict[str, Any]:
        now = self._clock.now()
        return {
            "chat": chat_key(self._cipher, new.chat),
            "method": new.method,
            "priority": int(new.priority),
            "on_unknown": new.on_unknown,
            "attempts": 0,
            "created_at": to_micros(now),
            "not_before": to_micros(new.not_before or now),
            "person_id": new.person_id,
            "call": self._cipher.seal(_CALL, {"lane": new.lane, "chat": new.chat, "params": dict(new.params)}),
            "about": self._cipher.seal(_ABOUT, dict(new.about)) if new.about else None,
        }

    def _added(self, rows: Sequence[Row]) -> int:
        row_id = int(rows[0][0])
        self._session.changes.outbox.add(row_id)
        return row_id

    def _call(self, row: Row) -> Call:
        (id_, position, lane, chat, method, priority, on_unknown, state) = row[:8]
        (attempts, not_before, error, sealed, about, result) = row[8:]
        content = self._cipher.open_mapping(_CALL, sealed)
        return Call(
            OutboxRow(
                id=id_,
                position=position,
                lane=content.get("lane", bytes(lane).hex()),
                chat=content.get("chat", ""),
                method=method,
                params=content.get("params", {}),
                priority=Priority(priority),
                on_unknown=OnUnknown(on_unknown),
                about=self._cipher.open_mapping(_ABOUT, about),
                state=OutboxState(state),
                attempts=attempts,
                not_before=from_micros(not_before),
                result_id=None if result is None else self._cipher.open(_RESULT, result),
                error=error,
            ),
            bytes(lane),
            bytes(chat),
        )

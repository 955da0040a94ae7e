"""Updates as they came, kept until they are processed; their ids are kept longer, to drop repeats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam as value

from bot.storage import tables
from bot.storage.moments import from_micros, to_micros
from bot.storage.ports import DeadLetter, StorageError
from bot.storage.repository import Repository
from bot.storage.session import Row
from bot.storage.statements import POSTGRESQL, Statement, one_of, upsert

_T: Final = tables.inbox
_DATA: Final = b"inbox.data"
_WIDE: Final = 5_000
_LOUD: Final = ("loud0", "loud1", "loud2", "loud3")
"""Names for the lanes that have the most waiting: so many at once are looked behind."""
_PENDING: Final = sa.text("inbox.state = 0")  # in the text, so that the partial index is found
_DEAD: Final = sa.text("inbox.state = 2")

_STORE: Final = upsert(_T, ("update_id", "lane", "state", "attempts", "received_at", "due_at", "data"), ("update_id",))
_WINDOW: Final = Statement(
    sa.select(_T.c.id, _T.c.lane, _T.c.due_at)
    .where(_PENDING, _T.c.id > value("after"))
    .order_by(_T.c.id)
    .limit(value("limit_", type_=sa.Integer))
)
_BEHIND: Final = Statement(
    sa.select(_T.c.id, _T.c.lane, _T.c.due_at)
    .where(_PENDING, _T.c.id > value("after"), _T.c.id <= value("until"))
    .where(*(_T.c.lane != value(name, type_=sa.LargeBinary) for name in _LOUD))
    .order_by(_T.c.id)
    .limit(value("limit_", type_=sa.Integer))
)
_TAKEN: Final = (_T.c.id, _T.c.update_id, _T.c.lane, _T.c.attempts, _T.c.received_at, _T.c.data)
_CONTENTS: Final = Statement(sa.select(*_TAKEN).where(_PENDING, one_of(_T.c.id, "ids")).order_by(_T.c.id))
_LOCK: Final = Statement(sa.select(_T.c.id).where(_PENDING, one_of(_T.c.id, "ids")).with_for_update(skip_locked=True))
_DONE: Final = Statement(
    sa.update(_T)
    .where(_PENDING, _T.c.id == value("b_id"))
    .values(state=tables.INBOX_DONE, data=None, lane=None, error=None)
)
_LATER: Final = Statement(
    sa.update(_T)
    .where(_T.c.id == value("b_id"))
    .values(attempts=_T.c.attempts + 1, due_at=value("b_due_at"), error=value("b_error"))
)
_BURY: Final = Statement(
    sa.update(_T)
    .where(_T.c.id == value("b_id"))
    .values(state=tables.INBOX_DEAD, attempts=_T.c.attempts + 1, error=value("b_error"))
)
_COUNT: Final = Statement(sa.select(_T.c.state, sa.func.count()).where(_T.c.state != 1).group_by(_T.c.state))
_LETTERS: Final = Statement(
    sa.select(_T.c.update_id, _T.c.lane, _T.c.received_at, _T.c.attempts, _T.c.error)
    .where(_DEAD)
    .order_by(_T.c.id.desc())
    .limit(value("limit_", type_=sa.Integer))
)
_RETRY: Final = Statement(
    sa.update(_T)
    .where(_DEAD, _T.c.update_id == value("b_update_id"), _T.c.data.is_not(None))
    .values(state=tables.INBOX_PENDING, attempts=0, due_at=value("b_due_at"), error=None)
)
_SEEN: Final = Statement(sa.select(_T.c.update_id).where(one_of(_T.c.update_id, "ids")))


@dataclass(frozen=True, slots=True)
class Arrived:
    """An update on its way into the store. `due_at` is the moment from which it may be processed."""

    update_id: int
    lane: str
    update: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pending:
    """A stored update that waits for its turn."""

    id: int
    update_id: int
    lane: bytes
    attempts: int
    received_at: int
    sealed: bytes


class _Choice:
    """Which updates are processed next: of each lane a share first, and more of it only where there is room."""

    def __init__(self, limit: int, but: Set[bytes], now: int) -> None:
        self._limit = limit
        self._but = frozenset(but)  # a lane that becomes free while we read on must not go on in the middle
        self._now = now
        self._share = max(1, limit // 8)
        self._chosen: dict[bytes, list[int]] = {}
        self._more: dict[bytes, list[int]] = {}
        self._blocked: set[bytes] = set()
        self.count = 0
        self.soonest: int | None = None

    def look(self, rows: Sequence[Row]) -> None:
        """Choose among further rows (id, lane, due), in order of arrival."""
        for id_, lane, due_at in rows:
            if self.count == self._limit:
                return
            if lane in self._blocked or lane in self._but:
                continue
            ids = self._chosen.get(lane)
            if ids is None:
                if due_at > self._now:
                    self._blocked.add(lane)
                    self.soonest = due_at if self.soonest is None else min(self.soonest, due_at)
                    continue
                ids = self._chosen[lane] = []
            if len(ids) >= self._share:
                self._more.setdefault(lane, []).append(id_)
                continue
            ids.append(id_)
            self.count += 1

    @property
    def wants_others(self) -> bool:
        """Whether there is room that only lanes with much waiting would fill."""
        return self.count < self._limit and bool(self._more)

    def loudest(self, most: int) -> list[bytes]:
        """Return the lanes with the most waiting."""
        return sorted(self._more, key=lambda lane: -len(self._more[lane]))[:most]

    def filled(self) -> dict[bytes, list[int]]:
        """Return the chosen ids by lane, filled up with what waits longest."""
        rest = sorted((id_, lane) for lane, ids in self._more.items() for id_ in ids)
        for id_, lane in rest[: self._limit - self.count]:
            self._chosen[lane].append(id_)
        return self._chosen


class SqlInbox(Repository):
    """What puller and worker need; `list` and `retry` fulfil `bot.storage.ports.DeadLetters`."""

    __slots__ = ()

    async def store(self, arrived: Sequence[Arrived]) -> None:
        """Store updates; those already seen are left as they are."""
        now = to_micros(self._clock.now())
        await self._session.many(
            _STORE,
            [
                {
                    "update_id": each.update_id,
                    "lane": self._cipher.hash("inbox.lane", each.lane),
                    "state": tables.INBOX_PENDING,
                    "attempts": 0,
                    "received_at": now,
                    "due_at": now,
                    "data": self._cipher.seal(_DATA, each.update),
                }
                for each in arrived
            ],
        )
        self._session.changes.inbox = True

    async def seen(self, update_ids: Sequence[int]) -> set[int]:
        """Return those of `update_ids` that are stored already."""
        return {row[0] for row in await self._session.rows(_SEEN, ids=list(update_ids))}

    async def take(self, limit: int, but: Set[bytes] = frozenset()) -> tuple[list[Pending], datetime | None]:
        """Return up to `limit` updates that may be processed now, and when to look again.

        Updates of one lane come in their order and without a gap, those of different lanes in turn: first the first of
        each, so that nobody waits behind somebody who wrote a lot. A lane that waits for another try, or is in `but`,
        is left out. Where several processes share the database, the lanes are locked until the end of the transaction.
        The moment is None where nothing waits.
        """
        choice = _Choice(limit, but, to_micros(self._clock.now()))
        after, window = -1, 4 * limit
        while True:
            rows = await self._session.rows(_WINDOW, after=after, limit_=window)
            choice.look(rows)
            if choice.count or len(rows) < window:
                break
            after, window = rows[-1][0], _WIDE  # a long line of one chat must not hide the others
        if choice.wants_others and len(rows) == window:
            after = rows[-1][0]
            loud = dict(zip(_LOUD, [*choice.loudest(len(_LOUD)), *[b""] * len(_LOUD)], strict=False))
            choice.look(await self._session.rows(_BEHIND, after=after, until=after + _WIDE, limit_=limit, **loud))
        chosen = choice.filled()
        if chosen and self._session.engine == POSTGRESQL:
            chosen = await self._locked(chosen)
        turns = {id_: (turn, id_) for lane_ids in chosen.values() for turn, id_ in enumerate(lane_ids)}
        taken = [Pending(*row) for row in await self._session.rows(_CONTENTS, ids=list(turns))] if turns else []
        return sorted(taken, key=lambda pending: turns[pending.id]), from_micros(choice.soonest)

    async def _locked(self, chosen: Mapping[bytes, list[int]]) -> dict[bytes, list[int]]:
        """Keep the lanes whose first update nobody else works on; it locks those behind it too."""
        heads = [ids[0] for ids in chosen.values()]
        locked = {row[0] for row in await self._session.rows(_LOCK, ids=heads)}
        return {lane: ids for lane, ids in chosen.items() if ids[0] in locked}

    async def take_one(self, row_id: int) -> bool:
        """Lock one pending update; False where it is gone or somebody else works on it."""
        return bool(await self._session.rows(_LOCK, ids=[row_id]))

    def content(self, pending: Pending) -> Mapping[str, Any]:
        """Decrypt an update; raise `WrongKey`."""
        update: Mapping[str, Any] = self._cipher.open(_DATA, pending.sealed)
        return update

    async def done(self, row_id: int) -> bool:
        """Mark an update processed and wipe its content; False where somebody else did."""
        return await self._session.run(_DONE, b_id=row_id) == 1

    async def later(self, row_id: int, due_at: datetime, error: str) -> None:
        """Note a failed try; the lane waits until `due_at`."""
        await self._session.run(_LATER, b_id=row_id, b_due_at=to_micros(due_at), b_error=error)

    async def bury(self, row_id: int, error: str) -> None:
        """Put an update aside as a dead letter; the lane goes on."""
        await self._session.run(_BURY, b_id=row_id, b_error=error)

    async def counts(self) -> tuple[int, int]:
        """Return how many updates wait and how many are dead letters."""
        found = {row[0]: row[1] for row in await self._session.rows(_COUNT)}
        return found.get(tables.INBOX_PENDING, 0), found.get(tables.INBOX_DEAD, 0)

    async def list(self, limit: int = 100) -> Sequence[DeadLetter]:
        """Return dead letters, newest first; `lane` is its keyed hash."""
        return [
            DeadLetter(update_id, bytes(lane or b"").hex(), from_micros(received_at), attempts, error or "")
            for update_id, lane, received_at, attempts, error in await self._session.rows(_LETTERS, limit_=limit)
        ]

    async def retry(self, update_id: int) -> None:
        """Put a dead letter back into the inbox; raise `StorageError` where there is none."""
        if not await self._session.run(_RETRY, b_update_id=update_id, b_due_at=to_micros(self._clock.now())):
            raise StorageError(f"There is no dead letter {update_id}. List them: hotline db dead-letters.")
        self._session.changes.inbox = True

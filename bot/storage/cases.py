"""Cases: what counts and sorts is plain, what tells about a person is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam as value

from bot.cases.model import Case, CaseAlreadyTaken, CaseIsClosed, CaseNotFound, CaseStatus, NewCase, Severity
from bot.languages.locales import Locale
from bot.storage import tables
from bot.storage.moments import from_micros, to_micros
from bot.storage.repository import Repository
from bot.storage.session import Row
from bot.storage.statements import Statement, one_of, upsert

_T: Final = tables.cases
_R: Final = tables.relays
_P: Final = tables.people
_DATA: Final = b"cases.data"
_COLUMNS: Final = (
    _T.c.id,
    _T.c.number,
    _T.c.person_id,
    _T.c.desk,
    _T.c.locale,
    _T.c.status,
    _T.c.topic,
    _T.c.severity,
    _T.c.opened_at,
    _T.c.taken_at,
    _T.c.closed_at,
    _T.c.operator_id,
    _T.c.rating,
    _T.c.data,
    _T.c.thread_hash,
)
_SELECT: Final = sa.select(*_COLUMNS)

_NEXT_NUMBER: Final = Statement(
    sa.update(tables.counters)
    .where(tables.counters.c.name == "cases")
    .values(value=tables.counters.c.value + 1)
    .returning(tables.counters.c.value)
)
_FIRST_NUMBER: Final = upsert(tables.counters, ("name", "value"), ("name",))
_ADD_COLUMNS: Final = (
    "number", "person_id", "desk", "locale", "status", "topic", "severity", "rank", "opened_at", "data",
)  # fmt: skip
_ADD: Final = Statement(sa.insert(_T).values({name: value(name) for name in _ADD_COLUMNS}).returning(_T.c.id))
_IS_ID: Final = _T.c.id == value("id")
_IS_NUMBER: Final = _T.c.number == value("number")
_IS_THREAD: Final = _T.c.thread_hash == value("thread_hash")
_GET: Final = Statement(_SELECT.where(_IS_ID))
_BY_NUMBER: Final = Statement(_SELECT.where(_IS_NUMBER))
_BY_THREAD: Final = Statement(_SELECT.where(_IS_THREAD).order_by(_T.c.id.desc()).limit(sa.literal_column("1")))


def lock_persons(of: sa.ColumnElement[bool]) -> Statement:
    """Make the statement that locks the persons whose cases these are."""
    persons = sa.select(_T.c.person_id).where(of)
    return Statement(sa.select(_P.c.id).where(_P.c.id.in_(persons)).order_by(_P.c.id).with_for_update())


# A case is read to be changed, and `save` writes all of it: on PostgreSQL its person is locked first, as every turn of
# the person itself does. So nobody overwrites what somebody else just stored, and all lock in the same order.
_LOCK_ID: Final = lock_persons(_IS_ID)
_LOCK_NUMBER: Final = lock_persons(_IS_NUMBER)
_LOCK_THREAD: Final = lock_persons(_IS_THREAD)
_OF_PERSON: Final = Statement(_SELECT.where(_T.c.person_id == value("person_id")).order_by(_T.c.id.desc()))
_ACTIVE: Final = Statement(
    _SELECT.where(_T.c.person_id == value("person_id"), _T.c.status != CaseStatus.CLOSED).order_by(_T.c.id.desc())
)
_QUEUE_ORDER: Final = (_T.c.rank, _T.c.opened_at, _T.c.id)
_QUEUE: Final = Statement(_SELECT.where(_T.c.status == CaseStatus.WAITING).order_by(*_QUEUE_ORDER))
_QUEUE_OF_DESK: Final = Statement(
    _SELECT.where(_T.c.status == CaseStatus.WAITING, _T.c.desk == value("desk")).order_by(*_QUEUE_ORDER)
)
_TAKE: Final = Statement(
    sa.update(_T)
    .where(_T.c.id == value("b_id"), _T.c.status == CaseStatus.WAITING)
    .values(status=CaseStatus.TAKEN, operator_id=value("b_operator_id"), taken_at=value("b_taken_at"))
)
_CHANGING: Final = (
    "desk", "locale", "status", "topic", "severity", "rank", "operator_id", "taken_at", "closed_at", "rating",
    "thread_hash", "data",
)  # fmt: skip
_SAVE: Final = Statement(
    sa.update(_T).where(_T.c.id == value("b_id")).values({name: value(f"b_{name}") for name in _CHANGING})
)
_OVER: Final = Statement(
    _SELECT.where(_T.c.status == CaseStatus.CLOSED, _T.c.closed_at < value("before"))
    .order_by(_T.c.closed_at)
    .limit(value("limit_", type_=sa.Integer))
)
_DELETE_OUTBOX: Final = Statement(
    sa.delete(tables.outbox)
    .where(tables.outbox.c.id.in_(sa.select(_R.c.outbox_id).where(one_of(_R.c.case_id, "ids"))))
    .returning(tables.outbox.c.id)
)
_DELETE: Final = Statement(sa.delete(_T).where(one_of(_T.c.id, "ids")))


class SqlCases(Repository):
    """Fulfils `bot.cases.ports.Cases`."""

    __slots__ = ()

    async def open(self, new: NewCase) -> Case:
        """Store a new case with the next number."""
        number = await self._next_number()
        row = await self._one(
            _ADD,
            number=number,
            person_id=new.person_id,
            desk=new.desk,
            locale=new.locale,
            status=CaseStatus.WAITING,
            topic=new.topic,
            severity=new.severity,
            rank=new.severity.rank,
            opened_at=to_micros(new.opened_at),
            data=self._cipher.seal(_DATA, {"reason": new.reason, "summary": new.summary}),
        )
        assert row is not None
        return Case(
            id=row[0],
            number=number,
            person_id=new.person_id,
            desk=new.desk,
            locale=new.locale,
            opened_at=new.opened_at,
            topic=new.topic,
            severity=new.severity,
            reason=new.reason,
            summary=new.summary,
        )

    async def _next_number(self) -> int:
        row = await self._one(_NEXT_NUMBER)
        if row is None:
            await self._session.run(_FIRST_NUMBER, name="cases", value=0)
            row = await self._one(_NEXT_NUMBER)
            assert row is not None
        return int(row[0])

    async def get(self, case_id: int) -> Case:
        """Return a case, to be changed; raise `CaseNotFound`."""
        return self._found(await self._locked(_LOCK_ID, _GET, id=case_id))

    async def look(self, case_id: int) -> Case:
        """Return a case as it is now, locking nothing: not to be changed. Raise `CaseNotFound`."""
        return self._found(await self._one(_GET, id=case_id))

    async def by_number(self, number: int) -> Case:
        """Return a case by the number people see; raise `CaseNotFound`."""
        return self._found(await self._locked(_LOCK_NUMBER, _BY_NUMBER, number=number))

    async def by_thread(self, desk: str, thread_id: int) -> Case | None:
        """Return the newest case whose forum topic this is, or None."""
        row = await self._locked(_LOCK_THREAD, _BY_THREAD, thread_hash=self._thread(desk, thread_id))
        return self._case(row) if row else None

    async def of_person(self, person_id: int) -> Sequence[Case]:
        """Return the cases of a person, newest first."""
        return [self._case(row) for row in await self._session.rows(_OF_PERSON, person_id=person_id)]

    async def active_of_person(self, person_id: int) -> Sequence[Case]:
        """Return the cases of a person that are not closed, newest first."""
        return [self._case(row) for row in await self._session.rows(_ACTIVE, person_id=person_id)]

    async def queue(self, desk: str | None = None) -> Sequence[Case]:
        """Return waiting cases: urgent first, then by time of opening."""
        if desk is None:
            rows = await self._session.rows(_QUEUE)
        else:
            rows = await self._session.rows(_QUEUE_OF_DESK, desk=desk)
        return [self._case(row) for row in rows]

    async def take(self, case_id: int, operator_id: int, at: datetime) -> Case:
        """Give a waiting case to one operator in one statement.

        Raise `CaseAlreadyTaken` for everybody but the first, `CaseIsClosed`, `CaseNotFound`.
        """
        await self._lock(_LOCK_ID, id=case_id)
        taken = await self._session.run(_TAKE, b_id=case_id, b_operator_id=operator_id, b_taken_at=to_micros(at))
        case = await self.get(case_id)
        if taken == 1:
            return case
        if case.status is CaseStatus.CLOSED:
            raise CaseIsClosed(f"Case {case.number} is closed already.")
        raise CaseAlreadyTaken(f"Case {case.number} was taken a moment ago.")

    async def save(self, case: Case) -> None:
        """Store the fields of a case that may change (not the number, person, time of opening)."""
        data = {"reason": case.reason, "summary": case.summary, "thread": case.thread_id, "card": case.card_id}
        await self._session.run(
            _SAVE,
            b_id=case.id,
            b_desk=case.desk,
            b_locale=case.locale,
            b_status=case.status,
            b_topic=case.topic,
            b_severity=case.severity,
            b_rank=case.severity.rank,
            b_operator_id=case.operator_id,
            b_taken_at=to_micros(case.taken_at),
            b_closed_at=to_micros(case.closed_at),
            b_rating=case.rating,
            b_thread_hash=None if case.thread_id is None else self._thread(case.desk, case.thread_id),
            b_data=self._cipher.seal(_DATA, data),
        )

    async def purge_closed(self, before: datetime, limit: int = 100) -> Sequence[Case]:
        """Delete up to `limit` cases closed before `before`, with their relays; return what they were."""
        rows = await self._session.rows(_OVER, before=to_micros(before), limit_=limit)
        cases = [self._case(row) for row in rows]
        if cases:
            ids = [case.id for case in cases]
            removed = await self._session.rows(_DELETE_OUTBOX, ids=ids)
            self._session.changes.outbox.update(row[0] for row in removed)
            await self._session.run(_DELETE, ids=ids)  # relays go with them
        return cases

    async def _lock(self, lock: Statement, **values: Any) -> None:
        if self._session.locks:
            await self._session.rows(lock, **values)

    async def _locked(self, lock: Statement, statement: Statement, **values: Any) -> Row | None:
        """Return a case as it is once nobody else changes it."""
        await self._lock(lock, **values)
        return await self._one(statement, **values)

    def _thread(self, desk: str, thread_id: int) -> bytes:
        return self._cipher.hash("cases.thread", desk, thread_id)

    def _found(self, row: Row | None) -> Case:
        if row is None:
            raise CaseNotFound("There is no such case here, or it was purged when its time was over.")
        return self._case(row)

    def _case(self, row: Row) -> Case:
        (id_, number, person_id, desk, locale, status, topic, severity) = row[:8]
        (opened_at, taken_at, closed_at, operator_id, rating, sealed, thread_hash) = row[8:]
        data = self._cipher.open(_DATA, sealed)
        is_left = data.get("thread") is not None and thread_hash is None  # the topic stayed behind in another group
        return Case(
            id=id_,
            number=number,
            person_id=person_id,
            desk=desk,
            locale=Locale(locale),
            opened_at=from_micros(opened_at),
            status=CaseStatus(status),
            topic=topic,
            severity=Severity(severity),
            reason=data["reason"],
            summary=data["summary"],
            operator_id=operator_id,
            taken_at=from_micros(taken_at),
            closed_at=from_micros(closed_at),
            rating=rating,
            thread_id=None if is_left else data.get("thread"),
            card_id=None if is_left else data.get("card"),
        )

"""Due rows: they survive restarts and fire once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam as value

from bot.storage import tables
from bot.storage.moments import from_micros, to_micros
from bot.storage.ports import Job
from bot.storage.repository import Repository
from bot.storage.statements import Statement, upsert

_T: Final = tables.jobs
_DATA: Final = b"jobs.data"
_SCHEDULE: Final = upsert(
    _T,
    ("kind", "key_hash", "due_at", "attempts", "person_id", "data"),
    ("key_hash",),
    ("due_at", "attempts", "person_id", "data"),
)
_CANCEL: Final = Statement(sa.delete(_T).where(_T.c.key_hash == value("key_hash")))
_DUE: Final = Statement(
    sa.select(_T.c.id, _T.c.kind, _T.c.due_at, _T.c.attempts, _T.c.data)
    .where(_T.c.due_at <= value("now"))
    .order_by(_T.c.due_at, _T.c.id)
    .limit(value("limit_", type_=sa.Integer))
    .with_for_update(skip_locked=True)
)
_TAKE: Final = Statement(sa.delete(_T).where(_T.c.id == value("id"), _T.c.due_at == value("due_at")))
_LATER: Final = Statement(
    sa.update(_T).where(_T.c.id == value("b_id")).values(attempts=_T.c.attempts + 1, due_at=value("b_due_at"))
)
_PLANNED: Final = Statement(sa.select(_T.c.id).where(_T.c.key_hash == value("key_hash")))
_NEXT: Final = Statement(sa.select(sa.func.min(_T.c.due_at)))
_COUNT: Final = Statement(sa.select(sa.func.count()).select_from(_T))


class SqlJobs(Repository):
    """Fulfils `bot.storage.ports.Jobs`; `due`, `take`, `later` and `next_due` are the scheduler's."""

    __slots__ = ()

    async def schedule(
        self,
        kind: str,
        key: str,
        due_at: datetime,
        payload: Mapping[str, Any] | None = None,
        *,
        person_id: int | None = None,
    ) -> None:
        """Plan a job; one with the same kind and key that has not fired yet is moved and replaced."""
        await self._session.run(
            _SCHEDULE,
            kind=kind,
            key_hash=self._cipher.hash("jobs.key", kind, key),
            due_at=to_micros(due_at),
            attempts=0,
            person_id=person_id,
            data=self._cipher.seal(_DATA, {"key": key, "payload": dict(payload or {})}),
        )
        self._session.changes.jobs = True

    async def cancel(self, kind: str, key: str) -> None:
        """Take a planned job out, if it is there."""
        await self._session.run(_CANCEL, key_hash=self._cipher.hash("jobs.key", kind, key))

    async def planned(self, kind: str, key: str) -> bool:
        """Whether a job is planned that has not fired yet."""
        return await self._one(_PLANNED, key_hash=self._cipher.hash("jobs.key", kind, key)) is not None

    async def due(self, limit: int) -> list[Job]:
        """Return jobs whose time has come, the longest due first."""
        found = []
        rows = await self._session.rows(_DUE, now=to_micros(self._clock.now()), limit_=limit)
        for id_, kind, due_at, attempts, sealed in rows:
            data = self._cipher.open(_DATA, sealed)
            found.append(Job(id_, kind, data["key"], from_micros(due_at), data["payload"], attempts))
        return found

    async def take(self, job: Job) -> bool:
        """Remove a job in order to do it; False where it was cancelled or moved meanwhile."""
        return await self._session.run(_TAKE, id=job.id, due_at=to_micros(job.due_at)) == 1

    async def later(self, job_id: int, due_at: datetime) -> None:
        """Note a failed try."""
        await self._session.run(_LATER, b_id=job_id, b_due_at=to_micros(due_at))

    async def next_due(self) -> datetime | None:
        """Return when the next job is due, or None where there is none."""
        row = await self._one(_NEXT)
        return from_micros(row[0]) if row else None

    async def waiting(self) -> int:
        """Return how many jobs are planned."""
        rows = await self._session.rows(_COUNT)
        return int(rows[0][0])

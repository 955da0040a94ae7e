"""Doing what is due: each job once, in a transaction with everything it decides."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from bot.clock import Chance, Clock
from bot.delivery.meters import Meter, NoMeter
from bot.delivery.pauses import Growth, wait_for, wait_for_any
from bot.delivery.ports import JobHandler
from bot.storage.errors import DatabaseUnavailable
from bot.storage.ports import Job
from bot.storage.session import Changes, Leadership
from bot.storage.store import SqlStore
from bot.storage.transaction import SqlTransaction

_LOG: Final = structlog.get_logger(__name__)
_BATCH: Final = 32
_JOB_PAUSES: Final = Growth(first=5.0, factor=3.0, longest=3600.0)
_STORE_PAUSES: Final = Growth(first=0.2, longest=10.0)


class Scheduler:
    """Runs due jobs. Only one works on a database at a time. A job may take at most `patience` seconds."""

    def __init__(
        self,
        store: SqlStore,
        handler: JobHandler,
        clock: Clock,
        chance: Chance,
        meter: Meter | None = None,
        *,
        patience: float = 1.0,
        look_again: float = 30.0,
    ) -> None:
        self._store = store
        self._handler = handler
        self._clock = clock
        self._chance = chance
        self._meter = meter or NoMeter()
        self._patience = patience
        self._look_again = look_again
        self._wake = asyncio.Event()
        store.listen(self._heard)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set."""
        while not stop.is_set():
            try:
                leadership = await self._store.lead("scheduler")
                if leadership is not None:
                    try:
                        await self._lead(leadership, stop)
                    finally:
                        await leadership.release()
            except DatabaseUnavailable as error:
                _LOG.warning("jobs_wait", error=type(error).__name__, advice=str(error))
            await wait_for(stop, 1.0)

    async def _lead(self, leadership: Leadership, stop: asyncio.Event) -> None:
        failures = 0
        while not stop.is_set() and not leadership.lost():
            self._wake.clear()
            try:
                done = await self.run_due()
                wait = 0.0 if done else await self._until_due()
                failures = 0
            except DatabaseUnavailable as error:
                failures += 1
                wait = _STORE_PAUSES.after(failures, self._chance)
                if failures in (1, 10) or failures % 100 == 0:
                    _LOG.warning("jobs_wait", error=type(error).__name__, failures=failures, advice=str(error))
            await wait_for_any((self._wake, stop), wait)

    def _heard(self, changes: Changes) -> None:
        if changes.jobs:
            self._wake.set()

    async def _until_due(self) -> float:
        async with self._store.reading() as tx:
            due = await tx.jobs.next_due()
        if due is None:
            return self._look_again
        return min(max((due - self._clock.now()).total_seconds(), 0.01), self._look_again)

    async def run_due(self) -> int:
        """Run jobs whose time has come, at most a batch; return how many."""
        async with self._store.transaction() as tx:
            jobs = await tx.jobs.due(_BATCH)
            for job in jobs:
                await self._run(tx, job)
        return len(jobs)

    async def _run(self, tx: SqlTransaction, job: Job) -> None:
        try:
            async with tx.savepoint():
                if not await tx.jobs.take(job):
                    return  # cancelled or moved by a job before it
                async with asyncio.timeout(self._patience):
                    await self._handler.run(tx, job)
        except DatabaseUnavailable:
            raise
        except Exception as error:
            _LOG.error("job_failed", job=job.id, kind=job.kind, error=type(error).__name__, tries=job.attempts + 1)
            self._meter.count("jobs_failed", kind=job.kind)
            pause = timedelta(seconds=_JOB_PAUSES.after(job.attempts + 1, self._chance))
            await tx.jobs.later(job.id, self._clock.now() + pause)
        else:
            self._meter.count("jobs_done", kind=job.kind)

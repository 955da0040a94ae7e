"""Processing stored updates: in order per lane, lanes side by side, each update in a transaction of its own.

Handlers only use the database, so many updates share one COMMIT: each runs between savepoints, as if it were alone.
A handler that waits for something else is taken out of the shared transaction and runs alone, where it delays only its
own lane.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog

from bot.clock import Chance, Clock
from bot.delivery.meters import Meter, NoMeter
from bot.delivery.pauses import Growth, wait_for, wait_for_any
from bot.delivery.ports import UpdateHandler
from bot.errors import HotlineError
from bot.storage.errors import DatabaseUnavailable
from bot.storage.inbox import Pending
from bot.storage.session import Changes
from bot.storage.store import SqlStore
from bot.storage.transaction import SqlTransaction

_LOG: Final = structlog.get_logger(__name__)
_STORE_PAUSES: Final = Growth(first=0.2, longest=10.0)


class UpdateIsDoneAlready(HotlineError):
    """Another process did the same update; this one undoes what it did."""


class UpdateTookTooLong(HotlineError):
    """An update was given up because it took too long to process."""


@dataclass(frozen=True)
class WorkerSettings:
    """How updates are processed. Times are in seconds.

    `tries` before an update becomes a dead letter, with `pauses` between them. `timeout` for one update. At most
    `batch` updates share a commit, begun within `batch_time`; one that waits longer than `patience` for anything is
    run alone, and may then keep other writers waiting for `hold`. `parallel` batches of `parallel_batch` run side by
    side where the database allows. `look_again` is how often the inbox is looked at without being told to.
    """

    tries: int = 5
    pauses: Growth = field(default_factory=lambda: Growth(first=0.5, factor=4.0, longest=60.0))
    timeout: float = 30.0
    batch: int = 64
    batch_time: float = 0.02
    patience: float = 0.1
    hold: float = 1.0
    parallel: int = 4
    parallel_batch: int = 4
    look_again: float = 2.0


class Worker:
    """Works through the inbox."""

    def __init__(
        self,
        store: SqlStore,
        handler: UpdateHandler,
        clock: Clock,
        chance: Chance,
        meter: Meter | None = None,
        settings: WorkerSettings | None = None,
    ) -> None:
        self._store = store
        self._handler = handler
        self._clock = clock
        self._chance = chance
        self._meter = meter or NoMeter()
        self._settings = settings or WorkerSettings()
        self._busy: set[bytes] = set()
        self._alone: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        store.listen(self._heard)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish what is under way."""
        try:
            if self._store.shared:
                await self._run_side_by_side(stop)
            else:
                await self._run_as_the_only_one(stop)
        finally:
            if self._alone:
                await asyncio.wait(self._alone, timeout=self._settings.timeout)
            for task in self._alone:
                task.cancel()

    async def _run_side_by_side(self, stop: asyncio.Event) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._settings.parallel):
                    group.create_task(self._run(stop))
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None

    async def _run_as_the_only_one(self, stop: asyncio.Event) -> None:
        """A file belongs to one hotline; a second one that was started on it waits."""
        while not stop.is_set():
            try:
                leadership = await self._store.lead("worker")
            except DatabaseUnavailable as error:
                _LOG.warning("inbox_waits", error=type(error).__name__, advice=str(error))
                leadership = None
            if leadership is not None:
                try:
                    await self._run(stop)
                finally:
                    await leadership.release()
            elif not await wait_for(stop, 1.0):
                _LOG.warning("inbox_waits", advice="Another hotline works on this database.")

    async def _run(self, stop: asyncio.Event) -> None:
        failures = 0
        while not stop.is_set():
            self._wake.clear()
            try:
                wait = await self._batch()
                failures = 0
            except DatabaseUnavailable as error:
                failures += 1
                wait = _STORE_PAUSES.after(failures, self._chance)
                if failures in (1, 10) or failures % 100 == 0:
                    _LOG.warning("inbox_waits", error=type(error).__name__, failures=failures, advice=str(error))
            await wait_for_any((self._wake, stop), wait)

    def _heard(self, changes: Changes) -> None:
        if changes.inbox:
            self._wake.set()

    async def _batch(self) -> float:
        """Process what is due, at most a batch; return how many seconds to wait for more."""
        limit = self._settings.parallel_batch if self._store.shared else self._settings.batch
        loop = asyncio.get_running_loop()
        slow: list[Pending] = []
        try:
            async with self._store.transaction() as tx:
                taken, due = await tx.inbox.take(limit, self._busy)
                end = loop.time() + self._settings.batch_time
                stuck: set[bytes] = set()
                for pending in taken:
                    if pending.lane in stuck:
                        continue
                    done = await self._in_batch(tx, pending)
                    if not done:
                        stuck.add(pending.lane)
                        if done is None:
                            self._busy.add(pending.lane)
                            slow.append(pending)
                    if loop.time() >= end:
                        break
        except BaseException:
            self._busy.difference_update(pending.lane for pending in slow)
            raise
        for pending in slow:  # only now its row is not locked any more
            task = loop.create_task(self._by_itself(pending))
            self._alone.add(task)
            task.add_done_callback(self._alone.discard)
        if taken:
            return 0.0
        if due is None:
            return self._settings.look_again
        return min(max((due - self._clock.now()).total_seconds(), 0.01), self._settings.look_again)

    async def _in_batch(self, tx: SqlTransaction, pending: Pending) -> bool | None:
        """Process one update between savepoints; False where it failed, None where it needs more time."""
        began = asyncio.get_running_loop().time()
        scope = asyncio.timeout(self._settings.patience)
        try:
            async with tx.savepoint():
                async with scope:
                    await self._handler.handle(tx, tx.inbox.content(pending))
                await tx.inbox.done(pending.id)
        except DatabaseUnavailable:
            raise
        except Exception as error:
            if scope.expired():
                return None
            await self._failed(tx, pending, error)
            return False
        self._meter.observe("update_handled", asyncio.get_running_loop().time() - began)
        return True

    async def _by_itself(self, pending: Pending) -> None:
        """Process one slow update; its lane waits, no other does."""
        began = asyncio.get_running_loop().time()
        failure: Exception | None = None
        try:
            try:
                await self._in_own_transaction(pending)
            except UpdateIsDoneAlready:
                pass
            except TimeoutError:
                failure = UpdateTookTooLong("The update took too long.")
            except Exception as error:
                failure = error
            while failure:
                try:
                    async with self._store.transaction() as tx:
                        await self._failed(tx, pending, failure)
                    break
                except DatabaseUnavailable:
                    await asyncio.sleep(_STORE_PAUSES.after(1, self._chance))
            self._meter.observe("slow_update_handled", asyncio.get_running_loop().time() - began)
        finally:
            self._busy.discard(pending.lane)
            self._wake.set()

    async def _in_own_transaction(self, pending: Pending) -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(self._settings.timeout) as scope:

            def hurry() -> None:
                scope.reschedule(min(scope.when() or loop.time(), loop.time() + self._settings.hold))

            async with self._store.transaction(None if self._store.shared else hurry) as tx:
                if self._store.shared and not await tx.inbox.take_one(pending.id):
                    return  # another process was faster
                await self._handler.handle(tx, tx.inbox.content(pending))
                if not await tx.inbox.done(pending.id):
                    raise UpdateIsDoneAlready("Somebody else processed the update.")

    async def _failed(self, tx: SqlTransaction, pending: Pending, error: Exception) -> None:
        """Note a failed try, or put the update aside after the last one."""
        name = type(error).__name__
        tries = pending.attempts + 1
        _LOG.warning("update_failed", row=pending.id, error=name, tries=tries)
        self._meter.count("updates_failed", error=name)
        if tries < self._settings.tries:
            pause = timedelta(seconds=self._settings.pauses.after(tries, self._chance))
            await tx.inbox.later(pending.id, self._clock.now() + pause, name)
            return
        try:
            async with tx.savepoint():
                async with asyncio.timeout(self._settings.patience):
                    await self._handler.bury(tx, tx.inbox.content(pending), name)
        except DatabaseUnavailable:
            raise
        except Exception as second:
            _LOG.error("burial_failed", row=pending.id, error=type(second).__name__)
        await tx.inbox.bury(pending.id, name)
        _LOG.error("dead_letter", row=pending.id, error=name)
        self._meter.count("dead_letters", error=name)

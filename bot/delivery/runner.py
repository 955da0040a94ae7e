"""Everything that delivers, started together and stopped together."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from bot.clock import Chance, Clock
from bot.delivery.inbox import Puller
from bot.delivery.intake import Intake
from bot.delivery.janitor import Janitor, Retention
from bot.delivery.meters import Meter, NoMeter
from bot.delivery.ports import JobHandler, Outcomes, Transport, UpdateFeed, UpdateHandler
from bot.delivery.scheduler import Scheduler
from bot.delivery.sender import Sender, SenderSettings
from bot.delivery.worker import Worker, WorkerSettings
from bot.storage.store import SqlStore

_LOG: Final = structlog.get_logger(__name__)


@dataclass(frozen=True)
class DeliverySettings:
    """How updates come in and calls go out. `stop_within` seconds are left for what is under way."""

    worker: WorkerSettings = field(default_factory=WorkerSettings)
    sender: SenderSettings = field(default_factory=SenderSettings)
    retention: Retention = field(default_factory=Retention)
    stop_within: float = 9.0


class Delivery:
    """Inbox, worker, outbox, scheduler and janitor of one process.

    Without a `feed` updates come by webhook: give them to `intake.store_updates`.
    """

    def __init__(
        self,
        store: SqlStore,
        *,
        handler: UpdateHandler,
        transport: Transport,
        outcomes: Outcomes,
        jobs: JobHandler,
        clock: Clock,
        chance: Chance,
        feed: UpdateFeed | None = None,
        meter: Meter | None = None,
        settings: DeliverySettings | None = None,
    ) -> None:
        settings = settings or DeliverySettings()
        meter = meter or NoMeter()
        self._store = store
        self._within = settings.stop_within
        self.intake = Intake(store, handler, meter)
        self._puller = Puller(feed, self.intake, clock, chance, meter) if feed else None
        self._worker = Worker(store, handler, clock, chance, meter, settings.worker)
        self._sender = Sender(store, transport, outcomes, clock, chance, meter, settings.sender)
        self._scheduler = Scheduler(store, jobs, clock, chance, meter)
        self._janitor = Janitor(store, clock, meter, settings.retention)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set or a part fails for good; then finish what is under way, at most `stop_within`.

        Raise what made a part fail, such as `FeedUnavailable` for an invalid token.
        """
        parts: list[Coroutine[Any, Any, None]] = [
            self._worker.run(stop),
            self._sender.run(stop, self._within * 0.9),
            self._scheduler.run(stop),
            self._janitor.run(stop),
        ]
        if self._puller:
            parts.append(self._puller.run(stop))
        tasks = [asyncio.ensure_future(part) for part in parts]
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait((*tasks, stopping), return_when=asyncio.FIRST_COMPLETED)
            stop.set()
            _, late = await asyncio.wait(tasks, timeout=self._within)
            if late:
                _LOG.warning("stopped_late", parts=len(late))
        finally:
            stop.set()
            for task in (*tasks, stopping):
                task.cancel()
            await asyncio.gather(*tasks, stopping, return_exceptions=True)
        await self.intake.finish()
        await self._store.finish()
        for task in tasks:
            if not task.cancelled() and (error := task.exception()):
                raise error

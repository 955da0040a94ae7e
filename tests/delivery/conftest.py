"""A delivery that runs in real time on each engine, with everything around it faked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.clock import SystemChance, SystemClock
from bot.delivery.limiter import Limits
from bot.delivery.pauses import Growth
from bot.delivery.runner import Delivery, DeliverySettings
from bot.delivery.sender import SenderSettings
from bot.delivery.worker import WorkerSettings
from bot.storage.crypto import Keys
from bot.storage.store import SqlStore, open_store
from tests.delivery.fakes import FakeFeed, FakeJobs, FakeOutcomes, FakeTransport, RelayHandler

QUICK = Growth(first=0.02, longest=0.1)
SETTINGS = DeliverySettings(
    worker=WorkerSettings(pauses=QUICK, tries=3, timeout=0.6, patience=0.05, look_again=0.2),
    sender=SenderSettings(limits=Limits.none(), pauses=QUICK),
)


@dataclass
class House:
    """A store with a small Telegram around it."""

    store: SqlStore
    feed: FakeFeed = field(default_factory=FakeFeed)
    transport: FakeTransport = field(default_factory=FakeTransport)
    outcomes: FakeOutcomes = field(default_factory=FakeOutcomes)
    jobs: FakeJobs = field(default_factory=FakeJobs)
    handler: RelayHandler = field(default_factory=RelayHandler)

    def delivery(self, settings: DeliverySettings = SETTINGS) -> Delivery:
        """Return a delivery, not yet running."""
        return Delivery(
            self.store,
            handler=self.handler,
            transport=self.transport,
            outcomes=self.outcomes,
            jobs=self.jobs,
            clock=SystemClock(),
            chance=SystemChance(),
            feed=self.feed,
            settings=settings,
        )

    @asynccontextmanager
    async def running(self, settings: DeliverySettings = SETTINGS) -> AsyncIterator[Delivery]:
        """Run it, and stop it gracefully at the end."""
        stop = asyncio.Event()
        delivery = self.delivery(settings)
        task = asyncio.create_task(delivery.run(stop))
        try:
            yield delivery
        finally:
            stop.set()
            await task


@pytest.fixture
async def live_store(database_url: str, keys: Keys) -> AsyncIterator[SqlStore]:
    """A fresh database on each engine whose clock is the real one."""
    opened = await open_store(database_url, keys, SystemClock())
    yield opened
    await opened.close()


@pytest.fixture
def house(live_store: SqlStore) -> House:
    """A fresh house on each engine."""
    return House(live_store)

"""Taking away what delivery does not need any more."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.delivery.meters import Meter
from bot.delivery.pauses import wait_for
from bot.storage.errors import DatabaseUnavailable
from bot.storage.store import SqlStore

_LOG: Final = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Retention:
    """How long delivery keeps what.

    `seen`: ids of processed updates, by which repeats are dropped (Telegram repeats within 24 h). `dead`: dead letters.
    `unsent`: the content of calls that failed or are unknown, for another try. `settled`: the rows of settled calls.
    """

    seen: timedelta = timedelta(hours=72)
    dead: timedelta = timedelta(days=30)
    unsent: timedelta = timedelta(days=7)
    settled: timedelta = timedelta(days=14)
    every: timedelta = timedelta(minutes=10)


class Janitor:
    """Cleans up from time to time, in small steps that keep nobody waiting."""

    def __init__(self, store: SqlStore, clock: Clock, meter: Meter, retention: Retention) -> None:
        self._store = store
        self._clock = clock
        self._meter = meter
        self._retention = retention

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set."""
        while not await wait_for(stop, self._retention.every.total_seconds()):
            try:
                await self.clean()
            except DatabaseUnavailable as error:
                _LOG.warning("cleaning_waits", error=type(error).__name__, advice=str(error))

    async def clean(self) -> int:
        """Take away everything whose time is over; return how many rows were touched."""
        now = self._clock.now()
        keep = self._retention
        touched = 0
        async with self._store.reading() as tx:
            inbox, outbox = await tx.cleaning.span_of_inbox(), await tx.cleaning.span_of_outbox()
        for low in inbox:
            async with self._store.transaction() as tx:
                touched += await tx.cleaning.inbox(low, now - keep.seen, now - keep.dead)
            await asyncio.sleep(0)
        for low in outbox:
            async with self._store.transaction() as tx:
                touched += await tx.cleaning.outbox(low, now - keep.unsent, now - keep.settled)
            await asyncio.sleep(0)
        await self._store.fold()
        async with self._store.reading() as tx:
            waiting, dead = await tx.inbox.counts()
            self._meter.gauge("inbox_waiting", waiting)
            self._meter.gauge("dead_letters_kept", dead)
        return touched

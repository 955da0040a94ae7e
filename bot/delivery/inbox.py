"""Long polling: fetch, store, and only then confirm."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog

from bot.clock import Chance, Clock
from bot.delivery.intake import Intake, id_of
from bot.delivery.meters import Meter, NoMeter
from bot.delivery.pauses import Growth, wait_for
from bot.delivery.ports import FeedUnavailable, RawUpdate, UpdateFeed
from bot.errors import HotlineError
from bot.storage.errors import DatabaseUnavailable

_LOG: Final = structlog.get_logger(__name__)
_SILENCE: Final = timedelta(hours=1)
_FEED_PAUSES: Final = Growth(first=0.5, longest=30.0)
_STORE_PAUSES: Final = Growth(first=0.2, longest=10.0)
_LOOK_PAUSE: Final = 0.05
"""Seconds between looks at what came while the database does not take the updates before."""


class Puller:
    """Brings updates by long polling, one batch after the other.

    An offset is the largest id of the last stored batch plus one. After an hour without news it is forgotten: Telegram
    may begin with any number after a week of silence, and a larger old offset would confirm messages nobody has seen.

    While the database takes nothing, nothing is confirmed, but Telegram is still asked: whoever is in danger gets first
    aid. Telegram shows the hundred oldest unconfirmed updates; those behind them are seen once the database is back.
    """

    def __init__(
        self, feed: UpdateFeed, intake: Intake, clock: Clock, chance: Chance, meter: Meter | None = None
    ) -> None:
        self._feed = feed
        self._intake = intake
        self._clock = clock
        self._chance = chance
        self._meter = meter or NoMeter()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; raise `FeedUnavailable` where Telegram refuses for good (an invalid token)."""
        offset: int | None = None
        failures = 0
        last_news = self._clock.now()
        while not stop.is_set():
            try:
                updates = await self._fetch(offset, stop)
                failures = 0
            except FeedUnavailable as error:
                if error.fatal:
                    raise
                failures += 1
                pause = error.retry_after or _FEED_PAUSES.after(failures, self._chance)
                self._complain("feed_unavailable", error, failures)
                await wait_for(stop, pause)
                continue
            if updates:
                last_news = self._clock.now()
                if not await self._keep(updates, offset, stop):
                    return
                offset = max(map(id_of, updates)) + 1
            elif self._clock.now() - last_news > _SILENCE:
                offset = None

    async def _fetch(self, offset: int | None, stop: asyncio.Event) -> Sequence[RawUpdate]:
        """Fetch; a stop ends it at once, which loses nothing, because nothing was confirmed."""
        fetching = asyncio.ensure_future(self._feed.fetch(offset))
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait((fetching, stopping), return_when=asyncio.FIRST_COMPLETED)
            return fetching.result() if fetching.done() else ()
        finally:
            stopping.cancel()
            if not fetching.done():
                fetching.cancel()
                await asyncio.wait((fetching,), timeout=1)

    async def _keep(self, updates: Sequence[RawUpdate], offset: int | None, stop: asyncio.Event) -> bool:
        """Store, looking meanwhile at what else comes; False where the stop came first: Telegram brings it again."""
        storing = asyncio.ensure_future(self._store(updates, stop))
        failures = 0
        try:
            await asyncio.wait((storing,), timeout=_LOOK_PAUSE)
            while not storing.done():
                began = asyncio.get_running_loop().time()
                try:
                    self._intake.aid(await self._fetch(offset, stop))
                    failures = 0
                    pause = max(_LOOK_PAUSE, 2 * (asyncio.get_running_loop().time() - began))
                except FeedUnavailable as error:  # one that is fatal is met again once the updates are stored
                    failures += 1
                    pause = error.retry_after or _FEED_PAUSES.after(failures, self._chance)
                await asyncio.wait((storing,), timeout=pause)
            return storing.result()
        finally:
            if not storing.done():
                storing.cancel()
                await asyncio.wait((storing,))

    async def _store(self, updates: Sequence[RawUpdate], stop: asyncio.Event) -> bool:
        failures = 0
        while True:
            try:
                await self._intake.store_updates(updates)
                return True
            except DatabaseUnavailable as error:
                failures += 1
                self._complain("updates_not_stored", error, failures)
                if await wait_for(stop, _STORE_PAUSES.after(failures, self._chance)):
                    return False

    def _complain(self, event: str, error: HotlineError, failures: int) -> None:
        self._meter.count(event)
        if failures in (1, 10) or failures % 100 == 0:
            _LOG.warning(event, error=type(error).__name__, failures=failures, advice=str(error))

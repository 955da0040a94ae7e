"""Waiting: growing pauses between tries, and sleeps that a stop ends early."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

from bot.clock import Chance


@dataclass(frozen=True)
class Growth:
    """Pauses in seconds that grow by `factor` from `first` to `longest`, each up to a quarter shorter by chance."""

    first: float = 1.0
    factor: float = 2.0
    longest: float = 60.0

    def after(self, tries: int, chance: Chance) -> float:
        """Return the pause after `tries` failed tries (from 1)."""
        whole = min(self.longest, self.first * self.factor ** min(max(tries, 1) - 1, 30))
        return whole * chance.uniform(0.75, 1.0)


async def wait_for(event: asyncio.Event, seconds: float) -> bool:
    """Wait until `event` is set, at most `seconds`; return whether it is."""
    if seconds > 0:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
    return event.is_set()


async def wait_for_any(events: tuple[asyncio.Event, asyncio.Event], seconds: float) -> None:
    """Wait until one of two events is set, at most `seconds`."""
    first, second = events
    if first.is_set() or second.is_set() or seconds <= 0:
        return
    waits = [asyncio.ensure_future(first.wait()), asyncio.ensure_future(second.wait())]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waits:
            each.cancel()

"""Time, ids and chance from replaceable sources.

The domain core takes moments and ids as parameters. Everything else asks the objects below, which a test replaces.
"""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")
"""Deadlines of Russian law and values of facts change at midnight in Moscow."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that moves only when told; for tests, previews and the demo."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment last set, aware, in UTC."""
        return self._moment

    def advance(self, by: timedelta) -> None:
        """Move the clock forward by `by`."""
        self._moment += by

    def set(self, moment: datetime) -> None:
        """Put the clock to `moment` (aware)."""
        self._moment = moment.astimezone(UTC)


def moscow_date(moment: datetime) -> date:
    """Return the calendar date in Moscow at `moment` (aware)."""
    return moment.astimezone(MOSCOW).date()


class Chance(Protocol):
    """A source of random ids and choices."""

    def token(self, length: int) -> str:
        """Return `length` random letters and digits, safe in a URL or a callback."""
        ...

    def uniform(self, low: float, high: float) -> float:
        """Return a number between `low` and `high`."""
        ...


_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # no l, o, 0, 1: people read these aloud


class SystemChance:
    """Chance from the operating system."""

    def token(self, length: int) -> str:
        """Return `length` random letters and digits, safe in a URL or a callback."""
        return "".join(secrets.choice(_ALPHABET) for _ in range(length))

    def uniform(self, low: float, high: float) -> float:
        """Return a number between `low` and `high`."""
        return low + (high - low) * secrets.randbelow(1_000_000) / 1_000_000

"""Where delivery reports numbers; a floor above exports them. Names and labels are fixed words."""

from __future__ import annotations

from typing import Protocol


class Meter(Protocol):
    """Takes numbers."""

    def count(self, name: str, amount: float = 1.0, **labels: str) -> None:
        """Something happened `amount` times."""
        ...

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Something took `seconds`."""
        ...

    def gauge(self, name: str, value: float, **labels: str) -> None:
        """Something stands at `value` now."""
        ...


class NoMeter:
    """Forgets everything."""

    def count(self, name: str, amount: float = 1.0, **labels: str) -> None:
        """Forget it."""

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Forget it."""

    def gauge(self, name: str, value: float, **labels: str) -> None:
        """Forget it."""

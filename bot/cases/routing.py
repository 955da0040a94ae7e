"""Which desk gets a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.errors import HotlineError
from bot.languages.locales import Locale


class NoDesk(HotlineError):
    """No desk is configured; name at least one under `desks` in the settings."""


@dataclass(frozen=True)
class Desk:
    """A team of operators: one forum group, with the languages, topics and regions that it takes.

    An empty tuple means "all". `locale` is the language of its cards and notes.
    """

    key: str
    name: str
    locale: Locale = Locale.RU
    languages: tuple[str, ...] = field(default=())
    topics: tuple[str, ...] = field(default=())
    regions: tuple[str, ...] = field(default=())


def choose_desk(
    desks: Sequence[Desk], *, language: str, topic: str | None, section: str | None, region: str | None
) -> Desk:
    """Return the desk that fits best: language counts most, then topic or its section, then region.

    A desk that excludes the language, topic or region is taken only when no other is left, so that a case is never
    without a desk. Between equals the first in the settings wins. Raise `NoDesk` where there is none.
    """
    if not desks:
        raise NoDesk("No desk is configured; name at least one under `desks` in the settings.")

    def fitness(desk: Desk) -> int:
        score = _fit(desk.languages, (language,), 100)
        score += _fit(desk.topics, (topic, section), 10)
        return score + _fit(desk.regions, (region,), 1)

    return max(desks, key=fitness)


def _fit(wanted: tuple[str, ...], found: tuple[str | None, ...], weight: int) -> int:
    """Two weights where a desk names it, one where it takes all, none where it names others only."""
    if not wanted:
        return weight
    return 2 * weight if any(item in wanted for item in found if item) else 0

"""How many days of a visa-free stay are left, 115-FZ article 5 as amended by 260-FZ of 08.08.2024.

No more than 90 days in a calendar year altogether, and no more than 90 days without a break, also across New Year.
The day of entry and the day of exit both count: so a person never stays too long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.knowledge.base import Knowledge
from bot.knowledge.facts import FactHasNoValue, value
from bot.knowledge.models import decimal_of
from bot.triage.calculators.result import NOT_ENOUGH, Count, Line, Result

_DAY = timedelta(days=1)
_LONGEST = 3660


@dataclass(frozen=True)
class Stay:
    """A stay in Russia. `left` is None while it lasts."""

    entered: date
    left: date | None = None


@dataclass(frozen=True)
class DaysLeft:
    """What the law leaves.

    used: days of this calendar year up to today; left: days still allowed after today, negative when over;
    last_day: the last allowed day of a stay that lasts, None for somebody outside; unbroken: days of that stay.
    """

    used: int
    left: int
    last_day: date | None
    unbroken: int


def days_left(stays: Sequence[Stay], today: date, limit: int = 90) -> DaysLeft:
    """Count from several entries and exits; overlapping stays are counted once, future days not at all.

    A stay that touches the next one (out and in again on the same or the next day) is one unbroken stay: that is the
    reading in which nobody stays too long.
    """
    inside = _days_inside(stays, today)
    used = sum(1 for day in inside if day.year == today.year)
    lasting = any(stay.left is None or stay.left > today for stay in stays if stay.entered <= today)
    if not lasting:
        return DaysLeft(used, limit - used, None, 0)
    unbroken, day = 0, today
    while day in inside:
        unbroken, day = unbroken + 1, day - _DAY
    if used > limit or unbroken > limit:
        over = max(used, unbroken) - limit
        return DaysLeft(used, -over, today - over * _DAY, unbroken)
    last, run, by_year = today, unbroken, used
    while True:
        following = last + _DAY
        by_year = by_year + 1 if following.year == last.year else 1
        run += 1
        if run > limit or by_year > limit:
            break
        last = following
    return DaysLeft(used, (last - today).days, last, unbroken)


def days_of_90(stays: Sequence[Stay], knowledge: Knowledge, today: date, citizenship: str | None = None) -> Result:
    """Return the days left with how they were counted; fact: stay_days_year."""
    fact = knowledge.facts.get("stay_days_year")
    if not stays or fact is None:
        return NOT_ENOUGH
    try:
        limit = int(decimal_of(value(fact, today, citizenship)))
    except FactHasNoValue:
        return NOT_ENOUGH
    found = days_left(stays, today, limit)
    if found.left < 0:
        lines = [Line("calc-days-over", {"days": Count(-found.left)}, strong=True), Line("calc-days-over-do")]
    else:
        lines = [Line("calc-days-left", {"days": Count(found.left)}, strong=True)]
        if found.last_day is not None:
            lines.append(Line("calc-days-last", {"date": found.last_day}, strong=True))
    lines += [
        Line("calc-days-used", {"year": str(today.year), "days": Count(found.used), "date": today}),
        Line("calc-days-rule", {"limit": Count(limit)}),
        Line("calc-days-ground"),
        Line("calc-source", {"source": fact.source.cite or fact.source.title, "date": fact.source.checked}),
    ]
    return Result(Decimal(found.left), tuple(lines))


def _days_inside(stays: Sequence[Stay], today: date) -> frozenset[date]:
    days: set[date] = set()
    for stay in stays:
        end = min(stay.left or today, today)
        for shift in range(min((end - stay.entered).days + 1, _LONGEST)):
            days.add(end - shift * _DAY)
    return frozenset(days)

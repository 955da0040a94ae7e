"""Terms of time by the calendar: so many days, working days, weeks, months or years from a day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from bot.errors import HotlineError
from bot.knowledge.base import Knowledge
from bot.knowledge.facts import FactHasNoValue, unit_for, value
from bot.knowledge.models import Unit, decimal_of


class NotATerm(HotlineError):
    """A fact that is not a number of days, weeks, months or years stands where a term is needed."""


def add_term(start: date, count: int, unit: str) -> date:
    """Return the day so many units after `start` (before it where `count` is negative).

    Months and years end on the same day of the month, or on its last day. Working days pass over Saturdays and
    Sundays; public holidays are not known here, so the day is never too late. Raises ValueError for another unit.
    """
    if unit == "day":
        return start + timedelta(days=count)
    if unit == "week":
        return start + timedelta(days=7 * count)
    if unit == "working_day":
        return _working_days(start, count)
    if unit in ("month", "year"):
        months = start.year * 12 + start.month - 1 + (count if unit == "month" else 12 * count)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    raise ValueError(f"{unit!r} is not a unit of time.")


def term_of(
    knowledge: Knowledge, fact_id: str, today: date, citizenship: str | None, region: str | None
) -> tuple[int, str] | None:
    """Return a fact as a number and a unit for `add_term`; None where it has no value for this person today.

    Raises `NotATerm` for a fact of another kind.
    """
    fact = knowledge.facts.get(fact_id)
    if fact is None:
        return None
    unit = unit_for(fact, citizenship)
    if unit not in (Unit.DAY, Unit.WORKING_DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR):
        raise NotATerm(f"The fact {fact_id!r} counts {unit.value}; a term needs days, weeks, months or years.")
    try:
        number = decimal_of(value(fact, today, citizenship, region))
    except FactHasNoValue:
        return None
    return int(number), unit.value


def _working_days(start: date, count: int) -> date:
    step = timedelta(days=1 if count > 0 else -1)
    day = start
    for _ in range(abs(count)):
        day += step
        while day.weekday() >= 5:
            day += step
    return day

"""Last days that follow from the day of entry, the citizenship and the patent.

The first day of every term counts as its day one, and working days pass over weekends only: so a deadline shown here
is never later than the true one. Terms come from facts: registration_days, patent_apply_days, medical_days,
patent_contract_months, patent_pay_early_days, patent_max_months, patent_reissue_before_days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.knowledge.base import Knowledge
from bot.triage.calculators.result import NOT_ENOUGH, Count, Line, Result
from bot.triage.terms import add_term, term_of

_DAY = timedelta(days=1)
PATENT_NEEDED = ("TJ", "UZ", "MD")


@dataclass(frozen=True)
class LastDay:
    """What is due (registration, patent, medical, contract, payment, reissue), until when, and the fact behind it."""

    name: str
    day: date
    fact: str


def last_day(start: date, count: int, unit: str) -> date:
    """Return the last day of a term whose first day is `start` itself."""
    return add_term(start - _DAY, count, unit)


def deadlines_of(
    entry: date,
    knowledge: Knowledge,
    today: date,
    citizenship: str | None,
    patent: date | None = None,
    paid: date | None = None,
) -> tuple[LastDay, ...]:
    """Return the last days, soonest first.

    patent: the day of issue, where there is one; paid: the last day that is paid for. Where the citizenship is not
    known, what differs by it is left out.
    """
    found = list(_from_entry(entry, knowledge, today, citizenship, patent))
    if patent is not None and citizenship in (*PATENT_NEEDED, None):
        found += _from_patent(patent, knowledge, today, paid)
    return tuple(sorted(found, key=lambda each: (each.day, each.name)))


def deadlines(
    entry: date | None,
    knowledge: Knowledge,
    today: date,
    citizenship: str | None,
    patent: date | None = None,
    paid: date | None = None,
) -> Result:
    """Return the last days with how many days are left; the number is that of the nearest one."""
    if entry is None:
        return NOT_ENOUGH
    found = deadlines_of(entry, knowledge, today, citizenship, patent, paid)
    if not found:
        return NOT_ENOUGH
    lines = [line for each in found for line in (_line(each), left_line(each.day, today))]
    if citizenship is None:
        lines.append(Line("calc-deadline-citizenship"))
    lines.append(Line("calc-deadline-first-day"))
    sources = [knowledge.facts[each.fact].source for each in found]
    for cite, checked in dict.fromkeys((source.cite or source.title, source.checked) for source in sources):
        lines.append(Line("calc-source", {"source": cite, "date": checked}))
    nearest = min(found, key=lambda each: each.day)
    return Result(Decimal((nearest.day - today).days), tuple(lines))


def left_line(day: date, today: date) -> Line:
    """Return the words for how far a last day is: days left, the last day itself, or days late."""
    left = (day - today).days
    if left > 0:
        return Line("calc-days-remain", {"days": Count(left)})
    return Line("calc-last-day-today") if left == 0 else Line("calc-days-late", {"days": Count(-left)})


def _line(each: LastDay) -> Line:
    return Line(f"calc-deadline-{each.name}", {"date": each.day}, strong=True)


def _from_entry(
    entry: date, knowledge: Knowledge, today: date, citizenship: str | None, patent: date | None
) -> Iterator[LastDay]:
    wanted = [("registration", "registration_days"), ("medical", "medical_days")]
    if citizenship in PATENT_NEEDED and patent is None:
        wanted.append(("patent", "patent_apply_days"))
    for name, fact_id in wanted:
        term = term_of(knowledge, fact_id, today, citizenship, None)
        if term is not None:
            yield LastDay(name, last_day(entry, *term), fact_id)


def _from_patent(patent: date, knowledge: Knowledge, today: date, paid: date | None) -> Iterator[LastDay]:
    contract = term_of(knowledge, "patent_contract_months", today, None, None)
    if contract is not None:
        yield LastDay("contract", last_day(patent, *contract), "patent_contract_months")
    early = term_of(knowledge, "patent_pay_early_days", today, None, None)
    if early is not None:
        end = paid or _end_of_paid_month(patent, today)
        yield LastDay("payment", end - timedelta(days=early[0]), "patent_pay_early_days")
    whole = term_of(knowledge, "patent_max_months", today, None, None)
    before = term_of(knowledge, "patent_reissue_before_days", today, None, None)
    if whole is not None and before is not None:
        end = last_day(patent, *whole)
        yield LastDay("reissue", add_term(end, -before[0], before[1]), "patent_reissue_before_days")


def _end_of_paid_month(patent: date, today: date) -> date:
    """The last day of the patent's month that now runs: issued on the 10th, the 9th."""
    months = 1
    while (end := add_term(patent, months, "month") - _DAY) < today:
        months += 1
    return end

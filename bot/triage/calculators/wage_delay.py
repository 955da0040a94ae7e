"""Compensation for late wages, Labour Code of Russia, article 236.

Unpaid sum × key rate / 100 ÷ 150 × days, for every stretch in which one key rate was in force; days run from the day
after the due day to the day of payment, both counted. Each late payment is counted apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from bot.knowledge.base import Knowledge
from bot.knowledge.facts import FactHasNoValue, value
from bot.knowledge.models import Fact, decimal_of
from bot.triage.calculators.result import NOT_ENOUGH, Count, Line, Percent, Result, Roubles, Shown

RATE_IS_OLD_DAYS = 62
"""The Board meets about every six weeks; an older last row has probably been followed by another."""
_KOPECK = Decimal("0.01")
_PIECES_SHOWN = 12


@dataclass(frozen=True)
class LatePayment:
    """One sum that was not paid in time. `paid` is None while it is still unpaid."""

    amount: Decimal
    due: date
    paid: date | None = None


@dataclass(frozen=True)
class Stretch:
    """Days in which one key rate was in force, first and last counted."""

    first: date
    last: date
    rate: Decimal

    @property
    def days(self) -> int:
        """How many days, both ends counted."""
        return (self.last - self.first).days + 1


def stretches(first: date, last: date, rates: Mapping[date, Decimal]) -> tuple[Stretch, ...]:
    """Return the stretches of one rate between two days; days before the first known rate are left out."""
    starts = sorted(rates)
    result = []
    for index, start in enumerate(starts):
        end = starts[index + 1] - timedelta(days=1) if index + 1 < len(starts) else date.max
        piece = Stretch(max(start, first), min(end, last), rates[start])
        if piece.first <= piece.last:
            result.append(piece)
    return tuple(result)


def compensation(payment: LatePayment, rates: Mapping[date, Decimal], divisor: Decimal, on: date) -> Decimal:
    """Return the compensation for one late payment up to its payment, or to `on`; rounded to kopecks."""
    exact = sum(
        (
            payment.amount * piece.rate / 100 / divisor * piece.days
            for piece in stretches(payment.due + timedelta(days=1), payment.paid or on, rates)
        ),
        Decimal(0),
    )
    return exact.quantize(_KOPECK, ROUND_HALF_UP)


def wage_delay(payments: Sequence[LatePayment], knowledge: Knowledge, today: date) -> Result:
    """Return the compensation with its formula; facts: key_rate, wage_delay_divisor."""
    rate_fact, divisor_fact = knowledge.facts.get("key_rate"), knowledge.facts.get("wage_delay_divisor")
    if not payments or rate_fact is None or divisor_fact is None:
        return NOT_ENOUGH
    try:
        divisor = decimal_of(value(divisor_fact, today))
    except FactHasNoValue:
        return NOT_ENOUGH
    rates = {day: decimal_of(item) for day, item in rate_fact.values.items() if day <= today}
    if not rates:
        return NOT_ENOUGH
    sums = [compensation(payment, rates, divisor, today) for payment in payments]
    total = sum(sums, Decimal(0))
    debt = sum((payment.amount for payment in payments if payment.paid is None), Decimal(0))
    lines = [Line("calc-wage-total", {"sum": Roubles(total), "date": today}, strong=True)]
    if debt:
        lines.append(Line("calc-wage-with-debt", {"sum": Roubles(debt + total)}, strong=True))
    for payment, own in zip(payments, sums, strict=True):
        lines += _lines_of(payment, own, rates, today)
    lines.append(Line("calc-wage-formula", {"divisor": int(divisor)}))
    lines += _about_rates(payments, rates, rate_fact, today)
    lines += [_source(divisor_fact), _source(rate_fact)]
    return Result(total, tuple(lines))


def _lines_of(payment: LatePayment, own: Decimal, rates: Mapping[date, Decimal], today: date) -> list[Line]:
    pieces = stretches(payment.due + timedelta(days=1), payment.paid or today, rates)
    days = sum(piece.days for piece in pieces)
    values: dict[str, Shown] = {
        "amount": Roubles(payment.amount),
        "due": payment.due,
        "days": Count(days),
        "sum": Roubles(own),
    }
    lines = [Line("calc-wage-payment", values)]
    for piece in pieces[-_PIECES_SHOWN:]:
        lines.append(
            Line(
                "calc-wage-piece",
                {"first": piece.first, "last": piece.last, "days": Count(piece.days), "rate": Percent(piece.rate)},
            )
        )
    return lines


def _about_rates(payments: Sequence[LatePayment], rates: Mapping[date, Decimal], fact: Fact, today: date) -> list[Line]:
    newest, oldest = max(rates), min(rates)
    lines = [Line("calc-wage-rate-known", {"rate": Percent(rates[newest]), "date": newest})]
    if (today - newest).days > RATE_IS_OLD_DAYS or today > fact.check_by:
        lines.append(Line("calc-wage-rate-old", {"date": fact.source.checked}))
    if any(payment.due + timedelta(days=1) < oldest for payment in payments):
        lines.append(Line("calc-wage-before", {"date": oldest}))
    return lines


def _source(fact: Fact) -> Line:
    return Line("calc-source", {"source": fact.source.cite or fact.source.title, "date": fact.source.checked})

"""Calculators as flows name them, with what each may be given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from bot.knowledge.base import Knowledge
from bot.triage.calculators.days_of_90 import Stay, days_of_90
from bot.triage.calculators.deadlines import deadlines
from bot.triage.calculators.result import NOT_ENOUGH, Result
from bot.triage.calculators.wage_delay import LatePayment, wage_delay

PARAMETERS: Final[Mapping[str, Mapping[str, str]]] = {
    "wage_delay": {"payments": "payments", "amount": "money", "due": "date", "paid": "date"},
    "days_of_90": {"periods": "periods"},
    "deadlines": {"entry": "date", "patent": "date", "paid": "date"},
}
"""Calculator → its parameters → the kind of step that answers them."""

NEEDED: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "wage_delay": (("payments",), ("amount", "due")),
    "days_of_90": (("periods",),),
    "deadlines": (("entry",),),
}
"""Calculator → sets of parameters one of which must be there."""


def calculate(
    name: str,
    arguments: Mapping[str, Any],
    knowledge: Knowledge,
    today: date,
    citizenship: str | None = None,
) -> Result:
    """Run a calculator on answers as the state keeps them (dates and lists of them as ISO text); missing: None."""
    if name == "wage_delay":
        return wage_delay(_payments(arguments), knowledge, today)
    if name == "days_of_90":
        stays = [Stay(first, last) for first, last in _periods(arguments.get("periods")) if first is not None]
        return days_of_90(stays, knowledge, today, citizenship)
    if name == "deadlines":
        entry, patent, paid = (_day(arguments.get(key)) for key in ("entry", "patent", "paid"))
        return deadlines(entry, knowledge, today, citizenship, patent, paid)
    return NOT_ENOUGH


def _payments(arguments: Mapping[str, Any]) -> list[LatePayment]:
    rows = arguments.get("payments")
    if rows is None:
        rows = [[arguments.get("amount"), arguments.get("due"), arguments.get("paid")]]
    payments = []
    for amount, due, paid in rows:
        day = _day(due)
        if amount is not None and day is not None:
            payments.append(LatePayment(Decimal(str(amount)), day, _day(paid)))
    return payments


def _periods(rows: Sequence[Sequence[str | None]] | None) -> list[tuple[date | None, date | None]]:
    return [(_day(first), _day(last)) for first, last in rows or ()]


def _day(written: Any) -> date | None:
    return date.fromisoformat(written) if isinstance(written, str) else None

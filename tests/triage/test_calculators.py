"""Calculators against worked examples, each with where it comes from."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.triage.calculators.by_name import calculate
from bot.triage.calculators.days_of_90 import Stay, days_left
from bot.triage.calculators.deadlines import deadlines_of, last_day
from bot.triage.calculators.wage_delay import LatePayment, compensation, wage_delay
from bot.triage.conditions import holds
from bot.triage.models import Condition
from bot.triage.state import State
from bot.triage.terms import add_term
from tests.triage.house import TODAY, context, knowledge

D = date.fromisoformat


def rates() -> dict[date, Decimal]:
    return {day: Decimal(str(rate)) for day, rate in knowledge().facts["key_rate"].values.items()}


def test_wage_delay_over_a_change_of_the_rate() -> None:
    """The worked example of the project's fact sheet: 60 000 due 10.07.2026, paid 10.08.2026: 16 days at 14.25 %,
    15 days at 14 % are 1 752.00 roubles."""
    payment = LatePayment(Decimal(60000), D("2026-07-10"), D("2026-08-10"))
    assert compensation(payment, rates(), Decimal(150), TODAY) == Decimal("1752.00")


def test_wage_delay_within_one_rate() -> None:
    """By hand from the formula of article 236: 30 000 × 16 % ÷ 150 × 10 days = 320 roubles."""
    payment = LatePayment(Decimal(30000), D("2024-01-10"), D("2024-01-20"))
    assert compensation(payment, rates(), Decimal(150), TODAY) == Decimal("320.00")


def test_wage_paid_on_the_due_day_costs_nothing_and_one_day_late_one_day() -> None:
    """Article 236: from the day after the due day to the day of payment inclusive."""
    on_time = LatePayment(Decimal(15000), D("2026-11-10"), D("2026-11-10"))
    one_late = LatePayment(Decimal(15000), D("2026-11-10"), D("2026-11-11"))
    assert compensation(on_time, rates(), Decimal(150), TODAY) == 0
    assert compensation(one_late, rates(), Decimal(150), TODAY) == Decimal("14.00")


def test_each_late_payment_is_counted_apart() -> None:
    one = LatePayment(Decimal(40000), D("2026-09-10"))
    two = LatePayment(Decimal(50000), D("2026-10-10"), D("2026-11-01"))
    both = wage_delay([one, two], knowledge(), TODAY)
    apart = [compensation(each, rates(), Decimal(150), TODAY) for each in (one, two)]
    assert both.number == sum(apart)
    assert sum(line.text_id == "calc-wage-payment" for line in both.lines) == 2


def test_the_result_says_formula_source_and_how_old_the_rate_is() -> None:
    found = calculate("wage_delay", {"amount": 40000, "due": "2026-09-10"}, knowledge(), TODAY)
    names = [line.text_id for line in found.lines]
    assert {"calc-wage-formula", "calc-wage-rate-known", "calc-wage-rate-old", "calc-source"} <= set(names)
    fresh = calculate(
        "wage_delay", {"amount": 40000, "due": "2026-07-10", "paid": "2026-07-20"}, knowledge(), D("2026-08-01")
    )
    assert "calc-wage-rate-old" not in [line.text_id for line in fresh.lines]


def test_days_before_the_first_known_rate_are_named_not_guessed() -> None:
    found = calculate("wage_delay", {"amount": 1000, "due": "2022-01-10", "paid": "2022-10-10"}, knowledge(), TODAY)
    assert "calc-wage-before" in [line.text_id for line in found.lines]


@pytest.mark.parametrize("arguments", [{}, {"amount": None, "due": None}, {"payments": []}, {"amount": 5, "due": None}])
def test_without_answers_it_says_that_they_are_missing(arguments: dict[str, object]) -> None:
    assert calculate("wage_delay", arguments, knowledge(), TODAY).number is None


def test_days_of_several_trips_entry_and_exit_counted() -> None:
    """10–19 January are 10 days, 1–30 June 30 days: 50 of 90 are left (115-FZ, article 5: every calendar day)."""
    found = days_left([Stay(D("2026-01-10"), D("2026-01-19")), Stay(D("2026-06-01"), D("2026-06-30"))], TODAY)
    assert (found.used, found.left, found.last_day) == (40, 50, None)


def test_a_lasting_stay_has_a_last_day() -> None:
    """Entered on 1 September: the 90th day is 29 November (30 + 31 + 29)."""
    found = days_left([Stay(D("2026-09-01"))], TODAY)
    assert (found.used, found.left, found.last_day) == (85, 5, D("2026-11-29"))


def test_a_stay_across_new_year_is_limited_as_one_stay() -> None:
    """The count restarts on 1 January, yet one unbroken stay is not longer than 90 days: 1 November to 29 January."""
    found = days_left([Stay(D("2026-11-01"))], TODAY)
    assert found.last_day == D("2027-01-29")
    assert found.used == 24


def test_a_new_year_gives_new_days_to_those_who_used_the_old_ones() -> None:
    """Used 80 before, in again on 20 December: the year's last 10 days fit to 29 December."""
    stays = [Stay(D("2026-01-01"), D("2026-03-21")), Stay(D("2026-12-20"))]
    found = days_left(stays, D("2026-12-22"))
    assert (found.used, found.last_day) == (83, D("2026-12-29"))
    later = days_left([Stay(D("2026-01-01"), D("2026-03-16")), Stay(D("2026-12-20"))], D("2026-12-22"))
    assert later.last_day == D("2027-03-19"), "75 + 12 days fit in the year; then 90 without a break count"


def test_overlapping_trips_and_same_day_return_count_once() -> None:
    stays = [Stay(D("2026-05-01"), D("2026-05-10")), Stay(D("2026-05-10"), D("2026-05-20"))]
    assert days_left(stays, TODAY).used == 20


def test_too_long_is_negative() -> None:
    found = days_left([Stay(D("2026-08-01"))], TODAY)
    assert found.left == -(116 - 90)
    assert calculate("days_of_90", {"periods": [["2026-08-01", None]]}, knowledge(), TODAY).number == -26


def test_a_working_day_term_passes_over_weekends() -> None:
    """Entered on Friday 20.11.2026, 7 working days, the day of entry counted: Monday 30.11.2026."""
    assert last_day(D("2026-11-20"), 7, "working_day") == D("2026-11-30")
    assert add_term(D("2026-11-24"), 7, "working_day") == D("2026-12-03")


def test_months_end_on_the_last_day_of_a_shorter_month() -> None:
    assert add_term(D("2026-01-31"), 1, "month") == D("2026-02-28")
    assert add_term(D("2024-02-29"), 1, "year") == D("2025-02-28")
    assert add_term(D("2026-03-31"), -1, "month") == D("2026-02-28")


@pytest.mark.parametrize(
    ("citizenship", "expected"),
    [
        ("TJ", {"registration": "2026-11-15", "medical": "2026-11-30", "patent": "2026-11-30"}),
        ("UZ", {"registration": "2026-11-15", "medical": "2026-11-30", "patent": "2026-11-30"}),
        ("KG", {"registration": "2026-11-30", "medical": "2026-11-30"}),
        ("MD", {"registration": "2026-11-10", "medical": "2026-11-30", "patent": "2026-11-30"}),
        (None, {"medical": "2026-11-30"}),
    ],
)
def test_deadlines_from_the_day_of_entry(citizenship: str | None, expected: dict[str, str]) -> None:
    """Entered on Sunday 1.11.2026. Terms: agreements with TJ and UZ 15 days, EAEU treaty art. 97 30 days, 109-FZ art.
    20 7 working days (MD), 115-FZ art. 13.3 and art. 5: 30 days. The day of entry is day one."""
    found = deadlines_of(D("2026-11-01"), knowledge(), TODAY, citizenship)
    assert {each.name: each.day for each in found} == {name: D(day) for name, day in expected.items()}


def test_deadlines_of_a_patent() -> None:
    """A patent issued on the 10th is paid for to the 9th (MVD Tula, 05.03.2026), and paid 4 days before."""
    found = deadlines_of(D("2026-09-01"), knowledge(), TODAY, "UZ", patent=D("2026-10-10"))
    days = {each.name: each.day for each in found}
    assert days["payment"] == D("2026-12-05")
    assert days["contract"] == D("2026-12-09")
    assert days["reissue"] == D("2027-09-27"), "10 working days before 09.10.2027"
    paid = deadlines_of(D("2026-09-01"), knowledge(), TODAY, "UZ", patent=D("2026-10-10"), paid=D("2027-01-09"))
    assert {each.name: each.day for each in paid}["payment"] == D("2027-01-05")


@pytest.mark.parametrize("citizenship", ["KG", "TJ", "UZ", "MD"])
@pytest.mark.parametrize("fact", ["registration_days", "medical_days"])
def test_a_flow_calls_late_exactly_what_the_calculator_calls_late(citizenship: str, fact: str) -> None:
    """On no day may one say that the term has passed and the other that it has not."""
    late = Condition.model_validate({"answer": "entry", "older": {"fact": fact}})
    seen = set()
    for back in range(150):
        entry = TODAY - timedelta(days=back)
        days = {each.fact: each.day for each in deadlines_of(entry, knowledge(), TODAY, citizenship)}
        state = State("test", 1, answers={"entry": entry.isoformat()})
        answer = holds(late, state, context(citizenship=citizenship))
        assert answer is (days[fact] < TODAY), entry
        seen.add(answer)
    assert seen == {True, False}

"""Which value holds, for whom and on which day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.clock import FixedClock, moscow_date
from bot.knowledge.facts import FactHasNoValue, format_fact, value
from bot.knowledge.models import Fact
from bot.languages.locales import Locale

RU, KY, TG, UZ, UZ_CYRL, RO = Locale
NBSP = "\u00a0"


def fact(values: dict[date, Any], unit: str = "day", per: str = "none", units: dict[str, str] | None = None) -> Fact:
    return Fact.model_validate(
        {
            "id": "some_fact",
            "what": "Что-то",
            "unit": unit,
            "per": per,
            "source": {"title": "Закон № 1", "checked": date(2026, 11, 22)},
            "check_by": date(2027, 2, 22),
            "confidence": "law",
            "values": values,
            "units": units or {},
        }
    )


REGISTRATION = fact(
    {date(2022, 6, 4): {"KG": 30, "TJ": 15, "UZ": 15, "MD": 7}}, per="citizenship", units={"MD": "working_day"}
)


def test_a_new_fee_begins_at_midnight_in_moscow_and_not_before() -> None:
    fee = fact({date(2025, 9, 1): 4200, date(2026, 11, 25): 4300}, "rub")
    clock = FixedClock(datetime(2026, 11, 24, 20, 59, 59, tzinfo=UTC))
    assert format_fact(fee, moscow_date(clock.now()), RU) == f"4{NBSP}200{NBSP}₽"
    clock.advance(timedelta(seconds=1))
    assert format_fact(fee, moscow_date(clock.now()), RU) == f"4{NBSP}300{NBSP}₽"


def test_before_its_first_day_a_fact_says_so() -> None:
    with pytest.raises(FactHasNoValue, match="some_fact"):
        value(fact({date(2027, 1, 1): 1}), date(2026, 12, 31))


def test_a_known_citizen_reads_the_own_value() -> None:
    day = date(2026, 11, 24)
    assert value(REGISTRATION, day, "TJ") == 15
    assert format_fact(REGISTRATION, day, TG, "TJ") == "15 рӯз"
    assert format_fact(REGISTRATION, day, RO, "MD") == "7 zile lucrătoare"
    assert format_fact(REGISTRATION, day, RU, "KG", bare=True) == "30"


def test_an_unknown_citizen_reads_a_short_list_with_equal_values_together() -> None:
    day = date(2026, 11, 24)
    assert (
        format_fact(REGISTRATION, day, RU)
        == "Кыргызстан — 30 дней; Таджикистан, Узбекистан — 15 дней; Молдова — 7 рабочих дней"
    )
    assert (
        format_fact(REGISTRATION, day, UZ)
        == "Qirg‘iziston — 30 kun; Tojikiston, O‘zbekiston — 15 kun; Moldova — 7 ish kuni"
    )
    with pytest.raises(FactHasNoValue):
        value(REGISTRATION, day)


def test_one_value_for_all_four_is_no_list() -> None:
    same = fact({date(2026, 1, 1): {"KG": 30, "TJ": 30, "UZ": 30, "MD": 30}}, per="citizenship")
    assert format_fact(same, date(2026, 11, 24), RU) == "30 дней"


def test_three_of_four_with_one_value_name_the_three() -> None:
    three = fact({date(2026, 1, 1): {"TJ": 30, "UZ": 30, "MD": 30}}, per="citizenship")
    assert format_fact(three, date(2026, 11, 24), RU) == "Таджикистан, Узбекистан, Молдова — 30 дней"
    assert format_fact(three, date(2026, 11, 24), RU, among=("TJ", "UZ", "MD")) == "30 дней"


def test_other_stands_for_who_is_not_named() -> None:
    price = fact({date(2026, 1, 1): {"RU-MOW": 10000, "other": 6600}}, "rub_month", "region")
    day = date(2026, 11, 24)
    assert format_fact(price, day, RU, region="RU-MOW") == f"10{NBSP}000{NBSP}₽ в месяц"
    assert format_fact(price, day, RU, region="RU-TUL") == f"6{NBSP}600{NBSP}₽ в месяц"
    assert (
        format_fact(price, day, RU)
        == f"RU-MOW — 10{NBSP}000{NBSP}₽ в месяц; другие регионы — 6{NBSP}600{NBSP}₽ в месяц"
    )


def test_a_long_list_of_regions_says_that_it_leaves_some_out() -> None:
    codes = ("MOW", "MOS", "SPE", "LEN", "KDA", "SVE", "TUL", "TVE")
    price = fact({date(2026, 1, 1): {f"RU-{code}": 1000 + n for n, code in enumerate(codes)}}, "rub", "region")
    written = format_fact(price, date(2026, 11, 24), RU)
    assert written.count("—") == 6
    assert written.endswith("; в других регионах по-другому")
    same = fact({date(2026, 1, 1): dict.fromkeys((f"RU-{code}" for code in codes), 5)}, "rub", "region")
    assert format_fact(same, date(2026, 11, 24), RU) == f"5{NBSP}₽"
    first_same = fact({date(2026, 1, 1): {f"RU-{code}": 5 + (code == "TVE") for code in codes}}, "rub", "region")
    assert format_fact(first_same, date(2026, 11, 24), RU).endswith("в других регионах по-другому")


def test_units() -> None:
    day = date(2026, 11, 24)

    def written(number: Any, unit: str, locale: Locale = RU) -> str:
        return format_fact(fact({date(2020, 1, 1): number}, unit), day, locale)

    assert written(13, "percent") == f"13{NBSP}%"
    assert written(14.25, "percent", UZ) == "14,25%"
    assert written(100, "usd") == f"100{NBSP}$"
    assert written(3, "count") == "3"
    assert written("+78007078841", "phone") == "+7 800 707 88 41"
    assert written("112", "phone") == "112"
    assert written(date(2027, 1, 1), "date", KY) == "2027-жылдын 1-январы"
    assert written(48, "hour", RO) == "48 de ore"
    assert written(18, "age", UZ_CYRL) == "18 ёш"

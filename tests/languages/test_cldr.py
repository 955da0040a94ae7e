"""Numbers, dates, lists and names as people write them, where CLDR alone would be wrong."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from babel.core import Locale as BabelLocale
from hypothesis import given
from hypothesis import strategies as st

from bot.languages import cldr
from bot.languages.locales import Locale

RU, KY, TG, UZ, UZ_CYRL, RO = Locale
NBSP = "\u00a0"
UNITS = ("minute", "hour", "day", "working_day", "week", "month", "year", "age", "km")


@pytest.mark.parametrize(
    ("number", "unit", "locale", "written"),
    [
        (1, "day", RU, "1 день"),
        (3, "day", RU, "3 дня"),
        (7, "day", RU, "7 дней"),
        (21, "day", RU, "21 день"),
        (111, "day", RU, "111 дней"),
        (1.5, "day", RU, "1,5 дня"),
        (7, "working_day", RU, "7 рабочих дней"),
        (2, "year", RU, "2 года"),
        (18, "age", RU, "18 лет"),
        (15, "day", KY, "15 күн"),
        (18, "age", KY, "18 жаш"),
        (15, "day", TG, "15 рӯз"),
        (7, "working_day", TG, "7 рӯзи корӣ"),
        (15, "day", UZ, "15 kun"),
        (18, "age", UZ, "18 yosh"),
        (15, "day", UZ_CYRL, "15 кун"),
        (1, "day", RO, "1 zi"),
        (2, "day", RO, "2 zile"),
        (19, "day", RO, "19 zile"),
        (20, "day", RO, "20 de zile"),
        (100, "day", RO, "100 de zile"),
        (101, "day", RO, "101 zile"),
        (120, "day", RO, "120 de zile"),
        (30, "working_day", RO, "30 de zile lucrătoare"),
        (1, "month", RO, "1 lună"),
    ],
)
def test_quantities_have_the_right_plural(number: float, unit: str, locale: Locale, written: str) -> None:
    assert cldr.format_unit(number, unit, locale) == written


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("unit", UNITS)
def test_every_plural_category_of_cldr_has_a_form(locale: Locale, unit: str) -> None:
    categories = {cldr.plural_category(number, locale) for number in range(200)}
    assert categories <= set(BabelLocale.parse(locale.cldr).plural_form.tags) | {"other"}
    for number in range(200):
        assert cldr.format_unit(number, unit, locale).startswith(f"{number} ")


@pytest.mark.parametrize("locale", list(Locale))
def test_money_has_no_break_spaces_and_a_sign_in_every_locale(locale: Locale) -> None:
    assert cldr.format_money(6600, "RUB", locale) == f"6{NBSP}600{NBSP}₽"
    assert cldr.format_money(Decimal("1752.50"), "RUB", locale) == f"1{NBSP}752,5{NBSP}₽"


def test_money_per_month_is_a_phrase_of_the_language() -> None:
    assert [cldr.format_money_per_month(10000, "RUB", locale) for locale in Locale] == [
        f"10{NBSP}000{NBSP}₽ в месяц",
        f"айына 10{NBSP}000{NBSP}₽",
        f"10{NBSP}000{NBSP}₽ дар як моҳ",
        f"oyiga 10{NBSP}000{NBSP}₽",
        f"ойига 10{NBSP}000{NBSP}₽",
        f"10{NBSP}000{NBSP}₽ pe lună",
    ]


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3))
def test_no_digit_of_a_number_is_lost(number: Decimal) -> None:
    written = cldr.format_number(number, RU)
    assert Decimal(written.replace(NBSP, "").replace(",", ".")) == number


def test_dates() -> None:
    day = date(2026, 3, 5)
    assert [cldr.format_date(day, locale) for locale in Locale] == [
        "5 марта 2026 года",
        "2026-жылдын 5-марты",
        "5 марти 2026",
        "2026-yil 5-mart",
        "2026 йил 5 март",
        "5 martie 2026",
    ]
    assert cldr.format_date(day, TG, year=False) == "5 марти"
    assert cldr.format_date(day, KY, year=False) == "5-март"
    assert cldr.format_time(time(9, 5), RO) == "09:05"


@pytest.mark.parametrize("locale", list(Locale))
def test_every_month_and_weekday_has_a_name(locale: Locale) -> None:
    assert len({cldr.month_name(month, locale) for month in range(1, 13)}) == 12
    assert len({cldr.format_date(date(2026, month, 1), locale) for month in range(1, 13)}) == 12
    for short in (True, False):
        assert len({cldr.weekday_name(day, locale, short=short) for day in range(7)}) == 7


def test_lists() -> None:
    assert [cldr.format_list(["A", "B", "C"], locale) for locale in Locale] == [
        "A, B и C", "A, B жана C", "A, B ва C", "A, B va C", "A, B ва C", "A, B și C",
    ]  # fmt: skip
    assert [cldr.format_list(["A", "B"], locale, "or") for locale in Locale] == [
        "A или B", "A же B", "A ё B", "A yoki B", "A ёки B", "A sau B",
    ]  # fmt: skip
    assert cldr.format_list([], RU) == ""
    assert cldr.format_list(["A"], RU) == "A"


@pytest.mark.parametrize(
    ("duration", "written"),
    [
        (timedelta(0), "1 минута"),
        (timedelta(seconds=61), "2 минуты"),
        (timedelta(minutes=59), "59 минут"),
        (timedelta(minutes=61), "2 часа"),
        (timedelta(hours=24), "1 день"),
        (timedelta(hours=30), "30 часов"),
        (timedelta(hours=49), "3 дня"),
    ],
)
def test_a_duration_never_promises_less_than_it_takes(duration: timedelta, written: str) -> None:
    assert cldr.format_duration(duration, RU) == written


def test_tajik_durations_are_tajik() -> None:
    assert cldr.format_duration(timedelta(hours=3), TG) == "3 соат"
    assert cldr.format_duration(timedelta(days=3), TG) == "3 рӯз"


def test_names() -> None:
    assert cldr.country_name("KG", RU) == "Кыргызстан"
    assert cldr.country_name("MD", TG) == "Молдова"
    assert cldr.country_name("TR", RU) == "Турция"
    assert cldr.country_name("ZZZ", RU) == "ZZZ"
    assert cldr.language_name("ky", RU) == "кыргызский"
    assert cldr.currency_name("KGS", UZ_CYRL) == "Қирғизистон соми"
    assert cldr.currency_name("MDL", UZ_CYRL) == "Молдова лейи"


@pytest.mark.parametrize("locale", list(Locale))
def test_our_countries_languages_and_currencies_have_own_names(locale: Locale) -> None:
    for code in ("KG", "TJ", "UZ", "MD", "RU", "KZ"):
        assert cldr.country_name(code, locale) not in (code, "")
        assert "ирги" not in cldr.country_name(code, RU)
    for code in ("ru", "ky", "tg", "uz", "ro", "kk", "en"):
        assert cldr.language_name(code, locale) != code
    for code in ("RUB", "KGS", "TJS", "UZS", "MDL", "KZT", "USD", "EUR"):
        assert cldr.currency_name(code, locale) != code


def test_uzbek_apostrophes_are_those_of_print() -> None:
    assert cldr.normalise("o'zbek, gʻarb, ma'no, O`sh", UZ) == "o‘zbek, g‘arb, ma’no, O‘sh"
    assert cldr.normalise("o'zbek", RO) == "o'zbek"
    for code in ("tr", "de", "fr", "zh"):
        assert not set("'`ʻʼ") & set(cldr.language_name(code, UZ))


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+78007074703", "+7 800 707 47 03"),
        ("+996312123456", "+996 312 123 456"),
        ("+992372211111", "+992 37 221 11 11"),
        ("+998712020201", "+998 71 202 02 01"),
        ("+37322123456", "+373 22 123 456"),
        ("112", "112"),
        ("+4930123456", "+4930123456"),
    ],
)
def test_phones_are_grouped_and_keep_their_digits(number: str, written: str) -> None:
    assert cldr.format_phone(number) == written
    assert written.replace(" ", "") == number

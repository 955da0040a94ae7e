"""Numbers, money, dates, durations, lists and names as people of each locale write them.

Babel gives plural categories and the names that nobody of us has to correct; what CLDR lacks or says otherwise
than people do (Tajik dates and lists, Uzbek Cyrillic currencies, Romanian "20 de zile") stands in
`data/cldr_gaps.yaml`. Thousands are parted by a no-break space in every locale, as on Russian receipts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

import yaml
from babel.core import Locale as BabelLocale

from bot.languages.locales import Locale

NO_BREAK_SPACE: Final = "\u00a0"
Number = int | float | Decimal
"""What can be formatted; a float is read by its shortest decimal form."""

ListKind = Literal["and", "or"]

_AFTER_O_G: Final = re.compile(r"(?<=[oOgG])['`´‘’ʻʼ]")
_OTHER_APOSTROPHE: Final = re.compile(r"(?<=[^\W_oOgG])['`´‘ʻʼ](?=\w)")
_PHONE_GROUPS: Final = (
    ("996", (3, 3, 3)),
    ("992", (2, 3, 2, 2)),
    ("998", (2, 3, 2, 2)),
    ("373", (2, 3, 3)),
    ("7", (3, 3, 2, 2)),
)


def plural_category(number: Number, locale: Locale) -> str:
    """Return the CLDR plural category of a number: one, few, many or other."""
    return str(_babel(locale).plural_form(Decimal(str(number))))


def format_number(number: Number, locale: Locale) -> str:
    """Write a number with a comma before decimals and no-break spaces between thousands: `6 600`, `14,25`."""
    exact = Decimal(str(number))
    sign = "-" if exact < 0 else ""
    whole, _, fraction = f"{abs(exact):f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", NO_BREAK_SPACE)
    fraction = fraction.rstrip("0")
    return f"{sign}{grouped},{fraction}" if fraction else f"{sign}{grouped}"


def format_percent(number: Number, locale: Locale) -> str:
    """Write a number of percent: `13 %`; in Uzbek without the space."""
    space = "" if locale.language == "uz" else NO_BREAK_SPACE
    return f"{format_number(number, locale)}{space}%"


def format_unit(number: Number, unit: str, locale: Locale) -> str:
    """Write a quantity with its unit in the right plural form: `15 дней`, `15 күн`, `20 de zile`.

    Units: minute, hour, day, working_day, week, month, year, age, km. Raises KeyError for another.
    """
    forms = _gaps()["units"][unit][locale]
    word = forms if isinstance(forms, str) else forms.get(plural_category(number, locale), forms["other"])
    return f"{format_number(number, locale)} {word}"


def format_money(amount: Number, currency: str, locale: Locale) -> str:
    """Write an amount with its sign after a no-break space: `6 600 ₽`. Unknown currencies keep their ISO code."""
    sign = _gaps()["currency_signs"].get(currency, {}).get(locale, currency)
    return f"{format_number(amount, locale)}{NO_BREAK_SPACE}{sign}"


def format_money_per_month(amount: Number, currency: str, locale: Locale) -> str:
    """Write an amount that is paid every month: `10 000 ₽ в месяц`, `айына 10 000 ₽`."""
    return str(_gaps()["per_month"][locale]).format(amount=format_money(amount, currency, locale))


def format_date(day: date, locale: Locale, *, year: bool = True) -> str:
    """Write a date in words: `22 ноября 2026 года`, `2026-жылдын 22-ноябры`, `22 ноябри 2026`."""
    gaps = _gaps()
    name = month_name(day.month, locale)
    in_date = gaps["months_in_date"].get(locale, gaps["months"][locale])[day.month - 1]
    pattern = gaps["dates" if year else "dates_without_year"][locale]
    return str(pattern).format(day=day.day, month=in_date, name=name, year=day.year)


def format_time(moment: time, locale: Locale) -> str:
    """Write a time of day with 24 hours: `09:30`. All six locales write it so."""
    return f"{moment.hour:02}:{moment.minute:02}"


def format_duration(duration: timedelta, locale: Locale) -> str:
    """Write a duration in its largest whole unit, rounded up: `2 дня`, `3 часа`, `5 минут`.

    A person who waits is never promised less than it takes. Zero and negative durations are one minute.
    """
    minutes = max(1, -(-int(duration.total_seconds()) // 60))
    if minutes < 60:
        return format_unit(minutes, "minute", locale)
    if minutes <= 48 * 60 and minutes % (24 * 60):
        return format_unit(-(-minutes // 60), "hour", locale)
    return format_unit(-(-minutes // (24 * 60)), "day", locale)


def format_list(items: Sequence[str], locale: Locale, kind: ListKind = "and") -> str:
    """Join items as a sentence does: `A, B и C`, `A, B yoki C`."""
    if len(items) < 2:
        return "".join(items)
    word = _gaps()["lists"][kind][locale]
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def country_name(code: str, locale: Locale) -> str:
    """Return the name of a country by its ISO 3166-1 code (or `other`); the code itself where nobody knows it."""
    own = _gaps()["countries"].get(code)
    return str(own[locale]) if own else str(_babel(locale).territories.get(code, code))


def other_regions(locale: Locale) -> str:
    """Return the words for all regions that are not named."""
    return str(_gaps()["other_regions"][locale])


def other_regions_differ(locale: Locale) -> str:
    """Return the words that end a list of regions which leaves some out."""
    return str(_gaps()["other_regions_differ"][locale])


def language_name(code: str, locale: Locale) -> str:
    """Return the name of a language by its ISO 639-1 code: `кыргызский`, `кыргызча`."""
    own = _gaps()["languages"].get(code)
    return str(own[locale]) if own else normalise(str(_babel(locale).languages.get(code, code)), locale)


def currency_name(code: str, locale: Locale) -> str:
    """Return the name of a currency by its ISO 4217 code."""
    own = _gaps()["currencies"].get(code)
    return str(own[locale]) if own else normalise(str(_babel(locale).currencies.get(code, code)), locale)


def month_name(month: int, locale: Locale) -> str:
    """Return the name of a month, 1 to 12, as it stands alone."""
    return str(_gaps()["months"][locale][month - 1])


def weekday_name(weekday: int, locale: Locale, *, short: bool = False) -> str:
    """Return the name of a weekday, 0 for Monday; `short` as on a door sign."""
    return str(_gaps()["weekdays_short" if short else "weekdays"][locale][weekday])


def normalise(text: str, locale: Locale) -> str:
    """Return a text with the apostrophes that Uzbek print uses: ‘ in o‘ and g‘, ’ elsewhere; others unchanged."""
    if locale is not Locale.UZ:
        return text
    return _OTHER_APOSTROPHE.sub("’", _AFTER_O_G.sub("‘", text))


def format_phone(number: str) -> str:
    """Write an international number so that it can be read aloud: `+7 800 707 47 03`; short ones stay whole.

    The digits and the plus remain in order, so a phone still recognises the number. Countries that we have no
    grouping for keep the number as it is.
    """
    digits = number.removeprefix("+")
    if not number.startswith("+") or not digits.isdigit():
        return number
    for code, widths in _PHONE_GROUPS:
        if digits.startswith(code) and len(digits) == len(code) + sum(widths):
            groups, at = [], len(code)
            for width in widths:
                groups.append(digits[at : at + width])
                at += width
            return " ".join([f"+{code}", *groups])
    return number


@cache
def _babel(locale: Locale) -> BabelLocale:
    return BabelLocale.parse(locale.cldr)


@cache
def _gaps() -> Mapping[str, Any]:
    text = files("bot.languages").joinpath("data/cldr_gaps.yaml").read_text("utf-8")
    data = yaml.load(text, Loader=yaml.CSafeLoader)
    assert isinstance(data, dict)
    return data

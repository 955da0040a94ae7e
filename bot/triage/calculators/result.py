"""What a calculation gives: a number that conditions can compare, and lines that say how it came about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from bot.languages import cldr
from bot.languages.locales import Locale


class Say(Protocol):
    """Interface texts: `Texts.get` of `bot.languages.texts` fits."""

    def __call__(self, locale: Locale, text_id: str, /, **values: object) -> str:
        """Return a text with its placeholders filled."""
        ...


@dataclass(frozen=True)
class Roubles:
    """A sum that is shown as money."""

    amount: Decimal


@dataclass(frozen=True)
class Percent:
    """A rate that is shown with its sign."""

    number: Decimal


@dataclass(frozen=True)
class Count:
    """A number with its unit: day, working_day, week, month, year."""

    number: int
    unit: str = "day"


Shown = str | int | date | Roubles | Percent | Count


@dataclass(frozen=True)
class Line:
    """One line of a result: the id of an interface text and what it names. `strong` is the result itself."""

    text_id: str
    values: dict[str, Shown] = field(default_factory=dict)
    strong: bool = False


@dataclass(frozen=True)
class Result:
    """What came out. `number` is None where something needed is not known; the lines then say so."""

    number: Decimal | None
    lines: tuple[Line, ...]


NOT_ENOUGH = Result(None, (Line("calc-not-enough"),))


def write(shown: Shown, locale: Locale) -> str:
    """Write one value as people of a locale do."""
    match shown:
        case Roubles(amount):
            return cldr.format_money(amount, "RUB", locale)
        case Percent(number):
            return cldr.format_percent(number, locale)
        case Count(number, unit):
            return cldr.format_unit(number, unit, locale)
        case date():
            return cldr.format_date(shown, locale)
        case int():
            return cldr.format_number(shown, locale)
        case _:
            return shown


def write_line(line: Line, locale: Locale, say: Say) -> str:
    """Write one line of a result."""
    return say(locale, line.text_id, **{name: write(shown, locale) for name, shown in line.values.items()})

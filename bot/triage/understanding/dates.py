"""Days as people type them: `31.12.26`, `5 март`, `вчера`, `2 ой олдин`, `acum o săptămână`."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final, Literal, TypeVar

from bot.languages.folding import fold_words
from bot.triage.terms import add_term
from bot.triage.understanding.problem import Problem
from bot.triage.words import Words

Time = Literal["past", "future", "any"]
T = TypeVar("T")

_ISO: Final = re.compile(r"(?<!\d)(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_FULL: Final = re.compile(r"(?<!\d)(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4}|\d{2})(?!\d)")
_SHORT: Final = re.compile(r"(?<!\d)(\d{1,2})[-./](\d{1,2})(?!\d)")
_LONGEST: Final = 120
_FARTHEST_YEARS: Final = 100
_ENDINGS: Final = ("da", "de", "ta", "te", "do", "ga", "ni", "nin", "dan", "i", "li", "e", "in", "ning")


def read_date(text: str, words: Words, today: date, time: Time = "past") -> date | Problem:
    """Return the day a text names, else what is wrong with it. `time` decides the year where none is written."""
    if len(text) > _LONGEST:
        return Problem("flow-date-unclear")
    for pattern, order in ((_ISO, (0, 1, 2)), (_FULL, (2, 1, 0)), (_SHORT, (None, 1, 0))):
        matches = pattern.findall(text)
        if matches:
            if len(matches) > 1:
                return Problem("flow-date-one")
            numbers = [int(part) for part in matches[0]]
            year = None if order[0] is None else numbers[order[0]]
            return _checked(year, numbers[order[1]], numbers[order[2]], today, time)
    return _in_words(fold_words(text), words, today, time)


def _in_words(said: list[str], words: Words, today: date, time: Time) -> date | Problem:
    numbers = [int(word) for word in said if word.isdigit() and len(word) <= 4]
    numbers = numbers or [words.numbers[word] for word in said if word in words.numbers]
    months = [month for word in said if (month := _lookup(word, words.months)) is not None]
    if months and len(set(months)) == 1:
        days = [number for number in numbers if number <= 31]
        years = [number for number in numbers if number > 31]
        if not days:
            return Problem("flow-date-needs-day")
        return _checked(years[0] if years else None, months[0], days[0], today, time)
    if months:
        return Problem("flow-date-one")
    shifts = [words.days[word] for word in said if word in words.days]
    spans = [span for word in said if (span := _lookup(word, words.spans)) is not None]
    past, ahead = any(word in words.ago for word in said), any(word in words.ahead for word in said)
    if shifts and not spans:
        return _in_time(today + timedelta(days=shifts[0]), today, time)
    if spans and (past or ahead):
        count = numbers[0] if numbers else 1
        if count > 1200:
            return Problem("flow-date-too-far")
        return _in_time(add_term(today, -count if past else count, spans[0]), today, time)
    if spans:
        return Problem("flow-date-duration")
    if len(numbers) == 1 and 1 <= numbers[0] <= 31 and len(said) <= 2:
        return Problem("flow-date-needs-month")
    return Problem("flow-date-unclear")


def _checked(year: int | None, month: int, day: int, today: date, time: Time) -> date | Problem:
    if year is not None and year < 100:
        year += 2000 if year <= (today.year % 100) + 20 else 1900
    try:
        if year is not None:
            return _in_time(date(year, month, day), today, time)
        return _nearest(month, day, today, time)
    except ValueError:
        written = f"{day:02}.{month:02}" + (f".{year}" if year else "")
        return Problem("flow-date-impossible", {"date": written})


def _nearest(month: int, day: int, today: date, time: Time) -> date:
    """The day without a year: the last one that was, or the next one that comes, or the nearer of both."""
    possible = []
    for year in range(today.year - 8, today.year + 9):
        try:
            possible.append(date(year, month, day))
        except ValueError:
            continue
    if not possible:
        raise ValueError("no such day in any year")
    if time == "past":
        return max(each for each in possible if each <= today)
    if time == "future":
        return min(each for each in possible if each >= today)
    return min(possible, key=lambda each: abs((each - today).days))


def _in_time(day: date, today: date, time: Time) -> date | Problem:
    if abs(day.year - today.year) > _FARTHEST_YEARS:
        return Problem("flow-date-too-far")
    if time == "past" and day > today:
        return Problem("flow-date-future", {"date": day})
    if time == "future" and day < today:
        return Problem("flow-date-past", {"date": day})
    return day


def _lookup(word: str, table: dict[str, T]) -> T | None:
    """A word of a table, also with one of the endings of case that Kyrgyz, Tajik and Uzbek put on it."""
    if word in table:
        return table[word]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 2 and word[: -len(ending)] in table:
            return table[word[: -len(ending)]]
    return None

"""Numbers and sums of money as people type them: `40 000`, `40к`, `сорок тысяч`, `40 ming so‘m`."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot.languages.folding import fold_words, normalise
from bot.triage.understanding.problem import Problem
from bot.triage.words import Words

LONGEST: Final = 200
"""Letters of a number that are looked at; a longer text is not a number."""

_GROUPED: Final = re.compile(r"(?<=\d)[ \u00a0\u202f'’](?=\d{3}(?!\d))")
_POINTED: Final = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")
_PARTS: Final = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+|\^|₽")
_NEGATIVE: Final = re.compile(r"^\s*[-−–]\s*\d")


def read_number(text: str, words: Words, low: float, high: float, *, money: bool = False) -> float | Problem:
    """Return the one number in a text, between `low` and `high`, else what is wrong with it.

    A number with a fraction is taken for money only, to kopecks.
    """
    plain = _plain_digits(text)
    if len(plain) > LONGEST:
        return Problem("flow-number-unclear")
    if _NEGATIVE.match(plain):
        return Problem("flow-number-negative")
    found = _numbers(plain, words)
    if not found or _names_a_month(plain, words):
        return Problem("flow-money-unclear" if money else "flow-number-unclear")
    if len(found) > 1:
        return Problem("flow-number-one")
    number = found[0]
    if number > high:
        return Problem("flow-number-too-big", {"max": _tidy(high)})
    if number < low:
        return Problem("flow-number-too-small", {"min": _tidy(low)})
    if not money and number != int(number):
        return Problem("flow-number-whole")
    return round(number, 2) if money else int(number)


def _names_a_month(plain: str, words: Words) -> bool:
    """`5 октября` is a day, not a sum of five; `30 000 mai mult` is a sum and "more" in Romanian."""
    spoken = ["", *fold_words(plain)]
    return any(
        day.isdigit() and 1 <= int(day[:4]) <= 31 and name in words.months and not before.isdigit()
        for before, day, name in zip(spoken, spoken[1:], spoken[2:], strict=False)
    )


def find_amount(text: str, words: Words) -> float | None:
    """Return the only number of a text in which nothing but a sum stands, else None."""
    found = _numbers(_plain_digits(text)[:LONGEST], words)
    return found[0] if len(found) == 1 and found[0] > 0 else None


def _numbers(plain: str, words: Words) -> list[float]:
    """All numbers in a text, with the words for thousand and million multiplied in."""
    joined = _POINTED.sub("", _GROUPED.sub("", normalise(plain)))
    found: list[float] = []
    spoken: list[float] = []
    for part in _PARTS.findall(joined):
        if part[0].isdigit():
            found.extend(spoken)
            spoken = [float(part.replace(",", "."))]
            continue
        if part == "^":
            return [1e15]
        word = " ".join(fold_words(part))
        if word in words.numbers:
            spoken = _say(spoken, words.numbers[word], found)
        elif word in words.thousand or word in words.million:
            factor = 1_000.0 if word in words.thousand else 1_000_000.0
            spoken = [(spoken[-1] if spoken else 1.0) * factor]
        elif word not in words.roubles and spoken:
            found.extend(spoken)
            spoken = []
    return found + spoken


def _say(spoken: list[float], number: int, found: list[float]) -> list[float]:
    """Number words add up from large to small: forty, five."""
    if not spoken:
        return [float(number)]
    last = spoken[-1]
    if number == 100 and last < 10:
        return [last * 100]
    if last % 10 == 0 and last > number:
        return [last + number]
    found.append(last)
    return [float(number)]


def _plain_digits(text: str) -> str:
    return "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() and not letter.isascii() else letter for letter in text
    )


def _tidy(number: float) -> int | float:
    return int(number) if number == int(number) else number

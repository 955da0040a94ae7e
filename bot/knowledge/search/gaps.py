"""Searches that found nothing, for editors: without names and numbers, grouped by likeness. Pure functions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.knowledge.search.features import grams_of
from bot.knowledge.search.stopwords import STOPWORDS
from bot.languages.folding import fold_words

_ALIKE: Final = 0.42
"""Share of common n-grams (Dice) above which two messages ask the same."""

_LINKS: Final = re.compile(r"https?://\S+|www\.\S+|t\.me/\S+|\S+@\S+\.\S+", re.IGNORECASE)
_MENTIONS: Final = re.compile(r"@\w+")
_NUMBERS: Final = re.compile(r"(?<!\w)[+(]*\d[\d\s().,/-]*|\w*\d\w*")
_PATRONYMIC: Final = re.compile(
    r"\b\w+(?:ович|евич|овна|евна|ична|угли|ўғли|o‘g‘li|ogli|o'g'li|кызы|қизи|qizi|уулу|зода|zoda|гызы)\w*\b",
    re.IGNORECASE,
)
_SURNAME: Final = re.compile(
    r"\b[А-ЯЁҚҒҲЎҶӢӮҢӨҮA-Z][\w‘’']+(?:ов|ова|ев|ева|ин|ина|ский|ская|бек|жон|хон|шох|улло|зода|ov|ova|ev|eva|bek|jon|xon|escu|eanu)\b"
)
_INTRODUCED: Final = re.compile(
    r"(?P<start>(?i:меня зовут|мо[её] имя|фамилия|менин атым|номам|номи ман|mening ismim|ismim|исмим|"
    r"m[aă] numesc|numele meu(?: este)?|m[aă] cheam[aă]|my name is))\s*[:—-]?\s+\S+"
    r"(?:\s+[A-ZА-ЯЁҚҒҲЎҶҢӨҮȘȚ]\S*){0,2}"
)
_CAPITALISED: Final = re.compile(r"(?<=[^\s.!?…:;\n])\s+[A-ZА-ЯЁҚҒҲЎҶӢӮҢӨҮĂÂÎȘȚ][a-zа-яёқғҳўҷӣӯңөүăâîșț‘’']+")
_SPACES: Final = re.compile(r"\s+")


def anonymise(text: str) -> str:
    """Remove from a message what could tell who wrote it: links, @names, numbers, and words that look like names.

    A capital letter inside a sentence is taken for a name; the price is a lost city or surname of a firm.
    """
    result = _LINKS.sub(" ", text)
    result = _MENTIONS.sub(" ", result)
    result = _INTRODUCED.sub(lambda match: match["start"], result)
    result = _PATRONYMIC.sub(" ", result)
    result = _SURNAME.sub(" ", result)
    if not result.isupper():
        result = _CAPITALISED.sub(" ", result)
    result = _NUMBERS.sub(" ", result)
    return _SPACES.sub(" ", result).strip(" ,.;:-+()#№")


@dataclass(frozen=True, slots=True)
class Group:
    """Messages that ask alike: the one nearest to all others first, then the places of all in the list given."""

    example: str
    places: tuple[int, ...]


def group_by_likeness(messages: Sequence[str]) -> tuple[Group, ...]:
    """Group messages, whatever their spelling and script; the largest group first.

    A message joins the first group whose example is like it; each group is then shown by its most typical message.
    """
    grams = [_grams(message) for message in messages]
    groups: list[list[int]] = []
    for place, own in enumerate(grams):
        best, likeness = None, _ALIKE
        for members in groups:
            alike = max(_likeness(own, grams[member]) for member in members[:5])
            if alike >= likeness:
                best, likeness = members, alike
        if best is None:
            groups.append([place])
        else:
            best.append(place)
    result = []
    for members in groups:
        typical = max(members, key=lambda one: sum(_likeness(grams[one], grams[other]) for other in members[:20]))
        result.append(Group(messages[typical], tuple(members)))
    return tuple(sorted(result, key=lambda group: (-len(group.places), group.places)))


def _grams(message: str) -> Counter[str]:
    return Counter(gram for word in fold_words(message) if word not in STOPWORDS for gram in grams_of(word))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    whole = one.total() + other.total()
    if not whole:
        return 1.0
    return 2 * sum((one & other).values()) / whole

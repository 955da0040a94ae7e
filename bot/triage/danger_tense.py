"""Whether the words of a hit tell of the past, so that "earlier" or a year may call it off.

Only forms that are surely past count: a cry that is taken for an old story is worse than a false alarm. Words are
folded (`bot.languages.folding`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from bot.triage.danger_words import Places, Span

_PAST: Final = re.compile(
    r"\w+l[aoi]?(?:s|sia|as|is)?"  # бил, била, ударили, дрался
    r"|\w+(?<![aui])(?<![aio]p)(?<!vot)[dt][iu](?:m|k|lar|la)?"  # Kyrgyz and Uzbek: урду, urdi
    r"|\w*a(?:dim|ldi|shdi|shti|ladi)"
    r"|\w+[gk][ae]n(?:man|min|di|im)?"  # урган, tepgan
    r"|\w{2,}chu"  # урчу
    r"|(?!me|name)\w*(?:zad|za|kard|kuft|burd|girift|dosht|kusht|shud|guft)(?:a|am|i|em|ed|and|an|aand)?"  # Tajik
    r"|\w{3,}ea[um]?"  # Romanian: bătea, loveau
)
"""Forms of the past that are one word."""
_PRESENT: Final = re.compile(
    r"(?!polit)\w*(?:[aeiu]et|i?ut|iat|it|[bj]et|[bj]at)(?:sia)?|me(?!n)\w{3,}|\w+(?:adi|[aio]pti|votti|mokda)"
)
"""Forms of the present that outweigh them within one hit."""
_PARTICIPLE: Final = re.compile(r"\w{2,}(?:ut|at|it|as|is|us)[aei]?")
_HELPERS: Final = frozenset(("a", "au", "am", "o", "ai", "ati", "fost"))
"""Romanian: `a bătut`, `m-au lovit`; without them the same letters end a Kyrgyz verb of the present (`урат`)."""


_YEAR: Final = re.compile(r"(?:19[5-9]|20[01])\d|202[0-5]")
_IN: Final = frozenset(("v", "vo", "in", "anul", "soli"))
_OF_YEAR: Final = re.compile(r"god[ua]?|g|jili|ilda|iili?|il|da|te|iilda")
"""Words before and after a year in which something happened; "since 2023" and "2023 дан бери" date what lasts."""


class Tense(StrEnum):
    """What the verbs of a hit tell."""

    PAST = "past"
    PRESENT = "present"
    UNSURE = "unsure"


def tense_of(hit: Iterable[Span], places: Places) -> Tense:
    """Return the tense of a hit; any present outweighs a past."""
    past = False
    for first, last in hit:
        for index in range(first, last + 1):
            word, before = places.word(index), (places.word(index - 1), places.word(index - 2))
            helped = _PARTICIPLE.fullmatch(word) and not _HELPERS.isdisjoint(before)
            if helped or _PAST.fullmatch(word):
                past = True
            elif _PRESENT.fullmatch(word):
                return Tense.PRESENT
    return Tense.PAST if past else Tense.UNSURE


def dated(first: int, last: int, places: Places) -> bool:
    """Whether a year of the past in which something happened stands among the words from `first` to `last`."""
    return any(
        _YEAR.fullmatch(places.word(index))
        and (places.word(index - 1) in _IN or _OF_YEAR.fullmatch(places.word(index + 1)))
        for index in range(first, last + 1)
    )

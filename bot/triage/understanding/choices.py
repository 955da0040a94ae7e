"""Whether what a person wrote plainly means one of the choices on the screen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bot.languages.folding import fold
from bot.languages.locales import Locale
from bot.triage.models import Choice
from bot.triage.words import Words

_LONGEST: Final = 300
_OR: Final = re.compile(r"\s+(?:или|же|ё|yoki|ёки|sau)\s+", re.IGNORECASE)
_LIST: Final = re.compile(r"[,;\n]")
_WORDS_MAX: Final = 12
"""A longer message tells a story; it is searched, not taken for a press."""


def read_choice(text: str, choices: Mapping[str, Choice], words: Words, *, halves: bool = False) -> str | None:
    """Return the choice a text plainly means: its label or a way of saying it, alone or inside a short sentence.

    A number names the choice by its place. Two choices in one sentence, or a "not" beside the words: none.
    `halves`: one side of an "or" in a label is enough. Only for questions in which a wrong guess harms nobody.
    """
    if len(text) > _LONGEST:
        return None
    said = fold(text)
    if said.isdigit() and text.strip()[:1].isdigit():
        place = int(said[:4])
        return list(choices)[place - 1] if 1 <= place <= len(choices) else None
    exact = [choice_id for choice_id, choice in choices.items() if said and said in _ways(choice)]
    if len(exact) == 1:
        return exact[0]
    sides = [choice_id for choice_id, choice in choices.items() if halves and said and said in _halves(choice)]
    if not exact and len(sides) == 1:
        return sides[0]
    spoken = said.split()
    if exact or not spoken or len(spoken) > _WORDS_MAX:
        return None
    inside = [
        choice_id
        for choice_id, choice in choices.items()
        if any(_stands_in(way.split(), spoken, words) for way in _ways(choice))
    ]
    return inside[0] if len(inside) == 1 else None


def read_several(text: str, choices: Mapping[str, Choice], words: Words) -> list[str]:
    """Return the choices that a list of words plainly means, in its order; a whole label may have commas of its own."""
    parts = [text] if any(fold(text) in _ways(choice) for choice in choices.values()) else _LIST.split(text)
    found = [read_choice(part, choices, words) for part in parts if part.strip()]
    return [each for each in found if each is not None]


def read_yes_no(text: str, words: Words) -> str | None:
    """Return `yes` or `no` where a text plainly says so: the whole of it, or its first word and not the opposite."""
    said = fold(text[:_LONGEST])
    if said in words.no:
        return "no"
    if said in words.yes:
        return "yes"
    spoken = said.split()
    if not spoken or len(spoken) > _WORDS_MAX:
        return None
    first_no, first_yes = spoken[0] in words.no, spoken[0] in words.yes
    if first_no and not any(word in words.yes for word in spoken[1:]):
        return "no"
    if first_yes and not any(word in words.no for word in spoken[1:]):
        return "yes"
    return None


def _ways(choice: Choice) -> frozenset[str]:
    labels = [choice.text[locale] for locale in Locale] if choice.text else []
    said = [way for locale in Locale for way in choice.said[locale]]
    return frozenset(fold(way) for way in (*labels, *said)) - {""}


def _halves(choice: Choice) -> frozenset[str]:
    """What a label names with "or": of "at the boss or the foreman" one of the two is as plain as both.

    A comma is no "or": it may join things that belong together. A shorter side lacks words that both sides share
    ("did not pay a fine or tax": "tax" alone says nothing), so it is left out.
    """
    labels = [choice.text[locale] for locale in Locale] if choice.text else []
    plain: set[str] = set()
    for label in labels:
        sides = [fold(side) for side in _OR.split(label)]
        longest = max(len(side.split()) for side in sides)
        plain |= {side for side in sides if len(side.split()) == longest}
    return frozenset(plain) - {""}


def _stands_in(way: list[str], spoken: list[str], words: Words) -> bool:
    if not way or (len(way) == 1 and len(way[0]) < 4):
        return False
    for start in range(len(spoken) - len(way) + 1):
        if spoken[start : start + len(way)] == way:
            before = spoken[start - 1] if start else ""
            after = spoken[start + len(way)] if start + len(way) < len(spoken) else ""
            if before not in words.negations and after not in words.negations:
                return True
    return False

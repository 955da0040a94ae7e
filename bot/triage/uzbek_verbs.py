"""Forms of Uzbek verbs for the urgency rules: what he, she or they do, are doing or have just done.

Not what I do (`olib ketsam bo‘ladimi` asks for advice), nor what might be (`ushlasa`), nor what is denied (`urmaydi`).
"""

from __future__ import annotations

from typing import Final

_DOES: Final = """
{y}apt* {y}abd* {y}apd* {y}otgan* {y}opti* {y}opdi* {a}yapt* {a}yabd* {a}yapd* {a}yotgan* {a}yopti* {a}votti* {a}votdi*
votti* votdi* {o}pti* moqda* moqchi moqchila* {a}di {a}dila* {i}b {i}bdi* {i}pti* gan ganla* di dila* {r}mish*
"""
"""Endings of the written language and of the talk of Tashkent, Fergana and Khorezm; the letters in brackets depend on
the end of the stem."""
_DOES_ALONE: Final = "{i}votti* {i}votdi* vogan* {a}dikan {a}veradi* {a}voradi* {r}kan* moqchimish"
"""More of them, for one person."""
_AT_ONCE: Final = "vordi vordila* vorishdi* voradi* vorishadi* voribdi* vorgan* voryapt*"
"""The verb joined with `yubormoq` as it is spoken: done at once and wholly."""
_AFTER_K: Final = "kan kanla*"
_VOWELS: Final = tuple("aeiou‘'")


def uzbek_forms(entry: str) -> tuple[str, ...]:
    """Write an entry with one verb as `olib ket~` out into its forms; an entry without `~` is returned as it is."""
    stem, mark, rest = entry.partition("~")
    if not mark:
        return (entry,)
    together = stem + ("sh" if stem.endswith(_VOWELS) else "ish")
    endings = f"{_DOES} {_DOES_ALONE} {_AT_ONCE}" + (f" {_AFTER_K}" if stem.endswith(("k", "q")) else "")
    forms = [*_forms(stem, endings), *_forms(together, _DOES)]
    return tuple(form + rest for form in dict.fromkeys(forms))


def _forms(stem: str, endings: str) -> list[str]:
    # After a vowel `{a}yapt` would double the y; folding evens doubled letters out.
    after_vowel = {"a": "y", "i": "", "o": "yo", "y": "y", "r": "r"}
    after_consonant = {"a": "a", "i": "i", "o": "o", "y": "y", "r": "ar"}
    bound = after_vowel if stem.endswith(_VOWELS) else after_consonant
    return [stem + ending.format_map(bound) for ending in endings.split()]

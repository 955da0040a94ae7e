"""Forms of Uzbek verbs for the urgency rules: what he, she or they do, are doing or have just done.

Not what I do (`olib ketsam bo‘ladimi` asks for advice), nor what might be (`ushlasa`), nor what is denied (`urmaydi`).
"""

from __future__ import annotations

from typing import Final

_GOING_ON: Final = """
{y}apt* {y}abd* {y}apd* {y}abt* {y}otgan* {y}otib* {y}otir* {y}opti* {y}opdi* {a}yapt* {a}yabd* {a}yapd* {a}yotgan*
{a}yotib* {a}yopti* {a}yotir* {a}votti* {a}votdi* votti* votdi* {i}votti* {i}votdi* vogan* {o}pti* {o}pdi* moqda*
moqchi moqchila* moqchimish {a}di {a}dila* {a}dikan {a}veradi* {a}voradi* {a}verdi {r}kan* {r}mish* {i}b {i}bdi*
{i}pti* gan ganlar* ganla gandi* ganakan kan kanlar* qan qanlar* di dilar* dila
"""
"""Endings of the written language and of the talk of Tashkent, Fergana and Khorezm; the letters in brackets depend on
the end of the stem."""
_AT_ONCE: Final = "vordi vordila* vorishdi* voradi* vorishadi* voribdi* vorgan* voryapt*"
"""The verb joined with `yubormoq` as it is spoken: done at once and wholly."""
_VOWELS: Final = tuple("aeiou‘'")


def uzbek_forms(entry: str) -> tuple[str, ...]:
    """Write an entry with one verb as `olib ket~` out into its forms; an entry without `~` is returned as it is."""
    stem, mark, rest = entry.partition("~")
    if not mark:
        return (entry,)
    after_vowel = stem.endswith(_VOWELS)
    together = stem + ("sh" if after_vowel else "ish")
    forms = [*_forms(stem, after_vowel), *_forms(together, False)]
    return tuple(form + rest for form in dict.fromkeys(forms))


def _forms(stem: str, after_vowel: bool) -> list[str]:
    vowels = (
        {"a": "y", "i": "", "o": "yo", "y": "y", "r": "r"}
        if after_vowel
        else {"a": "a", "i": "i", "o": "o", "y": "y", "r": "ar"}
    )
    # After a vowel `{a}yapt` would double the y; folding evens doubled letters out.
    return [stem + ending.format_map(vowels) for ending in (_GOING_ON + _AT_ONCE).split()]

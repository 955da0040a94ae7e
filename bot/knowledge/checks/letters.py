"""Letters of the right alphabet: no Latin look-alikes in Cyrillic words, the right marks in Romanian and Uzbek."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.knowledge.checks.context import Context, Prose, without_markup
from bot.knowledge.findings import Finding
from bot.languages.locales import Locale

_MIXED: Final = re.compile(r"[A-Za-zĂÂÎȘȚăâîșț]+[Ѐ-ӿ]|[Ѐ-ӿ]+[A-Za-zĂÂÎȘȚăâîșț]")
_WORD: Final = re.compile(r"[\w‘’'-]+")
_CEDILLA: Final = re.compile(r"[şţŞŢ]")
_STRAIGHT: Final = re.compile(r"[oOgG]['`´ʻʼ’]|(?<=\w)['`´ʻʼ](?=\w)")


def check(context: Context) -> Iterator[Finding]:
    """Yield words of two alphabets, Romanian cedillas, and Uzbek apostrophes other than ‘ and ’."""
    for prose in context.prose:
        if _MIXED.search(prose.text):
            yield from _mixed(prose)
        if prose.locale is Locale.RO and _CEDILLA.search(prose.text):
            yield prose.finding("cedilla", allowed=("ș", "ț"))
        if prose.locale is Locale.UZ:
            match = _STRAIGHT.search(without_markup(prose.text))
            if match is not None:
                word = _word_at(without_markup(prose.text), match.start())
                yield prose.finding("wrong-apostrophe", allowed=("o‘", "g‘", "’"), word=word)


def _mixed(prose: Prose) -> Iterator[Finding]:
    for word in _WORD.findall(without_markup(prose.text)):
        if not _MIXED.search(word):
            continue
        parts = re.split(r"[-‘’']", word)
        if any(_MIXED.search(part) for part in parts):
            latin = "".join(letter for letter in word if letter.isascii() and letter.isalpha())
            yield prose.finding("two-alphabets", word=word, latin=latin)


def _word_at(text: str, position: int) -> str:
    return next((m.group() for m in _WORD.finditer(text) if m.start() <= position < m.end()), text[position:][:20])

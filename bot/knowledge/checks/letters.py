"""Letters of the right alphabet: no Latin look-alikes in Cyrillic words, the right marks in Romanian and Uzbek."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.knowledge.checks.context import Context, Page, Prose, without_markup
from bot.knowledge.findings import Finding
from bot.languages.locales import Locale

_MIXED: Final = re.compile(r"[A-Za-zĂÂÎȘȚăâîșț][Ѐ-ӿ]|[Ѐ-ӿ][A-Za-zĂÂÎȘȚăâîșț]")
_FOREIGN: Final = {"Cyrl": re.compile(r"[A-Za-z]+"), "Latn": re.compile(r"[Ѐ-ӿ]+")}
"""Runs of letters that are rare in a script; a mixed word has one of them as a neighbour of other letters."""
_WORD: Final = re.compile(r"[\w‘’'-]+")
_CEDILLA: Final = re.compile(r"[şţŞŢ]")
_UZBEK_SUSPECT: Final = ("'", "`", "´", "ʻ", "ʼ", "o’", "O’", "g’", "G’")
_STRAIGHT: Final = re.compile(r"[oOgG]['`´ʻʼ’]|(?<=\w)['`´ʻʼ](?=\w)")


def check(context: Context) -> Iterator[Finding]:
    """Yield words of two alphabets, Romanian cedillas, and Uzbek apostrophes other than ‘ and ’."""
    for page in context.pages:
        if _touches_letters(page.whole, page.locale):
            for prose in page.prose():
                if _MIXED.search(prose.text):
                    yield from _mixed(prose)
        if page.locale is Locale.RO and _CEDILLA.search(page.whole):
            for prose in page.prose():
                if _CEDILLA.search(prose.text):
                    yield prose.finding("cedilla", allowed=("ș", "ț"))
        if page.locale is Locale.UZ and any(sign in page.whole for sign in _UZBEK_SUSPECT):
            yield from _apostrophes(page)


def _touches_letters(whole: str, locale: Locale) -> bool:
    for match in _FOREIGN[locale.script].finditer(whole):
        if whole[match.start() - 1 : match.start()].isalpha() or whole[match.end() : match.end() + 1].isalpha():
            return True
    return False


def _apostrophes(page: Page) -> Iterator[Finding]:
    for prose in page.prose():
        text = without_markup(prose.text)
        match = _STRAIGHT.search(text)
        if match is not None:
            yield prose.finding("wrong-apostrophe", allowed=("o‘", "g‘", "’"), word=_word_at(text, match.start()))


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

"""One concept, one word: words that the termbase asks to avoid."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.knowledge.checks.context import Context, without_markup
from bot.knowledge.findings import Finding, Severity
from bot.languages.locales import Locale


def check(context: Context) -> Iterator[Finding]:
    """Yield words of `avoid`, with the word to use instead. An entry ending in `*` is the beginning of a word."""
    wanted: dict[Locale, dict[str, str]] = {locale: {} for locale in Locale}
    for term in context.knowledge.terms.values():
        for locale in Locale:
            for word in term.avoid[locale]:
                wanted[locale][word.lower()] = term.use[locale]
    patterns = {locale: _pattern(words) for locale, words in wanted.items() if words}
    for page in context.pages:
        whole = page.whole.lower()
        pattern = patterns.get(page.locale)
        if pattern is None or not any(word.rstrip("*") in whole for word in wanted[page.locale]):
            continue
        for prose in page.prose():
            for match in pattern.finditer(without_markup(prose.text).lower()):
                use = _use(match.group(), wanted[prose.locale])
                yield prose.finding("avoided-word", Severity.WARNING, allowed=(use,), word=match.group())


def _pattern(words: dict[str, str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    parts = [re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word) for word in longest_first]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


def _use(found: str, words: dict[str, str]) -> str:
    if found in words:
        return words[found]
    return next(use for word, use in words.items() if word.endswith("*") and found.startswith(word[:-1]))

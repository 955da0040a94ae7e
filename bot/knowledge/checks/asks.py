"""People's own questions: enough of them, and each different after folding."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from bot.knowledge import limits
from bot.knowledge.checks.context import Context
from bot.knowledge.findings import Finding, Severity
from bot.languages.folding import fold


def check(context: Context) -> Iterator[Finding]:
    """Yield texts with too few or too many questions, repeats within one, and one question under two articles."""
    known: dict[tuple[str, str], str] = {}
    for article_id, file, locale, text in context.texts():
        if len(text.asks) < limits.ASKS_MIN:
            values: dict[str, object] = {"count": len(text.asks), "least": limits.ASKS_MIN}
            yield Finding("too-few-asks", file, ("asks",), locale=locale, values=values)
        elif len(text.asks) > limits.ASKS_MAX:
            values = {"part": "asks", "count": len(text.asks), "limit": limits.ASKS_MAX}
            yield Finding("too-many", file, ("asks",), locale=locale, severity=Severity.WARNING, values=values)
        own: dict[str, int] = {}
        for index, ask in enumerate(text.asks):
            folded, path = _folded(ask), ("asks", index)
            if not folded:
                yield Finding("empty-value", file, path, locale=locale, values={"key": ask})
                continue
            if folded in own:
                values = {"ask": ask, "first": own[folded] + 1}
                yield Finding("ask-repeats", file, path, locale=locale, values=values)
                continue
            own[folded] = index
            elsewhere = known.setdefault((locale.value, folded), article_id)
            if elsewhere != article_id:
                values = {"ask": ask, "first": elsewhere}
                yield Finding("ask-elsewhere", file, path, locale=locale, severity=Severity.WARNING, values=values)


def _folded(ask: str) -> str:
    return " ".join(filter(None, map(_folded_word, ask.split())))


@lru_cache(maxsize=65_536)
def _folded_word(word: str) -> str:
    """People's questions repeat the same words; folding each word once keeps the check quick."""
    return fold(word)

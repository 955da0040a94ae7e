"""All languages of an article say the same: same blocks, for the same people and days, with the same facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.knowledge.checks.context import Context, article_file, placeholders
from bot.knowledge.findings import Finding
from bot.knowledge.models import PARTS, ArticleText, Block
from bot.languages.locales import SOURCE_LOCALE, Locale


def check(context: Context) -> Iterator[Finding]:
    """Yield where a language differs from the Russian text in structure, placeholders or links."""
    for article in context.knowledge.articles.values():
        source = article.texts.get(SOURCE_LOCALE)
        if source is None:
            continue
        for locale, text in article.texts.items():
            if locale is not SOURCE_LOCALE and text.updated >= source.updated:
                yield from _compare(article_file(article.id, locale), locale, source, text)


def _compare(file: str, locale: Locale, source: ArticleText, own: ArticleText) -> Iterator[Finding]:
    for part in PARTS:
        theirs, ours = source.part(part), own.part(part)
        if len(theirs) != len(ours):
            values = {"part": part, "own": len(ours), "source": len(theirs)}
            yield Finding("block-count-differs", file, (part,), locale=locale, values=values)
            continue
        for index, (left, right) in enumerate(zip(theirs, ours, strict=True)):
            same_scope = left.citizenships == right.citizenships and left.starts == right.starts
            if not (same_scope and left.until == right.until) and _scope(left) != _scope(right):
                values = {"own": _scope_text(right), "source": _scope_text(left)}
                yield Finding("block-scope-differs", file, (part, index), locale=locale, values=values)
            if "{" in left.text or "{" in right.text:
                yield from _placeholders(file, locale, (part, index), left.text, right.text)


def _placeholders(file: str, locale: Locale, path: tuple[str | int, ...], source: str, own: str) -> Iterator[Finding]:
    theirs, ours = placeholders(source), placeholders(own)
    if theirs == ours:
        return
    left, right = Counter(theirs), Counter(ours)
    for inside in sorted((left - right).keys()):
        yield Finding("placeholder-lost", file, path, locale=locale, values={"inside": inside})
    for inside in sorted((right - left).keys()):
        yield Finding("placeholder-added", file, path, locale=locale, values={"inside": inside})


def _scope(block: Block) -> tuple[frozenset[str], object, object]:
    return frozenset(block.citizenships), block.starts, block.until


def _scope_text(block: Block) -> str:
    parts = [f"for: {', '.join(block.citizenships)}" if block.citizenships else ""]
    parts += [f"from: {block.starts}" if block.starts else "", f"until: {block.until}" if block.until else ""]
    return "; ".join(part for part in parts if part) or "—"

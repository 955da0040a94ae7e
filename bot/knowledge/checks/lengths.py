"""What fits on a phone: lengths and numbers of blocks, by `bot.knowledge.limits`."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge import limits
from bot.knowledge.checks.context import Context, without_markup
from bot.knowledge.findings import Finding, KeyPath, Severity
from bot.knowledge.models import ArticleText
from bot.languages.locales import Locale

_COUNTS = {
    "answer": limits.ANSWER_BLOCKS_MAX,
    "steps": limits.STEPS_MAX,
    "documents": limits.DOCUMENTS_MAX,
    "beware": limits.BEWARE_MAX,
    "where": limits.WHERE_MAX,
}


def check(context: Context) -> Iterator[Finding]:
    """Yield texts that are too long or too many."""
    for _, file, locale, text in context.texts():
        yield from _article(file, locale, text)
    for organisation in context.knowledge.organisations.values():
        file, own = context.origin("organisation", organisation.id), organisation.id
        for locale in Locale:
            name, purpose = organisation.name[locale], organisation.purpose[locale]
            yield from _length(file, (own, "name", locale.value), locale, name, limits.ORGANISATION_NAME_MAX)
            yield from _length(file, (own, "for", locale.value), locale, purpose, limits.ORGANISATION_FOR_MAX)
    for index, section in enumerate(context.knowledge.sections):
        for locale in Locale:
            path = (index, "title", locale.value)
            yield from _length("sections.yaml", path, locale, section.title[locale], limits.SECTION_TITLE_MAX)


def _article(file: str, locale: Locale, text: ArticleText) -> Iterator[Finding]:
    yield from _length(file, ("title",), locale, text.title, limits.TITLE_MAX)
    yield from _length(file, ("short",), locale, text.short, limits.SHORT_MAX)
    for index, ask in enumerate(text.asks):
        yield from _length(file, ("asks", index), locale, ask, limits.ASK_MAX)
    whole = sum(len(without_markup(block.text)) for block in text.answer)
    if whole > limits.ANSWER_MAX:
        values = {"what": "answer", "length": whole, "limit": limits.ANSWER_MAX}
        yield Finding("too-long", file, ("answer",), locale=locale, values=values)
    for part, most in _COUNTS.items():
        blocks = text.part(part)
        if len(blocks) > most:
            values = {"part": part, "count": len(blocks), "limit": most}
            yield Finding("too-many", file, (part,), locale=locale, values=values)
        if part != "answer":
            for index, block in enumerate(blocks):
                if len(block.text) > limits.ITEM_MAX:
                    yield from _length(file, (part, index), locale, without_markup(block.text), limits.ITEM_MAX)


def _length(file: str, path: KeyPath, locale: Locale, text: str, limit: int) -> Iterator[Finding]:
    if len(text) > limit:
        values = {"what": path[0], "length": len(text), "limit": limit}
        yield Finding("too-long", file, path, locale=locale, severity=Severity.ERROR, values=values)

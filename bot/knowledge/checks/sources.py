"""Every fact, article and organisation says where it stands, so that the next editor can look again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.knowledge.checks.context import Context, article_file
from bot.knowledge.findings import Finding, KeyPath, Severity
from bot.knowledge.sources import ArticleSource, FactSource

_ACT_OR_SITE: Final = re.compile(
    r"\d\d\.\d\d\.\d{4}|№|ФЗ|\bст\.|\bп\.|кодекс|закон|приказ|указ|постановлен|распоряжен|договор|соглашен|конвенци|конституци|пленум"
    r"|[\w-]+\.(?:рф|ru|su|com|org|net|info|kg|tj|uz|md|kz|by|news|media|online|gov|int|eu|me|help|moscow|онлайн)\b",
    re.IGNORECASE,
)


def check(context: Context) -> Iterator[Finding]:
    """Yield sources by which nobody can find the statement again: no address, act, site or day of publication."""
    for fact in context.knowledge.facts.values():
        yield from _source(context.origin("fact", fact.id), (fact.id, "source"), fact.source)
    for article in context.knowledge.articles.values():
        for index, source in enumerate(article.sources):
            yield from _source(article_file(article.id), ("sources", index), source)
    for organisation in context.knowledge.organisations.values():
        file = context.origin("organisation", organisation.id)
        yield from _source(file, (organisation.id, "source"), organisation.source)


def _source(file: str, path: KeyPath, source: FactSource | ArticleSource) -> Iterator[Finding]:
    if source.url is None and source.cite is None and not _ACT_OR_SITE.search(source.title):
        yield Finding("source-not-findable", file, path, severity=Severity.WARNING, values={"title": source.title})

"""Every article has its common file and a text in all six locales; none is older than the Russian one."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.checks.context import Context, article_file
from bot.knowledge.findings import Finding, Severity
from bot.languages.locales import SOURCE_LOCALE, Locale


def check(context: Context) -> Iterator[Finding]:
    """Yield missing files and stale texts, and missing parts of the knowledge as a whole."""
    knowledge = context.knowledge
    for folder in sorted(context.article_folders - knowledge.articles.keys()):
        yield Finding("missing-article-file", article_file(folder), values={"id": folder})
    for article in knowledge.articles.values():
        for locale in Locale:
            file = article_file(article.id, locale)
            if locale not in article.texts:
                yield Finding("missing-locale", file, locale=locale, values={"id": article.id})
            elif article.is_stale(locale):
                values = {"own": article.texts[locale].updated, "source": article.texts[SOURCE_LOCALE].updated}
                yield Finding("stale-text", file, ("updated",), locale=locale, severity=Severity.WARNING, values=values)
    if knowledge.phrases is None:
        yield Finding("missing-file", "lexicon/phrases.yaml")
    if not knowledge.sections:
        yield Finding("missing-file", "sections.yaml")

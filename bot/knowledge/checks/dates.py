"""Dates that have passed or cannot be. What only time can break is a warning: it must not stop a running bot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.knowledge.checks.context import Context, article_file, block_prose
from bot.knowledge.findings import Finding, KeyPath, Severity


def check(context: Context) -> Iterator[Finding]:
    """Yield check-by dates that have passed, dates in the future that cannot be, and turned-round periods."""
    for fact in context.knowledge.facts.values():
        file = context.origin("fact", fact.id)
        yield from _checked(context.today, file, (fact.id, "source", "checked"), fact.source.checked)
        yield from _check_by(context.today, file, (fact.id, "check_by"), fact.source.checked, fact.check_by)
    for article in context.knowledge.articles.values():
        file = article_file(article.id)
        yield from _checked(context.today, file, ("checked",), article.checked)
        yield from _check_by(context.today, file, ("check_by",), article.checked, article.check_by)
        for index, source in enumerate(article.sources):
            yield from _checked(context.today, file, ("sources", index, "checked"), source.checked)
    for organisation in context.knowledge.organisations.values():
        file, own = context.origin("organisation", organisation.id), organisation.id
        yield from _checked(context.today, file, (own, "checked"), organisation.checked)
        yield from _check_by(context.today, file, (own, "check_by"), organisation.checked, organisation.check_by)
    for _, file, locale, text in context.texts():
        if text.updated > context.today:
            yield Finding("date-in-future", file, ("updated",), locale=locale, values={"date": text.updated})
    yield from _periods(context)


def _periods(context: Context) -> Iterator[Finding]:
    for file, locale, part, index, block in context.blocks():
        if block.until is None:
            continue
        prose = block_prose(file, locale, part, index, block)
        if block.starts is not None and block.until < block.starts:
            yield prose.finding("period-turned-round", start=block.starts, end=block.until)
        elif block.until < context.today:
            yield prose.finding("block-expired", Severity.WARNING, end=block.until)


def _checked(today: date, file: str, path: KeyPath, checked: date) -> Iterator[Finding]:
    if checked > today:
        yield Finding("date-in-future", file, path, values={"date": checked})


def _check_by(today: date, file: str, path: KeyPath, checked: date, check_by: date) -> Iterator[Finding]:
    if check_by < checked:
        yield Finding("check-by-before-checked", file, path, values={"check_by": check_by, "checked": checked})
    elif check_by < today:
        yield Finding("past-check-by", file, path, severity=Severity.WARNING, values={"date": check_by})

"""Every id that is named exists, and every article can be reached from the menu."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.knowledge import limits
from bot.knowledge.checks.context import Context, article_file
from bot.knowledge.findings import Finding, KeyPath, Severity
from bot.knowledge.models import Article
from bot.knowledge.shape import similar


def check(context: Context) -> Iterator[Finding]:
    """Yield unknown links, articles outside of the menu, and wrong numbers of related articles."""
    for article in context.knowledge.articles.values():
        yield from _article(context, article)
    yield from _sections(context)
    for organisation in context.knowledge.organisations.values():
        file = context.origin("organisation", organisation.id)
        path = (organisation.id, "services")
        yield from _unknown(context, file, path, organisation.services, context.knowledge.services, "service")


def _article(context: Context, article: Article) -> Iterator[Finding]:
    knowledge, file = context.knowledge, article_file(article.id)
    yield from _unknown(context, file, ("related",), article.related, knowledge.articles, "article")
    sections = [each.id for each in knowledge.sections]
    yield from _unknown(context, file, ("section",), (article.section,), sections, "section")
    turn_to = article.turn_to
    yield from _unknown(
        context, file, ("turn_to", "organisations"), turn_to.organisations, knowledge.organisations, "organisation"
    )
    yield from _unknown(context, file, ("turn_to", "services"), turn_to.services, knowledge.services, "service")
    if article.flow and context.flow_ids is not None:
        yield from _unknown(context, file, ("flow",), (article.flow,), context.flow_ids, "flow")
    if article.id in article.related or len(set(article.related)) < len(article.related):
        yield Finding("related-repeats", file, ("related",))
    if not limits.RELATED_MIN <= len(article.related) <= limits.RELATED_MAX:
        values = {"count": len(article.related), "least": limits.RELATED_MIN, "most": limits.RELATED_MAX}
        yield Finding("related-count", file, ("related",), severity=Severity.WARNING, values=values)


def _sections(context: Context) -> Iterator[Finding]:
    knowledge = context.knowledge
    places: dict[str, str] = {}
    for index, section in enumerate(knowledge.sections):
        path: KeyPath = (index, "articles")
        yield from _unknown(context, "sections.yaml", path, section.articles, knowledge.articles, "article")
        for position, article_id in enumerate(section.articles):
            if article_id in places:
                values = {"id": article_id, "first": places[article_id]}
                yield Finding("in-two-sections", "sections.yaml", (*path, position), values=values)
            places.setdefault(article_id, section.id)
    for article in knowledge.articles.values():
        if article.id not in places:
            yield Finding("unreachable-article", article_file(article.id), ("id",), values={"id": article.id})
        elif places[article.id] != article.section:
            values = {"section": article.section, "listed": places[article.id]}
            yield Finding("other-section", article_file(article.id), ("section",), values=values)


def _unknown(
    context: Context, file: str, path: KeyPath, named: Iterable[str], known: Iterable[str], kind: str
) -> Iterator[Finding]:
    known = frozenset(known)
    several = path not in (("section",), ("flow",))
    for index, name in enumerate(named):
        stands_somewhere = name in context.article_folders if kind == "article" else f"{kind}:{name}" in context.broken
        if name not in known and not stands_somewhere:
            place = (*path, index) if several else path
            yield Finding(f"unknown-{kind}", file, place, values={"id": name}, allowed=similar(name, known))

"""The knowledge as a whole, as the rest of the hotline sees it: loaded, checked for shape, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.errors import HotlineError
from bot.knowledge.models import Article, Fact, Phrases, Regions, Section, Service, Term
from bot.knowledge.places import Organisation


class ArticleNotFound(HotlineError):
    """No article has this id; an old button may name one that was removed: offer the menu."""


@dataclass(frozen=True)
class Knowledge:
    """Everything in `knowledge/` that speaks to people.

    version: eight hexadecimal digits that change with any file; callbacks carry it.
    origins: the file of a thing, by `fact:<id>`, `organisation:<id>`, `term:<id>`; for findings.
    """

    version: str
    articles: Mapping[str, Article] = field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    terms: Mapping[str, Term] = field(default_factory=dict)
    phrases: Phrases | None = None
    regions: Regions | None = None
    allowed_numbers: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)

    def article(self, article_id: str) -> Article:
        """Return an article; raise `ArticleNotFound`."""
        try:
            return self.articles[article_id]
        except KeyError:
            raise ArticleNotFound(f"There is no article {article_id!r}.") from None

    def section_of(self, article_id: str) -> Section | None:
        """Return the section of the menu that lists an article, or None."""
        return self._sections_by_article.get(article_id)

    def section(self, section_id: str) -> Section | None:
        """Return a section by its id, or None."""
        return next((section for section in self.sections if section.id == section_id), None)

    @cached_property
    def _sections_by_article(self) -> dict[str, Section]:
        return {article: section for section in reversed(self.sections) for article in section.articles}

"""What every check is given: the knowledge, the day, and the texts one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Any, Final, NamedTuple

from bot.knowledge.base import Knowledge
from bot.knowledge.findings import Finding, KeyPath, Severity
from bot.knowledge.models import PARTS, ArticleText, Block
from bot.knowledge.render import MARKUP
from bot.languages.locales import Locale

_BRACES: Final = re.compile(r"\{[^{}\n]*\}")
_ADDRESS: Final = re.compile(r"\]\(https?://[^\s()]+\)")


class Prose(NamedTuple):
    """One text that people read, and where it stands; `block` is None for titles, labels and organisations."""

    file: str
    path: KeyPath
    locale: Locale
    text: str
    block: Block | None = None

    def finding(
        self, code: str, severity: Severity = Severity.ERROR, allowed: tuple[str, ...] = (), **values: Any
    ) -> Finding:
        """Return a finding at this place."""
        return Finding(
            code, self.file, self.path, locale=self.locale, severity=severity, values=values, allowed=allowed
        )


@dataclass(frozen=True)
class Page:
    """The prose of one article text, or of all organisations in one locale.

    whole: all of it, one text per line, without what stands in braces and without addresses: a check looks here
    first, and at the single texts only where it sees something. raw: the same as it is written; texts: how many.
    """

    prose: Callable[[], Iterator[Prose]]
    locale: Locale
    raw: str
    whole: str
    texts: int


@dataclass(frozen=True)
class Context:
    """What the checks look at.

    today: the date in Moscow; flow_ids: the flows that exist, None where nobody knows (links to them are not checked);
    article_folders: folders of `articles/` with any file; broken: things that exist but cannot be read, as `fact:<id>`.
    """

    knowledge: Knowledge
    today: date
    flow_ids: frozenset[str] | None = None
    article_folders: frozenset[str] = field(default_factory=frozenset)
    broken: frozenset[str] = field(default_factory=frozenset)

    def texts(self) -> Iterator[tuple[str, str, Locale, ArticleText]]:
        """Yield every article text: article id, file, locale, text."""
        for article_id, article in self.knowledge.articles.items():
            for locale, text in article.texts.items():
                yield article_id, article_file(article_id, locale), locale, text

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Everything people read: titles, labels and blocks of articles, and what organisations are for."""
        articles = [
            _page(partial(_article_prose, file, locale, text), locale, _all_of(text))
            for _, file, locale, text in self.texts()
        ]
        organisations = self.knowledge.organisations.values()
        purposes = [
            _page(partial(self._purposes, locale), locale, [each.purpose[locale] for each in organisations])
            for locale in Locale
        ]
        return (*articles, *purposes)

    def blocks(self) -> Iterator[tuple[str, Locale, str, int, Block]]:
        """Yield every block of every article text: file, locale, part, position, block."""
        for _, file, locale, text in self.texts():
            for part in PARTS:
                for index, block in enumerate(text.part(part)):
                    yield file, locale, part, index, block

    def _purposes(self, locale: Locale) -> Iterator[Prose]:
        for each in self.knowledge.organisations.values():
            path = (each.id, "for", locale.value)
            yield Prose(self.origin("organisation", each.id), path, locale, each.purpose[locale])

    def origin(self, kind: str, item_id: str) -> str:
        """Return the file that holds a fact, an organisation, a term …"""
        return self.knowledge.origins.get(f"{kind}:{item_id}", "")


def block_prose(file: str, locale: Locale, part: str, index: int, block: Block) -> Prose:
    """Return a block with its place."""
    path: KeyPath = (part, index, "text") if block.is_mapping else (part, index)
    return Prose(file, path, locale, block.text, block)


def article_file(article_id: str, locale: Locale | None = None) -> str:
    """Return the file of an article or of one of its texts, inside `knowledge/`."""
    return f"articles/{article_id}/{locale.value if locale else 'article'}.yaml"


def without_markup(text: str) -> str:
    """Return a text with addresses and placeholders blanked out and the marks of bold and links removed."""
    return MARKUP.sub(_plain, text)


def placeholders(text: str) -> list[str]:
    """Return what stands in braces anywhere in a text."""
    return re.findall(r"\{([^{}]*)\}", text)


def _article_prose(file: str, locale: Locale, text: ArticleText) -> Iterator[Prose]:
    yield Prose(file, ("title",), locale, text.title)
    yield Prose(file, ("short",), locale, text.short)
    for part in PARTS:
        for index, block in enumerate(text.part(part)):
            yield block_prose(file, locale, part, index, block)


def _all_of(text: ArticleText) -> list[str]:
    blocks = (*text.answer, *text.steps, *text.documents, *text.beware, *text.where)
    return [text.title, text.short, *[block.text for block in blocks]]


def _page(prose: Callable[[], Iterator[Prose]], locale: Locale, texts: list[str]) -> Page:
    raw = "\n".join(texts)
    whole = _BRACES.sub("…", raw) if "{" in raw else raw
    whole = _ADDRESS.sub("…", whole) if "](" in whole else whole
    return Page(prose, locale, raw, whole, len(texts))


def _plain(match: re.Match[str]) -> str:
    if match["bold"] is not None:
        return without_markup(match["bold"])
    if match["label"] is not None:
        return without_markup(match["label"])
    return "…"

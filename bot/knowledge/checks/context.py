"""What every check is given: the knowledge, the day, and the texts one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from bot.knowledge.base import Knowledge
from bot.knowledge.findings import Finding, KeyPath, Severity
from bot.knowledge.models import PARTS, ArticleText, Block
from bot.knowledge.render import MARKUP
from bot.languages.locales import Locale


@dataclass(frozen=True, slots=True)
class Prose:
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
    def blocks(self) -> tuple[Prose, ...]:
        """Every block of every article text."""
        return tuple(
            Prose(file, (part, index, "text") if block.is_mapping else (part, index), locale, block.text, block)
            for _, file, locale, text in self.texts()
            for part in PARTS
            for index, block in enumerate(text.part(part))
        )

    @cached_property
    def prose(self) -> tuple[Prose, ...]:
        """Everything people read: blocks, titles, labels, and what organisations are for."""
        titles = [
            Prose(file, (key,), locale, getattr(text, key))
            for _, file, locale, text in self.texts()
            for key in ("title", "short")
        ]
        purposes = [
            Prose(self.origin("organisation", each.id), (each.id, "for", locale.value), locale, each.purpose[locale])
            for each in self.knowledge.organisations.values()
            for locale in Locale
        ]
        return (*self.blocks, *titles, *purposes)

    def origin(self, kind: str, item_id: str) -> str:
        """Return the file that holds a fact, an organisation, a term …"""
        return self.knowledge.origins.get(f"{kind}:{item_id}", "")


def article_file(article_id: str, locale: Locale | None = None) -> str:
    """Return the file of an article or of one of its texts, inside `knowledge/`."""
    return f"articles/{article_id}/{locale.value if locale else 'article'}.yaml"


def without_markup(text: str) -> str:
    """Return a text with addresses and placeholders blanked out and the marks of bold and links removed."""
    return MARKUP.sub(_plain, text)


def placeholders(text: str) -> list[str]:
    """Return what stands in braces anywhere in a text."""
    return re.findall(r"\{([^{}]*)\}", text)


def _plain(match: re.Match[str]) -> str:
    if match["bold"] is not None:
        return without_markup(match["bold"])
    if match["label"] is not None:
        return without_markup(match["label"])
    return "…"

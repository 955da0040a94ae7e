"""A neutral document: what to show, without a word about how a channel shows it.

A channel turns blocks into its own text: Telegram into messages with entities, the preview into HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.languages.locales import Locale

Style = Literal["plain", "bold", "link", "phone"]
Kind = Literal["breadcrumb", "title", "heading", "paragraph", "item", "note"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style. `url` is set for links (https:) and phones (tel:)."""

    text: str
    style: Style = "plain"
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One line or paragraph. `number` is set for the items of a numbered list and counts from 1."""

    kind: Kind
    spans: tuple[Span, ...]
    number: int | None = None

    @property
    def text(self) -> str:
        """The text without styles."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Document:
    """Blocks from top to bottom, in one locale.

    locale: the locale the text is really in; a missing translation falls back and the reader should be told.
    checked: the oldest day on which somebody checked what stands here; None where nothing is dated.
    overdue: the article or a fact in it is past its check-by date: say so, and offer a person.
    """

    blocks: tuple[Block, ...]
    locale: Locale
    checked: date | None = None
    overdue: bool = False

    @property
    def text(self) -> str:
        """All blocks as plain text, one per line; for logs of tests, search and comparing."""
        return "\n".join(
            f"{block.number}. {block.text}"
            if block.number
            else f"• {block.text}"
            if block.kind == "item"
            else block.text
            for block in self.blocks
        )

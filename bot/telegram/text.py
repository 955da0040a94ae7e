"""Neutral documents as Telegram's text and entities, split where Telegram's limits ask for it.

Telegram counts UTF-16 units after parsing. Texts are sent with entities and never with a parse mode, so that no
escaping error is possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.knowledge.document import Block, Document

TEXT_LIMIT: Final = 4096
"""UTF-16 units of a message."""
CAPTION_LIMIT: Final = 1024
"""UTF-16 units of a caption."""


@dataclass(frozen=True)
class Part:
    """One message: a text and its entities as Bot API JSON."""

    text: str
    entities: tuple[dict[str, Any], ...] = ()


def units(text: str) -> int:
    """Return the length of a text as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def to_parts(document: Document, limit: int = TEXT_LIMIT) -> tuple[Part, ...]:
    """Return the messages that a document makes: split between blocks, and inside one only where it is too long."""
    parts: list[Part] = []
    inside = False
    previous: Block | None = None
    for block in document.blocks:
        # What stands under a heading belongs together, and so do the items of a list without numbers.
        inside = block.kind not in ("heading", "title") and (
            inside or (previous is not None and previous.kind == "heading")
        )
        listed = previous is not None and previous.kind == block.kind == "item" and block.number is None
        between = "\n" if inside or listed else "\n\n"
        for piece in split(_block(block), limit):
            if parts and units(parts[-1].text) + len(between) + units(piece.text) <= limit:
                parts[-1] = _join(parts[-1], piece, between)
            else:
                parts.append(piece)
        previous = block
    return tuple(parts)


def _block(block: Block) -> Part:
    text = f"{block.number}. " if block.number else "• " if block.kind == "item" else ""
    entities: list[dict[str, Any]] = []
    whole = {"title": "bold", "heading": "bold", "note": "italic", "breadcrumb": "italic"}.get(block.kind)
    for span in block.spans:
        start = units(text)
        text += span.text
        length = units(span.text)
        if not span.text.strip():
            continue
        if span.style == "link" and span.url:
            entities.append({"type": "text_link", "offset": start, "length": length, "url": span.url})
        elif span.style == "bold" and whole != "bold":
            entities.append({"type": "bold", "offset": start, "length": length})
    if whole and text.strip():
        entities.insert(0, {"type": whole, "offset": 0, "length": units(text)})
    return Part(text, tuple(entities))


def _join(first: Part, second: Part, between: str) -> Part:
    shift = units(first.text + between)
    moved = tuple({**entity, "offset": entity["offset"] + shift} for entity in second.entities)
    return Part(first.text + between + second.text, first.entities + moved)


def prefixed(prefix: str, part: Part, limit: int) -> Part:
    """Return a part with `prefix` before it, or as it is where there is no room."""
    if units(prefix) + units(part.text) > limit:
        return part
    return _join(Part(prefix), part, "")


def split(part: Part, limit: int) -> list[Part]:
    """Split a text that is too long, at a line or a space where there is one; entities are cut with it.

    No character is cut in two, no part is empty, and together the parts hold all that is not space at a border.
    """
    parts: list[Part] = []
    rest = part
    while units(rest.text) > limit:
        cut = _cut(rest.text, limit)
        head, tail = rest.text[:cut].rstrip(), rest.text[cut:]
        stripped = tail.lstrip()
        skipped = units(rest.text[:cut]) + units(tail) - units(stripped)
        if head:
            parts.append(Part(head, _slice(rest.entities, 0, units(head))))
        rest = Part(stripped, _slice(rest.entities, skipped, units(rest.text)))
    if rest.text.strip():
        parts.append(rest)
    return parts


def _cut(text: str, limit: int) -> int:
    """Return the index where at most `limit` units stand before it, preferably after a line break or a space."""
    used = 0
    most = 0
    for most, char in enumerate(text):  # noqa: B007 - the index is the result
        used += 2 if ord(char) > 0xFFFF else 1
        if used > limit:
            break
    floor = most // 2
    for separator in ("\n", " "):
        at = text.rfind(separator, floor, most)
        if at > 0:
            return at + 1
    while most > 1 and _belongs_to_previous(text[most]):
        most -= 1
    return max(most, 1)


def _belongs_to_previous(char: str) -> bool:
    """Whether a character joins the one before it: combining marks, variation selectors, joiners, skin tones."""
    code = ord(char)
    return (
        0x0300 <= code <= 0x036F
        or 0xFE00 <= code <= 0xFE0F
        or code == 0x200D
        or 0x1F3FB <= code <= 0x1F3FF
        or 0xE0020 <= code <= 0xE007F
    )


def _slice(entities: Iterable[dict[str, Any]], start: int, end: int) -> tuple[dict[str, Any], ...]:
    found = []
    for entity in entities:
        left = max(entity["offset"], start)
        right = min(entity["offset"] + entity["length"], end)
        if right > left:
            found.append({**entity, "offset": left - start, "length": right - left})
    return tuple(found)


_KEPT: Final = frozenset(
    {"bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "text_link", "blockquote"}
)


def kept_entities(entities: Sequence[dict[str, Any]] | None) -> tuple[dict[str, Any], ...]:
    """Return the formatting that may be passed on: none that names a user, none that Telegram finds by itself."""
    fields = ("type", "offset", "length", "url", "language")
    return tuple(
        {name: entity[name] for name in fields if entity.get(name) is not None}
        for entity in entities or ()
        if entity.get("type") in _KEPT
    )

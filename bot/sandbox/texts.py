"""What becomes of a text that a bot or a person sends: parse mode, given entities, automatic ones, limits.

Rules: https://core.telegram.org/bots/api#formatting-options; lengths count in UTF-16 units after parsing.
"""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.entities import CannotParse, Entity, mend, sort, units
from bot.sandbox.html_text import parse_html
from bot.sandbox.links import find_links
from bot.sandbox.markdown_text import parse_markdown
from bot.sandbox.refusals import bad_request

MESSAGE_LIMIT = 4096
CAPTION_LIMIT = 1024

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_REMOVED = re.compile("[\r\u2028-\u202e]")
_WRONG = re.compile("[\ud800-\udfff]")


def formatted(text: str, parse_mode: str | None, given: list[Entity] | None) -> tuple[str, list[Entity]]:
    """Return the trimmed plain text and all its entities. Raises Refused as Telegram does."""
    if _WRONG.search(text):
        raise bad_request("strings must be encoded in UTF-8")
    if parse_mode:
        text, entities = _parsed(text, parse_mode)
    else:
        entities = given or []
    return settle(text, entities)


def settle(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Return text and entities as a message keeps them: cleaned, mended, trimmed, with automatic entities added."""
    if _REMOVED.search(text) and not entities:
        text = _REMOVED.sub("", text)
    text = _CONTROL.sub(" ", text).replace("\r", " ")
    entities = mend(text, entities) if entities else []
    text, entities = _trimmed(text, entities)
    links = find_links(text, entities)
    return text, sort(entities + links) if links else entities


def _parsed(text: str, parse_mode: str) -> tuple[str, list[Entity]]:
    mode = parse_mode.lower()
    try:
        if mode == "html":
            return parse_html(text)
        if mode == "markdownv2":
            return parse_markdown(text)
    except CannotParse as wrong:
        raise bad_request(f"can't parse entities: {wrong}") from None
    if mode == "markdown":
        raise bad_request("unsupported parse_mode: the local Telegram does not read the legacy Markdown")
    raise bad_request("unsupported parse_mode")


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    text = text.rstrip(" \n\t\u00a0\u200b")
    first = entities[0]["offset"] if entities else units(text)
    lead = 0
    while lead < len(text) and lead < first and text[lead] in " \n":
        lead += 1
    text = text[lead:]
    total = units(text)
    kept = []
    for entity in entities:
        start = entity["offset"] - lead
        length = min(entity["length"], total - start)
        if length > 0:
            kept.append({**entity, "offset": start, "length": length})
    return text, kept


def message_text(p: dict[str, Any]) -> dict[str, Any]:
    """Return `text` and `entities` of a message from request parameters. Raises Refused when empty or too long."""
    text, entities = formatted(p["text"], p.get("parse_mode"), p.get("entities"))
    if not text:
        raise bad_request("message text is empty")
    if units(text) > MESSAGE_LIMIT:
        raise bad_request("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption(p: dict[str, Any]) -> dict[str, Any]:
    """Return `caption` and `caption_entities` from request parameters, {} without one. Raises Refused when too long."""
    raw = p.get("caption")
    if not raw:
        return {}
    text, entities = formatted(raw, p.get("parse_mode"), p.get("caption_entities"))
    if units(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    if not text:
        return {}
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}

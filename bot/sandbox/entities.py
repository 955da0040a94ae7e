"""Entities of a text: UTF-16 arithmetic, links that Telegram accepts, sorting and mending of entity lists.

An entity is a plain dict as in the Bot API: `type`, `offset`, `length` (UTF-16 units) and what its type needs.
"""

from __future__ import annotations

import re
from typing import Any

Entity = dict[str, Any]

ORDER = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}
"""Which of two entities of the same extent comes first; all automatic ones stand at 50."""

_MERGED = ("bold", "italic", "underline", "strikethrough", "spoiler")
_ALONE = ("pre", "code")
_QUOTES = ("blockquote", "expandable_blockquote")

_LINK = re.compile(
    r"(?:(?P<scheme>[a-z]+)://)?(?:[^/?#@\s]*@)?"
    r"(?P<host>[^/?#:@\s\"<>&]+)(?::(?P<port>\d{1,5}))?(?P<rest>[/?#]\S*)?",
    re.IGNORECASE,
)
_TG = re.compile(r"tg:(?://)?(?P<rest>[^\s]+)", re.IGNORECASE)
_USER = re.compile(r"tg:(?://)?user\?(?:[^#]*&)?id=(?P<id>[1-9]\d{0,15})(?:[&#].*)?", re.IGNORECASE)
_EMOJI = re.compile(r"tg:(?://)?emoji\?(?:[^#]*&)?id=(?P<id>-?\d{1,19})(?:[&#].*)?", re.IGNORECASE)
_TIME = re.compile(r"tg:(?://)?time\?(?:[^#]*&)?unix=(?P<unix>[1-9]\d{0,9})(?:[&#].*)?", re.IGNORECASE)


class CannotParse(Exception):
    """The formatting of a text is broken; the text is Telegram's wording without its prefix."""


def units(text: str) -> int:
    """Return the length of `text` in UTF-16 units, as Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def slice_units(text: str, offset: int, length: int) -> str:
    """Return the part of `text` at `offset` and `length` given in UTF-16 units."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def byte_offset(text: str, index: int) -> int:
    """Return the offset in UTF-8 bytes of the character at `index`, as Telegram's error texts give it."""
    return len(text[:index].encode("utf-8", "surrogatepass"))


def checked_link(url: str) -> str | None:
    """Return the link as Telegram stores it, None when it would silently lose it (`tel:`, a host without a dot)."""
    inner = _TG.fullmatch(url)
    if inner:
        return f"tg://{inner['rest'].lstrip('/')}"
    found = _LINK.fullmatch(url)
    if not found:
        return None
    scheme = (found["scheme"] or "http").lower()
    host = found["host"].lower()
    if scheme not in ("http", "https", "ton", "tonsite") or not _host_is_good(host):
        return None
    rest = found["rest"] or ""
    if not rest.startswith("/"):
        rest = "/" + rest
    port = f":{found['port']}" if found["port"] else ""
    return f"{scheme}://{host}{port}{rest}"


def _host_is_good(host: str) -> bool:
    labels = host.split(".")
    return len(labels) > 1 and all(label and "%" not in label for label in labels)


def linked_user(url: str) -> int | None:
    """Return the user id of a `tg://user?id=` link."""
    found = _USER.fullmatch(url)
    return int(found["id"]) if found else None


def mentioned(user_id: int) -> dict[str, Any]:
    """Return the User of a text_mention; the name stands in the text."""
    return {"id": user_id, "is_bot": False, "first_name": ""}


def of_inline_link(url: str) -> Entity:
    """Return what a `tg://emoji?id=` or `tg://time?unix=` link makes of its text. Raises CannotParse for another."""
    emoji = _EMOJI.fullmatch(url)
    if emoji:
        return {"type": "custom_emoji", "custom_emoji_id": custom_emoji(emoji["id"])}
    moment = _TIME.fullmatch(url)
    if moment:
        return {"type": "date_time", "unix_time": int(moment["unix"])}
    raise CannotParse("Invalid tg://emoji or tg://time URL specified")


def custom_emoji(number: str) -> str:
    """Return a custom emoji id. Raises CannotParse when it is none."""
    if not re.fullmatch(r"-?\d{1,19}", number) or int(number) == 0:
        raise CannotParse("Invalid custom emoji identifier specified")
    return number


def sort(entities: list[Entity]) -> list[Entity]:
    """Return the entities in Telegram's order: by place, longer first, then by kind."""
    return sorted(entities, key=lambda one: (one["offset"], -one["length"], ORDER.get(one["type"], 50)))


def mend(text: str, entities: list[Entity]) -> list[Entity]:
    """Return what Telegram keeps of `entities` in a message.

    Entities outside the text and those over nothing are dropped, touching ones of a kind become one, code stands alone,
    and a quotation holds no other quotation.
    """
    total = units(text)
    kept: list[Entity] = []
    for entity in sort(entities):
        start, end = entity["offset"], min(entity["offset"] + entity["length"], total)
        if start < 0 or end <= start:
            continue
        entity = {**entity, "length": end - start}
        if entity["type"] not in _QUOTES and _inside(kept, entity, _ALONE):
            continue
        if entity["type"] in _QUOTES and _inside(kept, entity, _QUOTES):
            continue
        if entity["type"] in _MERGED and _merge(kept, entity):
            continue
        kept.append(entity)
    return sort(kept)


def _inside(kept: list[Entity], entity: Entity, kinds: tuple[str, ...]) -> bool:
    return any(
        one["type"] in kinds and one["offset"] < entity["offset"] + entity["length"] and entity["offset"] < _end(one)
        for one in kept
    )


def _merge(kept: list[Entity], entity: Entity) -> bool:
    for one in kept:
        if one["type"] == entity["type"] and _end(one) >= entity["offset"]:
            one["length"] = max(_end(one), _end(entity)) - one["offset"]
            return True
    return False


def _end(entity: Entity) -> int:
    return int(entity["offset"] + entity["length"])

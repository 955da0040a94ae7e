"""Reads the HTML that Telegram takes as a formatted text, with its tolerance and its complaints."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.sandbox.entities import (
    CannotParse,
    Entity,
    byte_offset,
    checked_link,
    custom_emoji,
    linked_user,
    mentioned,
    sort,
    units,
)

_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS = {*_SIMPLE, "a", "pre", "code", "blockquote", "tg-emoji", "tg-time"}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SPACE = " \t\r\n\0\v"
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([A-Za-z]*));?")
_SPECIAL = re.compile("[<&]")
_TOKEN = re.compile(r"[0-9A-Za-z.\-]*")


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    start: int
    expandable: bool = False


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.text = source + "\0"  # a sentinel, so that looking one sign ahead is always allowed
        self.at = 0
        self.out: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def fail(self, words: str, index: int) -> CannotParse:
        return CannotParse(f"{words} at byte offset {byte_offset(self.source, index)}")

    def read(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            sign = self.source[self.at]
            if sign == "<":
                if self.text[self.at + 1] == "/":
                    self.close_tag()
                else:
                    self.open_tag()
                continue
            if sign == "&":
                decoded, following = reference(self.source, self.at)
                if decoded:
                    self.put(decoded)
                    self.at = following
                    continue
                self.put(sign)
                self.at += 1
                continue
            self.run()
        if self.open:
            raise CannotParse(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        return "".join(self.out), sort(self.entities)

    def put(self, sign: str) -> None:
        self.out.append(sign)
        self.offset += 1 + (sign > "\uffff")

    def run(self) -> None:
        """Take everything up to the next tag or reference."""
        found = _SPECIAL.search(self.source, self.at)
        end = found.start() if found else len(self.source)
        plain = self.source[self.at : end]
        self.out.append(plain)
        self.offset += units(plain)
        self.at = end

    def open_tag(self) -> None:
        begin = self.at
        self.at += 1
        while self.text[self.at] not in _SPACE + ">":
            self.at += 1
        if self.at >= len(self.source):
            raise self.fail("Unclosed start tag", begin)
        tag = self.source[begin + 1 : self.at].lower()
        if tag not in _TAGS:
            raise self.fail(f'Unsupported start tag "{tag}"', begin)
        attributes = self.attributes(tag, begin)
        self.at += 1
        opened = _Open(tag, "", self.offset, len(self.out))
        if tag == "a":
            opened.argument = attributes.get("href", "")
        elif tag == "code" and attributes.get("class", "").startswith("language-"):
            opened.argument = attributes["class"].removeprefix("language-")
        elif tag == "span":
            if attributes.get("class") != "tg-spoiler":
                raise self.fail('Tag "span" must have class "tg-spoiler"', begin)
        elif tag == "tg-emoji":
            opened.argument = attributes.get("emoji-id", "")
        elif tag == "tg-time":
            opened.argument = attributes.get("unix", "")
        elif tag == "blockquote":
            opened.expandable = "expandable" in attributes
        self.open.append(opened)

    def attributes(self, tag: str, begin: int) -> dict[str, str]:
        """Read the attributes up to the closing bracket."""
        found: dict[str, str] = {}
        while self.text[self.at] != ">":
            self.spaces()
            if self.text[self.at] == ">":
                break
            start = self.at
            while self.at < len(self.source) and self.text[self.at] not in _SPACE + "=>/\"'":
                self.at += 1
            name = self.source[start : self.at].lower()
            if not name:
                raise self.fail(f'Empty attribute name in the tag "{tag}"', begin)
            self.spaces()
            if self.at >= len(self.source):
                raise self.fail(f'Unclosed start tag "{tag}"', begin)
            if self.text[self.at] != "=":
                found.setdefault(name, "")
                continue
            self.at += 1
            self.spaces()
            if self.at >= len(self.source):
                raise self.fail("Unclosed start tag", begin)
            found[name] = self.value()
            if self.at >= len(self.source):
                raise self.fail("Unclosed start tag", begin)
        return found

    def value(self) -> str:
        quote = self.text[self.at]
        if quote not in "'\"":
            start = self.at
            token = _TOKEN.match(self.text, start)
            self.at = token.end() if token else start
            if self.text[self.at] not in _SPACE + ">":
                raise self.fail("Unexpected end of name token", start)
            return self.source[start : self.at].lower()
        self.at += 1
        parts: list[str] = []
        while self.at < len(self.source) and self.text[self.at] != quote:
            if self.text[self.at] == "&":
                decoded, following = reference(self.source, self.at)
                if decoded:
                    parts.append(decoded)
                    self.at = following
                    continue
            parts.append(self.text[self.at])
            self.at += 1
        self.at += 1
        return "".join(parts)

    def spaces(self) -> None:
        while self.at < len(self.source) and self.text[self.at] in _SPACE:
            self.at += 1

    def close_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise self.fail("Unexpected end tag", begin)
        self.at += 2
        start = self.at
        while self.at < len(self.source) and self.text[self.at] not in _SPACE + ">":
            self.at += 1
        tag = self.source[start : self.at].lower()
        self.spaces()
        if self.text[self.at] != ">" or self.at >= len(self.source):
            raise self.fail("Unclosed end tag", begin)
        self.at += 1
        opened = self.open.pop()
        if tag and tag != opened.tag:
            wrong = f'Unmatched end tag at byte offset {byte_offset(self.source, begin)}, expected "</{opened.tag}>"'
            raise CannotParse(f'{wrong}, found "</{tag}>"')
        if self.offset > opened.offset:
            self.add(opened)

    def add(self, opened: _Open) -> None:
        entity: Entity = {"type": "", "offset": opened.offset, "length": self.offset - opened.offset}
        last = self.entities[-1] if self.entities else None
        same = last is not None and (last["offset"], last["length"]) == (entity["offset"], entity["length"])
        tag = opened.tag
        if tag in _SIMPLE:
            entity["type"] = _SIMPLE[tag]
        elif tag == "a":
            if not self.link(entity, opened):
                return
        elif tag in ("pre", "code"):
            other = "code" if tag == "pre" else "pre"
            if same and last is not None and last["type"] == other and (opened.argument or last.get("language")):
                last["type"] = "pre"
                last.setdefault("language", opened.argument)
                return
            entity["type"] = tag
            if opened.argument:
                entity["language"] = opened.argument
        elif tag == "blockquote":
            entity["type"] = "expandable_blockquote" if opened.expandable else "blockquote"
        elif tag == "tg-emoji":
            entity |= {"type": "custom_emoji", "custom_emoji_id": custom_emoji(opened.argument)}
        elif tag == "tg-time":
            entity |= {"type": "date_time", "unix_time": _moment(opened.argument)}
        self.entities.append(entity)

    def link(self, entity: Entity, opened: _Open) -> bool:
        url = opened.argument or "".join(self.out[opened.start :])
        user = linked_user(url)
        if user is not None:
            entity |= {"type": "text_mention", "user": mentioned(user)}
            return True
        checked = checked_link(url)
        if checked is None:
            return False
        entity |= {"type": "text_link", "url": checked}
        return True


def _moment(argument: str) -> int:
    if not argument.isdigit():
        raise CannotParse("Invalid date specified")
    return int(argument)


def reference(text: str, index: int) -> tuple[str, int]:
    """Return the sign that the reference at `index` stands for, "" when Telegram knows none, and where it ends."""
    found = _REFERENCE.match(text, index)
    if not found:
        return "", index
    hexadecimal, decimal, name = found.groups()
    if name is not None:
        return _NAMED.get(name, ""), found.end()
    digits = hexadecimal if hexadecimal is not None else decimal
    code = int(digits or "0", 16 if hexadecimal is not None else 10)
    length = found.end() - index - found.group().endswith(";")
    if code == 0 or code >= 0x10FFFF or length >= 10 or 0xD800 <= code < 0xE000:
        return "", found.end()
    return chr(code), found.end()


def parse_html(text: str) -> tuple[str, list[Entity]]:
    """Return the plain text and its entities. Raises CannotParse with Telegram's wording."""
    if "<" not in text and "&" not in text:
        return text, []
    plain, entities = _Reader(text).read()
    assert all(one["offset"] + one["length"] <= units(plain) for one in entities)
    return plain, entities

"""Reads MarkdownV2 as Telegram does: every reserved sign is an entity or a complaint."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.entities import (
    CannotParse,
    Entity,
    byte_offset,
    checked_link,
    linked_user,
    mentioned,
    of_inline_link,
    sort,
)

_RESERVED = set("_*[]()~`>#+-=|{}.!\n")
_SPACE = " \t\r\n\0\v"
_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
_ENDS = {
    "bold": "*",
    "code": "`",
    "pre": "```",
    "text_link": "]",
    "underline": "__",
    "strikethrough": "~",
    "spoiler": "||",
    "custom_emoji": "]",
}


@dataclass(slots=True)
class _Open:
    kind: str
    offset: int
    start: int
    index: int
    language: str = ""


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.text = source + "\0\0\0"
        self.at = 0
        self.out: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []
        self.quoted = False
        self.line_start = True

    def read(self) -> tuple[str, list[Entity]]:
        size = len(self.source)
        while self.at < size:
            sign = self.source[self.at]
            if sign == "\\" and "\0" < self.text[self.at + 1] <= "~" and self.at + 1 < size:
                self.put(self.source[self.at + 1])
                self.at += 2
            elif not self.is_reserved(sign):
                self.put(sign)
                self.at += 1
                if sign == "\n":
                    self.line_start = False  # inside code a new line begins no quotation
            elif self.open and self.closes(sign):
                self.close(sign)
            else:
                self.start(sign)
        if self.quoted and self.open and self.open[-1].kind == "blockquote":
            self.end_quote(expandable=False)
        if self.open:
            raise self.endless(self.open[-1])
        return "".join(self.out), sort(self.entities)

    def is_reserved(self, sign: str) -> bool:
        if self.open and self.open[-1].kind in ("code", "pre"):
            return sign == "`"
        return sign in _RESERVED

    def put(self, sign: str) -> None:
        self.out.append(sign)
        self.offset += 1 + (sign > "\uffff")
        if sign != "\r":
            self.line_start = sign == "\n"

    def ahead(self, text: str) -> bool:
        return self.text.startswith(text, self.at)

    def closes(self, sign: str) -> bool:
        kind = self.open[-1].kind
        if self.ends_quote(kind):
            if kind != "blockquote":
                raise self.endless(self.open[-1])
            return True
        if kind == "italic":
            return sign == "_" and self.text[self.at + 1] != "_"
        return kind in _ENDS and self.ahead(_ENDS[kind])

    def ends_quote(self, kind: str) -> bool:
        if not self.quoted:
            return False
        after = self.at
        if self.ahead("||") and kind != "spoiler":
            after += 2
            if after >= len(self.source):
                return True
        return self.text[after] == "\n" and self.text[after + 1] != ">"

    def endless(self, opened: _Open) -> CannotParse:
        kind = "PreCode" if opened.language else _NAMES[opened.kind]
        return CannotParse(f"Can't find end of {kind} entity at byte offset {byte_offset(self.source, opened.index)}")

    def start(self, sign: str) -> None:
        begin = self.at
        if sign == "\n":
            self.put("\n")
            self.at += 1
            return
        kind = self.kind_of(sign)
        if not kind:
            return
        opened = _Open(kind, self.offset, len(self.out), begin)
        if kind == "pre":
            self.language(opened)
        if kind == "blockquote":
            self.quoted = True
        self.open.append(opened)

    def kind_of(self, sign: str) -> str:
        """Return the entity that begins here and step over its signs; "" for a quotation that goes on."""
        if sign == ">" and self.line_start:
            self.at += 1
            return "" if self.quoted else "blockquote"
        if self.line_start and self.ahead("**>"):
            self.at += 3
            return "" if self.quoted else "blockquote"
        for kind, signs in (("underline", "__"), ("italic", "_"), ("bold", "*"), ("strikethrough", "~"),
                            ("spoiler", "||"), ("text_link", "["), ("custom_emoji", "!["), ("pre", "```"),
                            ("code", "`")):  # fmt: skip
            if self.ahead(signs):
                self.at += len(signs)
                return kind
        raise CannotParse(f"Character '{sign}' is reserved and must be escaped with the preceding '\\'")

    def language(self, opened: _Open) -> None:
        end = self.at
        while self.text[end] not in _SPACE + "`":
            end += 1
        if end != self.at and end < len(self.source) and self.text[end] != "`":
            opened.language = self.source[self.at : end]
            self.at = end
        if self.text[self.at] in "\r\n":
            pair = self.text[self.at + 1] in "\r\n" and self.text[self.at] != self.text[self.at + 1]
            self.at += 2 if pair else 1

    def close(self, sign: str) -> None:
        opened = self.open[-1]
        if opened.kind == "blockquote":
            expandable = sign == "|"
            self.at += 2 if expandable else 0
            self.end_quote(expandable)
            return
        self.at += len(_ENDS.get(opened.kind, "_"))
        entity: Entity = {"type": opened.kind, "offset": opened.offset, "length": self.offset - opened.offset}
        keep = self.offset > opened.offset
        if opened.language:
            entity["language"] = opened.language
        if opened.kind == "text_link":
            keep = self.link(entity, opened) and keep
        elif opened.kind == "custom_emoji":
            if self.text[self.at] != "(":
                raise CannotParse("The entity must contain a tg://emoji or tg://time URL")
            entity |= of_inline_link(self.url())
        self.open.pop()
        if keep:
            self.entities.append(entity)

    def end_quote(self, expandable: bool) -> None:
        opened = self.open.pop()
        self.quoted = False
        if self.ahead("\n"):
            self.put("\n")
            self.at += 1
        if self.offset > opened.offset:
            kind = "expandable_blockquote" if expandable else "blockquote"
            length = self.offset - opened.offset
            self.entities.append({"type": kind, "offset": opened.offset, "length": length})

    def link(self, entity: Entity, opened: _Open) -> bool:
        url = self.url() if self.text[self.at] == "(" else "".join(self.out[opened.start :])
        user = linked_user(url)
        if user is not None:
            entity |= {"type": "text_mention", "user": mentioned(user)}
            return True
        checked = checked_link(url)
        if checked is not None:
            entity["url"] = checked
        return checked is not None

    def url(self) -> str:
        self.at += 1
        begin, parts = self.at, []
        while self.at < len(self.source) and self.source[self.at] != ")":
            if self.source[self.at] == "\\" and "\0" < self.text[self.at + 1] <= "~" and self.at + 1 < len(self.source):
                self.at += 1
            parts.append(self.source[self.at])
            self.at += 1
        if self.at >= len(self.source):
            raise CannotParse(f"Can't find end of a URL at byte offset {byte_offset(self.source, begin)}")
        self.at += 1
        return "".join(parts)


def parse_markdown(text: str) -> tuple[str, list[Entity]]:
    """Return the plain text and its entities. Raises CannotParse with Telegram's wording."""
    return _Reader(text).read()

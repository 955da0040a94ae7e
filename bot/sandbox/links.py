"""Finds what Telegram makes clickable by itself: links, addresses, phones, @mentions, /commands, #tags, $tickers."""

from __future__ import annotations

import re

from bot.sandbox.entities import Entity, units

_TOP = (
    "com|org|net|info|biz|edu|gov|int|mil|ru|su|kg|tj|uz|kz|md|ro|by|ua|am|az|ge|me|io|dev|app|xyz|online|site|"
    "рф|рус|eu|de|uk|us|tv|ai|co|pro|help|tel|club|top|center|agency|moscow|москва|tatar"
)
_TRIGGER = re.compile(r"[./@#$+0-9:]")

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "email",
        re.compile(r"(?<![\w.+\-@])[A-Za-z0-9][\w.+\-]{0,63}@(?:[A-Za-z0-9\-]+\.)+[A-Za-z]{2,24}(?![\w@])", re.ASCII),
    ),
    (
        "url",
        re.compile(
            rf"(?<![\w@./\-])(?:(?:https?|tonsite)://[^\s<>\"«»]+|tg://[a-z_]+[^\s<>\"«»]*|"
            rf"(?:[a-zа-яё0-9](?:[\w\-]*[\w])?\.)+(?:{_TOP})(?![\w\-.]\w)(?:[/?#][^\s<>\"«»]*)?)",
            re.IGNORECASE,
        ),
    ),
    ("bot_command", re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>@])", re.ASCII)),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)", re.ASCII)),
    ("hashtag", re.compile(r"(?<![\w#&])#(?!\d+(?!\w))\w{1,256}")),
    ("cashtag", re.compile(r"(?<![\w$])\$[A-Z]{3,8}(?!\w)")),
    (
        "phone_number",
        re.compile(r"(?<![\w+])(?:\+\d[\d \-()]{7,18}\d|8[ \-(]{1,2}\d{3}[ \-)]{1,2}[\d \-]{5,9}\d)(?!\w)"),
    ),
)


def find_links(text: str, taken: list[Entity]) -> list[Entity]:
    """Return the automatic entities of `text` that touch none of `taken`."""
    if not _TRIGGER.search(text):
        return []
    found: list[Entity] = []
    busy = [(one["offset"], one["offset"] + one["length"]) for one in taken if one["type"] in _CLOSED]
    for kind, pattern in _KINDS:
        for match in pattern.finditer(text):
            start, end = match.start(), match.end()
            if kind == "url":
                end -= len(match.group()) - len(match.group().rstrip(".,:;!?'…»)"))
            if kind == "phone_number" and not 8 <= sum(sign.isdigit() for sign in match.group()) <= 15:
                continue
            offset = units(text[:start])
            length = units(text[start:end])
            if length and not any(offset < stop and begin < offset + length for begin, stop in busy):
                busy.append((offset, offset + length))
                found.append({"type": kind, "offset": offset, "length": length})
    return found


_CLOSED = {"pre", "code", "text_link", "text_mention", "custom_emoji", "url", "email", "mention", "phone_number"}

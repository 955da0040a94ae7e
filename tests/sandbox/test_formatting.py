"""Our reading of HTML and MarkdownV2 against Telegram's own parser (tdjson): same text, same entities, same words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import tdjson
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.entities import CannotParse, Entity, checked_link, mend, slice_units, units
from bot.sandbox.html_text import parse_html
from bot.sandbox.links import find_links
from bot.sandbox.markdown_text import parse_markdown
from bot.sandbox.texts import settle

tdjson.td_execute(json.dumps({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}).encode())

MODES: dict[str, dict[str, Any]] = {
    "html": {"@type": "textParseModeHTML"},
    "markdown": {"@type": "textParseModeMarkdown", "version": 2},
}
KINDS = {
    "TextUrl": "text_link",
    "MentionName": "text_mention",
    "PreCode": "pre",
    "BlockQuote": "blockquote",
    "ExpandableBlockQuote": "expandable_blockquote",
    "CustomEmoji": "custom_emoji",
    "DateTime": "date_time",
}
Reading = tuple[str, list[tuple[str, int, int, Any]]] | str


def telegrams(text: str, mode: str) -> Reading:
    """What Telegram's parser makes of a text."""
    request = {"@type": "parseTextEntities", "text": text, "parse_mode": MODES[mode]}
    answer = json.loads(tdjson.td_execute(json.dumps(request).encode()))
    if answer["@type"] == "error":
        return str(answer["message"]).removeprefix("Can't parse entities: ")
    entities = []
    for entity in answer["entities"]:
        kind = entity["type"]
        name = kind["@type"].removeprefix("textEntityType")
        keys = ("url", "user_id", "language", "custom_emoji_id", "unix_time")
        detail = next((str(kind[key]) for key in keys if kind.get(key)), None)
        entities.append((KINDS.get(name, name.lower()), entity["offset"], entity["length"], detail))
    return answer["text"], sorted(entities, key=str)


def ours(text: str, parse: Callable[[str], tuple[str, list[Entity]]]) -> Reading:
    """What our reader makes of it, in the same form."""
    try:
        plain, entities = parse(text)
    except CannotParse as wrong:
        return str(wrong)
    found = []
    for one in entities:
        user = (one.get("user") or {}).get("id")
        detail = one.get("url") or user or one.get("language") or one.get("custom_emoji_id") or one.get("unix_time")
        found.append((one["type"], one["offset"], one["length"], None if detail is None else str(detail)))
    return plain, sorted(found, key=str)


HTML = [
    *("<b>", "</b>", "<i>", "</i>", "</>", "<pre>", "</pre>", "<code>", "</code>", '<code class="language-py">'),
    *('<a href="x.ru">', "<a href='http://Ab.c/d?e#f'>", '<a href="tel:5">', "<a>", "</a>", '<a href="localhost">'),
    *('<a href="tg://user?id=12">', '<span class="tg-spoiler">', "</span>", "<tg-spoiler>", "</tg-spoiler>"),
    *("<blockquote>", "<blockquote expandable>", "</blockquote>", '<tg-emoji emoji-id="5">', "</tg-emoji>"),
    *("<u", "<u a=b c>", "</u>", "<B >", "</b >", '<s a="&quot;">', "</s>", "<div>", "<br>"),
    *("<tg-time unix='5'>", "</tg-time>", "&lt;", "&amp", "&#65;", "&#x1f600;", "&nbsp;", "&", "&#", "&#x"),
    *(" ", "x", "ӯ", "😀", "b.ru", "<", ">", "/", '"', "'", "=", "\n"),
]
MARKDOWN = [
    *("*", "_", "__", "~", "||", "|", "`", "```", "[", "](x.ru)", "]", "(", ")", "![", "](tg://emoji?id=5)"),
    *("\\", "\\*", "\\.", "a", "ў", "😀", " ", "\n", ">", ".", "!", "#", "-", "py", "\n>", "**>", "**", "||\n"),
    *("](tel:5)", "[b](x.ru)", "*b*", "_i_", "__u__", "~s~", "||p||", "`c`", "```py\nx```", "[*b*](y.ru)", ">q"),
]


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(HTML), max_size=12).map("".join))
def test_html_reads_as_telegram_reads_it(text: str) -> None:
    assert ours(text, parse_html) == telegrams(text, "html")


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(MARKDOWN), max_size=9).map("".join))
def test_markdown_reads_as_telegram_reads_it(text: str) -> None:
    assert ours(text, parse_markdown) == telegrams(text, "markdown")


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("<b>Патент</b>: <a href='https://example.org'>оплата</a> &amp; 😀 <i>х</i>", "html"),
        ("<pre><code class='language-py'>a</code></pre>", "html"),
        ("a < b", "html"),
        ("<b><i>x</b></i>", "html"),
        ("*b* _i_ [l](https://x.y) 1\\. ||s||", "markdown"),
        ("a.b", "markdown"),
        ("**>q\n>z||", "markdown"),
    ],
)
def test_known_texts(text: str, mode: str) -> None:
    assert ours(text, parse_html if mode == "html" else parse_markdown) == telegrams(text, mode)


GIVEN = st.tuples(
    st.sampled_from(["bold", "italic", "code", "blockquote", "text_link"]), st.integers(-3, 45), st.integers(-2, 45)
)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab😀ӯ \n", max_size=40), st.lists(GIVEN, max_size=6))
def test_settled_entities_lie_inside_the_text(text: str, given_entities: list[tuple[str, int, int]]) -> None:
    entities: list[Entity] = [
        {"type": kind, "offset": offset, "length": length, "url": "http://x.ru/"}
        for kind, offset, length in given_entities
    ]
    settled, kept = settle(text, entities)
    for entity in kept:
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= units(settled)
    assert settled == settled.rstrip()


def test_touching_entities_of_a_kind_become_one() -> None:
    entities: list[Entity] = [
        {"type": "bold", "offset": 0, "length": 1},
        {"type": "bold", "offset": 1, "length": 2},
        {"type": "italic", "offset": 3, "length": 1},
    ]
    assert mend("abcd", entities) == [
        {"type": "bold", "offset": 0, "length": 3},
        {"type": "italic", "offset": 3, "length": 1},
    ]


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("example.org", "http://example.org/"),
        ("HTTPS://Example.org/A?b", "https://example.org/A?b"),
        ("tg:resolve?domain=x", "tg://resolve?domain=x"),
        ("tel:112", None),
        ("javascript:alert(1)", None),
        ("localhost", None),
        ("a b.ru", None),
    ],
)
def test_links_that_telegram_keeps(url: str, kept: str | None) -> None:
    assert checked_link(url) == kept
    if kept is not None:
        assert telegrams(f'<a href="{url}">x</a>', "html") == ("x", [("text_link", 0, 1, kept)])
    else:
        assert telegrams(f'<a href="{url}">x</a>', "html") == ("x", [])


@pytest.mark.parametrize(
    "text",
    [
        "пишите на a@b.kg или @local_bot, /start",
        "гувм.мвд.рф, https://xn.ru/a?b=c. (mvd.ru/путь)",
        "#патент $USD не#тег a/start",
        "12.12.2026 и 4.5",
    ],
)
def test_automatic_entities_like_telegrams(text: str) -> None:
    answer = json.loads(tdjson.td_execute(json.dumps({"@type": "getTextEntities", "text": text}).encode()))
    theirs = {slice_units(text, one["offset"], one["length"]) for one in answer.get("entities", [])}
    assert {slice_units(text, one["offset"], one["length"]) for one in find_links(text, [])} == theirs


@pytest.mark.parametrize("phone", ["+7 495 000-00-00", "+996312000000", "+992 44 600 12 34", "8 (800) 555-35-35"])
def test_phones_become_links(phone: str) -> None:
    text = f"Звоните {phone}, 112 или 01.02.2026"
    assert [slice_units(text, one["offset"], one["length"]) for one in find_links(text, [])] == [phone]

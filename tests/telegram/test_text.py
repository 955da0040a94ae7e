"""Splitting by Telegram's count: UTF-16 units, entities kept whole or cut with their text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.screens import Action, Button, Screen
from bot.knowledge.document import Block, Document, Span
from bot.languages.locales import Locale
from bot.telegram.keyboards import ButtonTooLong, markup, pack, unpack
from bot.telegram.text import TEXT_LIMIT, Part, kept_entities, prefixed, split, to_parts, units

WORDS = st.text(alphabet="абвГ \n.x😀👨‍👩‍👧́ў", max_size=300)


def entity(text: str, found: dict[str, int]) -> str:
    """The text under an entity, by UTF-16 offsets."""
    raw = text.encode("utf-16-le")
    return raw[found["offset"] * 2 : (found["offset"] + found["length"]) * 2].decode("utf-16-le")


@given(WORDS, st.integers(4, 40))
def test_no_part_is_empty_or_too_long_and_nothing_but_space_is_lost(text: str, limit: int) -> None:
    parts = split(Part(text), limit)
    assert all(0 < units(part.text) <= limit and part.text.strip() for part in parts)
    assert re.sub(r"\s", "", "".join(part.text for part in parts)) == re.sub(r"\s", "", text)


@given(WORDS, st.integers(4, 40), st.data())
def test_entities_cover_the_same_characters_after_splitting(text: str, limit: int, data: st.DataObject) -> None:
    characters = list(text)
    start = data.draw(st.integers(0, len(characters)))
    end = data.draw(st.integers(start, len(characters)))
    marked = text[start:end]
    bold = {"type": "bold", "offset": units(text[:start]), "length": units(marked)}
    parts = split(Part(text, (bold,) if marked else ()), limit)
    found = "".join(entity(part.text, item) for part in parts for item in part.entities)
    assert re.sub(r"\s", "", found) == re.sub(r"\s", "", marked)
    for part in parts:
        for item in part.entities:
            assert item["length"] > 0
            assert item["offset"] + item["length"] <= units(part.text)


def test_a_long_text_is_split_at_a_line_where_there_is_one() -> None:
    lines = "\n".join("Строка о патенте и регистрации." for _ in range(400))
    parts = split(Part(lines), TEXT_LIMIT)
    assert len(parts) > 2
    assert all(part.text.endswith("регистрации.") for part in parts)


def test_blocks_stay_together_until_the_limit() -> None:
    block = Block("paragraph", (Span("а" * 1500),))
    parts = to_parts(Document((block, block, block), Locale.RU))
    assert [units(part.text) for part in parts] == [3002, 1500]


def test_a_title_is_bold_and_a_link_keeps_its_address() -> None:
    document = Document(
        (
            Block("title", (Span("Патент", "bold"),)),
            Block("paragraph", (Span("Смотрите "), Span("здесь", "link", "https://example.org/a"), Span("."))),
            Block("item", (Span("паспорт"),)),
        ),
        Locale.RU,
    )
    (part,) = to_parts(document)
    assert part.text == "Патент\n\nСмотрите здесь.\n\n• паспорт"
    assert {item["type"]: entity(part.text, item) for item in part.entities} == {"bold": "Патент", "text_link": "здесь"}


def test_a_mark_before_words_moves_their_formatting_and_gives_way_where_there_is_no_room() -> None:
    part = Part("важно", ({"type": "bold", "offset": 0, "length": 5},))
    marked = prefixed("👤 ", part, TEXT_LIMIT)
    assert entity(marked.text, marked.entities[0]) == "важно"
    full = Part("я" * TEXT_LIMIT)
    assert prefixed("👤 ", full, TEXT_LIMIT) == full


def test_formatting_that_names_a_user_is_not_passed_on() -> None:
    found = kept_entities(
        [
            {"type": "text_mention", "offset": 0, "length": 3, "user": {"id": 7}},
            {"type": "bold", "offset": 0, "length": 3, "user": None},
            {"type": "custom_emoji", "offset": 3, "length": 2, "custom_emoji_id": "1"},
        ]
    )
    assert found == ({"type": "bold", "offset": 0, "length": 3},)


_WORD = st.from_regex(r"[a-z0-9_-]{1,12}", fullmatch=True)


@given(_WORD, st.lists(_WORD, max_size=3))
def test_a_packed_action_comes_back_as_it_was(verb: str, args: list[str]) -> None:
    action = Action(verb, tuple(args))
    data = pack(action)
    assert len(data.encode()) <= 64
    assert unpack(data) == action


@pytest.mark.parametrize("data", [None, "", "h0|menu|", "h1", "garbage", "h1|a|b|c|d", "😀" * 20])
def test_data_of_another_form_is_no_action(data: str | None) -> None:
    assert unpack(data) is None


def test_a_button_with_too_much_data_is_refused_with_a_reason() -> None:
    with pytest.raises(ButtonTooLong, match="too long"):
        pack(Action.of("art", "x" * 80))


def test_narrow_buttons_share_a_row_and_wide_ones_stand_alone() -> None:
    narrow = [Button(str(n), Action.of("menu"), wide=False) for n in range(3)]
    screen = Screen(Document((), Locale.RU), (*narrow, Button("wide", Action.of("menu"))))
    keyboard = markup(screen)
    assert keyboard is not None
    assert [[button["text"] for button in row] for row in keyboard["inline_keyboard"]] == [["0", "1"], ["2"], ["wide"]]

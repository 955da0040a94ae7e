# ruff: noqa: E501
"""A changed value changes nothing else in the file."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.editing.yamledit import PlaceNotFound, map_texts, replace_values, set_list

from .sample import folder

FILE = """\
# заголовок Ң
plain: привет  # хвост
double: "дв: ойной"
items:
  - один
  # середина
  - 'два: три'
  - {text: четыре, for: [TJ, UZ]}
folded: >-
  складной
  текст
short: [x, y]
empty:
last: да
"""

texts = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029\ufeff\ufffe\uffff\x85"),
    min_size=1,
).filter(lambda text: text.strip() == text)


def test_only_the_named_places_change() -> None:
    changed = replace_values(FILE, {("plain",): "нет: так", ("items", 1): "пять", ("items", 2, "text"): "a, b"})
    old, new = FILE.splitlines(), changed.splitlines()
    assert [(left, right) for left, right in zip(old, new, strict=True) if left != right] == [
        ("plain: привет  # хвост", "plain: 'нет: так'  # хвост"),
        ("  - 'два: три'", "  - 'пять'"),
        ("  - {text: четыре, for: [TJ, UZ]}", "  - {text: 'a, b', for: [TJ, UZ]}"),
    ]


@given(texts)
def test_any_text_is_read_back_as_it_was_given(value: str) -> None:
    places: list[tuple[str | int, ...]] = [
        ("plain",), ("double",), ("items", 0), ("items", 1), ("items", 2, "text"), ("folded",), ("short", 1), ("empty",),
    ]  # fmt: skip
    data = yaml.load(replace_values(FILE, dict.fromkeys(places, value)), Loader=yaml.CBaseLoader)

    def at(path: tuple[str | int, ...]) -> Any:
        node = data
        for step in path:
            node = node[step]
        return node

    assert [at(path) for path in places] == [value] * len(places)
    assert data["last"] == "да"


@given(st.lists(texts, max_size=6))
def test_a_list_becomes_what_it_should_and_the_rest_stays(items: list[str]) -> None:
    for path in (("items",), ("short",)):
        source = FILE.replace("  - {text: четыре, for: [TJ, UZ]}\n", "  - четыре # четвёртый\n")
        changed = set_list(source, path, items)
        data = yaml.load(changed, Loader=yaml.CBaseLoader)
        expected = yaml.load(source, Loader=yaml.CBaseLoader)
        assert (data[path[0]] or []) == items
        expected[path[0]] = data[path[0]]
        assert data == expected


def test_every_file_stays_itself_when_nothing_changes() -> None:
    for content in folder().values():
        assert map_texts(str(content), lambda path, text: text) == content


def test_a_place_that_is_not_there_is_refused() -> None:
    with pytest.raises(PlaceNotFound, match="gone"):
        replace_values(FILE, {("gone",): "x"})
    with pytest.raises(PlaceNotFound):
        replace_values(FILE, {("items",): "x"})
    with pytest.raises(PlaceNotFound):
        set_list(FILE, ("plain",), ["x"])

"""Whatever arrives, the search answers: in bounded time and without an error."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.search import SearchContext, SearchIndex

WORST = {
    "empty": "",
    "one letter": "ж",
    "one letter 4096 times": "ж" * 4096,
    "words 4096 long": ("мне не платят зарплату уже три месяца " * 200)[:4096],
    "different words": " ".join(f"слово{n}бук" for n in range(600))[:4096],
    "emoji": "😀" * 2000,
    "right to left": "\u202e\u200f" * 500 + "зарплата",
    "arabic": "مرحبا كيف الحال " * 200,
    "zalgo": "".join(letter + "\u0336\u0321\u0316" for letter in "не платят зарплату" * 50),
    "zero width": "\u200b".join("не платят зарплату" * 50),
    "binary": "".join(chr(n % 256) for n in range(4096)),
    "surrogates": "\ud800 зарплата \udfff",
    "digits": "1234567890" * 400,
    "apostrophes": "o'" * 2000,
    "links": "https://example.com/a?b=c " * 150,
}


@pytest.mark.parametrize("text", WORST.values(), ids=WORST.keys())
def test_the_worst_messages_are_survived_quickly(index: SearchIndex, text: str) -> None:
    index.search(text)
    fastest = min(_seconds(index, text) for _ in range(5))
    assert fastest < 0.05


def _seconds(index: SearchIndex, text: str) -> float:
    started = time.perf_counter()
    index.search(text)
    return time.perf_counter() - started


@given(st.text(max_size=4096))
def test_any_text_gets_an_answer_in_order(index: SearchIndex, text: str) -> None:
    answer = index.search(text, SearchContext(last_article="sim-card", citizenship="KG", region="RU-MOW"))
    scores = [hit.score for hit in answer.articles]
    assert all(0 <= score <= 1 for score in scores)
    if not answer.follow_up:
        assert scores == sorted(scores, reverse=True)


def test_the_same_message_gets_the_same_answer(index: SearchIndex) -> None:
    assert index.search("не платят зарплату") == index.search("не платят зарплату")

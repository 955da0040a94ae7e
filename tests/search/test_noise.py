"""Keys pressed at random get a short word and no article; real short words are left alone."""

from __future__ import annotations

import pytest

from bot.knowledge.search import SearchIndex


@pytest.mark.parametrize(
    "text", ["фывапр", "qwerty", "asdfgh", "йцукен фывап", "аааааа", "лололо", "jkjkjk", "👍", "123"]
)
def test_a_finger_that_runs_over_the_keys_is_noise(index: SearchIndex, text: str) -> None:
    answer = index.search(text)
    assert answer.smalltalk == "noise"
    assert answer.detection.language == "unknown"


@pytest.mark.parametrize(
    "text", ["паспорт", "депорт", "опера", "пора", "вера", "trei", "rest", "не платят", "apa", "полис"]
)
def test_short_words_are_not_noise(index: SearchIndex, text: str) -> None:
    assert index.search(text).smalltalk != "noise"

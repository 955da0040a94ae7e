"""Messages that only have a word of a topic are told from questions about it."""

from __future__ import annotations

import pytest

from bot.knowledge.search.lexicon import BadLexicon
from bot.knowledge.search.topicality import NO_TEXTS, Heap, Topicality
from bot.languages.folding import fold_words

ASKS = [
    "не платят зарплату",
    "сколько стоит патент",
    "потерял паспорт",
    "oylik bermayapti",
    "патент қанча туради",
    "нархи патент чанд",
]
OFF_TOPIC = {
    "ru": ["патент на изобретение", "какая завтра погода", "кто выиграл футбол"],
    "uz": ["bugun futbol kim yutdi", "ob-havo qanday"],
    "other": ["what is the weather today"],
}


@pytest.fixture
def topicality() -> Topicality:
    return Topicality(Heap.of(ASKS), Heap.from_mapping(OFF_TOPIC), least=1)


@pytest.mark.parametrize("text", ["сколько стоит патент", "зарплату не платит", "ойлик бермаяпти", "oylik bermadi"])
def test_questions_sound_like_the_asks(topicality: Topicality, text: str) -> None:
    assert topicality.of(fold_words(text)) > 0.1


@pytest.mark.parametrize("text", ["погода завтра", "мое изобретение", "футбол ким ютди", "bugun ob-havo"])
def test_other_messages_do_not_in_any_script(topicality: Topicality, text: str) -> None:
    assert topicality.of(fold_words(text)) < -0.05


def test_nothing_is_told_apart_without_messages_of_both_kinds() -> None:
    words = fold_words("сколько стоит патент")
    assert Topicality(Heap.of(ASKS), NO_TEXTS).of(words) == 0
    assert Topicality(NO_TEXTS, Heap.of(ASKS)).of(words) == 0
    assert Topicality(Heap.of(ASKS), Heap.of(["погода"]), least=1).of([]) == 0
    assert Topicality(Heap.of(ASKS), Heap.of(["🙂"]), least=1).of(words) == 0


def test_a_few_messages_off_the_topic_make_no_question_strange() -> None:
    assert Topicality(Heap.of(ASKS), Heap.from_mapping(OFF_TOPIC)).of(fold_words("потерял паспорт")) == 0


@pytest.mark.parametrize("data", [{"ru": "погода"}, {"ru": [5]}, {"kg": ["аба ырайы"]}])
def test_a_file_of_another_shape_is_refused_with_its_place(data: dict[str, object]) -> None:
    with pytest.raises(BadLexicon, match=f"off_topic.yaml: {next(iter(data))}"):
        Heap.from_mapping(data)

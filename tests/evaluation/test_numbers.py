"""The search on messages written independently of the asks: it must not get worse."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
import yaml

from bot.knowledge.search.evaluation import PARTS, evaluate, leaked
from bot.knowledge.search.smalltalk import SmallTalk
from bot.languages.folding import fold_words

from .material import ROOT, asks, index, messages, off_topic
from .tune_search import NUMBERS, numbers

WORSE = 0.02


def _count(scores: Mapping[str, Mapping[str, float]], variant: str) -> float:
    return scores.get(variant, {}).get("messages", 0)


@pytest.mark.parametrize("part", PARTS)
def test_no_language_gets_worse_by_more_than_two_points(part: str) -> None:
    if not NUMBERS.exists() or not messages(part):
        pytest.skip(f"nothing to compare with: no numbers.json or no messages of the {part} part")
    remembered = json.loads(NUMBERS.read_text(encoding="utf-8")).get(part)
    if remembered is None:
        pytest.skip(f"numbers.json knows nothing of the {part} part: run tune_search remember")
    now = numbers(evaluate(index(), messages(part)))
    changed = [name for name in remembered.keys() | now.keys() if _count(remembered, name) != _count(now, name)]
    assert not changed, "other messages than those of numbers.json: run tune_search remember"
    worse = [
        f"{variant} {measure}: {now[variant][measure]:.1%} after {before:.1%}"
        for variant, measures in remembered.items()
        for measure, before in measures.items()
        if now[variant][measure] < before - WORSE
    ]
    assert not worse


@pytest.mark.parametrize("part", PARTS)
def test_no_message_stands_in_what_the_search_learns_from(part: str) -> None:
    if not messages(part):
        pytest.skip(f"no messages of the {part} part")
    questions = [message for message in messages(part) if message.gold]
    assert leaked(questions, asks()) == []
    others = [message for message in messages(part) if not message.gold]
    assert off_topic()
    assert leaked(others, off_topic()) == []


def test_no_ask_is_among_the_messages_off_the_topic() -> None:
    asked = {tuple(fold_words(ask)) for ask in asks()}
    assert asked
    assert [text for text in off_topic() if tuple(fold_words(text)) in asked] == []


def test_ids_are_unique() -> None:
    ids = [message.id for part in PARTS for message in messages(part)]
    assert len(ids) == len(set(ids))


def test_every_right_answer_exists() -> None:
    known = set(index().article_ids())
    wrong = [message.id for part in PARTS for message in messages(part) if message.gold - known]
    assert wrong == []


def test_no_question_and_no_ask_is_taken_for_small_talk() -> None:
    """But for bare numbers to call: who writes `112` is asked whether they are in danger."""
    small_talk = SmallTalk.from_mapping(yaml.safe_load((ROOT / "knowledge/lexicon/smalltalk.yaml").read_text("utf-8")))
    questions = [message.text for part in PARTS for message in messages(part) if message.gold]
    assert len(questions) > 5_000
    texts = {text for text in (*questions, *asks()) if not text.isdigit()}
    assert {text for text in texts if small_talk.recognise(text, fold_words(text)) is not None} == set()

"""The rules of danger on messages of a third writer, who had seen nothing of the hotline but a list of dangers.

A third of these cries are indirect: people tell what happens and use none of the obvious words. Rules were mended by
every other message of each language (the first, the third …); the others were left unread, but for false alarms in
Russian in Latin letters.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from bot.triage.danger import Danger, read_rules

ROOT = Path(__file__).parents[2]
MESSAGES = [json.loads(line) for line in Path(__file__).with_name("danger_third.jsonl").read_text("utf-8").splitlines()]
FOUND, FALSE = 0.72, 0.1


@pytest.fixture(scope="module")
def danger() -> Danger:
    found, _ = read_rules(yaml.safe_load((ROOT / "knowledge" / "lexicon" / "danger.yaml").read_text("utf-8")))
    assert found is not None
    return found


def share(danger: Danger, is_danger: bool) -> float:
    texts = [message["text"] for message in MESSAGES if message["danger"] is is_danger]
    return sum(danger.match(text) is not None for text in texts) / len(texts)


def test_most_cries_are_heard_though_a_third_of_them_are_indirect(danger: Danger) -> None:
    assert share(danger, is_danger=True) >= FOUND


def test_few_others_are_taken_for_cries(danger: Danger) -> None:
    assert share(danger, is_danger=False) <= FALSE

"""The rules of danger on messages of a second writer, who saw neither the rules nor the other messages.

Nobody mends a rule by these: they tell what to expect of messages that nobody here has seen. Please leave them unread.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from bot.triage.danger import Danger, read_rules

ROOT = Path(__file__).parents[2]
MESSAGES = [
    json.loads(line) for line in Path(__file__).with_name("danger_second.jsonl").read_text("utf-8").splitlines()
]
VARIANTS = sorted({message["variant"] for message in MESSAGES})
FOUND, FALSE = 0.7, 0.1


@pytest.fixture(scope="module")
def danger() -> Danger:
    found, _ = read_rules(yaml.safe_load((ROOT / "knowledge" / "lexicon" / "danger.yaml").read_text("utf-8")))
    assert found is not None
    return found


def share(danger: Danger, wanted: Callable[[dict[str, str]], bool]) -> float:
    texts = [message["text"] for message in MESSAGES if wanted(message)]
    return sum(danger.match(text) is not None for text in texts) / len(texts)


@pytest.mark.parametrize("variant", VARIANTS)
def test_most_cries_of_strangers_are_heard_and_few_others(danger: Danger, variant: str) -> None:
    assert share(danger, lambda each: each["variant"] == variant and bool(each["danger"])) >= FOUND
    assert share(danger, lambda each: each["variant"] == variant and not each["danger"]) <= FALSE

"""The rules of danger on messages of a third writer, who had seen nothing of the hotline but a list of dangers.

A third of these cries are indirect: people tell what happens and use none of the obvious words. Rules were mended by
every other message of each language (the first, the third …). Of the others the cries were left unread; of what only
sounds like a cry, the false alarms in Russian in both alphabets, Uzbek Cyrillic and Romanian were looked at once.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.triage.danger import Danger, read_rules

ROOT = Path(__file__).parents[2]
MESSAGES = [json.loads(line) for line in Path(__file__).with_name("danger_third.jsonl").read_text("utf-8").splitlines()]
FOUND, FALSE = 0.66, 0.12
FOUND_ANYWHERE = 7
"""Of twelve unread cries of each language and script."""


@pytest.fixture(scope="module")
def danger() -> Danger:
    found, _ = read_rules(yaml.safe_load((ROOT / "knowledge" / "lexicon" / "danger.yaml").read_text("utf-8")))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def unread() -> list[dict[str, Any]]:
    places: Counter[str] = Counter()
    result = []
    for message in MESSAGES:
        places[message["variant"]] += 1
        if places[message["variant"]] % 2 == 0:
            result.append(message)
    return result


def heard(danger: Danger, messages: list[dict[str, Any]], is_danger: bool) -> list[bool]:
    return [danger.match(message["text"]) is not None for message in messages if message["danger"] is is_danger]


def test_most_unread_cries_are_heard_though_a_third_of_them_are_indirect(
    danger: Danger, unread: list[dict[str, Any]]
) -> None:
    found = heard(danger, unread, is_danger=True)
    assert sum(found) / len(found) >= FOUND


@pytest.mark.parametrize("variant", sorted({message["variant"] for message in MESSAGES}))
def test_no_language_is_left_out(danger: Danger, unread: list[dict[str, Any]], variant: str) -> None:
    own = [message for message in unread if message["variant"] == variant]
    assert sum(heard(danger, own, is_danger=True)) >= FOUND_ANYWHERE


def test_few_others_are_taken_for_cries(danger: Danger, unread: list[dict[str, Any]]) -> None:
    found = heard(danger, unread, is_danger=False)
    assert sum(found) / len(found) <= FALSE

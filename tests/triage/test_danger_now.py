"""The flow behind the button for who is in danger and cannot write."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

FLOW = yaml.safe_load((Path(__file__).parents[2] / "knowledge/flows/danger-now.yaml").read_text("utf-8"))
CHOICES = FLOW["steps"]["what"]["choices"]


@pytest.mark.parametrize("choice", sorted(CHOICES))
def test_every_second_press_calls_an_operator_at_once(choice: str) -> None:
    case = FLOW["outcomes"][CHOICES[choice]["next"]]["case"]
    assert (case["open"], case["severity"]) == ("now", "urgent")


def test_so_does_whatever_is_no_answer() -> None:
    case = FLOW["outcomes"][FLOW["steps"]["what"]["next"]]["case"]
    assert (case["open"], case["severity"]) == ("now", "urgent")


def test_each_choice_has_its_own_danger_screen_and_the_number_stands_where_there_is_none() -> None:
    for choice in CHOICES.values():
        text = FLOW["outcomes"][choice["next"]]["text"]
        assert "danger" in choice or all("{emergency_phone}" in words for words in text.values())

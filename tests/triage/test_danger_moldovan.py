"""Romanian in Cyrillic letters, as older people from Moldova type it, is heard like Romanian."""

from __future__ import annotations

import pytest

from tests.triage.test_danger import danger


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("соцул мэ бате", "violence_home"),
        ("ну мэ ласэ сэ плек", "held_captive"),
        ("м-ау ынкис ын касэ", "held_captive"),
        ("мь-ау луат пашапортул ши ну мэ ласэ сэ плек", "held_captive"),
        ("копилул а диспэрут", "child_danger"),
        ("врэу сэ мор", "suicide"),
        ("вряу сэ мор", "suicide"),
        ("СОЦУЛ МЭ БАТЕ", "violence_home"),
    ],
)
def test_a_cry_in_moldovan_letters(text: str, rule: str) -> None:
    found = danger().match(text)
    assert found is not None
    assert found.rule.id == rule


@pytest.mark.parametrize(
    "text",
    [
        "кум фак патент ла москова",
        "кум фак плэчинте ку брынзэ",
        "соцул мя луат биете де авион",
        "кечээ кино көрдүм бир кишини камап коюшкан экен, аты эмне болчу",
        "мэр города приехал ну и что",
    ],
)
def test_other_talk_in_these_letters_is_no_alarm(text: str) -> None:
    assert danger().match(text) is None

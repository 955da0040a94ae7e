"""An entry of signs only in the urgency rules is a finding for the editor, not a crash."""

from __future__ import annotations

from typing import Any

import pytest

from bot.knowledge.findings import KeyPath
from bot.triage.checks import inspect
from bot.triage.danger import FILE, read_rules
from tests.triage.house import TODAY, files, knowledge

LINES = ["a", "b", "c"]


def small(*patterns: str) -> dict[str, Any]:
    do = dict.fromkeys(("ru", "ky", "tg", "uz", "uz_Cyrl", "ro"), LINES)
    rule = {"severity": "urgent", "watched": False, "flow": "x", "call": ["emergency_phone"], "do": do}
    return {
        "sets": {"police": ["полиц*"]},
        "unless": {name: ["фильм"] for name in ("past", "earlier", "law", "story", "idiom", "over")},
        "unlike": ["был"],
        "today": ["сейчас"],
        "now": ["срочно"],
        "me": ["меня"],
        "rules": {"attack_now": {**rule, "patterns": ["бьет", *patterns]}},
    }


@pytest.mark.parametrize("entry", ["…", "*", "‘", "~", "ь*", "—", "foo ~"])
@pytest.mark.parametrize(
    "place",
    [
        ("sets", "police"),
        ("unless", "past"),
        ("unless", "idiom"),
        ("unlike",),
        ("today",),
        ("now",),
        ("me",),
        ("rules", "attack_now", "patterns"),
    ],
)
def test_an_entry_of_signs_only_is_a_finding(entry: str, place: KeyPath) -> None:
    data = small()
    entries: Any = data
    for key in place:
        entries = entries[key]
    entries.append(entry)
    rules, findings = read_rules(data)
    assert rules is None
    assert [(each.file, each.path) for each in findings] == [(FILE, (*place, len(entries) - 1))]
    assert findings[0].allowed


def test_a_pattern_with_an_empty_part_is_a_finding() -> None:
    rules, findings = read_rules(small("@police + …", "* @police"))
    assert rules is None
    assert [each.key_path for each in findings] == [f"rules.attack_now.patterns[{place}]" for place in (2, 3)]


def test_a_star_between_words_and_an_empty_list_are_right() -> None:
    data = small("acum * ani")
    data["unlike"] = []
    rules, findings = read_rules(data)
    assert not findings
    assert rules is not None
    assert rules.match("он бьет") is not None
    assert rules.match("рядом стоит") is None


def test_the_check_of_a_whole_folder_names_the_line() -> None:
    text = files()[FILE]
    written = text if isinstance(text, str) else text.decode()
    broken = written.replace("\nsets:\n", "\nsets:\n  signs: [x, '…']\n", 1)
    findings = inspect({**files(), FILE: broken}, knowledge(), TODAY).findings
    assert [(each.file, each.key_path) for each in findings if each.code == "wrong-form"] == [(FILE, "sets.signs[2]")]
    line = broken.splitlines().index("  signs: [x, '…']") + 1
    assert [each.line for each in findings if each.code == "wrong-form"] == [line]

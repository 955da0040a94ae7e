"""Uzbek cries for help: both scripts, talk of several regions, letters left out, and what only sounds like them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from bot.languages.folding import fold_words
from bot.triage.uzbek_verbs import uzbek_forms
from tests.triage.test_danger import danger

MESSAGES = [json.loads(line) for line in (Path(__file__).parent / "danger_uzbek.jsonl").read_text("utf-8").splitlines()]
"""Those of the part `unseen` were written after the rules and never looked at for them; leave it so."""
FLOORS = {  # part and variant: the least share of danger found, the largest share of false alarms
    ("seen", "uz-Latn"): (0.97, 0.03),
    ("seen", "uz-Cyrl"): (0.97, 0.03),
    ("unseen", "uz-Latn"): (0.70, 0.15),
    ("unseen", "uz-Cyrl"): (0.83, 0.10),
}
NEW_LETTERS = {"o‘": "ö", "o'": "ö", "g‘": "ğ", "g'": "ğ", "sh": "ş", "ch": "ç"}
PLAIN_CYRILLIC = str.maketrans("ўқғҳЎҚҒҲ", "укгхУКГХ")


@pytest.mark.parametrize(("part", "variant"), FLOORS)
def test_uzbek_messages(part: str, variant: str) -> None:
    rows = [row for row in MESSAGES if (row["part"], row["variant"]) == (part, variant)]
    alarms = [row for row in rows if danger().match(row["text"]) is not None]
    dangerous, heard = (sum(row["danger"] for row in these) for these in (rows, alarms))
    harmless, false = len(rows) - dangerous, len(alarms) - heard
    sys.stdout.write(f"{part:7} {variant} danger found {heard}/{dangerous}, false alarms {false}/{harmless}\n")
    least, most = FLOORS[part, variant]
    assert min(dangerous, harmless) >= 20
    assert heard >= dangerous * least
    assert false <= harmless * most


def test_other_ways_of_typing_are_heard_as_well() -> None:
    retyped = []
    for row in MESSAGES:
        if row["danger"] and row["part"] == "seen":
            text = row["text"].translate(PLAIN_CYRILLIC)
            for written, new in NEW_LETTERS.items():
                text = text.replace(written, new)
            if text != row["text"]:
                retyped.append(text)
    missed = [text for text in retyped if danger().match(text) is None]
    assert len(retyped) >= 300
    assert len(missed) <= len(retyped) * 0.03, missed


@pytest.mark.parametrize(
    ("stem", "said", "not_said"),
    [
        (
            "olib ket~",
            ["olib ketishdi", "olib ketyapti", "olib ketvotti", "olib ketayapti", "olib ketishgan", "олиб кетишяпти"],
            ["olib ketsam", "olib ketaman", "olib ketmaydi", "olib ketishadimi", "olib ketish"],
        ),
        (
            "qama~",
            ["qamab", "qamashdi", "qamayapti", "qamavotti", "qamaydi", "қамашяпти", "qamayopti"],
            ["qamoq", "qamasa", "qamamaydi", "qamashadimi"],
        ),
    ],
)
def test_a_verb_stands_for_what_is_done_or_was_just_done(stem: str, said: list[str], not_said: list[str]) -> None:
    def holds(text: str) -> bool:
        *_, last = fold_words(text)
        return any(
            last.startswith(form) if star else last == form
            for form, star in ((fold_words(each)[-1], each.endswith("*")) for each in uzbek_forms(stem))
        )

    assert [text for text in said if not holds(text)] == []
    assert [text for text in not_said if holds(text)] == []


@pytest.mark.parametrize(
    ("text", "alarms"),
    [
        ("erim yonimda turib uradi", True),
        ("qamalib qoldik chiqolmaymiz", True),
        ("akam qamalib chiqqan, ish topolmayapti", False),
        ("ikki soat oldin akamni olib ketishdi, politsiya ekan", True),
        ("patentni qayerdan olsam yaxshi", False),
        ("pasportim muddati tugayapti", False),
        ("ukam ruscha o‘rgandi", False),
        ("sog-omon yetib keldim", False),
    ],
)
def test_words_that_nearly_say_it(text: str, alarms: bool) -> None:
    assert (danger().match(text) is not None) is alarms

"""No phone is shown that the fact sheets do not hold for sure."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from bot.editing.folder import load_folder
from bot.knowledge.models import Unit

ROOT = Path(__file__).parents[2]
SHEETS = ROOT.parent / "shared" / "facts"
_NUMBER = re.compile(r"(?<![\d.])\+?\d[\d\-() ]*\d(?!\d)")
_GOOD = re.compile(r"HIGH|confirmed|\(off\)")
_BAD = re.compile(r"\bLOW|MEDIUM-LOW|UNVERIFIED|DO NOT SHOW|third-party|disagree|check\b")
_TABLE = re.compile(r"^\|")

sheets = pytest.mark.skipif(not SHEETS.is_dir(), reason="the fact sheets (../shared/facts) are not here")


def digits(phone: str) -> str:
    """One way of writing: 8-800-… and +7 800 … are the same number."""
    bare = re.sub(r"\D", "", phone)
    return "7" + bare[1:] if len(bare) == 11 and bare[0] in "78" else bare


@cache
def said() -> dict[str, list[str]]:
    """Number → what each sheet says after it: the row of a table, or the sentence of a list."""
    found: dict[str, list[str]] = {}
    for path in sorted(SHEETS.glob("*.md")):
        for line in path.read_text("utf-8").splitlines():
            for match in _NUMBER.finditer(line):
                rest = line[match.end() :] if _TABLE.match(line) else line[match.end() : match.end() + 400]
                found.setdefault(digits(match.group()), []).append(rest)
    return found


def is_sure(phone: str) -> bool:
    """Whether the first mark after the number, in one of its places, is a good one."""
    for rest in said().get(digits(phone), ()):
        good, bad = _GOOD.search(rest), _BAD.search(rest)
        if good and (bad is None or good.start() < bad.start()):
            return True
    return False


def shown() -> dict[str, str]:
    knowledge = load_folder(ROOT / "knowledge").partial
    phones = {phone: each.id for each in knowledge.organisations.values() for phone in each.phones}
    for fact in knowledge.facts.values():
        if fact.unit is Unit.PHONE:
            phones |= {str(number): fact.id for number in fact.values.values()}
    return phones


@sheets
def test_every_phone_that_is_shown_is_sure_in_a_sheet() -> None:
    phones = shown()
    assert len(phones) >= 10
    assert {phone: owner for phone, owner in phones.items() if not is_sure(phone)} == {}


@sheets
@pytest.mark.parametrize(
    "phone", ["8-800-250-79-01", "8-800-100-49-94", "8-800-333-44-34", "+7 (985) 740-02-12", "8-495-957-05-85", "1414"]
)
def test_a_doubtful_phone_would_be_found(phone: str) -> None:
    assert digits(phone) in said()
    assert not is_sure(phone)


def test_no_text_holds_a_phone_itself() -> None:
    """Phones stand in facts and organisations alone, where they are compared and checked again."""
    places = [*(ROOT / "knowledge" / "articles").glob("*/*.yaml"), *(ROOT / "knowledge" / "flows").glob("*.yaml")]
    places += [*(ROOT / "knowledge" / "letters").glob("*.yaml"), *(ROOT / "locales").rglob("*.po")]
    assert len(places) > 400
    long = re.compile(r"(?<![\d.])(?:\+7|8)[\s\-(]*\d{3}[\s\-)]*\d{3}[\s-]*\d{2}[\s-]*\d{2}(?!\d)")
    assert [place.name for place in places if long.search(place.read_text("utf-8"))] == []

"""Whether the values of a fact fit its `unit` and `per`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from bot.knowledge.fields import CITIZENSHIPS
from bot.knowledge.findings import Finding
from bot.knowledge.models import Fact, Unit

_PHONE: Final = re.compile(r"(?:\+[1-9][0-9]{7,14}|[0-9]{2,6})$")
_REGION: Final = re.compile(r"(?:[A-Z]{2}-[A-Z0-9]{1,3}|X-[A-Z]{2,3})$")


def fact_findings(fact: Fact, file: str) -> Iterator[Finding]:
    """Yield what is wrong with the values of a fact."""
    for day, current in fact.values.items():
        path = (fact.id, "values", str(day))
        if fact.per == "none":
            if isinstance(current, dict):
                yield Finding("fact-not-per", file, path, values={"fact": fact.id}, allowed=("citizenship", "region"))
            else:
                yield from _value(fact, current, fact.unit, file, path)
            continue
        if not isinstance(current, dict) or not current:
            yield Finding("fact-needs-keys", file, path, values={"per": fact.per}, allowed=_keys(fact))
            continue
        for key, item in current.items():
            if not _key_fits(fact, str(key)):
                yield Finding("fact-wrong-key", file, (*path, str(key)), values={"key": key}, allowed=_keys(fact))
            yield from _value(fact, item, fact.units.get(key, fact.unit), file, (*path, str(key)))
    if fact.units and fact.per != "citizenship":
        yield Finding("fact-units-without-per", file, (fact.id, "units"))


def _value(fact: Fact, value: Any, unit: Unit, file: str, path: tuple[str, ...]) -> Iterator[Finding]:
    if unit is Unit.PHONE:
        good, expected = isinstance(value, str) and bool(_PHONE.match(value)), '"+78007074703", "112"'
    elif unit is Unit.DATE:
        good, expected = isinstance(value, date), "2027-01-31"
    else:
        good, expected = type(value) in (int, float) and value >= 0, "15, 14.25"
    if not good:
        values = {"unit": unit.value, "value": str(value)[:40], "fact": fact.id}
        yield Finding("fact-wrong-value", file, path, values=values, allowed=(expected,))


def _key_fits(fact: Fact, key: str) -> bool:
    if fact.per == "citizenship":
        return key in CITIZENSHIPS or key == "other"
    return bool(_REGION.match(key)) or key == "other"


def _keys(fact: Fact) -> tuple[str, ...]:
    return (*CITIZENSHIPS, "other") if fact.per == "citizenship" else ("RU-MOW", "RU-SPE", "other")

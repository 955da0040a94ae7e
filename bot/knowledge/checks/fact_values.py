"""Facts as a whole: used, complete over time, with units only for citizenships that have values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.knowledge.checks.context import Context
from bot.knowledge.findings import Finding, Severity
from bot.knowledge.models import Fact


def check(context: Context) -> Iterator[Finding]:
    """Yield values that a later date forgets, units without values, and names of regions nobody knows."""
    regions = context.knowledge.regions.regions if context.knowledge.regions else None
    for fact in context.knowledge.facts.values():
        file = context.origin("fact", fact.id)
        yield from _forgotten(file, fact)
        latest = fact.values[max(fact.values)]
        for key in fact.units:
            if isinstance(latest, Mapping) and key not in latest:
                yield Finding("unit-without-value", file, (fact.id, "units", key), values={"key": key})
        if fact.per == "region" and regions is not None:
            for day, current in fact.values.items():
                for key in current:
                    if key != "other" and key not in regions:
                        path = (fact.id, "values", str(day), key)
                        yield Finding("unknown-region", file, path, values={"id": key})


def _forgotten(file: str, fact: Fact) -> Iterator[Finding]:
    before: set[str] = set()
    for day in sorted(fact.values):
        current = fact.values[day]
        if not isinstance(current, Mapping):
            continue
        for key in sorted(before - set(current)):
            path = (fact.id, "values", str(day))
            yield Finding("key-forgotten", file, path, severity=Severity.ERROR, values={"key": key, "day": day})
        before |= set(current)

"""A phone that stands as a fact and in an organisation is the same in both places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from bot.knowledge.checks.context import Context
from bot.knowledge.findings import Finding, Severity
from bot.knowledge.models import Fact, Unit
from bot.knowledge.shape import similar


def check(context: Context) -> Iterator[Finding]:
    """Yield phones that differ from those of the organisation the fact names, and phones that name none but match one.

    Where the organisation has a number of the fact, only of another day than today, that is a warning: time alone
    must not make an error. Nor does a phone that names nobody: both numbers are still the same.
    """
    organisations = context.knowledge.organisations
    owners = {phone: each.id for each in organisations.values() for phone in each.phones}
    for fact in context.knowledge.facts.values():
        file, path = context.origin("fact", fact.id), (fact.id, "organisation")
        if fact.unit is not Unit.PHONE:
            if fact.organisation is not None:
                yield Finding("organisation-of-no-phone", file, path, values={"id": fact.id})
        elif fact.organisation is None:
            owner = next((owners[number] for number in sorted(_numbers(fact)) if number in owners), None)
            if owner is not None:
                alone = Finding("phone-without-owner", file, (fact.id,), values={"id": fact.id}, allowed=(owner,))
                yield replace(alone, severity=Severity.WARNING)
        elif fact.organisation not in organisations:
            if f"organisation:{fact.organisation}" not in context.broken:
                allowed = similar(fact.organisation, frozenset(organisations))
                yield Finding("unknown-organisation", file, path, values={"id": fact.organisation}, allowed=allowed)
        else:
            phones = organisations[fact.organisation].phones
            if not _today(fact, context.today) <= set(phones):
                values = {"id": fact.id, "organisation": fact.organisation}
                differs = Finding("phone-differs", file, path, values=values, allowed=phones)
                planned = bool(_numbers(fact) & set(phones))
                yield replace(differs, severity=Severity.WARNING) if planned else differs


def _numbers(fact: Fact) -> set[str]:
    return {number for current in fact.values.values() for number in _of(current)}


def _today(fact: Fact, today: date) -> set[str]:
    begun = [day for day in fact.values if day <= today]
    return _of(fact.values[max(begun)]) if begun else set()


def _of(current: object) -> set[str]:
    return {str(each) for each in current.values()} if isinstance(current, Mapping) else {str(current)}

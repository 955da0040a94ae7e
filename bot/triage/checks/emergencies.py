"""What the rules of danger show at once exists: the phones to call, the organisations, the flow that is offered."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.findings import Finding, KeyPath
from bot.knowledge.models import Unit
from bot.knowledge.shape import similar
from bot.triage.checks.context import Context
from bot.triage.danger import FILE


def check(context: Context) -> Iterator[Finding]:
    """Yield names in the rules of danger that nothing has, and what is to be called but has no phone."""
    facts, organisations = context.knowledge.facts, context.knowledge.organisations
    for name, rule in (context.danger or {}).items():
        path: KeyPath = ("rules", name)
        if rule.flow not in context.flows.flows:
            allowed = similar(rule.flow, frozenset(context.flows.flows))
            yield Finding("unknown-flow", FILE, (*path, "flow"), values={"id": rule.flow}, allowed=allowed)
        for index, fact_id in enumerate(rule.call):
            place: KeyPath = (*path, "call", index)
            if fact_id not in facts:
                allowed = similar(fact_id, frozenset(facts))
                yield Finding("unknown-fact", FILE, place, values={"id": fact_id}, allowed=allowed)
            elif facts[fact_id].unit is not Unit.PHONE:
                phones = frozenset(each.id for each in facts.values() if each.unit is Unit.PHONE)
                yield Finding("danger-no-phone", FILE, place, values={"id": fact_id}, allowed=similar(fact_id, phones))
        for index, each_id in enumerate(rule.organisations):
            place = (*path, "organisations", index)
            if each_id not in organisations:
                allowed = similar(each_id, frozenset(organisations))
                yield Finding("unknown-organisation", FILE, place, values={"id": each_id}, allowed=allowed)
            elif not organisations[each_id].phones:
                yield Finding("danger-no-phone", FILE, place, values={"id": each_id})

"""Conditions compare what exists with what it can be, and can both hold and fail where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Final

from bot.knowledge.findings import Finding, KeyPath, Severity
from bot.knowledge.models import Unit
from bot.knowledge.shape import similar
from bot.triage.answering import choices_of
from bot.triage.checks.context import Context, comparisons, conditions, deadlines, found
from bot.triage.graph import ANY_ANSWER, Graph
from bot.triage.models import PROFILE, Condition, FactRef, Flow, Step

_TERMS: Final = (Unit.DAY, Unit.WORKING_DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR)
_FITS: Final = {
    "equal": {"choice", "yesno", "citizenship", "region", "number", "money", "calculate"},
    "unequal": {"choice", "yesno", "citizenship", "region", "number", "money", "calculate"},
    "among": {"choice", "yesno", "citizenship", "region"},
    "has": {"several"},
    "less": {"number", "money", "calculate"},
    "more": {"number", "money", "calculate"},
    "older": {"date"},
    "newer": {"date"},
}
_NAMES: Final = {"equal": "is", "unequal": "is_not", "among": "in"}

UNKNOWN: Final = "?"
SOME: Final = "*"
Values = frozenset[str]
"""What an answer may be: choice ids, `?` not known, `*` any value that is not listed."""


def check(context: Context) -> Iterator[Finding]:
    """Yield conditions of a wrong form, with impossible values, and those that never or always hold."""
    for flow in context.flows.flows.values():
        possible = possible_answers(flow, context.graph(flow))
        for path, place, condition in conditions(flow):
            wrong = [finding for at, one in comparisons(condition, path) for finding in _form(context, flow, at, one)]
            yield from wrong
            if not wrong and place in context.graph(flow).reachable:
                yield from _sense(flow, path, condition, possible[place])
        for path, deadline in deadlines(flow):
            step = flow.steps.get(deadline.after)
            if step is None or step.kind != "date":
                kind = step.kind if step else "—"
                place_after = (*path, "after")
                yield found(
                    "flow-condition-kind", flow, place_after, operation="after", subject=deadline.after, kind=kind
                )
            if deadline.fact is not None:
                yield from _term(context, flow, (*path, "fact"), deadline.fact)
            if (deadline.fact is None) is (deadline.days is None):
                yield found("flow-condition-form", flow, path, found="fact, days")


def possible_answers(flow: Flow, graph: Graph) -> Mapping[str, Mapping[str, Values]]:
    """Return for each step and outcome what every answer may be when a person comes there, over all ways.

    A fixpoint over the graph: ways that meet are joined, an answer is known only after its step.
    """
    nowhere: dict[str, Values] = {name: frozenset((UNKNOWN,)) for name in flow.steps}
    at: dict[str, dict[str, Values]] = {flow.start: dict(nowhere)}
    todo = [flow.start]
    while todo:
        name = todo.pop()
        if name not in flow.steps:
            continue
        for edge in graph.edges:
            target = edge.target
            if edge.source != name or target is None or target not in graph.following:
                continue
            after = {**at[name], name: _after(flow.steps[name], edge.answer)}
            known = at.setdefault(target, {})
            joined = {step: known.get(step, frozenset()) | values for step, values in after.items()}
            if joined != known:
                at[target] = joined
                todo.append(target)
    return {name: at.get(name, nowhere) for name in (*flow.steps, *flow.outcomes)}


def _after(step: Step, answer: str) -> Values:
    if step.kind in ("branch", "information") or answer in ("dont_know", "skip"):
        return frozenset((UNKNOWN,))
    if step.kind == "calculate":
        return frozenset((UNKNOWN, SOME))
    if answer == ANY_ANSWER:
        return frozenset(PROFILE["citizenship"]) if step.kind == "citizenship" else frozenset((SOME,))
    return frozenset((answer,))


def _form(context: Context, flow: Flow, path: KeyPath, one: Condition) -> Iterator[Finding]:
    subjects = [name for name in ("answer", "profile", "fact") if getattr(one, name) is not None]
    if len(subjects) != 1 or len(one.operations) != 1:
        names = [*subjects, *(_NAMES.get(name, name) for name in one.operations)]
        yield found("flow-condition-form", flow, path, found=", ".join(names) or "—")
        return
    operation = one.operations[0]
    for quantity in (one.less, one.more, one.older, one.newer):
        if isinstance(quantity, FactRef):
            if operation in ("older", "newer"):
                yield from _term(context, flow, (*path, operation), quantity.fact)
            elif quantity.fact not in context.knowledge.facts:
                yield found("unknown-fact", flow, path, id=quantity.fact)
    if one.answer is not None:
        yield from _of_answer(flow, path, one, operation)
    elif one.profile is not None:
        yield from _of_profile(flow, path, one)
    elif one.fact not in context.knowledge.facts:
        allowed = similar(one.fact or "", frozenset(context.knowledge.facts))
        yield found("unknown-fact", flow, (*path, "fact"), allowed, id=one.fact)


def _of_answer(flow: Flow, path: KeyPath, one: Condition, operation: str) -> Iterator[Finding]:
    step = flow.steps.get(one.answer or "")
    if step is None or step.kind in ("branch", "information"):
        allowed = similar(one.answer or "", frozenset(flow.steps))
        yield found("flow-unknown-answer", flow, (*path, "answer"), allowed, id=one.answer)
        return
    if operation in _FITS and step.kind not in _FITS[operation]:
        name = _NAMES.get(operation, operation)
        yield found("flow-condition-kind", flow, path, operation=name, subject=one.answer, kind=step.kind)
        return
    known = PROFILE["citizenship"] if step.kind == "citizenship" else tuple(choices_of(step))
    if step.kind in ("choice", "yesno", "several", "citizenship"):
        for value in _named(one):
            if value not in known:
                yield found("flow-condition-value", flow, path, known, value=value, subject=one.answer)


def _of_profile(flow: Flow, path: KeyPath, one: Condition) -> Iterator[Finding]:
    values = PROFILE.get(one.profile or "")
    if values is None:
        yield found(
            "flow-condition-value", flow, (*path, "profile"), tuple(PROFILE), value=one.profile, subject="profile"
        )
        return
    for value in _named(one):
        if values and value not in values:
            yield found("flow-condition-value", flow, path, values, value=value, subject=one.profile)


def _named(one: Condition) -> tuple[str, ...]:
    return tuple(str(each) for each in (one.equal, one.unequal, one.has, *(one.among or ())) if each is not None)


def _term(context: Context, flow: Flow, path: KeyPath, fact_id: str) -> Iterator[Finding]:
    fact = context.knowledge.facts.get(fact_id)
    if fact is None:
        yield found("unknown-fact", flow, path, similar(fact_id, frozenset(context.knowledge.facts)), id=fact_id)
    elif fact.unit not in _TERMS or any(unit not in _TERMS for unit in fact.units.values()):
        yield found("flow-not-a-term", flow, path, id=fact_id)


def _sense(flow: Flow, path: KeyPath, condition: Condition, possible: Mapping[str, Values]) -> Iterator[Finding]:
    outcomes = can_be(condition, possible)
    if outcomes == {False}:
        yield found("flow-condition-never", flow, path)
    elif outcomes == {True}:
        yield replace(found("flow-condition-always", flow, path), severity=Severity.WARNING)


def can_be(condition: Condition, possible: Mapping[str, Values]) -> set[bool]:
    """Return which of true and false a condition can be, where answers vary apart from each other."""
    if condition.every is not None or condition.some is not None:
        parts = [can_be(each, possible) for each in condition.every or condition.some or ()]
        strong = condition.some is not None
        result = {strong} if any(strong in part for part in parts) else set[bool]()
        return result | ({not strong} if all((not strong) in part for part in parts) else set[bool]())
    if condition.negated is not None:
        return {not each for each in can_be(condition.negated, possible)}
    if condition.answer is None:
        return {True, False}
    values = possible.get(condition.answer, frozenset((UNKNOWN,)))
    return {result for value in values for result in _single(condition, value)}


def _single(one: Condition, value: str) -> set[bool]:
    if one.known is not None:
        return {(value != UNKNOWN) is one.known}
    if value == UNKNOWN:
        return {one.unequal is not None}
    if value == SOME:
        return {True, False} if not _empty_range(one) else {False}
    if one.among is not None:
        return {value in one.among}
    if one.equal is not None:
        return {value == str(one.equal)}
    if one.unequal is not None:
        return {value != str(one.unequal)}
    return {True, False}


def _empty_range(one: Condition) -> bool:
    bounds = [bound for bound in (one.more, one.less) if isinstance(bound, int | float)]
    return any(low >= high for low, high in pairwise(bounds))

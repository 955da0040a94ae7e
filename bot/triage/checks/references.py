"""Everything a flow names exists: articles, organisations, services, letters, other flows, rules of danger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.knowledge.findings import Finding, KeyPath
from bot.knowledge.shape import similar
from bot.triage.calculators.by_name import NEEDED, PARAMETERS
from bot.triage.checks.context import Context, found, shows
from bot.triage.models import Flow, Show, Step


def check(context: Context) -> Iterator[Finding]:
    """Yield names of things that do not exist, and calculators that are given the wrong answers."""
    for flow in context.flows.flows.values():
        sections = [section.id for section in context.knowledge.sections]
        yield from _known(flow, ("section",), "unknown-section", flow.section, sections)
        yield from _article(context, flow, ("topic",), flow.topic)
        yield from _danger(context, flow, ("danger",), flow.danger)
        for name, step in flow.steps.items():
            for choice_id, choice in step.choices.items():
                yield from _danger(context, flow, ("steps", name, "choices", choice_id, "danger"), choice.danger)
            if step.kind == "calculate":
                yield from _calculator(flow, ("steps", name), step)
        for path, _, show in shows(flow):
            yield from _show(context, flow, path, show)
        for name, outcome in flow.outcomes.items():
            if outcome.case is not None and outcome.case.topic is not None:
                yield from _article(context, flow, ("outcomes", name, "case", "topic"), outcome.case.topic)


def _show(context: Context, flow: Flow, path: KeyPath, show: Show) -> Iterator[Finding]:
    if len(show.what) != 1:
        yield found("flow-show-form", flow, path, found=", ".join(show.what) or "—")
        return
    if path[0] == "steps" and show.what[0] in ("article", "flow", "letter", "organisations"):
        yield found("flow-show-form", flow, path, ("calculator", "checklist"), found=show.what[0])
    if show.article is not None:
        yield from _article(context, flow, (*path, "article"), show.article)
    if show.flow is not None:
        yield from _known(flow, (*path, "flow"), "unknown-flow", show.flow, context.flows.flows)
    if show.letter is not None:
        yield from _known(flow, (*path, "letter"), "unknown-letter", show.letter, context.flows.letters)
    if show.calculator is not None:
        yield from _calculator(flow, path, show)
    if show.organisations is not None:
        place = (*path, "organisations")
        for service in show.organisations.services:
            yield from _known(flow, (*place, "services"), "unknown-service", service, context.knowledge.services)
        for each in show.organisations.ids:
            yield from _known(flow, (*place, "ids"), "unknown-organisation", each, context.knowledge.organisations)


def _calculator(flow: Flow, path: KeyPath, holder: Step | Show) -> Iterator[Finding]:
    name = holder.calculator
    if name is None:
        return
    takes = PARAMETERS[name]
    for key, step_id in holder.arguments.items():
        step = flow.steps.get(step_id)
        if step is None:
            yield found(
                "flow-unknown-way", flow, (*path, "with", key), similar(step_id, frozenset(flow.steps)), id=step_id
            )
        elif takes.get(key) != step.kind:
            place = (*path, "with", key)
            yield found("flow-argument", flow, place, tuple(takes), calculator=name, key=key, kind=step.kind)
    if not any(set(needed) <= holder.arguments.keys() for needed in NEEDED[name]):
        ways = " / ".join(", ".join(needed) for needed in NEEDED[name])
        yield found("flow-arguments-missing", flow, path, calculator=name, needed=ways)


def _article(context: Context, flow: Flow, path: KeyPath, article_id: str) -> Iterator[Finding]:
    yield from _known(flow, path, "unknown-article", article_id, context.knowledge.articles)


def _danger(context: Context, flow: Flow, path: KeyPath, rule: str | None) -> Iterator[Finding]:
    if rule is not None and context.danger is not None:
        yield from _known(flow, path, "unknown-danger", rule, context.danger)


def _known(flow: Flow, path: KeyPath, code: str, name: str, known: Iterable[str]) -> Iterator[Finding]:
    names = frozenset(known)
    if name not in names:
        yield found(code, flow, path, similar(name, names), id=name)

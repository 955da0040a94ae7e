"""Each kind of step has its keys, ways lead somewhere, everything can be reached, and every way has an end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.knowledge.findings import Finding, Severity
from bot.knowledge.shape import similar
from bot.triage import limits
from bot.triage.checks.context import Context, found
from bot.triage.graph import Graph, asks
from bot.triage.models import PROFILE, Flow, Step

_QUESTION: Final = frozenset({"text", "help", "next", "dont_know", "skip", "show", "was", "kind"})
_KEYS: Final = {
    "choice": _QUESTION | {"choices", "remember", "known"},
    "several": _QUESTION | {"choices"},
    "yesno": _QUESTION | {"choices", "remember", "known"},
    "number": _QUESTION | {"min", "max"},
    "money": _QUESTION | {"min", "max"},
    "date": _QUESTION | {"time"},
    "region": _QUESTION | {"known"},
    "citizenship": _QUESTION | {"known"},
    "text": _QUESTION | {"place"},
    "attachment": _QUESTION,
    "periods": _QUESTION,
    "payments": _QUESTION,
    "information": frozenset({"kind", "text", "next", "show", "was"}),
    "branch": frozenset({"kind", "ways", "otherwise", "was"}),
    "calculate": frozenset({"kind", "calculator", "arguments", "next", "was"}),
}
_NEEDED: Final = {"branch": ("ways", "otherwise"), "calculate": ("calculator", "next")}
_WRITTEN: Final = {"arguments": "with"}


def check(context: Context) -> Iterator[Finding]:
    """Yield what is wrong in the build of each flow."""
    for flow in context.flows.flows.values():
        graph = context.graph(flow)
        for name, step in flow.steps.items():
            yield from _keys(flow, name, step)
            yield from _choices(flow, name, step)
            yield from _remember(flow, name, step)
            if name in flow.outcomes:
                yield found("flow-id-twice", flow, ("steps", name), id=name)
        yield from _ways(flow, graph)
        yield from _paths(flow, graph)
        yield from _twice(flow, graph)


def _keys(flow: Flow, name: str, step: Step) -> Iterator[Finding]:
    for key in sorted(step.model_fields_set - _KEYS[step.kind]):
        yield found("flow-key-not-here", flow, ("steps", name, key), key=_WRITTEN.get(key, key), kind=step.kind)
    for key in _NEEDED.get(step.kind, ("text",)):
        if not getattr(step, key):
            yield found("flow-key-missing", flow, ("steps", name), key=key, kind=step.kind)


def _choices(flow: Flow, name: str, step: Step) -> Iterator[Finding]:
    path = ("steps", name, "choices")
    if step.kind in ("choice", "several"):
        most = limits.CHOICES_MAX if step.kind == "choice" else limits.SEVERAL_MAX
        if not 2 <= len(step.choices) <= most:
            yield found("flow-choice-count", flow, path, count=len(step.choices), least=2, most=most)
        for choice_id, choice in step.choices.items():
            if choice.text is None:
                yield found("flow-key-missing", flow, (*path, choice_id), key="text", kind=step.kind)
            if step.kind == "several" and choice.next is not None:
                yield found("flow-key-not-here", flow, (*path, choice_id, "next"), key="next", kind="several")
    elif step.kind == "yesno":
        for choice_id in step.choices:
            if choice_id not in ("yes", "no"):
                yield found(
                    "flow-condition-value", flow, (*path, choice_id), ("yes", "no"), value=choice_id, subject=name
                )


def _remember(flow: Flow, name: str, step: Step) -> Iterator[Finding]:
    if step.remember is None:
        return
    values = PROFILE.get(step.remember)
    own = ("yes", "no") if step.kind == "yesno" else tuple(step.choices)
    if values is None:
        yield found("flow-remember", flow, ("steps", name, "remember"), tuple(PROFILE), key=step.remember, needed="—")
    elif not set(own) <= set(values):
        needed = ", ".join(values)
        yield found("flow-remember", flow, ("steps", name, "remember"), values, key=step.remember, needed=needed)


def _ways(flow: Flow, graph: Graph) -> Iterator[Finding]:
    known = frozenset((*flow.steps, *flow.outcomes))
    if flow.start not in flow.steps:
        yield found("flow-unknown-way", flow, ("start",), similar(flow.start, known), id=flow.start)
    for edge in graph.edges:
        if edge.target is None:
            yield found("flow-no-way", flow, ("steps", edge.source), id=edge.source, answer=edge.answer)
        elif edge.target not in known:
            path = ("steps", edge.source)
            yield found("flow-unknown-way", flow, path, similar(edge.target, known), id=edge.target)


def _paths(flow: Flow, graph: Graph) -> Iterator[Finding]:
    for kind, names in (("steps", flow.steps), ("outcomes", flow.outcomes)):
        for name in names:
            if name not in graph.reachable:
                yield found("flow-unreachable", flow, (kind, name), id=name)
    for name in flow.steps:
        if name in graph.reachable and not graph.downstream[name] & flow.outcomes.keys():
            yield found("flow-no-ending", flow, ("steps", name), id=name)
    silent = [name for name, step in flow.steps.items() if step.kind in ("branch", "calculate")]
    for name in silent:
        seen, todo = set[str](), [name]
        while todo:
            for target in graph.following[todo.pop()]:
                if target == name:
                    yield found("flow-loop", flow, ("steps", name), steps=name)
                    todo.clear()
                    break
                if target in silent and target not in seen:
                    seen.add(target)
                    todo.append(target)


def _twice(flow: Flow, graph: Graph) -> Iterator[Finding]:
    asking = {name: step for name, step in flow.steps.items() if asks(step) and name in graph.reachable}
    for name, step in asking.items():
        if name in graph.downstream[name]:
            again = found("flow-asked-again", flow, ("steps", name), id=name)
            yield replace(again, severity=Severity.WARNING)
        for other, second in asking.items():
            if other != name and other in graph.downstream[name] and name not in graph.downstream[other]:
                same_text = step.text is not None and step.text == second.text and step.kind == second.kind
                if same_text or (_knows(step) is not None and _knows(step) == _knows(second)):
                    yield found("flow-asked-twice", flow, ("steps", other), id=other, other=name)


def _knows(step: Step) -> str | None:
    """What a step fills in the profile; steps that pass silently over what is known may come again."""
    if step.known == "use":
        return None
    return step.kind if step.kind in ("region", "citizenship") else step.remember

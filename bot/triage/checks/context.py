"""What the checks of flows look at, and how they name a place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.knowledge.base import Knowledge
from bot.knowledge.findings import Finding, KeyPath
from bot.triage.danger import Rule
from bot.triage.graph import Graph
from bot.triage.loader import Flows
from bot.triage.models import Condition, Deadline, Flow, Show


@dataclass(frozen=True)
class Context:
    """The flows, the knowledge around them, the rules of danger by id (None: unreadable), and the date in Moscow."""

    flows: Flows
    knowledge: Knowledge
    danger: Mapping[str, Rule] | None
    today: date
    graphs: Mapping[str, Graph] = field(default_factory=dict)

    def graph(self, flow: Flow) -> Graph:
        """Return the graph of a flow."""
        return self.graphs[flow.id]


def file_of(flow: Flow) -> str:
    """Return the file of a flow inside `knowledge/`."""
    return f"flows/{flow.id}.yaml"


def found(code: str, flow: Flow, path: KeyPath, allowed: tuple[str, ...] = (), **values: object) -> Finding:
    """Return a finding at a place of a flow's file; `values` are what its words name."""
    return Finding(code, file_of(flow), path, values=values, allowed=allowed)


def shows(flow: Flow) -> Iterator[tuple[KeyPath, str, Show]]:
    """Yield everything that is shown: its place, the step or outcome it stands in, the thing."""
    for name, step in flow.steps.items():
        for index, show in enumerate(step.show):
            yield ("steps", name, "show", index), name, show
    for name, outcome in flow.outcomes.items():
        for index, show in enumerate(outcome.show):
            yield ("outcomes", name, "show", index), name, show


def conditions(flow: Flow) -> Iterator[tuple[KeyPath, str, Condition]]:
    """Yield every condition: its place, the step or outcome where it is asked, the condition."""
    for name, step in flow.steps.items():
        for index, way in enumerate(step.ways):
            yield ("steps", name, "ways", index, "when"), name, way.when
    for path, name, show in shows(flow):
        if show.when is not None:
            yield (*path, "when"), name, show.when
        for index, item in enumerate(show.checklist or ()):
            if item.when is not None:
                yield (*path, "checklist", index, "when"), name, item.when


def deadlines(flow: Flow) -> Iterator[tuple[KeyPath, Deadline]]:
    """Yield every deadline of every checklist."""
    for path, _, show in shows(flow):
        for index, item in enumerate(show.checklist or ()):
            if item.deadline is not None:
                yield (*path, "checklist", index, "deadline"), item.deadline


def comparisons(condition: Condition, path: KeyPath) -> Iterator[tuple[KeyPath, Condition]]:
    """Yield the single comparisons inside a condition with their places."""
    if condition.every is not None or condition.some is not None:
        key = "all" if condition.every is not None else "any"
        for index, each in enumerate(condition.every or condition.some or ()):
            yield from comparisons(each, (*path, key, index))
    elif condition.negated is not None:
        yield from comparisons(condition.negated, (*path, "not"))
    else:
        yield path, condition

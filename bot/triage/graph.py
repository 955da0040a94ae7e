"""A flow as a graph: where each step can lead, and what can be reached from where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.triage.answering import choices_of
from bot.triage.models import ASKING, Flow, Step


@dataclass(frozen=True)
class Edge:
    """A way from a step. `answer`: a choice id, `…` for any answer, `dont_know`, `skip`, `otherwise`, or the number of
    a branch's way; `target` is None where nothing is written."""

    source: str
    answer: str
    target: str | None


ANY_ANSWER = "…"


@dataclass(frozen=True)
class Graph:
    """The ways of one flow."""

    flow: Flow

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every way out of every step."""
        return tuple(
            Edge(name, answer, target) for name, step in self.flow.steps.items() for answer, target in ways_out(step)
        )

    @cached_property
    def following(self) -> Mapping[str, frozenset[str]]:
        """Step or outcome → what can come next."""
        found: dict[str, set[str]] = {name: set() for name in (*self.flow.steps, *self.flow.outcomes)}
        for edge in self.edges:
            if edge.target in found:
                found[edge.source].add(edge.target)
        return {name: frozenset(targets) for name, targets in found.items()}

    @cached_property
    def reachable(self) -> frozenset[str]:
        """Everything that can be reached from the start, the start too."""
        return self.after([self.flow.start]) | ({self.flow.start} & self.flow.steps.keys())

    def after(self, names: Iterable[str]) -> frozenset[str]:
        """Everything that can be reached from some steps by at least one way."""
        found: set[str] = set()
        todo = [target for name in names for target in self.following.get(name, ())]
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo.extend(self.following.get(name, ()))
        return frozenset(found)

    @cached_property
    def downstream(self) -> Mapping[str, frozenset[str]]:
        """Step → everything after it."""
        return {name: self.after([name]) for name in self.flow.steps}


def ways_out(step: Step) -> Iterator[tuple[str, str | None]]:
    """Yield the ways out of a step: what is answered, and where it leads."""
    if step.kind == "branch":
        for number, way in enumerate(step.ways):
            yield str(number), way.next
        yield "otherwise", step.otherwise
    elif step.kind in ("calculate", "information"):
        yield ANY_ANSWER, step.next
    else:
        if step.kind in ("choice", "yesno"):
            for name, choice in choices_of(step).items():
                yield name, choice.next or step.next
        else:
            yield ANY_ANSWER, step.next
        yield "dont_know", step.dont_know or step.next
        yield "skip", step.skip or step.next


def asks(step: Step) -> bool:
    """Whether a step waits for an answer."""
    return step.kind in ASKING

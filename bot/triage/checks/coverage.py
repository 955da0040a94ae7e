"""Talks hold, every step is reached by one, and every outcome is the ending of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.knowledge.base import Knowledge
from bot.knowledge.findings import Finding
from bot.knowledge.shape import build, similar
from bot.knowledge.yamlfile import parse_yaml, with_lines
from bot.triage.calculators.result import Say
from bot.triage.checks.context import found
from bot.triage.loader import Flows
from bot.triage.talks import Talk, play


@dataclass
class Covered:
    """What the talks of one flow came through."""

    steps: set[str] = field(default_factory=set)
    outcomes: set[str] = field(default_factory=set)


def inspect_talks(
    talks: Mapping[str, str | bytes], flows: Flows, knowledge: Knowledge, texts: Say
) -> tuple[Finding, ...]:
    """Play all talks (file name → content) and return what does not hold or is not covered."""
    covered: dict[str, Covered] = {name: Covered() for name in flows.flows}
    findings: list[Finding] = []
    for name in sorted(talks):
        findings += _play(name, talks[name], flows, knowledge, texts, covered)
    return (*with_lines(findings, talks), *_uncovered(flows, covered))


def _play(
    name: str, content: str | bytes, flows: Flows, knowledge: Knowledge, texts: Say, covered: dict[str, Covered]
) -> list[Finding]:
    parsed = parse_yaml(content, name)
    if parsed.data is None:
        return list(parsed.findings)
    talk, findings = build(Talk, parsed.data, name)
    findings += parsed.findings
    if talk is None:
        return findings
    if talk.flow not in flows.flows:
        allowed = similar(talk.flow, frozenset(flows.flows))
        return [*findings, Finding("unknown-flow", name, ("flow",), values={"id": talk.flow}, allowed=allowed)]
    played = play(talk, flows, knowledge, texts)
    covered[talk.flow].steps |= played.steps
    covered[talk.flow].outcomes |= played.outcomes
    if played.number is not None:
        values = {"number": played.number, "problem": played.problem}
        path = ("steps", played.number - 1) if played.number else ("ending",)
        findings.append(Finding("flow-talk-fails", name, path, values=values))
    return findings


def _uncovered(flows: Flows, covered: Mapping[str, Covered]) -> Iterator[Finding]:
    for flow in flows.flows.values():
        seen = covered[flow.id]
        for name, step in flow.steps.items():
            if step.kind != "branch" and name not in seen.steps:
                yield found("flow-no-talk-step", flow, ("steps", name), id=name)
        for name in flow.outcomes:
            if name not in seen.outcomes:
                yield found("flow-no-talk-end", flow, ("outcomes", name), id=name)

"""Everything that can be wrong in flows beyond their shape; a module has `check(context)`, which yields findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.knowledge.base import Knowledge
from bot.knowledge.findings import Finding
from bot.knowledge.yamlfile import parse_yaml, with_lines
from bot.triage.checks import conditions, references, structure, texts
from bot.triage.checks.context import Context
from bot.triage.danger import FILE as DANGER_FILE
from bot.triage.danger import Danger, read_rules
from bot.triage.graph import Graph
from bot.triage.loader import Flows, parse

CHECKS: Final[tuple[Callable[[Context], Iterator[Finding]], ...]] = (
    structure.check,
    conditions.check,
    references.check,
    texts.check,
)


@dataclass(frozen=True)
class Inspection:
    """All findings, by file and line, and what could be read."""

    flows: Flows | None
    danger: Danger | None
    findings: tuple[Finding, ...]


def inspect(files: Mapping[str, str | bytes], knowledge: Knowledge, today: date) -> Inspection:
    """Read and check the flows, letters and rules of danger among the files of a knowledge folder; all in one run.

    today: the date in Moscow. What is wrong in talks is found by `bot.triage.checks.coverage`.
    """
    loaded = parse(files)
    found: list[Finding] = list(loaded.findings)
    danger, wrong = _danger(files)
    found += wrong
    if loaded.flows is not None:
        graphs = {name: Graph(flow) for name, flow in loaded.flows.flows.items()}
        rules = frozenset(danger.rules) if danger is not None else frozenset[str]()
        context = Context(loaded.flows, knowledge, rules, today, graphs)
        found += [finding for check in CHECKS for finding in check(context)]
    lined = with_lines(found, files)
    ordered = sorted(lined, key=lambda finding: (finding.file, finding.line, finding.key_path, finding.code))
    return Inspection(loaded.flows, danger, tuple(ordered))


def _danger(files: Mapping[str, str | bytes]) -> tuple[Danger | None, list[Finding]]:
    if DANGER_FILE not in files:
        return None, [Finding("missing-file", DANGER_FILE)]
    parsed = parse_yaml(files[DANGER_FILE], DANGER_FILE)
    danger, findings = read_rules(parsed.data) if parsed.data is not None else (None, ())
    return danger, [*parsed.findings, *findings]

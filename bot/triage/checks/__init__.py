"""Everything that can be wrong in flows beyond their shape; a module has `check(context)`, which yields findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bot.knowledge.base import Knowledge
from bot.knowledge.findings import Finding
from bot.knowledge.loader import LoadResult
from bot.knowledge.yamlfile import parse_yaml, with_lines
from bot.triage.checks import conditions, emergencies, references, structure, texts
from bot.triage.checks.context import Context
from bot.triage.danger import FILE as DANGER_FILE
from bot.triage.danger import Danger, read_rules
from bot.triage.graph import Graph
from bot.triage.loader import Flows, from_load, parse

CHECKS: Final[tuple[Callable[[Context], Iterator[Finding]], ...]] = (
    structure.check,
    conditions.check,
    references.check,
    emergencies.check,
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
    made = parse(files)
    parsed = parse_yaml(files[DANGER_FILE], DANGER_FILE) if DANGER_FILE in files else None
    found = [*made.findings, *(parsed.findings if parsed is not None else ())]
    return _inspection(made.flows, parsed.data if parsed is not None else None, found, files, knowledge, today)


def inspect_loaded(loaded: LoadResult, files: Mapping[str, str | bytes], today: date) -> Inspection:
    """Do the same with what `bot.knowledge.loader.parse` read of these files; its own findings are not repeated."""
    made = from_load(loaded)
    found = [finding for finding in made.findings if not (finding.code == "missing-file" and finding.file in files)]
    return _inspection(made.flows, loaded.others.get(DANGER_FILE), found, files, loaded.partial, today)


def _inspection(
    flows: Flows | None,
    danger_data: Any,
    found: list[Finding],
    files: Mapping[str, str | bytes],
    knowledge: Knowledge,
    today: date,
) -> Inspection:
    danger: Danger | None = None
    if danger_data is not None:
        danger, wrong = read_rules(danger_data)
        found += wrong
    elif DANGER_FILE not in files:
        found.append(Finding("missing-file", DANGER_FILE))
    if flows is not None:
        graphs = {name: Graph(flow) for name, flow in flows.flows.items()}
        context = Context(flows, knowledge, danger.rules if danger is not None else None, today, graphs)
        found += [finding for check in CHECKS for finding in check(context)]
    lined = with_lines(found, files)
    ordered = sorted(lined, key=lambda finding: (finding.file, finding.line, finding.key_path, finding.code))
    return Inspection(flows, danger, tuple(ordered))

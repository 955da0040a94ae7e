"""From the files of `knowledge/flows/` and `knowledge/letters/` to flows, with everything that is wrong in their shape.

The core reads no folder: it is given the files, or the data that `bot.knowledge.loader` has already read of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.errors import HotlineError
from bot.knowledge.findings import Finding
from bot.knowledge.loader import LoadResult
from bot.knowledge.shape import build
from bot.knowledge.yamlfile import parse_yaml, with_lines
from bot.triage.models import Flow, LetterBlank
from bot.triage.words import FILE as ANSWERS_FILE
from bot.triage.words import Answers, Words

FLOW_FILE: Final = re.compile(r"flows/(?P<id>[^/]+)\.yaml$")
LETTER_FILE: Final = re.compile(r"letters/(?P<id>[^/]+)\.yaml$")


class FlowNotFound(HotlineError):
    """No flow has this id; an old button may name one that was removed: offer the menu."""


@dataclass(frozen=True)
class Flows:
    """All triage dialogs and letters, and how people answer in their own words; loaded, never changed."""

    words: Words
    flows: Mapping[str, Flow] = field(default_factory=dict)
    letters: Mapping[str, LetterBlank] = field(default_factory=dict)

    def flow(self, flow_id: str) -> Flow:
        """Return a flow; raise `FlowNotFound`."""
        try:
            return self.flows[flow_id]
        except KeyError:
            raise FlowNotFound(f"There is no flow {flow_id!r}.") from None


@dataclass(frozen=True)
class FlowsResult:
    """What came of loading: what could be read (None without the words of answers), and what is wrong."""

    flows: Flows | None
    findings: tuple[Finding, ...]


def parse(files: Mapping[str, str | bytes]) -> FlowsResult:
    """Read the flows and letters among the files of a knowledge folder; keys are paths inside it with `/`."""
    data: dict[str, Any] = {}
    findings: list[Finding] = []
    for path in sorted(files):
        if FLOW_FILE.match(path) or LETTER_FILE.match(path) or path == ANSWERS_FILE:
            parsed = parse_yaml(files[path], path)
            findings += parsed.findings
            if parsed.data is not None:
                data[path] = parsed.data
    made = from_data(data)
    return FlowsResult(made.flows, with_lines((*findings, *made.findings), files))


def from_load(loaded: LoadResult) -> FlowsResult:
    """Make flows of what `bot.knowledge.loader.parse` read; findings have no lines."""
    return from_data(loaded.others)


def from_data(data: Mapping[str, Any]) -> FlowsResult:
    """Make flows and letters of data by path; other paths are passed over."""
    flows: dict[str, Flow] = {}
    letters: dict[str, LetterBlank] = {}
    findings: list[Finding] = []
    words: Words | None = None
    if ANSWERS_FILE not in data:
        findings.append(Finding("missing-file", ANSWERS_FILE))
    for path in sorted(data):
        if match := FLOW_FILE.match(path):
            flow, wrong = build(Flow, data[path], path)
            findings += wrong
            if flow is not None and _same_id(flow.id, match["id"], path, findings):
                flows[flow.id] = flow
        elif match := LETTER_FILE.match(path):
            letter, wrong = build(LetterBlank, data[path], path)
            findings += wrong
            if letter is not None and _same_id(letter.id, match["id"], path, findings):
                letters[letter.id] = letter
        elif path == ANSWERS_FILE:
            answers, wrong = build(Answers, data[path], path)
            findings += wrong
            words = Words(answers) if answers is not None else None
    return FlowsResult(Flows(words, flows, letters) if words else None, tuple(findings))


def _same_id(own: str, expected: str, path: str, findings: list[Finding]) -> bool:
    if own != expected:
        findings.append(Finding("id-not-file", path, ("id",), values={"id": own}, allowed=(expected,)))
    return own == expected

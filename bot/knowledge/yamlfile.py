"""Read one YAML file strictly: no key twice, no aliases, no tags, no surprises of old YAML.

Only plain `true`, `false`, `null`, numbers and ISO dates are more than text: `no` stays "no" and `10:30` stays
"10:30". The C parser of PyYAML composes nodes; places in the file are looked up only when a finding needs them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import yaml
from yaml.cyaml import CBaseLoader

from bot.knowledge import limits
from bot.knowledge.findings import Finding, KeyPath

_INTEGER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)$")
_FLOAT: Final = re.compile(r"[-+]?[0-9]+\.[0-9]+$")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_WORDS: Final = {"true": True, "false": False, "null": None, "~": None, "": None}
_DIGITS: Final = frozenset("0123456789")
_NOT_TEXT_STARTS: Final = frozenset(["", *"0123456789+-~tfn"])


class _Composer(CBaseLoader):
    """The C parser with a resolver that does no work: what a scalar means is decided in `_scalar`."""

    def resolve(self, kind: object, value: object, implicit: object) -> str:
        return ""

    def descend_resolver(self, current_node: object, current_index: object) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Parsed:
    """What a file holds; `data` is None where it cannot be read at all."""

    data: Any
    findings: tuple[Finding, ...]


def parse_yaml(content: str | bytes, file: str) -> Parsed:
    """Read one file into dictionaries, lists, texts, numbers and dates, with all that is wrong in its YAML."""
    if len(content) > limits.FILE_MAX:
        return Parsed(None, (Finding("file-too-big", file, values={"limit": limits.FILE_MAX // 1024}),))
    data = content.encode() if isinstance(content, str) else content
    try:
        node = None if data.startswith(_UTF16) else _Composer(data).get_single_node()
    except yaml.YAMLError as error:
        return Parsed(None, (_unreadable(error, data, file),))
    if node is None:
        return Parsed(None, (_unreadable(None, data, file),))
    reading = _Reading(file, aliases=b"&" in data and b"*" in data)
    value = reading.convert(node, ())
    if value is None and not reading.findings:
        return Parsed(None, (Finding("empty-file", file),))
    return Parsed(value, tuple(reading.findings))


def _unreadable(error: yaml.YAMLError | None, content: bytes, file: str) -> Finding:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        return Finding("not-utf8", file, line=content[: wrong.start].count(b"\n") + 1)
    if error is None:
        return Finding("empty-file", file)
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        values = {"problem": error.problem or "?"}
        return Finding("bad-yaml", file, line=error.problem_mark.line + 1, values=values)
    return Finding("bad-yaml", file, values={"problem": str(error).splitlines()[0]})


def with_lines(findings: Iterable[Finding], files: Mapping[str, str | bytes]) -> tuple[Finding, ...]:
    """Return the findings with the line of their place filled in; a file is composed once more for that."""
    roots: dict[str, yaml.Node | None] = {}
    result: list[Finding] = []
    for finding in findings:
        if finding.line or finding.file not in files:
            result.append(finding)
            continue
        if finding.file not in roots:
            roots[finding.file] = _root(files[finding.file])
        result.append(replace(finding, line=_line(roots[finding.file], finding.path)))
    return tuple(result)


class _Reading:
    def __init__(self, file: str, *, aliases: bool) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self._aliases = aliases
        self._seen: set[int] = set()

    def convert(self, node: yaml.Node, path: KeyPath) -> Any:
        if node.tag or (self._aliases and not self._first_time(node)):
            self._found("tag-or-alias", node, path)
            return None
        if isinstance(node, yaml.ScalarNode):
            return node.value if node.style else _scalar(node.value)
        if isinstance(node, yaml.SequenceNode):
            return self._sequence(node, path)
        assert isinstance(node, yaml.MappingNode)
        return self._mapping(node, path)

    def _sequence(self, node: yaml.SequenceNode, path: KeyPath) -> list[Any]:
        result: list[Any] = []
        for child in node.value:
            # Most nodes are texts that are nothing else; they are told apart here, without a call for each.
            if child.__class__ is yaml.ScalarNode and not (child.tag or self._aliases):
                value = child.value
                if child.style or value[:1] not in _NOT_TEXT_STARTS:
                    result.append(value)
                    continue
            result.append(self.convert(child, (*path, len(result))))
        return result

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._found("key-not-text", key_node, path)
                continue
            key = key_node.value
            if key[:1] in _DIGITS and not key_node.style:
                dated = _scalar(key)
                key = dated if isinstance(dated, date) else key
            if key in result:
                self._found("duplicate-key", key_node, (*path, str(key)), key=str(key))
            else:
                result[key] = self.convert(value_node, (*path, str(key)))
        return result

    def _first_time(self, node: yaml.Node) -> bool:
        known = id(node) in self._seen
        self._seen.add(id(node))
        return not known

    def _found(self, code: str, node: yaml.Node, path: KeyPath, **values: str) -> None:
        self.findings.append(Finding(code, self.file, path, node.start_mark.line + 1, values=values))


def _scalar(value: str) -> Any:
    if value in _WORDS:
        return _WORDS[value]
    if value[0] not in _NOT_TEXT_STARTS:
        return value
    if _INTEGER.match(value):
        return int(value)
    if _FLOAT.match(value):
        return float(value)
    if _DATE.match(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def _root(content: str | bytes) -> yaml.Node | None:
    try:
        text = content if isinstance(content, str) else content.decode("utf-8-sig")
        root: yaml.Node | None = _Composer(text).get_single_node()
    except (yaml.YAMLError, UnicodeDecodeError):
        return None
    return root


def _line(root: yaml.Node | None, path: KeyPath) -> int:
    """The line of the deepest node that exists on the way; for a key the line where the key stands."""
    if root is None:
        return 0
    node, line = root, root.start_mark.line
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == str(step)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
        else:
            break
    return int(line) + 1

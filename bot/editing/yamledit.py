"""Change single values in a YAML file and leave every other character as the editor wrote it.

Comments, order, quotes and indents survive because only the changed places are rewritten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import yaml
from yaml.cyaml import CBaseLoader

from bot.errors import HotlineError
from bot.knowledge.findings import KeyPath


class PlaceNotFound(HotlineError):
    """A file has no value at the place that should be changed; export again and repeat the change."""


@dataclass(frozen=True)
class _Edit:
    start: int
    end: int
    text: str


def replace_values(text: str, changes: Mapping[KeyPath, str | date]) -> str:
    """Return the file with new texts or dates at existing places; raise `PlaceNotFound` for any other place."""
    root = yaml.compose(text, Loader=CBaseLoader)
    edits = []
    for path, value in changes.items():
        node = _find(root, path)
        if not isinstance(node, yaml.ScalarNode):
            raise PlaceNotFound(f"There is no text at {'.'.join(map(str, path))}.")
        edits.append(_replacement(text, node, value))
    return _apply(text, edits)


def map_texts(text: str, change: Callable[[KeyPath, str], str]) -> str:
    """Return the file with `change` applied to every text value; keys, dates and numbers in it are passed too."""
    root = yaml.compose(text, Loader=CBaseLoader)
    edits: list[_Edit] = []

    def walk(node: yaml.Node | None, path: KeyPath) -> None:
        if isinstance(node, yaml.ScalarNode):
            new = change(path, node.value)
            if new != node.value:
                edits.append(_replacement(text, node, new))
        elif isinstance(node, yaml.SequenceNode):
            for index, child in enumerate(node.value):
                walk(child, (*path, index))
        elif isinstance(node, yaml.MappingNode):
            for key, child in node.value:
                walk(child, (*path, key.value))

    walk(root, ())
    return _apply(text, edits)


def set_list(text: str, path: KeyPath, items: Sequence[str]) -> str:
    """Return the file with a list of texts made equal to `items`: kept ones stay as written, the rest is rewritten.

    Raises `PlaceNotFound` where there is no list.
    """
    root = yaml.compose(text, Loader=CBaseLoader)
    node = _find(root, path)
    if not isinstance(node, yaml.SequenceNode):
        raise PlaceNotFound(f"There is no list at {'.'.join(map(str, path))}.")
    shared = min(len(node.value), len(items))
    edits = [
        _replacement(text, child, items[index])
        for index, child in enumerate(node.value[:shared])
        if not (isinstance(child, yaml.ScalarNode) and child.value == items[index])
    ]
    if node.flow_style or not node.value:
        inside = ", ".join(_written(item, "") for item in items)
        return _apply(text, [_Edit(node.start_mark.index, node.end_mark.index, f"[{inside}]")])
    if len(items) < len(node.value):
        start = _line_start(text, node.value[shared].start_mark.index)
        edits.append(_Edit(start, _content_end(text, node.value[-1]), ""))
    elif len(items) > len(node.value):
        last = node.value[-1]
        indent = " " * (node.start_mark.column)
        end = _content_end(text, last)
        lines = "".join(f"{indent}- {_written(item, '')}\n" for item in items[shared:])
        before = "" if end == 0 or text[end - 1] == "\n" else "\n"
        edits.append(_Edit(end, end, before + lines))
    return _apply(text, edits)


def _find(node: yaml.Node | None, path: KeyPath) -> yaml.Node | None:
    for step in path:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == str(step)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        else:
            return None
    return node


def _replacement(text: str, node: yaml.Node, value: str | date) -> _Edit:
    if not isinstance(node, yaml.ScalarNode):
        raise PlaceNotFound(f"Line {node.start_mark.line + 1} holds no single text.")
    start, end = node.start_mark.index, node.end_mark.index
    style = node.style if node.style in ("'", '"') else ""
    written = value.isoformat() if isinstance(value, date) else _written(value, style)
    if text[start:end].endswith("\n"):
        written += "\n"
    if start == end and text[start - 1 : start] not in (" ", ""):
        written = f" {written}"
    return _Edit(start, end, written)


def _written(value: str, style: str) -> str:
    """A text as YAML, safe inside of brackets and outside."""
    line = yaml.dump([value], Dumper=yaml.SafeDumper, allow_unicode=True, width=2**31, default_flow_style=True,
                     default_style=style or None)  # fmt: skip
    return str(line).strip()[1:-1].removeprefix("!!str ")


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _content_end(text: str, node: yaml.Node) -> int:
    """The end of the line on which a node ends, after its line break."""
    end = int(node.end_mark.index)
    if end and text[end - 1] == "\n":
        return end
    newline = text.find("\n", end)
    return len(text) if newline < 0 else newline + 1


def _apply(text: str, edits: list[_Edit]) -> str:
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text

"""What is wrong in the knowledge, where exactly, and what would be right.

The words stand in `data/findings.yaml`, in English and Russian: editors need not know English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from bot.languages.locales import Locale

KeyPath = tuple[str | int, ...]
"""Keys and list positions (from 0) from the top of a file down to a value."""

Language = Literal["en", "ru"]


class Severity(StrEnum):
    """An error keeps the folder from being served; a warning is for an editor to look at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    code: its name in `data/findings.yaml`; file: path inside `knowledge/`; path: keys down to the place;
    line: from 1, 0 where the file as a whole is meant; locale: of the text concerned;
    values: what the words of the finding name; allowed: what would be right.
    """

    code: str
    file: str
    path: KeyPath = ()
    line: int = 0
    locale: Locale | None = None
    severity: Severity = Severity.ERROR
    values: Mapping[str, Any] = field(default_factory=dict)
    allowed: tuple[str, ...] = ()

    @property
    def key_path(self) -> str:
        """The place as editors read it: `answer[2].text`, positions from 1."""
        return write_key_path(self.path)

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.text("en")

    def text(self, language: Language = "en") -> str:
        """What is wrong, in the editor's language."""
        return str(_templates()[self.code][language]).format(**self.values)

    def line_of_text(self, language: Language = "en") -> str:
        """The finding as one line: place, what is wrong, what is allowed."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        parts = [place, self.key_path, f"[{self.locale}]" if self.locale else "", self.text(language)]
        line = " ".join(part for part in parts if part)
        if not self.allowed:
            return line
        return f"{line} {_templates()['_allowed'][language]}: {', '.join(self.allowed)}"


def write_key_path(path: KeyPath) -> str:
    """Return a place as editors read it: `answer[2].text`, positions from 1."""
    written = ""
    for step in path:
        written += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if written else str(step)
    return written


def read_key_path(written: str) -> KeyPath:
    """Return the place that `write_key_path` wrote; raise ValueError for anything else."""
    steps: list[str | int] = []
    for key, position in re.findall(r"([^.\[\]]+)|\[(\d+)\]", written):
        steps.append(key if key else int(position) - 1)
    if write_key_path(tuple(steps)) != written:
        raise ValueError(f"{written!r} is not a place in a file")
    return tuple(steps)


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that keep a folder from being served."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)


def codes() -> frozenset[str]:
    """Return the names of all findings that have words."""
    return frozenset(code for code in _templates() if not code.startswith("_"))


@cache
def _templates() -> Mapping[str, Mapping[str, str]]:
    text = files("bot.knowledge").joinpath("data/findings.yaml").read_text("utf-8")
    data = yaml.load(text, Loader=yaml.CSafeLoader)
    assert isinstance(data, dict)
    return data

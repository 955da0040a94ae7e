"""Where a person stands in a flow: plain JSON, stored after each step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

Answer = Any
"""A choice id, a list of them, a number, an ISO date, a region, a citizenship, a text, rows; None: unknown."""

PATH_MAX: Final = 60
"""Steps that "back" can return through; a longer way forgets its beginning."""


@dataclass(frozen=True)
class State:
    """A person in a flow.

    step: the step that is asked now, None at the end; outcome: the end that was reached.
    answers: step → answer; marks: step → `dont_know`, `skip` (no answer), `known` (from the profile), `calculated`.
    path: the steps passed, oldest first; told: profile values given here; draft: an unfinished list of the step;
    helped: the step whose help was shown.
    """

    flow: str
    version: int
    step: str | None = None
    outcome: str | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    path: tuple[str, ...] = ()
    told: dict[str, str] = field(default_factory=dict)
    draft: tuple[Any, ...] = ()
    helped: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON."""
        return {
            "flow": self.flow,
            "version": self.version,
            "step": self.step,
            "outcome": self.outcome,
            "answers": dict(self.answers),
            "marks": dict(self.marks),
            "path": list(self.path),
            "told": dict(self.told),
            "draft": list(self.draft),
            "helped": self.helped,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> State:
        """Read what `to_json` wrote, also by an older release: unknown keys are passed over, missing ones are empty."""
        return cls(
            flow=str(data["flow"]),
            version=int(data.get("version", 0)),
            step=data.get("step"),
            outcome=data.get("outcome"),
            answers=dict(data.get("answers") or {}),
            marks=dict(data.get("marks") or {}),
            path=tuple(data.get("path") or ()),
            told=dict(data.get("told") or {}),
            draft=tuple(data.get("draft") or ()),
            helped=data.get("helped"),
        )

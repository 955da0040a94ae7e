"""Why an answer could not be taken, as the id of an interface text that says kindly what would be right."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Problem:
    """The id of a text in the catalogs and what it names; days and numbers are formatted when it is shown."""

    text_id: str
    values: dict[str, str | int | float | date] = field(default_factory=dict)

"""Which models the JSON Schemas of flows and letters are made of; `bot.knowledge.schemas` makes them."""

from __future__ import annotations

from typing import Final

from bot.knowledge.schemas import Models, Patterns
from bot.triage.models import Flow, LetterBlank
from bot.triage.words import Answers

FILES: Final[Models] = {
    "flow": (Flow, "single"),
    "letter": (LetterBlank, "single"),
    "answers": (Answers, "single"),
}
"""The schemas of this room."""

PATTERNS: Final[Patterns] = {
    "flow": ("knowledge/flows/*.yaml",),
    "letter": ("knowledge/letters/*.yaml",),
    "answers": ("knowledge/lexicon/answers.yaml",),
}
"""The files of this room."""

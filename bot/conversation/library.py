"""What the hotline knows at one moment; a turn takes it once, so that it never sees half of a change."""

from __future__ import annotations

from dataclasses import dataclass

from bot.knowledge.base import Knowledge
from bot.knowledge.search import SearchIndex
from bot.triage.danger import Danger
from bot.triage.loader import Flows


@dataclass(frozen=True)
class Library:
    """The knowledge with its search index, of one version."""

    knowledge: Knowledge
    index: SearchIndex
    flows: Flows
    danger: Danger

    def urgent_rule(self, text: str) -> str | None:
        """Return the name of the urgency rule that a text matches, or None."""
        found = self.danger.match(text)
        return found.rule.id if found is not None else None

"""What the engine is told from outside: the day, the language, the knowledge, the person, the interface texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.knowledge.base import Knowledge
from bot.knowledge.facts import Reader
from bot.languages.locales import Locale
from bot.triage.calculators.result import Say
from bot.triage.state import State


@dataclass(frozen=True)
class Context:
    """Everything a step depends on besides the flow, the state and the input.

    today: the date in Moscow; profile: citizenship, region and other keys of `PROFILE`, as far as they are known.
    """

    today: date
    locale: Locale
    knowledge: Knowledge
    say: Say
    profile: Mapping[str, str] = field(default_factory=dict)

    def text(self, text_id: str, /, **values: object) -> str:
        """Return an interface text in the person's language."""
        return self.say(self.locale, text_id, **values)

    def known(self, state: State) -> dict[str, str]:
        """Return the profile with what was told in this flow on top."""
        return {**self.profile, **state.told}

    def reader(self, state: State) -> Reader:
        """Return for whom texts are rendered."""
        known = self.known(state)
        return Reader(known.get("citizenship"), known.get("region"))

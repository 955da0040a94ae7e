"""Talks: conversations written as data, played through the engine, and what they cover."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from bot.knowledge.base import Knowledge
from bot.knowledge.document import Document
from bot.knowledge.fields import Day, KebabId, Model, Text
from bot.languages.folding import fold
from bot.languages.locales import Locale
from bot.triage import engine
from bot.triage.calculators.result import Say as Texts
from bot.triage.context import Context
from bot.triage.effects import (
    Ask,
    Danger,
    Effect,
    Finish,
    HideChat,
    Left,
    NotUnderstood,
    OpenCase,
    Option,
    Remember,
    Say,
    Search,
    TalkToPerson,
    Told,
)
from bot.triage.inputs import (
    AGAIN,
    BACK,
    DONE,
    DONT_KNOW,
    HIDE,
    HUMAN,
    KEEP,
    NEXT,
    SKIP,
    Attached,
    Input,
    Shared,
    Tapped,
    Wrote,
)
from bot.triage.loader import Flows
from bot.triage.models import Flow
from bot.triage.rendering import write_letter
from bot.triage.state import State

TAPS: dict[str, str] = {
    "back": BACK, "again": AGAIN, "skip": SKIP, "dont_know": DONT_KNOW, "done": DONE, "human": HUMAN, "keep": KEEP,
    "next": NEXT, "hide": HIDE,
}  # fmt: skip
"""Common buttons by the names that talks use; a choice of the step with the same id comes first."""

_EFFECTS: dict[str, type[Any]] = {
    "danger": Danger, "search": Search, "not_understood": NotUnderstood, "remember": Remember, "open_case": OpenCase,
    "human": TalkToPerson, "told": Told, "left": Left, "hide": HideChat, "say": Say,
}  # fmt: skip

EffectName = Literal[
    "danger", "search", "not_understood", "remember", "open_case", "human", "told", "left", "hide", "say"
]


class Move(Model):
    """One line of a talk: something that is done, or something that is seen. Exactly one key."""

    tap: Text | None = None
    write: str | None = None
    location: tuple[float, float] | None = None
    attach: Text | None = None
    restart: Literal[True] | None = None
    change: dict[str, str] | None = None
    at: Text | None = None
    sees: Text | None = None
    effect: EffectName | None = None


class Talk(Model):
    """A conversation with one flow."""

    flow: KebabId
    locale: Locale
    today: Day
    profile: dict[str, str] = Field(default_factory=dict)
    steps: tuple[Move, ...] = Field(min_length=1)
    ending: Annotated[str, StringConstraints(min_length=1)] | None = None


@dataclass(frozen=True)
class Played:
    """What came of a talk: the first line that did not hold (from 1; 0: the ending) with what was wrong, and what the
    person came through."""

    number: int | None = None
    problem: str = ""
    steps: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()


@dataclass
class _Player:
    flows: Flows
    flow: Flow
    context: Context
    state: State
    effects: tuple[Effect, ...] = ()
    steps: set[str] = field(default_factory=set)
    outcomes: set[str] = field(default_factory=set)

    def take(self, turn: engine.Turn) -> None:
        self.state, self.effects = turn
        self.steps.update(self.state.path)
        if self.state.step is not None:
            self.steps.add(self.state.step)
        elif self.state.outcome is not None:
            self.outcomes.add(self.state.outcome)

    def give(self, given: Input) -> None:
        self.take(engine.step(self.flows, self.state, given, self.context))

    def move(self, move: Move) -> str:
        """Do or look for one line; return what is wrong, empty where nothing is."""
        if move.tap is not None:
            return self._tap(move.tap)
        if move.write is not None:
            self.give(Wrote(move.write))
        elif move.location is not None:
            self.give(Shared(*move.location))
        elif move.attach is not None:
            self.give(Attached(move.attach))
        elif move.restart:
            self.state = State.from_json(json.loads(json.dumps(self.state.to_json())))
        elif move.change is not None:
            self._change(move.change)
        elif move.at is not None:
            here = self.state.step or self.state.outcome
            return "" if here == move.at else f"at {here}, not at {move.at}"
        elif move.sees is not None:
            seen = self.seen()
            return "" if _even(move.sees) in _even(seen) else f"does not see {move.sees!r}"
        elif move.effect is not None:
            kinds = [type(effect).__name__ for effect in self.effects]
            return "" if any(isinstance(each, _EFFECTS[move.effect]) for each in self.effects) else f"effects: {kinds}"
        return ""

    def seen(self) -> str:
        """Everything on the screen: texts, labels, and the letters that are one press away."""
        parts: list[str] = []
        for effect in self.effects:
            parts += _texts(effect)
            if isinstance(effect, Finish):
                for offer in effect.offers:
                    letter = self.flows.letters.get(offer.id) if offer.kind == "letter" else None
                    if letter is not None:
                        body = write_letter(letter.body, self.flow, self.state, self.context, self.flows.words)
                        parts += [letter.how[self.context.locale], body]
        return "\n".join(parts)

    def _tap(self, wanted: str) -> str:
        options = self._options()
        ids = [option.id for option in options]
        found = wanted if wanted in ids else TAPS.get(wanted, "")
        if found not in ids:
            found = next((option.id for option in options if _even(option.label) == _even(wanted)), "")
        if not found:
            return f"no button {wanted!r}; there are {', '.join(ids)}"
        self.give(Tapped(self.state.step or self.state.outcome or "", found, self.state.version))
        return ""

    def _options(self) -> tuple[Option, ...]:
        screen = engine.show(self.flows, self.state, self.context)[1][-1]
        if isinstance(screen, Ask):
            return (*screen.options, *screen.common)
        return screen.common if isinstance(screen, Finish) else ()

    def _change(self, change: Mapping[str, str]) -> None:
        locale = Locale(change["locale"]) if "locale" in change else self.context.locale
        profile = {**self.context.profile, **{key: value for key, value in change.items() if key != "locale"}}
        self.context = replace(self.context, locale=locale, profile=profile)
        self.take(engine.show(self.flows, self.state, self.context))


def play(talk: Talk, flows: Flows, knowledge: Knowledge, texts: Texts) -> Played:
    """Play a talk through the engine. Raises `FlowNotFound`."""
    context = Context(talk.today, talk.locale, knowledge, texts, dict(talk.profile))
    player = _Player(flows, flows.flow(talk.flow), context, State(talk.flow, 0))
    player.take(engine.start(flows, talk.flow, context))
    for number, move in enumerate(talk.steps, 1):
        problem = player.move(move)
        if problem:
            return Played(number, problem, frozenset(player.steps), frozenset(player.outcomes))
    if talk.ending is not None and player.state.outcome != talk.ending:
        where = player.state.outcome or player.state.step
        return Played(0, f"ends at {where}, not in {talk.ending}", frozenset(player.steps), frozenset(player.outcomes))
    return Played(None, "", frozenset(player.steps), frozenset(player.outcomes))


def _texts(effect: Effect) -> list[str]:
    match effect:
        case Ask():
            return [effect.document.text, *[option.label for option in (*effect.options, *effect.common)]]
        case Finish():
            labels = [offer.label for offer in effect.offers]
            return [*[each.text for each in effect.documents], *labels, *[option.label for option in effect.common]]
        case Say(Document() as document):
            return [document.text]
        case NotUnderstood() | Told():
            return [effect.text]
        case _:
            return []


def _even(text: str) -> str:
    return fold(text)

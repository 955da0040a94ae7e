"""One turn of a conversation: what came in is answered with effects, inside one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.cases.model import Person
from bot.cases.routing import Desk
from bot.clock import Chance, Clock, moscow_date
from bot.conversation.effects import Effect, Show
from bot.conversation.library import Library
from bot.conversation.screens import Button, Screen
from bot.knowledge.base import Knowledge
from bot.knowledge.document import Block, Document, Span
from bot.knowledge.facts import Reader
from bot.languages.locales import SOURCE_LOCALE, Locale
from bot.languages.texts import Texts
from bot.storage.ports import Priority, Transaction


@dataclass(frozen=True)
class House:
    """What all use cases are given, wired once at the start. `library` returns the version now in use."""

    texts: Texts
    library: Callable[[], Library]
    desks: Sequence[Desk]
    clock: Clock
    chance: Chance

    def desk(self, key: str) -> Desk:
        """Return a desk by its key; the first one where the key is gone from the settings."""
        return next((desk for desk in self.desks if desk.key == key), self.desks[0])


class AidState(StrEnum):
    """Where the danger screen stands that is sent before anything is stored."""

    NONE = "none"
    """Nobody sends it: the turn shows it."""
    UNDER_WAY = "under-way"
    """It is being sent, and may still fail: the turn keeps one in reserve."""
    SENT = "sent"
    """It arrived."""
    BEFORE = "before"
    """It was shown for what the person said shortly before, and is not shown again."""


@dataclass(frozen=True)
class Aid:
    """What first aid made of what came in: the urgency rule, and the language of the words where none is chosen."""

    rule: str | None = None
    state: AidState = AidState.NONE
    locale: Locale | None = None


@dataclass
class Turn:
    """The transaction, the moment, and the effects gathered so far.

    `told` are the urgency rules whose screens are shown for what came in; nobody needs one of them twice.
    """

    house: House
    tx: Transaction
    now: datetime
    effects: list[Effect] = field(default_factory=list)
    aid: Aid = Aid()
    told: set[str] = field(default_factory=set)
    library: Library = field(init=False)

    def __post_init__(self) -> None:
        self.library = self.house.library()

    @property
    def today(self) -> date:
        """The date in Moscow."""
        return moscow_date(self.now)

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge of this turn."""
        return self.library.knowledge

    def text(self, locale: Locale, text_id: str, /, **values: object) -> str:
        """Return an interface text."""
        return self.house.texts.get(locale, text_id, **values)

    def emit(self, effect: Effect) -> None:
        """Decide something."""
        self.effects.append(effect)

    def show(
        self,
        person: Person,
        document: Document,
        buttons: Sequence[Button] = (),
        *,
        replace: int | None = None,
        priority: Priority = Priority.MENU,
    ) -> None:
        """Show a screen to a person."""
        self.emit(Show(person, Screen(document, tuple(buttons)), replace, priority))

    async def remember(self, person: Person, **changes: Any) -> Person:
        """Store session values of a person (None deletes one) and return the person as stored."""
        session = {**person.session, **changes}
        person = replace(person, session={key: value for key, value in session.items() if value is not None})
        await self.tx.people.save(person)
        return person


def locale_of(person: Person) -> Locale:
    """Return the language a person chose, Russian before that."""
    return person.locale or SOURCE_LOCALE


def reader_of(person: Person) -> Reader:
    """Return for whom an article is rendered."""
    return Reader(citizenship=person.citizenship, region=person.region)


def paragraphs(text: str, *, title: str | None = None) -> Document:
    """Make a document of a text whose paragraphs are lines."""
    blocks = [Block("paragraph", (Span(line),)) for line in text.split("\n") if line.strip()]
    if title:
        blocks.insert(0, Block("title", (Span(title),)))
    return Document(tuple(blocks), SOURCE_LOCALE)

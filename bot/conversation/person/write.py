"""A person writes something that is no press of a button."""

from __future__ import annotations

from bot.cases.model import Person
from bot.conversation.incoming import Incoming
from bot.conversation.person.ask import current_case, keep_for_later, open_case, write_to_case
from bot.conversation.person.start import choose_language, menu_button, person_button
from bot.conversation.screens import Action, Button
from bot.conversation.turn import Turn, locale_of, paragraphs


async def write(turn: Turn, person: Person, incoming: Incoming) -> None:
    """Pass a message to the open case; without one, look for an answer, and keep the words for an operator.

    What cannot be searched (a voice message, a photo) opens a case by itself: nothing is left lying.
    """
    case = await current_case(turn, person)
    if case is not None:
        await write_to_case(turn, person, case, incoming)
        return
    person = await keep_for_later(turn, person, incoming)
    if person.locale is None:
        choose_language(turn, person)
        return
    if not incoming.text.strip():
        await open_case(turn, person)
        return
    locale = locale_of(person)
    person = await turn.remember(person, question=incoming.text[:300])
    sections = [
        Button(f"{section.emoji} {section.title[locale]}", Action.of("sec", section.id), wide=False)
        for section in turn.knowledge.sections
    ]
    buttons = [person_button(turn, locale), *sections, menu_button(turn, locale)]
    turn.show(person, paragraphs(turn.text(locale, "nothing-found")), buttons)


async def unsupported(turn: Turn, person: Person) -> None:
    """Say that a message of this kind cannot be passed on, and what can."""
    locale = locale_of(person)
    document = paragraphs(turn.text(locale, "unsupported"))
    turn.show(person, document, [person_button(turn, locale), menu_button(turn, locale)])

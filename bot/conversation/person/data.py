"""A person's own data: what is held, a copy of it, and erasing it."""

from __future__ import annotations

from typing import Final

from bot.cases.model import Direction, Person
from bot.clock import moscow_date
from bot.conversation.effects import SetTopic, TopicState
from bot.conversation.person.start import choose_language, menu_button
from bot.conversation.screens import Action, Button
from bot.conversation.turn import Turn, locale_of, paragraphs
from bot.languages.cldr import country_name, format_date
from bot.languages.locales import OWN_NAMES

EVERYTHING: Final = 2**31 - 1
"""More messages than any case has: a copy of one's data is whole, or it is none."""


async def show(turn: Turn, person: Person, *, message: int | None) -> None:
    """Say in plain words what is held about a person, with the way to a copy and to erasing."""
    locale = locale_of(person)
    cases = await turn.tx.cases.of_person(person.id)
    country = country_name(person.citizenship, locale) if person.citizenship else turn.text(locale, "not-told")
    text = turn.text(
        locale,
        "data-text",
        language=OWN_NAMES[locale],
        citizenship=country,
        cases=len(cases),
        since=format_date(moscow_date(person.created_at), locale),
    )
    buttons = [
        Button(turn.text(locale, "button-data-copy"), Action.of("data", "copy")),
        Button(turn.text(locale, "button-data-erase"), Action.of("data", "erase")),
        menu_button(turn, locale),
    ]
    turn.show(person, paragraphs(text, title=turn.text(locale, "data-title")), buttons, replace=message)


async def copy(turn: Turn, person: Person) -> None:
    """Send a copy of everything that was written in a person's cases, as text."""
    locale = locale_of(person)
    lines = []
    for case in reversed(await turn.tx.cases.of_person(person.id)):
        state = turn.text(locale, f"case-state-{case.status}")
        lines.append(turn.text(locale, "data-copy-case", number=case.number, state=state))
        for relay in await turn.tx.relays.of_case(case.id, EVERYTHING):
            mark = "👤" if relay.direction is Direction.TO_DESK else "🎧"
            words = str(relay.parcel.get("text") or turn.text(locale, "attachment"))
            lines.append(f"{mark} {words}")
    text = "\n".join(lines) or turn.text(locale, "no-cases")
    document = paragraphs(text, title=turn.text(locale, "data-copy-title"))
    turn.show(person, document, [menu_button(turn, locale)])


def ask_to_erase(turn: Turn, person: Person, *, message: int | None) -> None:
    """Make sure that a person means it: open cases end with it."""
    locale = locale_of(person)
    buttons = [
        Button(turn.text(locale, "button-data-erase-yes"), Action.of("data", "erase", "yes")),
        menu_button(turn, locale),
    ]
    turn.show(person, paragraphs(turn.text(locale, "data-erase-ask")), buttons, replace=message)


async def erase(turn: Turn, person: Person) -> None:
    """Erase a person with everything held; the desk's topics of the cases are deleted with their messages."""
    locale = locale_of(person)
    cases = await turn.tx.cases.of_person(person.id)
    await turn.tx.audit.record(turn.now, "person", "erased")
    await turn.tx.people.erase(person.id)
    for case in cases:
        turn.emit(SetTopic(case, TopicState.DELETED))
    turn.show(person, paragraphs(turn.text(locale, "data-erased")))
    choose_language(turn, person)

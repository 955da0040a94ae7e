"""The first screens: language, menu, sections."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.cases.model import Person
from bot.conversation.effects import Toast
from bot.conversation.screens import Action, Button
from bot.conversation.turn import Turn, locale_of, paragraphs
from bot.languages.locales import OWN_NAMES, Locale

DANGER_FLOW: Final = "danger-now"
"""The flow behind the button for who cannot write what happens, or was not understood."""


async def start(turn: Turn, person: Person) -> None:
    """Answer /start: the choice of language where none was made, else the menu."""
    if person.locale is None:
        choose_language(turn, person)
    else:
        menu(turn, person)


def choose_language(turn: Turn, person: Person, *, replace_message: int | None = None) -> None:
    """Offer all six languages, each in its own words, in one text that everybody can read a line of."""
    lines = "\n".join(turn.text(locale, "choose-language") for locale in Locale)
    buttons = [Button(OWN_NAMES[locale], Action.of("lang", locale), wide=False) for locale in Locale]
    turn.show(person, paragraphs(lines), buttons, replace=replace_message)


async def set_language(turn: Turn, person: Person, code: str, *, message: int | None) -> Person | None:
    """Store the language that a person chose and return the person; ask again where it is none of ours."""
    try:
        locale = Locale(code)
    except ValueError:
        choose_language(turn, person, replace_message=message)
        return None
    person = replace(person, locale=locale)
    await turn.tx.people.save(person)
    turn.emit(Toast(turn.text(locale, "language-chosen")))
    return person


def menu(turn: Turn, person: Person, *, replace_message: int | None = None) -> None:
    """Show the sections, and always the ways out of danger and to a person."""
    locale = locale_of(person)
    sections = [
        Button(f"{section.emoji} {section.title[locale]}", Action.of("sec", section.id), wide=False)
        for section in turn.knowledge.sections
    ]
    buttons = [
        *danger_button(turn, locale),
        *sections,
        person_button(turn, locale),
        Button(turn.text(locale, "button-my-cases"), Action.of("cases"), wide=False),
        Button(turn.text(locale, "button-language"), Action.of("langs"), wide=False),
        Button(turn.text(locale, "button-my-data"), Action.of("data"), wide=False),
        Button(turn.text(locale, "button-about-me"), Action.of("me"), wide=False),
    ]
    text = turn.text(locale, "menu-text")
    turn.show(person, paragraphs(text, title=turn.text(locale, "menu-title")), buttons, replace=replace_message)


def section(turn: Turn, person: Person, section_id: str, *, replace_message: int | None = None) -> None:
    """Show the articles of a section; an unknown one leads to the menu with a kind word."""
    locale = locale_of(person)
    found = next((item for item in turn.knowledge.sections if item.id == section_id), None)
    if found is None:
        turn.emit(Toast(turn.text(locale, "button-is-old")))
        menu(turn, person, replace_message=replace_message)
        return
    articles = [turn.knowledge.articles[article_id] for article_id in found.articles]
    buttons = [Button(article.texts[locale].short, Action.of("art", article.id)) for article in articles]
    buttons += [person_button(turn, locale), menu_button(turn, locale)]
    title = f"{found.emoji} {found.title[locale]}"
    turn.show(person, paragraphs(turn.text(locale, "section-text"), title=title), buttons, replace=replace_message)


def person_button(turn: Turn, locale: Locale, topic: str = "") -> Button:
    """The way to a human, on every screen."""
    return Button(turn.text(locale, "button-talk-to-person"), Action.of("human", *([topic] if topic else [])))


def danger_button(turn: Turn, locale: Locale) -> list[Button]:
    """The way out of danger by two presses, without words; none where the knowledge has no such flow."""
    flow = turn.library.flows.flows.get(DANGER_FLOW)
    return [] if flow is None else [Button(f"🆘 {flow.title[locale]}", Action.of("flow", DANGER_FLOW))]


def menu_button(turn: Turn, locale: Locale) -> Button:
    """The way back to the start."""
    return Button(turn.text(locale, "button-menu"), Action.of("menu"))


async def about_me(turn: Turn, person: Person, args: tuple[str, ...], *, message: int | None) -> None:
    """Ask which passport a person has, so that articles show the own deadline; skippable, changed at any time."""
    locale = locale_of(person)
    if args and args[0] in ("KG", "TJ", "UZ", "MD", "other", "skip"):
        citizenship = None if args[0] == "skip" else args[0]
        person = replace(person, citizenship=citizenship)
        await turn.tx.people.save(person)
        turn.emit(Toast(turn.text(locale, "saved")))
        menu(turn, person, replace_message=message)
        return
    buttons = [
        Button(turn.text(locale, f"citizenship-{code}"), Action.of("me", code), wide=False)
        for code in ("KG", "TJ", "UZ", "MD", "other", "skip")
    ]
    document = paragraphs(turn.text(locale, "ask-citizenship"))
    turn.show(person, document, [*buttons, menu_button(turn, locale)], replace=message)

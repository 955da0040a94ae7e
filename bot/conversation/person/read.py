"""Reading: an article and its parts on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cases.model import Person
from bot.conversation.effects import Play, Toast
from bot.conversation.person.start import menu, menu_button, person_button
from bot.conversation.screens import Action, Button
from bot.conversation.turn import Turn, locale_of, paragraphs, reader_of
from bot.knowledge.document import Block, Document, Span
from bot.knowledge.models import PARTS, Article
from bot.knowledge.render import parts_of, render_article, render_organisations
from bot.languages.cldr import format_date
from bot.languages.locales import OWN_NAMES, Locale

_ANSWER = "answer"
_WHERE = "where"
ORGANISATIONS_SHOWN = 6
"""Organisations in one message: more than a phone screen or two nobody reads."""


async def article(
    turn: Turn,
    person: Person,
    args: tuple[str, ...],
    *,
    message: int | None = None,
    in_locale: Locale | None = None,
    others: tuple[str, ...] = (),
    named: Sequence[Button] = (),
) -> None:
    """Show an article: `args` are its id and, if asked for, the part. The first message is the answer itself.

    `others` are articles offered in place of the related ones, when the search chose this one; `named` leads to what
    the person called by its name.
    """
    locale = in_locale or locale_of(person)
    found = turn.knowledge.articles.get(args[0]) if args else None
    if found is None:
        turn.emit(Toast(turn.text(locale_of(person), "button-is-old")))
        menu(turn, person, replace_message=message)
        return
    part = args[1] if len(args) > 1 and args[1] in PARTS else _ANSWER
    document = render_article(turn.knowledge, found.id, locale, reader_of(person), turn.today, part)
    if part == _WHERE:
        document = _with_organisations(turn, person, found, locale, document)
    if part == _ANSWER:
        document = replace(document, blocks=(*document.blocks, *_checked(turn, document, locale)))
        person = await turn.remember(person, article=found.id, read=_with_read(person, found.id))
        buttons = _article_buttons(turn, person, found, locale, others or found.related[:2])
        known = {button.action for button in buttons}
        buttons = [button for button in named if button.action not in known] + buttons
    else:
        buttons = [
            Button(turn.text(locale, "button-back"), Action.of("art", found.id)),
            person_button(turn, locale, found.id),
        ]
    turn.show(person, document, buttons, replace=message)


def _with_read(person: Person, article_id: str) -> list[str]:
    read = [item for item in person.session.get("read", []) if item != article_id]
    return [*read, article_id][-10:]


def _with_organisations(turn: Turn, person: Person, found: Article, locale: Locale, document: Document) -> Document:
    """Add the organisations that an article names, without those for citizens of another country."""
    chosen = [
        turn.knowledge.organisations[item]
        for item in found.turn_to.organisations
        if item in turn.knowledge.organisations
    ]
    fitting = [
        item
        for item in chosen
        if not item.citizenships or person.citizenship is None or person.citizenship in item.citizenships
    ]
    listed = render_organisations(turn.knowledge, fitting[:ORGANISATIONS_SHOWN], locale, turn.today)
    return replace(document, blocks=(*document.blocks, *listed.blocks))


def _checked(turn: Turn, document: Document, locale: Locale) -> tuple[Block, ...]:
    """Under the answer: when it was checked, and a warning once that is too long ago."""
    blocks = []
    if document.checked is not None:
        line = turn.text(locale, "checked-on", date=format_date(document.checked, locale))
        blocks.append(Block("note", (Span(line),)))
    if document.overdue:
        blocks.append(Block("note", (Span(turn.text(locale, "may-have-changed")),)))
    return tuple(blocks)


def _article_buttons(
    turn: Turn, person: Person, found: Article, locale: Locale, others: tuple[str, ...]
) -> list[Button]:
    parts = parts_of(turn.knowledge, found.id, locale, reader_of(person), turn.today)
    shown = [part for part in PARTS if part in parts or (part == _WHERE and found.turn_to.organisations)]
    buttons = [
        Button(turn.text(locale, f"button-{part}"), Action.of("art", found.id, part), wide=False)
        for part in shown
        if part != _ANSWER
    ]
    if locale in found.media.audio:
        buttons.append(
            Button(turn.text(locale, "button-listen"), Action.of("play", found.id, "audio", locale), wide=False)
        )
    if found.media.picture:
        buttons.append(Button(turn.text(locale, "button-picture"), Action.of("play", found.id, "picture"), wide=False))
    if found.flow is not None and found.flow in turn.library.flows.flows:
        buttons.append(Button(turn.text(locale, "button-flow"), Action.of("flow", found.flow)))
    buttons.append(Button(turn.text(locale, "button-helped"), Action.of("helped", found.id, "yes"), wide=False))
    buttons.append(Button(turn.text(locale, "button-not-helped"), Action.of("helped", found.id, "no"), wide=False))
    buttons += [
        Button(turn.knowledge.articles[other].texts[locale].short, Action.of("art", other))
        for other in others
        if other in turn.knowledge.articles
    ]
    buttons.append(Button(turn.text(locale, "button-other-language"), Action.of("artlang", found.id), wide=False))
    buttons.append(Button(turn.text(locale, "button-share"), share=found.id, wide=False))
    buttons.append(person_button(turn, locale, found.id))
    section = next((item for item in turn.knowledge.sections if found.id in item.articles), None)
    if section is not None:
        label = turn.text(locale, "button-back-to", place=section.title[locale])
        buttons.append(Button(label, Action.of("sec", section.id), wide=False))
    buttons.append(Button(turn.text(locale, "button-menu"), Action.of("menu"), wide=False))
    return buttons


def organisation(turn: Turn, person: Person, args: tuple[str, ...], *, message: int | None = None) -> None:
    """Show an organisation: what it does, where it is, how to reach it."""
    locale = locale_of(person)
    found = turn.knowledge.organisations.get(args[0]) if args else None
    if found is None:
        turn.emit(Toast(turn.text(locale, "button-is-old")))
        menu(turn, person, replace_message=message)
        return
    document = render_organisations(turn.knowledge, [found], locale, turn.today)
    turn.show(person, document, [person_button(turn, locale), menu_button(turn, locale)])


async def other_language(turn: Turn, person: Person, args: tuple[str, ...], *, message: int | None) -> None:
    """Offer an article in another language, or show it there; the person's own language does not change."""
    locale = locale_of(person)
    if not args or args[0] not in turn.knowledge.articles:
        turn.emit(Toast(turn.text(locale, "button-is-old")))
        menu(turn, person, replace_message=message)
        return
    if len(args) > 1 and args[1] in set(Locale):
        await article(turn, person, (args[0],), in_locale=Locale(args[1]))
        return
    buttons = [
        Button(OWN_NAMES[other], Action.of("artlang", args[0], other), wide=False)
        for other in Locale
        if other != locale
    ]
    buttons.append(Button(turn.text(locale, "button-back"), Action.of("art", args[0])))
    turn.show(person, paragraphs(turn.text(locale, "choose-other-language")), buttons, replace=message)


def play(turn: Turn, person: Person, args: tuple[str, ...]) -> None:
    """Send the recording or the picture of an article; where there is none any more, say that the button is old."""
    found = turn.knowledge.articles.get(args[0]) if args else None
    kind = args[1] if len(args) > 1 else ""
    path = None
    if found is not None and kind == "picture":
        path = found.media.picture
    elif found is not None and len(args) > 2 and args[2] in set(Locale):
        path = found.media.audio.get(Locale(args[2]))
    if path is None:
        turn.emit(Toast(turn.text(locale_of(person), "button-is-old")))
        return
    turn.emit(Play(person, kind, path))


async def helped(turn: Turn, person: Person, args: tuple[str, ...]) -> None:
    """Thank for the judgement; where it did not help, offer related articles and a person, and tell the editors."""
    locale = locale_of(person)
    if len(args) == 2 and args[1] == "yes":
        turn.emit(Toast(turn.text(locale, "glad-it-helped")))
        return
    article_id = args[0] if args and args[0] in turn.knowledge.articles else None
    question = str(person.session.get("question", ""))
    await turn.tx.searches.add(question, locale, "not_helped", turn.today, [article_id] if article_id else [])
    related = turn.knowledge.articles[article_id].related if article_id else ()
    buttons = [
        Button(turn.knowledge.articles[other].texts[locale].short, Action.of("art", other))
        for other in related
        if other in turn.knowledge.articles
    ]
    buttons += [person_button(turn, locale, article_id or ""), menu_button(turn, locale)]
    turn.show(person, paragraphs(turn.text(locale, "sorry-not-helped")), buttons)

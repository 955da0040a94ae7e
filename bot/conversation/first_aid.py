"""Danger first: what to do now and whom to call, from memory alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.cases.model import Person
from bot.conversation.effects import Show
from bot.conversation.library import Library
from bot.conversation.screens import Action, Button, Screen
from bot.conversation.turn import Turn, locale_of
from bot.knowledge.document import Block, Document, Span
from bot.languages.locales import Locale
from bot.storage.ports import Priority
from bot.triage.danger_screen import danger_document

Say = Callable[..., str]


def show_danger(turn: Turn, person: Person, rule: str) -> None:
    """Show the screen of an urgency rule to a person, ahead of everything else that waits; one in a turn is enough."""
    if turn.aided:
        return
    turn.aided = True
    screen = danger_screen(turn.library, turn.house.texts.get, locale_of(person), rule, turn.today)
    turn.emit(Show(person, screen, priority=Priority.URGENT))


def danger_screen(library: Library, say: Say, locale: Locale, rule_id: str, today: date) -> Screen:
    """Return what to do now in three lines, the numbers to call, and the way to a person; needs no database."""
    rule = library.danger.rules[rule_id]
    document = danger_document(rule, library.knowledge, locale, today)
    blocks = list(document.blocks)
    buttons = [Button(say(locale, "button-call-person-now"), Action.of("urgent", rule.id))]
    if rule.watched:
        blocks.append(Block("note", (Span(say(locale, "danger-safe-to-write")),)))
        buttons.append(Button(say(locale, "flow-hide"), Action.of("hide")))
    if rule.flow in library.flows.flows:
        buttons.append(Button(say(locale, "button-flow"), Action.of("flow", rule.flow)))
    return Screen(Document(tuple(blocks), locale), tuple(buttons))

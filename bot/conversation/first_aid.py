"""Danger first: what to do now and whom to call, from memory alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from bot.cases.model import Person
from bot.conversation.effects import Show
from bot.conversation.library import Library
from bot.conversation.screens import Action, Button, Screen
from bot.conversation.turn import AidState, Turn, paragraphs
from bot.knowledge.document import Block, Document, Span
from bot.languages.locales import SOURCE_LOCALE, Locale
from bot.storage.ports import Priority
from bot.triage.danger import Rule
from bot.triage.danger_screen import danger_document

Say = Callable[..., str]


RESERVE: Final = timedelta(seconds=5)
"""How long first aid that is under way may take before the screen is sent from the outbox too. Two are better than
none."""


def show_danger(turn: Turn, person: Person, rule: str) -> None:
    """Show the screen of an urgency rule to a person, ahead of everything else that waits.

    Nothing is shown twice in a turn: neither the same rule nor one that names no other number. Where first aid sends
    the screen at this moment, one is kept in reserve, as only what is stored survives a stop.
    """
    rules = turn.library.danger.rules
    if _is_told(rules[rule], [rules[each] for each in turn.told]):
        return
    turn.told.add(rule)
    state = turn.aid.state if rule == turn.aid.rule else AidState.NONE
    if state in (AidState.SENT, AidState.BEFORE):
        return
    screen = danger_screen(turn.library, turn.house.texts.get, _locale(turn, person), rule, turn.today)
    not_before = turn.now + RESERVE if state is AidState.UNDER_WAY else None
    turn.emit(Show(person, screen, priority=Priority.URGENT, not_before=not_before))


def is_known(turn: Turn, rule: str) -> bool:
    """Whether a person saw the screen of a rule shortly before, so that what came in shows nothing new by itself."""
    return rule == turn.aid.rule and turn.aid.state is AidState.BEFORE


def say_kept(turn: Turn, person: Person, rule_id: str) -> None:
    """Answer more words of danger: they are kept, and a human reads them once the person calls one."""
    rule, locale = turn.library.danger.rules[rule_id], _locale(turn, person)
    buttons = [Button(turn.text(locale, "button-call-person-now"), Action.of("urgent", rule.id))]
    if rule.watched:
        buttons.append(Button(turn.text(locale, "flow-hide"), Action.of("hide")))
    turn.show(person, paragraphs(turn.text(locale, "danger-kept")), buttons, priority=Priority.CONVERSATION)


def _locale(turn: Turn, person: Person) -> Locale:
    return person.locale or turn.aid.locale or SOURCE_LOCALE


def _is_told(rule: Rule, told: Sequence[Rule]) -> bool:
    """Whether what is shown already says all that the screen of a rule would: its numbers, and that one may hide."""
    if any(each.id == rule.id for each in told):
        return True
    numbers = {number for each in told for number in (*each.call, *each.organisations)}
    is_safe = not rule.watched or any(each.watched for each in told)
    return bool(told) and is_safe and numbers.issuperset((*rule.call, *rule.organisations))


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

"""The queue of a desk: seeing it, taking a case, giving it back, closing it."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.cases.model import Case, CaseAlreadyTaken, CaseIsClosed, CaseNotFound, CaseStatus, Operator
from bot.conversation.desk.cards import SEVERITY_MARK, card_screen, case_topic, topic_title
from bot.conversation.desk.waiting import WAITING_JOB, watch_waiting
from bot.conversation.effects import DeskReply, RenameTopic, Toast, UpdateCard
from bot.conversation.person.cases import close_case
from bot.conversation.screens import Screen
from bot.conversation.turn import Turn, paragraphs
from bot.languages.cldr import format_duration

QUEUE_SHOWN: Final = 30
"""Cases in one list: what fits a message and a night shift."""

DIGITS_MOST: Final = 15
"""Digits of a number in a button; a longer one is not of ours, and no database takes it."""


async def show_queue(turn: Turn, desk: str, *, thread_id: int | None = None, reply_to: int | None = None) -> None:
    """List the cases that wait, the most pressing first."""
    locale = turn.house.desk(desk).locale
    cases = await turn.tx.cases.queue(desk)
    title = turn.house.texts.plural(locale, "queue-title", len(cases))
    lines = [_queue_line(turn, case) for case in cases[:QUEUE_SHOWN]]
    screen = Screen(paragraphs("\n".join(lines), title=title))
    turn.emit(DeskReply(desk, screen, thread_id, reply_to))


def _queue_line(turn: Turn, case: Case) -> str:
    locale = turn.house.desk(case.desk).locale
    waited = format_duration(max(turn.now - case.opened_at, timedelta()), locale)
    topic = case_topic(turn, case, locale)
    return f"{SEVERITY_MARK[case.severity]} № {case.number} · {case.locale.language} · {topic} · {waited}"


async def take(turn: Turn, operator: Operator, number: str) -> None:
    """Give a case to an operator; everybody but the first gets a kind sentence."""
    case = await _find(turn, operator, number)
    if case is None:
        return
    try:
        case = await turn.tx.cases.take(case.id, operator.id, turn.now)
    except CaseAlreadyTaken:
        current = await turn.tx.cases.get(case.id)
        own = current.operator_id == operator.id
        text_id = "desk-already-yours" if own else "desk-already-taken"
        turn.emit(Toast(turn.text(operator.locale, text_id, number=case.number), alert=not own))
        return
    except CaseIsClosed:
        turn.emit(Toast(turn.text(operator.locale, "desk-case-closed", number=case.number), alert=True))
        return
    await taken(turn, case, operator)
    turn.emit(Toast(turn.text(operator.locale, "desk-you-took", number=case.number)))


async def taken(turn: Turn, case: Case, operator: Operator) -> None:
    """Record that an operator took a case and show it on the card."""
    await turn.tx.audit.record(turn.now, f"operator:{operator.id}", "case-taken", case.id)
    await turn.tx.jobs.cancel(WAITING_JOB, str(case.id))
    turn.emit(UpdateCard(case, card_screen(turn, case, operator_name=operator.name)))


async def release(turn: Turn, operator: Operator, number: str) -> None:
    """Put a taken case back into the queue."""
    case = await _find(turn, operator, number)
    if case is None:
        return
    if case.status is not CaseStatus.TAKEN:
        turn.emit(Toast(turn.text(operator.locale, "desk-not-taken", number=case.number), alert=True))
        return
    case = replace(case, status=CaseStatus.WAITING, operator_id=None, taken_at=None)
    await turn.tx.cases.save(case)
    await turn.tx.audit.record(turn.now, f"operator:{operator.id}", "case-released", case.id)
    await watch_waiting(turn, case)
    turn.emit(UpdateCard(case, card_screen(turn, case)))
    turn.emit(Toast(turn.text(operator.locale, "desk-released", number=case.number)))


async def close(turn: Turn, operator: Operator, number: str) -> None:
    """Close a case from the desk."""
    case = await _find(turn, operator, number)
    if case is None:
        return
    try:
        case = await close_case(turn, case, actor=f"operator:{operator.id}")
    except CaseIsClosed:
        turn.emit(Toast(turn.text(operator.locale, "desk-case-closed", number=case.number), alert=True))
        return
    turn.emit(Toast(turn.text(operator.locale, "desk-closed", number=case.number)))


async def _find(turn: Turn, operator: Operator, number: str) -> Case | None:
    if number.isdecimal() and len(number) <= DIGITS_MOST:
        with contextlib.suppress(CaseNotFound):
            return await turn.tx.cases.by_number(int(number))
    turn.emit(Toast(turn.text(operator.locale, "desk-no-such-case"), alert=True))
    return None


def rename(turn: Turn, cases: Sequence[Case]) -> None:
    """Bring the titles of topics up to date, for instance after a severity rose."""
    for case in cases:
        turn.emit(RenameTopic(case, topic_title(turn, case)))

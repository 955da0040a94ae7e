"""How long people have been waiting: cards are brought up to date and the desk is reminded."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.cases.model import Case, CaseNotFound, CaseStatus
from bot.conversation.desk.cards import card_screen
from bot.conversation.effects import Note, UpdateCard
from bot.conversation.turn import Turn, paragraphs
from bot.languages.cldr import format_duration
from bot.storage.ports import Job

WAITING_JOB: Final = "waiting"
WAITING_STEPS: Final = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
"""When the card of a case that nobody took is brought up to date, counted from the opening; then every 12 hours."""


async def watch_waiting(turn: Turn, case: Case) -> None:
    """Plan the next time when the card shows how long a person has been waiting."""
    waited = turn.now - case.opened_at
    pause = next((step - waited for step in WAITING_STEPS if step > waited), timedelta(hours=12))
    await turn.tx.jobs.schedule(WAITING_JOB, str(case.id), turn.now + pause, {"case": case.id})


async def still_waiting(turn: Turn, job: Job) -> None:
    """Bring the card of a waiting case up to date and remind the desk."""
    try:
        case = await turn.tx.cases.get(int(job.payload["case"]))
    except CaseNotFound:
        return
    if case.status is not CaseStatus.WAITING:
        return
    locale = turn.house.desk(case.desk).locale
    duration = format_duration(turn.now - case.opened_at, locale)
    turn.emit(UpdateCard(case, card_screen(turn, case)))
    turn.emit(Note(case, paragraphs(turn.text(locale, "desk-still-waiting", duration=duration))))
    await watch_waiting(turn, case)

"""What is said where a person's words did not surely reach a desk: nobody may wait for an answer to lost words."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.cases.model import CaseNotFound
from bot.conversation.effects import Alarm, Note
from bot.conversation.person.start import menu_button, person_button
from bot.conversation.turn import Turn, locale_of, paragraphs
from bot.storage.ports import PersonNotFound, Priority

TOLD_FOR: Final = timedelta(minutes=10)
"""The same is not said to a person again within this time, however many words are lost."""


async def tell_words_lost(turn: Turn, case_id: int) -> None:
    """Ask the person to send the words again, and tell the desk and the administrators.

    Who has somebody watching gets nothing: the phone must not light up by itself.
    """
    try:
        case = await turn.tx.cases.get(case_id)
        person = await turn.tx.people.get(case.person_id)
    except (CaseNotFound, PersonNotFound):
        return
    moment = turn.now.timestamp()
    if moment - float(person.session.get("told_lost", 0)) < TOLD_FOR.total_seconds():
        return
    person = await turn.remember(person, told_lost=moment)
    desk_locale = turn.house.desk(case.desk).locale
    turn.emit(Note(case, paragraphs(turn.text(desk_locale, "desk-words-lost"))))
    alarm_locale = turn.house.desks[0].locale
    turn.emit(Alarm(paragraphs(turn.text(alarm_locale, "alarm-words-lost", number=case.number))))
    if person.session.get("watched") or person.blocked_at is not None:
        return
    locale = locale_of(person)
    buttons = [person_button(turn, locale), menu_button(turn, locale)]
    turn.show(person, paragraphs(turn.text(locale, "words-lost")), buttons, priority=Priority.CONVERSATION)

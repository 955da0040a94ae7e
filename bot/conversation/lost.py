"""What is said where a person's words did not surely reach a desk, or cannot: nobody may wait in vain."""

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

ALARMED_FOR: Final = timedelta(hours=1)
"""How often is told that a desk's group takes nothing, as long as it is so."""


async def desk_is_lost(turn: Turn, key: str) -> None:
    """Tell administrators, another desk or the editors that the group of a desk takes no messages."""
    moment = turn.now.timestamp()
    setting = f"desk-lost:{key}"
    if moment - float(await turn.tx.settings.get(setting) or 0) < ALARMED_FOR.total_seconds():
        return
    await turn.tx.settings.put(setting, moment)
    name = next((desk.name for desk in turn.house.desks if desk.key == key), key)
    hearing = next((desk for desk in turn.house.desks if desk.key != key), turn.house.desks[0])
    text = turn.text(hearing.locale, "alarm-desk-lost", desk=name)
    turn.emit(Alarm(paragraphs(text), avoid=key))


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

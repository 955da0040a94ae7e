"""An update that could not be processed: a kind word for the person, a plain one for the administrators."""

from __future__ import annotations

from bot.conversation.effects import Alarm
from bot.conversation.person.start import menu_button, person_button
from bot.conversation.turn import Turn, locale_of, paragraphs
from bot.storage.ports import Priority


async def bury(turn: Turn, update_id: int, chat_id: int | None, error: str) -> None:
    """Tell both sides; `error` is the name of the situation, without words of a person."""
    desk = turn.house.desks[0]
    turn.emit(Alarm(paragraphs(turn.text(desk.locale, "alarm-dead-letter", update=update_id, error=error))))
    if chat_id is None:
        return
    person = await turn.tx.people.get_or_create(chat_id, turn.now)
    locale = locale_of(person)
    buttons = [person_button(turn, locale), menu_button(turn, locale)]
    turn.show(person, paragraphs(turn.text(locale, "we-failed")), buttons, priority=Priority.CONVERSATION)

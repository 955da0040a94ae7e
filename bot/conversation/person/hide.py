"""Hiding the chat: someone may look at the phone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.cases.model import Person
from bot.conversation.effects import DeleteMessages, Toast
from bot.conversation.turn import Turn, locale_of, paragraphs
from bot.storage.ports import Priority

DELETABLE: Final = timedelta(hours=47, minutes=50)
"""Telegram lets a bot delete messages up to 48 hours old; a little less, since calls may wait."""
REMEMBERED: Final = 300
"""Messages of one chat whose ids are kept for hiding."""


async def note_messages(turn: Turn, person_id: int, message_ids: list[int]) -> None:
    """Remember which messages stand in a person's chat, so that they can be deleted when asked for."""
    person = await turn.tx.people.get(person_id)
    moment = int(turn.now.timestamp())
    oldest = moment - int(DELETABLE.total_seconds())
    known = [pair for pair in person.session.get("shown", []) if pair[1] > oldest]
    await turn.remember(person, shown=[*known, *[[number, moment] for number in message_ids]][-REMEMBERED:])


async def hide_chat(turn: Turn, person: Person) -> None:
    """Delete what may be deleted, say in passing what cannot, leave a harmless screen."""
    locale = locale_of(person)
    oldest = turn.now - DELETABLE
    shown = [
        number
        for number, moment in person.session.get("shown", [])
        if datetime.fromtimestamp(moment, tz=turn.now.tzinfo) > oldest
    ]
    person = await turn.remember(person, shown=None, flow=None, pending=None, question=None, article=None, read=None)
    turn.emit(Toast(turn.text(locale, "hide-told"), alert=True))
    turn.emit(DeleteMessages(person, tuple(shown)))
    turn.show(person, paragraphs(turn.text(locale, "hide-harmless")), priority=Priority.URGENT)

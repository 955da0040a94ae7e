"""Hiding the chat: someone may look at the phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.cases.model import Direction, Person
from bot.conversation.effects import DeleteMessages, Toast
from bot.conversation.turn import Turn, locale_of, paragraphs
from bot.storage.ports import Priority, private_chat

DELETABLE: Final = timedelta(hours=47, minutes=50)
"""Telegram lets a bot delete messages up to 48 hours old; a little less, since calls may wait."""
REMEMBERED: Final = 300
"""Messages that a person wrote whose ids are kept for hiding."""


async def note_messages(turn: Turn, person: Person, message_ids: list[int]) -> Person:
    """Remember which messages came into a person's chat beside the outbox, so that they can be deleted too."""
    moment = int(turn.now.timestamp())
    oldest = moment - int(DELETABLE.total_seconds())
    known = [pair for pair in person.session.get("shown", []) if pair[1] > oldest]
    return await turn.remember(person, shown=[*known, *[[number, moment] for number in message_ids]][-REMEMBERED:])


async def hide_chat(turn: Turn, person: Person) -> None:
    """Delete what may be deleted, say in passing what cannot, leave a harmless screen.

    Words that no operator has yet stay kept, or nobody would ever read them. They are shown to nobody but the operator
    of a case that the person opens, and go when the person erases the data.
    """
    locale = locale_of(person)
    oldest = turn.now - DELETABLE
    shown = {number for number, moment in person.session.get("shown", []) if moment > oldest.timestamp()}
    shown |= set(await turn.tx.outbox.results_in(private_chat(person.chat_id), oldest))
    for case in await turn.tx.cases.of_person(person.id):
        for relay in await turn.tx.relays.of_case(case.id, 200):
            if relay.written_at > oldest:
                own = relay.direction is Direction.TO_DESK
                shown.add((relay.source_message if own else relay.target_message) or 0)
    hidden = max((item["message"] for item in person.session.get("pending", [])), default=None)
    person = await turn.remember(person, shown=None, flow=None, hidden=hidden, question=None, article=None, read=None)
    person = await turn.remember(person, watched=True)  # who hides the chat is not alone with the phone
    turn.emit(Toast(turn.text(locale, "hide-told"), alert=True))
    turn.emit(DeleteMessages(person, tuple(sorted(shown - {0}))))
    turn.show(person, paragraphs(turn.text(locale, "hide-harmless")), priority=Priority.URGENT)

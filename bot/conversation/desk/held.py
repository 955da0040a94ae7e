"""Operators' words that are held back, because somebody may be looking at the person's phone."""

from __future__ import annotations

from typing import Final

from bot.cases.model import Case, Direction, Relay, RelayState
from bot.conversation.albums import is_collected
from bot.conversation.effects import Note
from bot.conversation.turn import Turn, paragraphs

HELD_MOST: Final = 5_000
"""How many messages of a case are looked through for words that were held back."""


async def held_in(turn: Turn, case: Case) -> list[Relay]:
    """Return the operators' words of a case that no call was made for, oldest first.

    Pictures that only wait for the rest of their album are not held back.
    """
    return [
        relay
        for relay in await turn.tx.relays.of_case(case.id, HELD_MOST)
        if relay.direction is Direction.TO_PERSON
        and relay.state is RelayState.QUEUED
        and relay.outbox_id is None
        and not await is_collected(turn, relay)
    ]


def tell_never_opened(turn: Turn, case: Case, number: int) -> None:
    """Tell the desk of a case how many answers the person has not seen."""
    locale = turn.house.desk(case.desk).locale
    turn.emit(Note(case, paragraphs(turn.house.texts.plural(locale, "desk-never-opened", number))))

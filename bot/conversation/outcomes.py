"""What follows once it is known what became of a call to the channel."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.cases.model import Case, CaseNotFound, Direction, Relay, RelayState
from bot.conversation.desk.cards import card_screen, topic_title
from bot.conversation.desk.reply import FAILED_MARK, UNKNOWN_MARK, UNSURE, settled
from bot.conversation.effects import Mark, Note, PostCard
from bot.conversation.lost import tell_words_lost
from bot.conversation.screens import Screen
from bot.conversation.turn import Turn, paragraphs
from bot.knowledge.document import Block, Document, Span
from bot.storage.ports import OutboxState, PersonNotFound, RelayNotFound

_STATES = {
    OutboxState.QUEUED: RelayState.QUEUED,
    OutboxState.SENDING: RelayState.QUEUED,
    OutboxState.UNKNOWN: RelayState.UNKNOWN,
    OutboxState.CANCELLED: RelayState.UNKNOWN,
    OutboxState.FAILED: RelayState.FAILED,
}
_WORST_FIRST = (RelayState.FAILED, RelayState.UNKNOWN, RelayState.QUEUED, RelayState.DELIVERED)
RECAP_MESSAGES = 20
"""How many of the last messages a recreated topic repeats, so that operators can go on."""


async def sent(turn: Turn, call: int, about: Mapping[str, Any], result_ids: Sequence[int], chat: int | None) -> None:
    """The call of that number was made. `about` says what it was: a topic, a card, or relayed messages; `result_ids`
    what it made."""
    result_id = result_ids[0] if result_ids else None
    try:
        match about.get("kind"):
            case "topic" | "card":
                case = await turn.tx.cases.get(int(about["case"]))
                if chat != await turn.tx.desks.chat_id(case.desk):
                    return  # made in the group of a desk that the case has left meanwhile
                is_topic = about["kind"] == "topic"
                case = replace(case, thread_id=result_id) if is_topic else replace(case, card_id=result_id)
                await turn.tx.cases.save(case)
            case "relay":
                await _settle(turn, call, about, RelayState.DELIVERED, result_ids, chat)
            case "edit" if "relay" in about:
                await _edit_made(turn, about)
            case _:
                pass
    except (CaseNotFound, PersonNotFound, RelayNotFound):
        return  # the case was purged or the person erased while the call was under way


async def unknown(turn: Turn, call: int, about: Mapping[str, Any]) -> None:
    """Nobody knows whether a call was made, and it is not tried any more."""
    if about.get("kind") == "edit" and "relay" in about:
        await _edit_lost(turn, about, UNKNOWN_MARK)
    if about.get("kind") == "relay":
        await _settle(turn, call, about, RelayState.UNKNOWN)


async def failed(turn: Turn, call: int, about: Mapping[str, Any]) -> None:
    """A call was refused for good."""
    if about.get("kind") == "edit" and "relay" in about:
        await _edit_lost(turn, about, FAILED_MARK)
    if about.get("kind") == "relay":
        await _settle(turn, call, about, RelayState.FAILED)


async def _settle(
    turn: Turn,
    call: int,
    about: Mapping[str, Any],
    state: RelayState,
    result_ids: Sequence[int] = (),
    chat: int | None = None,
) -> None:
    """Store the fate of relayed messages; the parts of an album have one message id each."""
    ids = () if about.get("words") else result_ids  # replies and changes belong to the medium, not to its words
    relays: list[Relay] = []
    for index, relay_id in enumerate(about["relays"]):
        target = ids[index] if index < len(ids) else None
        try:
            before = await turn.tx.relays.get(int(relay_id))
            now = await _of_all_calls(turn, before, call, state)
            await turn.tx.relays.settle(
                before.id, now, target_chat=None if target is None else chat, target_message=target
            )
        except RelayNotFound:
            continue
        if now is not before.state:
            relays.append(replace(before, state=now))
    if (
        relays
        and relays[0].direction is Direction.TO_DESK
        and relays[0].state in (RelayState.FAILED, RelayState.UNKNOWN)
    ):
        await tell_words_lost(turn, relays[0].case_id)
    for index, relay in enumerate(relays):
        if index == 0 or relay.state is RelayState.DELIVERED:
            await settled(turn, relay)


async def _edit_lost(turn: Turn, about: Mapping[str, Any], mark: str) -> None:
    """A change did not surely arrive: an operator sees a mark, since the person still reads the words from before."""
    with contextlib.suppress(CaseNotFound, RelayNotFound):
        relay = await _to_be_changed(turn, int(about["relay"]))
        if relay.direction is not Direction.TO_PERSON:
            await tell_words_lost(turn, relay.case_id)
            return
        unsure = {*relay.parcel.get(UNSURE, ()), int(about.get("part", 0))}
        await turn.tx.relays.revise(relay.id, {**relay.parcel, UNSURE: sorted(unsure)})
        turn.emit(Mark(relay.source_chat, relay.source_message, mark))


async def _edit_made(turn: Turn, about: Mapping[str, Any]) -> None:
    """A change arrived: where one before it had not, the mark tells again what is known of the message itself."""
    relay = await turn.tx.relays.get(int(about["relay"]))
    part = int(about.get("part", 0))
    if part not in relay.parcel.get(UNSURE, ()):
        return
    relay = await _to_be_changed(turn, relay.id)
    unsure = [each for each in relay.parcel.get(UNSURE, ()) if each != part]
    relay = await turn.tx.relays.revise(relay.id, {**relay.parcel, UNSURE: unsure})
    if relay.state is RelayState.DELIVERED:
        await settled(turn, relay)


async def _to_be_changed(turn: Turn, relay_id: int) -> Relay:
    """Return a message once nobody else changes it; raise `RelayNotFound`, `CaseNotFound`."""
    await turn.tx.cases.get((await turn.tx.relays.get(relay_id)).case_id)
    return await turn.tx.relays.get(relay_id)


async def _of_all_calls(turn: Turn, relay: Relay, call: int, state: RelayState) -> RelayState:
    """Return what is known of a message that several calls deliver, where the one of the number `call` ends so."""
    found = {state}
    for row_id in relay.parcel.get("rows", ()):
        row = await turn.tx.outbox.get(int(row_id)) if row_id != call else None
        if row is not None:
            found.add(_STATES.get(row.state, RelayState.DELIVERED))
    return next(each for each in _WORST_FIRST if each in found)


async def person_unreachable(turn: Turn, person_id: int, *, gone: bool) -> None:
    """Mark a person who blocked the bot, and tell the operators of the open cases once."""
    try:
        person = await turn.tx.people.get(person_id)
    except PersonNotFound:
        return
    if person.blocked_at is not None:
        return
    await turn.tx.people.save(replace(person, blocked_at=turn.now))
    for case in await turn.tx.cases.active_of_person(person_id):
        locale = turn.house.desk(case.desk).locale
        turn.emit(Note(case, paragraphs(turn.text(locale, "desk-person-gone" if gone else "desk-person-blocked"))))


async def person_is_back(turn: Turn, person_id: int) -> None:
    """Take the mark away once a person writes again, and tell the operators."""
    person = await turn.tx.people.get(person_id)
    if person.blocked_at is None:
        return
    await turn.tx.people.save(replace(person, blocked_at=None))
    for case in await turn.tx.cases.active_of_person(person_id):
        locale = turn.house.desk(case.desk).locale
        turn.emit(Note(case, paragraphs(turn.text(locale, "desk-person-back"))))


async def recap(turn: Turn, case_id: int) -> tuple[PostCard, Note | None] | None:
    """Return what a recreated topic begins with: the card and the last messages; None where the case is purged."""
    try:
        case = await turn.tx.cases.get(case_id)
    except CaseNotFound:
        return None
    desk = turn.house.desk(case.desk)
    moved = case.summary.get("moved")
    heading = turn.text(desk.locale, "desk-last-messages") if moved else turn.text(desk.locale, "desk-recap")
    blocks = [Block("title", (Span(heading),))]
    for relay in await turn.tx.relays.of_case(case.id, RECAP_MESSAGES):
        if relay.direction is Direction.TO_DESK and relay.target_message is None:
            continue  # still on its way; it arrives by itself
        mark = "👤" if relay.direction is Direction.TO_DESK else "🎧"
        words = str(relay.parcel.get("text") or turn.text(desk.locale, "desk-attachment"))
        blocks.append(Block("paragraph", (Span(f"{mark} {words}"),)))
    card = card_screen(turn, case)
    note = Note(case, Document(tuple(blocks), desk.locale)) if len(blocks) > 1 else None
    return PostCard(case, card), note


def title(turn: Turn, case: Case) -> str:
    """Return the title that a recreated topic gets."""
    return topic_title(turn, case)


def as_screen(note: Note) -> Screen:
    """Return a note as a screen without buttons."""
    return note.screen or Screen(note.document)

"""An operator answers: words leave only as a reply to the person's message or to the card."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

from bot.cases.model import (
    Case,
    CaseAlreadyTaken,
    CaseNotFound,
    CaseStatus,
    Direction,
    NewRelay,
    Operator,
    Person,
    Relay,
    RelayState,
)
from bot.conversation.albums import schedule_album
from bot.conversation.desk.held import held_in
from bot.conversation.desk.queue import DIGITS_MOST, taken
from bot.conversation.effects import DeleteMessages, DeskReply, Forward, ForwardEdit, Mark, Note, Show, Toast
from bot.conversation.incoming import Incoming, can_follow
from bot.conversation.screens import Action, Button, Screen
from bot.conversation.turn import Turn, locale_of, paragraphs
from bot.storage.ports import OutboxRow, OutboxState, Priority, RelayNotFound

DELIVERED_MARK = "👍"
UNKNOWN_MARK = "🤔"
FAILED_MARK = "👎"
"""Reactions that Telegram allows, on the operator's own message: delivered, nobody knows, not delivered."""
_MARKS = {
    RelayState.DELIVERED: DELIVERED_MARK,
    RelayState.UNKNOWN: UNKNOWN_MARK,
    RelayState.FAILED: FAILED_MARK,
}
UNSURE = "unsure"
"""Under this name stands in a parcel which parts of a delivered message do not surely show their last change."""


@dataclass(frozen=True)
class Answered:
    """What a channel can tell of an answered message by itself: that it is a person's words, or the card of `number`.

    Needed where its id is not known here: a copy made when the connection broke, an edit, a card whose delivery is just
    being noted, a topic that was deleted and made anew a moment ago.
    """

    number: int | None = None


async def write(
    turn: Turn,
    operator: Operator,
    desk: str,
    thread_id: int | None,
    incoming: Incoming,
    looks_like: Answered | None = None,
) -> None:
    """Pass an operator's reply on to the person; everything that is not such a reply is the desk's own talk."""
    if incoming.reply_to is None or thread_id is None:
        return
    case, answered = await _case_of(turn, desk, thread_id, incoming.chat, incoming.reply_to, looks_like)
    if case is None:
        if looks_like is not None:
            await _not_passed(turn, desk, thread_id, incoming.chat, incoming.message)
        return
    if case.status is CaseStatus.CLOSED:
        locale = turn.house.desk(desk).locale
        text = turn.text(locale, "desk-case-closed", number=case.number)
        await _note(turn, case, text, incoming.chat, incoming.message)
        return
    case = await _take_by_answering(turn, operator, case)
    relay = await turn.tx.relays.add(
        NewRelay(
            case_id=case.id,
            direction=Direction.TO_PERSON,
            source_chat=incoming.chat,
            source_message=incoming.message,
            written_at=incoming.at,
            parcel=incoming.parcel,
            album=incoming.album,
            reply_to=answered.source_message if answered else None,
            operator_id=operator.id,
        )
    )
    person = await turn.tx.people.get(case.person_id)
    if person.session.get("flow"):
        # A human is speaking now: what the person writes next belongs to the operator, not to an open question.
        person = await turn.remember(person, flow=None)
    if person.session.get("watched"):
        await _knock(turn, person, case, relay)
        return
    if incoming.album is not None:
        await schedule_album(turn, relay)
        return
    turn.emit(Forward(case, (relay,), person))


async def _case_of(
    turn: Turn, desk: str, thread_id: int, chat: int, reply_to: int, looks_like: Answered | None
) -> tuple[Case | None, Relay | None]:
    """Return the case that a reply in a topic belongs to, with the person's message it answers, if that is known.

    The message that is answered says it for sure, then the number on a card. A topic says it only in the group where
    the desk is now: those of a group that it left had the same numbers for other cases.
    """
    answered = await turn.tx.relays.by_target(Direction.TO_DESK, chat, reply_to)
    if answered is not None:
        return await turn.tx.cases.get(answered.case_id), answered
    if looks_like is not None and looks_like.number is not None:
        with contextlib.suppress(CaseNotFound):
            return await turn.tx.cases.by_number(looks_like.number), None
    case = await case_in(turn, desk, chat, thread_id)
    is_known = case is not None and (looks_like is not None or reply_to == case.card_id)
    return (case if is_known else None), None


async def case_in(turn: Turn, desk: str, chat: int, thread_id: int) -> Case | None:
    """Return the case of a topic; None in a group where the desk is not any more."""
    if chat != await turn.tx.desks.chat_id(desk):
        return None
    return await turn.tx.cases.by_thread(desk, thread_id)


def _offer_news(turn: Turn, person: Person) -> None:
    locale = locale_of(person)
    buttons = (Button(turn.text(locale, "button-show-news"), Action.of("news")),)
    screen = Screen(paragraphs(turn.text(locale, "news-waits")), buttons)
    turn.emit(Show(person, screen, priority=Priority.CONVERSATION))


async def _knock(turn: Turn, person: Person, case: Case, relay: Relay) -> None:
    """Someone may be looking at the person's phone: show that there is news, and the words only on a press."""
    _offer_news(turn, person)
    desk_locale = turn.house.desk(case.desk).locale
    await _note(turn, case, turn.text(desk_locale, "desk-held"), relay.source_chat, relay.source_message)


async def show_news(turn: Turn, person: Person) -> None:
    """Send a person the operators' words that were held back."""
    held = await _held(turn, person)
    for case, relay in held:
        turn.emit(Forward(case, (relay,), person))
    if not held:
        turn.emit(Toast(turn.text(locale_of(person), "button-is-old")))


async def remind_of_news(turn: Turn, person: Person) -> None:
    """Offer the held words once more to somebody who came back: hiding the chat deletes the first offer too."""
    if person.session.get("watched") and await _held(turn, person):
        _offer_news(turn, person)


async def _held(turn: Turn, person: Person) -> list[tuple[Case, Relay]]:
    """Return the operators' words that no call was made for, oldest case first."""
    return [
        (case, relay)
        for case in reversed(await turn.tx.cases.of_person(person.id))
        for relay in await held_in(turn, case)
    ]


async def _take_by_answering(turn: Turn, operator: Operator, case: Case) -> Case:
    """Who answers a waiting case first has taken it."""
    if case.status is not CaseStatus.WAITING:
        return case
    try:
        case = await turn.tx.cases.take(case.id, operator.id, turn.now)
    except CaseAlreadyTaken:
        return await turn.tx.cases.get(case.id)
    await taken(turn, case, operator)
    return case


async def edited(turn: Turn, incoming: Incoming) -> None:
    """Bring an operator's changed message to the person, if it was passed on; say so where that cannot be done."""
    relay = await turn.tx.relays.by_source(Direction.TO_PERSON, incoming.chat, incoming.message)
    if relay is None:
        return
    case = await turn.tx.cases.get(relay.case_id)
    relay = await turn.tx.relays.get(relay.id)  # as it is now that nobody else changes it
    kept: dict[str, Any] = {name: relay.parcel[name] for name in ("rows", "told", UNSURE) if name in relay.parcel}
    follows = relay.outbox_id is None or can_follow(relay.parcel, incoming.parcel)
    if not follows:
        kept["told"] = True  # once: a place that is shared live changes every few seconds
    fresh = await turn.tx.relays.revise(relay.id, {**incoming.parcel, **kept})
    if follows:
        turn.emit(ForwardEdit(case, fresh, await turn.tx.people.get(case.person_id), relay.parcel))
    elif "told" not in relay.parcel:
        locale = turn.house.desk(case.desk).locale
        await _note(turn, case, turn.text(locale, "desk-edit-not-passed"), incoming.chat, incoming.message)


async def unsupported(
    turn: Turn,
    desk: str,
    thread_id: int,
    message: int,
    chat: int,
    reply_to: int,
    looks_like: Answered | None = None,
) -> None:
    """Say in the topic that a reply of this kind cannot be passed on."""
    case, _ = await _case_of(turn, desk, thread_id, chat, reply_to, looks_like)
    if case is None:
        if looks_like is not None:
            await _not_passed(turn, desk, thread_id, chat, message)
        return
    locale = turn.house.desk(desk).locale
    await _note(turn, case, turn.text(locale, "desk-unsupported"), chat, message)


async def _not_passed(turn: Turn, desk: str, thread_id: int, chat: int, message: int) -> None:
    """Tell who answers words whose case is gone, or cannot be told any more, that the answer did not leave.

    A word can be said in the group where the desk is now; in one that it left, the mark must do.
    """
    turn.emit(Mark(chat, message, FAILED_MARK))
    if chat == await turn.tx.desks.chat_id(desk):
        text = turn.text(turn.house.desk(desk).locale, "desk-answer-lost")
        turn.emit(DeskReply(desk, Screen(paragraphs(text)), thread_id, message))


async def _note(turn: Turn, case: Case, text: str, chat: int, message: int, buttons: tuple[Button, ...] = ()) -> None:
    """Say something about an operator's message below it; a case that has moved left that message in another group."""
    is_there = chat == await turn.tx.desks.chat_id(case.desk)
    document = paragraphs(text)
    screen = Screen(document, buttons) if buttons else None
    turn.emit(Note(case, document, reply_to=message if is_there else None, screen=screen))


async def settled(turn: Turn, relay: Relay) -> None:
    """Show on an operator's message what became of it; where nobody knows, ask what to do."""
    if relay.direction is not Direction.TO_PERSON:
        return
    emoji = _MARKS.get(relay.state)
    if emoji is not None and not (relay.state is RelayState.DELIVERED and relay.parcel.get(UNSURE)):
        turn.emit(Mark(relay.source_chat, relay.source_message, emoji))
    if relay.state is RelayState.UNKNOWN:
        await ask_about_unknown(turn, relay)


async def ask_about_unknown(turn: Turn, relay: Relay) -> None:
    """Ask the operator whether to send words again of which nobody knows whether they arrived."""
    case = await turn.tx.cases.get(relay.case_id)
    locale = turn.house.desk(case.desk).locale
    buttons = (
        Button(turn.text(locale, "button-send-again"), Action.of("d-again", relay.id), wide=False),
        Button(turn.text(locale, "button-leave-it"), Action.of("d-leave", relay.id), wide=False),
    )
    await _note(turn, case, turn.text(locale, "desk-unknown"), relay.source_chat, relay.source_message, buttons)


async def decide_unknown(turn: Turn, operator: Operator, relay_id: str, *, again: bool) -> None:
    """Do what an operator decided about a message of unknown fate."""
    try:
        relay = await turn.tx.relays.get(int(relay_id if len(relay_id) <= DIGITS_MOST else "-"))
    except (RelayNotFound, ValueError):
        turn.emit(Toast(turn.text(operator.locale, "desk-no-such-case"), alert=True))
        return
    case = await turn.tx.cases.get(relay.case_id)
    relay = await turn.tx.relays.get(relay.id)  # as it is now that nobody else changes it
    calls = await _calls(turn, relay)
    lost = [call for call in calls if call.state is OutboxState.UNKNOWN]
    if relay.state is not RelayState.UNKNOWN or not lost:
        turn.emit(Toast(turn.text(operator.locale, "desk-already-settled")))
        return
    for call in lost:
        await turn.tx.outbox.cancel(call.id)
    await turn.tx.audit.record(turn.now, f"operator:{operator.id}", "resend" if again else "leave", relay.case_id)
    if again:
        await _send_again(turn, case, relay, lost)
    turn.emit(Toast(turn.text(operator.locale, "desk-sending-again" if again else "desk-left-it")))


async def _send_again(turn: Turn, case: Case, relay: Relay, lost: list[OutboxRow]) -> None:
    """Send a message of unknown fate anew, with the words it has now: they may have been changed meanwhile.

    What surely came of its words is taken away, since all of them come again; a medium that surely came stays.
    """
    person = await turn.tx.people.get(case.person_id)
    first = next((call for call in lost if call.id == relay.outbox_id), None)
    parts = [relay.id] if first is None else first.about.get("relays", ())
    fresh, gone = [], []
    for part in [await turn.tx.relays.get(int(each)) for each in parts]:
        for call in await _calls(turn, part):
            if call.id != part.outbox_id:
                await turn.tx.outbox.cancel(call.id)
                gone += [call.result_id] if call.result_id is not None else []
        parcel = {name: value for name, value in part.parcel.items() if name not in ("rows", UNSURE)}
        if first is None:  # its words come as a change, and only then is all of it there
            parcel[UNSURE] = [0]
        await turn.tx.relays.settle(part.id, RelayState.DELIVERED if first is None else RelayState.QUEUED)
        fresh.append(await turn.tx.relays.revise(part.id, parcel))
    if gone:
        turn.emit(DeleteMessages(person, tuple(gone)))
    if first is None:
        turn.emit(ForwardEdit(case, fresh[0], person, fresh[0].parcel))
    else:
        turn.emit(Forward(case, tuple(fresh), person))


async def _calls(turn: Turn, relay: Relay) -> list[OutboxRow]:
    """Return the calls that deliver a message, as far as they are still known."""
    calls = relay.parcel.get("rows") or [relay.outbox_id]
    found = [await turn.tx.outbox.get(int(call)) for call in calls if call is not None]
    return [row for row in found if row is not None]

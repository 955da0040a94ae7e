"""Messages between persons and desks, and their changes, as Bot API calls in the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.cases.model import Case, Direction, Person, Relay, RelayState
from bot.conversation.turn import House, locale_of
from bot.storage.ports import OnUnknown, Priority, Transaction
from bot.telegram import parcels
from bot.telegram.outgoing import Outgoing
from bot.telegram.parcels import Mark

PERSON_MARK: Final = "👤 "
OPERATOR_MARK: Final = "🎧 "
EDITED_MARK: Final = "✏️ "

_FROM_PERSON: Final = Mark(PERSON_MARK)

_Call = tuple[str, dict[str, Any]]


class Relaying:
    """Queues what passes between a person and a desk.

    A medium with more words than a caption takes is delivered by two calls or more. Their numbers stand in the parcel
    as `rows`, so that the message counts as delivered once all of them were made.
    """

    def __init__(self, tx: Transaction, outgoing: Outgoing, house: House) -> None:
        self._tx = tx
        self._outgoing = outgoing
        self._house = house

    async def forward(self, case: Case, relays: Sequence[Relay], person: Person) -> None:
        """Bring a message, or the parts of one album, to the other side."""
        mark = _FROM_PERSON if relays[0].direction is Direction.TO_DESK else self._from_operator(person)
        joined = parcels.album_call([relay.parcel for relay in relays], mark)
        if joined is None:
            for relay in relays:
                first, *rest = parcels.calls(relay.parcel, mark)
                row = await self._send(case, relay, person, await self._answering(case, relay, first))
                await self._words(case, relay, person, row, rest)
            return
        ids = [relay.id for relay in relays]
        row = await self._send(case, relays[0], person, await self._answering(case, relays[0], joined), ids)
        for relay in relays:
            await self._words(case, relay, person, row, parcels.words_behind(relay.parcel, mark))

    async def forward_edit(self, case: Case, relay: Relay, person: Person, before: dict[str, Any]) -> None:
        """Bring a changed message to the other side; one that waits for the rest of its album goes on changed."""
        if relay.outbox_id is None:
            return
        about = {"kind": "edit", "person": person.id, "case": case.id, "relay": relay.id}
        if relay.direction is Direction.TO_DESK:
            # Operators keep seeing what was written first: the change is a new message below it.
            changed = self._house.texts.get(self._house.desk(case.desk).locale, "changed")
            for method, params in parcels.calls(relay.parcel, Mark(EDITED_MARK, EDITED_MARK + changed)):
                if await self._is_at(case, relay.target_chat):
                    params["reply_parameters"] = _reply_to(_place(relay))
                await self._outgoing.to_topic(case, method, params, about, priority=Priority.CONVERSATION)
            return
        for method, params in await self._changes(case, relay, person, before):
            part = params["message_id"].get("$sent", 0) if isinstance(params["message_id"], dict) else 0
            told = {**about, "part": part}
            await self._outgoing.to_person(person, method, params, told, on_unknown=OnUnknown.REPEAT)

    async def _words(self, case: Case, relay: Relay, person: Person, row: int, calls: Sequence[_Call]) -> None:
        """Note by which call a message goes, and let the words follow that its caption has no room for."""
        await self._tx.relays.settle(relay.id, RelayState.QUEUED, outbox_id=row)
        rows = [row]
        for method, params in calls:
            answering = {**params, "reply_parameters": _reply_to(_place(relay))}
            rows.append(await self._send(case, relay, person, (method, answering), words=True))
        if len(rows) > 1:
            await self._tx.relays.revise(relay.id, {**relay.parcel, "rows": rows})

    async def _send(
        self,
        case: Case,
        relay: Relay,
        person: Person,
        call: _Call,
        relays: Sequence[int] = (),
        *,
        words: bool = False,
    ) -> int:
        about: dict[str, Any] = {
            "kind": "relay",
            "relays": list(relays) or [relay.id],
            "person": person.id,
            "case": case.id,
        }
        about |= {"words": True} if words else {}
        if relay.direction is Direction.TO_DESK:
            return await self._outgoing.to_topic(case, *call, about, priority=Priority.CONVERSATION)
        return await self._outgoing.to_person(person, *call, about)

    async def _is_at(self, case: Case, chat: int | None) -> bool:
        """Whether a message that is, or will be, in a chat is in the group where the case is now."""
        return chat is None or chat == await self._tx.desks.chat_id(case.desk)

    async def _answering(self, case: Case, relay: Relay, call: _Call) -> _Call:
        reply = await self._reply_target(case, relay)
        return call if reply is None else (call[0], {**call[1], "reply_parameters": _reply_to(reply)})

    async def _reply_target(self, case: Case, relay: Relay) -> int | None:
        """Return which message on the other side a relayed message answers, if that one is known there."""
        if relay.reply_to is None:
            return None
        if relay.direction is Direction.TO_PERSON:
            return relay.reply_to
        theirs = await self._tx.relays.by_target(Direction.TO_PERSON, relay.source_chat, relay.reply_to)
        if theirs is not None:
            return theirs.source_message if await self._is_at(case, theirs.source_chat) else None
        own = await self._tx.relays.by_source(Direction.TO_DESK, relay.source_chat, relay.reply_to)
        return own.target_message if own is not None and await self._is_at(case, own.target_chat) else None

    def _from_operator(self, person: Person) -> Mark:
        """A person sees from whom a medium is; at the desk the topic says it."""
        return Mark(OPERATOR_MARK, OPERATOR_MARK + self._house.texts.get(locale_of(person), "from-operator"))

    async def _changes(self, case: Case, relay: Relay, person: Person, before: dict[str, Any]) -> Sequence[_Call]:
        """Return the calls that change what a person has before their eyes."""
        mark = self._from_operator(person)
        words_rows = relay.parcel.get("rows", ())[1:]
        replaced = parcels.is_replaced(before, relay.parcel)
        edit = parcels.medium_call if replaced else parcels.edit_call
        call = edit({**relay.parcel, "text": "", "entities": []} if words_rows else relay.parcel, mark)
        calls = [(call[0], {**call[1], "message_id": _place(relay)})] if call and (replaced or not words_rows) else []
        if words_rows:  # the words stand in a message of their own, and stay there
            words = parcels.words_call(relay.parcel, mark)
            calls += [(words[0], {**words[1], "message_id": {"$sent": words_rows[0]}})] if words else []
            gone = words_rows[1:] if words else words_rows
            if gone:
                rows = relay.parcel["rows"][: -len(gone)]
                await self._tx.relays.revise(relay.id, {**relay.parcel, "rows": rows})
            return calls + [("deleteMessage", {"message_id": {"$sent": row}}) for row in gone]
        behind = parcels.words_behind(relay.parcel, mark)
        if behind and relay.outbox_id is not None:
            await self._words(case, relay, person, relay.outbox_id, behind)
        return calls


def _place(relay: Relay) -> int | dict[str, int]:
    """Return the id of a message on the other side, or the reference that is filled in once it is there."""
    return relay.target_message if relay.target_message is not None else {"$relay": relay.id}


def _reply_to(message: int | dict[str, int]) -> dict[str, Any]:
    return {"message_id": message, "allow_sending_without_reply": True}

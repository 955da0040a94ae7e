"""Effects of use cases as Bot API calls in the outbox. The one place that decides lanes, priorities and policies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.cases.model import Case, Direction, Person, Relay, RelayState
from bot.conversation.effects import (
    Alarm,
    DeleteMessages,
    DeskReply,
    Effect,
    Forward,
    ForwardEdit,
    Mark,
    Note,
    OpenTopic,
    Play,
    PostCard,
    RenameTopic,
    SetTopic,
    Show,
    Toast,
    TopicState,
    UpdateCard,
)
from bot.conversation.screens import Screen
from bot.knowledge.document import Document
from bot.storage.ports import NewOutbox, OnUnknown, Priority, Transaction, group_chat, private_chat
from bot.telegram import parcels
from bot.telegram.keyboards import markup
from bot.telegram.text import to_parts

PERSON_MARK = "👤 "
OPERATOR_MARK = "🎧 "
EDITED_MARK = "✏️ "
DELETED_AT_ONCE = 100
"""The most messages that Telegram deletes in one call."""
_TOPIC_METHODS = {
    TopicState.CLOSED: "closeForumTopic",
    TopicState.OPEN: "reopenForumTopic",
    TopicState.DELETED: "deleteForumTopic",
}


def person_lane(chat_id: int) -> str:
    """Return the lane of everything that goes to a person."""
    return f"p:{chat_id}"


def case_lane(case_id: int) -> str:
    """Return the lane of everything that goes into a case's topic."""
    return f"c:{case_id}"


class Renderer:
    """Turns effects into outbox rows of the given transaction. `alarm_chat` is the administrators' chat, if any."""

    def __init__(self, tx: Transaction, first_desk: str, alarm_chat: int | None) -> None:
        self._tx = tx
        self._first_desk = first_desk
        self._alarm_chat = alarm_chat

    async def render(self, effects: Sequence[Effect]) -> tuple[Toast, ...]:
        """Queue all calls; return the toasts, which go to Telegram at once and not through the outbox."""
        toasts = []
        for effect in effects:
            match effect:
                case Toast():
                    toasts.append(effect)
                case Show():
                    await self._show(effect)
                case Play():
                    await self._play(effect)
                case Forward(case, relays, person):
                    await self._forward(case, relays, person)
                case ForwardEdit(case, relay, person):
                    await self._forward_edit(case, relay, person)
                case Mark():
                    await self._mark(effect)
                case DeskReply():
                    await self._desk_reply(effect)
                case DeleteMessages():
                    await self._delete(effect)
                case Alarm(document):
                    await self._alarm(document)
                case _:
                    await self._topic(effect)
        return tuple(toasts)

    async def _show(self, effect: Show) -> None:
        chat = effect.person.chat_id
        parts = to_parts(effect.screen.document)
        keyboard = markup(effect.screen)
        for index, part in enumerate(parts):
            params: dict[str, Any] = {
                "chat_id": chat,
                "text": part.text,
                "entities": list(part.entities),
                "link_preview_options": {"is_disabled": True},
            }
            if keyboard and index == len(parts) - 1:
                params["reply_markup"] = keyboard
            method = "sendMessage"
            if effect.replace is not None and len(parts) == 1:
                method = "editMessageText"
                params["message_id"] = effect.replace
            await self._tx.outbox.add(
                NewOutbox(
                    lane=person_lane(chat),
                    chat=private_chat(chat),
                    method=method,
                    params=params,
                    priority=effect.priority,
                    about={"kind": "screen", "person": effect.person.id},
                )
            )

    async def _play(self, effect: Play) -> None:
        """Send a file of the knowledge folder; the transport uploads it once and then uses Telegram's copy."""
        chat = effect.person.chat_id
        method, field = ("sendVoice", "voice") if effect.kind == "audio" else ("sendPhoto", "photo")
        row = NewOutbox(
            lane=person_lane(chat),
            chat=private_chat(chat),
            method=method,
            params={"chat_id": chat, field: {"$file": effect.path}},
            about={"kind": "screen", "person": effect.person.id},
        )
        await self._tx.outbox.add(row)

    async def _forward(self, case: Case, relays: Sequence[Relay], person: Person) -> None:
        to_desk = relays[0].direction is Direction.TO_DESK
        prefix = PERSON_MARK if to_desk else OPERATOR_MARK
        bodies = [relay.parcel for relay in relays]
        joined = parcels.album_call(bodies, prefix)
        about_ids = [relay.id for relay in relays]
        if joined is not None:
            row = await self._send_relay(case, relays[0], person, joined, about_ids)
            for relay in relays:
                await self._tx.relays.settle(relay.id, RelayState.QUEUED, outbox_id=row)
            return
        for relay in relays:
            for index, call in enumerate(parcels.calls(relay.parcel, prefix)):
                row = await self._send_relay(case, relay, person, call, [relay.id] if index == 0 else [])
                if index == 0:
                    await self._tx.relays.settle(relay.id, RelayState.QUEUED, outbox_id=row)

    async def _send_relay(
        self, case: Case, relay: Relay, person: Person, call: tuple[str, dict[str, Any]], about_ids: list[int]
    ) -> int:
        method, params = call
        reply = await self._reply_target(relay)
        if reply is not None:
            params["reply_parameters"] = {"message_id": reply, "allow_sending_without_reply": True}
        about = {"kind": "relay", "relays": about_ids, "person": person.id, "case": case.id}
        to_desk = relay.direction is Direction.TO_DESK
        if to_desk:
            return await self._to_topic(
                case, method, params, about, priority=Priority.CONVERSATION, on_unknown=OnUnknown.REPEAT
            )
        return await self._to_person(person, method, params, about)

    async def _reply_target(self, relay: Relay) -> int | None:
        """Return which message on the other side a relayed message answers, if that one is known there."""
        if relay.reply_to is None:
            return None
        if relay.direction is Direction.TO_PERSON:
            return relay.reply_to
        theirs = await self._tx.relays.by_target(Direction.TO_PERSON, relay.source_chat, relay.reply_to)
        if theirs is not None:
            return theirs.source_message
        own = await self._tx.relays.by_source(Direction.TO_DESK, relay.source_chat, relay.reply_to)
        return own.target_message if own is not None else None

    async def _forward_edit(self, case: Case, relay: Relay, person: Person) -> None:
        about = {"kind": "edit", "person": person.id, "case": case.id, "relay": relay.id}
        if relay.direction is Direction.TO_DESK:
            # Operators keep seeing what was written first: the change is a new message below it.
            for method, params in parcels.calls(relay.parcel, EDITED_MARK):
                if relay.target_message is not None:
                    target = {"message_id": relay.target_message, "allow_sending_without_reply": True}
                    params["reply_parameters"] = target
                await self._to_topic(case, method, params, about, priority=Priority.CONVERSATION)
            return
        call = parcels.edit_call(relay.parcel, OPERATOR_MARK)
        if call is None or relay.outbox_id is None:
            return
        method, params = call
        params["message_id"] = relay.target_message or {"$sent": relay.outbox_id}
        await self._to_person(person, method, params, about, on_unknown=OnUnknown.REPEAT)

    async def _mark(self, effect: Mark) -> None:
        params = {
            "chat_id": effect.chat,
            "message_id": effect.message,
            "reaction": [{"type": "emoji", "emoji": effect.emoji}],
        }
        row = NewOutbox(
            lane=f"m:{effect.chat}:{effect.message}",
            chat="reactions",
            method="setMessageReaction",
            params=params,
            priority=Priority.CONVERSATION,
            on_unknown=OnUnknown.REPEAT,
            about={"kind": "mark"},
        )
        await self._tx.outbox.add(row)

    async def _topic(self, effect: Effect) -> None:
        match effect:
            case OpenTopic(case, title):
                await self._to_desk_of(case, "createForumTopic", {"name": title}, {"kind": "topic", "case": case.id})
            case PostCard(case, screen):
                await self._to_topic(case, "sendMessage", message_params(screen), {"kind": "card", "case": case.id})
            case UpdateCard(case, screen) if case.card_id is not None:
                params = message_params(screen) | {"message_id": case.card_id}
                await self._to_desk_of(case, "editMessageText", params, {"kind": "card-edit", "case": case.id})
            case UpdateCard(case, screen):
                # The card itself is still on its way; a fresh one behind it carries the newer state.
                await self._to_topic(case, "sendMessage", message_params(screen), {"kind": "card", "case": case.id})
            case Note(case, document, reply_to, screen):
                params = message_params(screen or Screen(document))
                if reply_to is not None:
                    params["reply_parameters"] = {"message_id": reply_to, "allow_sending_without_reply": True}
                await self._to_topic(case, "sendMessage", params, {"kind": "note", "case": case.id})
            case RenameTopic(case, title):
                params = {"name": title, "message_thread_id": {"$thread": case.id}}
                await self._to_desk_of(case, "editForumTopic", params, {"kind": "topic-title", "case": case.id})
            case SetTopic(case, state):
                method = _TOPIC_METHODS[state]
                # The case of a deleted topic is gone from the store, so its thread is named outright.
                gone = state is TopicState.DELETED
                if gone and case.thread_id is None:
                    return
                params = {"message_thread_id": case.thread_id if gone else {"$thread": case.id}}
                await self._to_desk_of(case, method, params, {"kind": "topic-state", "case": case.id})

    async def _to_topic(
        self,
        case: Case,
        method: str,
        params: dict[str, Any],
        about: dict[str, Any],
        *,
        priority: Priority = Priority.MENU,
        on_unknown: OnUnknown = OnUnknown.REPEAT,
    ) -> int:
        params = {**params, "message_thread_id": {"$thread": case.id}}
        return await self._to_desk_of(case, method, params, about, priority=priority, on_unknown=on_unknown)

    async def _to_desk_of(
        self,
        case: Case,
        method: str,
        params: dict[str, Any],
        about: dict[str, Any],
        *,
        priority: Priority = Priority.MENU,
        on_unknown: OnUnknown = OnUnknown.REPEAT,
    ) -> int:
        if case.severity.rank == 0:
            priority = Priority.URGENT
        return await self._tx.outbox.add(
            NewOutbox(
                lane=case_lane(case.id),
                chat=group_chat(case.desk),
                method=method,
                params={"chat_id": {"$desk": case.desk}, **params},
                priority=min(priority, Priority.CONVERSATION),
                on_unknown=on_unknown,
                about=about,
                person_id=None if method == "deleteForumTopic" else case.person_id,
            )
        )

    async def _to_person(
        self,
        person: Person,
        method: str,
        params: dict[str, Any],
        about: dict[str, Any],
        *,
        on_unknown: OnUnknown = OnUnknown.ASK,
    ) -> int:
        return await self._tx.outbox.add(
            NewOutbox(
                lane=person_lane(person.chat_id),
                chat=private_chat(person.chat_id),
                method=method,
                params={"chat_id": person.chat_id, **params},
                priority=Priority.CONVERSATION,
                on_unknown=on_unknown,
                about=about,
            )
        )

    async def _delete(self, effect: DeleteMessages) -> None:
        chat = effect.person.chat_id
        for start in range(0, len(effect.messages), DELETED_AT_ONCE):
            row = NewOutbox(
                lane=person_lane(chat),
                chat=private_chat(chat),
                method="deleteMessages",
                params={"chat_id": chat, "message_ids": list(effect.messages[start : start + DELETED_AT_ONCE])},
                priority=Priority.URGENT,
                about={"kind": "hide", "person": effect.person.id},
            )
            await self._tx.outbox.add(row)

    async def _desk_reply(self, effect: DeskReply) -> None:
        params: dict[str, Any] = {"chat_id": {"$desk": effect.desk}, **message_params(effect.screen)}
        if effect.thread_id is not None:
            params["message_thread_id"] = effect.thread_id
        if effect.reply_to is not None:
            params["reply_parameters"] = {"message_id": effect.reply_to, "allow_sending_without_reply": True}
        row = NewOutbox(
            lane=f"d:{effect.desk}",
            chat=group_chat(effect.desk),
            method="sendMessage",
            params=params,
            about={"kind": "desk-reply"},
        )
        await self._tx.outbox.add(row)

    async def _alarm(self, document: Document) -> None:
        desk_or_chat: Any = self._alarm_chat if self._alarm_chat is not None else {"$desk": self._first_desk}
        params = {"chat_id": desk_or_chat, **message_params(Screen(document))}
        await self._tx.outbox.add(
            NewOutbox(
                lane="alarms", chat=group_chat("alarms"), method="sendMessage", params=params, about={"kind": "alarm"}
            )
        )


def message_params(screen: Screen) -> dict[str, Any]:
    """Return the text, entities and buttons of a screen that is known to fit one message; a longer one is cut."""
    part = to_parts(screen.document)[0]
    params: dict[str, Any] = {
        "text": part.text,
        "entities": list(part.entities),
        "link_preview_options": {"is_disabled": True},
    }
    keyboard = markup(screen)
    return params | ({"reply_markup": keyboard} if keyboard else {})

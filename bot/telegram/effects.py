"""Effects of use cases as Bot API calls in the outbox. The one place that decides lanes, priorities and policies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.cases.model import CaseStatus
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
from bot.conversation.turn import House
from bot.knowledge.document import Document
from bot.storage.ports import NewOutbox, OnUnknown, Priority, Transaction, group_chat, private_chat
from bot.telegram.keyboards import markup
from bot.telegram.outgoing import Outgoing, person_lane
from bot.telegram.relaying import Relaying
from bot.telegram.text import to_parts

DELETED_AT_ONCE = 100
"""The most messages that Telegram deletes in one call."""
_TOPIC_METHODS = {
    TopicState.CLOSED: "closeForumTopic",
    TopicState.OPEN: "reopenForumTopic",
    TopicState.DELETED: "deleteForumTopic",
}


class Renderer:
    """Turns effects into outbox rows of the given transaction.

    `alarmed` are the names of desks and offices that hear an alarm: the first one, and the next where that one refuses.
    """

    def __init__(self, tx: Transaction, house: House, alarmed: Sequence[str]) -> None:
        self._tx = tx
        self._outgoing = Outgoing(tx)
        self._relaying = Relaying(tx, self._outgoing, house)
        self._alarmed = alarmed
        self.reserves: list[int] = []
        """The calls that first aid may make needless."""

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
                    await self._relaying.forward(case, relays, person)
                case ForwardEdit(case, relay, person, before):
                    await self._relaying.forward_edit(case, relay, person, before or {})
                case Mark():
                    await self._mark(effect)
                case DeskReply():
                    await self._desk_reply(effect)
                case DeleteMessages():
                    await self._delete(effect)
                case Alarm(document, avoid):
                    await self._alarm(document, avoid)
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
            row_id = await self._tx.outbox.add(
                NewOutbox(
                    lane=person_lane(chat),
                    chat=private_chat(chat),
                    method=method,
                    params=params,
                    priority=effect.priority,
                    not_before=effect.not_before,
                    about={"kind": "screen", "person": effect.person.id},
                )
            )
            if effect.not_before is not None:
                self.reserves.append(row_id)

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
                await self._outgoing.to_desk_of(
                    case, "createForumTopic", {"name": title}, {"kind": "topic", "case": case.id}
                )
            case PostCard(case, screen):
                await self._outgoing.to_topic(
                    case, "sendMessage", message_params(screen), {"kind": "card", "case": case.id}
                )
            case UpdateCard(case, screen) if case.card_id is not None:
                params = message_params(screen) | {"message_id": case.card_id}
                await self._outgoing.to_desk_of(case, "editMessageText", params, {"kind": "card-edit", "case": case.id})
            case UpdateCard(case, screen):
                # The card itself is still on its way; a fresh one behind it carries the newer state.
                await self._outgoing.to_topic(
                    case, "sendMessage", message_params(screen), {"kind": "card", "case": case.id}
                )
            case Note(case, document, reply_to, screen):
                params = message_params(screen or Screen(document))
                if reply_to is not None:
                    params["reply_parameters"] = {"message_id": reply_to, "allow_sending_without_reply": True}
                await self._outgoing.to_topic(case, "sendMessage", params, {"kind": "note", "case": case.id})
            case RenameTopic(case, title):
                params = {"name": title, "message_thread_id": {"$thread": case.id}}
                about = {"kind": "topic-title", "case": case.id}
                # The ✅ of a closed case is a decoration: nothing waits for it.
                policy = OnUnknown.DROP if case.status is CaseStatus.CLOSED else OnUnknown.REPEAT
                await self._outgoing.to_desk_of(case, "editForumTopic", params, about, on_unknown=policy)
            case SetTopic(case, state):
                method = _TOPIC_METHODS[state]
                # The case of a deleted topic is gone from the store, so its thread is named outright.
                gone = state is TopicState.DELETED
                if gone and case.thread_id is None:
                    return
                params = {"message_thread_id": case.thread_id if gone else {"$thread": case.id}}
                await self._outgoing.to_desk_of(case, method, params, {"kind": "topic-state", "case": case.id})

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

    async def _alarm(self, document: Document, avoid: str | None) -> None:
        hearing = [name for name in self._alarmed if name != avoid]
        if not hearing:
            return
        first, *rest = hearing
        params = {"chat_id": {"$desk": first}, **message_params(Screen(document))}
        about = {"kind": "alarm", "next": rest}
        await self._tx.outbox.add(NewOutbox("alarms", group_chat("alarms"), "sendMessage", params, about=about))


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

"""May this request write there: blocked people, lost groups, closed topics, missing replies, missing rights."""

from __future__ import annotations

from typing import Any

from bot.sandbox.core import Core
from bot.sandbox.entities import units
from bot.sandbox.keyboards import checked_markup, remember_keyboard
from bot.sandbox.refusals import bad_request, forbidden
from bot.sandbox.texts import formatted
from bot.sandbox.world import Chat, Json, Message, quoted

GENERAL = 1


def open_chat(core: Core, chat_id: int | str) -> Chat:
    """Return a chat into which the bot may write. Raises Refused."""
    chat = core.chat(chat_id)
    user = chat.user
    if user is not None:
        if user.deactivated:
            raise forbidden("user is deactivated")
        if user.blocked:
            raise forbidden("bot was blocked by the user")
        if not user.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat
    status = chat.members.get(core.world.bot.id, "left")
    word = "supergroup" if chat.kind == "supergroup" else "group"
    if status == "kicked":
        raise forbidden(f"bot was kicked from the {word} chat")
    if status == "left":
        raise forbidden(f"bot is not a member of the {word} chat")
    return chat


def need_right(core: Core, chat: Chat, right: str, words: str) -> None:
    """Raise Refused when the bot lacks an administrator's right in a group."""
    if chat.is_private:
        return
    if chat.members.get(core.world.bot.id) != "administrator" or right not in chat.bot_rights:
        raise bad_request(words)


def thread_of(core: Core, chat: Chat, thread: int | None) -> int | None:
    """Return the forum topic to write into, None for the general one. Raises Refused when it is lost or closed."""
    if not thread:
        if chat.is_forum and chat.general.closed and core.closed_to_admins:
            raise bad_request("TOPIC_CLOSED")
        return None
    topic = chat.topics.get(thread)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed and core.closed_to_admins:
        raise bad_request("TOPIC_CLOSED")
    return topic.id


def find_message(core: Core, chat: Chat, message_id: int | None, words: str) -> Message:
    """Return a message of a chat; raises Refused with `words` when there is none."""
    message = chat.messages.get(message_id or 0)
    if message is None:
        raise bad_request(words)
    return message


class Place:
    """Where a new message goes: chat, topic, what it answers, its inline keyboard."""

    __slots__ = ("chat", "extra", "markup", "thread")

    def __init__(self, core: Core, p: Json) -> None:
        """Check the common parameters of all sending methods. Raises Refused."""
        self.markup = p.get("reply_markup")
        self.chat = open_chat(core, p["chat_id"])
        self.extra: dict[str, Any] = {}
        inline = checked_markup(self.markup, self.chat)
        thread = p.get("message_thread_id")
        answered = self._reply(core, p) if "reply_parameters" in p else None
        if not thread and answered is not None and answered.thread is not None:
            thread = answered.thread
        self.thread = thread_of(core, self.chat, thread)
        if inline:
            self.extra["reply_markup"] = inline
        if p.get("protect_content"):
            self.extra["has_protected_content"] = True

    def _reply(self, core: Core, p: Json) -> Message | None:
        reply: Json = p["reply_parameters"]
        elsewhere = reply.get("chat_id")
        chat = core.chat(elsewhere) if elsewhere is not None else self.chat
        message = chat.messages.get(reply.get("message_id", 0))
        if message is None:
            if reply.get("allow_sending_without_reply"):
                return None
            raise bad_request("message to be replied not found")
        if chat is not self.chat:
            origin = {"type": "user", "sender_user": message.body["from"], "date": message.date}
            self.extra["external_reply"] = {"origin": origin, "chat": chat.body(), "message_id": message.id}
            return None
        self.extra["reply_to_message"] = quoted(message)
        if reply.get("quote"):
            self.extra["quote"] = _quote(reply, message)
        return message

    def post(self, core: Core, content: Json, **extra: Any) -> Message:
        """Put the message in its place."""
        message = core.world.post(self.chat, core.world.bot, content, self.thread, **self.extra, **extra)
        if self.markup and "inline_keyboard" not in self.markup:
            remember_keyboard(self.chat, self.markup)
            core.world.changed({"kind": "keyboard", "chat": self.chat.id, "keyboard": self.chat.keyboard})
        return message


def _quote(reply: Json, message: Message) -> Json:
    text, entities = formatted(reply["quote"], reply.get("quote_parse_mode"), reply.get("quote_entities"))
    whole = message.body.get("text") or message.body.get("caption") or ""
    position = whole.find(text)
    if not text or position < 0 or units(text) > 1024:
        raise bad_request("QUOTE_TEXT_INVALID")
    quote: Json = {"text": text, "position": units(whole[:position]), "is_manual": True}
    if entities:
        quote["entities"] = entities
    return quote

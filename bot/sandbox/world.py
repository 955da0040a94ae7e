"""What the local Telegram knows: users, chats, forum topics, messages, files. All of it lives in memory.

Bodies are plain dicts as in the Bot API. A message's body is replaced, never changed in place, because an update that
waits for a bot holds the body as it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.sandbox.files import Files

Json = dict[str, Any]
Listener = Callable[[Json], None]

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


@dataclass(slots=True)
class User:
    """A person or the bot. `started`: wrote to the bot; `blocked`: the person blocked the bot; `deactivated`: gone."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    def body(self) -> Json:
        """Return the Bot API's User."""
        body: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for key in ("last_name", "username", "language_code"):
            if getattr(self, key):
                body[key] = getattr(self, key)
        return body


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is the id of the service message that opened it."""

    id: int
    name: str
    icon_color: int
    icon_custom_emoji_id: str | None = None
    closed: bool = False


@dataclass(slots=True)
class Message:
    """A message in a chat. `seq` grows with every visible change anywhere; `author` is a user id."""

    id: int
    chat: Chat
    author: int
    date: int
    body: Json
    seq: int
    thread: int | None = None
    reactions: dict[int, list[Json]] = field(default_factory=dict)

    @property
    def is_service(self) -> bool:
        """Tell whether this is a service message: such cannot be copied, edited or reacted to."""
        return not CONTENT.intersection(self.body)


CONTENT = frozenset(
    [
        *("text", "photo", "document", "voice", "video", "video_note", "audio", "animation", "sticker"),
        *("location", "venue", "contact", "dice", "poll"),
    ]
)
"""Fields of which a message that is not a service message has one."""


@dataclass(slots=True)
class Chat:
    """A private chat (id of the person), a group or a supergroup, with or without forum topics."""

    id: int
    kind: str
    title: str = ""
    user: User | None = None
    is_forum: bool = False
    username: str | None = None
    description: str | None = None
    members: dict[int, str] = field(default_factory=dict)
    bot_rights: set[str] = field(default_factory=lambda: set(ADMIN_RIGHTS))
    topics: dict[int, Topic] = field(default_factory=dict)
    general: Topic = field(default_factory=lambda: Topic(1, "General", 0x6FB9F0))
    general_hidden: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    migrated_to: int | None = None
    keyboard: Json | None = None
    last_id: int = 0

    @property
    def is_private(self) -> bool:
        """Tell whether this is a person's chat with the bot."""
        return self.kind == "private"

    def body(self) -> Json:
        """Return the Bot API's Chat."""
        if self.user is not None:
            body: Json = {"id": self.id, "type": "private", "first_name": self.user.first_name}
            for key in ("last_name", "username"):
                if getattr(self.user, key):
                    body[key] = getattr(self.user, key)
            return body
        body = {"id": self.id, "type": self.kind, "title": self.title}
        if self.is_forum:
            body["is_forum"] = True
        if self.username:
            body["username"] = self.username
        return body


class World:
    """The users, chats, messages and files of one local Telegram, and who wants to hear of changes."""

    def __init__(self, clock: Clock, bot: User) -> None:
        self.clock = clock
        self.bot = bot
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files = Files()
        self.seq = 0
        self.listeners: list[Listener] = []
        self._private_ids = 0
        self._waiters: set[asyncio.Future[None]] = set()
        self._albums = 0

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return self.clock.now()

    def unix(self) -> int:
        """Return the present moment in whole seconds since 1970."""
        return int(self.clock.now().timestamp())

    def changed(self, event: Json | None = None) -> int:
        """Count a visible change, wake who waits, tell `event` to the listeners; return the change's number."""
        self.seq += 1
        if self._waiters:
            waiters, self._waiters = self._waiters, set()
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(None)
        if event is not None:
            for listener in self.listeners:
                listener(event)
        return self.seq

    async def change(self, seconds: float) -> None:
        """Wait for the next change, `seconds` at most."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await asyncio.wait({waiter}, timeout=seconds)
        finally:
            self._waiters.discard(waiter)

    def add_user(self, user: User) -> User:
        """Add a person and, for a person, the private chat with the bot."""
        self.users[user.id] = user
        if not user.is_bot:
            self.chats[user.id] = Chat(user.id, "private", user=user)
        self.changed({"kind": "people"})
        return user

    def add_group(self, chat: Chat) -> Chat:
        """Add a group, with the bot as an administrator unless the chat says otherwise."""
        chat.members.setdefault(self.bot.id, "administrator")
        self.chats[chat.id] = chat
        self.changed({"kind": "people"})
        return chat

    def find_chat(self, chat_id: int | str) -> Chat | None:
        """Return the chat with this id or @username."""
        if isinstance(chat_id, int):
            return self.chats.get(chat_id)
        name = chat_id.removeprefix("@").lower()
        return next((chat for chat in self.chats.values() if (chat.username or "").lower() == name != ""), None)

    def next_message_id(self, chat: Chat) -> int:
        """Return a new message id; private chats and basic groups share a row of numbers, a supergroup has its own."""
        while True:
            if chat.kind == "supergroup":
                chat.last_id += 1
                number = chat.last_id
            else:
                self._private_ids += 1
                number = self._private_ids
            if number not in chat.messages:
                return number

    def next_album(self) -> str:
        """Return a new media_group_id."""
        self._albums += 1
        return str(13_000_000_000_000_000 + self._albums)

    def post(self, chat: Chat, author: User, content: Json, thread: int | None = None, **extra: Any) -> Message:
        """Put a message into a chat and return it. `extra` (reply, markup, album) joins its body, None does not.

        A message in a topic carries the topic's opening message as `reply_to_message` unless it answers another.
        """
        number = self.next_message_id(chat)
        date = self.unix()
        body: Json = {"message_id": number, "from": author.body(), "chat": chat.body(), "date": date, **content}
        body.update((key, value) for key, value in extra.items() if value is not None)
        if thread is not None:
            body["message_thread_id"] = thread
            body["is_topic_message"] = True
            opening = chat.messages.get(thread)
            if opening is not None and "reply_to_message" not in body and "external_reply" not in body:
                body["reply_to_message"] = quoted(opening)
        message = Message(number, chat, author.id, date, body, 0, thread)
        chat.messages[number] = message
        message.seq = self.changed(self.event("message", message))
        return message

    def replace(self, message: Message, **changes: Any) -> None:
        """Give a message a new body with `changes`; None takes a field away."""
        body = {**message.body, **changes}
        message.body = {key: value for key, value in body.items() if value is not None}
        message.seq = self.changed(self.event("edit", message))

    def remove(self, message: Message) -> None:
        """Delete a message."""
        message.chat.messages.pop(message.id, None)
        if message.id in message.chat.pinned:
            message.chat.pinned.remove(message.id)
        self.changed({"kind": "delete", "chat": message.chat.id, "message_id": message.id})

    def react(self, message: Message, user: int, reaction: list[Json]) -> None:
        """Set the reactions of `user` on a message; an empty list takes them away."""
        if reaction:
            message.reactions[user] = reaction
        else:
            message.reactions.pop(user, None)
        self.changed(self.event("reaction", message))

    def event(self, kind: str, message: Message) -> Json | None:
        """Return the event that tells the pages of `message`, None when nobody listens."""
        return {"kind": kind, "chat": message.chat.id, "message": shown(message)} if self.listeners else None


def quoted(message: Message) -> Json:
    """Return the body of a message as another message's `reply_to_message`."""
    body = message.body
    return (
        {key: value for key, value in body.items() if key != "reply_to_message"} if "reply_to_message" in body else body
    )


def shown(message: Message) -> Json:
    """Return a message as the page draws it: its body and who reacted with what."""
    reactions = [
        {"user": user, "emoji": one.get("emoji", "⭐")} for user, given in message.reactions.items() for one in given
    ]
    return {**message.body, "reactions": reactions, "seq": message.seq}

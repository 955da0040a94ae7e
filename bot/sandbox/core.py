"""The Bot API behind the HTTP server: looks a method up, checks its parameters, carries it out."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.sandbox.faults import ON_TARGET, Faults
from bot.sandbox.pace import COUNTED, Pace
from bot.sandbox.refusals import Refused, bad_request
from bot.sandbox.spec import Specification
from bot.sandbox.updates import Updates
from bot.sandbox.world import Chat, Json, World

Handler = Callable[["Core", Json], Any]
"""Carries out one method: takes the checked parameters, returns the `result` (or an awaitable of it)."""


@dataclass(slots=True)
class Callback:
    """A tap on an inline button; `answer` is what the bot answered, None so far."""

    id: str
    user: int
    chat: int
    message_id: int
    asked: int
    answer: Json | None = None
    lasting: bool = False


@dataclass(slots=True)
class InlineQuestion:
    """An inline query; `results` is what the bot answered, None so far."""

    id: str
    user: int
    asked: int
    results: list[Json] | None = None
    button: Json | None = None
    lasting: bool = False


@dataclass(slots=True)
class BotProfile:
    """What the bot set about itself, by language code ("" for all)."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    rights: dict[bool, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """A Bot API request as it came: method, parameters as on the wire (files replaced by `attach://`), outcome."""

    method: str
    params: Json
    ok: bool
    result: Any
    error: str = ""


class Core:
    """One bot's view of the local Telegram."""

    def __init__(self, world: World, token: str, *, faults: Faults, pace: Pace, methods: dict[str, Handler]) -> None:
        self.world = world
        self.token = token
        self.faults = faults
        self.pace = pace
        self.updates = Updates(faults)
        self.spec = Specification.load()
        self.methods = methods
        self.profile = BotProfile()
        self.callbacks: dict[str, Callback] = {}
        self.questions: dict[str, InlineQuestion] = {}
        self.inline_messages: dict[str, Json] = {}
        self.delete_limit = timedelta(hours=48)
        """Older messages cannot be deleted one by one."""
        self.edit_limit: timedelta | None = None
        """Older messages of the bot cannot be edited; None: Telegram lets a bot edit its own messages at any age."""
        self.closed_to_admins = True
        """A closed topic refuses administrators too; Telegram lets those with the right to manage topics write."""
        self.query_lifetime = timedelta(minutes=5)
        """How long a callback or inline query can be answered."""
        self.targets: dict[str, Callable[[Chat, Json], None]] = {}
        """What carries out the faults that happen to the chat of a request."""

    async def call(self, name: str, raw: Json) -> Any:
        """Carry out one request and return its `result`. Raises Refused."""
        method = self.spec.methods.get(name.lower())
        handler = self.methods.get(name.lower())
        if method is None or handler is None:
            raise Refused(404, "Not Found: method not found")
        p = self.spec.decode(method, raw)
        if self.faults.active:
            self.suffer(method.name, p)
        if name.lower() in COUNTED:
            self.keep_pace(p)
        result = handler(self, p)
        return await result if inspect.isawaitable(result) else result

    def keep_pace(self, p: Json) -> None:
        """Raise the 429 when the request comes too fast."""
        chat = self.world.find_chat(p.get("chat_id", 0))
        if chat is not None:
            refused = self.pace.check(chat.id, len(p.get("media") or p.get("message_ids") or (1,)))
            if refused:
                raise refused

    def suffer(self, method: str, p: Json) -> None:
        """Let the faults happen that strike the chat of a request."""
        chat = self.world.find_chat(p.get("chat_id", 0))
        if chat is None:
            return
        for kind in ON_TARGET:
            fits = chat.is_private if kind.endswith("_user") else not chat.is_private
            if kind.endswith("_topic"):
                fits = p.get("message_thread_id") in chat.topics
            if fits and self.faults.hit(kind, method):
                self.targets[kind](chat, p)

    def query_is_old(self, asked: int) -> bool:
        """Tell whether a query asked at `asked` (unix seconds) can be answered no more."""
        return self.world.unix() - asked > self.query_lifetime.total_seconds()

    def chat(self, chat_id: int | str) -> Chat:
        """Return the chat of a request. Raises Refused when it is unknown or became a supergroup."""
        chat = self.world.find_chat(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        return chat

"""Takes ready-made updates from outside (`POST /__feed`), for tests that throw anything valid at a bot.

People and groups in them become known, so that the bot may answer; messages become findable where their id is free.
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.core import Callback, Core
from bot.sandbox.world import Chat, Json, Message, User, World

MESSAGES = ("message", "edited_message", "channel_post", "edited_channel_post")


def feed(core: Core, updates: list[Json]) -> list[int]:
    """Queue updates under ids of the server and return those."""
    return [core.updates.push_raw(_known(core, update)) for update in updates]


def _known(core: Core, update: Json) -> Json:
    world = core.world
    for kind, payload in update.items():
        if not isinstance(payload, dict):
            continue
        for key in ("from", "user"):
            _meet(world, payload.get(key))
        _place(world, payload.get("chat"))
        if kind in MESSAGES:
            _keep(world, payload)
        elif kind == "callback_query":
            _keep(world, payload.get("message"))
            number, user = str(payload.get("id")), payload.get("from", {}).get("id", 0)
            core.callbacks.setdefault(number, Callback(number, user, user, 0, world.unix()))
    return update


def _meet(world: World, user: Any) -> None:
    if isinstance(user, dict) and not user.get("is_bot") and isinstance(user.get("id"), int) and user["id"] > 0:
        if user["id"] not in world.users:
            world.add_user(User(user["id"], str(user.get("first_name", "")), language_code=user.get("language_code")))
        world.users[user["id"]].started = True


def _place(world: World, chat: Any) -> None:
    if not isinstance(chat, dict) or not isinstance(chat.get("id"), int) or chat["id"] in world.chats:
        return
    if chat.get("type") == "private":
        _meet(world, {"id": chat["id"], "first_name": chat.get("first_name", "")})
    elif chat.get("type") in ("group", "supergroup"):
        forum = bool(chat.get("is_forum"))
        world.add_group(Chat(chat["id"], chat["type"], str(chat.get("title", "")), is_forum=forum))


def _keep(world: World, body: Any) -> None:
    if not isinstance(body, dict) or not isinstance(body.get("chat"), dict):
        return
    _place(world, body["chat"])
    chat = world.chats.get(body["chat"].get("id", 0))
    number = body.get("message_id")
    if chat is None or not isinstance(number, int) or number in chat.messages:
        return
    author = (body.get("from") or {}).get("id", 0)
    message = Message(number, chat, author, body.get("date", 0), body, world.seq)
    thread = body.get("message_thread_id")
    message.thread = thread if isinstance(thread, int) and thread in chat.topics else None
    chat.messages[number] = message

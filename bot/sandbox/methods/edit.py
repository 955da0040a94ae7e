"""The methods that change or remove messages: edit, delete, pin, react."""

from __future__ import annotations

from typing import Any

from bot.sandbox.core import Core, Handler
from bot.sandbox.gate import find_message, need_right, open_chat
from bot.sandbox.keyboards import checked_inline
from bot.sandbox.methods.send import content_of, details, location_of
from bot.sandbox.refusals import bad_request
from bot.sandbox.texts import caption, message_text
from bot.sandbox.world import CONTENT, Json, Message

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
CAPTIONED = ("photo", "document", "voice", "video", "audio", "animation")


def editable(core: Core, p: Json) -> Message | None:
    """Return the bot's message that a request edits, None for one sent through an inline query. Raises Refused."""
    inline = p.get("inline_message_id")
    if inline is not None:
        if inline not in core.inline_messages:
            raise bad_request("MESSAGE_ID_INVALID")
        return None
    if "chat_id" not in p:
        raise bad_request("chat_id is empty")
    chat = open_chat(core, p["chat_id"])
    if "message_id" not in p:
        raise bad_request("message identifier is not specified")
    message = find_message(core, chat, p["message_id"], "message to edit not found")
    if message.author != core.world.bot.id or message.is_service:
        raise bad_request("message can't be edited")
    if core.edit_limit is not None and core.world.unix() - message.date > core.edit_limit.total_seconds():
        raise bad_request("message can't be edited")
    return message


def change(core: Core, p: Json, message: Message | None, content: Json, cleared: tuple[str, ...]) -> Any:
    """Put new content and markup into a message; return its body, or True for an inline message. Raises Refused."""
    markup = checked_inline(p["reply_markup"]) if p.get("reply_markup") else None
    new: dict[str, Any] = {**dict.fromkeys(cleared), **content, "reply_markup": markup}
    if message is None:
        body = core.inline_messages[p["inline_message_id"]]
        merged = {key: value for key, value in {**body, **new}.items() if value is not None}
        if merged == body:
            raise bad_request(NOT_MODIFIED)
        core.inline_messages[p["inline_message_id"]] = merged
        return True
    if all(message.body.get(key) == value for key, value in new.items()):
        raise bad_request(NOT_MODIFIED)
    core.world.replace(message, **new, edit_date=core.world.unix())
    return message.body


def edit_text(core: Core, p: Json) -> Any:
    """editMessageText."""
    content = message_text(p)
    message = editable(core, p)
    if message is not None and "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    return change(core, p, message, content, ("text", "entities"))


def edit_caption(core: Core, p: Json) -> Any:
    """editMessageCaption."""
    content = caption(p)
    message = editable(core, p)
    if message is not None and not any(key in message.body for key in CAPTIONED):
        raise bad_request("there is no caption in the message to edit")
    return change(core, p, message, content, ("caption", "caption_entities"))


def edit_media(core: Core, p: Json) -> Any:
    """editMessageMedia."""
    item: Json = p["media"]
    words = caption(item)
    message = editable(core, p)
    kind = item["type"]
    if message is not None and "media_group_id" in message.body and kind not in ("photo", "video"):
        raise bad_request("message can't be edited")
    file = core.world.files.resolve(kind, item["media"], p, **details(kind, item))
    cleared = (*sorted(CONTENT), "entities", "caption", "caption_entities", "has_media_spoiler")
    return change(core, p, message, content_of(file, item, words), cleared)


def edit_markup(core: Core, p: Json) -> Any:
    """editMessageReplyMarkup."""
    return change(core, p, editable(core, p), {}, ())


def edit_live_location(core: Core, p: Json) -> Any:
    """editMessageLiveLocation."""
    where = location_of(p)
    message = editable(core, p)
    if message is not None and "live_period" not in message.body.get("location", {}):
        raise bad_request("message can't be edited")
    if message is not None:
        where = {**message.body["location"], **where}
    return change(core, p, message, {"location": where}, ())


def stop_live_location(core: Core, p: Json) -> Any:
    """stopMessageLiveLocation."""
    message = editable(core, p)
    if message is None or "live_period" not in message.body.get("location", {}):
        raise bad_request("message can't be edited")
    where = {key: value for key, value in message.body["location"].items() if key != "live_period"}
    return change(core, p, message, {"location": where}, ())


def stop_poll(core: Core, p: Json) -> Json:
    """stopPoll."""
    message = find_message(core, open_chat(core, p["chat_id"]), p["message_id"], "message with poll to stop not found")
    poll = message.body.get("poll")
    if poll is None or message.author != core.world.bot.id:
        raise bad_request("message with poll to stop not found")
    if poll["is_closed"]:
        raise bad_request("poll has already been closed")
    closed: Json = {**poll, "is_closed": True}
    core.world.replace(message, poll=closed)
    return closed


def may_delete(core: Core, message: Message) -> bool:
    """Tell whether the bot may delete a message: young enough and its own, a person's to it, or as administrator."""
    if core.world.unix() - message.date > core.delete_limit.total_seconds():
        return False
    chat = message.chat
    if chat.is_private or message.author == core.world.bot.id:
        return True
    return chat.members.get(core.world.bot.id) == "administrator" and "can_delete_messages" in chat.bot_rights


def delete_message(core: Core, p: Json) -> bool:
    """deleteMessage."""
    chat = core.chat(p["chat_id"])
    message = find_message(core, chat, p["message_id"], "message to delete not found")
    if not may_delete(core, message) or message.id in chat.topics:
        raise bad_request("message can't be deleted for everyone")
    core.world.remove(message)
    return True


def delete_messages(core: Core, p: Json) -> bool:
    """deleteMessages: skips what is not there, refuses all when one may not be deleted."""
    chat = core.chat(p["chat_id"])
    numbers: list[int] = p["message_ids"]
    if not 1 <= len(numbers) <= 100:
        raise bad_request("there must be from 1 to 100 message identifiers")
    found = [chat.messages[number] for number in numbers if number in chat.messages]
    if any(not may_delete(core, message) for message in found):
        raise bad_request("message can't be deleted for everyone")
    for message in found:
        core.world.remove(message)
    return True


def pin(core: Core, p: Json) -> bool:
    """pinChatMessage: leaves a service message, as Telegram does."""
    chat = open_chat(core, p["chat_id"])
    need_right(core, chat, "can_pin_messages", "not enough rights to manage pinned messages in the chat")
    message = find_message(core, chat, p["message_id"], "message to pin not found")
    if message.id not in chat.pinned:
        chat.pinned.append(message.id)
        notice = core.world.post(chat, core.world.bot, {"pinned_message": message.body}, message.thread)
        core.updates.push("message", notice.body)
    return True


def unpin(core: Core, p: Json) -> bool:
    """unpinChatMessage."""
    chat = open_chat(core, p["chat_id"])
    need_right(core, chat, "can_pin_messages", "not enough rights to manage pinned messages in the chat")
    number = p.get("message_id")
    if number is None:
        chat.pinned[-1:] = []
    elif number in chat.pinned:
        chat.pinned.remove(number)
    elif number not in chat.messages:
        raise bad_request("message to unpin not found")
    return True


def unpin_all(core: Core, p: Json) -> bool:
    """unpinAllChatMessages."""
    chat = open_chat(core, p["chat_id"])
    need_right(core, chat, "can_pin_messages", "not enough rights to manage pinned messages in the chat")
    chat.pinned.clear()
    return True


def set_reaction(core: Core, p: Json) -> bool:
    """setMessageReaction: one emoji of Telegram's list at most, never on a service message."""
    reaction: list[Json] = p.get("reaction", [])
    for one in reaction:
        if one["type"] == "paid":
            raise bad_request("REACTION_INVALID")
    if len(reaction) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    chat = open_chat(core, p["chat_id"])
    message = find_message(core, chat, p["message_id"], "message to react not found")
    if message.is_service:
        raise bad_request("message can't be reacted to")
    core.world.react(message, core.world.bot.id, reaction)
    return True


METHODS: dict[str, Handler] = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageMedia": edit_media,
    "editMessageReplyMarkup": edit_markup,
    "editMessageLiveLocation": edit_live_location,
    "stopMessageLiveLocation": stop_live_location,
    "stopPoll": stop_poll,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "pinChatMessage": pin,
    "unpinChatMessage": unpin,
    "unpinAllChatMessages": unpin_all,
    "setMessageReaction": set_reaction,
}

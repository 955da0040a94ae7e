"""Copying and forwarding messages from one chat to another."""

from __future__ import annotations

from bot.sandbox.core import Core, Handler
from bot.sandbox.gate import Place, find_message
from bot.sandbox.refusals import bad_request
from bot.sandbox.texts import caption
from bot.sandbox.world import CONTENT, Chat, Json, Message

COPIED = CONTENT | {
    "entities",
    "caption",
    "caption_entities",
    "has_media_spoiler",
    "show_caption_above_media",
    "link_preview_options",
}
CAPTIONED = ("photo", "document", "voice", "video", "audio", "animation")


def source(core: Core, p: Json, word: str) -> Message:
    """Return the message that a request copies or forwards. Raises Refused."""
    message = find_message(core, core.chat(p["from_chat_id"]), p["message_id"], f"message to {word} not found")
    if message.is_service:
        raise bad_request(f"message can't be {'copied' if word == 'copy' else 'forwarded'}")
    if message.body.get("has_protected_content"):
        raise bad_request("the message can't be copied" if word == "copy" else "the message can't be forwarded")
    return message


def content(message: Message) -> Json:
    """Return what of a message goes along into a copy."""
    return {key: value for key, value in message.body.items() if key in COPIED}


def copy_message(core: Core, p: Json) -> Json:
    """copyMessage."""
    words = caption(p)
    message = source(core, p, "copy")
    body = content(message)
    if "caption" in p and any(kind in body for kind in CAPTIONED):
        body.pop("caption", None)
        body.pop("caption_entities", None)
        body |= words
    return {"message_id": Place(core, p).post(core, body).id}


def several(core: Core, p: Json, word: str) -> list[Message]:
    """Return the messages of copyMessages or forwardMessages, what is missing left out. Raises Refused."""
    numbers: list[int] = p["message_ids"]
    if not 1 <= len(numbers) <= 100:
        raise bad_request("too many messages specified" if numbers else "message identifiers are not specified")
    if numbers != sorted(set(numbers)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    chat: Chat = core.chat(p["from_chat_id"])
    found = [chat.messages[number] for number in numbers if number in chat.messages]
    found = [one for one in found if not one.is_service and not one.body.get("has_protected_content")]
    if not found:
        raise bad_request(f"messages to {word} not found")
    return found


def copy_messages(core: Core, p: Json) -> list[Json]:
    """copyMessages: albums stay albums."""
    found = several(core, p, "copy")
    place = Place(core, p)
    albums: dict[str, str] = {}
    answers = []
    for message in found:
        body = content(message)
        if p.get("remove_caption"):
            body.pop("caption", None)
            body.pop("caption_entities", None)
        answers.append({"message_id": place.post(core, body, media_group_id=_album(core, albums, message)).id})
    return answers


def _album(core: Core, albums: dict[str, str], message: Message) -> str | None:
    old = message.body.get("media_group_id")
    if old is None:
        return None
    if not albums.get(old):
        albums[old] = core.world.next_album()
    return albums[old]


def _forward(core: Core, place: Place, message: Message, album: str | None = None) -> Message:
    origin = message.body.get("forward_origin") or {
        "type": "user",
        "sender_user": message.body["from"],
        "date": message.date,
    }
    return place.post(core, content(message), forward_origin=origin, media_group_id=album)


def forward_message(core: Core, p: Json) -> Json:
    """forwardMessage."""
    message = source(core, p, "forward")
    return _forward(core, Place(core, p), message).body


def forward_messages(core: Core, p: Json) -> list[Json]:
    """forwardMessages."""
    found = several(core, p, "forward")
    place = Place(core, p)
    albums: dict[str, str] = {}
    return [{"message_id": _forward(core, place, one, _album(core, albums, one)).id} for one in found]


METHODS: dict[str, Handler] = {
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
    "forwardMessage": forward_message,
    "forwardMessages": forward_messages,
}

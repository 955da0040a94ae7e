"""The methods that put a new message into a chat."""

from __future__ import annotations

from typing import Any

from bot.sandbox.core import Core, Handler
from bot.sandbox.files import File
from bot.sandbox.gate import Place, open_chat, thread_of
from bot.sandbox.refusals import bad_request
from bot.sandbox.texts import caption, message_text
from bot.sandbox.world import Json

ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
ALBUM_KINDS = {"photo", "video", "audio", "document"}


def send_message(core: Core, p: Json) -> Json:
    """sendMessage."""
    content = message_text(p)
    if p.get("link_preview_options"):
        content["link_preview_options"] = p["link_preview_options"]
    return Place(core, p).post(core, content).body


def media(kind: str) -> Handler:
    """Return the handler that sends a file of `kind` (the parameter and the field of the message have that name)."""

    def send(core: Core, p: Json) -> Json:
        words = caption(p) if kind not in ("sticker", "video_note") else {}
        place = Place(core, p)
        file = core.world.files.resolve(kind, p[kind], p, **details(kind, p))
        return place.post(core, content_of(file, p, words)).body

    return send


def details(kind: str, p: Json) -> dict[str, Any]:
    """Return what a request tells of its file."""
    known = {
        "voice": ("duration",),
        "audio": ("duration", "performer", "title"),
        "video": ("duration", "width", "height"),
        "animation": ("duration", "width", "height"),
        "video_note": ("duration", "length"),
    }
    return {key: p[key] for key in known.get(kind, ()) if key in p}


def content_of(file: File, p: Json, words: Json) -> Json:
    """Return the content of a message with a file: the file, its caption, how it is shown."""
    content = {**file.body(), **words}
    if p.get("has_spoiler"):
        content["has_media_spoiler"] = True
    if p.get("show_caption_above_media") and words:
        content["show_caption_above_media"] = True
    if file.kind == "animation":
        content["document"] = {key: value for key, value in content["animation"].items() if key in _DOCUMENT}
    return content


_DOCUMENT = {"file_id", "file_unique_id", "file_size", "file_name", "mime_type"}


def send_media_group(core: Core, p: Json) -> list[Json]:
    """sendMediaGroup."""
    items: list[Json] = p["media"]
    if not 2 <= len(items) <= 10:
        word = "few" if len(items) < 2 else "many"
        raise bad_request(f"wrong number of messages specified: too {word} messages to send as an album")
    kinds = {item["type"] for item in items}
    if not kinds <= ALBUM_KINDS:
        raise bad_request("only photos, videos, documents and audio can be sent as an album")
    if len(kinds) > 1 and kinds & {"audio", "document"}:
        raise bad_request("document and audio can't be mixed with other media types")
    words = [caption(item) for item in items]
    place = Place(core, p)
    files = [core.world.files.resolve(item["type"], item["media"], p, **details(item["type"], item)) for item in items]
    album = core.world.next_album()
    return [
        place.post(core, content_of(file, item, text), media_group_id=album).body
        for file, item, text in zip(files, items, words, strict=True)
    ]


def location_of(p: Json) -> Json:
    """Return the Location of a request. Raises Refused outside the globe."""
    if not (-90 <= p["latitude"] <= 90 and -180 <= p["longitude"] <= 180):
        raise bad_request("wrong location specified")
    keys = ("latitude", "longitude", "horizontal_accuracy", "live_period", "heading", "proximity_alert_radius")
    return {key: p[key] for key in keys if key in p}


def send_location(core: Core, p: Json) -> Json:
    """sendLocation."""
    return Place(core, p).post(core, {"location": location_of(p)}).body


def send_venue(core: Core, p: Json) -> Json:
    """sendVenue."""
    if not p["title"].strip() or not p["address"].strip():
        raise bad_request("venue title and address must be non-empty")
    where = location_of(p)
    venue = {"location": where, "title": p["title"], "address": p["address"]}
    return Place(core, p).post(core, {"venue": venue, "location": where}).body


def send_contact(core: Core, p: Json) -> Json:
    """sendContact."""
    if not p["first_name"].strip():
        raise bad_request("contact first name must be non-empty")
    if not p["phone_number"].strip():
        raise bad_request("phone number must be non-empty")
    contact = {key: p[key] for key in ("phone_number", "first_name", "last_name", "vcard") if key in p}
    return Place(core, p).post(core, {"contact": contact}).body


def send_dice(core: Core, p: Json) -> Json:
    """sendDice: always a three, so that a test can rely on it."""
    return Place(core, p).post(core, {"dice": {"emoji": p.get("emoji", "🎲"), "value": 3}}).body


def send_poll(core: Core, p: Json) -> Json:
    """sendPoll: regular polls as far as showing them goes."""
    options = [option["text"] for option in p["options"]]
    if not 1 <= len(p["question"].strip()) <= 300:
        raise bad_request("poll question must be non-empty and at most 300 characters long")
    if not 2 <= len(options) <= 12 or any(not 1 <= len(option) <= 100 for option in options):
        raise bad_request("poll must have 2-12 options of 1-100 characters")
    poll: Json = {
        "id": str(5_000_000_000_000_000 + core.world.seq),
        "question": p["question"],
        "options": [
            {"persistent_id": str(number), "text": option, "voter_count": 0} for number, option in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": p.get("is_closed", False),
        "is_anonymous": p.get("is_anonymous", True),
        "type": p.get("type", "regular"),
        "allows_multiple_answers": p.get("allows_multiple_answers", False),
        "allows_revoting": True,
        "members_only": False,
    }
    return Place(core, p).post(core, {"poll": poll}).body


def send_chat_action(core: Core, p: Json) -> bool:
    """sendChatAction: shown on the pages for five seconds."""
    if p["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = open_chat(core, p["chat_id"])
    thread = thread_of(core, chat, p.get("message_thread_id"))
    core.world.changed({"kind": "typing", "chat": chat.id, "thread": thread, "action": p["action"]})
    return True


METHODS: dict[str, Handler] = {
    "sendMessage": send_message,
    "sendPhoto": media("photo"),
    "sendDocument": media("document"),
    "sendVoice": media("voice"),
    "sendVideo": media("video"),
    "sendVideoNote": media("video_note"),
    "sendAudio": media("audio"),
    "sendAnimation": media("animation"),
    "sendSticker": media("sticker"),
    "sendMediaGroup": send_media_group,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "sendContact": send_contact,
    "sendDice": send_dice,
    "sendPoll": send_poll,
    "sendChatAction": send_chat_action,
}

"""Messages that pass between a person and a desk: what is taken from an update, and the call that delivers it.

A parcel is plain JSON: `kind`, `text`, `entities`, and per kind a `file` (file id; `unique` says whether two are the
same file), a `place` or a `card`. Media travel by file id: it survives when the writer deletes the message, and shows
nobody's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from aiogram.types import Message

from bot.conversation.incoming import REPLACEABLE, Incoming
from bot.telegram.text import CAPTION_LIMIT, TEXT_LIMIT, Part, kept_entities, prefixed, split, units

_FILE_KINDS: Final = {
    "voice": ("sendVoice", "voice"),
    "video": ("sendVideo", "video"),
    "animation": ("sendAnimation", "animation"),
    "audio": ("sendAudio", "audio"),
    "document": ("sendDocument", "document"),
    "video_note": ("sendVideoNote", "video_note"),
    "sticker": ("sendSticker", "sticker"),
    "photo": ("sendPhoto", "photo"),
}
"""Kinds with a file: the method and the parameter for the file id. An animation is a document too: it is first."""
_NO_CAPTION: Final = frozenset({"video_note", "sticker"})
_ALBUM_KINDS: Final = frozenset({"photo", "video", "document", "audio"})


@dataclass(frozen=True)
class Mark:
    """How is shown whose words they are: a sign before words, and what stands under a medium without any."""

    sign: str
    alone: str = ""


def incoming(message: Message, at: datetime) -> Incoming | None:
    """Return what can be relayed of a message, or None for kinds that cannot (polls, games, stories …)."""
    parcel = _parcel(message)
    if parcel is None:
        return None
    reply = message.reply_to_message
    # In a forum every message "replies" to the service message that made its topic; that is no reply of a human.
    is_reply = reply is not None and reply.message_id != message.message_thread_id
    return Incoming(
        chat=message.chat.id,
        message=message.message_id,
        at=at,
        kind=str(parcel["kind"]),
        parcel=parcel,
        text=str(parcel.get("text", "")),
        reply_to=reply.message_id if reply is not None and is_reply else None,
        album=message.media_group_id,
    )


def is_medium(message: Message) -> bool:
    """Whether a message is one that can be relayed, and no text."""
    return message.text is None and _parcel(message) is not None


def _parcel(message: Message) -> dict[str, Any] | None:
    if message.text is not None:
        return {"kind": "text", "text": message.text, "entities": _entities(message)}
    if message.location is not None:
        place: dict[str, Any] = {"latitude": message.location.latitude, "longitude": message.location.longitude}
        return {"kind": "location", "place": place}
    if message.contact is not None:
        contact = message.contact
        card = {"phone_number": contact.phone_number, "first_name": contact.first_name, "last_name": contact.last_name}
        return {"kind": "contact", "card": {key: value for key, value in card.items() if value}}
    for kind in _FILE_KINDS:
        content = getattr(message, kind)
        if not content:
            continue
        file = content[-1] if kind == "photo" else content
        words = {"text": message.caption or "", "entities": _entities(message)}
        return {"kind": kind, "file": file.file_id, "unique": file.file_unique_id, **words}
    return None


def _entities(message: Message) -> list[dict[str, Any]]:
    entities = message.entities or message.caption_entities or []
    return list(kept_entities([entity.model_dump(exclude_none=True) for entity in entities]))


def calls(parcel: dict[str, Any], mark: Mark) -> list[tuple[str, dict[str, Any]]]:
    """Return the methods and parameters that deliver a parcel; `mark` says whose words they are.

    There is more than one call only where the words do not fit: a text with its mark, or a caption, of which people
    with Telegram Premium may write four times as much as a bot.
    """
    kind = parcel["kind"]
    part = Part(str(parcel.get("text", "")), tuple(parcel.get("entities", ())))
    if kind == "text":
        return [("sendMessage", _text(piece)) for piece in split(prefixed(mark.sign, part, TEXT_LIMIT), TEXT_LIMIT)]
    if kind == "location":
        return [("sendLocation", dict(parcel["place"]))]
    if kind == "contact":
        return [("sendContact", dict(parcel["card"]))]
    method, field = _FILE_KINDS[kind]
    params: dict[str, Any] = {field: parcel["file"]}
    if kind not in _NO_CAPTION:
        params |= _caption(mark, part)
    return [(method, params), *words_behind(parcel, mark)]


def words_behind(parcel: dict[str, Any], mark: Mark) -> list[tuple[str, dict[str, Any]]]:
    """Return the calls that bring the words of a medium that do not fit into its caption; none where they fit.

    Each carries the mark, by which an answer to it is recognised: only the medium's own id is known afterwards.
    """
    part = Part(str(parcel.get("text", "")), tuple(parcel.get("entities", ())))
    if parcel["kind"] not in _FILE_KINDS or units(part.text) <= CAPTION_LIMIT:
        return []
    pieces = split(part, TEXT_LIMIT - units(mark.sign))
    return [("sendMessage", _text(prefixed(mark.sign, piece, TEXT_LIMIT))) for piece in pieces]


def words_call(parcel: dict[str, Any], mark: Mark) -> tuple[str, dict[str, Any]] | None:
    """Return the call that changes words which stand behind their medium, or None where none are left."""
    part = Part(str(parcel.get("text", "")), tuple(parcel.get("entities", ())))
    pieces = split(prefixed(mark.sign, part, TEXT_LIMIT), TEXT_LIMIT) if part.text.strip() else []
    return ("editMessageText", _text(pieces[0])) if pieces else None


def album_call(parcels: list[dict[str, Any]], mark: Mark) -> tuple[str, dict[str, Any]] | None:
    """Return the call that delivers parcels as one album, or None where Telegram does not join such kinds."""
    kinds = {parcel["kind"] for parcel in parcels}
    mixed = kinds <= {"photo", "video"} or (len(kinds) == 1 and kinds <= _ALBUM_KINDS)
    if len(parcels) < 2 or not mixed:
        return None
    media = []
    for index, parcel in enumerate(parcels):
        part = Part(str(parcel.get("text", "")), tuple(parcel.get("entities", ())))
        item = {"type": parcel["kind"], "media": parcel["file"]}
        media.append(item | _caption(mark if index == 0 else Mark(""), part))
    return "sendMediaGroup", {"media": media}


def is_replaced(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether a change put another file into a message, or a file into a text."""
    if after["kind"] not in REPLACEABLE or before.get("kind") not in (*REPLACEABLE, "text"):
        return False
    if before["kind"] != after["kind"]:
        return True
    same = "unique" if "unique" in before and "unique" in after else "file"
    return bool(before[same] != after[same])


def medium_call(parcel: dict[str, Any], mark: Mark) -> tuple[str, dict[str, Any]]:
    """Return the call that puts another file, with its words, into a delivered message."""
    part = Part(str(parcel.get("text", "")), tuple(parcel.get("entities", ())))
    media = {"type": parcel["kind"], "media": parcel["file"], **_caption(mark, part)}
    return "editMessageMedia", {"media": media}


def edit_call(parcel: dict[str, Any], mark: Mark) -> tuple[str, dict[str, Any]] | None:
    """Return the call that changes a delivered message to this parcel, or None for kinds without words."""
    part = Part(str(parcel.get("text", "")), tuple(parcel.get("entities", ())))
    if parcel["kind"] == "text":
        piece = split(prefixed(mark.sign, part, TEXT_LIMIT), TEXT_LIMIT)[0]
        return "editMessageText", _text(piece)
    if parcel["kind"] in _FILE_KINDS and parcel["kind"] not in _NO_CAPTION:
        return "editMessageCaption", _caption(mark, part)
    return None


def _text(part: Part) -> dict[str, Any]:
    preview = {"is_disabled": True}
    return {"text": part.text, "entities": list(part.entities), "link_preview_options": preview}


def _caption(mark: Mark, part: Part) -> dict[str, Any]:
    if units(part.text) > CAPTION_LIMIT:  # the words follow as a message of their own
        return {}
    if not part.text.strip():
        return {"caption": mark.alone} if mark.alone else {}
    part = prefixed(mark.sign, part, CAPTION_LIMIT)
    return {"caption": part.text, "caption_entities": list(part.entities)}

"""What a person has before their eyes: messages with their buttons, and the newest of them as a text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.world import Json, Message, World

SERVICE = {
    "forum_topic_created": "topic opened",
    "forum_topic_edited": "topic renamed",
    "forum_topic_closed": "topic closed",
    "forum_topic_reopened": "topic reopened",
    "pinned_message": "message pinned",
    "new_chat_members": "joined",
    "left_chat_member": "left",
    "migrate_to_chat_id": "group moved",
    "migrate_from_chat_id": "group moved here",
}


@dataclass(frozen=True, slots=True)
class Button:
    """A button with its text; `raw` is the Bot API's object."""

    text: str
    raw: Json

    @property
    def url(self) -> str | None:
        """Where it leads."""
        return self.raw.get("url")

    @property
    def data(self) -> str | None:
        """Its callback data."""
        return self.raw.get("callback_data")


class Seen:
    """A message as somebody sees it. It follows later edits; `is_deleted` tells when it is gone."""

    __slots__ = ("_world", "message")

    def __init__(self, world: World, message: Message) -> None:
        self._world = world
        self.message = message

    @property
    def id(self) -> int:
        """Its message id."""
        return self.message.id

    @property
    def body(self) -> Json:
        """The Bot API's Message."""
        return self.message.body

    @property
    def text(self) -> str:
        """Its text or caption, "" without one."""
        return str(self.body.get("text") or self.body.get("caption") or "")

    @property
    def kind(self) -> str:
        """What it is: text, photo, document, voice, video_note, location, ..., or the kind of service message."""
        for key in ("venue", "animation", *sorted(KINDS)):
            if key in self.body:
                return key
        return next((key for key in SERVICE if key in self.body), "service")

    @property
    def from_bot(self) -> bool:
        """Tell whether the bot wrote it."""
        return self.message.author == self._world.bot.id

    @property
    def author(self) -> str:
        """The first name of who wrote it."""
        user = self._world.users.get(self.message.author)
        return user.first_name if user else ""

    @property
    def buttons(self) -> list[Button]:
        """Its inline buttons, row by row."""
        rows = (self.body.get("reply_markup") or {}).get("inline_keyboard") or []
        return [Button(str(button["text"]), button) for row in rows for button in row]

    @property
    def reactions(self) -> list[str]:
        """The emoji of all reactions on it."""
        return [str(one.get("emoji", "")) for given in self.message.reactions.values() for one in given]

    @property
    def is_edited(self) -> bool:
        """Tell whether it was edited."""
        return "edit_date" in self.body

    @property
    def is_deleted(self) -> bool:
        """Tell whether it is gone."""
        return self.message.chat.messages.get(self.id) is not self.message

    @property
    def reply_to(self) -> int | None:
        """The id of the message it answers; a topic's opening message does not count."""
        answered: Json = self.body.get("reply_to_message") or {}
        return None if "forum_topic_created" in answered else answered.get("message_id")

    def lines(self) -> str:
        """Return it as text: what it holds, then its buttons in brackets."""
        head = self.text if self.kind == "text" else f"[{SERVICE.get(self.kind, self.kind)}] {self.text}".strip()
        contact: Any = self.body.get("contact")
        if contact:
            head += f" {contact['first_name']} {contact['phone_number']}"
        rows = (self.body.get("reply_markup") or {}).get("inline_keyboard") or []
        return "\n".join([head, *(" ".join(f"[{button['text']}]" for button in row) for row in rows)])

    def __repr__(self) -> str:
        return f"<{self.kind} {self.id} of {self.author or 'nobody'}: {self.text!r}>"


KINDS = {
    *("text", "photo", "document", "voice", "video", "video_note", "audio", "sticker"),
    *("location", "contact", "dice", "poll"),
}


def as_text(messages: Iterable[Seen]) -> str:
    """Return messages as one text, oldest first."""
    return "\n\n".join(message.lines() for message in messages)


def find_button(messages: Iterable[Seen], text: str) -> tuple[Seen, Button] | None:
    """Return the newest message with a button that reads `text` exactly, else the newest that contains it."""
    newest_first = sorted(messages, key=lambda one: one.message.seq, reverse=True)
    for fits in (lambda button: button.text == text, lambda button: text in button.text):
        for message in newest_first:
            for button in message.buttons:
                if fits(button):
                    return message, button
    return None

"""What a human wrote, as far as the use cases need to know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

REPLACEABLE: Final = frozenset({"photo", "video", "animation", "audio", "document"})
"""Kinds of media that a channel can put in the place of each other, or into a text, in a message already delivered."""
_WORDED: Final = frozenset({"text", "voice", *REPLACEABLE})


def can_follow(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether a change of a message, from one parcel to another, can be made on the other side too."""
    if after["kind"] == before["kind"]:
        return after["kind"] in _WORDED
    return after["kind"] in REPLACEABLE and before["kind"] in ("text", *REPLACEABLE)


@dataclass(frozen=True)
class Incoming:
    """A message that can be relayed.

    `parcel` is plain JSON made and read by the channel: kind, text, file ids. `text` is what can be searched (the text
    or the caption), empty where there is none. `reply_to` is a message of the same chat. `album` joins parts.
    """

    chat: int
    message: int
    at: datetime
    kind: str
    parcel: dict[str, Any]
    text: str = ""
    reply_to: int | None = None
    album: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON, to be kept in a session until a case is opened."""
        return {
            "chat": self.chat,
            "message": self.message,
            "at": self.at.isoformat(),
            "kind": self.kind,
            "parcel": self.parcel,
            "text": self.text,
            "reply_to": self.reply_to,
            "album": self.album,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Incoming:
        """Read what `to_json` wrote."""
        return cls(**{**data, "at": datetime.fromisoformat(data["at"])})

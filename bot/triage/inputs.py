"""What a person can do at any moment of a flow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Tapped:
    """A button under a question: the step it stood under, the choice or one of the common buttons, the version."""

    step: str
    choice: str
    version: int = 0


@dataclass(frozen=True)
class Wrote:
    """A text message."""

    text: str


@dataclass(frozen=True)
class Shared:
    """A place on the map, in degrees. A flow takes the region from it, or that a place was sent, and keeps no degrees.

    The message itself reaches the operator as any other message does.
    """

    lat: float
    lon: float


@dataclass(frozen=True)
class Attached:
    """Anything that is not text: photo, document, voice, video, sticker …"""

    kind: str


@dataclass(frozen=True)
class Back:
    """One question back."""


@dataclass(frozen=True)
class Again:
    """From the beginning."""


@dataclass(frozen=True)
class Skip:
    """Not this question."""


@dataclass(frozen=True)
class DontKnow:
    """I do not know."""


@dataclass(frozen=True)
class Human:
    """A person, now."""


@dataclass(frozen=True)
class Hide:
    """Hide this chat."""


Input = Tapped | Wrote | Shared | Attached | Back | Again | Skip | DontKnow | Human | Hide

KEEP: Final = "_keep"
DONE: Final = "_done"
NEXT: Final = "_next"
DONT_KNOW: Final = "_dk"
SKIP: Final = "_skip"
BACK: Final = "_back"
AGAIN: Final = "_again"
HUMAN: Final = "_human"
HIDE: Final = "_hide"

COMMON: Final[dict[str, Input]] = {
    DONT_KNOW: DontKnow(),
    SKIP: Skip(),
    BACK: Back(),
    AGAIN: Again(),
    HUMAN: Human(),
    HIDE: Hide(),
}
"""The common buttons as choices of a callback; no id of an editor begins with `_`."""

COMMANDS: Final[dict[str, Input]] = {
    "dont_know": DontKnow(),
    "skip": Skip(),
    "back": Back(),
    "again": Again(),
    "human": Human(),
}
"""The same in words, by the names of `bot.triage.words.COMMANDS`."""

TAKEN_AS_ANSWER: Final = frozenset({"photo", "document", "voice", "video", "video_note", "audio", "album"})
"""What a question for a photo or document takes."""
PLACE: Final = "location"
"""The answer of a question for own words with `place: true`, where a place on the map was sent."""
TYPED: Final = "\x1f"
"""Stands before typed words that are the name of something sent ("photo"), so that they stay words. It is taken out of
what a person types; no keyboard has it."""
SPOKEN: Final = frozenset({"voice", "video_note", "audio"})
"""What a question for own words takes besides text."""

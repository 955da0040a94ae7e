"""What use cases decide; a channel turns each effect into calls and queues them in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.cases.model import Case, Person, Relay
from bot.conversation.screens import Screen
from bot.knowledge.document import Document
from bot.storage.ports import Priority


@dataclass(frozen=True)
class Show:
    """Show a screen to a person; `replace` is the message of the screen it takes the place of.

    One with `not_before` is a reserve: it is taken back where first aid gets through until then.
    """

    person: Person
    screen: Screen
    replace: int | None = None
    priority: Priority = Priority.MENU
    not_before: datetime | None = None


@dataclass(frozen=True)
class Play:
    """Send a person the recording or picture of an article; `path` is inside the knowledge folder."""

    person: Person
    kind: str
    path: str


@dataclass(frozen=True)
class Toast:
    """Answer a press with a short word that passes by, or must be confirmed (`alert`)."""

    text: str
    alert: bool = False


@dataclass(frozen=True)
class OpenTopic:
    """Make the forum topic of a case at its desk."""

    case: Case
    title: str


@dataclass(frozen=True)
class PostCard:
    """Put the card of a case into its topic."""

    case: Case
    screen: Screen


@dataclass(frozen=True)
class UpdateCard:
    """Bring the card of a case up to date."""

    case: Case
    screen: Screen


@dataclass(frozen=True)
class Note:
    """Say something of the hotline's own in the topic of a case; `reply_to` is a message there."""

    case: Case
    document: Document
    reply_to: int | None = None
    screen: Screen | None = None


@dataclass(frozen=True)
class RenameTopic:
    """Give the topic of a case another title."""

    case: Case
    title: str


class TopicState(StrEnum):
    """Whether operators can still write in a topic."""

    CLOSED = "closed"
    OPEN = "open"
    DELETED = "deleted"


@dataclass(frozen=True)
class SetTopic:
    """Close or reopen the topic of a case, or delete it with all its messages."""

    case: Case
    state: TopicState


@dataclass(frozen=True)
class Forward:
    """Bring a relayed message, or the parts of one album, to the other side. All parts have the same direction."""

    case: Case
    relays: tuple[Relay, ...]
    person: Person


@dataclass(frozen=True)
class ForwardEdit:
    """Bring a changed message to the other side; `before` is its parcel from before the change, where that counts."""

    case: Case
    relay: Relay
    person: Person
    before: dict[str, Any] | None = None


@dataclass(frozen=True)
class Mark:
    """Show what is known about the delivery of an operator's message on that very message."""

    chat: int
    message: int
    emoji: str


@dataclass(frozen=True)
class DeleteMessages:
    """Take messages out of a person's chat, as far as the channel allows."""

    person: Person
    messages: tuple[int, ...]


@dataclass(frozen=True)
class DeskReply:
    """Answer in a desk's group outside of a case: a queue, a help text. `thread_id` is None for the general topic."""

    desk: str
    screen: Screen
    thread_id: int | None = None
    reply_to: int | None = None


@dataclass(frozen=True)
class Alarm:
    """Tell the administrators' chat, or a desk where there is none; the text names no person.

    `avoid` is a desk that cannot hear it.
    """

    document: Document
    avoid: str | None = None


Effect = (
    Show
    | Play
    | Toast
    | OpenTopic
    | PostCard
    | UpdateCard
    | Note
    | RenameTopic
    | SetTopic
    | Forward
    | ForwardEdit
    | Mark
    | DeleteMessages
    | DeskReply
    | Alarm
)

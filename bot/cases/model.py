"""A case: one problem of one person, from opening to purge.

Pure data and rules; what is stored and sent is decided by the rooms above.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.errors import HotlineError
from bot.languages.locales import Locale


class CaseAlreadyTaken(HotlineError):
    """Another operator took this case a moment ago."""


class CaseIsClosed(HotlineError):
    """This case is closed; a new message of the person opens a new one."""


class CaseNotFound(HotlineError):
    """There is no such case here, or it was purged when its time was over."""


class CaseStatus(StrEnum):
    """Where a case stands."""

    WAITING = "waiting"
    TAKEN = "taken"
    CLOSED = "closed"


class Severity(StrEnum):
    """How soon a person must be answered; the order of the queue."""

    URGENT = "urgent"
    SERIOUS = "serious"
    NORMAL = "normal"

    @property
    def rank(self) -> int:
        """0 for the most pressing."""
        return (Severity.URGENT, Severity.SERIOUS, Severity.NORMAL).index(self)


@dataclass(frozen=True)
class Person:
    """Somebody who asks. `chat_id` is the private chat; `session` is plain JSON that the conversation keeps."""

    id: int
    chat_id: int
    created_at: datetime
    locale: Locale | None = None
    citizenship: str | None = None
    region: str | None = None
    blocked_at: datetime | None = None
    session: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Operator:
    """Somebody who answers. `name` is what the colleagues see; a person never sees it."""

    id: int
    user_id: int
    name: str
    locale: Locale = Locale.RU


@dataclass(frozen=True)
class NewCase:
    """What is known when a case is opened."""

    person_id: int
    desk: str
    locale: Locale
    opened_at: datetime
    topic: str | None = None
    severity: Severity = Severity.NORMAL
    reason: str = ""
    summary: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One problem of one person. `number` is what people and operators call it by.

    `thread_id` is the forum topic at the desk, `card_id` the message with the card; both unknown until delivered.
    `summary` is plain JSON: structured answers of a flow, articles read, the rule that raised the severity.
    """

    id: int
    number: int
    person_id: int
    desk: str
    locale: Locale
    opened_at: datetime
    status: CaseStatus = CaseStatus.WAITING
    topic: str | None = None
    severity: Severity = Severity.NORMAL
    reason: str = ""
    summary: dict[str, Any] = field(default_factory=dict)
    operator_id: int | None = None
    taken_at: datetime | None = None
    closed_at: datetime | None = None
    rating: int | None = None
    thread_id: int | None = None
    card_id: int | None = None

    def closed(self, at: datetime) -> Case:
        """Return this case closed at `at`; raise `CaseIsClosed` where it already is."""
        if self.status is CaseStatus.CLOSED:
            raise CaseIsClosed(f"Case {self.number} is closed already.")
        return replace(self, status=CaseStatus.CLOSED, closed_at=at)

    def rated(self, stars: int) -> Case:
        """Return this case with the person's rating, 1 to 5; raise `ValueError` outside of that."""
        if not 1 <= stars <= 5:
            raise ValueError(f"A rating is 1 to 5, not {stars}.")
        return replace(self, rating=stars)

    def raised(self, severity: Severity, reason: str) -> Case:
        """Return this case at least as pressing as `severity`, with the reason where it rose."""
        if severity.rank < self.severity.rank:
            return replace(self, severity=severity, reason=reason)
        return self


class Direction(StrEnum):
    """Which way a relayed message goes."""

    TO_DESK = "to_desk"
    TO_PERSON = "to_person"


class RelayState(StrEnum):
    """What is truly known about a relayed message."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True)
class NewRelay:
    """A message of a person or an operator on its way to the other side.

    `source_chat` and `source_message` say where it was written. `parcel` is plain JSON made and read by the channel:
    kind, text, file ids. `album` joins the parts of one album.
    """

    case_id: int
    direction: Direction
    source_chat: int
    source_message: int
    written_at: datetime
    parcel: dict[str, Any]
    album: str | None = None
    reply_to: int | None = None
    operator_id: int | None = None


@dataclass(frozen=True)
class Relay:
    """A relayed message as stored. `target_message` is its id on the other side, known once delivered."""

    id: int
    case_id: int
    direction: Direction
    source_chat: int
    source_message: int
    written_at: datetime
    parcel: dict[str, Any]
    state: RelayState
    album: str | None = None
    reply_to: int | None = None
    operator_id: int | None = None
    outbox_id: int | None = None
    target_chat: int | None = None
    target_message: int | None = None

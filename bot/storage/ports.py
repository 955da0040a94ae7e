"""What delivery and conversation need from a store: transactions, inbox, outbox, jobs.

One transaction per update: the state, the outbox rows and the inbox mark commit together or not at all.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, Protocol

from bot.cases.ports import Audit, Cases, Operators, People, Relays, Searches
from bot.errors import HotlineError


class StorageError(HotlineError):
    """The store cannot do what was asked; the text says what an administrator does about it."""


class PersonNotFound(StorageError):
    """There is no such person here; perhaps the data was erased."""


class RelayNotFound(StorageError):
    """There is no such message here; perhaps its case was purged."""


class OperatorNotFound(StorageError):
    """There is no such operator here."""


def private_chat(chat_id: int) -> str:
    """Return the lane of an update from, and the key of Telegram's limit for, the private chat of a person.

    Erasing a person relies on this form to find what is theirs.
    """
    return f"private:{chat_id}"


def group_chat(chat_id: int | str) -> str:
    """Return the same for a group."""
    return f"group:{chat_id}"


class Priority(IntEnum):
    """Which lane goes first when Telegram's limits make somebody wait. Inside a lane the order is that of writing."""

    URGENT = 0
    CONVERSATION = 1
    MENU = 2
    REMINDER = 3
    BROADCAST = 4


class OnUnknown(StrEnum):
    """What to do when it is not known whether a message was delivered."""

    REPEAT = "repeat"
    """A card, a menu, a notice: better twice than never."""
    ASK = "ask"
    """A human's words: the human decides."""
    DROP = "drop"
    """A decoration such as a reaction: nobody misses it."""


class OutboxState(StrEnum):
    """Where an outgoing message stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class NewOutbox:
    """A Bot API call to make.

    `lane` keeps the order (plain text here; stored as a keyed hash). `chat` is the key of Telegram's limit,
    `private:ID` or `group:ID` (kept encrypted with the call, stored hashed beside it). `params` is plain JSON; a value
    `{"$sent": outbox_id}` is the id that call resulted in, `{"$relay": relay_id}` the id of a relayed message on the
    other side, `{"$thread": case_id}` the forum topic of a case, `{"$desk": key}` the chat id of a desk; they are
    filled in at the moment of sending.
    `about` is plain JSON without words or ids of Telegram, handed back with the outcome. `not_before` delays only this
    call: those behind it in the lane go first until it is due. `person_id` is the person whose data the call carries
    into another chat; erasing the person deletes the call.
    """

    lane: str
    chat: str
    method: str
    params: Mapping[str, Any]
    priority: Priority = Priority.MENU
    not_before: datetime | None = None
    on_unknown: OnUnknown = OnUnknown.REPEAT
    about: Mapping[str, Any] = field(default_factory=dict)
    person_id: int | None = None


@dataclass(frozen=True)
class OutboxRow:
    """A Bot API call as stored."""

    id: int
    position: int
    lane: str
    chat: str
    method: str
    params: Mapping[str, Any]
    priority: Priority
    on_unknown: OnUnknown
    about: Mapping[str, Any]
    state: OutboxState
    attempts: int
    not_before: datetime
    result_id: int | None = None
    error: str | None = None


class Outbox(Protocol):
    """Calls that were decided and are not made yet, in order per lane."""

    async def add(self, new: NewOutbox) -> int:
        """Queue a call at the end of its lane; return its id."""
        ...

    async def add_before(self, row_id: int, new: NewOutbox) -> int:
        """Queue a call in the lane of `row_id`, right before it (after others put before it earlier)."""
        ...

    async def get(self, row_id: int) -> OutboxRow | None:
        """Return a call, or None where it was purged."""
        ...

    async def requeue(self, row_id: int, not_before: datetime | None = None) -> None:
        """Queue a failed or unknown call once more at its old place."""
        ...

    async def cancel(self, row_id: int) -> None:
        """Take a queued or unknown call out; nothing is sent."""
        ...

    async def results_in(self, chat: str, since: datetime) -> Sequence[int]:
        """Return the ids of messages sent into a chat (a key of `private_chat`) since a moment."""
        ...

    async def waiting(self) -> int:
        """Return how many calls are queued."""
        ...


@dataclass(frozen=True)
class Job:
    """Something to do at a time: a reminder, an SLA step, retention, an album that is complete."""

    id: int
    kind: str
    key: str
    due_at: datetime
    payload: Mapping[str, Any]
    attempts: int = 0


class Jobs(Protocol):
    """Due rows; they survive restarts and fire once."""

    async def schedule(
        self,
        kind: str,
        key: str,
        due_at: datetime,
        payload: Mapping[str, Any] | None = None,
        *,
        person_id: int | None = None,
    ) -> None:
        """Plan a job; one with the same kind and key that has not fired yet is moved and replaced.

        `person_id` is the person whose data the job carries; erasing the person deletes it.
        """
        ...

    async def cancel(self, kind: str, key: str) -> None:
        """Take a planned job out, if it is there."""
        ...

    async def planned(self, kind: str, key: str) -> bool:
        """Whether a job is planned that has not fired yet."""
        ...


class Desks(Protocol):
    """Where a desk's forum group is now; Telegram changes the id when a group becomes a supergroup."""

    async def chat_id(self, desk: str) -> int | None:
        """Return the chat id stored for a desk, or None."""
        ...

    async def move(self, desk: str, chat_id: int) -> None:
        """Store the chat id of a desk; in another group its cases have no topics and cards yet."""
        ...

    async def by_chat(self, chat_id: int) -> str | None:
        """Return the desk that lives in a chat, or None."""
        ...


class Settings(Protocol):
    """Small named values that the hotline keeps for itself, as plain JSON (encrypted)."""

    async def get(self, key: str) -> Any:
        """Return a value, or None."""
        ...

    async def put(self, key: str, value: Any) -> None:
        """Store a value; None deletes it."""
        ...


class Transaction(Protocol):
    """All repositories inside one transaction."""

    @property
    def people(self) -> People:
        """Everybody who ever wrote."""
        ...

    @property
    def cases(self) -> Cases:
        """All cases."""
        ...

    @property
    def relays(self) -> Relays:
        """Messages between persons and desks."""
        ...

    @property
    def operators(self) -> Operators:
        """Those who answer."""
        ...

    @property
    def audit(self) -> Audit:
        """Who did what."""
        ...

    @property
    def searches(self) -> Searches:
        """Searches that did not help."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Calls to make."""
        ...

    @property
    def jobs(self) -> Jobs:
        """Things to do at a time."""
        ...

    @property
    def desks(self) -> Desks:
        """Where the desks are."""
        ...

    @property
    def settings(self) -> Settings:
        """Small named values."""
        ...

    def after_commit(self, act: Callable[[], Awaitable[None]]) -> None:
        """Run `act` once this transaction is committed; dropped if it is rolled back. For ephemeral answers only."""
        ...


class Store(Protocol):
    """A database."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction: committed at the end of the block, rolled back on an error."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...


@dataclass(frozen=True)
class DeadLetter:
    """An update that could not be processed after all tries. `error` is the name of the situation, without words."""

    update_id: int
    lane: str
    received_at: datetime
    attempts: int
    error: str


class DeadLetters(Protocol):
    """Updates put aside, for administrators."""

    async def list(self, limit: int = 100) -> Sequence[DeadLetter]:
        """Return dead letters, newest first."""
        ...

    async def retry(self, update_id: int) -> None:
        """Put a dead letter back into the inbox."""
        ...

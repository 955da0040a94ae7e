"""What delivery is given from above: what brings updates, handles them, makes calls and hears the outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, Protocol

from bot.errors import HotlineError
from bot.storage.ports import Job, OutboxRow, Transaction

RawUpdate = Mapping[str, Any]
"""An update as Telegram's JSON, unparsed."""
UNREADABLE: Final = "unreadable"
"""Stands beside the number of an update whose content cannot be read or written; it becomes a dead letter."""


class UpdateFeed(Protocol):
    """Long polling."""

    async def fetch(self, offset: int | None) -> Sequence[RawUpdate]:
        """Return the next updates, waiting for them a while; `offset` confirms all before it.

        Raise `FeedUnavailable`; `retry_after` seconds are waited before the next try.
        """
        ...


class FeedUnavailable(HotlineError):
    """Telegram does not give updates now; the hotline tries again by itself."""

    def __init__(self, text: str, retry_after: float | None = None, *, fatal: bool = False) -> None:
        super().__init__(text)
        self.retry_after = retry_after
        self.fatal = fatal


class UpdateHandler(Protocol):
    """Does what an update asks for, inside the given transaction. Makes no network call."""

    def lane(self, update: RawUpdate) -> str:
        """Return the key of the chat whose order an update belongs to. Never raises."""
        ...

    async def first_aid(self, update: RawUpdate) -> None:
        """Answer danger at once, before the update is stored. Never raises, needs no database."""
        ...

    async def handle(self, tx: Transaction, update: RawUpdate) -> None:
        """Process one update; on an error the transaction is rolled back and the update tried again."""
        ...

    async def bury(self, tx: Transaction, update: RawUpdate, error: str) -> None:
        """Say a kind word to the person and tell the administrators; the update became a dead letter."""
        ...


class Refusal(StrEnum):
    """Why Telegram will not make a call, however often it is tried."""

    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    CHAT_NOT_FOUND = "chat_not_found"
    THREAD_LOST = "thread_lost"
    THREAD_CLOSED = "thread_closed"
    MIGRATED = "migrated"
    NOT_MODIFIED = "not_modified"
    MESSAGE_GONE = "message_gone"
    OTHER = "other"


@dataclass(frozen=True)
class Sent:
    """Telegram said yes. `result_id` is the message id, the first one of an album, or the thread id of a new topic.

    `all_ids` are the message ids of all parts of an album, in order.
    """

    result_id: int | None = None
    all_ids: tuple[int, ...] = ()


class CallFailed(HotlineError):
    """A call to Telegram did not succeed."""


class NotDelivered(CallFailed):
    """Surely not delivered (connection refused, 5xx before Telegram took it); it may be tried again."""


class MaybeDelivered(CallFailed):
    """The connection broke or timed out after the call was sent; nobody knows."""


class TooManyRequests(CallFailed):
    """Telegram asks to wait."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"Telegram asks to wait {retry_after} s.")
        self.retry_after = retry_after


class Refused(CallFailed):
    """Telegram refused the call for good."""

    def __init__(self, reason: Refusal, description: str, *, migrate_to: int | None = None) -> None:
        super().__init__(description)
        self.reason = reason
        self.migrate_to = migrate_to


class Transport(Protocol):
    """Makes Bot API calls."""

    async def call(self, method: str, params: Mapping[str, Any]) -> Sent:
        """Make a call with all references filled in. Raise one of the `CallFailed` errors."""
        ...


class Outcomes(Protocol):
    """Hears what became of each call, inside the transaction that stores it; may queue further calls."""

    async def sent(self, tx: Transaction, row: OutboxRow, sent: Sent) -> None:
        """The call was made."""
        ...

    async def unknown(self, tx: Transaction, row: OutboxRow) -> None:
        """Nobody knows whether it was made, and the policy of the row is to ask."""
        ...

    async def refused(self, tx: Transaction, row: OutboxRow, refused: Refused) -> bool | timedelta:
        """Telegram refused. Return True where the cause was mended (topic recreated, group moved) and the row shall be
        queued again at its place, or how long it waits there; False to mark it failed."""
        ...


class JobHandler(Protocol):
    """Does what a due job asks for, inside the given transaction."""

    async def run(self, tx: Transaction, job: Job) -> None:
        """Do it; on an error the transaction is rolled back and the job tried again with growing pauses."""
        ...

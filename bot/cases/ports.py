"""What cases need from a store, in the words of a hotline. `bot/storage/` fulfils these Protocols."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol

from bot.cases.model import (
    Case,
    Direction,
    NewCase,
    NewRelay,
    Operator,
    Person,
    Relay,
    RelayState,
)


class People(Protocol):
    """Everybody who ever wrote and did not ask to be erased."""

    async def get_or_create(self, chat_id: int, at: datetime) -> Person:
        """Return the person of a private chat, made at `at` if unknown."""
        ...

    async def find(self, chat_id: int) -> Person | None:
        """Return the person of a private chat, or None."""
        ...

    async def get(self, person_id: int) -> Person:
        """Return a person; raise `PersonNotFound` (bot.storage.ports) where erased."""
        ...

    async def save(self, person: Person) -> None:
        """Store all fields of a person that may change."""
        ...

    async def erase(self, person_id: int) -> None:
        """Delete the person with all cases, relays, queued messages, jobs and inbox contents of that person."""
        ...


class Cases(Protocol):
    """All cases that were not purged."""

    async def open(self, new: NewCase) -> Case:
        """Store a new case with the next number."""
        ...

    async def get(self, case_id: int) -> Case:
        """Return a case; raise `CaseNotFound`."""
        ...

    async def by_number(self, number: int) -> Case:
        """Return a case by the number people see; raise `CaseNotFound`."""
        ...

    async def by_thread(self, desk: str, thread_id: int) -> Case | None:
        """Return the newest case whose forum topic this is, or None."""
        ...

    async def of_person(self, person_id: int) -> Sequence[Case]:
        """Return the cases of a person, newest first."""
        ...

    async def active_of_person(self, person_id: int) -> Sequence[Case]:
        """Return the cases of a person that are not closed, newest first."""
        ...

    async def queue(self, desk: str | None = None) -> Sequence[Case]:
        """Return waiting cases: urgent first, then by time of opening."""
        ...

    async def take(self, case_id: int, operator_id: int, at: datetime) -> Case:
        """Give a waiting case to one operator in one statement.

        Raise `CaseAlreadyTaken` for everybody but the first, `CaseIsClosed`, `CaseNotFound`.
        """
        ...

    async def save(self, case: Case) -> None:
        """Store the fields of a case that may change (not the number, person, time of opening)."""
        ...

    async def purge_closed(self, before: datetime, limit: int = 100) -> Sequence[Case]:
        """Delete up to `limit` cases closed before `before`, with their relays; return what they were."""
        ...


class Relays(Protocol):
    """Messages that went or go between a person and a desk."""

    async def add(self, new: NewRelay) -> Relay:
        """Store a message; the same source message of the same direction is stored once and returned again."""
        ...

    async def get(self, relay_id: int) -> Relay:
        """Return a relayed message; raise `RelayNotFound` (bot.storage.ports)."""
        ...

    async def by_source(self, direction: Direction, chat: int, message: int) -> Relay | None:
        """Return the message that was written as `message` in `chat`."""
        ...

    async def by_target(self, direction: Direction, chat: int, message: int) -> Relay | None:
        """Return the message that was delivered as `message` into `chat`."""
        ...

    async def of_album(self, case_id: int, album: str) -> Sequence[Relay]:
        """Return the parts of an album in the order they were written."""
        ...

    async def of_case(self, case_id: int, limit: int = 50) -> Sequence[Relay]:
        """Return the last `limit` messages of a case, oldest first."""
        ...

    async def revise(self, relay_id: int, parcel: dict[str, Any]) -> Relay:
        """Store the changed words of a message and return it."""
        ...

    async def settle(
        self,
        relay_id: int,
        state: RelayState,
        *,
        outbox_id: int | None = None,
        target_chat: int | None = None,
        target_message: int | None = None,
    ) -> None:
        """Store what is known about the delivery; None leaves a field as it is."""
        ...


class Operators(Protocol):
    """Those who answer."""

    async def get_or_create(self, user_id: int, name: str, at: datetime) -> Operator:
        """Return the operator of a Telegram user, made or renamed as needed."""
        ...

    async def get(self, operator_id: int) -> Operator:
        """Return an operator; raise `OperatorNotFound` (bot.storage.ports)."""
        ...

    async def save(self, operator: Operator) -> None:
        """Store name and locale."""
        ...


class Audit(Protocol):
    """Who opened, took, closed or erased what, and when; no words, no names."""

    async def record(self, at: datetime, actor: str, action: str, case_id: int | None = None, detail: str = "") -> None:
        """Add a row; `actor` is like `operator:7` or `system`, `detail` is a short fixed word."""
        ...

    async def rows(self, case_id: int | None = None, limit: int = 100) -> Sequence[dict[str, Any]]:
        """Return the newest rows first."""
        ...


class Searches(Protocol):
    """Searches that found nothing or did not help, without names; for editors."""

    async def add(self, text: str, locale: str, outcome: str, on: date, articles: Sequence[str] = ()) -> None:
        """Keep an anonymised search; `outcome` is `nothing`, `likely` or `not_helped`."""
        ...

    async def since(self, on: date) -> Sequence[dict[str, Any]]:
        """Return searches kept since a day: text, locale, outcome, on, articles."""
        ...

    async def purge(self, before: date) -> int:
        """Delete searches older than a day; return how many."""
        ...

"""Rows of the outbox: which lane, which limit, how pressing, and what to do where nobody knows."""

from __future__ import annotations

from typing import Any, Final

from bot.cases.model import Case, Person
from bot.storage.ports import NewOutbox, OnUnknown, Priority, Transaction, group_chat, private_chat

ADMINS: Final = "@admins"
EDITORS: Final = "@editors"
"""Under these names the store knows where the administrators' and the editors' chats are, as it knows it of desks: a
group that becomes a supergroup is followed. No desk of the settings can be called so."""


def person_lane(chat_id: int) -> str:
    """Return the lane of everything that goes to a person."""
    return f"p:{chat_id}"


def case_lane(case_id: int) -> str:
    """Return the lane of everything that goes into a case's topic."""
    return f"c:{case_id}"


class Outgoing:
    """Queues calls to persons and desks in one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def to_topic(
        self,
        case: Case,
        method: str,
        params: dict[str, Any],
        about: dict[str, Any],
        *,
        priority: Priority = Priority.MENU,
        on_unknown: OnUnknown = OnUnknown.REPEAT,
    ) -> int:
        """Queue a call into the topic of a case; return its number."""
        params = {**params, "message_thread_id": {"$thread": case.id}}
        return await self.to_desk_of(case, method, params, about, priority=priority, on_unknown=on_unknown)

    async def to_desk_of(
        self,
        case: Case,
        method: str,
        params: dict[str, Any],
        about: dict[str, Any],
        *,
        priority: Priority = Priority.MENU,
        on_unknown: OnUnknown = OnUnknown.REPEAT,
    ) -> int:
        """Queue a call into the group of a case's desk; return its number."""
        if case.severity.rank == 0:
            priority = Priority.URGENT
        return await self._tx.outbox.add(
            NewOutbox(
                lane=case_lane(case.id),
                chat=group_chat(case.desk),
                method=method,
                params={"chat_id": {"$desk": case.desk}, **params},
                priority=min(priority, Priority.CONVERSATION),
                on_unknown=on_unknown,
                about=about,
                person_id=None if method == "deleteForumTopic" else case.person_id,
            )
        )

    async def to_person(
        self,
        person: Person,
        method: str,
        params: dict[str, Any],
        about: dict[str, Any],
        *,
        on_unknown: OnUnknown = OnUnknown.ASK,
    ) -> int:
        """Queue a call into the chat of a person; return its number."""
        return await self._tx.outbox.add(
            NewOutbox(
                lane=person_lane(person.chat_id),
                chat=private_chat(person.chat_id),
                method=method,
                params={"chat_id": person.chat_id, **params},
                priority=Priority.CONVERSATION,
                on_unknown=on_unknown,
                about=about,
            )
        )

"""A small Telegram in memory, and a hotline on it that relays every message into its case and answers."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.cases.model import Direction, NewCase, NewRelay, RelayState
from bot.clock import SystemClock
from bot.delivery.ports import RawUpdate, Refused, Sent
from bot.languages.locales import Locale
from bot.storage.ports import Job, NewOutbox, OnUnknown, OutboxRow, Priority, Transaction, private_chat

DESK = "group:desk"


def message(update_id: int, chat: int, text: str) -> dict[str, Any]:
    """Return an update with a message, as Telegram sends it."""
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": 1_790_000_000,
            "chat": {"id": chat, "type": "private", "first_name": "Aibek"},
            "from": {"id": chat, "is_bot": False, "first_name": "Aibek", "language_code": "ky"},
            "text": text,
        },
    }


class FakeFeed:
    """Updates by long polling: they are given again until a later offset confirms them."""

    def __init__(self, wait: float = 0.02) -> None:
        self.updates: list[RawUpdate] = []
        self.offsets: list[int | None] = []
        self.trouble: list[Exception] = []
        self._wait = wait

    def write(self, *updates: RawUpdate) -> None:
        """Somebody writes."""
        self.updates.extend(updates)

    async def fetch(self, offset: int | None) -> Sequence[RawUpdate]:
        """Return what is not confirmed."""
        self.offsets.append(offset)
        if self.trouble:
            raise self.trouble.pop(0)
        if offset is not None:
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
        if not self.updates:
            await asyncio.sleep(self._wait)
        return self.updates[:100]


Answer = Sent | Exception | Callable[[Mapping[str, Any]], Awaitable[Sent]]


class FakeTransport:
    """Takes calls; `answers` are given first, by method or by text, then everything succeeds."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, list[Answer]] = {}
        self.arrived = asyncio.Event()
        self._ids = itertools.count(1001)

    def will(self, key: str, *answers: Answer) -> None:
        """Answer the next calls of a method, or with a text, this way."""
        self.answers.setdefault(key, []).extend(answers)

    async def call(self, method: str, params: Mapping[str, Any]) -> Sent:
        """Make a call."""
        self.calls.append((method, dict(params)))
        self.arrived.set()
        for key in (str(params.get("text")), method):
            if self.answers.get(key):
                answer = self.answers[key].pop(0)
                if isinstance(answer, Exception):
                    raise answer
                return answer if isinstance(answer, Sent) else await answer(params)
        return Sent(next(self._ids))

    def texts(self) -> list[str]:
        """Return the texts of all calls, in the order of sending."""
        return [params["text"] for _, params in self.calls if "text" in params]


class FakeOutcomes:
    """Remembers what it heard, and keeps the relay true."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.mend: Callable[[Transaction, OutboxRow, Refused], Awaitable[bool]] | None = None
        self.fail_times = 0

    async def sent(self, tx: Transaction, row: OutboxRow, sent: Sent) -> None:
        """The call was made."""
        if self.fail_times:
            self.fail_times -= 1
            raise RuntimeError("a fault of the listener")
        self.heard.append(("sent", str(row.params.get("text"))))
        if "relay" in row.about:
            await tx.relays.settle(
                row.about["relay"], RelayState.DELIVERED, target_chat=-100, target_message=sent.result_id
            )

    async def unknown(self, tx: Transaction, row: OutboxRow) -> None:
        """Nobody knows."""
        self.heard.append(("unknown", str(row.params.get("text"))))
        if "relay" in row.about:
            await tx.relays.settle(row.about["relay"], RelayState.UNKNOWN)

    async def refused(self, tx: Transaction, row: OutboxRow, refused: Refused) -> bool:
        """Telegram refused."""
        self.heard.append((refused.reason.value, str(row.params.get("text"))))
        return await self.mend(tx, row, refused) if self.mend else False


class FakeJobs:
    """Remembers which jobs it did."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str]] = []
        self.fail_times = 0

    async def run(self, tx: Transaction, job: Job) -> None:
        """Do it."""
        await tx.settings.put(f"job-{job.key}", job.payload)
        if self.fail_times:
            self.fail_times -= 1
            raise RuntimeError("a fault of the job")
        self.done.append((job.kind, job.key))


class RelayHandler:
    """Every message goes into the case of its person and on to the desk; `trouble` says what goes wrong with a text."""

    def __init__(self, on_unknown: OnUnknown = OnUnknown.REPEAT) -> None:
        self.trouble: dict[str, Callable[[], Awaitable[None]]] = {}
        self.handled: list[str] = []
        self.tried: list[str] = []
        self.aided: list[int] = []
        self.buried: list[tuple[str, str]] = []
        self._on_unknown = on_unknown
        self._clock = SystemClock()

    def lane(self, update: RawUpdate) -> str:
        """Return the private chat."""
        return private_chat(update["message"]["chat"]["id"])

    async def first_aid(self, update: RawUpdate) -> None:
        """Note it."""
        self.aided.append(update["update_id"])

    async def handle(self, tx: Transaction, update: RawUpdate) -> None:
        """Relay it."""
        note = update["message"]
        self.tried.append(note["text"])
        if note["text"] in self.trouble:
            await self.trouble[note["text"]]()
        now = self._clock.now()
        person = await tx.people.get_or_create(note["chat"]["id"], now)
        active = await tx.cases.active_of_person(person.id)
        case = active[0] if active else await tx.cases.open(NewCase(person.id, "main", Locale.KY, now))
        written_at = datetime.fromtimestamp(note["date"], UTC)
        relay = await tx.relays.add(
            NewRelay(
                case.id,
                Direction.TO_DESK,
                person.chat_id,
                note["message_id"],
                written_at,
                {"kind": "text", "text": note["text"]},
            )
        )
        call = await tx.outbox.add(
            NewOutbox(
                f"case:{case.id}",
                DESK,
                "sendMessage",
                {"chat_id": -100, "text": note["text"]},
                Priority.CONVERSATION,
                on_unknown=self._on_unknown,
                about={"relay": relay.id},
                person_id=person.id,
            )
        )
        await tx.relays.settle(relay.id, RelayState.QUEUED, outbox_id=call)
        self.handled.append(note["text"])

    async def bury(self, tx: Transaction, update: RawUpdate, error: str) -> None:
        """Say a kind word."""
        note = update["message"]
        self.buried.append((note["text"], error))
        chat = private_chat(note["chat"]["id"])
        await tx.outbox.add(NewOutbox(chat, chat, "sendMessage", {"text": f"sorry for {note['text']}"}))


async def until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - a test looks from outside
            await asyncio.sleep(0.01)

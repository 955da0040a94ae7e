"""The program under test: the real store and the real delivery, with the smallest possible hotline on top.

`python -m tests.delivery.crash.bot DATABASE_URL KEY SOCKET` works until it is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.cases.model import Direction, NewCase, NewRelay, RelayState
from bot.clock import SystemChance, SystemClock
from bot.delivery.limiter import Limits
from bot.delivery.ports import FeedUnavailable, MaybeDelivered, NotDelivered, RawUpdate, Refused, Sent
from bot.delivery.runner import Delivery, DeliverySettings
from bot.delivery.sender import SenderSettings
from bot.languages.locales import Locale
from bot.storage.crypto import Keys
from bot.storage.ports import Job, NewOutbox, OnUnknown, OutboxRow, Priority, Transaction, group_chat, private_chat
from bot.storage.store import open_store
from tests.delivery.crash.telegram import DESK

CLOCK = SystemClock()


class Wire:
    """One connection to the small Telegram; reconnects by itself."""

    def __init__(self, socket: str) -> None:
        self._socket = socket
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, method: str, **more: Any) -> Any:
        """Send a request; raise `ConnectionError` before, `EOFError` after it may have arrived."""
        pair = self._idle.pop() if self._idle else await asyncio.open_unix_connection(self._socket, limit=1 << 22)
        reader, writer = pair
        writer.write(json.dumps({"method": method, **more}).encode() + b"\n")
        line = await reader.readline()
        if not line:
            raise EOFError
        self._idle.append(pair)
        return json.loads(line)


class Feed:
    """Updates of the small Telegram."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def fetch(self, offset: int | None) -> Sequence[RawUpdate]:
        """Fetch."""
        try:
            updates: list[RawUpdate] = await self._wire.ask("getUpdates", offset=offset)
        except (OSError, EOFError) as error:
            raise FeedUnavailable("away") from error
        return updates


class Transport:
    """Calls to the small Telegram."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def call(self, method: str, params: Mapping[str, Any]) -> Sent:
        """Call."""
        try:
            return Sent(await self._wire.ask(method, params=params))
        except EOFError as error:
            raise MaybeDelivered("cut") from error
        except OSError as error:
            raise NotDelivered("away") from error


class SmallHotline:
    """People's messages go to the desk, operators' answers to the person, unknown answers are asked about."""

    def lane(self, update: RawUpdate) -> str:
        """Return the chat."""
        return private_chat(update["chat"]) if update["kind"] == "person" else group_chat(DESK)

    async def first_aid(self, update: RawUpdate) -> None:
        """Nobody is in danger here."""

    async def handle(self, tx: Transaction, update: RawUpdate) -> None:
        """Relay a message, or send an answer again."""
        now = CLOCK.now()
        if update["kind"] == "again":
            relay = await tx.relays.get(update["relay"])
            if relay.state is RelayState.UNKNOWN and relay.outbox_id is not None:
                await tx.relays.settle(relay.id, RelayState.QUEUED)
                await tx.outbox.requeue(relay.outbox_id)
            return
        person = await tx.people.get_or_create(update["chat"], now)
        active = await tx.cases.active_of_person(person.id)
        case = active[0] if active else await tx.cases.open(NewCase(person.id, "main", Locale.RU, now))
        to_desk = update["kind"] == "person"
        direction = Direction.TO_DESK if to_desk else Direction.TO_PERSON
        source = update["chat"] if to_desk else DESK
        new = NewRelay(case.id, direction, source, update["message_id"], now, {"text": update["text"]})
        relay = await tx.relays.add(new)
        target = DESK if to_desk else update["chat"]
        call = await tx.outbox.add(
            NewOutbox(
                f"case:{case.id}" if to_desk else private_chat(update["chat"]),
                group_chat(DESK) if to_desk else private_chat(update["chat"]),
                "sendMessage",
                {"chat_id": target, "text": update["text"]},
                Priority.CONVERSATION,
                on_unknown=OnUnknown.REPEAT if to_desk else OnUnknown.ASK,
                about={"relay": relay.id, "to": "desk" if to_desk else "person"},
            )
        )
        await tx.relays.settle(relay.id, RelayState.QUEUED, outbox_id=call)

    async def bury(self, tx: Transaction, update: RawUpdate, error: str) -> None:
        """The test looks for dead letters."""

    async def sent(self, tx: Transaction, row: OutboxRow, sent: Sent) -> None:
        """Mark it delivered."""
        if "relay" in row.about:
            chat = row.params["chat_id"]
            await tx.relays.settle(
                row.about["relay"], RelayState.DELIVERED, target_chat=chat, target_message=sent.result_id
            )

    async def unknown(self, tx: Transaction, row: OutboxRow) -> None:
        """Ask the operator."""
        relay = row.about["relay"]
        await tx.relays.settle(relay, RelayState.UNKNOWN)
        params = {"chat_id": DESK, "text": f"unknown {relay}"}
        await tx.outbox.add(NewOutbox("notices", group_chat(DESK), "sendMessage", params, Priority.CONVERSATION))

    async def refused(self, tx: Transaction, row: OutboxRow, refused: Refused) -> bool:
        """It never refuses."""
        return False

    async def run(self, tx: Transaction, job: Job) -> None:
        """There are no jobs."""


async def main(url: str, key: str, socket: str) -> None:
    """Work until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    store = await open_store(url, Keys([key]), CLOCK)
    wire, hotline = Wire(socket), SmallHotline()
    delivery = Delivery(
        store,
        handler=hotline,
        transport=Transport(wire),
        outcomes=hotline,
        jobs=hotline,
        clock=CLOCK,
        chance=SystemChance(),
        feed=Feed(wire),
        settings=DeliverySettings(sender=SenderSettings(limits=replace(Limits.none(), group_at_once=1))),
    )
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await delivery.run(stop)
    await store.close()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(*sys.argv[1:]))

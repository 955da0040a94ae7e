"""The updates that wait for the bot: long polling with confirmation by offset, and the hand-over to a webhook."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from bot.sandbox.faults import Faults
from bot.sandbox.refusals import Refused

Json = dict[str, Any]

ASKED_FOR = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that come only when `allowed_updates` names them."""

KEPT = 100_000
"""How many undelivered updates are kept."""


class Updates:
    """Updates of one bot in the order they happened. An update stays until the bot has confirmed it."""

    def __init__(self, faults: Faults, first: int = 700_000_001) -> None:
        self.faults = faults
        self.pending: OrderedDict[int, Json] = OrderedDict()
        self.allowed: frozenset[str] | None = None
        self.on_push: Callable[[Json], None] | None = None
        """Takes every new update instead of the poller while a webhook is set."""
        self.pushed = 0
        self.polled = asyncio.Event()
        """Set since the bot first asked for updates by polling."""
        self._next = first
        self._repeats: list[Json] = []
        self._poller: asyncio.Future[bool] | None = None

    def wants(self, kind: str) -> bool:
        """Tell whether the bot asked for updates of this kind."""
        return kind not in ASKED_FOR if not self.allowed else kind in self.allowed

    def push(self, kind: str, payload: Json) -> int | None:
        """Queue an update and return its id, None when the bot does not want its kind."""
        if not self.wants(kind):
            return None
        return self.push_raw({kind: payload})

    def push_raw(self, update: Json) -> int:
        """Queue a ready update under a new id."""
        number = self._next
        self._next += 1
        self.pushed += 1
        update = {"update_id": number, **{key: value for key, value in update.items() if key != "update_id"}}
        self.pending[number] = update
        if len(self.pending) > KEPT:
            self.pending.popitem(last=False)
        if self.on_push is not None:
            self.on_push(update)
        elif self._poller is not None and not self._poller.done():
            self._poller.set_result(True)
        return number

    def allow(self, kinds: list[str] | None) -> None:
        """Remember `allowed_updates`; None leaves it as it was, an empty list means the usual kinds."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def confirm(self, offset: int) -> None:
        """Forget what the bot has: everything below a positive offset, all but the last ones for a negative."""
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popitem(last=False)
            return
        while self.pending and next(iter(self.pending)) < offset:
            _, update = self.pending.popitem(last=False)
            if self.faults.active and self.faults.hit("repeat_update"):
                self._repeats.append(update)

    def drop_all(self) -> None:
        """Forget everything that waits."""
        self.pending.clear()
        self._repeats.clear()

    async def poll(self, p: Json) -> list[Json]:
        """Answer getUpdates. Raises Refused (409) in the older of two calls at the same time."""
        self.polled.set()
        self.allow(p.get("allowed_updates"))
        self.confirm(p.get("offset", 0))
        self.interrupt()
        timeout = min(p.get("timeout", 0), 50)
        if not self.pending and not self._repeats and timeout > 0:
            await self._wait(timeout)
        batch = self._repeats
        self._repeats = []
        limit = min(max(p.get("limit", 100), 1), 100)
        for update in self.pending.values():
            if len(batch) >= limit:
                break
            batch.append(update)
        if len(batch) > 1 and self.faults.hit("shuffle_updates"):
            self.faults.random.shuffle(batch)
        return batch

    def interrupt(self) -> None:
        """End the poll that waits, as Telegram does when a second one comes."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(
                Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            )

    def stop(self) -> None:
        """Let the waiting poll return empty."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(False)

    async def _wait(self, seconds: float) -> None:
        poller: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._poller = poller
        done, _ = await asyncio.wait({poller}, timeout=seconds)
        if not done:
            poller.cancel()
        else:
            poller.result()

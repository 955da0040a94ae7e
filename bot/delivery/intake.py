"""Storing updates, whichever way they come: nothing is acknowledged before it is on the disk."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import structlog

from bot.delivery.meters import Meter, NoMeter
from bot.delivery.ports import UNREADABLE, RawUpdate, UpdateHandler
from bot.storage.inbox import Arrived
from bot.storage.store import SqlStore

_LOG: Final = structlog.get_logger(__name__)
_REMEMBERED: Final = 20_000
_FIRST_AID_SECONDS: Final = 20.0
_LARGEST_ID: Final = 2**62


class Intake:
    """Takes updates from polling or a webhook."""

    def __init__(self, store: SqlStore, handler: UpdateHandler, meter: Meter | None = None) -> None:
        self._store = store
        self._handler = handler
        self._meter = meter or NoMeter()
        self._aided: OrderedDict[int, None] = OrderedDict()
        self._aid: set[asyncio.Task[None]] = set()

    async def store_updates(self, updates: Sequence[RawUpdate]) -> None:
        """Answer danger, then store all updates; those seen before are dropped.

        Returns once they are on the disk: only then may they be acknowledged. Raise `DatabaseUnavailable`.
        """
        if not updates:
            return
        self.aid(updates)
        await asyncio.sleep(0)  # the first aid is on its way before anything waits for the database
        arrived = [Arrived(id_of(update), self._lane(update), update) for update in updates]
        try:
            await self._keep(arrived)
        except RecursionError:  # nested deeper than can be written: that one is kept by its number, the others whole
            await self._keep([replace(each, update=_within_reach(each.update_id, each.update)) for each in arrived])
        self._meter.count("updates_stored", len(arrived))

    async def _keep(self, arrived: Sequence[Arrived]) -> None:
        async with self._store.transaction() as tx:
            await tx.inbox.store(arrived)

    def aid(self, updates: Sequence[RawUpdate]) -> None:
        """Answer danger in updates, each once however often it is brought; returns at once, needs no database."""
        for update in updates:
            self._first_aid(id_of(update), update)

    async def finish(self) -> None:
        """Wait for the first aid under way."""
        if self._aid:
            await asyncio.wait(self._aid, timeout=_FIRST_AID_SECONDS)

    def _lane(self, update: RawUpdate) -> str:
        try:
            return self._handler.lane(update)
        except Exception as error:
            _LOG.error("lane_unknown", error=type(error).__name__)
            return "unknown"

    def _first_aid(self, update_id: int, update: RawUpdate) -> None:
        if update_id in self._aided:  # fetched again because it could not be stored
            return
        self._aided[update_id] = None
        if len(self._aided) > _REMEMBERED:
            self._aided.popitem(last=False)
        task = asyncio.get_running_loop().create_task(self._give(update))
        self._aid.add(task)
        task.add_done_callback(self._aid.discard)

    async def _give(self, update: RawUpdate) -> None:
        try:
            async with asyncio.timeout(_FIRST_AID_SECONDS):
                await self._handler.first_aid(update)
        except Exception as error:
            _LOG.error("first_aid_failed", error=type(error).__name__)
            self._meter.count("first_aid_failed")


def _within_reach(update_id: int, update: RawUpdate) -> RawUpdate:
    try:
        json.dumps(update)
    except RecursionError:
        _LOG.error("update_unreadable", reason="nested too deep")
        return {"update_id": update_id, UNREADABLE: True}
    return update


def id_of(update: RawUpdate) -> int:
    """Return the id of an update; one without a usable id gets a negative one made of its content."""
    number = update.get("update_id")
    if type(number) is int and 0 <= number < _LARGEST_ID:
        return number
    content = json.dumps(update, sort_keys=True, default=str).encode("utf-8", "surrogatepass")
    return -1 - int.from_bytes(hashlib.sha256(content).digest()[:7], "big")

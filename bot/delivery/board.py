"""Which call goes next. Pure: it knows only numbers, and every moment comes in as a parameter (in seconds).

Inside a lane the order is that of writing; between lanes the more pressing goes first, as far as Telegram's limits of
the chats allow. A lane is as pressing as the most pressing call in it, since that one cannot overtake.
"""

from __future__ import annotations

import heapq
from bisect import insort
from collections import Counter
from itertools import count
from typing import Final

from bot.delivery.limiter import Limiter
from bot.storage.outbox import Slot

_MICRO: Final = 1e-6


class _Lane:
    __slots__ = ("busy_with", "pressing", "slots", "version")

    def __init__(self) -> None:
        self.slots: list[Slot] = []
        self.busy_with: bytes | None = None
        self.version = 0
        self.pressing = [0] * 8

    def head(self, now: float) -> tuple[Slot | None, float]:
        """Return the call whose turn it is with the moment from which it may go, or when to look again.

        A call that was planned for later and never tried holds up nobody; one that was tried keeps its place.
        """
        soonest = float("inf")
        for slot in self.slots:
            due = slot.not_before * _MICRO
            if due <= now or slot.attempts > 0:
                return slot, min(due, soonest)
            soonest = min(soonest, due)
        return None, soonest


class _Chat:
    __slots__ = ("lanes", "version", "waits_until")

    def __init__(self) -> None:
        self.lanes: list[tuple[int, int, int, bytes]] = []
        self.version = 0
        self.waits_until = 0.0


def _order(slot: Slot) -> tuple[int, int]:
    return slot.position, slot.id


class Board:
    """All calls that wait to be made."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter
        self._lanes: dict[bytes, _Lane] = {}
        self._chats: dict[bytes, _Chat] = {}
        self._lane_of: dict[int, bytes] = {}
        self._fronts: list[tuple[int, int, int, bytes]] = []
        self._waiting_chats: list[tuple[float, bytes]] = []
        self._waiting_lanes: list[tuple[float, int, bytes]] = []
        self._overall_at = 0.0
        self._versions = count(1)
        self._flying: Counter[bytes] = Counter()

    def __len__(self) -> int:
        return len(self._lane_of)

    def __contains__(self, row_id: int) -> bool:
        return row_id in self._lane_of

    def put(self, slot: Slot, now: float) -> None:
        """Add a call, or bring a known one up to date."""
        self._forget(slot.id)
        lane = self._lanes.get(slot.lane)
        if lane is None:
            lane = self._lanes[slot.lane] = _Lane()
        if not lane.slots or _order(lane.slots[-1]) < _order(slot):
            lane.slots.append(slot)
        else:
            insort(lane.slots, slot, key=_order)
        lane.pressing[slot.priority] += 1
        self._lane_of[slot.id] = slot.lane
        self._refresh(slot.lane, lane, now)

    def remove(self, row_id: int, now: float) -> None:
        """Take a call out, if it is there."""
        key = self._lane_of.get(row_id)
        if key is None:
            return
        self._forget(row_id)
        lane = self._lanes[key]
        self._refresh(key, lane, now)

    def release(self, lane_key: bytes, now: float) -> None:
        """The call of a lane that was picked is settled; the lane goes on."""
        lane = self._lanes.get(lane_key)
        if lane is None or lane.busy_with is None:
            return
        chat_key, lane.busy_with = lane.busy_with, None
        self._flying[chat_key] -= 1
        if not self._flying[chat_key]:
            del self._flying[chat_key]
        self._refresh(lane_key, lane, now)
        chat = self._chats.get(chat_key)
        if chat is not None:
            self._show(chat_key, chat)

    def pick(self, now: float) -> Slot | None:
        """Return the call to make now, or None; its lane then waits for `release`."""
        self._wake(now)
        self._overall_at = self._limiter.overall_ready_at(now)
        if self._overall_at > now:
            return None
        while self._fronts:
            _, _, version, chat_key = heapq.heappop(self._fronts)
            chat = self._chats.get(chat_key)
            if chat is None or chat.version != version:
                continue
            lane_key = self._top(chat)
            if lane_key is None:
                self._chats.pop(chat_key, None)
                continue
            if self._flying[chat_key] >= self._limiter.at_once(chat_key):
                continue  # `release` brings it back
            ready = self._limiter.chat_ready_at(chat_key, chat.lanes[0][0], now)
            if ready > now:
                chat.waits_until = ready
                heapq.heappush(self._waiting_chats, (ready, chat_key))
                continue
            lane = self._lanes[lane_key]
            slot, due = lane.head(now)
            heapq.heappop(chat.lanes)
            lane.version = next(self._versions)
            self._show(chat_key, chat)
            if slot is None or due > now:  # the clock was put back
                self._refresh(lane_key, lane, now)
                continue
            lane.busy_with = chat_key
            self._flying[chat_key] += 1
            self._limiter.take(chat_key, now)
            return slot
        return None

    def next_time(self, now: float) -> float | None:
        """Return when the next `pick` may find something, or None where nothing waits for time to pass."""
        moments = [heap[0][0] for heap in (self._waiting_chats, self._waiting_lanes) if heap]
        if self._fronts:
            moments.append(max(now, self._overall_at))
        return min(moments) if moments else None

    def _wake(self, now: float) -> None:
        while self._waiting_lanes and self._waiting_lanes[0][0] <= now:
            _, version, key = heapq.heappop(self._waiting_lanes)
            lane = self._lanes.get(key)
            if lane is not None and lane.version == version:
                self._refresh(key, lane, now)
        while self._waiting_chats and self._waiting_chats[0][0] <= now:
            moment, key = heapq.heappop(self._waiting_chats)
            chat = self._chats.get(key)
            if chat is not None and chat.waits_until == moment:
                self._show(key, chat)

    def _refresh(self, key: bytes, lane: _Lane, now: float) -> None:
        """Put a lane where it belongs now: among the ready ones of a chat, among the waiting ones, or nowhere."""
        lane.version = next(self._versions)
        if lane.busy_with is not None:
            return
        if not lane.slots:
            del self._lanes[key]
            return
        slot, due = lane.head(now)
        if slot is None or due > now:
            heapq.heappush(self._waiting_lanes, (due, lane.version, key))
            return
        chat = self._chats.get(slot.chat)
        if chat is None:
            chat = self._chats[slot.chat] = _Chat()
        pressing = next((level for level, calls in enumerate(lane.pressing) if calls), 0)
        heapq.heappush(chat.lanes, (pressing, slot.id, lane.version, key))
        self._show(slot.chat, chat)

    def _show(self, key: bytes, chat: _Chat) -> None:
        """Put the best lane of a chat among those that `pick` looks at."""
        chat.version = next(self._versions)
        if self._top(chat) is None:
            self._chats.pop(key, None)
            return
        pressing, row_id, _, _ = chat.lanes[0]
        heapq.heappush(self._fronts, (pressing, row_id, chat.version, key))

    def _top(self, chat: _Chat) -> bytes | None:
        """Return the best ready lane of a chat, dropping entries that are out of date."""
        while chat.lanes:
            _, _, version, key = chat.lanes[0]
            lane = self._lanes.get(key)
            if lane is not None and lane.version == version and lane.busy_with is None:
                return key
            heapq.heappop(chat.lanes)
        return None

    def _forget(self, row_id: int) -> None:
        key = self._lane_of.pop(row_id, None)
        if key is None:
            return
        lane = self._lanes[key]
        for index, slot in enumerate(lane.slots):
            if slot.id == row_id:
                lane.pressing[slot.priority] -= 1
                del lane.slots[index]
                return

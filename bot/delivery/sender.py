"""The only code that sends: one call at a time per lane, many lanes side by side, within Telegram's limits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from bot.clock import Chance, Clock
from bot.delivery.board import Board
from bot.delivery.limiter import Limiter, Limits
from bot.delivery.meters import Meter, NoMeter
from bot.delivery.outcomes import Outcome, Settling, found_sending
from bot.delivery.pauses import Growth, wait_for, wait_for_any
from bot.delivery.ports import (
    CallFailed,
    MaybeDelivered,
    NotDelivered,
    Outcomes,
    Refusal,
    Refused,
    Sent,
    TooManyRequests,
    Transport,
)
from bot.delivery.references import ReferenceNotYetKnown, fill
from bot.storage.errors import DatabaseUnavailable
from bot.storage.outbox import Call, Slot
from bot.storage.ports import OnUnknown
from bot.storage.session import Changes, Leadership
from bot.storage.store import SqlStore
from bot.storage.transaction import SqlTransaction

_LOG: Final = structlog.get_logger(__name__)
_STORE_PAUSES: Final = Growth(first=0.2, longest=10.0)
_EVERYTHING: Final = 0  # an id that no call has
_OUTAGE: Final = 5  # so many calls in a row not delivered: it is Telegram or the network, not the calls
_OUTAGE_PAUSES: Final = Growth(first=0.5, longest=30.0)
_REFERENCE_PAUSE: Final = 1.0


@dataclass(frozen=True)
class SenderSettings:
    """How calls are made. Times are in seconds.

    At most `concurrency` calls at once, each given up as unknown after `call_timeout`. Calls surely not delivered are
    tried again with `pauses`; one that fails `give_up_after` times while others succeed is given up. A call that refers
    to another one waits at most `reference_wait` for it. `look_again` is how often the outbox is read as a whole.
    """

    limits: Limits = field(default_factory=Limits)
    concurrency: int = 50
    call_timeout: float = 90.0
    pauses: Growth = field(default_factory=lambda: Growth(first=1.0, longest=60.0))
    give_up_after: int = 30
    reference_wait: float = 600.0
    look_again: float = 60.0


class Sender:
    """Makes the calls of the outbox. Only one works on a database at a time."""

    def __init__(
        self,
        store: SqlStore,
        transport: Transport,
        outcomes: Outcomes,
        clock: Clock,
        chance: Chance,
        meter: Meter | None = None,
        settings: SenderSettings | None = None,
    ) -> None:
        self._store = store
        self._transport = transport
        self._clock = clock
        self._meter = meter or NoMeter()
        self._settings = settings or SenderSettings()
        self._chance = chance
        self._limiter = Limiter(self._settings.limits)
        self._settling = Settling(
            outcomes, clock, chance, self._meter, self._settings.pauses, self._settings.give_up_after
        )
        self._board = Board(self._limiter)
        self._changed: set[int] = set()
        self._done: list[Outcome] = []
        self._calls: dict[int, asyncio.Task[None] | None] = {}
        self._deferred: dict[int, tuple[Slot, float]] = {}
        self._failures_in_a_row = 0
        self._outage_tries = 0
        self._outage_until = 0.0
        self._wake = asyncio.Event()
        store.listen(self._heard)

    async def run(self, stop: asyncio.Event, finish_within: float = 8.0) -> None:
        """Work until `stop` is set, then finish the calls under way within `finish_within` seconds."""
        while not stop.is_set():
            try:
                leadership = await self._store.lead("sender")
            except DatabaseUnavailable as error:
                _LOG.warning("outbox_waits", error=type(error).__name__, advice=str(error))
                leadership = None
            if leadership is not None:
                try:
                    await self._lead(leadership, stop, finish_within)
                finally:
                    await leadership.release()
            await wait_for(stop, 1.0)

    async def _lead(self, leadership: Leadership, stop: asyncio.Event, finish_within: float) -> None:
        await self._persist(self._begin, stop)
        while not stop.is_set() and not leadership.lost():
            await self._persist(self._turn, stop)
            await wait_for_any((self._wake, stop), self._pause())
        await self._finish(finish_within)

    def _heard(self, changes: Changes) -> None:
        if changes.outbox:
            self._changed |= changes.outbox
            self._wake.set()

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _pause(self) -> float:
        if len(self._calls) >= self._room():
            return self._settings.look_again
        now = self._now()
        moment = self._board.next_time(now)
        return self._settings.look_again if moment is None else min(self._settings.look_again, max(0.0, moment - now))

    async def _persist(self, step: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
        """Do a step; wait and do it again while the database is not there. Nothing is sent meanwhile."""
        failures = 0
        while True:
            try:
                await step()
                return
            except DatabaseUnavailable as error:
                failures += 1
                if failures in (1, 10) or failures % 100 == 0:
                    _LOG.warning("outbox_waits", error=type(error).__name__, failures=failures, advice=str(error))
                if await wait_for(stop, _STORE_PAUSES.after(failures, self._chance)):
                    return

    async def _begin(self) -> None:
        """Read the whole outbox, and settle what was being made when the program stopped."""
        self._board = Board(self._limiter)
        self._changed.clear()
        self._deferred.clear()
        async with self._store.reading() as tx:
            slots = await tx.outbox.slots()
        interrupted = [slot.id for slot in slots if slot.sending]
        now = self._now()
        for slot in slots:
            if not slot.sending:
                self._board.put(slot, now)
        if interrupted:
            async with self._store.transaction() as tx:
                calls = await tx.outbox.calls(interrupted)
                outcomes = [found_sending(call) for call in calls.values() if isinstance(call, Call)]
                await self._store_outcomes(tx, outcomes)
            _LOG.info("interrupted_calls", count=len(interrupted))

    async def _turn(self) -> None:
        """Store what came of calls, and make the next ones."""
        self._wake.clear()
        await self._load_changed()
        picked = self._pick()
        # by number: an outcome may have been put back twice, and one that is stored already is not stored again
        outcomes = list({each.call.row.id: each for each in self._done if each.call.row.id in self._calls}.values())
        self._done = []
        if not picked and not outcomes:
            return
        settled: list[tuple[Outcome, bool]] = []
        try:
            if outcomes or any(slot.on_unknown is OnUnknown.ASK for slot in picked):
                async with self._store.transaction() as tx:
                    settled = await self._store_outcomes(tx, outcomes)
                    ready = await self._prepare(tx, picked)
            else:
                async with self._store.reading() as tx:
                    ready = await self._prepare(tx, picked)
        except BaseException:
            self._done = outcomes + self._done
            now = self._now()
            for slot in picked:
                self._board.release(slot.lane, now)
            raise
        self._close(settled)
        for slot, call, params in ready:
            self._start(slot, call, params)

    async def _load_changed(self) -> None:
        changed, self._changed = self._changed, set()
        if not changed:
            return
        try:
            async with self._store.reading() as tx:
                slots = await tx.outbox.slots(None if _EVERYTHING in changed else sorted(changed))
        except BaseException:
            self._changed |= changed
            raise
        now = self._now()
        for slot in slots:
            changed.discard(slot.id)
            if not slot.sending:
                self._deferred.pop(slot.id, None)
                self._board.put(slot, now)
        for row_id in changed:
            if row_id not in self._calls:
                self._board.remove(row_id, now)
        self._meter.gauge("outbox_waiting", len(self._board))

    def _pick(self) -> list[Slot]:
        now = self._now()
        picked: list[Slot] = []
        while len(self._calls) + len(picked) < self._room():
            slot = self._board.pick(now)
            if slot is None:
                break
            picked.append(slot)
        return picked

    def _room(self) -> int:
        """Return how many calls may be under way: while Telegram is away, one that tries whether it is back."""
        return 1 if self._failures_in_a_row >= _OUTAGE else self._settings.concurrency

    async def _store_outcomes(self, tx: SqlTransaction, outcomes: Sequence[Outcome]) -> list[tuple[Outcome, bool]]:
        """Store outcomes; return those that were heard, with whether their call is settled for good."""
        if await self._settling.settle_sent(tx, outcomes):
            return [(outcome, True) for outcome in outcomes]
        works = self._failures_in_a_row < _OUTAGE
        heard = []
        for outcome in outcomes:
            try:
                heard.append((outcome, await self._settling.settle(tx, outcome, telegram_works=works)))
            except DatabaseUnavailable:
                raise
            except Exception:  # reported by settle; told again in a moment, and its lane waits
                asyncio.get_running_loop().call_later(outcome.told, self._tell_again, outcome)
        return heard

    def _tell_again(self, outcome: Outcome) -> None:
        self._done.append(outcome)
        self._wake.set()

    async def _prepare(
        self, tx: SqlTransaction, picked: Sequence[Slot]
    ) -> list[tuple[Slot, Call | None, Mapping[str, Any] | Refused | None]]:
        """Return the picked calls with what to send: no call where it is gone, no params where it must wait."""
        if not picked:
            return []
        calls = await tx.outbox.calls([slot.id for slot in picked])
        ready: list[tuple[Slot, Call | None, Mapping[str, Any] | Refused | None]] = []
        for slot in picked:
            call = calls.get(slot.id)
            if not isinstance(call, Call):
                if call is not None:
                    _LOG.error("call_unreadable", row=slot.id)
                    self._meter.count("calls", result="unreadable")
                ready.append((slot, None, None))
                continue
            params: Mapping[str, Any] | Refused | None
            try:
                params = await fill(tx, call.row.params)
            except Refused as refused:
                params = refused
            except ReferenceNotYetKnown:
                params = None
            if slot.on_unknown is OnUnknown.ASK and isinstance(params, dict) and not await tx.outbox.claim(slot.id):
                call = None
            ready.append((slot, call, params))
        return ready

    def _close(self, settled: Sequence[tuple[Outcome, bool]]) -> None:
        """Let the lanes of stored outcomes go on, and look again at calls that waited for others."""
        now = self._now()
        for outcome, final in settled:
            self._calls.pop(outcome.call.row.id, None)
            if final:
                self._board.remove(outcome.call.row.id, now)
            self._board.release(outcome.call.lane_key, now)
        if settled and self._deferred:
            for slot, _ in self._deferred.values():
                slot.not_before = int(now * 1e6)
                self._board.put(slot, now)

    def _start(self, slot: Slot, call: Call | None, params: Mapping[str, Any] | Refused | None) -> None:
        now = self._now()
        if call is None:
            self._board.remove(slot.id, now)
            self._board.release(slot.lane, now)
            return
        if params is None:
            _, since = self._deferred.setdefault(slot.id, (slot, now))
            if now - since < self._settings.reference_wait:
                slot.not_before, slot.attempts = int((now + _REFERENCE_PAUSE) * 1e6), max(slot.attempts, 1)
                self._board.put(slot, now)
                self._board.release(slot.lane, now)
                return
            params = Refused(Refusal.MESSAGE_GONE, "The message that this one refers to never came.")
        self._deferred.pop(slot.id, None)
        if isinstance(params, Refused):
            self._calls[slot.id] = None
            self._tell_again(Outcome(call, params))
            return
        self._calls[slot.id] = asyncio.get_running_loop().create_task(self._make(call, params))

    async def _make(self, call: Call, params: Mapping[str, Any]) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        result: Sent | CallFailed
        try:
            async with asyncio.timeout(self._settings.call_timeout):
                result = await self._transport.call(call.row.method, params)
        except CallFailed as error:
            result = error
        except (TimeoutError, asyncio.CancelledError):
            result = MaybeDelivered("The call was given up before Telegram answered.")
        except Exception as error:
            _LOG.error("transport_failed", row=call.row.id, method=call.row.method, error=type(error).__name__)
            result = MaybeDelivered("The call ended in an error of the hotline itself.")
        self._meter.observe("call", loop.time() - began, method=call.row.method)
        self._notice(call, result)
        self._done.append(Outcome(call, result))
        self._wake.set()

    def _notice(self, call: Call, result: Sent | CallFailed) -> None:
        """Slow down where Telegram asks for it or is not there."""
        if isinstance(result, TooManyRequests):
            self._limiter.refused(call.chat_key, result.retry_after, self._now())
        if isinstance(result, NotDelivered):
            self._failures_in_a_row += 1
            if self._failures_in_a_row >= _OUTAGE and self._now() >= self._outage_until:
                self._outage_tries += 1
                self._outage_until = self._now() + _OUTAGE_PAUSES.after(self._outage_tries, self._chance)
                self._limiter.pause(self._outage_until)
        elif not isinstance(result, MaybeDelivered):
            self._failures_in_a_row = self._outage_tries = 0

    async def _finish(self, within: float) -> None:
        """Wait for the calls under way, then store what came of all of them."""
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        tasks = [task for task in self._calls.values() if task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=within * 0.8)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        while self._done and loop.time() < end:
            outcomes, self._done = self._done, []
            try:
                async with self._store.transaction() as tx:
                    self._close(await self._store_outcomes(tx, outcomes))
            except DatabaseUnavailable:
                self._done = outcomes + self._done
                await asyncio.sleep(0.1)
        self._calls.clear()

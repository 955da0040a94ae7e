"""What becomes of a call: the true state is stored, and whoever queued it hears of it, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from bot.clock import Chance, Clock
from bot.delivery.meters import Meter
from bot.delivery.pauses import Growth
from bot.delivery.ports import (
    CallFailed,
    MaybeDelivered,
    NotDelivered,
    Outcomes,
    Refusal,
    Refused,
    Sent,
    TooManyRequests,
)
from bot.storage.errors import DatabaseUnavailable
from bot.storage.outbox import Call
from bot.storage.ports import OnUnknown, OutboxRow, OutboxState
from bot.storage.transaction import SqlTransaction

_LOG: Final = structlog.get_logger(__name__)
_MOST_MENDS: Final = 5
_MOST_REPEATS: Final = 3
_MOST_TELLINGS: Final = 3


@dataclass
class Outcome:
    """A call with what came of it. `told` counts how often its owner failed to hear of it."""

    call: Call
    result: Sent | CallFailed
    told: int = 0


class Settling:
    """Stores outcomes. Remembers only what may be forgotten in a restart: how often a call was repeated or mended."""

    def __init__(
        self, outcomes: Outcomes, clock: Clock, chance: Chance, meter: Meter, pauses: Growth, give_up_after: int
    ) -> None:
        self._outcomes = outcomes
        self._clock = clock
        self._chance = chance
        self._meter = meter
        self._pauses = pauses
        self._give_up_after = give_up_after
        self._repeats: dict[int, int] = {}
        self._mends: dict[int, int] = {}

    async def settle_sent(self, tx: SqlTransaction, outcomes: Sequence[Outcome]) -> bool:
        """Store outcomes together if all were sent and heard of; return False, with nothing done, where it is not so.

        Raise `DatabaseUnavailable`.
        """
        if not all(isinstance(outcome.result, Sent) for outcome in outcomes):
            return False
        try:
            async with tx.savepoint():
                for outcome in outcomes:
                    await self._settle(tx, outcome.call.row, outcome.result, telegram_works=True)
        except DatabaseUnavailable:
            raise
        except Exception:  # one of the owners has a fault; `settle` finds out which
            return False
        for outcome in outcomes:
            self._repeats.pop(outcome.call.row.id, None)
            self._mends.pop(outcome.call.row.id, None)
        return True

    async def settle(self, tx: SqlTransaction, outcome: Outcome, *, telegram_works: bool) -> bool:
        """Store an outcome; return whether the call is settled for good. Raise `DatabaseUnavailable`.

        An owner that fails to hear the outcome is told again later (the error goes up), and after three times the state
        is stored without it. `telegram_works` says that other calls succeed, so that this one alone is the trouble.
        """
        row = outcome.call.row
        try:
            async with tx.savepoint():
                final = await self._settle(tx, row, outcome.result, telegram_works=telegram_works)
        except DatabaseUnavailable:
            raise
        except Exception as error:
            outcome.told += 1
            _LOG.error("outcome_not_heard", row=row.id, error=type(error).__name__, times=outcome.told)
            self._meter.count("outcomes_not_heard", error=type(error).__name__)
            if outcome.told < _MOST_TELLINGS:
                raise
            state = OutboxState.SENT if isinstance(outcome.result, Sent) else OutboxState.FAILED
            if isinstance(outcome.result, Sent):
                await tx.outbox.settle_sent(row.id, outcome.result.result_id)
            else:
                await tx.outbox.settle(row.id, state, "outcome_not_heard")
            final = True
        if final:
            self._repeats.pop(row.id, None)
            self._mends.pop(row.id, None)
        return final

    async def _settle(
        self, tx: SqlTransaction, row: OutboxRow, result: Sent | CallFailed, *, telegram_works: bool
    ) -> bool:
        if isinstance(result, Sent):
            await tx.outbox.settle_sent(row.id, result.result_id)
            await self._outcomes.sent(tx, row, result)
            self._meter.count("calls", result="sent", method=row.method)
            return True
        if isinstance(result, TooManyRequests):
            self._meter.count("calls", result="too_many_requests", method=row.method)
            return await self._again(tx, row, result.retry_after, "too_many_requests")
        if isinstance(result, Refused):
            return await self._refused(tx, row, result)
        if isinstance(result, NotDelivered):
            if telegram_works and row.attempts >= self._give_up_after:
                return await self._refused(tx, row, Refused(Refusal.OTHER, "Telegram did not take this call."))
            self._meter.count("calls", result="not_delivered", method=row.method)
            return await self._again(tx, row, self._pauses.after(row.attempts + 1, self._chance), "not_delivered")
        return await self._unknown(tx, row)

    async def _unknown(self, tx: SqlTransaction, row: OutboxRow) -> bool:
        self._meter.count("calls", result="unknown", method=row.method)
        _LOG.warning("call_unknown", row=row.id, method=row.method, policy=row.on_unknown.value)
        if row.on_unknown is OnUnknown.REPEAT:
            times = self._repeats[row.id] = self._repeats.get(row.id, 0) + 1
            if times <= _MOST_REPEATS:
                return await self._again(tx, row, self._pauses.after(times, self._chance), "unknown")
        await tx.outbox.settle(row.id, OutboxState.UNKNOWN, "unknown")
        if row.on_unknown is not OnUnknown.DROP:
            await self._outcomes.unknown(tx, row)
        return True

    async def _refused(self, tx: SqlTransaction, row: OutboxRow, refused: Refused) -> bool:
        self._meter.count("calls", result=refused.reason.value, method=row.method)
        mends = self._mends[row.id] = self._mends.get(row.id, 0) + 1
        if mends > _MOST_MENDS:  # mended again and again without success
            refused = Refused(Refusal.OTHER, "Mending did not help.")
        mended = await self._outcomes.refused(tx, row, refused)
        if isinstance(mended, timedelta):
            self._mends.pop(row.id, None)
            return await self._again(tx, row, mended.total_seconds(), refused.reason.value)
        if mended and mends <= _MOST_MENDS:
            return await self._again(tx, row, 0.0, refused.reason.value)
        if refused.reason is Refusal.NOT_MODIFIED:  # the message looks as it should
            await tx.outbox.settle_sent(row.id, None)
            return True
        _LOG.warning("call_refused", row=row.id, method=row.method, reason=refused.reason.value)
        await tx.outbox.settle(row.id, OutboxState.FAILED, refused.reason.value)
        return True

    async def _again(self, tx: SqlTransaction, row: OutboxRow, seconds: float, why: str) -> bool:
        at = self._clock.now() + timedelta(seconds=seconds)
        await tx.outbox.settle(row.id, OutboxState.QUEUED, why, at)
        return False


def found_sending(call: Call) -> Outcome:
    """Return the outcome of a call that was being made when the program died."""
    return Outcome(call, MaybeDelivered("The hotline stopped while this call was being made."))

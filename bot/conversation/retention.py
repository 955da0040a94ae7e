"""What has had its time is deleted: closed cases with all their messages, searches kept for editors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.conversation.effects import SetTopic, TopicState
from bot.conversation.turn import Turn

RETENTION_JOB: Final = "retention"
EVERY: Final = timedelta(hours=1)
AT_ONCE: Final = 50
"""Cases purged in one transaction, so that nobody waits for it."""


@dataclass(frozen=True)
class Keeping:
    """How long closed cases and searches are kept."""

    closed_cases: timedelta
    searches: timedelta


async def plan(turn: Turn, soon: timedelta = EVERY) -> None:
    """Plan the next look."""
    await turn.tx.jobs.schedule(RETENTION_JOB, "all", turn.now + soon)


async def purge(turn: Turn, keeping: Keeping) -> None:
    """Delete what is over and plan the next look; sooner where more is left than fits one transaction."""
    purged = await turn.tx.cases.purge_closed(turn.now - keeping.closed_cases, AT_ONCE)
    for case in purged:
        await turn.tx.audit.record(turn.now, "system", "case-purged", case.id)
        turn.emit(SetTopic(case, TopicState.DELETED))
    await turn.tx.searches.purge(turn.today - keeping.searches)
    await plan(turn, timedelta(minutes=1) if len(purged) == AT_ONCE else EVERY)

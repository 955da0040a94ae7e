"""Albums: one album comes as many messages; they wait a moment for each other and go on as one."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.cases.model import CaseNotFound, Relay
from bot.conversation.effects import Forward
from bot.conversation.turn import Turn
from bot.storage.ports import Job, PersonNotFound

ALBUM_JOB: Final = "album"
ALBUM_PAUSE: Final = timedelta(seconds=1.5)
"""How long the parts of an album are waited for after the last one; Telegram sends them within a second."""
ALBUM_MOST: Final = 10
"""The most parts that Telegram takes in one album."""


async def schedule_album(turn: Turn, relay: Relay) -> None:
    """Plan that an album goes on, moved with each further part."""
    payload = {"case": relay.case_id, "album": relay.album}
    await turn.tx.jobs.schedule(ALBUM_JOB, _key(relay), turn.now + ALBUM_PAUSE, payload)


async def is_collected(turn: Turn, relay: Relay) -> bool:
    """Whether a message waits for the rest of its album, and goes on by itself."""
    return relay.album is not None and await turn.tx.jobs.planned(ALBUM_JOB, _key(relay))


def _key(relay: Relay) -> str:
    return f"{relay.case_id}:{relay.album}"


async def album_is_complete(turn: Turn, job: Job) -> None:
    """Send the parts on that were not sent yet."""
    try:
        case = await turn.tx.cases.get(int(job.payload["case"]))
        person = await turn.tx.people.get(case.person_id)
    except (CaseNotFound, PersonNotFound):
        return  # the case was purged or the person erased meanwhile
    parts = await turn.tx.relays.of_album(case.id, str(job.payload["album"]))
    waiting = [part for part in parts if part.outbox_id is None]
    for start in range(0, len(waiting), ALBUM_MOST):
        turn.emit(Forward(case, tuple(waiting[start : start + ALBUM_MOST]), person))

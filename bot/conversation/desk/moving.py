"""Cases of a desk that is not in the settings any more: nobody would see them in a queue, so another desk gets them."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from bot.cases.model import Case, CaseNotFound, CaseStatus
from bot.cases.routing import choose_desk
from bot.conversation.desk.waiting import watch_waiting
from bot.conversation.effects import Note
from bot.conversation.turn import Turn, paragraphs


def is_settled(turn: Turn, desk: str) -> bool:
    """Whether a desk is in the settings."""
    return any(each.key == desk for each in turn.house.desks)


async def adopt_waiting(turn: Turn) -> int:
    """Move all waiting cases whose desk is gone from the settings; return how many."""
    lost = [case for case in await turn.tx.cases.queue() if not is_settled(turn, case.desk)]
    for case in lost:
        with contextlib.suppress(CaseNotFound):  # the list is from a moment ago; now nobody else changes the case
            await adopt(turn, await turn.tx.cases.get(case.id))
    return len(lost)


async def adopt(turn: Turn, case: Case) -> None:
    """Give a case to the desk that fits best now; in another group it gets a topic of its own with a recap.

    Where the desk only has another key now, and the same group, nothing else changes.
    """
    heir = await _same_group(turn, case)
    if heir is not None:
        await turn.tx.cases.save(replace(case, desk=heir))
        return
    person = await turn.tx.people.get(case.person_id)
    article = turn.knowledge.articles.get(case.topic or "")
    desk = choose_desk(
        turn.house.desks,
        language=case.locale.language,
        topic=case.topic,
        section=article.section if article else None,
        region=person.region,
    )
    case = replace(case, desk=desk.key, thread_id=None, card_id=None, summary={**case.summary, "moved": True})
    if case.status is CaseStatus.TAKEN:  # whoever took it was of the other group
        case = replace(case, status=CaseStatus.WAITING, operator_id=None, taken_at=None)
        await watch_waiting(turn, case)
    await turn.tx.cases.save(case)
    await turn.tx.audit.record(turn.now, "system", "case-moved", case.id)
    # The first message that finds no topic lets one be made, with the card and what was said before.
    turn.emit(Note(case, paragraphs(turn.text(desk.locale, "desk-moved"))))


async def _same_group(turn: Turn, case: Case) -> str | None:
    chat = await turn.tx.desks.chat_id(case.desk)
    for desk in turn.house.desks:
        if chat is not None and await turn.tx.desks.chat_id(desk.key) == chat:
            return desk.key
    return None

"""What Telegram's answers mean for cases, topics and people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import structlog

from bot.cases.model import Case, CaseNotFound, CaseStatus, RelayState
from bot.conversation import outcomes
from bot.conversation.desk.moving import adopt, is_settled
from bot.conversation.lost import desk_is_lost
from bot.conversation.turn import House, Turn
from bot.delivery.pauses import Growth
from bot.delivery.ports import Refusal, Refused, Sent
from bot.storage.ports import (
    NewOutbox,
    OnUnknown,
    OutboxRow,
    PersonNotFound,
    Priority,
    RelayNotFound,
    Transaction,
    group_chat,
    private_chat,
)
from bot.telegram.effects import Renderer, message_params
from bot.telegram.text import to_parts

_log = structlog.get_logger("outcomes")

MakeRenderer = Callable[[Transaction], Renderer]

PATIENCE: Final = 40
"""Tries after which a call that may be repeated is given up; with the pauses, after about half an hour of 502s."""
URGENT_PATIENCE: Final = 1200
"""The same for screens that cannot wait, such as the numbers to call in danger: about a day."""
DESK_PAUSE: Final = 30
"""Every so many seconds a desk's group that refuses everything is tried again, for as long as it takes. All that waits
becomes due at the same moment, so that it keeps its order."""
DESK_PATIENCE: Final = 20
"""Tries after which the pause is ten times as long."""
_WAITING_FOR_DESK: Final = ("topic", "card", "relay", "edit")
UNKNOWN_PAUSES: Final = Growth(first=10.0, longest=300.0)
"""Pauses, in seconds, between the rounds of tries that the sender makes by itself."""


class TelegramOutcomes:
    """Stores the outcome of each call and queues what follows from it."""

    def __init__(self, house: House, renderer: MakeRenderer) -> None:
        self._house = house
        self._renderer = renderer

    async def sent(self, tx: Transaction, row: OutboxRow, sent: Sent) -> None:
        """Note message and thread ids, mark operators' messages."""
        if row.about.get("kind") not in ("topic", "card", "relay", "edit"):
            return
        turn = self._turn(tx)
        ids = sent.all_ids or ((sent.result_id,) if sent.result_id is not None else ())
        chat = await self._chat(tx, row)
        await outcomes.sent(turn, row.id, row.about, ids, chat)
        await self._renderer(tx).render(turn.effects)

    async def unknown(self, tx: Transaction, row: OutboxRow) -> None:
        """Ask the operator about words of unknown fate; what may come twice is tried further, at its place in the lane.

        Telegram's proxies answer 502 for minutes at a time, and a person's words must not be lost over that.
        """
        if row.on_unknown is OnUnknown.REPEAT and row.attempts < _patience(row):
            pause = UNKNOWN_PAUSES.after(row.attempts // 4 + 1, self._house.chance)
            await tx.outbox.requeue(row.id, self._house.clock.now() + timedelta(seconds=pause))
            return
        turn = self._turn(tx)
        await outcomes.unknown(turn, row.id, row.about)
        await self._renderer(tx).render(turn.effects)

    async def refused(self, tx: Transaction, row: OutboxRow, refused: Refused) -> bool | timedelta:
        """Mend what can be mended; else mark the failure where a human sees it."""
        match refused.reason:
            case Refusal.MIGRATED if refused.migrate_to is not None:
                return await self._moved(tx, row, refused.migrate_to)
            case _ if row.about.get("kind") == "alarm":
                await self._alarm_elsewhere(tx, row)
                return False
            case Refusal.THREAD_LOST:
                return await self._topic_lost(tx, row)
            case Refusal.THREAD_CLOSED:
                return await self._topic_closed(tx, row)
            case Refusal.NOT_MODIFIED:  # it looks as it should
                if row.about.get("kind") == "edit":
                    await self.sent(tx, row, Sent())
                return False
            case Refusal.MESSAGE_GONE if row.about.get("kind") == "screen":
                return await self._show_anew(tx, row)
            case _ if await self._desk_is_lost(tx, row, refused):
                if await self._adopted(tx, row):
                    return False
                return await self._wait_for_desk(tx, row)
            case Refusal.BLOCKED | Refusal.DEACTIVATED if isinstance(row.params.get("chat_id"), int) and (
                "person" in row.about
            ):
                turn = self._turn(tx)
                gone = refused.reason is Refusal.DEACTIVATED
                await outcomes.person_unreachable(turn, int(row.about["person"]), gone=gone)
                await outcomes.failed(turn, row.id, row.about)
                await self._renderer(tx).render(turn.effects)
                return False
        turn = self._turn(tx)
        await outcomes.failed(turn, row.id, row.about)
        await self._renderer(tx).render(turn.effects)
        return False

    def _turn(self, tx: Transaction) -> Turn:
        return Turn(self._house, tx, self._house.clock.now())

    async def _chat(self, tx: Transaction, row: OutboxRow) -> int | None:
        chat = row.params.get("chat_id")
        if isinstance(chat, dict):
            return await tx.desks.chat_id(str(chat.get("$desk")))
        return chat if isinstance(chat, int) else None

    async def _moved(self, tx: Transaction, row: OutboxRow, chat_id: int) -> bool:
        """Follow a group that became a supergroup."""
        chat = row.params.get("chat_id")
        if not isinstance(chat, dict):  # a group that is none of ours yet, which was told its id
            params = {**row.params, "chat_id": chat_id}
            await tx.outbox.add(NewOutbox(row.lane, row.chat, row.method, params, row.priority, about=row.about))
            return False
        await tx.desks.move(str(chat["$desk"]), chat_id)
        return True

    async def _topic_lost(self, tx: Transaction, row: OutboxRow) -> bool:
        """Make a deleted topic anew with a recap, in front of the call that missed it."""
        case_id = row.about.get("case")
        if case_id is None or row.method in ("closeForumTopic", "reopenForumTopic", "editForumTopic"):
            return False
        if await self._follows_its_case(tx, row):
            return False
        turn = self._turn(tx)
        recap = await outcomes.recap(turn, int(case_id))
        if recap is None:
            return False
        card, note = recap
        title = outcomes.title(turn, card.case)
        thread: dict[str, Any] = {"message_thread_id": {"$thread": card.case.id}}
        calls: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
            ("createForumTopic", {"name": title}, {"kind": "topic", "case": card.case.id}),
            ("sendMessage", {**message_params(card.screen), **thread}, {"kind": "card", "case": card.case.id}),
        ]
        if note is not None:
            for part in to_parts(outcomes.as_screen(note).document):
                words = {"text": part.text, "entities": list(part.entities)}
                calls.append(("sendMessage", words | thread, {"kind": "note", "case": card.case.id}))
        for method, params, about in calls:
            await tx.outbox.add_before(row.id, self._beside(row, card.case, method, params, about))
        return True

    async def _topic_closed(self, tx: Transaction, row: OutboxRow) -> bool:
        """Reopen a topic that was closed; that of a closed case is closed again behind the call."""
        case_id = row.about.get("case")
        if case_id is None:
            return False
        try:
            case = await tx.cases.get(int(case_id))
        except CaseNotFound:
            return False
        params = {"message_thread_id": {"$thread": case.id}}
        about = {"kind": "topic-state", "case": case.id}
        await tx.outbox.add_before(row.id, self._beside(row, case, "reopenForumTopic", params, about))
        if case.status is CaseStatus.CLOSED and row.method != "closeForumTopic":
            await tx.outbox.add(self._beside(row, case, "closeForumTopic", params, about))
        return True

    async def _alarm_elsewhere(self, tx: Transaction, row: OutboxRow) -> None:
        """Tell the next ones what a group does not take; an alarm must be seen by somebody."""
        others = row.about.get("next", ())
        if others:
            params = {**row.params, "chat_id": {"$desk": others[0]}}
            about = {**row.about, "next": others[1:]}
            await tx.outbox.add(NewOutbox(row.lane, row.chat, row.method, params, row.priority, about=about))

    async def _desk_is_lost(self, tx: Transaction, row: OutboxRow, refused: Refused) -> bool:
        """Whether a case or a person's words are refused because the desk's group is lost: no topic can be made there.

        Somebody threw the bot out, took its rights, or switched the topics off.
        """
        if row.about.get("kind") not in _WAITING_FOR_DESK or not isinstance(row.params.get("chat_id"), dict):
            return False
        try:
            case = await tx.cases.get(int(row.about["case"]))
        except CaseNotFound:
            return False  # purged meanwhile: there is nothing to wait for
        gone = (Refusal.CHAT_NOT_FOUND, Refusal.BLOCKED, Refusal.DEACTIVATED)
        return refused.reason in gone or case.thread_id is None

    async def _adopted(self, tx: Transaction, row: OutboxRow) -> bool:
        """Give a case to another desk where its own is lost and not in the settings any more: nobody will mend it."""
        turn = self._turn(tx)
        if is_settled(turn, str(row.params["chat_id"]["$desk"])):
            return False
        try:
            await adopt(turn, await tx.cases.get(int(row.about["case"])))
        except (CaseNotFound, PersonNotFound):
            return False  # purged or erased a moment ago
        await self._renderer(tx).render(turn.effects)
        return await self._follows_its_case(tx, row)

    async def _follows_its_case(self, tx: Transaction, row: OutboxRow) -> bool:
        """Put a call anew before one whose case has moved to the group of another desk; False where it has not.

        Ids of messages in the other group mean nothing here, and the card comes with the new topic.
        """
        chat = row.params.get("chat_id")
        try:
            case = await tx.cases.get(int(row.about["case"]))
        except CaseNotFound:
            return False
        old = str(chat["$desk"]) if isinstance(chat, dict) else case.desk
        if old == case.desk or await tx.desks.chat_id(old) == await tx.desks.chat_id(case.desk):
            return False
        if row.about.get("kind") in ("relay", "edit", "note"):
            params = {name: value for name, value in row.params.items() if name not in ("chat_id", "reply_parameters")}
            follower = self._beside(row, case, row.method, params, dict(row.about))
            await self._take_over(tx, row, await tx.outbox.add_before(row.id, follower))
        return True

    async def _take_over(self, tx: Transaction, row: OutboxRow, follower: int) -> None:
        """Let relayed messages know that another call delivers them now."""
        for relay_id in row.about.get("relays", ()):
            try:
                relay = await tx.relays.get(int(relay_id))
            except RelayNotFound:
                continue
            if not row.about.get("words"):
                await tx.relays.settle(relay.id, RelayState.QUEUED, outbox_id=follower)
            if row.id in relay.parcel.get("rows", ()):
                rows = [follower if each == row.id else each for each in relay.parcel["rows"]]
                await tx.relays.revise(relay.id, {**relay.parcel, "rows": rows})

    async def _wait_for_desk(self, tx: Transaction, row: OutboxRow) -> timedelta:
        """Return how long a person's words wait at their place for the desk's group to take them again.

        Whoever else can hear it is told, once in a while: people are waiting, and nobody sees them.
        """
        _log.error("a desk's group refuses messages: make the bot its administrator, switch topics on")
        turn = self._turn(tx)
        await desk_is_lost(turn, str(row.params["chat_id"]["$desk"]))
        await self._renderer(tx).render(turn.effects)
        return timedelta(seconds=DESK_PAUSE if row.attempts < DESK_PATIENCE else 10 * DESK_PAUSE)

    def _beside(
        self, row: OutboxRow, case: Case, method: str, params: dict[str, Any], about: dict[str, Any]
    ) -> NewOutbox:
        return NewOutbox(
            lane=row.lane,
            chat=group_chat(case.desk),
            method=method,
            params={"chat_id": {"$desk": case.desk}, **params},
            priority=row.priority,
            about=about,
            person_id=case.person_id,
        )

    async def _show_anew(self, tx: Transaction, row: OutboxRow) -> bool:
        """Send a screen as a new message where the old one is gone or too old to be changed."""
        if row.method != "editMessageText":
            return False
        params = {key: value for key, value in row.params.items() if key != "message_id"}
        chat = int(row.params["chat_id"])
        new = NewOutbox(
            lane=f"p:{chat}",
            chat=private_chat(chat),
            method="sendMessage",
            params=params,
            priority=row.priority,
            about=row.about,
        )
        await tx.outbox.add(new)
        return False


def _patience(row: OutboxRow) -> int:
    is_pressing = row.priority is Priority.URGENT and row.about.get("kind") == "screen"
    return URGENT_PATIENCE if is_pressing else PATIENCE

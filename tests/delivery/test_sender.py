"""Every call is made in order, tried again where that is right, and marked with the truth."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.cases.model import NewCase, RelayState
from bot.clock import SystemClock
from bot.delivery.limiter import Limits
from bot.delivery.ports import MaybeDelivered, NotDelivered, Refusal, Refused, Sent, TooManyRequests
from bot.delivery.runner import DeliverySettings
from bot.languages.locales import Locale
from bot.storage.ports import NewOutbox, OnUnknown, OutboxRow, OutboxState, Priority, Transaction
from bot.storage.store import SqlStore
from tests.delivery.conftest import SETTINGS, House
from tests.delivery.fakes import until


def say(text: str, lane: str = "lane", chat: str = "private:1", **more: Any) -> NewOutbox:
    return NewOutbox(lane, chat, "sendMessage", {"chat_id": 1, "text": text}, **more)


async def queue(store: SqlStore, *calls: NewOutbox) -> list[int]:
    async with store.transaction() as tx:
        return [await tx.outbox.add(call) for call in calls]


async def states(store: SqlStore, ids: list[int]) -> list[OutboxState | None]:
    async with store.reading() as tx:
        rows = [await tx.outbox.get(each) for each in ids]
    return [row.state if row else None for row in rows]


async def settled(house: House, ids: list[int], seconds: float = 10.0) -> list[OutboxState | None]:
    """Wait until all calls are settled; return their states."""
    async with asyncio.timeout(seconds):
        while True:
            found = await states(house.store, ids)
            if not {OutboxState.QUEUED, OutboxState.SENDING} & set(found):
                return found
            await asyncio.sleep(0.02)


async def test_a_call_is_made_once_and_its_words_are_wiped(house: House) -> None:
    (row_id,) = await queue(house.store, say("salam"))
    async with house.running():
        assert await settled(house, [row_id]) == [OutboxState.SENT]
    assert house.transport.calls == [("sendMessage", {"chat_id": 1, "text": "salam"})]
    async with house.store.reading() as tx:
        row = await tx.outbox.get(row_id)
    assert row is not None
    assert (row.params, row.result_id, row.attempts) == ({}, 1001, 1)
    assert house.outcomes.heard == [("sent", "salam")]


async def test_what_is_surely_not_delivered_is_tried_until_it_is(house: House) -> None:
    house.transport.will("first", NotDelivered("502"), TooManyRequests(0.05), NotDelivered("refused"))
    ids = await queue(house.store, say("first"), say("second"), say("elsewhere", lane="other", chat="private:2"))
    async with house.running():
        await settled(house, ids)
    assert [text for text in house.transport.texts() if text != "elsewhere"] == ["first"] * 4 + ["second"]
    assert [what for what, _ in house.outcomes.heard] == ["sent"] * 3


async def test_of_what_may_be_delivered_a_card_is_repeated_and_words_are_asked_about(house: House) -> None:
    ids = await queue(
        house.store,
        say("card", on_unknown=OnUnknown.REPEAT),
        say("words", on_unknown=OnUnknown.ASK),
        say("heart", on_unknown=OnUnknown.DROP),
        say("last"),
    )
    for text in ("card", "words", "heart"):
        house.transport.will(text, MaybeDelivered("timeout"))
    async with house.running():
        found = await settled(house, ids)
    assert found == [OutboxState.SENT, OutboxState.UNKNOWN, OutboxState.UNKNOWN, OutboxState.SENT]
    assert house.transport.texts() == ["card", "card", "words", "heart", "last"]
    assert house.outcomes.heard == [("sent", "card"), ("unknown", "words"), ("sent", "last")]


async def test_an_operator_may_send_unknown_words_again(house: House) -> None:
    house.transport.will("words", MaybeDelivered("timeout"))
    ids = await queue(house.store, say("words", on_unknown=OnUnknown.ASK))
    async with house.running():
        assert await settled(house, ids) == [OutboxState.UNKNOWN]
        async with house.store.transaction() as tx:
            await tx.outbox.requeue(ids[0])
        await until(lambda: len(house.transport.calls) == 2)
        assert await settled(house, ids) == [OutboxState.SENT]


async def test_a_card_that_is_never_heard_of_again_is_not_repeated_for_ever(house: House) -> None:
    house.transport.will("card", *[MaybeDelivered("timeout")] * 20)
    ids = await queue(house.store, say("card"), say("next"))
    async with house.running():
        assert await settled(house, ids) == [OutboxState.UNKNOWN, OutboxState.SENT]
    assert house.transport.texts() == ["card"] * 4 + ["next"]
    assert ("unknown", "card") in house.outcomes.heard


async def test_a_refused_call_fails_and_the_lane_goes_on(house: House) -> None:
    house.transport.will("to a blocker", Refused(Refusal.BLOCKED, "Forbidden: bot was blocked by the user"))
    house.transport.will("same again", Refused(Refusal.NOT_MODIFIED, "message is not modified"))
    ids = await queue(house.store, say("to a blocker"), say("same again"), say("next"))
    async with house.running():
        found = await settled(house, ids)
    assert found == [OutboxState.FAILED, OutboxState.SENT, OutboxState.SENT]
    assert house.outcomes.heard[0] == ("blocked", "to a blocker")
    async with house.store.reading() as tx:
        row = await tx.outbox.get(ids[0])
    assert row is not None
    assert row.error == "blocked"


async def test_a_lost_topic_is_made_anew_and_the_message_follows_in_its_place(house: House) -> None:
    clock = SystemClock()
    async with house.store.transaction() as tx:
        person = await tx.people.get_or_create(7, clock.now())
        case = await tx.cases.open(NewCase(person.id, "main", Locale.KY, clock.now()))
        await tx.cases.save(replace(case, thread_id=41))
        await tx.desks.move("main", -1001)

    def to_topic(text: str) -> NewOutbox:
        params = {"chat_id": {"$desk": "main"}, "message_thread_id": {"$thread": case.id}, "text": text}
        return NewOutbox("case", "group:main", "sendMessage", params)

    async def mend(tx: Transaction, row: OutboxRow, refused: Refused) -> bool:
        if refused.reason is Refusal.THREAD_LOST:
            await tx.outbox.add_before(
                row.id,
                NewOutbox(
                    "", "group:main", "createForumTopic", {"chat_id": {"$desk": "main"}}, about={"topic": case.id}
                ),
            )
            return True
        assert refused.reason is Refusal.MIGRATED
        await tx.desks.move("main", refused.migrate_to or 0)
        return True

    real = house.outcomes.sent

    async def sent(tx: Transaction, row: OutboxRow, result: Sent) -> None:
        await real(tx, row, result)
        if "topic" in row.about:
            await tx.cases.save(replace(await tx.cases.get(row.about["topic"]), thread_id=result.result_id))

    house.outcomes.mend, house.outcomes.sent = mend, sent  # type: ignore[method-assign]
    house.transport.will("one", Refused(Refusal.MIGRATED, "upgraded", migrate_to=-1002))
    house.transport.will("two", Refused(Refusal.THREAD_LOST, "message thread not found"))
    ids = await queue(house.store, to_topic("one"), to_topic("two"), to_topic("three"))
    async with house.running():
        assert set(await settled(house, ids)) == {OutboxState.SENT}
    made = [(method, params.get("text"), params.get("chat_id"), params.get("message_thread_id"))
            for method, params in house.transport.calls]  # fmt: skip
    moved, new = made[2][3], made[-1][3]
    assert made == [
        ("sendMessage", "one", -1001, 41),
        ("createForumTopic", None, -1002, None),  # in the new group 41 may be the topic of somebody else
        ("sendMessage", "one", -1002, moved),
        ("sendMessage", "two", -1002, moved),
        ("createForumTopic", None, -1002, None),
        ("sendMessage", "two", -1002, new),
        ("sendMessage", "three", -1002, new),
    ]
    assert new not in (None, 41)


async def test_mending_that_never_helps_ends(house: House) -> None:
    async def mend(tx: Transaction, row: OutboxRow, refused: Refused) -> bool:
        return True

    house.outcomes.mend = mend
    house.transport.will("stubborn", *[Refused(Refusal.THREAD_LOST, "lost")] * 50)
    ids = await queue(house.store, say("stubborn"), say("next"))
    async with house.running():
        assert await settled(house, ids) == [OutboxState.FAILED, OutboxState.SENT]
    assert house.transport.texts().count("stubborn") == 6


async def test_references_wait_for_what_they_refer_to(house: House) -> None:
    gate = asyncio.Event()

    async def slowly(_: Mapping[str, Any]) -> Sent:
        await gate.wait()
        return Sent(77)

    house.transport.will("card", slowly)
    (card,) = await queue(house.store, say("card", lane="a"))
    edit = NewOutbox("b", "private:2", "editMessageText", {"message_id": {"$sent": card}, "text": "edited"})
    reply = NewOutbox(
        "c", "private:3", "sendMessage", {"text": "re", "reply_parameters": {"message_id": {"$sent": card}}}
    )
    ids = await queue(house.store, edit, reply)
    async with house.running():
        await until(lambda: len(house.transport.calls) == 1)
        await asyncio.sleep(0.1)
        assert len(house.transport.calls) == 1
        gate.set()
        assert await settled(house, ids, 5) == [OutboxState.SENT, OutboxState.SENT]
    sent = {params["text"]: params for _, params in house.transport.calls}
    assert sent["edited"]["message_id"] == 77
    assert sent["re"]["reply_parameters"] == {"message_id": 77}


async def test_a_reference_to_nothing_is_refused_but_a_reply_only_loses_its_reply(house: House) -> None:
    house.transport.will("lost", Refused(Refusal.OTHER, "no"))
    (lost,) = await queue(house.store, say("lost"))
    edit = NewOutbox("lane", "private:1", "editMessageText", {"message_id": {"$sent": lost}, "text": "edit"})
    reply = NewOutbox(
        "lane", "private:1", "sendMessage", {"text": "re", "reply_parameters": {"message_id": {"$sent": lost}}}
    )
    topic = NewOutbox("lane", "group:1", "sendMessage", {"message_thread_id": {"$thread": 99}, "text": "topic"})
    desk = NewOutbox("lane", "group:1", "sendMessage", {"chat_id": {"$desk": "none"}, "text": "desk"})
    ids = await queue(house.store, edit, reply, topic, desk)
    async with house.running():
        found = await settled(house, ids)
    failed = OutboxState.FAILED
    assert found == [failed, OutboxState.SENT, failed, failed]
    assert house.transport.calls[-1] == ("sendMessage", {"text": "re"})
    reasons = [what for what, _ in house.outcomes.heard]
    assert reasons == ["other", "message_gone", "sent", "thread_lost", "chat_not_found"]


async def test_what_was_being_sent_when_the_program_died_follows_the_policy(house: House) -> None:
    ids = await queue(
        house.store,
        say("card", lane="1"),
        say("words", lane="2", on_unknown=OnUnknown.ASK),
        say("heart", lane="3", on_unknown=OnUnknown.DROP),
        say("untouched", lane="4", on_unknown=OnUnknown.ASK),
    )
    async with house.store.transaction() as tx:
        for row_id in ids[:3]:
            assert await tx.outbox.claim(row_id)
    async with house.running():
        found = await settled(house, ids)
    assert found == [OutboxState.SENT, OutboxState.UNKNOWN, OutboxState.UNKNOWN, OutboxState.SENT]
    assert sorted(house.transport.texts()) == ["card", "untouched"]
    assert sorted(house.outcomes.heard) == [("sent", "card"), ("sent", "untouched"), ("unknown", "words")]


async def test_words_are_marked_before_they_are_sent(house: House) -> None:
    seen: list[OutboxState | None] = []

    async def look(_: Mapping[str, Any]) -> Sent:
        seen.extend(await states(house.store, ids))
        return Sent(1)

    house.transport.will("words", look)
    ids = await queue(house.store, say("words", on_unknown=OnUnknown.ASK))
    async with house.running():
        await settled(house, ids)
    assert seen == [OutboxState.SENDING]


async def test_a_cancelled_call_is_not_made(house: House) -> None:
    gate = asyncio.Event()

    async def slowly(_: Mapping[str, Any]) -> Sent:
        await gate.wait()
        return Sent(1)

    house.transport.will("first", slowly)
    ids = await queue(house.store, say("first"), say("second"), say("third"))
    async with house.running():
        await until(lambda: len(house.transport.calls) == 1)
        async with house.store.transaction() as tx:
            await tx.outbox.cancel(ids[1])
        gate.set()
        found = await settled(house, ids)
    assert found == [OutboxState.SENT, OutboxState.CANCELLED, OutboxState.SENT]
    assert house.transport.texts() == ["first", "third"]


async def test_a_429_leaves_the_chat_alone_and_no_other(house: House) -> None:
    house.transport.will("busy", TooManyRequests(0.5))
    ids = await queue(
        house.store, say("busy", lane="a", chat="group:1"), say("same group", lane="b", chat="group:1"), say("person")
    )
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with house.running():
        await until(lambda: "person" in house.transport.texts())
        assert loop.time() - began < 0.4
        await settled(house, ids)
    assert loop.time() - began >= 0.45
    assert house.transport.texts().count("busy") == 2


async def test_when_telegram_is_away_nothing_is_given_up_and_nobody_hammers(house: House) -> None:
    loop = asyncio.get_running_loop()
    back = loop.time() + 2.0
    real = house.transport.call

    async def call(method: str, params: Mapping[str, Any]) -> Sent:
        if loop.time() < back:
            tries.append(params["text"])
            raise NotDelivered("connection refused")
        return await real(method, params)

    tries: list[str] = []
    house.transport.call = call  # type: ignore[method-assign]
    ids = await queue(house.store, *(say(f"{n}", lane=f"{n}", chat=f"private:{n}") for n in range(30)))
    settings = replace(SETTINGS, sender=replace(SETTINGS.sender, give_up_after=1))
    async with house.running(settings):
        assert set(await settled(house, ids)) == {OutboxState.SENT}
    assert len(tries) <= 30 + 6
    assert sorted(house.transport.texts()) == sorted(f"{n}" for n in range(30))


async def test_a_call_that_alone_fails_again_and_again_is_given_up_at_last(house: House) -> None:
    house.transport.will("poison", *[NotDelivered("500")] * 100)
    ids = await queue(house.store, say("poison"), say("behind"))
    settings = replace(SETTINGS, sender=replace(SETTINGS.sender, give_up_after=3))
    async with house.running(settings):
        assert await settled(house, ids) == [OutboxState.FAILED, OutboxState.SENT]
    assert house.outcomes.heard[0] == ("other", "poison")


async def test_a_listener_with_a_fault_neither_loses_nor_repeats_a_message(house: House) -> None:
    house.outcomes.fail_times = 1
    ids = await queue(house.store, say("one"), say("two"))
    async with house.running():
        assert await settled(house, ids) == [OutboxState.SENT, OutboxState.SENT]
    assert house.transport.texts() == ["one", "two"]
    assert house.outcomes.heard == [("sent", "one"), ("sent", "two")]


async def test_a_transport_with_a_fault_leaves_an_honest_unknown(house: House) -> None:
    house.transport.will("words", RuntimeError("a fault"))
    ids = await queue(house.store, say("words", on_unknown=OnUnknown.ASK), say("next"))
    async with house.running():
        assert await settled(house, ids) == [OutboxState.UNKNOWN, OutboxState.SENT]


async def test_the_urgent_overtakes_when_telegram_lets_nobody_through(house: House) -> None:
    limits = Limits(overall_per_second=1000, private_per_second=1000, private_burst=1000, group_per_minute=5,
                    group_reserve=1)  # fmt: skip
    settings = DeliverySettings(worker=SETTINGS.worker, sender=replace(SETTINGS.sender, limits=limits))
    await queue(house.store, *(say(f"menu {n}", lane=f"{n}", chat="group:1") for n in range(8)))
    async with house.running(settings):
        await until(lambda: len(house.transport.calls) == 4)
        await asyncio.sleep(0.1)
        assert len(house.transport.calls) == 4
        await queue(house.store, say("danger", lane="d", chat="group:1", priority=Priority.URGENT))
        await until(lambda: "danger" in house.transport.texts())
    assert len(house.transport.calls) == 5


async def test_a_call_for_later_waits_and_lets_others_by(house: House) -> None:
    later = SystemClock().now() + timedelta(seconds=0.5)
    ids = await queue(house.store, say("later", not_before=later), say("now"))
    async with house.running():
        await settled(house, ids)
    assert house.transport.texts() == ["now", "later"]


async def test_relays_are_marked_with_the_truth(house: House) -> None:
    from tests.delivery.fakes import RelayHandler, message

    house.handler = RelayHandler(OnUnknown.ASK)
    house.transport.will("lost", MaybeDelivered("timeout"))
    house.feed.write(message(1, 7, "heard"), message(2, 7, "lost"))
    async with house.running():
        await until(lambda: ("unknown", "lost") in house.outcomes.heard)
        await asyncio.sleep(0.1)
    async with house.store.reading() as tx:
        person = await tx.people.find(7)
        assert person is not None
        (case,) = await tx.cases.of_person(person.id)
        relays = await tx.relays.of_case(case.id)
    assert [(relay.parcel["text"], relay.state) for relay in relays] == [
        ("heard", RelayState.DELIVERED),
        ("lost", RelayState.UNKNOWN),
    ]
    assert relays[0].target_message == 1001

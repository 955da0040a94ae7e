"""People, cases, messages and the rest, on both engines."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.cases.model import (
    Case,
    CaseAlreadyTaken,
    CaseIsClosed,
    CaseNotFound,
    CaseStatus,
    Direction,
    NewCase,
    NewRelay,
    Person,
    RelayState,
    Severity,
)
from bot.clock import FixedClock
from bot.languages.locales import Locale
from bot.storage.crypto import Keys
from bot.storage.ports import (
    NewOutbox,
    OperatorNotFound,
    OutboxState,
    PersonNotFound,
    RelayNotFound,
    StorageError,
    group_chat,
    private_chat,
)
from bot.storage.store import SqlStore, open_store
from bot.storage.transaction import SqlTransaction
from tests.conftest import MORNING

AIBEK = 7_701_234_567
GULNARA = 7_702_345_678


async def a_case(store: SqlStore, chat: int = AIBEK, **about: object) -> tuple[Person, Case]:
    async with store.transaction() as tx:
        person = await tx.people.get_or_create(chat, MORNING)
        new = NewCase(person.id, "main", Locale.KY, MORNING)
        return person, await tx.cases.open(replace(new, **about))


async def test_a_person_is_made_once_and_remembered(store: SqlStore) -> None:
    async with store.transaction() as tx:
        first = await tx.people.get_or_create(AIBEK, MORNING)
        again = await tx.people.get_or_create(AIBEK, MORNING + timedelta(days=1))
        assert again == first
        assert await tx.people.find(GULNARA) is None
        changed = replace(
            first, locale=Locale.KY, citizenship="KG", region="RU-MOW", blocked_at=MORNING, session={"screen": "menu"}
        )
        await tx.people.save(changed)
    async with store.reading() as tx:
        assert await tx.people.get(first.id) == changed
        with pytest.raises(PersonNotFound):
            await tx.people.get(first.id + 1)


async def test_cases_have_numbers_in_a_row_and_a_queue_by_need(store: SqlStore) -> None:
    person, first = await a_case(store)
    async with store.transaction() as tx:
        later = MORNING + timedelta(minutes=5)
        second = await tx.cases.open(
            NewCase(person.id, "other", Locale.RU, later, "wages", Severity.URGENT, "danger", {"days": 3})
        )
    assert second.number == first.number + 1
    async with store.reading() as tx:
        assert await tx.cases.queue() == [second, first]
        assert await tx.cases.queue("main") == [first]
        assert await tx.cases.by_number(second.number) == second
        assert await tx.cases.active_of_person(person.id) == [second, first]
        with pytest.raises(CaseNotFound):
            await tx.cases.by_number(999)


async def test_a_topic_belongs_to_the_newest_case_of_its_desk(store: SqlStore) -> None:
    _, case = await a_case(store)
    async with store.transaction() as tx:
        await tx.cases.save(replace(case, thread_id=41, card_id=42, rating=5, summary={"read": ["wages"]}))
    async with store.reading() as tx:
        found = await tx.cases.by_thread("main", 41)
        assert found is not None
        assert (found.id, found.thread_id, found.card_id, found.rating) == (case.id, 41, 42, 5)
        assert await tx.cases.by_thread("other", 41) is None


async def test_of_two_operators_exactly_one_takes_a_case(store: SqlStore) -> None:
    _, case = await a_case(store)

    async def take(user: int, name: str) -> str:
        async with store.transaction() as tx:
            operator = await tx.operators.get_or_create(user, name, MORNING)
            try:
                await tx.cases.take(case.id, operator.id, MORNING)
            except CaseAlreadyTaken:
                return "too late"
            return name

    results = await asyncio.gather(*(take(100 + n, f"operator {n}") for n in range(8)))
    winners = [each for each in results if each != "too late"]
    assert len(winners) == 1
    async with store.reading() as tx:
        taken = await tx.cases.get(case.id)
        assert taken.status is CaseStatus.TAKEN
        assert taken.operator_id is not None
        assert (await tx.operators.get(taken.operator_id)).name == winners[0]


@pytest.mark.parametrize("found_by", ["id", "number", "topic"])
async def test_what_an_operator_took_meanwhile_is_not_undone_by_a_later_save(store: SqlStore, found_by: str) -> None:
    _, case = await a_case(store)
    async with store.transaction() as tx:
        operator = await tx.operators.get_or_create(100, "operator", MORNING)
        await tx.cases.save(replace(case, thread_id=41))
    read = asyncio.Event()

    async def note_the_card() -> None:
        async with store.transaction() as tx:
            found: Case | None
            match found_by:
                case "id":
                    found = await tx.cases.get(case.id)
                case "number":
                    found = await tx.cases.by_number(case.number)
                case _:
                    found = await tx.cases.by_thread("main", 41)
            assert found is not None
            read.set()
            await asyncio.sleep(0.2)
            await tx.cases.save(replace(found, card_id=999))

    async def take() -> None:
        await read.wait()
        async with store.transaction() as tx:
            await tx.cases.take(case.id, operator.id, MORNING)

    await asyncio.gather(note_the_card(), take())
    async with store.reading() as tx:
        stored = await tx.cases.get(case.id)
    assert (stored.status, stored.operator_id, stored.card_id) == (CaseStatus.TAKEN, operator.id, 999)


async def test_a_case_that_is_changed_while_its_card_is_noted_keeps_both(store: SqlStore) -> None:
    person, case = await a_case(store)
    read = asyncio.Event()

    async def raise_it() -> None:
        async with store.transaction() as tx:
            await tx.people.get(person.id)  # as every turn of a person begins
            (found,) = await tx.cases.active_of_person(person.id)
            read.set()
            await asyncio.sleep(0.2)
            await tx.cases.save(found.raised(Severity.URGENT, "danger"))

    async def note_the_card() -> None:
        await read.wait()
        async with store.transaction() as tx:
            await tx.cases.save(replace(await tx.cases.get(case.id), card_id=999))

    await asyncio.gather(raise_it(), note_the_card())
    async with store.reading() as tx:
        stored = await tx.cases.get(case.id)
    assert (stored.severity, stored.card_id) == (Severity.URGENT, 999)


async def test_reading_a_case_waits_for_nobody_who_changes_it(store: SqlStore) -> None:
    _, case = await a_case(store)
    async with store.transaction() as tx:
        await tx.cases.save(replace(await tx.cases.get(case.id), card_id=999))
        async with store.reading() as other:
            assert (await asyncio.wait_for(other.cases.get(case.id), 2)).card_id is None


async def test_a_closed_case_cannot_be_taken_and_is_purged_in_time(store: SqlStore) -> None:
    person, case = await a_case(store)
    async with store.transaction() as tx:
        operator = await tx.operators.get_or_create(1, "Nurlan", MORNING)
        await tx.cases.save(case.closed(MORNING))
        with pytest.raises(CaseIsClosed):
            await tx.cases.take(case.id, operator.id, MORNING)
        relay = await tx.relays.add(a_message(case))
        call = await tx.outbox.add(NewOutbox("case", group_chat(-1), "sendMessage", {"text": "x"}))
        await tx.relays.settle(relay.id, RelayState.QUEUED, outbox_id=call)
    async with store.transaction() as tx:
        assert await tx.cases.purge_closed(MORNING) == []
        (gone,) = await tx.cases.purge_closed(MORNING + timedelta(days=90))
        assert gone.number == case.number
    async with store.reading() as tx:
        assert await tx.cases.of_person(person.id) == []
        assert await tx.outbox.get(call) is None
        with pytest.raises(RelayNotFound):
            await tx.relays.get(relay.id)


def a_message(case: Case, number: int = 1, text: str = "Мне не платят", album: str | None = None) -> NewRelay:
    return NewRelay(case.id, Direction.TO_DESK, AIBEK, number, MORNING, {"kind": "text", "text": text}, album=album)


async def test_a_message_is_stored_once_and_found_from_both_ends(store: SqlStore) -> None:
    _, case = await a_case(store)
    async with store.transaction() as tx:
        relay = await tx.relays.add(a_message(case))
        assert (await tx.relays.add(a_message(case, text="again"))) == relay
        await tx.relays.settle(relay.id, RelayState.QUEUED, outbox_id=7, target_chat=-100)
        await tx.relays.settle(relay.id, RelayState.DELIVERED, target_message=900)
    async with store.reading() as tx:
        stored = await tx.relays.get(relay.id)
        assert stored == replace(relay, state=RelayState.DELIVERED, outbox_id=7, target_chat=-100, target_message=900)
        assert await tx.relays.by_source(Direction.TO_DESK, AIBEK, 1) == stored
        assert await tx.relays.by_target(Direction.TO_DESK, -100, 900) == stored
        assert await tx.relays.by_source(Direction.TO_PERSON, AIBEK, 1) is None
        assert await tx.relays.by_target(Direction.TO_PERSON, -100, 900) is None
        assert await tx.relays.of_case(case.id) == [stored]


async def test_an_edit_changes_the_words_and_nothing_else(store: SqlStore) -> None:
    _, case = await a_case(store)
    async with store.transaction() as tx:
        relay = await tx.relays.add(a_message(case))
        await tx.relays.settle(relay.id, RelayState.DELIVERED, target_chat=-100, target_message=900)
        revised = await tx.relays.revise(relay.id, {"kind": "text", "text": "Мне не платят два месяца"})
    async with store.reading() as tx:
        assert await tx.relays.get(relay.id) == revised
        assert revised.target_message == 900
        assert revised.parcel["text"].endswith("два месяца")


async def test_an_album_keeps_the_order_in_which_it_was_written(store: SqlStore) -> None:
    _, case = await a_case(store)
    async with store.transaction() as tx:
        for number in (12, 11, 13):  # Telegram does not promise the order
            await tx.relays.add(a_message(case, number, album="a"))
        await tx.relays.add(a_message(case, 14, album="b"))
        assert [part.source_message for part in await tx.relays.of_album(case.id, "a")] == [11, 12, 13]
        assert [part.source_message for part in await tx.relays.of_case(case.id, limit=2)] == [13, 14]


async def test_an_operator_keeps_the_id_when_the_name_changes(store: SqlStore) -> None:
    async with store.transaction() as tx:
        nurlan = await tx.operators.get_or_create(5, "Nurlan", MORNING)
        await tx.operators.save(replace(nurlan, locale=Locale.KY))
        renamed = await tx.operators.get_or_create(5, "Nurlan B.", MORNING)
        assert renamed == replace(nurlan, name="Nurlan B.", locale=Locale.KY)
        with pytest.raises(OperatorNotFound):
            await tx.operators.get(nurlan.id + 1)


async def test_topics_and_cards_stay_behind_where_a_desk_moves_to_another_group(store: SqlStore) -> None:
    async with store.transaction() as tx:
        await tx.desks.move("main", -1001)
        person = await tx.people.get_or_create(7, MORNING)
        case = await tx.cases.open(NewCase(person.id, "main", Locale.RU, MORNING))
        await tx.cases.save(replace(case, thread_id=41, card_id=42))
        await tx.desks.move("main", -1001)
        assert (await tx.cases.get(case.id)).thread_id == 41, "it has not moved"
        await tx.desks.move("main", -1002)
        left = await tx.cases.get(case.id)
        assert (left.thread_id, left.card_id) == (None, None)
        assert await tx.cases.by_thread("main", 41) is None
        await tx.cases.save(replace(left, thread_id=5))
        found = await tx.cases.by_thread("main", 5)
        assert found is not None
        assert (found.thread_id, found.card_id) == (5, None)


async def test_audit_searches_desks_and_settings(store: SqlStore) -> None:
    async with store.transaction() as tx:
        await tx.audit.record(MORNING, "operator:1", "opened", 3)
        await tx.audit.record(MORNING, "system", "purged", 4, "time")
        await tx.searches.add("где мечеть", "ky", "nothing", date(2026, 11, 20), ["wages"])
        await tx.searches.add("old", "ru", "likely", date(2026, 1, 1))
        await tx.desks.move("main", -1001)
        await tx.desks.move("main", -1002)
        await tx.settings.put("flag", {"on": True})
    async with store.transaction() as tx:
        rows = await tx.audit.rows()
        assert [row["action"] for row in rows] == ["purged", "opened"]
        assert [row["actor"] for row in await tx.audit.rows(case_id=3)] == ["operator:1"]
        (search,) = await tx.searches.since(date(2026, 11, 1))
        assert search == {
            "text": "где мечеть",
            "articles": ["wages"],
            "locale": "ky",
            "outcome": "nothing",
            "on": date(2026, 11, 20),
        }
        assert await tx.searches.purge(date(2026, 6, 1)) == 1
        assert await tx.desks.chat_id("main") == -1002
        assert await tx.desks.by_chat(-1002) == "main"
        assert await tx.desks.by_chat(-1001) is None
        assert await tx.settings.get("flag") == {"on": True}
        await tx.settings.put("flag", None)
        assert await tx.settings.get("flag") is None


async def test_erasing_a_person_leaves_nothing_of_that_person_and_all_of_others(store: SqlStore) -> None:
    person, case = await a_case(store)
    other, others_case = await a_case(store, GULNARA)
    async with store.transaction() as tx:
        relay = await tx.relays.add(a_message(case))
        relayed = await tx.outbox.add(NewOutbox("case", group_chat(-1), "sendMessage", {"text": "secret"}))
        await tx.relays.settle(relay.id, RelayState.QUEUED, outbox_id=relayed)
        menu = await tx.outbox.add(NewOutbox(private_chat(AIBEK), private_chat(AIBEK), "sendMessage", {"text": "m"}))
        noted = await tx.outbox.add(
            NewOutbox("desk", group_chat(-1), "sendMessage", {"text": "about"}, person_id=person.id)
        )
        kept = await tx.outbox.add(NewOutbox(private_chat(GULNARA), private_chat(GULNARA), "sendMessage", {}))
        await tx.jobs.schedule("remind", "1", MORNING, {"a": 1}, person_id=person.id)
        await tx.jobs.schedule("remind", "2", MORNING, {"a": 2}, person_id=other.id)
    async with store.transaction() as tx:
        await tx.people.erase(person.id)
    async with store.transaction() as tx:
        assert await tx.people.find(AIBEK) is None
        assert [case.id for case in await tx.cases.queue()] == [others_case.id]
        assert [await tx.outbox.get(each) for each in (relayed, menu, noted)] == [None, None, None]
        assert await tx.outbox.get(kept) is not None
        assert [job.key for job in await tx.jobs.due(10)] == ["2"]


async def test_an_error_takes_everything_back_and_a_savepoint_only_its_part(store: SqlStore) -> None:
    ran: list[str] = []

    async def act() -> None:
        ran.append("kept")

    async def lost() -> None:
        ran.append("lost")

    async def fail() -> None:
        async with store.transaction() as tx:
            tx.after_commit(lost)
            await tx.settings.put("a", 1)
            raise ZeroDivisionError

    async def fail_inside(tx: SqlTransaction) -> None:
        async with tx.savepoint():
            tx.after_commit(lost)
            await tx.settings.put("c", 1)
            async with tx.savepoint():
                await tx.settings.put("d", 1)
            raise StorageError("no")

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with store.transaction() as tx:
        assert await tx.settings.get("a") is None
        await tx.settings.put("b", 1)
        tx.after_commit(act)
        with pytest.raises(StorageError):
            await fail_inside(tx)
    await store.finish()
    assert ran == ["kept"]
    async with store.reading() as tx:
        assert [await tx.settings.get(key) for key in "abcd"] == [None, 1, None, None]


async def test_a_call_goes_through_its_states(store: SqlStore) -> None:
    new = NewOutbox("lane", private_chat(AIBEK), "sendMessage", {"text": "hello"}, about={"relay": 3})
    async with store.transaction() as tx:
        row_id = await tx.outbox.add(new)
        row = await tx.outbox.get(row_id)
        assert row is not None
        assert (row.lane, row.chat, row.params, row.about) == ("lane", new.chat, {"text": "hello"}, {"relay": 3})
        assert await tx.outbox.waiting() == 1
        await tx.outbox.settle(row_id, OutboxState.UNKNOWN, "unknown")
        await tx.outbox.requeue(row_id)
        await tx.outbox.settle_sent(row_id, 55)
        sent = await tx.outbox.get(row_id)
        assert sent is not None
        assert (sent.state, sent.result_id, sent.params, sent.attempts) == (OutboxState.SENT, 55, {}, 2)
        with pytest.raises(StorageError):
            await tx.outbox.requeue(row_id)
        gone = await tx.outbox.add(new)
        await tx.outbox.cancel(gone)
        cancelled = await tx.outbox.get(gone)
        assert cancelled is not None
        assert cancelled.state is OutboxState.CANCELLED
        assert await tx.outbox.waiting() == 0


async def test_calls_put_before_another_keep_their_order(store: SqlStore) -> None:
    async with store.transaction() as tx:
        first, last = [await tx.outbox.add(NewOutbox("l", "private:1", "m", {"n": n})) for n in (1, 9)]
        await tx.outbox.add(NewOutbox("other", "private:1", "m", {}))
        second = await tx.outbox.add_before(last, NewOutbox("ignored", "private:1", "m", {}))
        fourth = await tx.outbox.add_before(last, NewOutbox("ignored", "private:1", "m", {}))
        third = await tx.outbox.add_before(fourth, NewOutbox("ignored", "private:1", "m", {}))
        rows = [await tx.outbox.get(each) for each in (first, second, third, fourth, last)]
        places = [(row.position, row.id) for row in rows if row]
        assert places == sorted(places)
        assert len(places) == 5
        with pytest.raises(StorageError):
            await tx.outbox.add_before(999, NewOutbox("l", "private:1", "m", {}))


async def test_a_job_is_moved_replaced_cancelled_and_taken_once(store: SqlStore) -> None:
    async with store.transaction() as tx:
        await tx.jobs.schedule("sla", "1", MORNING + timedelta(hours=1), {"step": 1})
        await tx.jobs.schedule("sla", "1", MORNING, {"step": 2})
        await tx.jobs.schedule("sla", "2", MORNING)
        await tx.jobs.cancel("sla", "2")
        (job,) = await tx.jobs.due(10)
        assert (job.kind, job.key, job.payload) == ("sla", "1", {"step": 2})
        assert await tx.jobs.take(job)
        assert not await tx.jobs.take(job)
        assert await tx.jobs.next_due() is None


async def test_a_transaction_inside_a_transaction_is_noticed(sqlite_url: str, keys: Keys, clock: FixedClock) -> None:
    store = await open_store(sqlite_url, keys, clock)

    async def nest() -> None:
        async with store.transaction() as outer:
            await outer.settings.put("a", 1)
            async with store.transaction() as inner:
                await inner.settings.put("b", 1)

    with pytest.raises(RuntimeError, match="wait for itself"):
        await nest()
    async with store.transaction() as tx:
        assert await tx.settings.get("a") is None
    await store.close()

"""Nothing is confirmed before it is stored, nothing is stored twice, and one bad update harms no other."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import FixedClock, SystemChance
from bot.delivery.inbox import Puller
from bot.delivery.intake import Intake, id_of
from bot.delivery.ports import UNREADABLE, FeedUnavailable
from bot.storage.errors import DatabaseFull
from bot.storage.sqlite import SqliteEngine
from bot.storage.store import SqlStore
from tests.delivery.conftest import SETTINGS, House
from tests.delivery.fakes import FakeFeed, RelayHandler, message, until

AIBEK, GULNARA, RUSTAM = 7001, 7002, 7003


async def stored(store: SqlStore) -> int:
    async with store.reading() as tx:
        return (await tx.inbox.counts())[0]


async def test_updates_are_stored_once_however_often_they_come(live_store: SqlStore) -> None:
    handler = RelayHandler()
    intake = Intake(live_store, handler)
    batch = [message(1, AIBEK, "a"), message(2, GULNARA, "b")]
    await intake.store_updates(batch)
    await intake.store_updates([*batch, message(3, AIBEK, "c"), message(3, AIBEK, "c")])
    await intake.finish()
    assert await stored(live_store) == 3
    assert handler.aided == [1, 2, 3]


async def test_updates_without_a_usable_id_are_kept_too(live_store: SqlStore) -> None:
    intake = Intake(live_store, RelayHandler())
    odd = [{**message(1, AIBEK, text), "update_id": number} for text, number in (("a", 2**70), ("b", "7"), ("c", -1))]
    del odd[2]["update_id"]
    await intake.store_updates(odd)
    await intake.store_updates(odd)
    assert await stored(live_store) == 3
    assert len({id_of(update) for update in odd}) == 3


async def test_an_offset_confirms_only_what_is_stored(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.feed.write(message(10, AIBEK, "a"), message(11, AIBEK, "b"))
    intake = Intake(house.store, house.handler)
    real, trouble = intake.store_updates, [DatabaseFull("full"), DatabaseFull("full")]

    async def store_updates(updates: object) -> None:
        if trouble:
            raise trouble.pop()
        await real(updates)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "store_updates", store_updates)
    stop = asyncio.Event()
    puller = Puller(house.feed, intake, house.store.clock, SystemChance())
    task = asyncio.create_task(puller.run(stop))
    await until(lambda: 12 in house.feed.offsets)
    assert trouble == []
    assert list(dict.fromkeys(house.feed.offsets))[:2] == [None, 12]
    assert await stored(house.store) == 2
    stop.set()
    await task


async def test_after_a_long_silence_smaller_ids_are_not_taken_for_confirmed(house: House, clock: FixedClock) -> None:
    intake = Intake(house.store, house.handler)
    puller = Puller(house.feed, intake, clock, SystemChance())
    stop = asyncio.Event()
    house.feed.write(message(900_000, AIBEK, "a"))
    task = asyncio.create_task(puller.run(stop))
    await until(lambda: 900_001 in house.feed.offsets)
    clock.advance(timedelta(days=8))
    await until(lambda: house.feed.offsets[-1] is None)
    house.feed.write(message(17, AIBEK, "a week later"))
    await until(lambda: 18 in house.feed.offsets)
    assert await stored(house.store) == 2
    stop.set()
    await task


async def test_a_feed_in_trouble_is_asked_again_and_a_refused_token_stops(house: House) -> None:
    house.feed.trouble = [FeedUnavailable("502", 0.01), FeedUnavailable("409", 0.01)]
    house.feed.write(message(1, AIBEK, "a"))
    stop = asyncio.Event()
    puller = Puller(house.feed, Intake(house.store, house.handler), house.store.clock, SystemChance())
    task = asyncio.create_task(puller.run(stop))
    await until(lambda: 2 in house.feed.offsets)
    house.feed.trouble = [FeedUnavailable("The token is refused.", fatal=True)]
    with pytest.raises(FeedUnavailable, match="refused"):
        await task


async def test_first_aid_comes_even_when_nothing_can_be_stored(house: House) -> None:
    class Broken(SqlStore):
        def __init__(self) -> None:
            pass

        def transaction(self, on_begin: object = None) -> object:  # type: ignore[override]
            raise DatabaseFull("full")

    intake = Intake(Broken(), house.handler)
    for _ in range(3):
        with pytest.raises(DatabaseFull):
            await intake.store_updates([message(1, AIBEK, "help")])
    await intake.finish()
    assert house.handler.aided == [1]


async def test_who_writes_while_nothing_can_be_stored_gets_first_aid_too(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = Intake(house.store, house.handler)
    real, repaired = intake.store_updates, asyncio.Event()

    async def store_updates(updates: object) -> None:
        if not repaired.is_set():
            intake.aid(updates)  # type: ignore[arg-type]
            await repaired.wait()  # a database that does not answer, rather than one that says no
        await real(updates)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "store_updates", store_updates)
    stop = asyncio.Event()
    house.feed.write(message(10, AIBEK, "help"))
    task = asyncio.create_task(Puller(house.feed, intake, house.store.clock, SystemChance()).run(stop))
    await until(lambda: house.handler.aided == [10])
    house.feed.write(message(11, GULNARA, "help"))
    await until(lambda: house.handler.aided == [10, 11])
    house.feed.trouble = [FeedUnavailable("502", 0.01)]
    house.feed.write(message(12, RUSTAM, "help"))
    await until(lambda: house.handler.aided == [10, 11, 12])
    assert set(house.feed.offsets) == {None}, "nothing is confirmed before it is stored"
    assert await stored(house.store) == 0
    repaired.set()
    await until(lambda: 13 in house.feed.offsets)
    assert await stored(house.store) == 3
    assert house.handler.aided == [10, 11, 12]
    stop.set()
    await task


async def test_each_chat_keeps_its_order_and_all_is_relayed(house: House) -> None:
    texts = {chat: [f"{chat} says {n}" for n in range(40)] for chat in (AIBEK, GULNARA, RUSTAM)}
    number = 0
    for n in range(40):
        for chat in texts:
            number += 1
            house.feed.write(message(number, chat, texts[chat][n]))
    async with house.running():
        await until(lambda: len(house.transport.calls) == 120)
    for chat, wanted in texts.items():
        assert [text for text in house.transport.texts() if text.startswith(str(chat))] == wanted
    assert await stored(house.store) == 0


async def test_an_update_that_fails_is_tried_again_in_its_place(house: House) -> None:
    failures = [ValueError("first"), ValueError("second")]

    async def fail() -> None:
        if failures:
            raise failures.pop()

    house.handler.trouble["bad"] = fail
    house.feed.write(message(1, AIBEK, "bad"), message(2, AIBEK, "after"), message(3, GULNARA, "other"))
    async with house.running():
        await until(lambda: len(house.transport.calls) == 3)
    aibeks = [text for text in house.handler.handled if text != "other"]
    assert aibeks == ["bad", "after"]
    assert house.handler.handled[0] == "other"
    assert house.handler.tried.count("bad") == 3


async def test_a_hopeless_update_becomes_a_dead_letter_with_a_kind_word(house: House) -> None:
    async def fail() -> None:
        raise KeyError("a secret word of the person")

    house.handler.trouble["bad"] = fail
    house.feed.write(message(1, AIBEK, "bad"), message(2, AIBEK, "after"))
    async with house.running():
        await until(lambda: len(house.transport.calls) == 2)
        assert set(house.transport.texts()) == {"sorry for bad", "after"}
        assert house.handler.buried == [("bad", "KeyError")]
        async with house.store.reading() as tx:
            (letter,) = await tx.inbox.list()
        assert (letter.update_id, letter.attempts, letter.error) == (1, 3, "KeyError")
        del house.handler.trouble["bad"]  # mended; an administrator tries again
        async with house.store.transaction() as tx:
            await tx.inbox.retry(1)
        await until(lambda: "bad" in house.handler.handled)
    async with house.store.reading() as tx:
        assert await tx.inbox.list() == []


async def test_what_a_failed_try_did_is_undone(house: House) -> None:
    tries = []

    async def fail_late() -> None:
        tries.append(1)

    house.handler.trouble["bad"] = fail_late
    real = house.handler.handle

    async def handle(tx, update):  # type: ignore[no-untyped-def]
        await real(tx, update)
        if update["message"]["text"] == "bad" and len(tries) < 2:
            raise ValueError("after everything was written")

    house.handler.handle = handle  # type: ignore[method-assign]
    house.feed.write(message(1, AIBEK, "bad"), message(2, GULNARA, "good"))
    async with house.running():
        await until(lambda: len(house.transport.calls) == 2)
        await asyncio.sleep(0.1)
    assert sorted(house.transport.texts()) == ["bad", "good"]


async def test_a_slow_update_delays_only_its_own_chat(house: House) -> None:
    gate = asyncio.Event()
    house.handler.trouble["slow"] = gate.wait  # type: ignore[assignment]
    house.feed.write(message(1, AIBEK, "slow"), message(2, AIBEK, "behind"), message(3, GULNARA, "other"))
    async with house.running(replace(SETTINGS, worker=replace(SETTINGS.worker, timeout=60))):
        await until(lambda: house.handler.handled == ["other"])
        house.feed.write(message(4, RUSTAM, "later"))
        await until(lambda: "later" in house.handler.handled)
        gate.set()
        await until(lambda: "behind" in house.handler.handled)
        await until(lambda: len(house.transport.calls) == 4)
    assert house.handler.handled == ["other", "later", "slow", "behind"]


async def test_an_update_that_never_ends_becomes_a_dead_letter(house: House) -> None:
    house.handler.trouble["endless"] = asyncio.Event().wait  # type: ignore[assignment]
    house.feed.write(message(1, AIBEK, "endless"), message(2, AIBEK, "behind"))
    async with house.running():
        await until(lambda: "behind" in house.handler.handled)
    assert house.handler.buried == [("endless", "UpdateTookTooLong")]


async def test_a_handler_that_dawdles_after_writing_frees_the_database(house: House) -> None:
    real = house.handler.handle

    async def handle(tx, update):  # type: ignore[no-untyped-def]
        await real(tx, update)
        if update["message"]["text"] == "dawdler":
            await asyncio.sleep(30)

    house.handler.handle = handle  # type: ignore[method-assign]
    house.feed.write(message(1, AIBEK, "dawdler"), message(2, GULNARA, "other"))
    async with house.running():
        await until(lambda: "other" in house.transport.texts(), 5)
        await until(lambda: house.handler.buried == [("dawdler", "UpdateTookTooLong")])
    assert "dawdler" not in house.transport.texts()


async def test_an_update_that_cannot_be_decrypted_harms_no_other(house: House) -> None:
    await Intake(house.store, house.handler).store_updates([message(1, AIBEK, "a"), message(2, GULNARA, "b")])
    async with house.store.transaction() as tx:
        if isinstance(house.store.engine, SqliteEngine):
            house.store.engine.writer.raw.execute("UPDATE inbox SET data = x'010203' WHERE update_id = 1")
        else:
            await tx.session.connection.execute("UPDATE inbox SET data = '\\x010203' WHERE update_id = 1")  # type: ignore[attr-defined]
    async with house.running():
        await until(lambda: house.transport.texts() == ["b"])
        await asyncio.sleep(0.3)
    async with house.store.reading() as tx:
        assert [letter.error for letter in await tx.inbox.list()] == ["WrongKey"]


async def test_a_full_disk_confirms_nothing_and_all_goes_on_by_itself(sqlite_house: House) -> None:
    house = sqlite_house
    engine = house.store.engine
    assert isinstance(engine, SqliteEngine)
    (pages,) = engine.writer.raw.execute("PRAGMA page_count").fetchone()
    engine.writer.raw.execute(f"PRAGMA max_page_count = {pages + 12}")
    wanted = [f"{n} " + "x" * 900 for n in range(1, 81)]
    house.feed.write(*(message(n, AIBEK + n % 5, text) for n, text in enumerate(wanted, 1)))
    async with house.running():
        await asyncio.sleep(1.0)
        assert len(house.transport.calls) < 80
        assert house.feed.updates, "what is not stored is not confirmed"
        engine.writer.raw.execute("PRAGMA max_page_count = 1000000")
        await until(lambda: len(house.transport.calls) >= 80, 30)
    assert sorted(house.transport.texts()) == sorted(wanted)
    async with house.store.reading() as tx:
        assert await tx.inbox.counts() == (0, 0)


@pytest.fixture
async def sqlite_house(sqlite_url, keys):  # type: ignore[no-untyped-def]
    """A house on SQLite."""
    from bot.clock import SystemClock
    from bot.storage.store import open_store

    store = await open_store(sqlite_url, keys, SystemClock())
    yield House(store, feed=FakeFeed())
    await store.close()


async def test_a_lane_that_becomes_free_while_the_inbox_is_read_waits_for_its_turn(store: SqlStore) -> None:
    """Only the first waiting update of a lane may be begun, also where the lane was busy a moment ago."""

    class FreeAfterFour(set[bytes]):
        asked = 0

        def __contains__(self, lane: object) -> bool:
            self.asked += 1
            return self.asked <= 4 and super().__contains__(lane)

    await Intake(store, RelayHandler()).store_updates([message(number, AIBEK, "a") for number in range(1, 11)])
    async with store.transaction() as tx:
        (first,), _ = await tx.inbox.take(1)
        taken, _ = await tx.inbox.take(1, FreeAfterFour({first.lane}))
    assert [pending.update_id for pending in taken] in ([], [1])


async def test_an_update_too_deep_to_write_is_kept_by_its_number_and_harms_no_other(live_store: SqlStore) -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    handler = RelayHandler()
    await Intake(live_store, handler).store_updates([message(1, AIBEK, "a"), {"update_id": 2, "x": deep}])
    async with live_store.transaction() as tx:
        taken, _ = await tx.inbox.take(5)
        contents = [tx.inbox.content(pending) for pending in taken]
    assert contents == [message(1, AIBEK, "a"), {"update_id": 2, UNREADABLE: True}]
    while deep:  # taken apart by hand: Python would do it one inside the other
        deep = deep.pop()  # type: ignore[assignment]

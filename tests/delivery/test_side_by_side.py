"""Several processes share one PostgreSQL: each update is processed once, each lane in order, one of them sends."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack

from bot.clock import SystemClock
from bot.delivery.intake import Intake
from bot.storage.crypto import Keys
from bot.storage.store import open_store
from tests.delivery.conftest import House
from tests.delivery.fakes import FakeFeed, FakeTransport, message, until


async def test_webhook_workers_share_a_database(postgres_url: str, keys: Keys) -> None:
    transport = FakeTransport()
    houses = [
        House(await open_store(postgres_url, keys, SystemClock()), feed=FakeFeed(0.2), transport=transport)
        for _ in range(3)
    ]
    texts = {chat: [f"{chat} says {n}" for n in range(30)] for chat in range(7001, 7007)}
    number = 0
    async with AsyncExitStack() as stack:
        for house in houses:
            await stack.enter_async_context(house.running())
        for n in range(30):
            for chat in texts:
                number += 1
                at = houses[number % 3]  # Telegram calls any of them
                await Intake(at.store, at.handler).store_updates([message(number, chat, texts[chat][n])])
        await until(lambda: len(transport.calls) >= 180, 30)
        await asyncio.sleep(0.3)
    handled = Counter(text for house in houses for text in house.handler.handled)
    assert len(handled) == 180
    for chat, wanted in texts.items():
        assert [text for text in transport.texts() if text.startswith(str(chat))] == wanted
    assert sum(bool(house.handler.handled) for house in houses) > 1, "the work was not shared"
    async with houses[0].store.reading() as tx:
        assert await tx.inbox.counts() == (0, 0)
        assert await tx.outbox.waiting() == 0
    for house in houses:
        await house.store.close()


async def test_another_process_takes_over_when_the_sender_dies(postgres_url: str, keys: Keys) -> None:
    first = House(await open_store(postgres_url, keys, SystemClock()))
    second = House(await open_store(postgres_url, keys, SystemClock()))
    stop = asyncio.Event()
    async with first.running():
        await asyncio.sleep(0.3)
        task = asyncio.create_task(second.delivery().run(stop))
        first.feed.write(message(1, 7001, "one"))
        await until(lambda: first.transport.texts() == ["one"])
    second.feed.write(message(2, 7001, "two"))
    await until(lambda: second.transport.texts() == ["two"])
    stop.set()
    await task
    for house in (first, second):
        await house.store.close()


async def test_a_server_that_restarts_stops_nothing_for_long(keys: Keys) -> None:
    import pytest

    from tests import postgres

    try:
        with postgres.running(safe=True) as server:
            house = House(await open_store(server.url(), keys, SystemClock()))
            async with house.running():
                for number in range(1, 6):
                    house.feed.write(message(number, 7001, f"{number}"))
                await until(lambda: len(house.transport.calls) == 5)
                await asyncio.to_thread(server.kill)
                for number in range(6, 11):
                    house.feed.write(message(number, 7001, f"{number}"))
                await asyncio.sleep(0.5)
                assert house.feed.updates, "what is not stored is not confirmed"
                await asyncio.to_thread(server.start)
                await until(lambda: "10" in house.transport.texts(), 30)
            first = list(dict.fromkeys(house.transport.texts()))
            assert first == [f"{number}" for number in range(1, 11)]
            await house.store.close()
    except postgres.PostgresMissing as error:
        pytest.skip(str(error))


async def test_a_second_hotline_on_the_same_file_waits(sqlite_url: str, keys: Keys) -> None:
    first = House(await open_store(sqlite_url, keys, SystemClock()))
    second = House(await open_store(sqlite_url, keys, SystemClock()))
    async with first.running():
        await until(lambda: len(first.feed.offsets) > 0)
        async with second.running():
            for number in range(1, 21):
                (first if number % 2 else second).feed.write(message(number, 7001, f"{number}"))
            await until(lambda: len(first.transport.calls) == 20)
    assert sorted(first.transport.texts(), key=int) == [f"{number}" for number in range(1, 21)]
    assert second.transport.calls == []
    for house in (first, second):
        await house.store.close()

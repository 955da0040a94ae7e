"""Misbehaviour can be switched on, happens as often as asked, and leaves the world as it says."""

from __future__ import annotations

import time

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from bot.sandbox import LocalTelegram, Person


@pytest.fixture
def person(telegram: LocalTelegram) -> Person:
    return telegram.person("Aziz", started=True)


async def test_a_connection_breaks_before_or_after(telegram: LocalTelegram, bot: Bot, person: Person) -> None:
    telegram.faults.drop_before("sendMessage")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(person.id, "lost")
    assert person.history() == []
    telegram.faults.drop_after("sendMessage")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(person.id, "delivered")
    assert [one.text for one in person.history()] == ["delivered"]
    await bot.send_message(person.id, "well again")
    assert telegram.faults.happened == {"drop_before": 1, "drop_after": 1}


async def test_errors_of_the_server(telegram: LocalTelegram, bot: Bot, person: Person) -> None:
    telegram.faults.bad_gateway("sendMessage")
    telegram.faults.server_error("sendMessage")
    telegram.faults.too_many("sendMessage", retry_after=7)
    with pytest.raises(Exception, match=r"502|Bad Gateway"):
        await bot.send_message(person.id, "x")
    with pytest.raises(TelegramServerError):
        await bot.send_message(person.id, "x")
    with pytest.raises(TelegramRetryAfter) as limited:
        await bot.send_message(person.id, "x")
    assert limited.value.retry_after == 7
    assert person.history() == []


async def test_filters_counts_and_chance(telegram: LocalTelegram, bot: Bot, person: Person) -> None:
    telegram.faults.server_error("sendPhoto", count=None)
    await bot.send_message(person.id, "another method")
    telegram.faults.clear()
    telegram.faults.server_error("sendMessage", after=2, count=1)
    outcomes = [await _works(bot, person) for _ in range(4)]
    assert outcomes == [True, True, False, True]
    telegram.faults.server_error("sendMessage", probability=0.5, count=None)
    failures = [await _works(bot, person) for _ in range(40)].count(False)
    assert 8 <= failures <= 32


async def _works(bot: Bot, person: Person) -> bool:
    try:
        await bot.send_message(person.id, "x")
    except TelegramServerError:
        return False
    return True


async def test_chance_can_be_repeated() -> None:
    runs = []
    for _ in range(2):
        telegram = LocalTelegram(seed=5)
        telegram.faults.drop_before(probability=0.3, count=None)
        runs.append([telegram.faults.hit("drop_before", "x") is not None for _ in range(50)])
    assert runs[0] == runs[1]
    assert any(runs[0])


async def test_a_delay(telegram: LocalTelegram, bot: Bot, person: Person) -> None:
    telegram.faults.delay(0.3, "sendMessage")
    begin = time.monotonic()
    await bot.send_message(person.id, "x")
    assert time.monotonic() - begin >= 0.3


async def test_updates_repeat_and_come_out_of_order(telegram: LocalTelegram, bot: Bot, person: Person) -> None:
    for number in range(8):
        await person.send(str(number))
    telegram.faults.shuffle_updates()
    shuffled = [update.update_id for update in await bot.get_updates()]
    ordered = [update.update_id for update in await bot.get_updates()]
    assert shuffled != ordered
    assert sorted(shuffled) == ordered
    telegram.faults.repeat_update(count=2)
    again = await bot.get_updates(offset=ordered[-1] + 1)
    assert [update.update_id for update in again] == ordered[:2]
    assert await bot.get_updates(offset=ordered[-1] + 1) == []


async def test_people_and_groups_change_at_the_worst_moment(telegram: LocalTelegram, bot: Bot, person: Person) -> None:
    group = telegram.group("Operators", forum=True)
    telegram.person("Nurlan", groups=[group])
    thread = (await bot.create_forum_topic(group.id, "Case")).message_thread_id
    telegram.faults.block_user("sendMessage")
    with pytest.raises(TelegramForbiddenError, match="blocked"):
        await bot.send_message(person.id, "x")
    await person.unblock_bot()
    telegram.faults.close_topic("sendMessage")
    with pytest.raises(TelegramBadRequest, match="TOPIC_CLOSED"):
        await bot.send_message(group.id, "x", message_thread_id=thread)
    telegram.faults.delete_topic("sendMessage")
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await bot.send_message(group.id, "x", message_thread_id=thread)
    telegram.faults.migrate_group()
    with pytest.raises(TelegramMigrateToChat):
        await bot.send_message(group.id, "x")
    telegram.faults.deactivate_user()
    with pytest.raises(TelegramForbiddenError, match="deactivated"):
        await bot.send_message(person.id, "x")


def test_an_unknown_fault_is_named(telegram: LocalTelegram) -> None:
    with pytest.raises(ValueError, match="there is no fault 'earthquake'"):
        telegram.faults.add("earthquake")

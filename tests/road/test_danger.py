"""Danger first: numbers at once, before any queue and without a database."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.road.conftest import Road

pytestmark = pytest.mark.asyncio


async def test_words_of_danger_bring_numbers_at_once_and_a_case_at_the_top_on_a_tap(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send("помогите муж меня бьет прямо сейчас")
    await person.sees_soon("112")
    await person.tap("🆘")
    topic = await road.nurlan.topic("🔴")
    await road.nurlan.finds(topic, "муж меня бьет")


async def test_danger_in_an_open_case_raises_it(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("меня держат взаперти и паспорт забрали")
    await person.sees_soon("112")
    await road.nurlan.finds(topic, "держат взаперти")
    await road.telegram.until(lambda: "🔴" in topic.name)


async def test_the_screen_comes_while_the_database_is_locked(road: Road) -> None:
    person = await road.newcomer(language="Тоҷикӣ")
    await person.sees_soon("Чӣ кӯмак лозим")
    await road.telegram.quiet()
    assert road.hotline is not None
    async with road.hotline.store.transaction() as tx:
        await tx.settings.put("held", 1)
        began = time.perf_counter()
        await person.send("шавҳарам маро мезанад кумак кунед")
        await person.sees_soon("112")
        assert time.perf_counter() - began < 2
        await asyncio.sleep(0)


async def test_where_someone_may_be_watching_an_answer_waits_for_a_press(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send("помогите муж меня бьет прямо сейчас")
    await person.tap("🆘")
    topic = await road.nurlan.topic("🔴")
    words = await road.nurlan.finds(topic, "муж меня бьет")
    answer = await road.nurlan.reply(words, "Приют готов вас принять")
    await person.sees_soon("Есть новости")
    await road.telegram.quiet()
    assert "Приют" not in person.sees()
    assert answer.reactions == []
    await person.tap("Показать")
    await person.sees_soon("Приют готов вас принять")
    await road.telegram.until(lambda: answer.reactions == ["👍"])

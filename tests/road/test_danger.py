"""Danger first: numbers at once, before any queue and without a database."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg  # type: ignore[import-untyped]
import pytest

from bot.sandbox.people import Person
from bot.storage.statements import SQLITE
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


@asynccontextmanager
async def silent_database(road: Road) -> AsyncIterator[None]:
    """Another program holds the database; the hotline's own transactions wait until the end of the block."""
    await road.rest()
    assert road.hotline is not None
    where = road.hotline.store.where
    if where.engine == SQLITE:
        file = sqlite3.connect(where.path, isolation_level=None)
        file.execute("BEGIN IMMEDIATE")
        yield
        file.close()
    else:
        server = await asyncpg.connect(where.dsn)
        await server.execute("BEGIN; LOCK TABLE inbox, outbox, people IN ACCESS EXCLUSIVE MODE")
        yield
        await server.close()


def screens_of_danger(person: Person) -> list[str]:
    return [message.text for message in person.history() if "112" in message.text]


async def test_everybody_in_danger_sees_the_screen_before_the_database_answers(road: Road) -> None:
    manizha = await road.newcomer("Manizha", language="Тоҷикӣ")
    aibek = await road.newcomer("Aibek", language="Кыргызча")
    ion = await road.newcomer("Ion", language="Română")
    async with silent_database(road):
        await manizha.send("шавҳарам маро мезанад кумак кунед")
        await manizha.sees_soon("112")
        await aibek.send("мени камап коюшту, паспортту алып алышты")
        await aibek.sees_soon("112")
        await ion.send("fratele meu nu respira")
        await ion.sees_soon("112")
        await ion.send("ajutor nu respira deloc")
    await road.rest()
    for person in (manizha, aibek, ion):
        assert len(screens_of_danger(person)) == 1, "nobody gets it again once the database is back"
    await aibek.tap("🆘")
    topic = await road.nurlan.topic("🔴")
    await road.nurlan.finds(topic, "камап коюшту")


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

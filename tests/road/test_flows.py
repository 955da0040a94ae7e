"""Triage through the whole road: questions, words instead of presses, a restart in the middle, a case at the end."""

from __future__ import annotations

import pytest

from tests.road.conftest import Road

pytestmark = pytest.mark.asyncio


async def test_a_flow_is_walked_with_presses_and_words_and_survives_a_restart(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send("мне не платят зарплату")
    await person.tap("📝")
    await person.sees_soon("Что случилось?")
    await person.tap("Не платят совсем")
    await person.sees_soon("Паспорт какой страны")
    await road.stop()
    await road.start()
    await person.send("узбекистан")
    await person.sees_soon("патент")
    await person.tap("🙋")
    topic = await road.nurlan.topic("1 ·")
    card = await road.nurlan.finds(topic, "№ 1")
    assert "Не платят совсем" in card.text
    assert "Узбекистан" in card.text


async def test_hiding_the_chat_deletes_messages_and_leaves_a_harmless_screen(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send("мне не платят зарплату")
    await person.sees_soon("зарплат")
    button = {"text": "hide", "callback_data": "h1|hide|"}
    await road.telegram.quiet()
    road.telegram.acts.tap(person.user, person.history()[-1].message, button)
    await person.sees_soon("Здравствуйте! Чем помочь?")
    await road.telegram.quiet()
    left = [message.text for message in person.history() if not message.is_deleted]
    assert left == ["Здравствуйте! Чем помочь?"]
    await person.send("меню")
    await person.sees_soon("Напишите вопрос")

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


async def test_words_that_are_no_answer_and_find_nothing_get_a_word_of_their_own(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send("мне не платят зарплату")
    await person.tap("📝")
    await person.sees_soon("Что случилось?")
    await person.send("абракадабра")
    screen = await person.sees_soon("Что случилось?")
    assert "не понял ответ" in screen


async def test_after_an_alarming_choice_the_next_question_stands_below_the_numbers(road: Road) -> None:
    person = await road.newcomer(language="Тоҷикӣ")
    await person.send("маро пулис дошт")
    await person.tap("📝")
    await person.tap("Ман ҳозир дар пулисам")
    await person.sees_soon("Ба чӣ имзо мекунонанд")
    await road.rest()
    texts = [message.text for message in person.history()]
    numbers = next(place for place, text in enumerate(texts) if "112" in text and "консул" in text)
    question = next(place for place, text in enumerate(texts) if "Ба чӣ имзо мекунонанд" in text)
    assert numbers < question


async def test_an_ending_is_read_in_order_and_names_no_foreign_consulate(road: Road) -> None:
    person = await road.newcomer(language="Ўзбекча")
    await person.tap("🏥")
    await person.tap("Тез ёрдам")
    await person.tap("📝")
    await person.tap("Касаллик ёки жароҳат")
    await person.tap("Рад этишди")
    await person.sees_soon("прокуратура")
    await road.rest()
    ending = "\n".join(message.text for message in person.history()[-2:])
    assert "Ўзбекистон" in ending
    assert "Молдова" not in ending
    assert "Қирғизистон" not in ending


async def test_a_case_that_an_ending_opens_is_told_last_with_what_was_passed_on(road: Road) -> None:
    person = await road.newcomer(language="Тоҷикӣ")
    await person.send("маро пулис дошт")
    await person.tap("📝")
    await person.tap("Ман ҳозир дар пулисам")
    await person.tap("Ҳоло ҳеҷ чиз")
    await person.sees_soon("соат")
    await person.send("2")
    await person.tap("Тоҷикистон")
    await person.tap("Москва")
    await person.sees_soon("№ 1")
    await road.rest()
    last = person.history()[-1].text
    assert "№ 1" in last
    offered = [button.text for message in person.history()[-3:] for button in message.buttons]
    assert "Маро доштанд" in offered
    assert "📄 Маро доштанд" in offered, "the documents of the same article are another button"
    assert "Ҷавобҳои Шуморо ба оператор додем" in last
    card = await road.nurlan.finds(await road.nurlan.topic("1 ·"), "№ 1")
    assert "stopped-by-police" not in card.text, "an operator reads the title of the flow"

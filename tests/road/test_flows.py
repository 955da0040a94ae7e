"""Triage through the whole road: questions, words instead of presses, a restart in the middle, a case at the end."""

from __future__ import annotations

import pytest

from bot.sandbox.people import Person
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


async def test_an_ending_names_the_consulate_of_each_country_where_no_passport_is_known(road: Road) -> None:
    person = await road.newcomer(language="Ўзбекча")
    await person.tap("🏥")
    await person.tap("Тез ёрдам")
    await person.tap("📝")
    await person.tap("Касаллик ёки жароҳат")
    await person.tap("Рад этишди")
    await person.sees_soon("прокуратура")
    await road.rest()
    ending = "\n".join(message.text for message in person.history()[-2:])
    note = ending.index("давлатники эканини билмаймиз")
    assert note < ending.index("Ўзбекистон", note) < ending.index("Қирғизистон") < ending.index("Молдова")


async def test_a_russian_speaker_without_a_named_passport_finds_a_consul(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    press(road, person, "h1|flow|expulsion")
    await person.tap("Сейчас решают")
    await person.sees_soon("Что есть у вас")
    await person.tap("⏭")
    await person.sees_soon("Паспорт какой страны")
    await person.tap("⏭")
    await person.sees_soon("Мы не знаем, какой страны ваш паспорт")
    await road.rest()
    ending = "\n".join(message.text for message in person.history())
    for name in ("Посольство Кыргызстана", "Посольство Таджикистана", "Посольство Узбекистана", "консула Молдовы"):
        assert name in ending


def press(road: Road, person: Person, data: str) -> None:
    """Press a button with this data."""
    button = {"text": "x", "callback_data": data}
    road.telegram.acts.tap(person.user, person.history()[-1].message, button)


@pytest.mark.parametrize("button", ["🙋", "✉️"])
async def test_after_a_pause_who_speaks_to_a_person_is_not_asked_again(road: Road, button: str) -> None:
    person = await road.newcomer(language="Русский")
    press(road, person, "h1|flow|trafficking")
    await person.tap("Нет, телефон видят")
    await person.sees_soon("когда вам удобно")
    await person.tap(button)
    await person.sees_soon("№ 1")
    topic = await road.nurlan.topic("1 ·")
    for words in ("я на стройке у реки", "их двое"):
        await person.send(words)
        await road.nurlan.finds(topic, words)
    await road.rest()
    asked = [message for message in person.history() if "Вам сейчас можно писать?" in message.text]
    assert len(asked) <= 1


async def test_after_a_pause_any_word_begins_again_as_long_as_nobody_was_called(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    press(road, person, "h1|flow|trafficking")
    await person.tap("Нет, телефон видят")
    await person.sees_soon("когда вам удобно")
    await person.send("алло")
    await road.rest()
    assert "Вам сейчас можно писать?" in person.history()[-1].text


async def test_hiding_the_chat_does_not_lose_that_it_was_urgent(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send("помогите муж меня бьет прямо сейчас")
    await person.sees_soon("112")
    press(road, person, "h1|hide|")
    await person.sees_soon("Здравствуйте! Чем помочь?")
    await road.rest()
    press(road, person, "h1|human|")
    topic = await road.nurlan.topic("🔴")
    await road.nurlan.finds(topic, "насилие дома")


async def test_words_of_danger_count_once_and_not_for_a_later_case(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send("помогите муж меня бьет прямо сейчас")
    await person.sees_soon("112")
    press(road, person, "h1|human|")
    await road.nurlan.topic("🔴")
    press(road, person, "h1|human|patent,new")
    await road.nurlan.topic("2 ·")
    await road.rest()
    assert [topic.name for topic in road.desk.topics if "🔴" in topic.name and "2 ·" in topic.name] == []


async def test_words_of_danger_count_for_a_case_that_is_taken_up_again(road: Road) -> None:
    person, topic = await road.with_case()
    press(road, person, "h1|done|1")
    await person.sees_soon("⭐")
    await road.rest()
    await person.send("помогите муж меня бьет прямо сейчас")
    await person.sees_soon("112")
    press(road, person, "h1|reopen|1")
    await road.nurlan.finds(topic, "муж меня бьет")
    await road.telegram.until(lambda: "🔴" in topic.name)


async def test_erased_data_take_the_words_of_danger_with_them(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send("помогите муж меня бьет прямо сейчас")
    await person.sees_soon("112")
    press(road, person, "h1|data|erase,yes")
    await road.rest()
    await person.send("/start")
    await person.tap("Русский")
    await road.rest()
    press(road, person, "h1|human|")
    topic = await road.nurlan.topic("1 ·")
    await road.rest()
    assert "🔴" not in topic.name
    assert "насилие дома" not in topic.sees()


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

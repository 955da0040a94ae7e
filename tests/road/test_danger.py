"""Danger first: numbers at once, before any queue and without a database."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest

from bot.conversation.person import write
from bot.sandbox.faults import Fault
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


async def test_words_of_danger_before_a_dialog_count_for_the_case_it_opens(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send("помогите муж меня бьет прямо сейчас")
    await person.sees_soon("112")
    await person.tap("🙋")
    topic = await road.nurlan.topic("🔴")
    await road.nurlan.finds(topic, "насилие дома")


async def test_who_cannot_write_presses_twice_and_an_operator_is_called(road: Road) -> None:
    person = await road.newcomer(language="Тоҷикӣ")
    await person.send("ёрӣ диҳед")
    await person.tap("🆘 Ҳозир хатар аст")
    await person.sees_soon("Чӣ шуд?")
    assert "112" in person.sees()
    await person.tap("🏠")
    await person.sees_soon("меня бьют")
    assert len(screens_of_danger(person)) == 1
    topic = await road.nurlan.topic("🔴")
    await road.nurlan.finds(topic, "Меня бьют дома")
    await road.nurlan.finds(topic, "ёрӣ диҳед")
    await person.send("дар балконам")
    await road.nurlan.finds(topic, "дар балконам")


@pytest.mark.parametrize(
    ("language", "words", "answer"),
    [
        ("Русский", "сос помогите!!!", "Вы сейчас в опасности?"),
        ("O‘zbekcha", "yordam beringlar", "Hozir xavf bormi?"),
        ("Русский", "как приготовить плов на двадцать человек", "не нашёл"),
        ("Română", "ce documente", "Poate este asta?"),
    ],
)
async def test_who_is_not_understood_is_two_presses_away_from_help(
    road: Road, language: str, words: str, answer: str
) -> None:
    person = await road.newcomer(language=language)
    await person.send(words)
    await person.sees_soon(answer)
    await person.tap("🆘")
    await person.sees_soon("112")
    assert not road.desk.topics


async def pressed(road: Road) -> Person:
    """A person who pressed the button and is asked what happens."""
    person = await road.newcomer(language="Русский")
    await person.send("/menu")
    await person.tap("🆘 Опасность")
    await person.sees_soon("Что случилось?")
    return person


def choice(person: Person, text: str) -> str:
    """Return the data of the newest button that begins so."""
    buttons = [button for message in reversed(person.history()) for button in message.buttons]
    return next(button.data for button in buttons if button.data and button.text.startswith(text))


async def test_a_voice_behind_the_button_reaches_an_operator_at_once(road: Road) -> None:
    person = await pressed(road)
    await person.send_voice()
    await road.nurlan.topic("🔴")


@pytest.mark.parametrize("words", ["там люди с ломом за дверью", "помогите"])
async def test_words_behind_the_button_reach_an_operator_at_once(road: Road, words: str) -> None:
    person = await pressed(road)
    await person.send(words)
    topic = await road.nurlan.topic("🔴")
    await road.nurlan.finds(topic, words)


async def test_who_asks_for_a_person_behind_the_button_is_urgent(road: Road) -> None:
    person = await pressed(road)
    await person.tap("🙋")
    await road.nurlan.topic("🔴")


async def test_several_presses_and_an_open_case_make_one_urgent_case_that_keeps_everything(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("меня тут обижают")
    await person.send("/menu")
    await person.tap("🆘 Опасность")
    await person.sees_soon("Что случилось?")
    other = choice(person, "🔪")
    await person.tap("🏠 Меня")
    await road.telegram.until(lambda: "🔴" in topic.name)
    press(road, person, other)
    await road.nurlan.finds(topic, "🔪 Напали")
    assert len(road.desk.topics) == 1
    card = next(seen for seen in reversed(topic.messages()) if "🔪 Напали" in seen.lines())
    assert "🏠 Меня бьют дома" in card.lines()


async def test_answers_are_only_withheld_where_somebody_may_be_watching(road: Road) -> None:
    person = await pressed(road)
    await person.tap("🚑")
    topic = await road.nurlan.topic("🔴")
    await road.nurlan.reply(await road.nurlan.finds(topic, "№"), "Назовите адрес")
    await person.sees_soon("Назовите адрес")


async def test_an_old_button_of_the_question_still_calls(road: Road) -> None:
    person = await pressed(road)
    data = choice(person, "🏠 Меня")
    await person.send("/menu")
    press(road, person, data)
    await road.nurlan.topic("🔴")


async def test_a_cry_for_help_inside_another_dialog_gets_the_button(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send("не платят зарплату")
    await person.tap("📝")
    await person.send("помогите")
    await person.sees_soon("Вы сейчас в опасности?")


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


def press(road: Road, person: Person, data: str) -> None:
    """Press a button with this data."""
    button = {"text": "x", "callback_data": data}
    road.telegram.acts.tap(person.user, person.history()[-1].message, button)


def callback_of(person: Person, ending: str) -> str:
    """Return the data of the newest button that ends so."""
    buttons = [button for message in reversed(person.history()) for button in message.buttons]
    return next(button.data for button in buttons if button.data and button.data.endswith(ending))


def screens_of_danger(person: Person) -> list[str]:
    """Return the messages with numbers to call and the button that calls a person now."""
    return [text for text in calling_a_person(person) if "112" in text]


def calling_a_person(person: Person) -> list[str]:
    """Return the messages with the button that calls a person now."""
    return [
        message.text
        for message in person.history()
        for button in message.buttons
        if (button.data or "").startswith("h1|urgent|")
    ]


async def handled(road: Road, failing: Fault) -> None:
    """Wait until every update is processed although Telegram takes no message."""
    assert road.hotline is not None
    while True:
        await asyncio.sleep(0.02)
        async with road.hotline.store.reading() as tx:
            pending, _ = await tx.inbox.counts()
        if failing.happened and not pending and not road.telegram.core.updates.pending:
            return  # also confirmed: Telegram does not bring it again


@pytest.fixture
def only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let first aid give up after its first tries, and the reserve follow it soon."""
    monkeypatch.setattr("bot.telegram.first_aid.PAUSES", (3600,))
    monkeypatch.setattr("bot.conversation.first_aid.RESERVE", timedelta(seconds=0.5))


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


async def test_the_screen_is_tried_again_while_telegram_and_the_database_fail_together(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.first_aid.PAUSES", (0.05,) * 50)
    person = await road.newcomer(language="Кыргызча")
    async with silent_database(road):
        failing = road.telegram.faults.server_error("sendMessage", count=5)
        await person.send("күйөөм сабап жатат жардам бергиле")
        await person.sees_soon("112")
        assert failing.happened == 5
    await road.rest()
    assert len(screens_of_danger(person)) == 1


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


async def test_words_changed_into_danger_bring_the_numbers_and_a_case_at_the_top(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    words = await person.send("как оформить патент")
    await person.sees_soon("патент")
    await person.edit(words, "хозяин отобрал паспорт и держит меня взаперти")
    await person.sees_soon("112")
    await person.tap("🆘")
    topic = await road.nurlan.topic("🔴")
    await road.nurlan.finds(topic, "держит меня взаперти")
    await road.rest()
    assert "как оформить патент" not in topic.sees()


async def test_words_changed_into_danger_in_an_open_case_raise_it(road: Road) -> None:
    person, topic = await road.with_case()
    words = await person.send("добрый день, есть вопрос")
    await road.nurlan.finds(topic, "есть вопрос")
    assert "🔴" not in topic.name
    await person.edit(words, "добрый день, муж меня бьет прямо сейчас")
    await person.sees_soon("112")
    await road.nurlan.finds(topic, "муж меня бьет")
    await road.telegram.until(lambda: "🔴" in topic.name)
    await person.edit(words, "муж меня бьет прямо сейчас!")
    await road.rest()
    assert len(screens_of_danger(person)) == 1


async def test_words_that_are_also_an_alarming_choice_show_one_screen(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    press(road, person, "h1|flow|attack")
    await person.sees_soon("Что случилось")
    await person.send("на меня нападают прямо сейчас")
    await person.sees_soon("112")
    topic = await road.nurlan.topic("🔴")
    await road.nurlan.finds(topic, "нападают прямо сейчас")
    await road.rest()
    assert len(screens_of_danger(person)) == 1


async def test_an_alarming_choice_shows_the_screen_before_the_database_answers(road: Road) -> None:
    person = await road.newcomer(language="Тоҷикӣ")
    press(road, person, "h1|flow|attack")
    await road.rest()
    async with silent_database(road):
        press(road, person, callback_of(person, ",now"))
        await person.sees_soon("112")
    await road.nurlan.topic("🔴")
    await road.rest()
    assert len(screens_of_danger(person)) == 1


async def test_after_hiding_the_chat_the_numbers_are_shown_anew(road: Road) -> None:
    person = await road.newcomer(language="Română")
    await person.send("soțul mă bate")
    await person.sees_soon("112")
    press(road, person, "h1|hide|")
    await person.sees_soon("Cu ce vă ajutăm")
    await person.send("soțul mă bate din nou")
    await person.sees_soon("112")


async def test_hidden_words_reach_the_operator_once_the_person_calls_for_one(road: Road) -> None:
    person = road.telegram.person("Aisuluu")
    await person.send("свекровь не даёт мне есть и закрывает на ночь")
    await person.sees_soon("Тилди тандаңыз")
    press(road, person, "h1|hide|")
    await person.sees_soon("Чем помочь?")
    await person.send("/start")
    await person.tap("Русский")
    await person.sees_soon("Чем помочь?")
    await road.rest()
    assert "свекровь" not in person.sees()
    await person.tap("🙋")
    await road.telegram.until(lambda: road.desk.topics)
    await road.nurlan.finds(road.desk.topics[0], "закрывает на ночь")


PAUSE = {
    "Русский": "привет", "Кыргызча": "салам", "Тоҷикӣ": "салом", "O‘zbekcha": "salom", "Ўзбекча": "салом",
    "Română": "bună",
}  # fmt: skip


@pytest.mark.parametrize("language", PAUSE)
async def test_after_a_pause_any_word_leads_back_to_the_first_question(road: Road, language: str) -> None:
    person = await road.newcomer(language=language)
    press(road, person, "h1|flow|violence")
    await road.rest()
    first = person.screen()[-1].text
    press(road, person, callback_of(person, ",_dk"))
    await person.sees_soon("112")
    await person.send(PAUSE[language])
    await person.sees_soon(first)


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("Русский", "Меню"), ("Русский", "menyu"), ("Кыргызча", "меню."), ("Тоҷикӣ", "МЕНЮ"), ("O‘zbekcha", "menyu!"),
        ("Ўзбекча", "меню"), ("Română", "Meniu"),
    ],
)  # fmt: skip
async def test_from_the_harmless_screen_an_ordinary_word_leads_back(road: Road, language: str, word: str) -> None:
    person = await road.newcomer(language=language)
    await road.rest()
    menu = person.screen()[-1].text
    press(road, person, "h1|hide|")
    await road.rest()
    harmless = person.screen()[-1]
    assert harmless.buttons == []
    await person.send(word)
    await person.sees_soon(menu)


async def test_who_closes_a_case_hears_which_answers_were_never_opened(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("меня держат взаперти и паспорт забрали")
    words = await road.nurlan.finds(topic, "держат взаперти")
    await road.nurlan.reply(words, "Приют готов вас принять")
    await road.nurlan.reply(words, "Адрес пришлю сюда же")
    await person.sees_soon("Есть новости")
    await road.rest()
    await road.nurlan.tap("✅", topic)
    await road.nurlan.finds(topic, "не открыл 2 ответа")


async def test_who_closes_a_case_with_all_answers_opened_hears_nothing(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("меня держат взаперти и паспорт забрали")
    words = await road.nurlan.finds(topic, "держат взаперти")
    await road.nurlan.reply(words, "Приют готов вас принять")
    await person.tap("Показать")
    await person.sees_soon("Приют готов вас принять")
    await road.nurlan.tap("✅", topic)
    await person.sees_soon("закрыто")
    await road.rest()
    assert "не открыл" not in topic.sees()


@pytest.mark.parametrize("trouble", ["server_error", "drop_before"])
async def test_the_screen_outlives_a_stop_while_telegram_takes_nothing(
    quick: None, only_once: None, road: Road, trouble: str
) -> None:
    person = await road.newcomer(language="Русский")
    await road.rest()
    failing = getattr(road.telegram.faults, trouble)("sendMessage", count=None)
    await person.send("муж меня бьет")
    await handled(road, failing)
    await road.stop()
    assert screens_of_danger(person) == []
    road.telegram.faults.clear()
    await road.start()
    await person.sees_soon("112", timeout=15)
    await road.rest()
    assert len(screens_of_danger(person)) == 1


async def test_the_screen_of_an_alarming_choice_outlives_a_stop_too(quick: None, only_once: None, road: Road) -> None:
    person = await road.newcomer(language="Тоҷикӣ")
    press(road, person, "h1|flow|attack")
    await road.rest()
    failing = road.telegram.faults.server_error("sendMessage", count=None)
    press(road, person, callback_of(person, ",now"))
    await handled(road, failing)
    await road.stop()
    road.telegram.faults.clear()
    await road.start()
    await road.rest()
    assert len(screens_of_danger(person)) == 1


async def test_who_chose_no_language_yet_gets_the_later_screen_in_the_language_of_the_words(
    quick: None, only_once: None, road: Road
) -> None:
    person = road.telegram.person("Ion")
    await person.send("bună ziua")
    await road.rest()
    failing = road.telegram.faults.server_error("sendMessage", count=None)
    await person.send("fratele meu nu respira")
    await handled(road, failing)
    road.telegram.faults.clear()
    await person.sees_soon("Sunați acum", timeout=15)
    await road.rest()
    assert len(screens_of_danger(person)) == 1


async def test_a_slow_telegram_brings_one_screen(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await road.rest()
    road.telegram.faults.delay(0.7, "sendMessage")
    await person.send("муж меня бьет")
    await road.rest()
    assert len(screens_of_danger(person)) == 1
    await person.tap("🆘")
    topic = await road.nurlan.topic("🔴")
    await road.nurlan.finds(topic, "муж меня бьет")


async def test_a_telegram_that_hangs_does_not_keep_the_numbers_back(quick: None, only_once: None, road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await road.rest()
    road.telegram.faults.delay(8, "sendMessage")
    await person.send("муж меня бьет")
    await person.sees_soon("112", timeout=4)


@pytest.mark.parametrize(
    ("language", "first", "second", "answer"),
    [
        ("Русский", "муж меня бьет", "муж бьет меня, я на лестнице, адрес Лесная 5, заберите меня", "сохранены"),
        ("Română", "soțul mă bate", "soțul mă bate, sunt pe scară, strada Lesnaia 5, luați-mă", "Am păstrat mesajul"),
    ],
)
async def test_more_words_of_danger_are_answered_with_the_way_to_a_human(
    road: Road, language: str, first: str, second: str, answer: str
) -> None:
    person = await road.newcomer(language=language)
    await person.send(first)
    await person.sees_soon("112")
    await road.rest()
    await person.send(second)
    await person.sees_soon(answer)
    await road.rest()
    assert len(screens_of_danger(person)) == 1
    assert answer in calling_a_person(person)[-1]
    await person.tap("🆘")
    topic = await road.nurlan.topic("🔴")
    await road.nurlan.finds(topic, "5,")
    await road.nurlan.finds(topic, first)


async def test_more_words_of_danger_in_an_open_case_are_answered_each_time(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("муж меня бьет")
    await person.sees_soon("112")
    await road.rest()
    for words in ("муж бьет меня, адрес Лесная 5", "муж бьет меня, я на лестнице"):
        before = len(person.history())
        await person.send(words)
        await road.nurlan.finds(topic, words)
        await road.rest()
        answers = [message.text for message in person.history()[before:] if message.from_bot]
        assert answers == ["Ваши слова отправлены оператору. Ответ придёт сюда."]


async def test_words_of_one_danger_that_choose_another_bring_the_numbers_of_both(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    press(road, person, "h1|flow|attack")
    await person.sees_soon("Что случилось")
    await person.send("Напали, я ранен, муж меня бьет")
    await road.rest()
    screens = screens_of_danger(person)
    assert len(screens) == 2
    assert any("102" in screen for screen in screens)
    assert any("103" in screen for screen in screens)


async def test_words_that_nobody_can_process_still_bring_the_numbers(
    quick: None, only_once: None, road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await road.newcomer(language="Русский")
    await road.rest()

    async def broken(*_: Any) -> None:
        raise RuntimeError("a fault of the hotline's own")

    monkeypatch.setattr(write, "write", broken)
    failing = road.telegram.faults.server_error("sendMessage", count=3)
    await person.send("муж меня бьет")
    await person.sees_soon("112", timeout=15)
    await road.rest()
    assert failing.happened == 3
    assert await road.dead_letters() == ["RuntimeError"]
    assert len(screens_of_danger(person)) == 1


async def test_words_whose_processing_is_undone_do_not_silence_first_aid(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.first_aid.PAUSES", (0.1,) * 50)
    person = await road.newcomer(language="Русский")
    await road.rest()

    async def broken(*_: Any) -> None:
        raise RuntimeError("a fault of the hotline's own")

    with monkeypatch.context() as fault:
        fault.setattr(write, "write", broken)
        failing = road.telegram.faults.server_error("sendMessage", count=4)
        await person.send("муж меня бьет")
        await person.sees_soon("112")
        assert failing.happened == 4
        assert await road.dead_letters() == []
    await road.rest()
    assert len(screens_of_danger(person)) == 1

"""Words that do not surely reach a desk: all sides hear of it, and nobody waits for an answer to them in vain."""

from __future__ import annotations

import pytest

from tests.road.conftest import Road

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("quick")]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up after a few tries instead of half an hour."""
    monkeypatch.setattr("bot.telegram.outcomes.PATIENCE", 3)


@pytest.mark.usefixtures("impatient")
async def test_a_photo_that_perhaps_never_reached_the_desk_is_asked_for_again(road: Road) -> None:
    person, topic = await road.with_case()
    await road.rest()
    road.telegram.faults.drop_before("sendPhoto", count=None)
    await person.send_photo("мой паспорт")
    await person.sees_soon("Мы не знаем, дошло ли ваше сообщение", timeout=15)
    await road.nurlan.finds(topic, "Сообщение человека могло не прийти сюда")
    await road.nurlan.finds(road.desk, "№ 1 могло не дойти")
    assert "паспорт" not in road.desk.sees()
    await person.send_photo("ещё раз паспорт")
    await road.rest()
    assert sum("могло не дойти" in message.text for message in road.desk.messages()) == 1, "said once, not each time"
    road.telegram.faults.clear()
    await person.send_photo("и снова паспорт")
    await road.nurlan.finds(topic, "и снова паспорт")


async def test_words_that_telegram_refuses_for_good_are_asked_for_again(road: Road) -> None:
    person, topic = await road.with_case()
    await road.rest()
    photo = {"photo": [{"file_id": "gone", "file_unique_id": "gone", "width": 1, "height": 1}]}
    person._say(photo, None, None)
    await person.sees_soon("Мы не знаем, дошло ли ваше сообщение")
    await road.nurlan.finds(topic, "Сообщение человека могло не прийти сюда")


async def test_somebody_who_is_watched_is_not_written_to_about_lost_words(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("меня держат взаперти и паспорт забрали")
    await road.nurlan.finds(topic, "держат взаперти")
    await road.rest()
    photo = {"photo": [{"file_id": "gone", "file_unique_id": "gone", "width": 1, "height": 1}]}
    person._say(photo, None, None)
    await road.nurlan.finds(topic, "Сообщение человека могло не прийти сюда")
    await road.rest()
    assert "Мы не знаем" not in "".join(message.text for message in person.history())


@pytest.mark.usefixtures("impatient")
async def test_a_change_of_an_answer_that_perhaps_did_not_arrive_is_marked(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("когда суд?")
    words = await road.nurlan.finds(topic, "когда суд?")
    answer = await road.nurlan.reply(words, "в понедельник")
    await road.telegram.until(lambda: answer.reactions == ["👍"])
    road.telegram.faults.drop_before("editMessageText", count=None)
    await road.nurlan.edit(answer, "во вторник")
    await road.telegram.until(lambda: answer.reactions == ["🤔"], timeout=15)
    assert "в понедельник" in "".join(message.text for message in person.history())

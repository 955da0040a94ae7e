"""Words that do not surely reach a desk: all sides hear of it, and nobody waits for an answer to them in vain."""

from __future__ import annotations

import asyncio

import pytest

from bot.cases.model import Relay, RelayState
from bot.sandbox.places import Group
from bot.settings import DeskSettings
from tests.road.conftest import Road
from tests.road.test_long_words import END, STORY, edit_caption

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


async def test_an_alarm_into_a_closed_topic_is_heard_by_the_next_ones(road: Road) -> None:
    await road.stop()
    admins = road.telegram.group("Admins", forum=True)
    admins.chat.general.closed = True
    await road.start(telegram=road.settings.telegram.model_copy(update={"admin_chat": admins.id}))
    person, _ = await road.with_case()
    await road.rest()
    person._say({"photo": [{"file_id": "gone", "file_unique_id": "gone", "width": 1, "height": 1}]}, None, None)
    await road.nurlan.finds(road.desk, "№ 1 могло не дойти")
    assert "могло не дойти" not in admins.sees()


async def test_a_photo_that_was_lost_stays_lost_though_its_words_came_and_were_changed(road: Road) -> None:
    person, topic = await road.with_case()
    await road.rest()
    road.telegram.faults.too_many("sendMessage", retry_after=1, count=None)
    photo = {"photo": [{"file_id": "gone", "file_unique_id": "gone", "width": 1, "height": 1}]}
    said = person._say({**photo, "caption": STORY}, None, None)
    await road.telegram.until(lambda: sum(road.telegram.faults.happened.values()) > 0)
    edit_caption(road, said, STORY.replace(END, "теперь иначе"))
    while not (relay := await the_relay(road)).parcel["text"].endswith("теперь иначе"):  # noqa: ASYNC110 - no event for it
        await asyncio.sleep(0.05)
    assert relay.state is RelayState.FAILED
    road.telegram.faults.clear()
    await road.nurlan.finds(topic, END, timeout=10)
    await road.rest()
    assert (await the_relay(road)).state is RelayState.FAILED


async def the_relay(road: Road) -> Relay:
    """Return the only message of the first case as it is stored."""
    assert road.hotline is not None
    async with road.hotline.store.reading() as tx:
        (relay,) = await tx.relays.of_case(1)
    return relay


async def test_a_recap_that_waits_goes_when_the_person_is_erased(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("моя тайна")
    await road.nurlan.finds(topic, "моя тайна")
    await road.rest()
    topic.delete()
    road.telegram.faults.too_many("createForumTopic", retry_after=1, count=None)
    await person.send("вы тут?")
    await road.telegram.until(lambda: sum(road.telegram.faults.happened.values()) > 0)
    await person.send("/data")
    await person.tap("Удалить всё")
    await person.tap("Да, удалить всё")
    await person.sees_soon("Мы всё удалили")
    road.telegram.faults.clear()
    await road.rest()
    assert road.hotline is not None
    async with road.hotline.store.reading() as tx:
        assert await tx.outbox.waiting() == 0
    assert [one for one in road.desk.topics if not one.is_deleted] == []


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


async def with_a_second_desk(road: Road) -> Group:
    """Start the hotline again with another desk, which speaks Kyrgyz."""
    await road.stop()
    other = road.telegram.group("Others", forum=True)
    desks = (*road.settings.desks, DeskSettings(key="other", name="Other", chat=other.id, languages=("ky",)))
    await road.start(desks=desks)
    return other


async def test_another_desk_hears_that_a_desk_is_lost_and_nothing_of_the_words(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.outcomes.DESK_PAUSE", 1)
    other = await with_a_second_desk(road)
    person, topic = await road.with_case()
    await road.rest()
    before = dict(road.desk.chat.members)
    road.desk.remove_bot()
    await person.send("секретные слова")
    await person.send("и ещё")
    zarina = road.telegram.person("Zarina", groups=[other])
    await zarina.finds(other, "Группа операторов «Main» не принимает сообщения")
    await asyncio.sleep(2.5)  # the words are tried again meanwhile
    assert sum("не принимает" in message.text for message in other.messages()) == 1
    assert "секретные" not in other.sees()
    road.desk.chat.members.update(before)
    await road.nurlan.finds(topic, "секретные слова", timeout=15)
    assert not any("не принимает" in message.text for message in road.desk.messages())


async def test_a_case_opened_while_its_desk_is_lost_waits_for_it_and_is_alarmed_about(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.outcomes.DESK_PAUSE", 1)
    await road.stop()
    admins = road.telegram.group("Admins")
    await road.start(telegram=road.settings.telegram.model_copy(update={"admin_chat": admins.id}))
    before = dict(road.desk.chat.members)
    road.desk.remove_bot()
    person = await road.newcomer(language="Русский")
    await person.tap("🙋")
    anna = road.telegram.person("Anna", groups=[admins])
    await anna.finds(admins, "не принимает сообщения")
    road.desk.chat.members.update(before)
    topic = await road.nurlan.topic("1 ·", timeout=15)
    await road.nurlan.finds(topic, "№ 1")
    await road.rest()
    assert len(road.desk.topics) == 1

"""A desk disappears from the settings: its people are seen by another one, and no word of theirs is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cases.model import RelayState
from bot.conversation.desk.reply import ask_about_unknown
from bot.conversation.effects import Note
from bot.conversation.turn import Turn
from bot.delivery.ports import Refusal, Refused
from bot.sandbox import LocalTelegram
from bot.sandbox.people import Person
from bot.sandbox.places import ForumTopic, Group
from bot.settings import DeskSettings
from bot.storage.ports import NewOutbox, group_chat
from bot.telegram.outcomes import TelegramOutcomes
from tests.road.conftest import Road
from tests.road.test_long_words import END, STORY, send_photo

pytestmark = pytest.mark.asyncio


@pytest.fixture
async def two(tmp_path: Path, database_url: str) -> AsyncIterator[tuple[Road, Group]]:
    """A hotline with a second desk, which answers in Kyrgyz, and its group."""
    async with LocalTelegram() as telegram:
        road = Road(telegram, tmp_path, database_url)
        other = telegram.group("Others", forum=True)
        kyrgyz = DeskSettings(key="kyrgyz", name="Kyrgyz", chat=other.id, languages=("ky",))
        await road.start(desks=(*road.settings.desks, kyrgyz))
        try:
            yield road, other
        finally:
            await road.stop()


async def case_at(road: Road, group: Group, operator: Person) -> tuple[Person, ForumTopic]:
    """Let somebody open a case at the Kyrgyz desk; return the person and the topic."""
    person = await road.newcomer(language="Кыргызча")
    await person.tap("🙋")
    topic = await road.telegram.until(lambda: next(iter(group.topics), None))
    await operator.finds(topic, "№ 1")
    await person.send("мага жардам керек")
    await operator.finds(topic, "мага жардам керек")
    return person, topic


async def test_who_waits_at_a_removed_desk_is_seen_by_another(two: tuple[Road, Group]) -> None:
    road, other = two
    person, _ = await case_at(road, other, road.telegram.person("Bakyt", groups=[other]))
    await road.stop()
    await person.send("кимдир бирөө барбы?")
    await road.start()
    topic = await road.nurlan.topic("1 ·")
    await road.nurlan.finds(topic, "Перешло из другой группы операторов")
    await road.nurlan.finds(topic, "мага жардам керек")
    words = await road.nurlan.finds(topic, "кимдир бирөө барбы?")
    await road.nurlan.write(road.desk, "/queue")
    await road.nurlan.finds(road.desk, "№ 1 ·")
    answer = await road.nurlan.reply(words, "Я с вами")
    await person.sees_soon("Я с вами")
    await road.telegram.until(lambda: answer.reactions == ["👍"])
    await road.rest()
    assert len(road.desk.topics) == 1
    assert await road.dead_letters() == []


async def test_words_on_their_way_to_a_removed_desk_go_to_the_other(two: tuple[Road, Group]) -> None:
    road, other = two
    person, old = await case_at(road, other, road.telegram.person("Bakyt", groups=[other]))
    road.telegram.faults.too_many("sendMessage", retry_after=1, count=None)
    await person.send("биринчи сөз")
    await person.send("экинчи сөз")
    await road.telegram.until(lambda: sum(road.telegram.faults.happened.values()) > 0)
    await road.stop()
    road.telegram.faults.clear()
    await road.start()
    topic = await road.nurlan.topic("1 ·")
    await road.nurlan.finds(topic, "экинчи сөз")
    await road.rest()
    text = topic.sees()
    assert text.index("биринчи сөз") < text.index("экинчи сөз")
    assert "биринчи сөз" not in old.sees()
    assert len(road.desk.topics) == 1


async def test_a_taken_case_stays_with_its_group_until_that_one_is_lost(two: tuple[Road, Group]) -> None:
    road, other = two
    bakyt = road.telegram.person("Bakyt", groups=[other])
    person, old = await case_at(road, other, bakyt)
    await bakyt.tap("✋", old)
    await road.rest()
    await road.stop()
    await road.start()
    await person.send("сиз барсызбы?")
    words = await bakyt.finds(old, "сиз барсызбы?")
    await bakyt.reply(words, "ооба")
    await person.sees_soon("ооба")
    assert road.desk.topics == []
    await road.rest()
    other.remove_bot()
    await person.send("дагы барсызбы?")
    topic = await road.nurlan.topic("1 ·")
    again = await road.nurlan.finds(topic, "дагы барсызбы?")
    await road.nurlan.finds(topic, "Перешло из другой группы операторов")
    await road.nurlan.reply(again, "Да, мы здесь")
    await person.sees_soon("Да, мы здесь")
    assert await where_is_asked_about(road, "ооба") is None, "its number means another message in this group"
    answer = await road.nurlan.reply(again, "Да, мы тут")
    await person.sees_soon("Да, мы тут")
    assert await where_is_asked_about(road, "Да, мы тут") == answer.id


async def where_is_asked_about(road: Road, words: str) -> int | None:
    """Return which message a question about the fate of an operator's words answers."""
    assert road.hotline is not None
    async with road.hotline.store.transaction() as tx:
        (relay,) = [one for one in await tx.relays.of_case(1) if one.parcel["text"] == words]
        turn = Turn(road.hotline.house, tx, road.hotline.house.clock.now())
        await ask_about_unknown(turn, relay)
    (note,) = turn.effects
    assert isinstance(note, Note)
    return note.reply_to


async def test_a_long_story_that_moves_with_its_case_is_not_called_lost(two: tuple[Road, Group]) -> None:
    road, other = two
    bakyt = road.telegram.person("Bakyt", groups=[other])
    person, old = await case_at(road, other, bakyt)
    await bakyt.tap("✋", old)
    await road.rest()
    await road.stop()
    await road.start()
    other.remove_bot()
    send_photo(person, STORY)
    topic = await road.nurlan.topic("1 ·")
    await road.nurlan.finds(topic, END)
    await road.rest()
    assert "могло не прийти" not in topic.sees()
    assert "могло не дойти" not in road.desk.sees()
    assert road.hotline is not None
    async with road.hotline.store.reading() as tx:
        assert [relay.state for relay in await tx.relays.of_case(1)][-1] is RelayState.DELIVERED


async def test_a_lost_desk_is_not_waited_for_by_a_case_that_is_gone(two: tuple[Road, Group]) -> None:
    road, _ = two
    assert road.hotline is not None
    outcomes = TelegramOutcomes(road.hotline.house, road.hotline.handler.renderer)
    params = {"chat_id": {"$desk": "gone"}, "name": "№ 999"}
    about = {"kind": "topic", "case": 999}
    async with road.hotline.store.transaction() as tx:
        row_id = await tx.outbox.add(NewOutbox("c:999", group_chat("gone"), "createForumTopic", params, about=about))
        row = await tx.outbox.get(row_id)
        assert row is not None
        await tx.outbox.cancel(row_id)
        assert await outcomes.refused(tx, row, Refused(Refusal.CHAT_NOT_FOUND, "chat not found")) is False


async def test_a_desk_that_only_has_another_key_keeps_its_topics(two: tuple[Road, Group]) -> None:
    road, _ = two
    person, topic = await road.with_case()
    await person.send("вопрос")
    await road.nurlan.finds(topic, "вопрос")
    await road.rest()
    await road.stop()
    await road.start(desks=(road.settings.desks[0].model_copy(update={"key": "renamed"}),))
    await person.send("ещё вопрос")
    await road.nurlan.finds(topic, "ещё вопрос")
    await road.nurlan.write(topic, "/queue")
    await road.nurlan.finds(topic, "№ 1 ·")
    assert len(road.desk.topics) == 1

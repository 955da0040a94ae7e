"""The mark on an operator's message is true: it speaks of the words that the person has, also after changes."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox.screen import Seen
from tests.road.conftest import Road
from tests.road.test_changes import photos, replace_photo, words_of
from tests.road.test_long_words import BEGIN, END, STORY, edit_caption, send_photo, whole

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("quick")]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up after a few tries instead of half an hour."""
    monkeypatch.setattr("bot.telegram.outcomes.PATIENCE", 3)


def answers(messages: list[Seen]) -> list[str]:
    """Return the operators' words as the person reads them."""
    return [each.text.removeprefix("🎧 ") for each in messages if each.text.startswith("🎧")]


async def test_an_answer_sent_again_is_the_one_that_the_operator_sees(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("куда звонить?")
    words = await road.nurlan.finds(topic, "куда звонить?")
    await road.rest()
    road.telegram.faults.drop_before("sendMessage", count=1)
    answer = await road.nurlan.reply(words, "звоните 111")
    await road.telegram.until(lambda: answer.reactions == ["🤔"])
    await road.nurlan.edit(answer, "звоните 222")
    await road.telegram.until(lambda: answer.reactions == ["👎"])
    await road.nurlan.tap("ещё раз", topic)
    await road.telegram.until(lambda: answer.reactions == ["👍"])
    await road.rest()
    assert answers(person.history()) == ["звоните 222"]
    await road.nurlan.tap("ещё раз", topic)
    await road.rest()
    assert answers(person.history()) == ["звоните 222"], "sent again once, however often the button is pressed"


async def test_an_album_sent_again_has_the_words_of_now(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("как выглядит патент?")
    words = await road.nurlan.finds(topic, "как выглядит")
    await road.rest()
    road.telegram.faults.drop_before("sendMediaGroup", count=1)
    album = await road.nurlan.send_album(2, caption="лицевая сторона", where=topic, reply_to=words)
    await road.telegram.until(lambda: album[0].reactions == ["🤔"], timeout=10)
    await road.nurlan.edit(album[1], "обратная сторона")
    await road.rest()
    await road.nurlan.tap("ещё раз", topic)
    await road.telegram.until(lambda: [each.reactions for each in album] == [["👍"], ["👍"]])
    assert words_of(person.history()) == ["лицевая сторона", "обратная сторона"]


@pytest.mark.parametrize("changed", ["коротко: 222", STORY.replace(END, "теперь иначе")])
async def test_words_that_perhaps_did_not_follow_their_photo_come_as_they_are_now(road: Road, changed: str) -> None:
    person, topic = await road.with_case()
    await person.send("как заполнить?")
    words = await road.nurlan.finds(topic, "как заполнить?")
    await road.rest()
    road.telegram.faults.drop_before("sendMessage", count=1)
    answer = send_photo(road.nurlan, STORY, where=topic, reply_to=words)
    await road.telegram.until(lambda: answer.reactions == ["🤔"])
    edit_caption(road, answer, changed)
    await road.rest()
    await road.nurlan.tap("ещё раз", topic)
    await road.telegram.until(lambda: answer.reactions == ["👍"])
    await road.rest()
    assert whole(person.history()).count(" ".join(changed.split())) == 1
    assert END not in whole(person.history())
    assert sum(message.kind == "photo" for message in person.history()) == 1, "the photo was there already"


async def test_a_photo_that_perhaps_did_not_come_comes_with_its_words_and_they_come_once(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("как заполнить?")
    words = await road.nurlan.finds(topic, "как заполнить?")
    await road.rest()
    road.telegram.faults.drop_before("sendPhoto", count=1)
    answer = send_photo(road.nurlan, STORY, where=topic, reply_to=words)
    await person.sees_soon(END)
    await road.telegram.until(lambda: answer.reactions == ["🤔"])
    await road.nurlan.tap("ещё раз", topic)
    await road.telegram.until(lambda: answer.reactions == ["👍"])
    await road.rest()
    kinds = [message.kind for message in person.history()]
    assert kinds[-2:] == ["photo", "text"]
    assert whole(person.history()).count(BEGIN) == 1


@pytest.mark.usefixtures("impatient")
async def test_a_change_that_arrives_takes_away_the_mark_of_one_that_did_not(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("когда суд?")
    words = await road.nurlan.finds(topic, "когда суд?")
    answer = await road.nurlan.reply(words, "в понедельник")
    await road.telegram.until(lambda: answer.reactions == ["👍"])
    road.telegram.faults.drop_before("editMessageText", count=None)
    await road.nurlan.edit(answer, "во вторник")
    await road.telegram.until(lambda: answer.reactions == ["🤔"], timeout=15)
    road.telegram.faults.clear()
    await road.nurlan.edit(answer, "в среду")
    await road.telegram.until(lambda: answer.reactions == ["👍"])
    assert answers(person.history()) == ["в среду"]
    road.telegram.faults.drop_before("editMessageText", count=None)
    await road.nurlan.edit(answer, "в четверг")
    await road.telegram.until(lambda: answer.reactions == ["🤔"], timeout=15)
    road.telegram.faults.clear()
    await road.nurlan.edit(answer, "в среду")  # which is what the person reads
    await road.telegram.until(lambda: answer.reactions == ["👍"])


@pytest.mark.usefixtures("impatient")
async def test_a_photo_that_arrives_does_not_vouch_for_words_that_did_not(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("как заполнить?")
    words = await road.nurlan.finds(topic, "как заполнить?")
    answer = send_photo(road.nurlan, STORY, where=topic, reply_to=words)
    await road.telegram.until(lambda: answer.reactions == ["👍"])
    road.telegram.faults.drop_before("editMessageText", count=None)
    edit_caption(road, answer, STORY.replace(END, "теперь иначе"))
    await road.telegram.until(lambda: answer.reactions == ["🤔"], timeout=15)
    other = replace_photo(road, answer, STORY.replace(END, "с другой фотографией"))
    await road.telegram.until(lambda: photos(person.history()) == [other])
    await asyncio.sleep(1)
    assert answer.reactions == ["🤔"], "the words are still those from before"
    road.telegram.faults.clear()
    edit_caption(road, answer, STORY.replace(END, "и снова иначе"))
    await road.telegram.until(lambda: answer.reactions == ["👍"], timeout=15)
    assert "и снова иначе" in whole(person.history())


async def test_words_under_a_photo_come_back_after_they_were_taken_away(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("куда звонить?")
    words = await road.nurlan.finds(topic, "куда звонить?")
    answer = send_photo(road.nurlan, STORY, where=topic, reply_to=words)
    await road.telegram.until(lambda: answer.reactions == ["👍"])
    edit_caption(road, answer, "")
    await road.telegram.until(lambda: BEGIN not in whole(person.history()))
    edit_caption(road, answer, "номер 112")
    await road.telegram.until(lambda: "номер 112" in whole(person.history()))
    edit_caption(road, answer, STORY)
    await road.telegram.until(lambda: END in whole(person.history()))
    await road.rest()
    assert "номер 112" not in whole(person.history())
    assert answer.reactions == ["👍"]


async def test_an_answer_that_begins_like_a_command_reaches_the_person(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("куда писать?")
    words = await road.nurlan.finds(topic, "куда писать?")
    answer = await road.nurlan.reply(words, "/hotline@mail.ru пишите сюда")
    await person.sees_soon("/hotline@mail.ru пишите сюда")
    await road.telegram.until(lambda: answer.reactions == ["👍"])
    card = await road.nurlan.finds(topic, "№ 1")
    await road.nurlan.reply(card, "/start@other_bot нажмите это")
    await person.sees_soon("/start@other_bot нажмите это")
    await road.nurlan.reply(words, "/visa@mfa.gov")
    await person.sees_soon("/visa@mfa.gov")
    bare = await road.nurlan.reply(words, "/ban@other_bot")
    said = await road.nurlan.finds(topic, "Человек ничего не получил")
    assert said.reply_to == bare.id
    own = await road.nurlan.write(topic, "между собой")
    await road.zarina.reply(own, "/start@other_bot")
    await road.rest()
    assert answers(person.history())[-1] == "/visa@mfa.gov"
    assert len(answers(person.history())) == 3


async def test_closing_while_an_album_is_collected_does_not_say_that_nobody_opened_it(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("как выглядит патент?")
    words = await road.nurlan.finds(topic, "как выглядит")
    await road.rest()
    await road.nurlan.send_album(3, caption="вот", where=topic, reply_to=words)
    await road.nurlan.write(topic, "/close")
    await road.telegram.until(lambda: len(words_of(person.history())) == 3, timeout=10)
    await road.rest()
    assert "не открыл" not in topic.sees()


async def test_an_answer_that_was_held_back_and_never_opened_is_still_told_at_closing(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("меня держат взаперти и паспорт забрали")
    words = await road.nurlan.finds(topic, "держат взаперти")
    await road.nurlan.send_album(2, caption="вот", where=topic, reply_to=words)
    await road.nurlan.finds(topic, "откроет")
    await road.nurlan.write(topic, "/close")
    await road.nurlan.finds(topic, "не открыл 2")


async def test_an_answer_to_words_whose_case_is_gone_is_marked_and_said_to_be_lost(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("где вы?")
    words = await road.nurlan.finds(topic, "где вы?")
    await road.rest()
    assert road.hotline is not None
    async with road.hotline.store.transaction() as tx:
        await tx.people.erase((await tx.people.get_or_create(person.id, road.hotline.house.clock.now())).id)
    answer = await road.nurlan.reply(words, "мы здесь")
    await road.nurlan.finds(topic, "Ответ не ушёл")
    await road.telegram.until(lambda: answer.reactions == ["👎"])
    road.nurlan._say({"dice": {"emoji": "🎲", "value": 1}}, topic, words)
    await road.telegram.until(lambda: topic.sees().count("Ответ не ушёл") == 2)
    talk = await road.nurlan.write(topic, "кто дежурит завтра?")
    await road.rest()
    assert talk.reactions == []
    assert answers(person.history()) == []

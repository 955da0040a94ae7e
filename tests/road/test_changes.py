"""Changes of messages: what the other side sees of them, and a clear word where they cannot be passed on."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.samples import picture
from bot.sandbox.screen import Seen
from bot.sandbox.spec import Upload
from tests.road.conftest import Road

pytestmark = pytest.mark.asyncio


def words_of(messages: list[Seen], kind: str = "photo") -> list[str]:
    """Return the words under all messages of a kind, without marks."""
    return [each.text.strip("👤🎧✏️ ") for each in messages if each.kind == kind]


def change(road: Road, message: Seen, **content: Any) -> None:
    """Give a message of a person other content, and tell the bot."""
    world = road.telegram.world
    world.replace(message.message, **content, edit_date=world.unix())
    road.telegram.acts.core.updates.push("edited_message", message.message.body)


def replace_photo(road: Road, message: Seen, caption: str | None = None, **others: Any) -> str:
    """Put another photo into a message, as people can; return what tells the file apart."""
    file = road.telegram.world.files.add("photo", Upload("photo.png", "image/png", picture(colour=(200, 40, 40))))
    body = file.body()
    change(road, message, **body, caption=caption, **others)
    return str(body["photo"][-1]["file_unique_id"])


def photos(messages: list[Seen]) -> list[str]:
    """Return which files the photos among messages show."""
    return [str(each.body["photo"][-1]["file_unique_id"]) for each in messages if each.kind == "photo"]


async def test_another_photo_in_an_answer_takes_the_place_of_the_first(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("как выглядит патент?")
    words = await road.nurlan.finds(topic, "как выглядит")
    answer = await road.nurlan.send_photo("вот так", where=topic, reply_to=words)
    await road.telegram.until(lambda: answer.reactions == ["👍"])
    (before,) = photos(person.history())
    other = replace_photo(road, answer, "нет, вот так")
    await road.telegram.until(lambda: photos(person.history()) == [other])
    assert other != before
    assert words_of(person.history()) == ["нет, вот так"]
    await road.rest()
    assert "Это изменение человек не увидит" not in topic.sees()


async def test_a_photo_that_is_added_to_a_written_answer_reaches_the_person(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("как выглядит патент?")
    words = await road.nurlan.finds(topic, "как выглядит")
    answer = await road.nurlan.reply(words, "вот так")
    await road.telegram.until(lambda: answer.reactions == ["👍"])
    other = replace_photo(road, answer, "вот так", text=None, entities=None)
    await road.telegram.until(lambda: photos(person.history()) == [other])
    assert words_of(person.history()) == ["вот так"]


async def test_an_operator_hears_once_that_a_moved_place_did_not_go_to_the_person(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("где приют?")
    words = await road.nurlan.finds(topic, "где приют?")
    place = road.nurlan._say({"location": {"latitude": 55.7, "longitude": 37.6, "live_period": 900}}, topic, words)
    await road.telegram.until(lambda: place.reactions == ["👍"])
    for step in range(1, 4):
        change(road, place, location={"latitude": 55.7 + step / 100, "longitude": 37.6, "live_period": 900})
    said = await road.nurlan.finds(topic, "Это изменение человек не увидит")
    assert said.reply_to == place.id
    await road.rest()
    assert topic.sees().count("Это изменение человек не увидит") == 1


async def test_another_photo_of_a_person_comes_to_the_desk_as_a_change(road: Road) -> None:
    person, topic = await road.with_case()
    photo = await person.send_photo("мой договор")
    first = await road.nurlan.finds(topic, "мой договор")
    other = replace_photo(road, photo, "вот теперь договор")
    changed = await road.nurlan.finds(topic, "вот теперь договор")
    assert photos(topic.messages())[-1] == other
    assert changed.text.startswith("✏️")
    assert changed.reply_to == first.id


async def test_a_medium_without_words_says_by_a_word_from_whom_it_is_or_by_its_place(road: Road) -> None:
    person, topic = await road.with_case()
    voice = await person.send_voice()
    came = await road.telegram.until(lambda: next((one for one in topic.messages() if one.kind == "voice"), None))
    assert came.text == "", "the topic says whose voice it is"
    await road.nurlan.send_voice(where=topic, reply_to=came)
    heard = await road.telegram.until(
        lambda: next((one for one in person.history() if one.kind == "voice" and one.from_bot), None)
    )
    assert heard.text == "🎧 Оператор"
    assert heard.reply_to == voice.id
    photo = await person.send_photo()
    await road.telegram.until(lambda: photos(topic.messages()))
    replace_photo(road, photo)
    changed = await road.nurlan.finds(topic, "✏️ изменено")
    assert changed.kind == "photo"


async def test_an_answer_to_a_voice_whose_delivery_is_just_being_noted_is_not_lost(road: Road) -> None:
    person, topic = await road.with_case()
    await road.rest()
    road.telegram.faults.drop_after("sendVoice", count=1)
    await person.send_voice()
    voices = await road.telegram.until(
        lambda: len(found := [one for one in topic.messages() if one.kind == "voice"]) == 2 and found, timeout=20
    )
    answer = await road.nurlan.reply(voices[0], "слышу вас")
    await person.sees_soon("слышу вас")
    await road.telegram.until(lambda: answer.reactions == ["👍"])


async def test_changing_the_second_picture_of_an_album_on_its_way_leaves_the_first_alone(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("как выглядит патент?")
    words = await road.nurlan.finds(topic, "как выглядит")
    await road.rest()
    road.telegram.faults.too_many("sendMediaGroup", retry_after=1, count=2)
    album = await road.nurlan.send_album(3, caption="лицевая сторона", where=topic, reply_to=words)
    await road.telegram.until(lambda: sum(road.telegram.faults.happened.values()) > 0, timeout=10)
    await road.nurlan.edit(album[1], "обратная сторона")
    await road.telegram.until(lambda: "обратная сторона" in words_of(person.history()), timeout=10)
    await road.rest()
    assert words_of(person.history()) == ["лицевая сторона", "обратная сторона", ""]


async def test_a_change_while_an_album_is_still_collected_goes_on_with_it(road: Road) -> None:
    person, topic = await road.with_case()
    album = await person.send_album(2, caption="мой договор")
    await person.edit(album[1], "вторая страница")
    await road.nurlan.finds(topic, "вторая страница", timeout=10)
    await road.rest()
    assert words_of(topic.messages()) == ["мой договор", "вторая страница"]


async def test_a_place_that_moves_all_the_time_does_not_fill_the_topic(road: Road) -> None:
    person, topic = await road.with_case()
    place = person._say({"location": {"latitude": 55.7, "longitude": 37.6, "live_period": 900}}, None, None)
    await road.telegram.until(lambda: any(each.kind == "location" for each in topic.messages()))
    for step in range(1, 8):
        change(road, place, location={"latitude": 55.7 + step / 100, "longitude": 37.6, "live_period": 900})
    await road.rest()
    places = [each.body["location"]["latitude"] for each in topic.messages() if each.kind == "location"]
    assert places == [55.7, 55.71], "one change a minute is enough"


async def test_what_was_changed_before_a_case_stays_at_its_place(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    first = await person.send("как оформить патент")
    await person.send("где купить полис")
    await road.rest()
    await person.edit(first, "хозяин отобрал паспорт и держит меня взаперти")
    await person.sees_soon("112")
    await person.tap("🆘")
    topic = await road.nurlan.topic("🔴")
    await road.nurlan.finds(topic, "где купить полис")
    await road.nurlan.finds(topic, "взаперти")
    await road.rest()
    text = topic.sees()
    assert text.rindex("держит меня взаперти") < text.index("где купить полис")

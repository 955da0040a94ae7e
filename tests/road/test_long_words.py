"""Words under a picture that are longer than a bot's caption may be: people with Telegram Premium write up to 4096."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.people import Person
from bot.sandbox.places import ForumTopic
from bot.sandbox.samples import picture
from bot.sandbox.screen import Seen
from bot.sandbox.spec import Upload
from tests.road.conftest import Road

pytestmark = pytest.mark.asyncio

BEGIN, END = "Начальник сказал, что", "и больше я ничего не знаю"
STORY = f"{BEGIN} {'зарплату 💸 не отдаст, ' * 80}{END}"
"""More than 1,024 UTF-16 units and less than 4,096, with characters of two units."""


def send_photo(
    who: Person,
    caption: str,
    *,
    where: ForumTopic | None = None,
    reply_to: Seen | None = None,
    bold: str = "",
    album: str | None = None,
) -> Seen:
    """Send a photo with a caption of any length, as somebody with Telegram Premium."""
    file = who.acts.world.files.add("photo", Upload("photo.png", "image/png", picture()))
    content: dict[str, Any] = {**file.body(), "caption": caption}
    if bold:
        before, length = caption[: caption.index(bold)], len(bold.encode("utf-16-le")) // 2
        start = len(before.encode("utf-16-le")) // 2
        content["caption_entities"] = [{"type": "bold", "offset": start, "length": length}]
    extra = {"media_group_id": album} if album else {}
    return who._say(content, where, reply_to, **extra)


def edit_caption(road: Road, message: Seen, caption: str) -> None:
    """Give a photo another caption of any length."""
    world = road.telegram.world
    world.replace(message.message, caption=caption or None, caption_entities=None, edit_date=world.unix())
    road.telegram.acts.core.updates.push("edited_message", message.message.body)


def whole(messages: list[Seen]) -> str:
    """Return all words as one text, without the marks of who wrote them."""
    return " ".join("\n".join(each.text for each in messages).replace("👤 ", "").replace("🎧 ", "").split())


async def test_a_long_story_under_a_photo_reaches_the_desk_whole_and_can_be_answered(road: Road) -> None:
    person, topic = await road.with_case()
    send_photo(person, STORY, bold=END)
    await person.send("и ещё одно")
    words = await road.nurlan.finds(topic, END)
    await road.nurlan.finds(topic, "и ещё одно")
    texts = [message for message in topic.messages() if message.from_bot]
    assert " ".join(STORY.split()) in whole(texts)
    kinds = [message.kind for message in texts[-3:]]
    assert kinds == ["photo", "text", "text"], "the photo, its words, and only then what was written after it"
    bold = [entity for entity in words.message.body["entities"] if entity["type"] == "bold"]
    assert len(bold) == 1
    answer = await road.nurlan.reply(words, "Мы поможем")
    await person.sees_soon("Мы поможем")
    await road.telegram.until(lambda: answer.reactions == ["👍"])


async def test_a_long_answer_under_a_photo_reaches_the_person_whole(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("как заполнить?")
    words = await road.nurlan.finds(topic, "как заполнить?")
    answer = send_photo(road.nurlan, STORY, where=topic, reply_to=words)
    await road.telegram.until(lambda: answer.reactions == ["👍"])
    assert " ".join(STORY.split()) in whole(person.history())
    photo = next(message for message in person.history() if message.kind == "photo")
    edit_caption(road, answer, STORY.replace(END, "а теперь всё иначе"))
    await road.telegram.until(lambda: "а теперь всё иначе" in whole(person.history()))
    assert END not in whole(person.history())
    edit_caption(road, answer, "коротко")
    await road.telegram.until(lambda: "коротко" in whole(person.history()))
    assert BEGIN not in whole(person.history())
    edit_caption(road, answer, "")
    await road.telegram.until(lambda: "коротко" not in whole(person.history()))
    assert photo.id in {message.id for message in person.history()}
    await road.rest()
    assert answer.reactions == ["👍"]


async def test_a_short_caption_that_grows_long_is_not_cut(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("как заполнить?")
    words = await road.nurlan.finds(topic, "как заполнить?")
    answer = send_photo(road.nurlan, "вот так", where=topic, reply_to=words)
    await road.telegram.until(lambda: answer.reactions == ["👍"])
    edit_caption(road, answer, STORY)
    await road.telegram.until(lambda: END in whole(person.history()))
    await road.rest()
    assert " ".join(STORY.split()) in whole(person.history())
    assert "вот так" not in whole(person.history())
    assert answer.reactions == ["👍"]


async def test_an_album_with_two_long_stories_loses_neither(road: Road) -> None:
    person, topic = await road.with_case()
    second = STORY.replace("Начальник", "Бригадир")
    for caption in (STORY, second, "третье фото"):
        send_photo(person, caption, album="77")
    await road.nurlan.finds(topic, "Бригадир", timeout=10)
    await road.rest()
    found = whole(topic.messages())
    assert " ".join(STORY.split()) in found
    assert " ".join(second.split()) in found
    assert "третье фото" in found
    assert sum(message.kind == "photo" for message in topic.messages()) == 3


async def test_the_mark_is_true_when_only_the_photo_surely_came(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("как заполнить?")
    words = await road.nurlan.finds(topic, "как заполнить?")
    await road.rest()
    road.telegram.faults.drop_before("sendMessage", count=1)
    answer = send_photo(road.nurlan, STORY, where=topic, reply_to=words)
    await road.telegram.until(lambda: answer.reactions == ["🤔"])
    assert END not in whole(person.history())
    await road.nurlan.tap("ещё раз", topic)
    await road.telegram.until(lambda: answer.reactions == ["👍"])
    assert " ".join(STORY.split()) in whole(person.history())
    assert sum(message.kind == "photo" for message in person.history()) == 1

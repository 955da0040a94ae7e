"""Changes of messages: what the other side sees of them, and a clear word where they cannot be passed on."""

from __future__ import annotations

import pytest

from bot.sandbox.screen import Seen
from tests.road.conftest import Road

pytestmark = pytest.mark.asyncio


def words_of(messages: list[Seen], kind: str = "photo") -> list[str]:
    """Return the words under all messages of a kind, without marks."""
    return [each.text.strip("👤🎧✏️ ") for each in messages if each.kind == kind]


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

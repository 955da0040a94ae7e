"""Every misbehaviour of a network, a server and people, alone and mixed, while people and operators talk.

Nothing is lost, the order of each chat is kept, what operators see about the delivery is true, and only what the policy
allows comes twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import LocalTelegram
from bot.sandbox.acts import Impossible
from bot.sandbox.faults import Faults
from bot.sandbox.people import Person
from bot.sandbox.places import ForumTopic
from bot.sandbox.screen import Seen
from tests.road.conftest import Road

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("quick")]

SENDING = ("sendMessage", "sendPhoto", "sendVoice", "setMessageReaction", "editMessageText", "createForumTopic")
PEOPLE = 3
MESSAGES = 6
"""How many messages each person writes, and how many answers each gets."""
_WORDS = re.compile(r"\b(?:word|answer) (\d+) of (\w+)")


@dataclass
class Talk:
    """One person's case, and what both sides wrote."""

    name: str
    number: int
    person: Person
    topic: ForumTopic
    operator: Person
    answers: list[Seen] = field(default_factory=list)

    def card(self) -> Seen | None:
        """Return the newest card of the case, to which operators may reply; None while there is none."""
        topics = [topic for topic in self.topic.group.topics if f" {self.number} ·" in topic.name]
        cards = [each for topic in topics for each in topic.messages() if f"№ {self.number}" in each.text]
        return cards[-1] if cards else None

    async def answer(self, number: int) -> Seen:
        """Let the operator answer the card."""
        card = self.card()
        if card is None:
            raise Impossible("there is no card now")
        answer = await self.operator.reply(card, f"answer {number} of {self.name}")
        self.answers.append(answer)
        return answer


class Town:
    """Several talks at once on one road, with a watch over every 👍."""

    def __init__(self, road: Road) -> None:
        self.road = road
        self.talks: list[Talk] = []
        self.lies: list[str] = []
        road.telegram.on_request(self._watch)

    async def settle(self) -> None:
        """Let everybody open a case and write a first word, in good weather."""
        for number in range(PEOPLE):
            person, topic = await self.road.with_case()
            operator = (self.road.nurlan, self.road.zarina)[number % 2]
            self.talks.append(Talk(f"p{number}", number + 1, person, topic, operator))
        await self.road.telegram.quiet()

    async def talk(self, pause: float = 0.02) -> None:
        """Let all write and answer at the same time."""
        await asyncio.gather(*(self._talk(talk, pause) for talk in self.talks))

    async def _talk(self, talk: Talk, pause: float) -> None:
        for number in range(MESSAGES):
            text = f"word {number} of {talk.name}"
            await (talk.person.send_photo(text) if number == 2 else talk.person.send(text))
            await asyncio.sleep(pause)
            with contextlib.suppress(Impossible):  # nobody can answer where the topic is closed or gone
                await talk.answer(number)
            await asyncio.sleep(pause)

    def _watch(self, method: str, params: dict[str, Any]) -> None:
        """Note every 👍 on an answer that is not before the person's eyes at that moment."""
        if method != "setMessageReaction" or "👍" not in str(params.get("reaction")):
            return
        for talk in self.talks:
            for answer in talk.answers:
                if answer.id == int(params["message_id"]) and answer.text not in _texts(talk.person.history()):
                    self.lies.append(answer.text)

    def heard(self, talk: Talk) -> list[int]:
        """Return the numbers of a person's words as the desk has them, in order, recaps included."""
        lines = [each.text for topic in self.road.desk.topics for each in topic.messages() if each.from_bot]
        return [int(n) for line in lines for n, name in _WORDS.findall(line) if name == talk.name and "word" in line]

    def got(self, talk: Talk) -> list[int]:
        """Return the numbers of the answers that a person has before their eyes, in order."""
        lines = [each.text for each in talk.person.history() if each.from_bot]
        return [int(n) for line in lines for n, name in _WORDS.findall(line) if name == talk.name]

    async def decide(self, again: Callable[[int], bool]) -> tuple[set[int], set[int]]:
        """Answer every question about an answer of unknown fate; return which were sent again and which left.

        `again` is told the id of the operator's message. A question may come twice when the connection breaks; it is
        answered once.
        """
        asked: tuple[set[int], set[int]] = (set(), set())
        for talk in self.talks:
            for message in talk.topic.messages():
                about = message.reply_to
                is_question = any("ещё раз" in button.text for button in message.buttons)
                if is_question and about is not None and about not in asked[0] | asked[1]:
                    await talk.operator.tap("ещё раз" if again(about) else "Оставить", message)
                    asked[0 if again(about) else 1].add(about)
        return asked


def _texts(messages: Sequence[Seen]) -> str:
    return "\n".join(each.text for each in messages)


def firsts(numbers: Sequence[int]) -> list[int]:
    """Return numbers without repeats, by their first time."""
    return list(dict.fromkeys(numbers))


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLite, and PostgreSQL too where a test says `on_both`."""
    url: str = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    return url


on_both = pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
async def town(tmp_path: Path, database_url: str) -> AsyncIterator[Town]:
    async with LocalTelegram(seed=7) as telegram:
        road = Road(telegram, tmp_path, database_url)
        await road.start()
        town = Town(road)
        await town.settle()
        try:
            yield town
        finally:
            telegram.faults.clear()
            await road.stop()


Misbehave = Callable[[Faults], object]
SURELY_NOT_DELIVERED: dict[str, Misbehave] = {
    "Telegram asks to wait": lambda faults: faults.too_many(*SENDING, retry_after=1, count=4),
    "answers come late": lambda faults: faults.delay(0.2, probability=0.3, count=None),
    "updates come twice": lambda faults: faults.repeat_update(count=None),
    "updates come out of order": lambda faults: faults.shuffle_updates(count=None),
    "polling breaks": lambda faults: (
        faults.drop_after("getUpdates", count=2, probability=0.5),
        faults.bad_gateway("getUpdates", count=2, probability=0.5),
    ),
}
"""Troubles in which nothing may come twice."""
MAYBE_DELIVERED: dict[str, Misbehave] = {
    "the connection breaks before": lambda faults: faults.drop_before(*SENDING, probability=0.3, count=None),
    "the connection breaks after": lambda faults: faults.drop_after(*SENDING, probability=0.3, count=None),
    "502": lambda faults: faults.bad_gateway(*SENDING, probability=0.3, count=None),
    "500": lambda faults: faults.server_error(*SENDING, probability=0.3, count=None),
}
"""Troubles after which nobody knows whether a message came."""


@pytest.mark.parametrize("trouble", SURELY_NOT_DELIVERED)
async def test_trouble_in_which_everything_comes_exactly_once(town: Town, trouble: str) -> None:
    SURELY_NOT_DELIVERED[trouble](town.road.telegram.faults)
    await town.talk()
    await town.road.rest()
    assert sum(town.road.telegram.faults.happened.values()) > 0
    town.road.telegram.faults.clear()
    await town.road.rest()
    for talk in town.talks:
        assert town.heard(talk) == list(range(MESSAGES))
        assert town.got(talk) == list(range(MESSAGES))
        assert [answer.reactions for answer in talk.answers] == [["👍"]] * MESSAGES
    assert town.lies == []
    assert await town.road.dead_letters() == []


@pytest.mark.parametrize("trouble", MAYBE_DELIVERED)
async def test_trouble_after_which_nobody_knows(town: Town, trouble: str) -> None:
    faults = town.road.telegram.faults
    MAYBE_DELIVERED[trouble](faults)
    await town.talk()
    await town.road.rest()
    assert sum(faults.happened.values()) > 3
    faults.clear()
    await town.road.rest()

    unknown = {answer.id for talk in town.talks for answer in talk.answers if answer.reactions == ["🤔"]}
    for talk in town.talks:
        assert firsts(town.heard(talk)) == list(range(MESSAGES)), "the desk has every word, in order"
        certain = [number for number, answer in enumerate(talk.answers) if answer.reactions == ["👍"]]
        assert len(certain) + sum(answer.id in unknown for answer in talk.answers) == MESSAGES
        got = town.got(talk)
        assert len(got) == len(set(got)), "no answer came twice by itself"
        assert [number for number in got if number in certain] == certain, "what surely came, came in order"
    assert town.lies == []

    before = {talk.name: town.got(talk) for talk in town.talks}
    again, left = await town.decide(lambda message: message % 2 == 0)
    assert again | left == unknown
    await town.road.rest()
    for talk in town.talks:
        sent = [number for number, answer in enumerate(talk.answers) if answer.id in again]
        assert town.got(talk) == [*before[talk.name], *sent], "sent again is what the operator wanted, and only that"
        marks = {answer.id: answer.reactions for answer in talk.answers}
        assert marks == {each: ["🤔"] if each in left else ["👍"] for each in marks}
    assert town.lies == []
    assert await town.road.dead_letters() == []


async def test_a_question_that_was_answered_is_not_answered_twice(town: Town) -> None:
    talk = town.talks[0]
    town.road.telegram.faults.drop_after("sendMessage", count=1)
    await talk.answer(0)
    await town.road.rest()
    question = next(each for each in talk.topic.messages() if any("ещё раз" in one.text for one in each.buttons))
    await talk.operator.tap("Оставить", question)
    await talk.operator.tap("ещё раз", question)
    await town.road.rest()
    assert "Это уже решено" in talk.operator.toasts
    assert town.got(talk) == [0]
    assert await town.road.dead_letters() == []


HAPPENINGS: dict[str, Misbehave] = {
    "topics are closed": lambda faults: faults.close_topic("sendMessage", after=3, count=3),
    "topics are deleted": lambda faults: faults.delete_topic("sendMessage", after=4, count=2),
    "the group moves": lambda faults: faults.migrate_group("sendMessage", after=6, count=1),
}


@on_both
@pytest.mark.parametrize("happening", HAPPENINGS)
async def test_what_people_do_to_the_group_loses_no_word(town: Town, happening: str) -> None:
    HAPPENINGS[happening](town.road.telegram.faults)
    await town.talk()
    await town.road.rest()
    assert sum(town.road.telegram.faults.happened.values()) > 0
    for talk in town.talks:
        assert set(town.heard(talk)) == set(range(MESSAGES))
        assert firsts(town.heard(talk)) == list(range(MESSAGES))
        assert town.got(talk) == [int(_WORDS.findall(answer.text)[0][0]) for answer in talk.answers]
    assert town.lies == []
    assert await town.road.dead_letters() == []


@pytest.mark.parametrize("fault", ["block_user", "deactivate_user"])
async def test_a_person_who_is_gone_in_the_middle_is_seen_at_once(town: Town, fault: str) -> None:
    first, *others = town.talks
    await first.answer(0)
    await first.person.sees_soon("answer 0")
    getattr(town.road.telegram.faults, fault)("sendMessage", count=1, after=0)
    lost = await first.answer(1)
    await town.road.telegram.until(lambda: lost.reactions == ["👎"])
    await town.road.rest()
    assert "Сообщения до " in first.topic.sees()
    for talk in others:
        reached = await talk.answer(1)
        await talk.person.sees_soon("answer 1")
        await town.road.telegram.until(lambda reached=reached: reached.reactions == ["👍"])
    assert town.got(first) == [0]


@on_both
async def test_everything_at_once(town: Town) -> None:
    faults = town.road.telegram.faults
    faults.drop_before(probability=0.05, count=None)
    faults.drop_after(probability=0.05, count=None)
    faults.bad_gateway(probability=0.05, count=None)
    faults.server_error(probability=0.03, count=None)
    faults.delay(0.1, probability=0.1, count=None)
    faults.too_many(retry_after=1, probability=0.02, count=None)
    faults.repeat_update(probability=0.3, count=None)
    faults.shuffle_updates(probability=0.5, count=None)
    await town.talk()
    await town.talk()
    await town.road.rest(30)
    assert len(faults.happened) >= 6
    faults.clear()
    await town.decide(lambda _: True)
    await town.road.rest()
    for talk in town.talks:
        assert set(town.heard(talk)) == set(range(MESSAGES))
        assert set(town.got(talk)) == set(range(MESSAGES))
        assert [answer.reactions for answer in talk.answers] == [["👍"]] * 2 * MESSAGES
    assert town.lies == []
    assert await town.road.dead_letters() == []


@on_both
async def test_a_restart_in_the_middle_of_trouble_loses_nothing(town: Town) -> None:
    town.road.telegram.faults.drop_after(*SENDING, probability=0.2, count=None)
    talking = asyncio.create_task(town.talk(0.05))
    await asyncio.sleep(0.2)
    await town.road.stop()
    await asyncio.sleep(0.1)
    await town.road.start()
    await talking
    await town.road.rest()
    town.road.telegram.faults.clear()
    await town.decide(lambda _: True)
    await town.road.rest()
    for talk in town.talks:
        assert firsts(town.heard(talk)) == list(range(MESSAGES))
        assert set(town.got(talk)) == set(range(MESSAGES))
    assert town.lies == []


async def test_a_telegram_that_is_away_for_a_while_gets_everything_afterwards(town: Town) -> None:
    faults = town.road.telegram.faults
    faults.bad_gateway("getUpdates", count=None)
    faults.too_many(*SENDING, retry_after=1, count=None)
    await town.talk(0)
    await asyncio.sleep(0.5)
    faults.clear()
    await town.road.rest()
    for talk in town.talks:
        assert town.heard(talk) == list(range(MESSAGES))
        assert town.got(talk) == list(range(MESSAGES))

"""People and an operator who write steadily, on a local Telegram that outlives the program under test.

People write `p<person>-<number>`, the operator answers `o<person>-<number>` as a reply to what a person wrote, and
presses "send again" under every answer of which the hotline does not know whether it arrived.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import defaultdict
from typing import Any

from bot.sandbox import LocalTelegram
from bot.sandbox.people import Person
from bot.sandbox.places import Group
from bot.sandbox.world import Json, Message

_NUMBER = re.compile(r"\b([po])(\d+)-(\d+)\b")


class Crowd:
    """Some people with an open case each, and one operator. All that they write and all that arrives is kept."""

    def __init__(self, telegram: LocalTelegram, people: int, seed: int) -> None:
        self.telegram = telegram
        self.chance = random.Random(seed)
        self.desk: Group = telegram.group("Operators", forum=True)
        self.operator: Person = telegram.person("Nurlan", groups=[self.desk], admin=True)
        self.people: list[Person] = [telegram.person(f"Person {number}") for number in range(people)]
        self.written: dict[int, list[str]] = defaultdict(list)
        self.answered: dict[int, list[str]] = defaultdict(list)
        self.answers: dict[str, Message] = {}
        self.arrived: dict[int, list[str]] = defaultdict(list)
        """What the bot brought, by chat: people's words to the desk, the operator's words to people."""
        self.pressed = 0
        self._questions: set[int] = set()
        self._newest: dict[int, Message] = {}
        telegram.world.listeners.append(self._heard)

    async def open_cases(self) -> None:
        """Let everybody choose a language, open a case, and write for the first time. The hotline must run."""
        for number, person in enumerate(self.people):
            await person.send("/start")
            await person.tap("Русский", timeout=30)
            await person.tap("🙋", timeout=30)
            await self.telegram.until(lambda n=number: len(self.desk.topics) > n, 30)  # type: ignore[misc]
            self.write(number)
        await self.telegram.until(lambda: len(self._newest) == len(self.people), 30)

    async def write_steadily(self, a_second: float) -> None:
        """Write both ways until cancelled: of ten messages six are people's."""
        while True:
            await asyncio.sleep(1 / a_second)
            number = self.chance.randrange(len(self.people))
            if self.chance.random() < 0.6:
                self.write(number)
            else:
                self.answer(number)

    def write(self, number: int) -> None:
        """Somebody writes."""
        text = f"p{number}-{len(self.written[number])}"
        self.written[number].append(text)
        person = self.people[number]
        acts = self.telegram.acts
        acts.say(person.user, person.chat, acts.text(f"{text} что мне делать дальше"))

    def answer(self, number: int) -> None:
        """The operator answers the newest message of somebody."""
        text = f"o{number}-{len(self.answered[number])}"
        self.answered[number].append(text)
        acts = self.telegram.acts
        content = acts.text(f"{text} подождите, я узнаю")
        said = acts.say(self.operator.user, self.desk.chat, content, reply_to=self._newest[number])
        self.answers[text] = said

    def missing(self) -> list[str]:
        """Return what was written and has not arrived."""
        to_desk = set(self.arrived[self.desk.id])
        missing = [text for said in self.written.values() for text in said if text not in to_desk]
        for number, said in self.answered.items():
            here = set(self.arrived[self.people[number].id])
            missing += [text for text in said if text not in here]
        return missing

    def count_repeats(self) -> tuple[int, int]:
        """Return how many people's messages and how many answers came more than once."""
        repeats = {"p": 0, "o": 0}
        for texts in self.arrived.values():
            for kind in repeats:
                of_kind = [text for text in texts if text[0] == kind]
                repeats[kind] += len(of_kind) - len(set(of_kind))
        return repeats["p"], repeats["o"]

    def _heard(self, event: Json) -> None:
        body: Json = event.get("message") or {}
        if event["kind"] != "message" or body["from"]["id"] != self.telegram.world.bot.id:
            return
        chat = body["chat"]["id"]
        found = _NUMBER.search(body.get("text", ""))
        if found:
            self.arrived[chat].append(found.group(0))
            if chat == self.desk.id:
                self._newest[int(found.group(2))] = self.desk.chat.messages[body["message_id"]]
        again = _button(body, "|d-again|")
        if again is not None and body["message_id"] not in self._questions:
            self._questions.add(body["message_id"])
            asyncio.get_running_loop().call_later(0.3, self._press, body["message_id"], again)

    def _press(self, message_id: int, button: Json) -> None:
        self.pressed += 1
        self.telegram.acts.tap(self.operator.user, self.desk.chat.messages[message_id], button)


def _button(body: Json, data: str) -> Json | None:
    rows: list[list[Any]] = (body.get("reply_markup") or {}).get("inline_keyboard") or []
    return next((button for row in rows for button in row if data in button.get("callback_data", "")), None)

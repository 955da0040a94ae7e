"""The local Telegram as a process of its own, with people who write on command and a watch on what arrives.

`python -m benchmarks.telegram PEOPLE` prints its address as a line of JSON, then obeys lines of JSON on standard input.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import sys
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from bot.sandbox import LocalTelegram, Person
from bot.sandbox.world import Json, Message

CALL = "h1|urgent|"
"""How the data of the button under a danger screen begins."""
_NUMBER = re.compile(r"\b([po])-(\d+)\b")


@dataclass
class Cry:
    """A message of danger: when it was written, handed out to the bot for the first time, answered with a screen."""

    written: float
    handed: float = 0.0
    answers: list[float] = field(default_factory=list)


class Crowd:
    """People with an open case each, and an operator; counts and times what the bot brings."""

    def __init__(self, telegram: LocalTelegram, people: int) -> None:
        self.telegram = telegram
        self.group = telegram.group("Operators", forum=True)
        self.operator = telegram.person("Nurlan", groups=[self.group], admin=True)
        self.people = [telegram.person(f"Person {number}") for number in range(people)]
        self.asked = asyncio.Event()
        self._number = 0
        self._written: dict[int, float] = {}
        self._late: list[float] = []
        self._last = 0.0
        self._newest: dict[int, Message] = {}
        self._cries: dict[int, Cry] = {}
        telegram.on_request(self._requested)
        telegram.on_request(self._screened)
        self._watch_polls()
        telegram.world.listeners.append(self._heard)

    def _requested(self, method: str, params: Json) -> None:
        if method == "getMe":
            self.asked.set()
        found = _NUMBER.search(str(params.get("text", ""))) if method == "sendMessage" else None
        if found is None:
            return
        written = self._written.pop(int(found.group(2)), None)
        if written is not None:
            self._last = perf_counter()
            self._late.append(self._last - written)

    def _heard(self, event: Json) -> None:
        body: Json = event.get("message") or {}
        from_bot = event["kind"] == "message" and body["from"]["id"] == self.telegram.world.bot.id
        if from_bot and body.get("is_topic_message") and _NUMBER.search(body.get("text", "")):
            self._newest[body["message_thread_id"]] = self.group.chat.messages[body["message_id"]]

    async def open_cases(self) -> None:
        """Let everybody choose a language, open a case and write once."""
        for number, person in enumerate(self.people):
            await person.send("/start")
            await person.tap("Русский", timeout=60)
            await person.tap("🙋", timeout=60)
            await self.telegram.until(lambda n=number: len(self.group.topics) > n, 60)  # type: ignore[misc]
            self._write(number)
        await self.telegram.until(lambda: not self._written, 60)
        await self.telegram.quiet(calm=1.0, timeout=60)

    def _write(self, number: int) -> None:
        self._number += 1
        person, acts = self.people[number % len(self.people)], self.telegram.acts
        self._written[self._number] = perf_counter()
        acts.say(person.user, person.chat, acts.text(f"p-{self._number} хозяин не отдаёт деньги за три месяца"))

    def _answer(self, number: int) -> None:
        self._number += 1
        topics, acts = list(self._newest), self.telegram.acts
        to = self._newest[topics[number % len(topics)]]
        self._written[self._number] = perf_counter()
        acts.say(self.operator.user, self.group.chat, acts.text(f"o-{self._number} подождите, узнаю"), reply_to=to)

    async def flood(self, count: int, *, answers: bool = False, at_once: int = 400) -> Json:
        """Write `count` messages, at most `at_once` of them on the way; return what was seen."""
        self._late, began = [], perf_counter()
        act = self._answer if answers else self._write
        for number in range(count):
            while len(self._written) >= at_once:  # noqa: ASYNC110 - the pace is what is measured
                await asyncio.sleep(0.002)
            act(number)
        await self.telegram.until(lambda: not self._written, 120)
        return self._report(began)

    async def steady(self, a_second: float, seconds: float) -> Json:
        """Write evenly for some seconds; return what was seen."""
        self._late, began = [], perf_counter()
        for number in range(int(a_second * seconds)):
            wait = began + number / a_second - perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            self._write(number)
        await self.telegram.until(lambda: not self._written, 120)
        return self._report(began)

    async def speak(self, languages: list[str]) -> Json:
        """Let everybody start and choose a language."""
        for person, language in zip(self.people, itertools.cycle(languages), strict=False):
            await person.send("/start")
            await person.tap(language, timeout=60)
        await self.telegram.quiet(calm=1.0, timeout=60)
        return {}

    async def cry(self, first: int, texts: list[str], a_second: float, patience: float = 10.0) -> Json:
        """Let people from number `first` on write one text each, evenly; return the seconds until each screen.

        A text that is the data of a button is pressed under the newest message instead.
        `written`: since it was written; `handed`: since the bot was given it; `missing`: the texts without a screen
        after `patience` seconds; `twice`: screens too many.
        """
        self._cries, began = {}, perf_counter()
        for number, (person, text) in enumerate(zip(self.people[first:], texts, strict=False)):
            wait = began + number / a_second - perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            self._cries[person.chat.id] = Cry(perf_counter())
            self._utter(person, text)
        cries = self._cries
        with contextlib.suppress(TimeoutError):
            await self.telegram.until(lambda: all(cry.answers for cry in cries.values()), patience)
        answered = [cry for cry in cries.values() if cry.answers]
        return {
            "written": [cry.answers[0] - cry.written for cry in answered],
            "handed": [cry.answers[0] - cry.handed for cry in answered],
            "missing": [text for cry, text in zip(cries.values(), texts, strict=False) if not cry.answers],
        }

    async def calm(self) -> Json:
        """Wait until nothing comes any more; return how many screens came too many since the last cries."""
        await self.telegram.quiet(calm=1.5, timeout=60)
        return {"twice": sum(max(len(cry.answers) - 1, 0) for cry in self._cries.values())}

    def _utter(self, person: Person, text: str) -> None:
        acts = self.telegram.acts
        if text.startswith("h1|"):
            acts.tap(person.user, person.history()[-1].message, {"text": "…", "callback_data": text})
        else:
            acts.say(person.user, person.chat, acts.text(text))

    def _screened(self, method: str, params: Json) -> None:
        cry = self._cries.get(int(params.get("chat_id", 0))) if method == "sendMessage" else None
        if cry is not None and CALL in str(params.get("reply_markup", "")):
            cry.answers.append(perf_counter())

    def _watch_polls(self) -> None:
        """Note when a message is first handed out to the bot."""
        methods: dict[str, Any] = self.telegram.core.methods
        poll = methods["getupdates"]

        async def watched(core: Any, params: Json) -> Any:
            updates = await poll(core, params)
            for update in updates:
                message = update.get("message") or update.get("callback_query", {}).get("message", {})
                cry = self._cries.get(message.get("chat", {}).get("id", 0))
                if cry is not None and not cry.handed:
                    cry.handed = perf_counter()
            return updates

        methods["getupdates"] = watched

    async def clear(self) -> Json:
        """Forget the messages, as far as nothing needs them."""
        for person in self.people:
            person.chat.messages.clear()
        return {}

    def _report(self, began: float) -> Json:
        late = sorted(self._late)
        return {
            "count": len(late),
            "seconds": self._last - began,
            "p50": late[len(late) // 2],
            "p95": late[int(len(late) * 0.95)],
            "most": late[-1],
        }


async def obey(crowd: Crowd, order: Json) -> Json:
    """Carry out one order."""
    match order.pop("do"):
        case "open_cases":
            await crowd.open_cases()
        case "flood":
            return await crowd.flood(**order)
        case "steady":
            return await crowd.steady(**order)
        case "speak":
            return await crowd.speak(**order)
        case "cry":
            return await crowd.cry(**order)
        case "calm":
            return await crowd.calm()
        case "clear":
            return await crowd.clear()
        case "forget":
            crowd.asked.clear()
        case "wait":
            await asyncio.wait_for(crowd.asked.wait(), 120)
    return {}


async def main(people: int) -> None:
    """Serve until standard input ends."""
    async with LocalTelegram() as telegram:
        telegram.server.recording = False
        crowd = Crowd(telegram, people)
        _say({"api_base": telegram.base_url, "token": telegram.token, "group": crowd.group.id})
        reader: Any = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            _say(await obey(crowd, json.loads(line)))


def _say(answer: Json) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))

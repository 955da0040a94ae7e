"""Independent judges: the specification and Telegram's own text code over a whole tour, a fuzzer, the rich-text bomb.

The judge of requests watches every test of this folder (see `conftest.py`); here it gets all there is to see.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog

from bot.languages.locales import OWN_NAMES, Locale
from bot.sandbox import LocalTelegram
from bot.sandbox.people import Person
from tests.road.conftest import Road
from tests.road.judge import RIGS, Judge, load, needs_rigs

told = sys.stdout.write
"""Numbers for a human who runs pytest with -s."""
pytestmark = [pytest.mark.asyncio, needs_rigs]

FUZZED_GROUP = -1001234567890
"""The group that the fuzzer writes in: here it is the desk, so that the operators' side is fuzzed too."""
UPDATES = 3_000
PORTION = 50
"""Updates that are fed at once."""
MOMENT = 0.1
"""Seconds that nobody may be kept waiting by what others send."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite is enough: the judges look at what is sent."""
    return sqlite_url


AT_MOST = {"artlang": 8, "helped": 4, "human": 3, "fl": 20, "flow": 20, "letter": 4, "play": 2}
"""How often a button of a kind is pressed on a tour; all others as often as there are different ones."""
NEVER = frozenset({"lang", "hide", "urgent"})
"""What would lead a tour away from its language or its chat."""


class Tour:
    """Somebody who presses every button there is."""

    def __init__(self, person: Person, road: Road) -> None:
        self.person = person
        self._road = road
        self._known: dict[str, None] = {}
        self.pressed: set[str] = set()
        self._kinds: Counter[str] = Counter()
        road.telegram.on_request(self._look)

    def _look(self, _method: str, params: dict[str, Any]) -> None:
        if str(params.get("chat_id")) != str(self.person.id) or "reply_markup" not in params:
            return
        keyboard = params["reply_markup"]
        keyboard = json.loads(keyboard) if isinstance(keyboard, str) else keyboard
        for row in keyboard.get("inline_keyboard", []):
            self._known.update((button["callback_data"], None) for button in row if "callback_data" in button)

    def press(self) -> int:
        """Press some buttons that were never pressed; return how many."""
        fresh = [data for data in self._known if data not in self.pressed and self._wanted(data)][:20]
        for data in fresh:
            self.pressed.add(data)
            message = self.person.history()[-1].message
            self._road.telegram.acts.tap(self.person.user, message, {"text": "", "callback_data": data})
        return len(fresh)

    def _wanted(self, data: str) -> bool:
        _, verb, args = f"{data}||".split("|")[:3]
        if verb in NEVER or "erase,yes" in args:
            self.pressed.add(data)
            return False
        self._kinds[verb] += 1
        return self._kinds[verb] <= AT_MOST.get(verb, 10_000)


async def test_a_tour_through_everything_in_all_languages(road: Road, judge: Judge) -> None:
    before = judge.seen.total()
    tours = []
    for locale in Locale:
        person = await road.newcomer(language=OWN_NAMES[locale])
        tours.append(Tour(person, road))
        await person.send("/menu")
    await road.telegram.quiet()
    while sum(tour.press() for tour in tours):
        await road.rest(60)
    pressed = [len(tour.pressed) for tour in tours]
    assert road.hotline is not None
    assert min(pressed) > 3 * len(road.hotline.knowledge.articles)
    for tour in tours:
        await tour.person.inline("wages-unpaid")
    await road.telegram.quiet()
    assert judge.seen.total() - before > sum(pressed)
    assert not [request for request in road.telegram.requests if not request.ok and "modified" not in request.error]
    assert await road.dead_letters() == []
    told(f"{sum(pressed)} buttons pressed, {judge.seen.total() - before} requests judged: {dict(judge.seen)}")


async def test_the_judge_of_requests_finds_faults(judge: Judge) -> None:
    """A judge that finds nothing anywhere would prove nothing."""
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("sendMessage", {"chat_id": 1, "text": "x" * 4097}),
        ("sendMessage", {"chat_id": 1, "text": "x", "entities": '[{"type":"bold","offset":0,"length":2}]'}),
        ("sendMessage", {"chat_id": 1, "text": "<b>x", "parse_mode": "HTML"}),
        ("sendMessage", {"chat": 1, "text": "x"}),
        ("sendMassage", {}),
    ]
    for method, params in wrong:
        judge.look(method, params)
        assert judge.problems, (method, params)
        judge.problems.clear()


class Stall:
    """The longest time, in seconds of this thread's own work, that the event loop was held by one step."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Stall:
        self._task = asyncio.create_task(self._measure())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()

    async def _measure(self) -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(0.001)
            self.longest = max(self.longest, time.thread_time() - before)


@pytest.fixture
async def fuzzed(tmp_path: Path, sqlite_url: str, quick: None) -> AsyncIterator[Road]:
    """A road whose desk is the group of the fuzzer."""
    async with LocalTelegram() as telegram:
        road = Road(telegram, tmp_path, sqlite_url, desk=telegram.group("Desk", forum=True, chat_id=FUZZED_GROUP))
        await road.start()
        try:
            yield road
        finally:
            await road.stop()
            gc.unfreeze()


async def feed(telegram: LocalTelegram, updates: list[dict[str, Any]]) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{telegram.base_url}/__feed", json={"updates": updates}) as answer,
    ):
        assert answer.status == 200


async def asks(person: Person) -> float:
    """Let somebody press a command; return after how many seconds they have the answer."""
    began = time.monotonic()
    await person.send("/menu")
    await person.until(lambda: person.screen(), timeout=20)
    return time.monotonic() - began


async def test_three_thousand_odd_updates(fuzzed: Road) -> None:
    """What is slow once is the machine's; what is slow again when the same updates come again is ours."""
    fuzz = load("fuzz_updates").Fuzz(json.loads((RIGS / "botapi-10.3.json").read_text()), seed=2026, rich=True)
    portions = [[_without_id(fuzz.update()) for _ in range(PORTION)] for _ in range(UPDATES // PORTION)]
    bystander = await fuzzed.newcomer("Bystander", "Русский")
    gc.collect()
    gc.freeze()  # as the program does at its start: the heap of other tests is none of its work
    waits: list[float] = []
    with structlog.testing.capture_logs() as logs:
        steps = [await _longest_step(fuzzed, portion, bystander, waits) for portion in portions]
        slow = [portion for portion, step in zip(portions, steps, strict=True) if step >= MOMENT]
        again = [await _longest_step(fuzzed, portion, bystander, waits) for portion in slow]
        letters = await fuzzed.dead_letters()
    told(f"median wait {statistics.median(waits):.3f} s, longest steps {max(steps):.3f} s, {again}")
    assert letters == []
    assert [entry for entry in logs if entry["log_level"] in ("error", "critical")] == []
    assert Counter(entry["event"] for entry in logs if entry["event"] == "update_failed") == {}
    assert [step for step in again if step >= MOMENT] == []
    assert max(steps) < 10 * MOMENT
    assert await asks(bystander) < 5
    person, topic = await fuzzed.with_case()
    await person.send("живы?")
    words = await fuzzed.nurlan.finds(topic, "живы?")
    await fuzzed.nurlan.reply(words, "живы")
    await person.sees_soon("живы")


async def _longest_step(road: Road, updates: list[dict[str, Any]], bystander: Person, waits: list[float]) -> float:
    """Feed the updates, note how long a bystander waits meanwhile; return the seconds of the longest step."""
    async with Stall() as stall:
        await feed(road.telegram, updates)
        waits.append(await asks(bystander))
        await road.rest(60)
    return stall.longest


def _without_id(update: dict[str, Any]) -> dict[str, Any]:
    return {kind: content for kind, content in update.items() if kind != "update_id"}


async def test_the_rich_text_bomb_delays_nobody(road: Road) -> None:
    bystander = await road.newcomer("Bystander", "Русский")
    quiet = [await asks(bystander) for _ in range(5)]
    text: Any = "x"
    for style in ("bold", "italic", "underline", "strikethrough", "spoiler"):
        text = {"type": style, "text": text}
    sender = {"id": 10_777, "is_bot": False, "first_name": "A", "language_code": "ru"}
    bomb = {
        "message_id": 1,
        "date": 1_795_000_000,
        "chat": {"id": 10_777, "type": "private", "first_name": "A"},
        "from": sender,
        "rich_message": {"blocks": [{"type": "paragraph", "text": text}]},
    }
    async with Stall() as stall:
        await feed(road.telegram, [{"message": {**bomb, "message_id": number}} for number in range(1, 6)])
        loud = [await asks(bystander) for _ in range(5)]
        await road.telegram.quiet()
    told(f"with the bomb {max(loud):.3f} s, without {max(quiet):.3f} s, longest step {stall.longest:.3f} s")
    assert stall.longest < MOMENT
    assert statistics.median(loud) < statistics.median(quiet) + MOMENT
    assert await road.dead_letters() == []
    chat = road.telegram.world.chats[10_777]
    assert [message for message in chat.messages.values() if message.author == road.telegram.world.bot.id]


async def test_garbage_in_buttons_is_answered_kindly(road: Road, quick: None) -> None:
    person, topic = await road.with_case()
    chance = random.Random(7)
    verbs = ["lang", "sec", "art", "artlang", "helped", "human", "case", "done", "rate", "reopen", "me", "data", "fl"]
    verbs += ["flow", "flcase", "letter", "hide", "urgent", "news", "play", "d-take", "d-free", "d-close", "d-again"]
    arguments = ["", "-1", "0", "999999999999999999999", "x", "ё", "wages-unpaid", ",", "1,1", "1,9", "a,b,c,d", "None"]
    message, card = person.history()[-1].message, await road.nurlan.finds(topic, "№")
    with structlog.testing.capture_logs() as logs:
        for verb in [*verbs, "d-leave", ""]:
            for argument in chance.sample(arguments, 6):
                button = {"text": "", "callback_data": f"h1|{verb}|{argument}"}
                road.telegram.acts.tap(person.user, message, button)
                road.telegram.acts.tap(road.nurlan.user, card.message, button)
        await road.rest(60)
    assert [entry for entry in logs if entry["event"] == "update_failed"] == []
    assert await road.dead_letters() == []
    await person.send("/menu")
    await person.sees_soon("Чем помочь")

"""The whole hotline is killed at random moments while people and an operator write; afterwards nothing is lost.

Unlike `tests/delivery/crash`, which tries the delivery alone, this is the program that an administrator starts, with
aiogram, real HTTP and a Telegram that behaves like Telegram.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import pytest

from bot.cases.model import Direction, RelayState
from bot.clock import SystemClock
from bot.conversation.desk.reply import DELIVERED_MARK
from bot.sandbox import LocalTelegram
from bot.storage.check import check
from bot.storage.crypto import Keys, new_key
from bot.storage.store import open_store
from tests.endurance.crowd import Crowd
from tests.endurance.program import Program, end

LIMITS = {
    "HOTLINE_LIMITS__OVERALL_PER_SECOND": "500",
    "HOTLINE_LIMITS__PRIVATE_PER_SECOND": "50",
    "HOTLINE_LIMITS__PRIVATE_BURST": "100",
    # As with Telegram's own limit, one call at a time into the group: what is under way at a kill may be repeated.
    "HOTLINE_LIMITS__GROUP_PER_MINUTE": "1199",
}
START_SECONDS = 180.0
"""How long a start may take before something is wrong; a busy machine is slow."""
QUIET = 45.0
"""Seconds without anything new after which the rest counts as lost; longer than any pause between tries."""


@dataclass(frozen=True)
class Report:
    """What a run saw: `repeats` of people's messages, which repeat by themselves; `again`: presses of the operator."""

    engine: str
    kills: int
    in_start: int
    messages: int
    answers: int
    repeats: int
    repeated_answers: int
    again: int
    start_seconds: float
    minutes: float


async def run_with_kills(url: str, folder: Path, kills: int, seed: int, a_second: float, alive: float = 1.2) -> Report:
    """Kill the hotline again and again, at most `alive` seconds after it began to work, then let it finish and look.

    People go on writing while it starts, `a_second` messages and answers a second.
    """
    chance, began, starts, in_start = random.Random(seed), perf_counter(), [], 0
    async with LocalTelegram(seed=seed) as telegram:
        telegram.server.recording = False
        asked = asyncio.Event()
        telegram.on_request(lambda method, _params: asked.set() if method == "getMe" else None)
        crowd = Crowd(telegram, people=6, seed=seed)
        key = new_key()
        program = Program(telegram.base_url, telegram.token, crowd.desk.id, url, key, folder / "log", LIMITS)
        process = await program.start()
        try:
            await asyncio.wait_for(asked.wait(), START_SECONDS)
            await crowd.open_cases()
            writing = asyncio.create_task(crowd.write_steadily(a_second))
            for _ in range(kills):
                await asyncio.sleep(chance.uniform(0.0, alive))
                process.kill()
                await process.wait()
                asked.clear()
                started = perf_counter()
                process = await program.start()
                if chance.random() < 0.1:  # some die before they are awake
                    in_start += 1
                    await asyncio.sleep(chance.uniform(0.0, 4.0))
                    continue
                await asyncio.wait_for(asked.wait(), START_SECONDS)
                starts.append(perf_counter() - started)
            writing.cancel()
            await until_all_arrived(crowd)
            await telegram.quiet(calm=3.0, timeout=60)
            assert await end(process) == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        await verify(url, key, crowd)
        repeats, repeated_answers = crowd.count_repeats()
    return Report(
        engine=url.partition(":")[0],
        kills=kills,
        in_start=in_start,
        messages=sum(map(len, crowd.written.values())),
        answers=sum(map(len, crowd.answered.values())),
        repeats=repeats,
        repeated_answers=repeated_answers,
        again=crowd.pressed,
        start_seconds=round(sorted(starts)[len(starts) // 2], 2),
        minutes=round((perf_counter() - began) / 60, 1),
    )


async def until_all_arrived(crowd: Crowd) -> None:
    """Wait as long as messages keep coming."""
    missing, since = crowd.missing(), perf_counter()
    while missing:
        await asyncio.sleep(0.2)
        left = crowd.missing()
        if len(left) < len(missing):
            missing, since = left, perf_counter()
        assert perf_counter() - since < QUIET, f"{len(left)} messages do not come, {left[:5]}"


async def verify(url: str, key: str, crowd: Crowd) -> None:
    """Look at the database and at Telegram; fail where they do not agree."""
    store = await open_store(url, Keys([key]), SystemClock())
    health = await check(store)
    assert (health.problems, health.waiting_updates, health.dead_letters, health.waiting_calls) == ((), 0, 0, 0)
    for number, person in enumerate(crowd.people):
        async with store.reading() as tx:
            known = await tx.people.find(person.id)
            assert known is not None
            (case,) = await tx.cases.of_person(known.id)
            relays = await tx.relays.of_case(case.id, limit=1_000_000)
        assert {relay.state for relay in relays} == {RelayState.DELIVERED}
        stored = [(relay.direction, relay.parcel["text"].split()[0]) for relay in relays]
        to_desk = [text for direction, text in stored if direction is Direction.TO_DESK]
        to_person = [text for direction, text in stored if direction is Direction.TO_PERSON]
        # in its case exactly once, in the order of writing
        assert to_desk == crowd.written[number]
        assert to_person == crowd.answered[number]
        # in the topic, the first copies in the order of writing
        here = [text for text in crowd.arrived[crowd.desk.id] if text.startswith(f"p{number}-")]
        assert list(dict.fromkeys(here)) == crowd.written[number]
        # an answer that was asked about comes when the operator says so, so only the set must be the same
        assert set(crowd.arrived[person.id]) == set(crowd.answered[number])
    await store.close()
    marks = Counter(
        tuple(each["emoji"] for given in said.reactions.values() for each in given) for said in crowd.answers.values()
    )
    assert set(marks) == {(DELIVERED_MARK,)}, marks


def assert_few_repeats(report: Report) -> None:
    """At most one message repeats by itself per kill; an answer is repeated only where an operator said so."""
    sys.stdout.write(f"{report}\n")
    if place := os.environ.get("HOTLINE_REPORTS"):
        with Path(place).open("a", encoding="utf-8") as file:
            file.write(f"{report}\n")
    assert report.repeats <= report.kills
    assert report.repeated_answers <= report.again


async def test_the_hotline_is_killed_a_few_times(database_url: str, tmp_path: Path) -> None:
    assert_few_repeats(await run_with_kills(database_url, tmp_path, kills=3, seed=3, a_second=12))


@pytest.mark.endurance
async def test_the_hotline_is_killed_a_hundred_times(database_url: str, tmp_path: Path) -> None:
    report = await run_with_kills(database_url, tmp_path, kills=110, seed=4, a_second=3, alive=3.0)
    assert report.messages + report.answers > 10 * report.kills
    assert_few_repeats(report)

"""The program is killed at random moments under a steady load; afterwards nothing is lost and all marks are true."""

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cases.model import Direction, RelayState
from bot.clock import SystemClock
from bot.storage.check import check
from bot.storage.crypto import Keys, new_key
from bot.storage.store import open_store
from tests.delivery.crash.telegram import DESK, SmallTelegram

ROOT = Path(__file__).parents[3]
PEOPLE = range(7001, 7009)


@dataclass(frozen=True)
class Report:
    """What a run saw: `repeats` of messages to the desk, which repeat by themselves; `asked` about answers."""

    kills: int
    messages: int
    repeats: int
    asked: int
    repeated_answers: int


async def start_bot(url: str, key: str, socket: Path) -> asyncio.subprocess.Process:
    """Start the program; return once it works."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.delivery.crash.bot", url, key, str(socket)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    while (line := await process.stdout.readline()) != b"ready\n":
        assert line, "the program did not start"
    return process


async def write_steadily(telegram: SmallTelegram, a_second: float) -> None:
    """People and operators write, both ways."""
    for chat in PEOPLE:
        telegram.person_writes(chat)
    while True:
        await asyncio.sleep(1 / a_second)
        chat = telegram.chance.choice(PEOPLE)
        (telegram.person_writes if telegram.chance.random() < 0.6 else telegram.operator_answers)(chat)


async def run_with_kills(url: str, folder: Path, kills: int, seed: int, a_second: float = 25.0) -> Report:
    """Kill the program again and again, then let it finish and look at everything."""
    key, chance = new_key(), random.Random(seed)
    telegram = SmallTelegram(folder / "telegram.sock", seed)
    await telegram.start()
    writing = asyncio.create_task(write_steadily(telegram, a_second))
    for _ in range(kills):
        process = await start_bot(url, key, telegram.socket)
        await asyncio.sleep(chance.uniform(0.05, 0.8))
        process.kill()
        await process.wait()
    writing.cancel()
    process = await start_bot(url, key, telegram.socket)
    wanted = {(DESK, text) for _, text in telegram.written} | set(telegram.answered)
    await until_all_arrived(telegram, wanted)
    await asyncio.sleep(1.0)  # what was asked about is sent again
    process.terminate()
    await process.wait()
    await telegram.stop()
    await verify(url, key, telegram)
    repeats = {text: count - 1 for (_, text), count in telegram.copies().items()}
    return Report(
        kills=kills,
        messages=len(wanted),
        repeats=sum(count for text, count in repeats.items() if text.startswith("p")),
        asked=sum(telegram.asked.values()),
        repeated_answers=sum(count for text, count in repeats.items() if text.startswith("o")),
    )


async def until_all_arrived(telegram: SmallTelegram, wanted: set[tuple[int, str]]) -> None:
    """Wait as long as messages keep coming."""
    arrived, quiet = 0, 0.0
    while telegram.updates or not wanted <= set(telegram.delivered):
        await asyncio.sleep(0.1)
        quiet = quiet + 0.1 if len(telegram.delivered) == arrived else 0.0
        arrived = len(telegram.delivered)
        assert quiet < 20, f"{len(wanted - set(telegram.delivered))} messages do not come"


async def verify(url: str, key: str, telegram: SmallTelegram) -> None:
    """Look at the database and at Telegram; fail where they do not agree."""
    store = await open_store(url, Keys([key]), SystemClock())
    health = await check(store)
    assert (health.problems, health.waiting_updates, health.dead_letters, health.waiting_calls) == ((), 0, 0, 0)
    stored: dict[Direction, list[tuple[int, str]]] = defaultdict(list)
    async with store.reading() as tx:
        for chat in PEOPLE:
            person = await tx.people.find(chat)
            assert person is not None
            (case,) = await tx.cases.of_person(person.id)
            for relay in await tx.relays.of_case(case.id, limit=100_000):
                assert relay.state is RelayState.DELIVERED, f"{relay.id} is {relay.state}"
                stored[relay.direction].append((chat, relay.parcel["text"]))
    await store.close()
    # every message is in its case exactly once, in the order it was written
    for direction, said in ((Direction.TO_DESK, telegram.written), (Direction.TO_PERSON, telegram.answered)):
        assert Counter(stored[direction]) == Counter(said)
        for chat in PEOPLE:
            assert [text for c, text in stored[direction] if c == chat] == [text for c, text in said if c == chat]
    # every message arrived, the first copies in the order of writing
    for said, target in ((telegram.written, lambda chat: DESK), (telegram.answered, lambda chat: chat)):
        for chat in PEOPLE:
            first = list(dict.fromkeys(t for c, t in telegram.delivered if c == target(chat) and f"{chat}-" in t))
            wanted = [text for c, text in said if c == chat]
            came = [text for text in first if text in set(wanted)]
            if target(chat) == DESK:
                assert came == wanted
            else:  # an answer that was asked about comes when the operator says so
                assert sorted(came) == sorted(wanted)


def assert_few_repeats(report: Report) -> None:
    """At most one message repeats by itself per kill; an answer is repeated only where an operator said so."""
    sys.stdout.write(f"{report}\n")
    assert report.messages > 10 * report.kills
    assert report.repeats <= report.kills
    assert report.repeated_answers <= report.asked


async def test_twelve_kills_lose_nothing(database_url: str, tmp_path: Path) -> None:
    assert_few_repeats(await run_with_kills(database_url, tmp_path, kills=12, seed=1))


@pytest.mark.endurance
async def test_a_hundred_kills_lose_nothing(database_url: str, tmp_path: Path) -> None:
    assert_few_repeats(await run_with_kills(database_url, tmp_path, kills=110, seed=2))

"""A hotline on a local Telegram, for talks through the whole road: real aiogram, real HTTP, a real database."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aiogram.client.session.aiohttp import AiohttpSession

from bot.app import DeliverySettings, Hotline
from bot.clock import SystemClock, moscow_date
from bot.conversation.library import Library
from bot.delivery.pauses import Growth
from bot.delivery.worker import WorkerSettings
from bot.library import build_library
from bot.sandbox import LocalTelegram
from bot.sandbox.people import Person
from bot.sandbox.places import ForumTopic, Group
from bot.settings import Settings
from tests.road.judge import Judge

ROOT = Path(__file__).parents[2]
KNOWLEDGE = Path(os.environ.get("HOTLINE_TEST_KNOWLEDGE", ROOT / "knowledge"))


def settings_for(
    telegram: LocalTelegram, desk: Group, folder: Path, database: str | None = None, **changes: Any
) -> Settings:
    """Settings for a hotline on a local Telegram, with limits that do not slow a test."""
    values: dict[str, Any] = {
        "telegram": {"token": telegram.token, "api_base": telegram.base_url},
        "desks": [{"key": "main", "name": "Main", "chat": desk.id}],
        "database": database or f"sqlite:///{folder}/hotline.db",
        "secret_key_file": folder / "secret.key",
        "knowledge": KNOWLEDGE,
        "locales": ROOT / "locales",
        "limits": {
            "overall_per_second": 1000,
            "private_per_second": 100,
            "private_burst": 1000,
            "group_per_minute": 100_000,
        },
        "web": {"port": 0},
    }
    return Settings(**{**values, **changes})


@cache
def the_library() -> Library:
    """The project's knowledge, read and indexed once for all talks."""
    return build_library(KNOWLEDGE, moscow_date(SystemClock().now()))


class Road:
    """A local Telegram with a desk and two operators, and a hotline that can be stopped and started again."""

    def __init__(
        self, telegram: LocalTelegram, folder: Path, database: str | None = None, desk: Group | None = None
    ) -> None:
        self.telegram = telegram
        self.folder = folder
        self.desk = desk or telegram.group("Operators", forum=True)
        self.nurlan = telegram.person("Nurlan", groups=[self.desk])
        self.zarina = telegram.person("Zarina", groups=[self.desk])
        self.settings = settings_for(telegram, self.desk, folder, database)
        self.hotline: Hotline | None = None

    async def start(self, *, read: bool = False, **changes: Any) -> Hotline:
        """Start the hotline; `read` lets it read its knowledge folder itself."""
        settings = self.settings.model_copy(update=changes)
        self.hotline = await Hotline.open(settings, library=None if read else the_library())
        await self.hotline.start()
        return self.hotline

    async def stop(self) -> None:
        """Stop the hotline as SIGTERM does."""
        if self.hotline is not None:
            await self.hotline.stop()
            self.hotline = None

    async def newcomer(self, name: str = "Aisuluu", language: str = "Кыргызча") -> Person:
        """A person who started the bot and chose a language."""
        person = self.telegram.person(name, language_code="ky")
        await person.send("/start")
        await person.tap(language)
        return person

    async def with_case(self, language: str = "Русский") -> tuple[Person, ForumTopic]:
        """A person with an open case, and its forum topic."""
        person = await self.newcomer(language=language)
        known = {topic.id for topic in self.desk.topics}
        await person.tap("🙋")
        topic = await self.telegram.until(
            lambda: next((topic for topic in self.desk.topics if topic.id not in known), None)
        )
        await self.nurlan.finds(topic, "№")
        return person, topic

    async def rest(self, timeout: float = 20.0) -> None:  # noqa: ASYNC109
        """Wait until every update is processed and everything that waited to be sent was sent."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        still = 0
        while still < 3:
            await self.telegram.quiet(0.02, timeout)
            still = still + 1 if await self._idle() else 0
            assert loop.time() < end, "the hotline does not come to rest"
            await asyncio.sleep(0.01)

    async def _idle(self) -> bool:
        assert self.hotline is not None
        async with self.hotline.store.reading() as tx:
            pending, _ = await tx.inbox.counts()
            return await tx.outbox.waiting() == 0 and pending == 0

    async def dead_letters(self) -> list[str]:
        """Return the names of the errors of all updates that were put aside."""
        assert self.hotline is not None
        async with self.hotline.store.reading() as tx:
            return [letter.error for letter in await tx.inbox.list()]


@pytest.fixture(scope="session")
def judge() -> Judge | None:
    """The judge of outgoing requests; None where it is not on this machine."""
    return Judge.find()


@pytest.fixture(autouse=True)
def judged(judge: Judge | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the judge watch every request to a local Telegram in every test of this folder."""
    if judge is None:
        yield
        return
    start = LocalTelegram.start

    async def watched(self: LocalTelegram) -> None:
        self.on_request(judge.look)
        await start(self)

    monkeypatch.setattr(LocalTelegram, "start", watched)
    judge.problems.clear()
    yield
    assert not judge.problems, "the judge of requests complains"


@pytest.fixture(autouse=True)
def no_pause_for_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out aiogram's quarter of a second for TLS at the end of a session; a local Telegram speaks none."""

    async def close(self: AiohttpSession) -> None:
        if self._session is not None and not self._session.closed:
            await self._session.close()

    monkeypatch.setattr(AiohttpSession, "close", close)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the hotline try again sooner than in earnest, so that a test of troubles takes seconds and not minutes."""

    def impatient(**given: Any) -> DeliverySettings:
        sender = replace(given["sender"], pauses=Growth(first=0.1, longest=2.0))
        worker = WorkerSettings(pauses=Growth(first=0.05, factor=1.5, longest=1.0))
        return DeliverySettings(sender=sender, worker=worker)

    monkeypatch.setattr("bot.app.DeliverySettings", impatient)
    monkeypatch.setattr("bot.delivery.inbox._FEED_PAUSES", Growth(first=0.1, longest=1.0))
    monkeypatch.setattr("bot.telegram.outcomes.UNKNOWN_PAUSES", Growth(first=0.3, longest=0.6))


@pytest.fixture
async def road(tmp_path: Path, database_url: str) -> AsyncIterator[Road]:
    """A running hotline, on SQLite and on PostgreSQL."""
    async with LocalTelegram() as telegram:
        road = Road(telegram, tmp_path, database_url)
        await road.start()
        try:
            yield road
        finally:
            await road.stop()

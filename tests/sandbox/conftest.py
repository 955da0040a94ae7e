"""A local Telegram and a real aiogram bot for every test of the sandbox."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot.clock import FixedClock
from bot.sandbox import LocalTelegram

SHARED = Path(__file__).parents[3] / "shared" / "rigs"
"""The judges of the project; they are absent on a user's machine."""

needs_rigs = pytest.mark.skipif(not SHARED.is_dir(), reason=f"the judges in ../shared/rigs are not here: {SHARED}")

MOMENT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def bot_for(telegram: LocalTelegram, timeout: float = 5.0) -> Bot:
    """Return a real aiogram bot that speaks to the local Telegram."""
    return Bot(
        telegram.token, session=AiohttpSession(api=TelegramAPIServer.from_base(telegram.base_url), timeout=timeout)
    )


async def close(bot: Bot) -> None:
    """Close a bot's connections without aiogram's pause for TLS, which is not spoken here."""
    inner = bot.session._session  # type: ignore[attr-defined]
    if inner is not None:
        await inner.close()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MOMENT)


@pytest.fixture
async def telegram(clock: FixedClock) -> AsyncIterator[LocalTelegram]:
    async with LocalTelegram(clock=clock) as running:
        yield running


@pytest.fixture
async def bot(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    made = bot_for(telegram)
    yield made
    await close(made)


@contextlib.asynccontextmanager
async def polling(dispatcher: Dispatcher, bot: Bot) -> AsyncIterator[None]:
    """Let a dispatcher poll while the block runs."""
    task = asyncio.create_task(
        dispatcher.start_polling(
            bot, handle_signals=False, handle_as_tasks=False, polling_timeout=2, close_bot_session=False
        )
    )
    try:
        yield
    finally:
        with contextlib.suppress(RuntimeError):
            await dispatcher.stop_polling()
        await asyncio.wait_for(task, 10)

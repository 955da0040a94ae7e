"""How updates reach the bot: polling with confirmation, two pollers, the webhook with its retries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError
from aiogram.methods import SendMessage
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from bot.sandbox import LocalTelegram

from .conftest import bot_for, close


async def test_an_update_comes_again_until_it_is_confirmed(telegram: LocalTelegram, bot: Bot) -> None:
    person = telegram.person("Aziz")
    for text in "abc":
        await person.send(text)
    first = await bot.get_updates()
    assert [update.message.text for update in first if update.message] == ["a", "b", "c"]
    assert [update.update_id for update in await bot.get_updates()] == [update.update_id for update in first]
    rest = await bot.get_updates(offset=first[1].update_id + 1)
    assert [update.message.text for update in rest if update.message] == ["c"]
    assert len(await bot.get_updates(offset=-1)) == 1
    assert await bot.get_updates(offset=first[-1].update_id + 1) == []


async def test_long_polling_wakes_up(telegram: LocalTelegram, bot: Bot) -> None:
    person = telegram.person("Aziz")
    waiting = asyncio.create_task(bot.get_updates(timeout=4))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await person.send("hey")
    updates = await asyncio.wait_for(waiting, 1)
    assert updates[0].message is not None
    assert updates[0].message.text == "hey"


async def test_a_second_poller_ends_the_first(telegram: LocalTelegram, bot: Bot) -> None:
    other = bot_for(telegram)
    waiting = asyncio.create_task(bot.get_updates(timeout=4))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(other.get_updates(timeout=1))
    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
        await waiting
    assert await second == []
    await close(other)


async def test_only_wanted_kinds_come(telegram: LocalTelegram, bot: Bot) -> None:
    person = telegram.person("Aziz")
    mine = await person.send("x")
    await person.react(mine, "👍")
    assert [update.event_type for update in await bot.get_updates()] == ["message"]
    await bot.get_updates(allowed_updates=["message_reaction"])
    await person.send("y")
    await person.react(mine)
    kinds = [update.event_type for update in await bot.get_updates()]
    assert kinds == ["message", "message_reaction"]


class Receiver:
    """A bot's own web server that answers as told."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.got: list[dict[str, object]] = []
        self.secrets: list[str | None] = []
        self.answer: dict[str, object] | None = None
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        update = await request.json()
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.got.append(update)
            if self.answer:
                return web.json_response(self.answer)
        return web.Response(status=status)

    def texts(self) -> list[object]:
        return [update["message"]["text"] for update in self.got if isinstance(update["message"], dict)]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    app = web.Application()
    app.router.add_post("/hook", made.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    await runner.cleanup()


async def test_a_webhook_gets_what_waited_and_what_comes(telegram: LocalTelegram, bot: Bot, receiver: Receiver) -> None:
    person = telegram.person("Aziz")
    await person.send("before")
    await bot.set_webhook(receiver.url, secret_token="s3cret")
    await person.send("after")
    await telegram.until(lambda: receiver.texts() == ["before", "after"])
    assert set(receiver.secrets) == {"s3cret"}
    with pytest.raises(TelegramConflictError, match="webhook is active"):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_a_failed_webhook_is_tried_again_in_order(telegram: LocalTelegram, bot: Bot, receiver: Receiver) -> None:
    telegram.server.webhook.pauses = (0.05, 0.1)
    receiver.statuses = [500, 502]
    person = telegram.person("Aziz")
    await bot.set_webhook(receiver.url)
    await person.send("one")
    await person.send("two")
    await telegram.until(lambda: receiver.texts() == ["one", "two"])
    assert telegram.server.webhook.attempts == 4
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 502 Bad Gateway"


async def test_what_a_webhook_missed_is_there_for_polling(telegram: LocalTelegram, bot: Bot) -> None:
    person = telegram.person("Aziz")
    await bot.set_webhook("http://127.0.0.1:9/nobody")
    await person.send("x")
    await telegram.until(lambda: telegram.server.webhook.last_error)
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.delete_webhook()
    assert len(await bot.get_updates()) == 1


async def test_a_method_in_the_webhook_answer_is_carried_out(
    telegram: LocalTelegram, bot: Bot, receiver: Receiver
) -> None:
    person = telegram.person("Aziz")
    receiver.answer = {"method": "sendMessage", "chat_id": person.id, "text": "from the answer"}
    await bot.set_webhook(receiver.url)
    await person.send("x")
    await person.until("from the answer")


async def test_a_webhook_must_be_safe(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="HTTPS URL must be provided"):
        await bot.set_webhook("http://example.org/x")
    with pytest.raises(TelegramBadRequest, match="unallowed characters"):
        await bot.set_webhook("https://example.org/x", secret_token="a b")


async def test_aiograms_own_webhook_handler(telegram: LocalTelegram, bot: Bot) -> None:
    """aiogram's web server answers with a method as multipart; the secret is checked by it."""
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> SendMessage:
        return message.answer(f"echo {message.text}")

    app = web.Application()
    handler = SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token="s3cret")
    handler.register(app, path="/hook")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    person = telegram.person("Aziz")
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="s3cret")
    await person.send("салом")
    await person.until("echo салом")
    await telegram.quiet()
    assert [one.text for one in person.history()] == ["салом", "echo салом"]
    await bot.delete_webhook()
    await runner.cleanup()

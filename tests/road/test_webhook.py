"""Updates by webhook: only Telegram may bring them, each is on the disk before it is acknowledged, none is lost."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox import LocalTelegram
from bot.settings import WebhookSettings
from bot.storage.errors import DatabaseFull
from bot.telegram.handler import TelegramHandler
from tests.road.conftest import Road

SECRET = "a-secret-of-many-letters"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class WebhookRoad(Road):
    """A hotline that Telegram calls."""

    async def start(self, **changes: Any) -> Any:
        """Start the hotline with a webhook on a free port."""
        hook = WebhookSettings.model_validate({"url": "http://127.0.0.1:0/telegram", "secret": SECRET, "port": 0})
        telegram = self.settings.telegram.model_copy(update={"mode": "webhook", "webhook": hook})
        return await super().start(**{"telegram": telegram, **changes})

    @property
    def address(self) -> str:
        """Where Telegram was told to bring updates."""
        return self.telegram.server.webhook.url

    async def bring(self, body: object, secret: str | None = SECRET) -> int:
        """Bring something to the webhook, as Telegram or somebody else; return the status of the answer."""
        headers = {} if secret is None else {HEADER: secret}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with aiohttp.ClientSession() as session, session.post(self.address, data=data, headers=headers) as answer:
            return answer.status


def message(number: int, text: str, sender: int = 10_500) -> dict[str, Any]:
    """Return an update with a text from somebody."""
    somebody = {"id": sender, "is_bot": False, "first_name": "A", "language_code": "ru"}
    chat = {"id": sender, "type": "private", "first_name": "A"}
    content = {"message_id": number, "date": 1_795_000_000, "chat": chat, "from": somebody, "text": text}
    return {"update_id": number, "message": content}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite: what matters here is the way in, which is the same on both."""
    return sqlite_url


@pytest.fixture
async def road(tmp_path: Path, database_url: str) -> AsyncIterator[WebhookRoad]:
    async with LocalTelegram() as telegram:
        telegram.server.webhook.pauses = (0.1, 0.2)
        road = WebhookRoad(telegram, tmp_path, database_url)
        await road.start()
        try:
            yield road
        finally:
            await road.stop()


async def test_a_talk_by_webhook(road: WebhookRoad) -> None:
    person, topic = await road.with_case()
    await person.send("слышно?")
    words = await road.nurlan.finds(topic, "слышно?")
    answer = await road.nurlan.reply(words, "слышно")
    await person.sees_soon("слышно")
    await road.telegram.until(lambda: answer.reactions == ["👍"])
    assert road.telegram.server.webhook.last_error is None
    (call,) = road.telegram.requested("setWebhook")
    assert call.params["secret_token"] == SECRET
    assert "message" in call.params["allowed_updates"]


async def test_nobody_else_may_bring_updates(road: WebhookRoad) -> None:
    for secret in (None, "", "wrong", SECRET[:-1], SECRET + "x"):
        assert await road.bring(message(1, "/start"), secret) == 401
    await road.rest()
    assert road.telegram.requested("sendMessage") == []
    assert await road.bring(message(1, "/start")) == 200
    await road.telegram.until(lambda: road.telegram.requested("sendMessage"))


async def test_what_is_no_update_is_refused(road: WebhookRoad) -> None:
    for body in (b"", b"{", b"\xff\xfe", [], {}, {"update_id": "x"}, {"message": {}}):
        assert await road.bring(body) == 400


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("depth", [930, 100_000])
async def test_an_update_nested_deeper_than_can_be_read_is_put_aside_and_harms_nobody(
    road: WebhookRoad, depth: int
) -> None:
    person, topic = await road.with_case()
    begin = json.dumps(message(77, "x"))[:-1].encode()
    body = begin + b', "deep": ' + b"[" * depth + b"]" * depth + b"}"
    body = body.replace(b'"message": {', b'"message": {"deep": ' + b"[" * depth + b"]" * depth + b", ")
    assert await road.bring(body) == 200
    assert await road.bring(body) == 200, "brought again, as Telegram may"
    assert await road.bring(b"[" * depth) == 400
    await person.send("слышно?")
    await road.nurlan.finds(topic, "слышно?")
    await road.rest()
    assert await road.dead_letters() in ([], ["UnreadableUpdate"])
    if depth > 1000:
        assert await road.dead_letters() == ["UnreadableUpdate"]
        await road.nurlan.finds(road.desk, "77 не удалось обработать")


async def test_an_update_is_on_the_disk_before_telegram_is_told(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def later(*_: object) -> None:
        raise RuntimeError("not now")

    monkeypatch.setattr(TelegramHandler, "handle", later)  # nothing is processed, so all must lie in the inbox
    async with LocalTelegram() as telegram:
        road = WebhookRoad(telegram, tmp_path, sqlite_url)
        await road.start()
        for number in range(1, 6):
            assert await road.bring(message(number, "word")) == 200
            with sqlite3.connect(f"file:{tmp_path}/hotline.db?mode=ro", uri=True) as other:
                stored = other.execute("SELECT data FROM inbox WHERE update_id = ?", (number,)).fetchone()
            other.close()
            assert stored is not None
            assert stored[0], "with its content"
        await road.stop()


async def test_what_could_not_be_stored_is_brought_again(road: WebhookRoad, monkeypatch: pytest.MonkeyPatch) -> None:
    person, topic = await road.with_case()
    assert road.hotline is not None
    store = road.hotline.store
    transaction = store.transaction
    failures = 0

    def full(*args: Any) -> Any:
        nonlocal failures
        if failures < 3:
            failures += 1
            raise DatabaseFull("The disk is full.")
        return transaction(*args)

    monkeypatch.setattr(store, "transaction", full)
    attempts = road.telegram.server.webhook.attempts
    await person.send("не потеряйте")
    await road.nurlan.finds(topic, "не потеряйте")
    assert failures == 3
    assert road.telegram.server.webhook.attempts > attempts + 1
    await road.rest()
    assert topic.sees().count("не потеряйте") == 1


async def test_the_same_update_brought_twice_is_done_once(road: WebhookRoad) -> None:
    person, topic = await road.with_case()
    road.telegram.faults.repeat_update(count=None)
    for number in range(5):
        await person.send(f"слово {number}")
    await road.nurlan.finds(topic, "слово 4")
    await road.rest()
    for number in range(5):
        assert topic.sees().count(f"слово {number}") == 1


async def test_what_was_written_while_the_hotline_was_down_arrives(road: WebhookRoad) -> None:
    person, topic = await road.with_case()
    await road.stop()
    await person.send("есть кто?")
    await person.send("ау!")
    await road.telegram.until(lambda: road.telegram.server.webhook.last_error)
    await road.start()
    await road.nurlan.finds(topic, "ау!")
    assert topic.sees().index("есть кто?") < topic.sees().index("ау!")


async def test_a_telegram_that_is_away_at_the_start_hears_of_the_webhook_later(tmp_path: Path, sqlite_url: str) -> None:
    async with LocalTelegram() as telegram:
        telegram.faults.bad_gateway(count=4)
        road = WebhookRoad(telegram, tmp_path, sqlite_url)
        await road.start()
        await road.newcomer()
        await road.stop()


async def test_from_webhook_to_polling_and_back(road: WebhookRoad) -> None:
    person, topic = await road.with_case()
    await road.stop()
    await person.send("между двумя")
    await Road.start(road)
    await road.nurlan.finds(topic, "между двумя")
    assert road.telegram.server.webhook.url == ""
    await road.stop()
    await person.send("и обратно")
    await road.start()
    await road.nurlan.finds(topic, "и обратно")

"""Long polling goes on behind an update that cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiogram import Bot
from aiogram.methods import TelegramMethod

from bot.delivery.ports import UNREADABLE, FeedUnavailable
from bot.telegram.calls import PlainCall, PlainSession
from bot.telegram.feed import PollingFeed

TOKEN = "42:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
DEEP = "[" * 100_000 + "]" * 100_000


class Scripted(PlainSession):
    """Telegram with these updates, each the text of its JSON, of which the first number is the id."""

    def __init__(self, updates: dict[int, str]) -> None:
        super().__init__()
        self.updates = updates

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ASYNC109
        assert isinstance(method, PlainCall)
        offset = method.params.get("offset", 0)
        texts = [text for number, text in sorted(self.updates.items()) if number >= offset][: method.params["limit"]]
        content = '{"ok":true,"result":[' + ",".join(texts) + "]}"
        return self.check_response(bot=bot, method=method, status_code=200, content=content).result


async def test_an_update_too_deep_to_read_is_put_aside_and_those_behind_it_come() -> None:
    plain = {number: json.dumps({"update_id": number, "message": {}}) for number in (7, 9)}
    feed = PollingFeed(Bot(TOKEN, session=Scripted({**plain, 8: f'{{"update_id": 8, "message": {DEEP}}}'})))
    offset, got = None, []
    for _ in range(3):
        (update,) = await feed.fetch(offset)
        got.append(update)
        offset = update["update_id"] + 1
    assert got == [{"update_id": 7, "message": {}}, {"update_id": 8, UNREADABLE: True}, {"update_id": 9, "message": {}}]


async def test_a_page_of_a_proxy_is_no_update() -> None:
    class Proxy(Scripted):
        async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ASYNC109
            return self.check_response(bot=bot, method=method, status_code=200, content="<html>update_id: 3</html>")

    with pytest.raises(FeedUnavailable):
        await PollingFeed(Bot(TOKEN, session=Proxy({}))).fetch(None)

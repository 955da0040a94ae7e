"""The local Telegram as a talk, for tests: people write, tap and look; the bot reaches it through real HTTP.

    async with LocalTelegram() as telegram:
        person = telegram.person("Aisuluu", language_code="ky")
        await person.send("/start")
        await person.tap("Кыргызча")
        assert "..." in await person.sees_soon("...")

`telegram.base_url` is the address for `TelegramAPIServer.from_base`, `telegram.token` the bot's token.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from bot.clock import Clock, SystemClock
from bot.sandbox.acts import Acts
from bot.sandbox.core import Core, Request
from bot.sandbox.faults import Faults
from bot.sandbox.pace import Pace
from bot.sandbox.page_api import Page
from bot.sandbox.people import Person
from bot.sandbox.places import Group
from bot.sandbox.server import Hook, Server
from bot.sandbox.world import Chat, User, World

TOKEN = "42:TEST"


class LocalTelegram:
    """A running local Telegram with one bot. Use as `async with`, or `start` and `stop`."""

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        token: str = TOKEN,
        pace: Pace | None = None,
        seed: int = 0,
        bot_name: str = "Hotline",
        bot_username: str = "local_hotline_bot",
    ) -> None:
        """Prepare; `pace` are Telegram's sending limits (none by default), `seed` the chance of the faults."""
        bot = User(int(token.partition(":")[0]), bot_name, username=bot_username, is_bot=True)
        self.world = World(clock or SystemClock(), bot)
        self.faults = Faults(seed)
        self.server = Server(self.world, token, faults=self.faults, pace=pace)
        self.acts = Acts(self.core)
        self.page = Page(self.server, self.acts)
        self.token = token
        self._address = (host, port)
        self._next_person = 10_001
        self._next_group = 0

    @property
    def core(self) -> Core:
        """The Bot API behind the server: limits and lifetimes can be set there."""
        return self.server.core

    @property
    def base_url(self) -> str:
        """The address of the Bot API server, like http://127.0.0.1:8081."""
        return self.server.base_url

    @property
    def page_url(self) -> str:
        """The address of the page with the phone and the operators' group."""
        return f"{self.server.base_url}/page/"

    @property
    def requests(self) -> list[Request]:
        """Every Bot API request so far, getUpdates left out."""
        return self.server.requests

    def requested(self, method: str) -> list[Request]:
        """Return the requests of one method."""
        return [request for request in self.requests if request.method.lower() == method.lower()]

    def on_request(self, hook: Hook) -> None:
        """Let `hook(method, params)` see every request from now on, parameters as on the wire."""
        self.server.hooks.append(hook)

    async def start(self) -> None:
        """Start listening."""
        await self.server.start(*self._address)

    async def stop(self) -> None:
        """Stop listening."""
        await self.page.close()
        await self.server.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def person(
        self,
        first_name: str,
        *,
        language_code: str | None = "ru",
        last_name: str | None = None,
        username: str | None = None,
        groups: list[Group] | None = None,
        user_id: int | None = None,
        started: bool = False,
        admin: bool = False,
    ) -> Person:
        """Add a person. `started`: has written to the bot before; `admin`: administrator of the groups."""
        if user_id is None:
            user_id = self._next_person
            self._next_person += 1
        user = User(user_id, first_name, last_name, username, language_code, started=started)
        self.world.add_user(user)
        for group in groups or []:
            group.chat.members[user_id] = "administrator" if admin else "member"
        return Person(self.acts, user)

    def group(
        self,
        title: str,
        *,
        forum: bool = False,
        kind: str | None = None,
        chat_id: int | None = None,
        bot_admin: bool = True,
    ) -> Group:
        """Add a group with the bot in it: a supergroup, or a plain `kind="group"`; `forum` gives it topics."""
        kind = kind or "supergroup"
        if chat_id is None:
            self._next_group += 1
            chat_id = -1_001_000_000_000 - self._next_group if kind == "supergroup" else -5_000 - self._next_group
        chat = Chat(chat_id, kind, title, is_forum=forum)
        chat.members[self.world.bot.id] = "administrator" if bot_admin else "member"
        return Group(self.acts, self.world.add_group(chat))

    async def until(self, condition: Callable[[], Any], timeout: float = 5.0) -> Any:  # noqa: ASYNC109
        """Wait until `condition()` is true and return its value. Raises TimeoutError."""
        return await until(self.world, condition, timeout)

    async def polled(self) -> None:
        """Wait until the bot has asked for updates for the first time: from then on it answers people."""
        await self.core.updates.polled.wait()

    async def quiet(self, calm: float = 0.1, timeout: float = 10.0) -> None:  # noqa: ASYNC109
        """Wait until no update is unconfirmed and no request came for `calm` seconds. Raises TimeoutError."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        seen, since = -1, loop.time()
        while True:
            busy = self.core.updates.pending or self.server.in_flight
            if busy or self.server.served != seen:
                seen, since = self.server.served, loop.time()
            elif loop.time() - since >= calm:
                return
            if loop.time() > end:
                raise TimeoutError(f"the bot is not quiet: {len(self.core.updates.pending)} updates unconfirmed")
            await asyncio.sleep(calm / 5)


async def until(world: World, condition: Callable[[], Any], seconds: float) -> Any:
    """Wait until `condition()` is true, looking again after every change. Raises TimeoutError."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while True:
        value = condition()
        if value:
            return value
        left = end - loop.time()
        if left <= 0:
            raise TimeoutError("what was waited for did not come")
        await world.change(min(left, 0.25))  # conditions may look at things that are not of this world

"""Hands updates to the bot's own web server: in order per chat, again after a failure with growing pauses."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.faults import Faults
from bot.sandbox.refusals import Refused, bad_request
from bot.sandbox.updates import Updates
from bot.sandbox.wire import webhook_answer

Json = dict[str, Any]

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Webhook:
    """The webhook of one bot. `pauses` are the seconds before the second, third, ... attempt; the last one stays."""

    def __init__(self, updates: Updates, faults: Faults, now: Callable[[], int]) -> None:
        self.updates = updates
        self.faults = faults
        self.now = now
        self.url = ""
        self.secret = ""
        self.max_connections = 40
        self.pauses: tuple[float, ...] = (1, 2, 4, 8, 16, 32, 60)
        self.timeout = 30.0
        self.last_error: tuple[int, str] | None = None
        self.attempts = 0
        self.answer: Callable[[str, Json], Awaitable[Any]] | None = None
        """Carries out a method that the bot's web server gives as its answer."""
        self._lanes: dict[Any, deque[Json]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self._places = asyncio.Semaphore(40)

    async def set(self, p: Json) -> bool:
        """Carry out setWebhook. Raises Refused for a bad address or secret."""
        url = p["url"].strip()
        secret = p.get("secret_token", "")
        if url:
            _check_url(url)
            if secret and not all(sign.isascii() and (sign.isalnum() or sign in "_-") for sign in secret):
                raise bad_request("secret token contains unallowed characters")
            if len(secret) > 256:
                raise bad_request("secret token is too long")
        await self.close()
        self.updates.allow(p.get("allowed_updates"))
        if p.get("drop_pending_updates"):
            self.updates.drop_all()
        self.url, self.secret = url, secret
        self.max_connections = min(max(p.get("max_connections", 40), 1), 100)
        self._places = asyncio.Semaphore(self.max_connections)
        self.last_error = None
        self.updates.on_push = self._take if url else None
        if url:
            self.updates.stop()
            for update in list(self.updates.pending.values()):
                self._take(update)
        return True

    def info(self) -> Json:
        """Return the answer of getWebhookInfo."""
        info: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates.pending),
        }
        if self.url:
            info |= {"max_connections": self.max_connections, "ip_address": "127.0.0.1"}
        if self.updates.allowed:
            info["allowed_updates"] = sorted(self.updates.allowed)
        if self.last_error:
            info["last_error_date"], info["last_error_message"] = self.last_error
        return info

    async def close(self) -> None:
        """Stop delivering; what is not delivered stays pending."""
        self.updates.on_push = None
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        self._lanes.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _take(self, update: Json) -> None:
        key = lane_of(update)
        lane = self._lanes.get(key)
        if lane is not None:
            lane.append(update)
            if len(lane) > 1 and self.faults.hit("shuffle_updates"):
                lane.rotate(1)
            return
        self._lanes[key] = deque([update])
        task = asyncio.get_running_loop().create_task(self._run(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, key: Any) -> None:
        lane = self._lanes[key]
        while lane:
            update = lane.popleft()
            failures = 0
            while not await self._deliver(update):
                await asyncio.sleep(self.pauses[min(failures, len(self.pauses) - 1)])
                failures += 1
            self.updates.pending.pop(update["update_id"], None)
            if self.faults.hit("repeat_update"):
                await self._deliver(update)
        del self._lanes[key]

    async def _deliver(self, update: Json) -> bool:
        async with self._places:
            self.attempts += 1
            if self._session is None:
                self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(self.timeout))
            headers = {SECRET_HEADER: self.secret} if self.secret else {}
            try:
                async with self._session.post(self.url, json=update, headers=headers) as response:
                    said = await webhook_answer(response)
                    if response.status // 100 != 2:
                        reason = f"Wrong response from the webhook: {response.status} {response.reason}"
                        self.last_error = (self.now(), reason)
                        return False
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                timed_out = isinstance(error, TimeoutError)
                self.last_error = (self.now(), "Read timeout expired" if timed_out else "Connection refused")
                return False
        method = said.pop("method", None)
        if method and self.answer is not None:
            # Telegram does not tell the bot how a method in a webhook answer went
            with contextlib.suppress(Refused):
                await self.answer(str(method), said)
        return True


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname in _LOOPBACK:
        return
    if parts.scheme != "https" or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")


def lane_of(update: Json) -> Any:
    """Return what keeps the order of updates: the chat, else the person."""
    for kind, payload in update.items():
        if kind == "update_id" or not isinstance(payload, dict):
            continue
        inner = payload.get("message") if kind == "callback_query" else payload
        chat = (inner or {}).get("chat") or payload.get("from") or payload.get("user") or {}
        return chat.get("id", 0)
    return 0

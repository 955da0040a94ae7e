"""The HTTP server of the local Telegram: Bot API, file downloads, fed updates, and whatever routes the page adds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.sandbox.core import Core, Request
from bot.sandbox.faults import Faults
from bot.sandbox.feed import feed
from bot.sandbox.methods import all_methods
from bot.sandbox.pace import Pace
from bot.sandbox.refusals import Refused
from bot.sandbox.spec import Upload
from bot.sandbox.webhook import Webhook
from bot.sandbox.wire import SIZE_LIMIT, parameters
from bot.sandbox.world import Json, World

Hook = Callable[[str, Json], None]

_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_DUMPS = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Server:
    """One bot's Bot API server. Start with `start`, end with `stop`; `base_url` is known after the start."""

    def __init__(self, world: World, token: str, *, faults: Faults | None = None, pace: Pace | None = None) -> None:
        self.world = world
        self.faults = faults or Faults()
        self.core = Core(world, token, faults=self.faults, pace=pace or Pace(), methods={})
        self.webhook = Webhook(self.core.updates, self.faults, world.unix)
        self.webhook.answer = self.core.call
        self.core.methods = all_methods(self.webhook)
        self.requests: list[Request] = []
        self.recording = True
        self.hooks: list[Hook] = []
        self.base_url = ""
        self.in_flight = 0
        self.served = 0
        """How many requests were answered or broken off, getUpdates left out."""
        self.app = web.Application(client_max_size=SIZE_LIMIT)
        self.app.router.add_post("/__feed", self._feed)
        self.app.router.add_route("*", "/bot{token}/{method}", self._method)
        self.app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        self._runner: web.AppRunner | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen on `host` and `port` (0: any free one)."""
        self._runner = web.AppRunner(self.app, access_log=None, handle_signals=False, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, backlog=512)
        await site.start()
        address = self._runner.addresses[0]
        self.base_url = f"http://{host}:{address[1]}"

    async def stop(self) -> None:
        """Stop listening; polls that wait return."""
        self.core.updates.stop()
        await self.webhook.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _method(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        if request.match_info["token"] != self.core.token:
            return _refuse(Refused(401, "Unauthorized"))
        faults = self.faults
        if faults.active:
            broken = await self._broken(request, name)
            if broken is not None:
                return broken
        raw: Json = {}
        polling = name.lower() == "getupdates"
        self.in_flight += not polling
        try:
            raw = await parameters(request)
            result = await self.core.call(name, raw)
        except Refused as refused:
            self._record(name, raw, None, refused)
            return _refuse(refused)
        finally:
            self.in_flight -= not polling
            self.served += not polling
        if not polling:
            self._record(name, raw, result, None)
        if faults.active and faults.hit("drop_after", name):
            return _drop(request)
        return web.Response(text='{"ok":true,"result":' + _DUMPS(result) + "}", content_type="application/json")

    async def _broken(self, request: web.Request, name: str) -> web.StreamResponse | None:
        """Let the faults happen that strike before the request has an effect; return the answer when there is one."""
        faults = self.faults
        delay = faults.hit("delay", name)
        if delay:
            await asyncio.sleep(delay.seconds)
        if faults.hit("drop_before", name):
            return _drop(request)
        if faults.hit("bad_gateway", name):
            return web.Response(status=502, text=_GATEWAY, content_type="text/html")
        if faults.hit("server_error", name):
            return _refuse(Refused(500, "Internal Server Error"))
        limited = faults.hit("too_many", name)
        if limited:
            seconds = int(limited.seconds)
            return _refuse(Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds))
        return None

    def _record(self, name: str, raw: Json, result: Any, refused: Refused | None) -> None:
        if not self.recording and not self.hooks:
            return
        method = self.core.spec.methods.get(name.lower())
        known = method.name if method else name
        params = {
            key: f"attach://{key}" if isinstance(value, Upload) else value
            for key, value in raw.items()
            if not isinstance(value, Upload) or (method is not None and key in method.decoders)
        }
        for hook in self.hooks:
            hook(known, params)
        if self.recording:
            error = refused.description if refused else ""
            self.requests.append(Request(known, params, refused is None, result, error))

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.core.token:
            return _refuse(Refused(401, "Unauthorized"))
        file = self.world.files.by_path.get(request.match_info["path"])
        if file is None:
            return _refuse(Refused(404, "Not Found"))
        return web.Response(body=file.data, content_type="application/octet-stream")

    async def _feed(self, request: web.Request) -> web.Response:
        body = await request.json()
        numbers = feed(self.core, body["updates"])
        return web.json_response({"ok": True, "result": {"count": len(numbers), "update_ids": numbers}})


def _refuse(refused: Refused) -> web.Response:
    return web.json_response(refused.body(), status=refused.code)


def _drop(request: web.Request) -> web.StreamResponse:
    """Close the connection without a word."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()

"""Health and metrics for the machine that runs the hotline, and the webhook where one is used."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest

from bot.delivery.ports import UNREADABLE

StoreUpdates = Callable[[Sequence[Mapping[str, Any]]], Awaitable[None]]
Check = Callable[[], Awaitable[Mapping[str, Any]]]

UPDATE_LIMIT: Final = 1 << 20
"""Bytes of one update that are read; Telegram's are far smaller."""

_BEGINNING: Final = re.compile(rb"\s*\{\s*\"update_id\"\s*:\s*(\d{1,18})\s*[,}]")

_log = structlog.get_logger("web")


def health_app(check: Check, registry: CollectorRegistry) -> web.Application:
    """Return the application with `/health` (200 or 503, JSON) and `/metrics` (Prometheus)."""

    async def health(_request: web.Request) -> web.Response:
        try:
            state = await check()
        except Exception as error:
            return web.json_response({"ok": False, "error": type(error).__name__}, status=503)
        return web.json_response(dict(state), status=200 if state.get("ok") else 503)

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), headers={"Content-Type": "text/plain; version=0.0.4"})

    app = web.Application()
    app.router.add_get("/health", health)
    app.router.add_get("/metrics", metrics)
    return app


def add_webhook(app: web.Application, path: str, secret: str, store: StoreUpdates) -> None:
    """Receive updates at `path`: each is stored before Telegram is told 200.

    A request without Telegram's secret is refused with 401, one that is no update with 400. Where it cannot be stored
    the answer is 503, and Telegram sends it again. One that is nested too deeply to be read would come again for ever:
    only its id is stored, and it becomes a dead letter.
    """

    async def receive(request: web.Request) -> web.Response:
        found = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(found.encode(), secret.encode()):
            return web.Response(status=401)
        body = await request.read()
        try:
            update = json.loads(body)
        except ValueError:
            return web.Response(status=400)
        except RecursionError:
            update = _unreadable(body)
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return web.Response(status=400)
        try:
            await store([update])
        except Exception as error:
            _log.error("update not stored", error=type(error).__name__)
            return web.Response(status=503)
        return web.Response(status=200)

    app.router.add_post(path, receive)


def _unreadable(body: bytes) -> dict[str, Any] | None:
    """Return what is kept of an update that is nested too deeply; None where not even its id is found."""
    found = _BEGINNING.match(body)
    if found is None:
        return None
    _log.error("an update is nested too deeply and was put aside")
    return {"update_id": int(found[1]), UNREADABLE: True}


async def serve(app: web.Application, host: str, port: int) -> tuple[web.AppRunner, int]:
    """Start an application; return its runner (to be cleaned up) and the port it listens on."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    await site.start()
    addresses = runner.addresses
    return runner, int(addresses[0][1]) if addresses else port

"""What the page of the local Telegram asks for: the state, a live stream of events, acts of people, files."""

from __future__ import annotations

import asyncio
import contextlib
import json
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from bot.errors import HotlineError
from bot.sandbox.acts import Acts, Impossible
from bot.sandbox.methods.profile import shown_commands
from bot.sandbox.page_acts import ACTS
from bot.sandbox.refusals import Refused
from bot.sandbox.server import Server
from bot.sandbox.wire import parameters
from bot.sandbox.world import Chat, Json, User, shown

FOLDER = Path(__file__).with_name("page")
SHOWN = 300
"""How many messages of a chat the page gets at first."""


class Page:
    """The routes of the page on a server, and the open pages that hear of every change."""

    def __init__(self, server: Server, acts: Acts) -> None:
        self.server = server
        self.acts = acts
        self._sockets: dict[web.WebSocketResponse, asyncio.Queue[str]] = {}
        router = server.app.router
        router.add_get("/", self._home)
        router.add_get("/page", self._home)
        router.add_get("/page/", self._index)
        router.add_static("/page/", FOLDER)
        router.add_get("/__state", self._state)
        router.add_get("/__live", self._live)
        router.add_get("/__file/{file_id}", self._file)
        router.add_post("/__act", self._act)

    async def close(self) -> None:
        """Close the live streams."""
        for socket in list(self._sockets):
            await socket.close()

    async def _home(self, request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("/page/")

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(FOLDER / "index.html", headers={"Cache-Control": "no-cache"})

    async def _state(self, request: web.Request) -> web.Response:
        return web.json_response(self.state())

    def state(self) -> Json:
        """Return everything the page shows: the bot, people, groups, chats with their newest messages."""
        world = self.server.world
        chats = [chat for chat in world.chats.values() if chat.migrated_to is None]
        return {
            "bot": world.bot.body(),
            "people": [self._person(user) for user in world.users.values() if not user.is_bot],
            "groups": [self._group(chat) for chat in chats if not chat.is_private],
            "chats": {str(chat.id): self._chat(chat) for chat in chats},
            "description": self.server.core.profile.descriptions.get("", ""),
        }

    def _person(self, user: User) -> Json:
        inside = [chat.id for chat in self.server.world.chats.values() if _is_in(chat, user.id)]
        core = self.server.core
        texts = core.profile.descriptions
        return {
            **user.body(),
            "blocked": user.blocked,
            "started": user.started,
            "deactivated": user.deactivated,
            "groups": inside,
            "commands": shown_commands(core, user.id, user.language_code or ""),
            "description": texts.get(user.language_code or "") or texts.get("", ""),
        }

    def _group(self, chat: Chat) -> Json:
        topics = [
            {"id": one.id, "name": one.name, "colour": one.icon_color, "closed": one.closed}
            for one in chat.topics.values()
        ]
        general = {"name": chat.general.name, "closed": chat.general.closed, "hidden": chat.general_hidden}
        return {**chat.body(), "members": chat.members, "topics": topics, "general": general}

    def _chat(self, chat: Chat) -> Json:
        newest = list(chat.messages.values())[-SHOWN:]
        return {"messages": [shown(one) for one in newest], "keyboard": chat.keyboard, "pinned": chat.pinned}

    async def _live(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(heartbeat=20)
        await socket.prepare(request)
        queue: asyncio.Queue[str] = asyncio.Queue()
        if not self._sockets:
            self.server.world.listeners.append(self._tell)
        self._sockets[socket] = queue
        sender = asyncio.create_task(self._send(socket, queue))
        try:
            async for message in socket:
                if message.type == WSMsgType.ERROR:
                    break
        finally:
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sender
            self._sockets.pop(socket, None)
            if not self._sockets:
                self.server.world.listeners.remove(self._tell)
        return socket

    def _tell(self, event: Json) -> None:
        text = json.dumps(event, ensure_ascii=False)
        for queue in self._sockets.values():
            queue.put_nowait(text)

    async def _send(self, socket: web.WebSocketResponse, queue: asyncio.Queue[str]) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                await socket.send_str(await queue.get())

    async def _file(self, request: web.Request) -> web.Response:
        file = self.server.world.files.by_id.get(request.match_info["file_id"])
        if file is None:
            raise web.HTTPNotFound
        # anybody can have sent it: it is never shown as a page of its own
        headers = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
        kind = file.mime if file.mime.startswith(("image/", "audio/", "video/")) else "application/octet-stream"
        if file.kind == "document":
            kind = "application/octet-stream"
        if file.data[:4] == b"RIFF" and file.data[8:12] == b"WAVE":
            kind = "audio/wav"
        return web.Response(body=file.data, content_type=kind, headers=headers)

    async def _act(self, request: web.Request) -> web.Response:
        try:
            values = await parameters(request)
            name = str(values.get("act"))
            if name not in ACTS:
                raise Impossible(f"there is no act {name!r}")
            answer: Any = ACTS[name](self.acts, values)
        except (HotlineError, Refused, KeyError, ValueError) as error:
            return web.json_response({"ok": False, "error": str(error)}, status=400)
        return web.json_response({"ok": True, **(answer or {})})


def _is_in(chat: Chat, user: int) -> bool:
    return chat.members.get(user, "left") not in ("left", "kicked")

"""A small Telegram that outlives the program under test: updates until confirmed, calls with a memory of all of them.

It speaks lines of JSON over a unix socket. People and operators are written by the test.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

DESK = -100


class SmallTelegram:
    """Keeps updates and calls. People write `p<chat>-<n>`, operators answer `o<chat>-<n>`."""

    def __init__(self, socket: Path, seed: int) -> None:
        self.socket = socket
        self.chance = random.Random(seed)
        self.updates: list[dict[str, Any]] = []
        self.delivered: list[tuple[int, str]] = []
        self.written: list[tuple[int, str]] = []
        self.answered: list[tuple[int, str]] = []
        self.asked: Counter[int] = Counter()
        self._number = 0
        self._message = 0
        self._news = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        """Open the socket."""
        self._server = await asyncio.start_unix_server(self._serve, self.socket)

    async def stop(self) -> None:
        """Close the socket."""
        assert self._server is not None
        self._server.close()
        for client in list(self._clients):
            client.close()
        await self._server.wait_closed()

    def person_writes(self, chat: int) -> None:
        """Somebody writes to the hotline."""
        text = f"p{chat}-{len(self.written)}"
        self.written.append((chat, text))
        self._update({"kind": "person", "chat": chat, "text": text})

    def operator_answers(self, chat: int) -> None:
        """An operator answers somebody who wrote before."""
        text = f"o{chat}-{len(self.answered)}"
        self.answered.append((chat, text))
        self._update({"kind": "operator", "chat": chat, "text": text})

    def copies(self) -> Counter[tuple[int, str]]:
        """Return how often each message arrived."""
        return Counter(self.delivered)

    def _update(self, content: dict[str, Any]) -> None:
        self._number += 1
        self._message += 1
        self.updates.append({"update_id": self._number, "message_id": self._message, **content})
        self._news.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.add(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while line := await reader.readline():
                request = json.loads(line)
                answer = await (
                    self._get_updates(request) if request["method"] == "getUpdates" else self._call(request)
                )
                writer.write(json.dumps(answer).encode() + b"\n")
                await writer.drain()
        self._clients.discard(writer)
        writer.close()

    async def _get_updates(self, request: dict[str, Any]) -> Any:
        if request["offset"] is not None:
            self.updates = [update for update in self.updates if update["update_id"] >= request["offset"]]
        if not self.updates:
            self._news.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    await self._news.wait()
        return self.updates[:100]

    async def _call(self, request: dict[str, Any]) -> Any:
        await asyncio.sleep(self.chance.uniform(0.0, 0.01))
        chat, text = request["params"]["chat_id"], request["params"]["text"]
        self._message += 1
        result = self._message
        if text.startswith("unknown "):  # the operator presses "send again"
            relay = int(text.split()[1])
            self.asked[relay] += 1
            self._update({"kind": "again", "relay": relay})
        else:
            self.delivered.append((chat, text))
        await asyncio.sleep(self.chance.uniform(0.0, 0.01))
        return result

"""The program itself, `hotline run`, as a process of its own with its settings in the environment."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass
class Program:
    """How to start `hotline run` against a Bot API server. `environment` adds settings."""

    api_base: str
    token: str
    desk: int
    database: str
    key: str
    log: Path
    environment: dict[str, str] = field(default_factory=dict)

    def settings(self) -> dict[str, str]:
        """Return the whole environment of the process."""
        return {
            **os.environ,
            "HOTLINE_TELEGRAM__TOKEN": self.token,
            "HOTLINE_TELEGRAM__API_BASE": self.api_base,
            "HOTLINE_DESKS": json.dumps([{"key": "main", "name": "Main", "chat": self.desk}]),
            "HOTLINE_DATABASE": self.database,
            "HOTLINE_SECRET_KEY": self.key,
            "HOTLINE_LIBRARY_CACHE": str(self.log.with_name("library.cache")),
            "HOTLINE_WEB__PORT": "0",
            "HOTLINE_LOG_LEVEL": "warning",
            **self.environment,
        }

    async def start(self) -> asyncio.subprocess.Process:
        """Start the process; it works once it has asked Telegram who it is."""
        with self.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", "from bot.cli import main; main()", "run"),
                cwd=ROOT,
                env=self.settings(),
                stdout=log,
                stderr=log,
            )


async def end(process: asyncio.subprocess.Process, seconds: float = 12.0) -> int:
    """Stop a process as an administrator does; return its exit code. Raises TimeoutError."""
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(seconds):
        return await process.wait()

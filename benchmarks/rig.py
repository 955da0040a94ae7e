"""Processes under measurement: the local Telegram, the hotline, the bare bot; and what machine this is."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

import psutil

from bot.storage.crypto import new_key

ROOT = Path(__file__).parents[1]
LIMITS = {
    "HOTLINE_LIMITS__OVERALL_PER_SECOND": "1000",
    "HOTLINE_LIMITS__PRIVATE_PER_SECOND": "100",
    "HOTLINE_LIMITS__PRIVATE_BURST": "1000",
    "HOTLINE_LIMITS__GROUP_PER_MINUTE": "100000",
}
"""The highest that the settings take: Telegram's own limits would be all that is measured."""


class Telegram:
    """The local Telegram in a process of its own; obeys one order at a time."""

    def __init__(self, people: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.telegram", str(people)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        hello = self._read()
        self.api_base, self.token, self.group = str(hello["api_base"]), str(hello["token"]), int(hello["group"])

    def do(self, order: str, **more: Any) -> dict[str, Any]:
        """Give an order and wait until it is carried out."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": order, **more}) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the local Telegram ended; its error stands above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)


@contextmanager
def telegram(people: int) -> Iterator[Telegram]:
    """A running local Telegram."""
    running = Telegram(people)
    try:
        yield running
    finally:
        running.stop()


@dataclass
class Bot:
    """A bot in a process of its own. `ready` is seconds from its start to its first question to Telegram."""

    process: subprocess.Popen[bytes]
    ready: float

    @property
    def cpu(self) -> float:
        """Seconds of computing so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    @property
    def memory(self) -> float:
        """Resident memory in MB."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / 1e6


@contextmanager
def bot(where: Telegram, command: list[str], environment: dict[str, str]) -> Iterator[Bot]:
    """A running bot that has asked Telegram who it is."""
    where.do("forget")
    began = perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    try:
        where.do("wait")
        yield Bot(process, perf_counter() - began)
    finally:
        process.terminate()
        process.wait(timeout=30)


def hotline(where: Telegram, database: str) -> tuple[list[str], dict[str, str]]:
    """Return how to start the hotline. Beside a database in a file it keeps its library for the next start."""
    folder = Path(database.removeprefix("sqlite:///")).parent if database.startswith("sqlite") else Path(os.devnull)
    environment = {
        "HOTLINE_TELEGRAM__TOKEN": where.token,
        "HOTLINE_TELEGRAM__API_BASE": where.api_base,
        "HOTLINE_DESKS": json.dumps([{"key": "main", "name": "Main", "chat": where.group}]),
        "HOTLINE_DATABASE": database,
        "HOTLINE_SECRET_KEY": new_key(),
        "HOTLINE_LIBRARY_CACHE": str(folder / "library.cache"),
        "HOTLINE_WEB__PORT": "0",
        "HOTLINE_LOG_LEVEL": "error",
        **LIMITS,
    }
    return [sys.executable, "-c", "from bot.cli import main; main()", "run"], environment


def bare(where: Telegram) -> tuple[list[str], dict[str, str]]:
    """Return how to start the bare bot."""
    return [sys.executable, "-m", "benchmarks.bare_bot", where.api_base, where.token, str(where.group)], {}


@contextmanager
def sqlite() -> Iterator[str]:
    """A place for a database in a file, on a disk."""
    with tempfile.TemporaryDirectory(dir=ROOT / "var" if (ROOT / "var").is_dir() else None) as folder:
        yield f"sqlite:///{folder}/hotline.db"


@contextmanager
def postgresql() -> Iterator[str]:
    """An empty database on a PostgreSQL of this run, as careful with the disk as in earnest."""
    from tests import postgres

    with postgres.running(safe=True) as server:
        server.sql("CREATE DATABASE bench")
        yield server.url("bench")


def machine() -> str:
    """Return a line about where this runs."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("aiogram", "aiohttp", "pydantic", "SQLAlchemy"))
    load = f"{os.getloadavg()[0]:.1f}"
    return (
        f"{platform.machine()}, {os.cpu_count()} cores (load average {load}), "
        f"Python {platform.python_version()}, {packages}"
    )

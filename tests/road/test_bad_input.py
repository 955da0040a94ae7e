"""Whatever is wrong, the command says in plain words what and what to do, and nothing that people wrote is lost."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
import structlog
import yaml

from bot.clock import SystemClock
from bot.sandbox import LocalTelegram
from bot.storage.crypto import Keys
from bot.storage.store import open_store
from tests.road.conftest import ROOT, Road
from tests.road.small import small_knowledge

HOTLINE = [sys.executable, "-c", "from bot.cli import main; main()", "run", "-c"]
TOKEN = "42:TEST"


@dataclass
class Place:
    """A folder with everything that one hotline needs, ready to be spoiled."""

    folder: Path
    api_base: str
    desk: int = -1_001_000_000_001
    changes: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """The file of the database."""
        return self.folder / "data" / "hotline.db"

    @property
    def key(self) -> Path:
        """The file of the key."""
        return self.folder / "key" / "secret.key"

    def config(self) -> Path:
        """Write the settings and return their path."""
        settings: dict[str, Any] = {
            "telegram": {"api_base": self.api_base},
            "desks": [{"key": "main", "name": "Main", "chat": self.desk}],
            "database": f"sqlite:///{self.database}",
            "secret_key_file": str(self.key),
            "knowledge": str(self.folder / "knowledge"),
            "locales": str(ROOT / "locales"),
            "limits": {"private_per_second": 100, "private_burst": 1000, "group_per_minute": 100_000},
            "library_cache": str(self.folder / "data" / "library.cache"),
            "web": {"port": 0},
        }
        path = self.folder / "config.yaml"
        path.write_text(yaml.safe_dump(settings | self.changes), "utf-8")
        return path

    def env(self) -> dict[str, str]:
        """Return the environment of the command."""
        return {**os.environ, "PYTHONPATH": str(ROOT), "HOTLINE_TELEGRAM__TOKEN": TOKEN, **self.environment}


def mount(*options: str, at: Path) -> None:
    """Mount a small disk, or skip where this machine does not allow that."""
    at.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", *options, "none", str(at)]
    allowed = os.getuid() == 0 and shutil.which("mount")
    if not allowed or subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode:
        pytest.skip("skipped: this machine does not let tests mount a small disk")


def unmount(*places: Path) -> None:
    """Take mounted disks away."""
    for place in places:
        subprocess.run(["umount", "-l", str(place)], check=False, stderr=subprocess.DEVNULL)


# -- a start that is refused ------------------------------------------------------------------------------------------


@dataclass
class Refusal:
    """How a start ended. `asked` are the methods of Telegram that were called before."""

    code: int
    said: str
    asked: list[str]


class Doorkeeper(BaseHTTPRequestHandler):
    """A Telegram that knows no token and notes what it was asked for."""

    asked: ClassVar[dict[int, list[str]]] = {}

    def do_POST(self) -> None:
        """Refuse."""
        self.asked.setdefault(self.server.server_address[1], []).append(self.path.rpartition("/")[2])
        body = b'{"ok":false,"error_code":401,"description":"Unauthorized"}'
        self.send_response(401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


DRIVER = """
import datetime, json, os, pathlib, sys
from bot import app, cli, library  # once for all: a fork is much quicker than a fresh start
warm, jobs = json.load(sys.stdin)
library.build_library(pathlib.Path(warm), datetime.date(2026, 11, 24))
running, codes = {}, {}
while jobs or running:
    if jobs and len(running) < 3:
        job = jobs.pop(0)
        child = os.fork()
        if not child:
            out = os.open(job["out"], os.O_CREAT | os.O_WRONLY)
            os.dup2(out, 1), os.dup2(out, 2)
            sys.argv = ["hotline", "run", "-c", job["config"]]
            try:
                cli.main()
            except SystemExit as end:
                code = end.code
            except BaseException:
                import traceback
                traceback.print_exc()
                code = 70
            sys.stdout.flush(), sys.stderr.flush()
            os._exit(code or 0)
        running[child] = job["name"]
        continue
    child, status = os.wait()
    codes[running.pop(child)] = os.waitstatus_to_exitcode(status)
print(json.dumps(codes))
"""
"""Runs the command once for each place, three at a time."""


def _read_only_disk(place: Place) -> None:
    mount("-o", "size=1m,ro", at=place.database.parent)


def _full_disk(place: Place) -> None:
    mount("-o", "size=64k", at=place.database.parent)


def _held_database(place: Place) -> sqlite3.Connection:
    place.database.parent.mkdir()
    other = sqlite3.connect(place.database, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    return other


def _cut_key(place: Place) -> None:
    _write_key(place, base64.urlsafe_b64encode(os.urandom(32))[:20])


def _key_that_all_can_read(place: Place) -> None:
    _write_key(place, base64.urlsafe_b64encode(os.urandom(32)), mode=0o644)


def _write_key(place: Place, content: bytes, mode: int = 0o600) -> None:
    place.key.parent.mkdir(exist_ok=True)
    place.key.write_bytes(content)
    place.key.chmod(mode)


def _wrong_key(place: Place) -> None:
    _write_key(place, base64.urlsafe_b64encode(os.urandom(32)))
    keys = Keys.parse(place.key.read_text())
    asyncio.run(_make_database(place, keys))
    _write_key(place, base64.urlsafe_b64encode(os.urandom(32)))


async def _make_database(place: Place, keys: Keys) -> None:
    store = await open_store(f"sqlite:///{place.database}", keys, SystemClock())
    await store.close()


def _broken_article(place: Place) -> None:
    article = place.folder / "knowledge" / "articles" / "patent" / "ky.yaml"
    article.write_text(article.read_text("utf-8").replace("{patent_price}", "{patent_prise}"), "utf-8")


def _no_knowledge(place: Place) -> None:
    shutil.rmtree(place.folder / "knowledge")


def _no_locale(place: Place) -> None:
    shutil.copytree(ROOT / "locales", place.folder / "locales")
    shutil.rmtree(place.folder / "locales" / "tg")
    place.changes["locales"] = str(place.folder / "locales")


def _broken_locale(place: Place) -> None:
    shutil.copytree(ROOT / "locales", place.folder / "locales")
    catalog = place.folder / "locales" / "tg" / "LC_MESSAGES" / "hotline.po"
    catalog.write_text(catalog.read_text("utf-8")[:-200] + '\nmsgid "x', "utf-8")
    place.changes["locales"] = str(place.folder / "locales")


def _taken_port(place: Place) -> socket.socket:
    other = socket.create_server(("127.0.0.1", 0))
    place.changes["web"] = {"port": other.getsockname()[1]}
    place.api_base = "http://127.0.0.1:9"  # nobody is there, which alone does not stop a start
    return other


def _nothing(_: Place) -> None:
    """The token alone is wrong."""


def _letter_instead_of_a_database(place: Place) -> None:
    place.database.parent.mkdir()
    place.database.write_bytes(b"This is a letter. " * 500)


SPOILT = {
    "a read-only disk": (_read_only_disk, ["hotline.db", "may be written"]),
    "a full disk": (_full_disk, ["disk is full", "Free some space"]),
    "a database held by another program": (_held_database, ["held by another program"]),
    "a letter instead of a database": (_letter_instead_of_a_database, ["hotline db restore"]),
    "a key that was cut": (_cut_key, ["key", "copy"]),
    "a key that all can read": (_key_that_all_can_read, ["secret.key", "600"]),
    "a key of another database": (_wrong_key, ["key", "HOTLINE_SECRET_KEY"]),
    "a fact that is not there": (_broken_article, ["articles/patent/ky.yaml", "patent_prise", "hotline kb check"]),
    "no knowledge": (_no_knowledge, ["knowledge"]),
    "a language that is missing": (_no_locale, ["locales", "tg"]),
    "a language file cut off": (_broken_locale, ["tg"]),
    "a port that is taken": (_taken_port, ["web", "port"]),
    "a token that Telegram refuses": (_nothing, ["telegram.token: Telegram refuses it", "@BotFather"]),
}
"""What is spoilt before the start, and words that the message must have."""


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Refusal]]:
    """All refused starts."""
    folder = tmp_path_factory.mktemp("spoilt")
    with contextlib.ExitStack() as stack:
        jobs, doors = [], {}
        for number, (name, (spoil, _)) in enumerate(SPOILT.items()):
            telegram = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), Doorkeeper))
            threading.Thread(target=telegram.serve_forever, daemon=True).start()
            stack.callback(telegram.shutdown)
            doors[name] = telegram.server_address[1]
            place = Place(folder / str(number), f"http://127.0.0.1:{doors[name]}")
            small_knowledge(place.folder / "knowledge")
            stack.callback(unmount, place.database.parent)
            try:
                held = spoil(place)
            except pytest.skip.Exception:
                continue
            if held is not None:
                stack.callback(held.close)
            jobs.append({"name": name, "config": str(place.config()), "out": str(place.folder / "out")})
        given = json.dumps([str(small_knowledge(folder / "warm")), jobs]).encode()
        command = [sys.executable, "-c", DRIVER]
        done = subprocess.run(
            command, input=given, env=place.env(), check=True, cwd=folder, stdout=subprocess.PIPE, timeout=180
        )
        codes = json.loads(done.stdout)
        yield {
            job["name"]: Refusal(
                codes[job["name"]], Path(job["out"]).read_text(), Doorkeeper.asked.get(doors[job["name"]], [])
            )
            for job in jobs
        }


@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_start_that_cannot_be_says_why(refusals: dict[str, Refusal], spoilt: str) -> None:
    if spoilt not in refusals:
        pytest.skip("skipped: this machine does not let tests mount a small disk")
    refusal = refusals[spoilt]
    assert refusal.code == 1, refusal.said
    assert "Traceback" not in refusal.said
    assert "Error:" not in refusal.said.replace("HotlineError", "")
    assert len(refusal.said.strip().splitlines()) <= 6, refusal.said
    for words in SPOILT[spoilt][1]:
        assert words in refusal.said
    assert "getUpdates" not in refusal.asked, "what people wrote still waits in Telegram"
    assert TOKEN not in refusal.said


# -- a hotline that runs ----------------------------------------------------------------------------------------------


class Running:
    """The command while it runs."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said = ""
        self._reading = [asyncio.create_task(self._read(stream)) for stream in (process.stdout, process.stderr)]

    async def _read(self, stream: asyncio.StreamReader | None) -> None:
        assert stream is not None
        while line := await stream.readline():
            self.said += line.decode()

    async def says(self, words: str, seconds: float = 40) -> None:
        """Wait until it says something."""
        async with asyncio.timeout(seconds):
            while words not in self.said:
                assert self.process.returncode is None or not all(task.done() for task in self._reading), self.said
                await asyncio.sleep(0.05)

    async def ends(self, seconds: float = 40) -> int:
        """Wait until it ends by itself; return its exit code."""
        code = await asyncio.wait_for(self.process.wait(), seconds)
        await asyncio.gather(*self._reading)
        return code

    async def stop(self) -> int:
        """Ask it to stop, as systemd does; return its exit code."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        return await self.ends(12)


@asynccontextmanager
async def running(place: Place) -> AsyncIterator[Running]:
    """Start the command, and end it in any case."""
    process = await asyncio.create_subprocess_exec(
        *HOTLINE, str(place.config()), env=place.env(), cwd=place.folder, stdout=-1, stderr=-1
    )
    try:
        yield Running(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_a_hotline_lives_through_everything(tmp_path: Path) -> None:
    """Telegram is away, then the disk fills up, then another program holds the database: all arrives in the end."""
    mount("-o", "size=3m", at=tmp_path / "data")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    small_knowledge(tmp_path / "knowledge")
    place = Place(tmp_path, f"http://127.0.0.1:{port}")
    try:
        async with running(place) as hotline:
            await hotline.says("telegram unreachable, trying again")
            assert f"127.0.0.1:{port}" in hotline.said
            async with LocalTelegram(port=port) as telegram:
                desk = telegram.group("Desk", forum=True, chat_id=place.desk)
                operator = telegram.person("Nurlan", groups=[desk])
                person = telegram.person("Aisuluu")
                await person.send("/start")
                await person.tap("Русский", timeout=40)
                await person.tap("🙋")
                topic = await operator.topic("1 ·")
                await _live_with_a_full_disk(telegram, place, person, operator, topic, hotline)
                await _live_with_a_held_database(place, person, operator, topic)
                assert await hotline.stop() == 0
        assert "Traceback" not in hotline.said
        said = topic.sees()
        places = [said.index(f"слово {number}.") for number in range(30)]
        assert places == sorted(places)
        assert all(said.count(f"слово {number}.") == 1 for number in range(30))
    finally:
        unmount(tmp_path / "data")


async def _live_with_a_full_disk(
    telegram: LocalTelegram, place: Place, person: Any, operator: Any, topic: Any, hotline: Running
) -> None:
    filler = place.database.parent / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    for number in range(20):
        await person.send(f"слово {number}." + " и ещё много слов" * 200)
    await hotline.says("disk is full")
    assert telegram.core.updates.pending, "what cannot be stored is not acknowledged"
    filler.unlink()
    await operator.finds(topic, "слово 19.", timeout=40)


async def _live_with_a_held_database(place: Place, person: Any, operator: Any, topic: Any) -> None:
    other = sqlite3.connect(place.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for number in range(20, 30):
        await person.send(f"слово {number}.")
    await asyncio.sleep(1)
    assert "слово 29." not in topic.sees()
    other.execute("ROLLBACK")
    other.close()
    await operator.finds(topic, "слово 29.", timeout=40)


async def test_a_wrong_chat_of_the_desk(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log says which setting is wrong; the person is heard, and the words come once the setting is right."""
    monkeypatch.setattr("bot.telegram.outcomes.DESK_PAUSE", 1)
    async with LocalTelegram() as telegram:
        road = Road(telegram, tmp_path, sqlite_url)
        wrong = road.settings.desks[0].model_copy(update={"chat": -1_009_999_999_999})
        with structlog.testing.capture_logs() as logs:
            await road.start(desks=(wrong,))
            person = await road.newcomer(language="Русский")
            await person.tap("🙋")
            await person.sees_soon("№ 1")
            await person.send("меня слышно?")
            await person.sees_soon("№ 1")
            await telegram.until(lambda: sum(not one.ok for one in telegram.requests) > 2)
            await road.stop()
        assert "desks.main.chat" in [entry.get("setting") for entry in logs]
        await road.start()
        await person.send("а теперь?")
        topic = await road.nurlan.topic("1 ·", timeout=20)
        await road.nurlan.finds(topic, "а теперь?", timeout=20)
        await road.nurlan.finds(topic, "меня слышно?", timeout=20)
        assert await road.dead_letters() == []
        await road.stop()


async def test_a_desk_that_throws_the_bot_out_gets_the_words_when_it_is_back(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.outcomes.DESK_PAUSE", 1)
    person, topic = await road.with_case()
    chat = road.desk.chat
    road.desk.remove_bot()
    await person.send("первое")
    await person.send("второе")
    await asyncio.sleep(0.5)
    assert "первое" not in topic.sees()
    chat.members[road.telegram.world.bot.id] = "administrator"
    await person.send("третье")
    for words in ("первое", "второе", "третье"):
        await road.nurlan.finds(topic, words, timeout=10)
    said = topic.sees()
    assert said.index("первое") < said.index("второе")

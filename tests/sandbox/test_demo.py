"""`hotline demo` as a program: what it prints, when, and how it stops."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from bot import demo
from bot.sandbox import Demo, serve
from bot.sandbox.core import Core
from bot.sandbox.pace import Pace

ROOT = Path(__file__).parents[2]


async def start(*arguments: str) -> asyncio.subprocess.Process:
    command = [sys.executable, "-c", "from bot.cli import main; main()", "demo", "--port", "0", "--folder"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return await asyncio.create_subprocess_exec(*command, *arguments, cwd=ROOT, env=environment, stdout=-1, stderr=-1)


async def test_the_address_is_told_when_the_bot_listens_and_ctrl_c_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []
    may_poll = asyncio.Event()

    async def serve_with_a_slow_first_poll(port: int, pace: Pace | None) -> Demo:
        served = await serve(port=port, pace=pace)
        ask = served.telegram.core.methods["getupdates"]

        async def ask_later(core: Core, p: dict[str, Any]) -> Any:
            if not may_poll.is_set():
                await asyncio.sleep(0.2)
                said.append(capfd.readouterr().out)
                may_poll.set()
            return await ask(core, p)

        served.telegram.core.methods["getupdates"] = ask_later
        return served

    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(demo, "serve", serve_with_a_slow_first_poll)
    running = asyncio.create_task(demo.run_demo(0, tmp_path))
    await asyncio.wait_for(may_poll.wait(), 60)
    assert "starting" in said[0]
    assert "http://" not in said[0], "the bot does not listen yet"
    await asyncio.sleep(0.2)
    assert "Open http://127.0.0.1:" in capfd.readouterr().out
    os.kill(os.getpid(), signal.SIGINT)
    await asyncio.wait_for(running, 15)


async def test_ctrl_c_while_it_starts_is_no_error(tmp_path: Path) -> None:
    process = await start(str(tmp_path))
    assert process.stdout is not None
    first = await asyncio.wait_for(process.stdout.readline(), 60)
    assert b"starting" in first
    process.send_signal(signal.SIGINT)
    rest, complaints = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, rest, complaints) == (0, b"", b"")


async def test_a_folder_that_is_none_is_explained(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(demo.FolderUnusable, match="--folder"):
        await demo.run_demo(0, tmp_path / "taken")


async def test_a_taken_port_is_explained(tmp_path: Path) -> None:
    other = await serve()
    port = int(other.telegram.base_url.rpartition(":")[2])
    with pytest.raises(demo.PortTaken, match="--port"):
        await demo.run_demo(port, tmp_path)
    await other.telegram.stop()

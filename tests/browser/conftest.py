"""One demo for all browser tests, as a program of its own, and its page in a browser."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.browser.eyes import CHROMIUM, DESKTOP, PATIENCE, ROOT

_DEMO = """
import asyncio, pathlib, sys
from bot.demo import run_demo
from bot.logs import set_up_logs
set_up_logs("warning")
asyncio.run(run_demo(0, pathlib.Path(sys.argv[1]), limited=False))
"""
"""`hotline demo`, without the pauses that Telegram's limits ask for."""


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address that the demo prints."""
    if CHROMIUM is None:
        pytest.skip("skipped: there is no Chromium on this machine")
    complaints = tmp_path_factory.mktemp("said") / "errors"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", _DEMO, str(tmp_path_factory.mktemp("demo"))]
    with (
        complaints.open("wb") as errors,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors) as process,
    ):
        assert process.stdout is not None
        try:
            found = next((hit for line in process.stdout if (hit := re.search(r"http://\S+", line.decode()))), None)
            assert found, complaints.read_text()
            yield found[0]
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in complaints.read_text()


@pytest.fixture
async def page(address: str) -> AsyncIterator[Any]:
    """The page in a browser; an error of its scripts fails the test."""
    playwright = pytest.importorskip("playwright.async_api")
    async with playwright.async_playwright() as engine:
        browser = await engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        opened = await browser.new_page(viewport=DESKTOP)
        opened.set_default_timeout(PATIENCE)
        errors: list[str] = []
        opened.on("pageerror", lambda error: errors.append(str(error)))
        await opened.goto(address)
        yield opened
        await browser.close()
        assert errors == []

"""Independent judges look at the local Telegram: the prober, the fuzzer, the specification."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.types import Update

from bot.sandbox import LocalTelegram
from bot.sandbox.make_spec import TARGET, dump, make
from bot.sandbox.seeds import seed_probe

from .conftest import SHARED, needs_rigs

pytestmark = needs_rigs


def load(name: str) -> Any:
    """Import a judge by its file."""
    spec = importlib.util.spec_from_file_location(name, SHARED / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


async def test_the_prober_finds_methods_and_rules(telegram: LocalTelegram) -> None:
    seed_probe(telegram)
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(SHARED / "probe_emulator.py"), "--base", telegram.base_url, "--json",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    rows = json.loads(out)
    methods = {row[1]: row[2] for row in rows if row[0] == "method"}
    rules = {row[1]: row[2] for row in rows if row[0] == "rule"}
    assert len(methods) == 43
    assert {name for name, state in methods.items() if state != "ok"} == set()
    assert {row[2] for row in rows if row[0] == "shape"} == {"ok"}
    assert {name for name, state in rules.items() if state != "enforced"} == {"unknown parameter (Telegram ignores)"}


async def test_fuzzed_updates_pass_through(telegram: LocalTelegram, bot: Bot) -> None:
    fuzz = load("fuzz_updates").Fuzz(json.loads((SHARED / "botapi-10.3.json").read_text()), seed=3)
    updates = [fuzz.update() for _ in range(500)]
    for update in updates:
        del update["update_id"]
    async with aiohttp.ClientSession() as session:
        for start in range(0, 500, 50):
            part = {"updates": updates[start : start + 50]}
            async with session.post(f"{telegram.base_url}/__feed", json=part) as answer:
                assert (await answer.json())["result"]["count"] == 50
    got: list[Update] = []
    while batch := await bot.get_updates(offset=got[-1].update_id + 1 if got else None):
        got += batch
    assert len(got) == 500
    telegram.page.state()


def test_the_compact_specification_is_made_from_the_full_one() -> None:
    full = json.loads((SHARED / "botapi-10.3.json").read_text())
    assert TARGET.read_text(encoding="utf-8") == dump(make(full))


async def test_answers_and_updates_fit_the_specification(telegram: LocalTelegram, bot: Bot) -> None:
    """What the server sends has every required field and the right types, by the full specification."""
    checker = load("spec_check").Checker(SHARED / "botapi-10.3.json", tdlib=False)
    seed_probe(telegram)
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(SHARED / "probe_emulator.py"), "--base", telegram.base_url, "--json", "--methods-only",
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    await asyncio.wait_for(process.wait(), 60)
    problems = []
    for request in telegram.requests:
        if request.ok:
            returns = checker.methods[request.method.lower()][1]["returns"]
            problems += [f"{request.method} -> {one}" for one in checker.any(request.result, returns, "result")]
    group = telegram.group("Second", forum=True)
    person, operator = telegram.person("Aziz"), telegram.person("Nurlan", groups=[group])
    sent = await person.send("/start +7 495 000-00-00")
    await person.edit(sent, "x")
    await person.send_album(2)
    await person.send_voice()
    await person.send_sticker()
    await person.send_contact()
    await person.block_bot()
    await operator.write(group, "x")
    telegram.acts.open_topic(operator.user, group.chat, "Topic")
    group.migrate()
    for update in telegram.core.updates.pending.values():
        problems += checker.obj(update, "Update", "update")
    assert problems == []
    assert len(telegram.requests) > 30

"""Resident memory while many messages pass, beside the bare bot."""

from __future__ import annotations

import sys
from contextlib import nullcontext

from benchmarks import rig

AIM_MB = 60.0
STEPS = 5


def measure(which: str, messages: int) -> list[float]:
    """Return the memory in MB when ready, and after each fifth of the messages."""
    place = rig.sqlite() if which == "hotline" else nullcontext("")
    with place as database, rig.telegram(100) as telegram:
        command, environment = rig.hotline(telegram, database) if which == "hotline" else rig.bare(telegram)
        with rig.bot(telegram, command, environment) as bot:
            found = [bot.memory]
            if which == "hotline":
                telegram.do("open_cases")
            for _ in range(STEPS):
                telegram.do("flood", count=messages // STEPS)
                telegram.do("clear")
                found.append(bot.memory)
    return found


def main(messages: int = 20_000) -> bool:
    """Measure and print; return whether the hotline stays near the bare bot."""
    found = {"bare aiogram bot": measure("bare", messages), "hotline, SQLite": measure("hotline", messages)}
    heads = " | ".join(f"after {messages * step // STEPS}" for step in range(1, STEPS + 1))
    sys.stdout.write(f"| MB | ready | {heads} |\n|---|---|{'---|' * STEPS}\n")
    for name, values in found.items():
        sys.stdout.write(f"| {name} | {' | '.join(f'{value:.0f}' for value in values)} |\n")
    return found["hotline, SQLite"][-1] - found["bare aiogram bot"][-1] <= AIM_MB

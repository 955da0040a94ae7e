"""The cold start: from the start of the process to the first question to Telegram, beside aiogram's import alone."""

from __future__ import annotations

import subprocess
import sys
from time import perf_counter

from benchmarks import rig

AIM_SECONDS = 1.0


def main(rounds: int = 5) -> bool:
    """Measure and print; return whether the hotline is ready within a second of the import of aiogram."""
    found: dict[str, list[float]] = {
        "import aiogram": [],
        "bare aiogram bot": [],
        "hotline, SQLite, for the first time": [],
    }
    again: list[float] = []
    for _ in range(rounds):
        began = perf_counter()
        subprocess.run([sys.executable, "-c", "import aiogram"], check=True, cwd=rig.ROOT)
        found["import aiogram"].append(perf_counter() - began)
        with rig.telegram(1) as telegram, rig.bot(telegram, *rig.bare(telegram)) as bot:
            found["bare aiogram bot"].append(bot.ready)
        with rig.sqlite() as database, rig.telegram(1) as telegram:
            started = rig.hotline(telegram, database)
            with rig.bot(telegram, *started) as bot:
                found["hotline, SQLite, for the first time"].append(bot.ready)
            with rig.bot(telegram, *started) as bot:
                again.append(bot.ready)
    found["hotline, SQLite, started before"] = again
    floor = min(found["import aiogram"])
    sys.stdout.write("| process | best s | all s | over the import of aiogram s |\n|---|---|---|---|\n")
    for name, seconds in found.items():
        listed = ", ".join(f"{value:.1f}" for value in seconds)
        sys.stdout.write(f"| {name} | {min(seconds):.1f} | {listed} | {min(seconds) - floor:.1f} |\n")
    return min(again) - floor <= AIM_SECONDS

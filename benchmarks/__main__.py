"""Measure what `docs/benchmarks.md` reports: `python -m benchmarks [road|danger|search|knowledge|start|memory] …`.

Exit code 1 where an aim is missed. Everything runs on this machine alone, against the local Telegram.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import danger, memory, rig, road, search, start

PARTS = ("road", "danger", "start", "memory", "knowledge", "search")


def main() -> int:
    """Measure the parts that were asked for, all of them without a name."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which parts; without: all")
    options.add_argument("--messages", type=int, default=5000, help="messages of each bot in each round of the road")
    options.add_argument("--rounds", type=int, default=3, help="rounds of which the best counts")
    options.add_argument("--memory-messages", type=int, default=20_000, help="messages while memory is watched")
    asked = options.parse_args()
    folder = Path(os.environ.get("HOTLINE_KNOWLEDGE", rig.ROOT / "knowledge"))
    measures: dict[str, Callable[[], bool]] = {
        "road": lambda: road.main(messages=asked.messages, rounds=asked.rounds),
        "danger": danger.main,
        "start": start.main,
        "memory": lambda: memory.main(asked.memory_messages),
        "knowledge": lambda: _run("benchmarks.knowledge"),
        "search": lambda: search.main(folder),
    }
    missed = []
    sys.stdout.write(f"{rig.machine()}\n")
    for part in asked.parts or PARTS:
        sys.stdout.write(f"\n## {part}\n\n")
        sys.stdout.flush()
        if not measures[part]():
            missed.append(part)
    sys.stdout.write(f"\naims missed: {', '.join(missed) or 'none'}\n")
    return int(bool(missed))


def _run(module: str) -> bool:
    return subprocess.run([sys.executable, "-m", module], cwd=rig.ROOT, check=False).returncode == 0


if __name__ == "__main__":
    raise SystemExit(main())

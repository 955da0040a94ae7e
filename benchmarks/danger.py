"""The danger screen: how long after somebody's words, with a healthy database and with one that takes nothing.

People who wrote nothing before cry for help one after the other, in all languages and by all rules. The time is taken
by the local Telegram: from the words, and from the moment when the bot was first given them, to the screen.
"""

from __future__ import annotations

import resource
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks import rig
from bot.knowledge.yamlfile import parse_yaml
from bot.languages.locales import OWN_NAMES, Locale
from bot.triage.danger import FILE, read_rules

AIM_MS = 100.0
OF_EACH_RULE = 4
PRESSES = tuple(
    f"h1|fl|{flow},1,{step},{choice}"
    for flow, step, choice in (
        ("attack", "what", "now"),
        ("illness", "what", "birth"),
        ("violence", "safe", "now"),
        ("passport-taken", "safe", "now"),
        ("child", "what", "missing"),
        ("stopped-by-police", "now", "beaten"),
    )
)
"""Alarming choices of flows, as the data of their buttons."""
A_SECOND = 10.0

Trouble = Callable[[rig.Bot], AbstractContextManager[None]]


@dataclass
class Series:
    """What was seen in one state of the database. Seconds."""

    written: list[float] = field(default_factory=list)
    handed: list[float] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    twice: int = 0

    @property
    def is_good(self) -> bool:
        """Whether everybody got one screen, in time."""
        late = max((*self.written, *self.handed), default=AIM_MS)
        return not self.missing and not self.twice and late * 1e3 < AIM_MS


def cries() -> list[str]:
    """Return some messages for each rule of the tests, no two of a rule in a row, and presses."""
    from tests.triage.danger_phrases import DANGER

    rules, findings = read_rules(parse_yaml((rig.ROOT / "knowledge" / FILE).read_bytes(), FILE).data)
    if rules is None:
        raise SystemExit("\n".join(finding.line_of_text() for finding in findings))
    by_rule: dict[str, list[str]] = {}
    for text in DANGER:
        found = rules.match(text)
        if found is not None:
            by_rule.setdefault(found.rule.id, []).append(text)
    picked = [texts[:: max(1, len(texts) // OF_EACH_RULE)][:OF_EACH_RULE] for texts in by_rule.values()]
    texts = [texts[turn] for turn in range(OF_EACH_RULE) for texts in picked if turn < len(texts)]
    return [*texts, *PRESSES]


@contextmanager
def sqlite(file: Path) -> Iterator[dict[str, Trouble]]:
    """The troubles of a database in a file."""

    @contextmanager
    def held(_bot: rig.Bot) -> Iterator[None]:
        other = sqlite3.connect(file, isolation_level=None, timeout=20)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.close()

    @contextmanager
    def full(bot: rig.Bot) -> Iterator[None]:
        """No file of the process may grow, nor be written anew: what a full disk and a lost one do."""
        process = psutil.Process(bot.process.pid)
        _, most = process.rlimit(psutil.RLIMIT_FSIZE)
        process.rlimit(psutil.RLIMIT_FSIZE, (0, most))
        yield
        process.rlimit(psutil.RLIMIT_FSIZE, (resource.RLIM_INFINITY, most))

    yield {"healthy": lambda _: nullcontext(), "held by another program": held, "cannot be written": full}


@contextmanager
def postgresql() -> Iterator[tuple[str, dict[str, Trouble]]]:
    """A server that can be stopped, and its address."""
    from tests import postgres

    with postgres.running(safe=True) as server:
        server.sql("CREATE DATABASE bench")

        @contextmanager
        def stopped(_bot: rig.Bot) -> Iterator[None]:
            server.kill()
            yield
            server.start()

        yield server.url("bench"), {"healthy": lambda _: nullcontext(), "server stopped": stopped}


def measure(database: str, troubles: dict[str, Trouble]) -> dict[str, Series]:
    """Start a hotline and let people cry in each state of its database."""
    texts = cries()
    found: dict[str, Series] = {}
    with rig.telegram(len(texts) * len(troubles)) as telegram:
        command, environment = rig.hotline(telegram, database)
        with rig.bot(telegram, command, environment) as bot:
            telegram.do("speak", languages=[OWN_NAMES[locale] for locale in Locale])
            for number, (name, trouble) in enumerate(troubles.items()):
                with trouble(bot):
                    time.sleep(0.5)
                    seen = telegram.do("cry", first=number * len(texts), texts=texts, a_second=A_SECOND)
                after = telegram.do("calm")
                found[name] = Series(seen["written"], seen["handed"], seen["missing"], after["twice"])
    return found


def main() -> bool:
    """Measure and print; return whether every screen came in time."""
    found: dict[str, Series] = {}
    with rig.sqlite() as database, sqlite(Path(database.removeprefix("sqlite:///"))) as troubles:
        found |= {f"SQLite, {name}": series for name, series in measure(database, troubles).items()}
    with postgresql() as (database, others):
        found |= {f"PostgreSQL, {name}": series for name, series in measure(database, others).items()}
    sys.stdout.write(
        f"one message or press each {1000 / A_SECOND:.0f} ms, each of another person; ms until the screen\n\n"
    )
    sys.stdout.write("| database | screens | from the words or the press: p50 | p95 | longest |")
    sys.stdout.write(" from the bot's getUpdates: p50 | p95 | longest | missing | twice |\n")
    sys.stdout.write("|---|---|---|---|---|---|---|---|---|---|\n")
    for name, series in found.items():
        numbers = " | ".join((*_three(series.written), *_three(series.handed)))
        row = f"| {name} | {len(series.written)} | {numbers} | {len(series.missing)} | {series.twice} |\n"
        sys.stdout.write(row)
    return all(series.is_good for series in found.values())


def _three(seconds: list[float]) -> list[str]:
    ordered: list[Any] = sorted(seconds)
    if not ordered:
        return ["–"] * 3
    return [f"{ordered[int((len(ordered) - 1) * share)] * 1e3:.0f}" for share in (0.5, 0.95, 1.0)]

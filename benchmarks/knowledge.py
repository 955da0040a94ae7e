"""How long a large knowledge folder takes: 1,000 synthetic articles in six texts.

Run: `python -m benchmarks.knowledge [--articles 1000] [--runs 3]`. Budgets: load under 2 s, check under 5 s.
Exit code 1 where the median is over a budget. Read from a disk, no cache, one process.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from bot.editing.folder import load_folder, read_folder
from bot.knowledge.checks import inspect
from bot.knowledge.loader import Memory, parse
from bot.languages.locales import Locale

TODAY = date(2026, 11, 24)
BUDGETS = {"load": 2.0, "check": 5.0}

_WORDS = {
    Locale.RU: "работа договор хозяин деньги бумага полиция адрес человек помощь закон патент учёт карта суд юрист",
    Locale.KY: "жумуш келишим хозяин акча кагаз полиция дарек киши жардам мыйзам патент каттоо карта сот юрист",
    Locale.TG: "кор шартнома хозяин пул коғаз пулис суроға одам кӯмак қонун патент бақайдгирӣ корт суд ҳуқуқшинос",
    Locale.UZ: "ish shartnoma xo‘jayin pul qog‘oz politsiya manzil odam yordam qonun patent ro‘yxat karta sud yurist",
    Locale.UZ_CYRL: "иш шартнома хўжайин пул қоғоз полиция манзил одам ёрдам қонун патент рўйхат карта суд юрист",
    Locale.RO: "muncă contract patron bani hârtie poliție adresă om ajutor lege patentă act card instanță jurist",
}
_SYLLABLES = {"Cyrl": "бавегидожукалеминопу", "Latn": "bavegidojukaleminopu"}
"""Ten syllables of two letters: a number in them stays a word that folding keeps apart from others."""


def build_folder(articles: int) -> dict[str, str]:
    """Return a synthetic folder without errors: ten questions, 18 blocks and three placeholders per text."""
    files = {
        "services.yaml": "legal_help: {ru: Юрист, ky: Юрист, tg: Юрист, uz: Yurist, uz_Cyrl: Юрист, ro: Jurist}\n",
        "facts/all.yaml": "".join(_fact(number) for number in range(300)),
        "lexicon/allowed_numbers.yaml": "patterns: ['\\d+-ФЗ']\n",
        "lexicon/phrases.yaml": Path("knowledge/lexicon/phrases.yaml").read_text("utf-8"),
        "lexicon/terms.yaml": (
            "patent:\n  official_ru: патент\n"
            "  use: {ru: патент, ky: патент, tg: патент, uz: patent, uz_Cyrl: патент, ro: patentă}\n"
            "  avoid: {ru: [пермит*], ky: [уруксат кагаз], uz: [ruxsatnoma], ro: [permis de patentă]}\n"
        ),
    }
    ids = [f"topic-{number}" for number in range(articles)]
    title = "{ru: Раздел, ky: Бөлүм, tg: Бахш, uz: Bo‘lim, uz_Cyrl: Бўлим, ro: Secțiune}"
    files["sections.yaml"] = "".join(
        f"- id: part-{part}\n  emoji: 📄\n  title: {title}\n  articles: [{', '.join(ids[part::10])}]\n"
        for part in range(10)
    )
    for number, article_id in enumerate(ids):
        related = ", ".join(ids[(number + step) % articles] for step in (1, 2, 3))
        files[f"articles/{article_id}/article.yaml"] = (
            f"id: {article_id}\nsection: part-{number % 10}\n"
            'sources:\n  - {title: "Закон 109-ФЗ, ст. 20", url: "https://example.org/law", checked: 2026-11-22}\n'
            "  - {title: Приказ № 536, checked: 2026-11-22, strength: official}\n"
            f"checked: 2026-11-22\ncheck_by: 2027-02-22\nrelated: [{related}]\n"
            "turn_to: {organisations: [], services: [legal_help]}\n"
        )
        for locale in Locale:
            files[f"articles/{article_id}/{locale}.yaml"] = _text(locale, number)
    return files


def _fact(number: int) -> str:
    per = number % 3 == 0
    values = "{KG: 30, TJ: 15, UZ: 15, MD: 7}" if per else str(number + 1)
    return (
        f"fact_{number}:\n  what: Срок номер {number}\n  unit: day\n  per: {'citizenship' if per else 'none'}\n"
        '  source: {title: "109-ФЗ, ст. 20", url: "https://example.org/law", checked: 2026-11-22}\n'
        f"  check_by: 2027-02-22\n  confidence: law\n  values:\n    2022-06-04: {values}\n"
    )


def _text(locale: Locale, number: int) -> str:
    words = _WORDS[locale].split()
    mark = "".join(_SYLLABLES[locale.script][2 * int(digit) :][:2] for digit in f"{number:04}")

    def sentence(start: int, length: int) -> str:
        chosen = [words[(number + start + step * (1 + start % 7)) % len(words)] for step in range(length)]
        return f"{chosen[0].capitalize()} {' '.join(chosen[1:])}"

    lines = [f"updated: 2026-11-20\ntitle: {words[number % len(words)]} {mark}\nshort: {mark}\nasks:"]
    lines += [f"  - {sentence(ask, 5).lower()} {mark} {mark[: ask % 4 * 2]}{words[ask]}" for ask in range(10)]
    for part, count in (("answer", 3), ("steps", 6), ("documents", 4), ("beware", 3), ("where", 2)):
        lines.append(f"{part}:")
        for block in range(count):
            fact = f": {{fact_{(number + block) % 300}}}" if part != "documents" and block == 0 else ""
            lines.append(f"  - '{sentence(block + count, 18)}{fact}.'")
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Measured:
    """Seconds of each run: on the clock, and of this process's own computing."""

    wall: list[float]
    own: list[float]


def measure(action: Callable[[], object], runs: int) -> Measured:
    """Run an action several times."""
    measured = Measured([], [])
    for _ in range(runs):
        wall, own = time.perf_counter(), time.process_time()
        result = action()
        measured.wall.append(time.perf_counter() - wall)
        measured.own.append(time.process_time() - own)
        del result
    return measured


def main() -> int:
    """Measure, print a table in Markdown, return 1 where a budget is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=1000)
    options.add_argument("--runs", type=int, default=3)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for path, content in build_folder(asked.articles).items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, "utf-8")
        files = read_folder(folder)
        found = inspect(files, TODAY).findings
        assert found == (), [finding.line_of_text() for finding in found[:5]]
        memory = Memory()
        parse(files, memory)
        changed = {**files, "facts/all.yaml": bytes(files["facts/all.yaml"]) + b"# touched\n"}  # type: ignore[arg-type]
        results = {
            "load": measure(lambda: load_folder(folder), asked.runs),
            "check": measure(lambda: inspect(read_folder(folder), TODAY), asked.runs),
            "reload after one changed file": measure(lambda: parse(changed, memory), asked.runs),
        }
    size = sum(len(content) for content in files.values()) / 1e6
    report(asked.articles, len(files), size, results)
    return int(any(statistics.median(measured.wall) > BUDGETS.get(name, 1e9) for name, measured in results.items()))


def report(articles: int, files: int, size: float, results: dict[str, Measured]) -> None:
    """Print where it ran and what it took."""
    out = sys.stdout.write
    load = f"{os.getloadavg()[0]:.1f}"
    out(f"{platform.machine()}, {os.cpu_count()} cores (load average {load}), Python {platform.python_version()}, ")
    out(f"pydantic {version('pydantic')}, PyYAML {version('PyYAML')}\n")
    out(f"{articles} articles, {files} files, {size:.1f} MB\n\n")
    out("| what | median s | all runs | own computing, median s | budget s |\n|---|---|---|---|---|\n")
    for name, measured in results.items():
        runs = ", ".join(f"{second:.2f}" for second in measured.wall)
        wall, own = statistics.median(measured.wall), statistics.median(measured.own)
        out(f"| {name} | {wall:.2f} | {runs} | {own:.2f} | {BUDGETS.get(name, '')} |\n")


if __name__ == "__main__":
    raise SystemExit(main())

"""`hotline ask` and `hotline evaluate`: the search on the command line, by the same code as the bot."""

from __future__ import annotations

import asyncio
import json
import math
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.baselines import baselines
from bot.clock import SystemClock, moscow_date
from bot.conversation.library import Library
from bot.errors import HotlineError
from bot.knowledge.search.answering import ask_line
from bot.knowledge.search.evaluation import Message, Report, Score, evaluate
from bot.knowledge.search.gaps import group_by_likeness
from bot.knowledge.search.gather import article_documents
from bot.languages.locales import Locale
from bot.library import build_library
from bot.settings import Settings, load_settings
from bot.storage.crypto import KeySource
from bot.storage.store import open_store

console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
Folder = Annotated[Path, typer.Option("--folder", "-f", help="The knowledge folder.")]


class BadBatch(HotlineError):
    """A line of the batch file is not what is needed; the text names the line and what is allowed."""


def ask(
    text: Annotated[str | None, typer.Argument(help="A message, as a person would write it.")] = None,
    lang: Annotated[str | None, typer.Option(help="The chosen language: ru, ky, tg, uz, uz_Cyrl, ro.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    batch: Annotated[Path | None, typer.Option(help="JSON lines with id, text and perhaps lang; - for input.")] = None,
    folder: Folder = Path("knowledge"),
) -> None:
    """Show which articles answer a message, how sure the search is, and whether it means danger."""
    library = build_library(folder, moscow_date(SystemClock().now()))
    if batch is not None:
        for line in answers(library, _lines(batch)):
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        return
    if text is None:
        raise BadBatch('Give a message, or --batch FILE.jsonl with lines like {"id": "1", "text": "…"}.')
    line = answer(library, {"text": text, "lang": lang}, place="the command line")
    if as_json:
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    else:
        _show(library, line)


def answers(library: Library, lines: Iterable[tuple[str, str]]) -> Iterator[dict[str, object]]:
    """Answer lines of a batch, each with its place for errors. Raise `BadBatch`."""
    for place, line in lines:
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except ValueError as error:
            raise BadBatch(f"{place}: this is no JSON ({error}).") from None
        yield answer(library, data, place=place)


def answer(library: Library, data: Any, *, place: str) -> dict[str, object]:
    """Answer one message given as a mapping with `text` and perhaps `id` and `lang`. Raise `BadBatch`."""
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise BadBatch(f"{place}: a mapping with id and text is needed.")
    lang = data.get("lang")
    locales = {locale.value for locale in Locale}
    if lang is not None and lang not in locales:
        raise BadBatch(f"{place}: lang is {lang!r}; allowed are {', '.join(sorted(locales))}.")
    identifier = data.get("id")
    rule = library.urgent_rule(data["text"])
    return ask_line(
        library.index,
        data["text"],
        id=None if identifier is None else str(identifier),
        locale=Locale(lang) if lang else None,
        urgent_rule=rule,
    )


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    if str(path) == "-":
        source: Iterable[str] = sys.stdin
    else:
        try:
            source = path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise BadBatch(f"{path} cannot be read as UTF-8: {error}.") from None
    for number, line in enumerate(source, 1):
        yield f"{path} line {number}", line


def _show(library: Library, line: dict[str, Any]) -> None:
    console.print(
        f"{line['lang']} {line['script'] or ''} · {line['confidence']}" + (" · URGENT" if line["urgent"] else "")
    )
    if line["smalltalk"]:
        console.print(f"small talk: {line['smalltalk']}")
    for hit in line["answers"]:
        title = library.knowledge.articles[hit["article"]].text(Locale.RU)[1].title
        console.print(f"{hit['score']:.2f}  {hit['article']:28} {title}", markup=False)


def evaluate_search(
    messages: Annotated[list[Path], typer.Argument(help="Files of messages with known answers, JSON lines.")],
    part: Annotated[str | None, typer.Option(help="Only this part: tuning, calibration, test or second.")] = None,
    with_baselines: Annotated[bool, typer.Option("--baselines/--no-baselines", help="Measure others beside.")] = True,
    folder: Folder = Path("knowledge"),
) -> None:
    """Measure the search on messages with known answers, beside ordinary search engines."""
    library = build_library(folder, moscow_date(SystemClock().now()))
    found = [
        message
        for path in messages
        for place, line in _lines(path)
        if line.strip() and (message := _message(place, line)) and part in (None, message.part)
    ]
    others = baselines(article_documents(library.knowledge)) if with_baselines else {}
    report = evaluate(library.index, found, stopwatch=time.perf_counter, baselines=others)
    print_report(report, len(found))


def _message(place: str, line: str) -> Message:
    try:
        return Message.from_mapping(json.loads(line))
    except ValueError as error:
        raise BadBatch(f"{place}: this is no JSON ({error}).") from None


_COLUMNS = (
    ("recall@1", "first"),
    ("recall@3", "three"),
    ("MRR", "reciprocal"),
    ("sure right", "sure_right"),
    ("sure said", "sure_said"),
    ("none: sure", "pushed"),
    ("none: likely", "offered"),
    ("language 3+", "language"),
    ("language 1-2", "language_short"),
    ("calibration gap", "calibration"),
)


def print_report(report: Report, count: int) -> None:
    """Print the scores per language and script, the baselines and the latency."""
    table = Table(title=f"Search on {count} messages")
    table.add_column("variant")
    table.add_column("n", justify="right")
    for title, _ in _COLUMNS:
        table.add_column(title, justify="right")
    for variant, score in report.scores.items():
        table.add_row(variant, str(score.messages), *[_percent(getattr(score, name)) for _, name in _COLUMNS])
    console.print(table)
    if report.baselines:
        _print_baselines(report)
    if report.latency is not None:
        median, p95, worst = report.latency
        console.print(f"milliseconds a message: median {median:.2f}, p95 {p95:.2f}, worst {worst:.2f}")


def _print_baselines(report: Report) -> None:
    variants = list(report.scores)
    table = Table(title="recall@1 / recall@3 beside others")
    table.add_column("engine")
    for variant in variants:
        table.add_column(variant, justify="right")
    for name, scores in {"this search": report.scores, **report.baselines}.items():
        table.add_row(name, *[_pair(scores.get(variant)) for variant in variants])
    console.print(table)


def _pair(score: Score | None) -> str:
    return "–" if score is None else f"{_percent(score.first)} / {_percent(score.three)}"


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{share * 100:.1f}"


def gaps(
    config: Annotated[Path | None, typer.Option("--config", "-c", help="Settings, see config.example.yaml.")] = None,
    days: Annotated[int, typer.Option(help="How far back.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show searches that found nothing or did not help, grouped by likeness, without names and numbers."""
    settings = load_settings(config)
    rows = asyncio.run(_searches(settings, days))
    groups = group_by_likeness([str(row["text"]) for row in rows])
    for group in groups:
        first = rows[group.places[0]]
        if as_json:
            line = {"text": group.example, "count": len(group.places), "locale": first["locale"]}
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        else:
            console.print(f"{len(group.places):4}  {first['locale']:8} {group.example}", markup=False)
    if not groups and not as_json:
        console.print("No searches without an answer.")


async def _searches(settings: Settings, days: int) -> list[dict[str, Any]]:
    clock = SystemClock()
    secret = settings.secret_key.get_secret_value() if settings.secret_key else None
    store = await open_store(settings.database, KeySource(secret, settings.secret_key_file), clock)
    try:
        async with store.reading() as tx:
            return list(await tx.searches.since(moscow_date(clock.now()) - timedelta(days=days)))
    finally:
        await store.close()

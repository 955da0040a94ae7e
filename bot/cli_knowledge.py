"""`hotline kb`: the tools of editors on the command line."""

from __future__ import annotations

import json
import os
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.clock import SystemClock, moscow_date
from bot.editing.compare import compare
from bot.editing.folder import load_folder, read_folder
from bot.editing.history import read_revision
from bot.editing.new_article import new_article
from bot.editing.schemas import all_schemas
from bot.editing.status import Due, status_of
from bot.editing.translations import merge, rows_for
from bot.editing.transliterate import draft_article, read_exceptions
from bot.editing.whole import inspect_whole, talks_beside
from bot.editing.writing import write_files
from bot.errors import HotlineError
from bot.knowledge.facts import Reader
from bot.knowledge.findings import Finding, Language, Severity, errors, write_key_path
from bot.knowledge.loader import parse
from bot.knowledge.models import PARTS
from bot.knowledge.render import render_article
from bot.languages.locales import Locale
from bot.web.preview import build_preview

app = typer.Typer(no_args_is_help=True, help="Check, read, translate and publish the knowledge.")
console = Console(soft_wrap=True, highlight=False)


class Words(StrEnum):
    """The language of the tools' own words."""

    EN = "en"
    RU = "ru"


Folder = Annotated[Path, typer.Option("--folder", "-f", help="The knowledge folder.")]
Messages = Annotated[Words | None, typer.Option("--messages", help="Language of the findings.")]
Day = Annotated[str | None, typer.Option("--on", help="Act as on this day, YYYY-MM-DD, Moscow.")]
DEFAULT_FOLDER = Path("knowledge")


@app.command()
def check(
    folder: Folder = DEFAULT_FOLDER,
    messages: Messages = None,
    on: Day = None,
    strict: Annotated[bool, typer.Option(help="Warnings fail the check too.")] = False,
) -> None:
    """Find everything that is wrong in articles, facts, organisations, flows and talks, in one run.

    Exit code 1 where anything is. Talks are played where `tests/talks` and `locales` lie beside the folder.
    """
    language = _language(messages)
    files = read_folder(folder)
    inspection = inspect_whole(files, _day(on))
    findings = (*inspection.findings, *talks_beside(folder, files, inspection))
    for finding in findings:
        console.print(_line(finding, language), markup=False)
    wrong = len(errors(findings))
    warned = len(findings) - wrong
    articles = len(inspection.load.partial.articles)
    flows = len(inspection.flows.flows) if inspection.flows is not None else 0
    text = {
        "en": f"{wrong} errors, {warned} warnings; {articles} articles, {flows} flows",
        "ru": f"Ошибок: {wrong}, предупреждений: {warned}; статей: {articles}, опросов: {flows}",
    }
    console.print(text[language], markup=False)
    raise typer.Exit(1 if wrong or (strict and warned) else 0)


@app.command()
def status(
    folder: Folder = DEFAULT_FOLDER,
    on: Day = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print plain JSON.")] = False,
) -> None:
    """Show per language what is complete, stale or missing, and what falls due in the next 30 days."""
    today = _day(on)
    state = status_of(inspect_whole(read_folder(folder), today), today)
    if as_json:
        console.print_json(json.dumps(state.as_json(), ensure_ascii=False))
        return
    table = Table("locale", "complete", "stale", "missing")
    for locale, one in state.locales.items():
        table.add_row(locale.value, str(one.complete), str(len(one.stale)), str(len(one.missing)))
    console.print(table)
    _print_due("past check-by", state.past_check_by)
    _print_due("due in 30 days", state.due_soon)
    for fact_id, day in state.starting_soon:
        console.print(f"begins {day}: fact {fact_id}", markup=False)
    console.print(f"version {state.version}; {state.errors} errors, {state.warnings} warnings", markup=False)


@app.command()
def show(
    article_id: Annotated[str, typer.Argument(metavar="ID")],
    lang: Annotated[Locale, typer.Option("--lang", help="Which text.")] = Locale.RU,
    citizenship: Annotated[str | None, typer.Option(help="Read as this citizen: KG, TJ, UZ, MD.")] = None,
    region: Annotated[str | None, typer.Option(help="Read as in this region: RU-MOW …")] = None,
    folder: Folder = DEFAULT_FOLDER,
    on: Day = None,
) -> None:
    """Print an article as a person reads it."""
    knowledge = load_folder(folder).partial
    for part in PARTS:
        document = render_article(knowledge, article_id, lang, Reader(citizenship, region), _day(on), part)
        body = document.text if part == "answer" else "\n".join(document.text.splitlines()[2:])
        if body:
            title = knowledge.phrases[part] if knowledge.phrases and part != "answer" else None
            console.print(f"\n{title[lang]}" if title else "", markup=False)
            console.print(body, markup=False)


@app.command()
def transliterate(
    article_id: Annotated[str | None, typer.Argument(metavar="[ID]")] = None,
    folder: Folder = DEFAULT_FOLDER,
    force: Annotated[
        bool, typer.Option(help="Draft again over a text that exists; what was corrected is lost.")
    ] = False,
) -> None:
    """Draft uz_Cyrl.yaml from uz.yaml and list the words to look at. Without ID: every article that has none."""
    files = read_folder(folder)
    exceptions = read_exceptions(files)
    ids = [article_id] if article_id else sorted({path.split("/")[1] for path in files if path.endswith("/uz.yaml")})
    for one in ids:
        if f"articles/{one}/uz_Cyrl.yaml" in files and not force:
            if article_id:
                console.print(f"articles/{one}/uz_Cyrl.yaml exists; --force drafts it again.", markup=False)
            continue
        draft = draft_article(files, one, exceptions)
        write_files(folder, {draft.file: draft.content})
        console.print(f"{draft.file}: {len(draft.doubtful)} words to look at", markup=False)
        for doubt in draft.doubtful:
            console.print(
                f"  {write_key_path(doubt.path)}: {doubt.word} → {doubt.draft} ({doubt.reason})", markup=False
            )


@app.command()
def preview(
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write.")] = Path("preview.html"),
    folder: Folder = DEFAULT_FOLDER,
    on: Day = None,
) -> None:
    """Write one HTML file: every article as on a phone, in every language side by side."""
    inspection = inspect_whole(read_folder(folder), _day(on))
    out.write_text(build_preview(inspection, _day(on)), "utf-8")
    console.print(f"{out}: {len(inspection.load.partial.articles)} articles", markup=False)


@app.command()
def export(
    lang: Annotated[Locale, typer.Option("--lang", help="The language to translate into.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The workbook to write.")] = None,
    xlsx: Annotated[bool, typer.Option("--xlsx/--no-xlsx", help="As a workbook; the only form there is.")] = True,
    folder: Folder = DEFAULT_FOLDER,
) -> None:
    """Write a workbook for a translator: source text, translation, one row per text."""
    from bot.editing.spreadsheet import write_workbook  # heavy, and other commands do not need it

    place = out or Path(f"texts.{lang.value}.xlsx")
    rows = list(rows_for(read_folder(folder), lang))
    place.write_bytes(write_workbook(rows, lang))
    console.print(f"{place}: {len(rows)} rows", markup=False)


@app.command(name="import")
def import_(
    workbook: Annotated[Path, typer.Argument(metavar="FILE", help="The filled workbook.")],
    folder: Folder = DEFAULT_FOLDER,
    messages: Messages = None,
    on: Day = None,
) -> None:
    """Put a filled workbook into the files; nothing is written where a changed file would have errors."""
    from bot.editing.spreadsheet import read_workbook  # heavy, and other commands do not need it

    language, files = _language(messages), read_folder(folder)
    locale, filled = read_workbook(workbook.read_bytes())
    merged = merge(files, locale, filled, _day(on))
    for conflict in merged.conflicts:
        console.print(f"changed in the folder since the export: {conflict.file} {conflict.place}", markup=False)
    for lost in merged.lost:
        console.print(f"no such place any more: {lost}", markup=False)
    findings = inspect_whole({**files, **merged.changes}, _day(on)).findings
    wrong = [finding for finding in errors(findings) if finding.file in merged.changes]
    for finding in wrong:
        console.print(_line(finding, language), markup=False)
    if not wrong:
        write_files(folder, merged.changes)
        for path in merged.changes:
            console.print(f"changed: {path}", markup=False)
        console.print(f"{len(merged.changes)} files changed", markup=False)
    raise typer.Exit(1 if wrong or merged.conflicts or merged.lost else 0)


@app.command()
def new(
    article_id: Annotated[str, typer.Argument(metavar="ID")],
    section: Annotated[str, typer.Option(help="The section of the menu.")],
    folder: Folder = DEFAULT_FOLDER,
    on: Day = None,
) -> None:
    """Make the files of a new article, to be filled."""
    made = new_article(read_folder(folder), article_id, section, _day(on))
    write_files(folder, made)
    for path in made:
        console.print(path, markup=False)
    console.print(f"Now add {article_id} to its section in sections.yaml.", markup=False)


@app.command()
def diff(
    revision: Annotated[str, typer.Argument(metavar="REV", help="A revision of git, such as HEAD~1 or a tag.")],
    folder: Folder = DEFAULT_FOLDER,
    on: Day = None,
) -> None:
    """Show what changed for people since a revision, by article and language."""
    old = parse(read_revision(folder, revision)).partial
    changes = compare(old, load_folder(folder).partial, _day(on))
    for change in changes:
        when = "" if change.on == _day(on) else f" from {change.on}"
        console.print(f"{change.kind} {change.id} [{change.locale}] {change.part}{when}", markup=False)
        for line in change.lines():
            console.print(f"    {line}", markup=False)
    console.print(f"{len(changes)} texts changed", markup=False)


@app.command()
def schema(folder: Folder = DEFAULT_FOLDER) -> None:
    """Write the JSON Schemas by which an editor's program completes and checks while typing."""
    place = folder / "schema"
    place.mkdir(exist_ok=True)
    for name, text in all_schemas().items():
        (place / name).write_text(text, "utf-8")
        console.print(str(place / name), markup=False)


def _language(messages: Words | None) -> Language:
    if messages is not None:
        return "ru" if messages is Words.RU else "en"
    return "ru" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("ru") else "en"


def _day(on: str | None) -> date:
    try:
        return date.fromisoformat(on) if on else moscow_date(SystemClock().now())
    except ValueError:
        raise typer.BadParameter(f"{on} is not a date; write it like 2027-01-31.") from None


def _line(finding: Finding, language: Language) -> str:
    sign = {Severity.ERROR: {"en": "error", "ru": "ошибка"}, Severity.WARNING: {"en": "warning", "ru": "внимание"}}
    return f"{sign[finding.severity][language]}: {finding.line_of_text(language)}"


def _print_due(title: str, items: tuple[Due, ...]) -> None:
    for item in items:
        console.print(f"{title} {item.check_by}: {item.kind} {item.id}", markup=False)


def main() -> None:
    """Run the tools; a mistake of the caller is a sentence, not a traceback."""
    try:
        app()
    except HotlineError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()

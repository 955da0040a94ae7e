"""`hotline flows`: check, draw and play the triage dialogs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console

from bot.cli_knowledge import Day, Folder, Messages, Words
from bot.clock import SystemClock, moscow_date
from bot.editing.folder import read_folder
from bot.editing.whole import inspect_whole, play_talks, read_texts
from bot.errors import HotlineError
from bot.knowledge.findings import Language, Severity, errors
from bot.knowledge.loader import parse as parse_knowledge
from bot.knowledge.yamlfile import parse_yaml
from bot.languages.locales import Locale
from bot.triage import engine
from bot.triage.context import Context
from bot.triage.danger import FILE as DANGER_FILE
from bot.triage.danger import Danger as Rules
from bot.triage.danger import DangerRulesMissing, read_rules
from bot.triage.draw import draw as draw_flow
from bot.triage.effects import (
    Ask,
    Danger,
    Effect,
    Finish,
    HideChat,
    Left,
    NotUnderstood,
    OpenCase,
    Option,
    Say,
    Search,
    TalkToPerson,
    Told,
)
from bot.triage.graph import Graph
from bot.triage.inputs import DONE, Attached, Input, Tapped, Wrote
from bot.triage.loader import Flows, parse
from bot.triage.models import Flow
from bot.triage.state import State
from bot.triage.talks import TAPS
from bot.triage.words import FILE as ANSWERS_FILE

app = typer.Typer(no_args_is_help=True, help="Check, draw and play the triage dialogs.")
console = Console(soft_wrap=True, highlight=False)

DEFAULT_FOLDER = Path("knowledge")
DEFAULT_TALKS = Path("tests/talks")
OWN = ("flows/", "letters/", DANGER_FILE, ANSWERS_FILE)
"""Whose findings `check` tells; `hotline kb check` tells all."""
Talks = Annotated[Path, typer.Option("--talks", help="The folder of the talks.")]
Catalogs = Annotated[Path, typer.Option("--locales", help="The folder of the interface texts.")]


class NoSuchFlow(HotlineError):
    """No flow of this name is in the folder."""


@app.command()
def check(
    folder: Folder = DEFAULT_FOLDER,
    talks: Talks = DEFAULT_TALKS,
    locales: Catalogs = Path("locales"),
    messages: Messages = None,
    on: Day = None,
) -> None:
    """Find everything that is wrong in flows, rules of danger and talks, in one run. Exit code 1 where anything is."""
    files, today = read_folder(folder), _day(on)
    whole = inspect_whole(files, today)
    findings = [finding for finding in whole.findings if finding.file.startswith(OWN)]
    if talks.is_dir():
        findings += play_talks(talks, locales, files, whole)
    language: Language = "ru" if messages is Words.RU else "en"
    for finding in findings:
        sign = "error" if finding.severity is Severity.ERROR else "warning"
        console.print(f"{sign}: {finding.line_of_text(language)}", markup=False)
    wrong = len(errors(findings))
    count = len(whole.flows.flows) if whole.flows else 0
    console.print(f"{wrong} errors, {len(findings) - wrong} warnings; {count} flows", markup=False)
    raise typer.Exit(1 if wrong else 0)


@app.command()
def draw(
    flow_id: Annotated[str | None, typer.Argument(metavar="[ID]")] = None,
    lang: Annotated[Locale | None, typer.Option("--lang", help="One language; without it all six.")] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write to.")] = Path("var/flows"),
    folder: Folder = DEFAULT_FOLDER,
) -> None:
    """Draw each flow in each language as one page (SVG)."""
    flows = _flows(read_folder(folder))
    out.mkdir(parents=True, exist_ok=True)
    for name in [flow_id] if flow_id else sorted(flows.flows):
        flow = _flow(flows, name)
        for locale in [lang] if lang else list(Locale):
            place = out / f"{name}.{locale.value}.svg"
            place.write_text(draw_flow(flow, Graph(flow), flows.words, locale), "utf-8")
            console.print(str(place), markup=False)


@app.command()
def play(
    flow_id: Annotated[str, typer.Argument(metavar="ID")],
    lang: Annotated[Locale, typer.Option("--lang", help="The language of the person.")] = Locale.RU,
    record: Annotated[Path | None, typer.Option("--record", help="Write the conversation as a talk here.")] = None,
    citizenship: Annotated[str | None, typer.Option(help="What the profile knows: KG, TJ, UZ, MD.")] = None,
    region: Annotated[str | None, typer.Option(help="What the profile knows: RU-MOW …")] = None,
    folder: Folder = DEFAULT_FOLDER,
    locales: Catalogs = Path("locales"),
    on: Day = None,
) -> None:
    """Play a flow in the terminal: a number presses a button, other words are written, `photo:` attaches, `q` ends."""
    files, today = read_folder(folder), _day(on)
    flows, rules = _flows(files), read_danger(files)
    _flow(flows, flow_id)
    profile = {key: value for key, value in (("citizenship", citizenship), ("region", region)) if value}
    context = Context(today, lang, parse_knowledge(files).partial, read_texts(locales).get, profile)
    state, effects = engine.start(flows, flow_id, context)
    lines: list[dict[str, Any]] = []
    buttons = _show(effects, rules, context)
    while (typed := _typed()) is not None:
        if not typed.strip():
            continue
        given, line = _given(typed, buttons, state)
        lines.append(line)
        if isinstance(given, Wrote) and (hit := rules.match(given.text)) is not None:
            _show((Danger(hit.rule.id, "text"),), rules, context)
        state, effects = engine.step(flows, state, given, context)
        buttons = _show(effects, rules, context) or buttons
    if record is not None:
        record.write_text(_talk(flow_id, context, profile, lines, state), "utf-8")
        console.print(str(record), markup=False)


def read_danger(files: dict[str, str | bytes]) -> Rules:
    """Read the rules of danger among the files of a knowledge folder; raise `DangerRulesMissing`."""
    data = parse_yaml(files[DANGER_FILE], DANGER_FILE).data if DANGER_FILE in files else None
    rules, findings = read_rules(data) if data is not None else (None, ())
    if rules is None:
        lines = "; ".join(finding.line_of_text() for finding in findings) or "the file is missing or unreadable"
        raise DangerRulesMissing(f"{DANGER_FILE}: {lines}")
    return rules


def _typed() -> str | None:
    try:
        typed = console.input("> ")
    except (EOFError, KeyboardInterrupt):
        return None
    return None if typed.strip() == "q" else typed


def _given(typed: str, buttons: tuple[Option, ...], state: State) -> tuple[Input, dict[str, Any]]:
    if typed.strip().isdigit() and 1 <= int(typed) <= len(buttons):
        option = buttons[int(typed) - 1]
        names = {token: name for name, token in TAPS.items()}
        tapped = Tapped(state.step or state.outcome or "", option.id, state.version)
        return tapped, {"tap": names.get(option.id, option.id)}
    if typed.endswith(":") and typed[:-1] in ("photo", "document", "voice", "video", "sticker"):
        return Attached(typed[:-1]), {"attach": typed[:-1]}
    return Wrote(typed), {"write": typed}


def _show(effects: tuple[Effect, ...], rules: Rules, context: Context) -> tuple[Option, ...]:
    buttons: tuple[Option, ...] = ()
    for effect in effects:
        match effect:
            case Ask():
                console.print(f"\n{effect.document.text}", markup=False)
                buttons = (*effect.options, *effect.common)
            case Finish():
                console.print("\n" + "\n\n".join(each.text for each in effect.documents), markup=False)
                for offer in effect.offers:
                    console.print(f"  → {offer.label} ({offer.kind} {offer.id})", markup=False)
                buttons = effect.common
            case Say():
                console.print(effect.document.text, markup=False)
            case NotUnderstood() | Told():
                console.print(f"! {effect.text}", markup=False)
            case Danger():
                lines = rules.rule(effect.rule).do[context.locale] if effect.rule in rules.rules else (effect.rule,)
                console.print("\n⚠ " + "\n⚠ ".join(lines), markup=False)
            case OpenCase() | TalkToPerson():
                console.print(f"[{type(effect).__name__}: {effect.topic}, {effect.severity}]", markup=False)
            case Search() | Left() | HideChat():
                console.print(f"[{type(effect).__name__}]", markup=False)
            case _:
                console.print(f"[{type(effect).__name__}]", markup=False)
    for number, option in enumerate(buttons, 1):
        mark = "✅ " if option.chosen and option.id != DONE else ""
        console.print(f"  {number}. {mark}{option.label}", markup=False)
    return buttons


def _talk(flow_id: str, context: Context, profile: dict[str, str], lines: list[dict[str, Any]], state: State) -> str:
    talk: dict[str, Any] = {"flow": flow_id, "locale": context.locale.value, "today": context.today}
    if profile:
        talk["profile"] = profile
    talk["steps"] = lines
    if state.step is None and state.outcome is not None:
        talk["ending"] = state.outcome
    return yaml.safe_dump(talk, allow_unicode=True, sort_keys=False, width=120)


def _flows(files: dict[str, str | bytes]) -> Flows:
    loaded = parse(files)
    if loaded.flows is None:
        lines = "; ".join(finding.line_of_text() for finding in errors(loaded.findings)[:5])
        raise NoSuchFlow(f"The flows cannot be read: {lines}")
    return loaded.flows


def _flow(flows: Flows, flow_id: str) -> Flow:
    if flow_id not in flows.flows:
        raise NoSuchFlow(f"There is no flow {flow_id!r}; there are {', '.join(sorted(flows.flows))}.")
    return flows.flows[flow_id]


def _day(on: str | None) -> date:
    return date.fromisoformat(on) if on else moscow_date(SystemClock().now())


def main() -> None:
    """Run the tools; a mistake of the caller is a sentence, not a traceback."""
    try:
        app()
    except HotlineError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()

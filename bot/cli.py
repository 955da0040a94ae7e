"""The command line: `hotline`."""

from __future__ import annotations

import asyncio
import gc
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli_database import app as database_commands
from bot.cli_flows import app as flow_commands
from bot.cli_knowledge import app as knowledge_commands
from bot.cli_search import ask, evaluate_search, gaps
from bot.clock import SystemClock, moscow_date
from bot.errors import HotlineError
from bot.librarian import Librarian
from bot.library_cache import LibraryCache
from bot.logs import set_up_logs
from bot.settings import Settings, load_settings
from bot.storage.crypto import KeySource

if TYPE_CHECKING:
    from bot.app import Hotline

app = typer.Typer(no_args_is_help=True, add_completion=False, help="A multilingual hotline for labour migrants.")
app.add_typer(knowledge_commands, name="kb")
app.add_typer(flow_commands, name="flows")
app.add_typer(database_commands, name="db")
knowledge_commands.command("gaps")(gaps)
app.command("ask")(ask)
app.command("evaluate")(evaluate_search)

Config = Annotated[Path | None, typer.Option("--config", "-c", help="Settings, see config.example.yaml.")]


@app.command()
def run(config: Config = None) -> None:
    """Run the hotline: long polling or webhook, as the settings say. Stops on SIGTERM or Ctrl+C."""
    settings = load_settings(config)
    set_up_logs(settings.log_level)
    gc.disable()  # until all that stays is there: the collector's rounds over it are a sixth of the start
    librarian = Librarian.begin(settings.knowledge, moscow_date(SystemClock().now()), _library_cache(settings))
    from bot.app import Hotline  # aiogram takes as long to import as the library to be made

    asyncio.run(_run(Hotline, settings, librarian))


async def _run(hotline_class: type[Hotline], settings: Settings, librarian: Librarian) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    library = await asyncio.to_thread(librarian.wait)
    hotline = await hotline_class.open(settings, library=library)
    gc.enable()
    keeping = asyncio.create_task(asyncio.to_thread(librarian.keep))
    await hotline.run(stop)
    await keeping


def _library_cache(settings: Settings) -> LibraryCache | None:
    """Return where a library is kept; None before the first start, or where the key is of no use: the start says so."""
    secret = settings.secret_key.get_secret_value() if settings.secret_key else None
    try:
        return LibraryCache(settings.library_cache, KeySource(secret, settings.secret_key_file).load(may_create=False))
    except HotlineError:
        return None


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the page; 0 takes a free one.")] = 8090,
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its database.")] = Path("var/demo"),
    log_level: Annotated[str, typer.Option(help="debug, info, warning or error.")] = "warning",
) -> None:
    """Run the hotline with a local Telegram: no token, no server. Prints the address of a page."""
    from bot.demo import run_demo

    set_up_logs(log_level)
    asyncio.run(run_demo(port, folder))


def main() -> None:
    """Run a command; an error of the hotline is shown as its text, with exit code 1."""
    try:
        app()
    except HotlineError as error:
        for line in str(error).splitlines():
            typer.secho(line, err=True, fg=typer.colors.RED)
        raise SystemExit(1) from None

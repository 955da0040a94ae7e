"""The demo: a hotline with a local Telegram, on this machine alone."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from pathlib import Path
from typing import Final

import typer

from bot.app import Hotline
from bot.errors import HotlineError
from bot.languages.locales import Locale
from bot.sandbox import Demo, serve
from bot.sandbox.pace import Pace
from bot.settings import DeskSettings, LimitSettings, Settings, TelegramSettings, WebSettings


class PortTaken(HotlineError):
    """Another program listens on the port of the demo's page; choose another with --port."""


class FolderUnusable(HotlineError):
    """The demo cannot keep its database in the folder; choose another with --folder."""


async def run_demo(port: int, folder: Path, *, limited: bool = True) -> None:
    """Start the local Telegram, the hotline and a database, work until stopped (SIGTERM or Ctrl+C).

    The address of the page is printed when the bot has asked for its first updates, so that whoever opens it is
    answered. The local Telegram forgets everything when it stops, so the demo's database begins anew each time.
    Without `limited` neither side keeps Telegram's limits on sending, so that tests do not wait for them.
    Raise `PortTaken` or `FolderUnusable`.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await asyncio.to_thread(_begin_anew, folder)
    try:
        sandbox = await serve(port=port, pace=None if limited else Pace())
    except OSError as error:
        raise PortTaken(f"Port {port} is not free ({error.strerror}); choose another with --port.") from None
    typer.echo("The hotline is starting: it reads its articles. This takes some seconds.")
    hotline = await Hotline.open(_settings(sandbox, folder, LimitSettings() if limited else _UNLIMITED))
    telling = asyncio.create_task(_tell_address(sandbox, stop))
    try:
        await hotline.run(stop)
    finally:
        telling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await telling
        await sandbox.telegram.stop()


_UNLIMITED: Final = LimitSettings(
    overall_per_second=1000, private_per_second=100, private_burst=1000, group_per_minute=100_000
)


def _settings(sandbox: Demo, folder: Path, limits: LimitSettings) -> Settings:
    telegram = TelegramSettings.model_validate({"token": sandbox.telegram.token, "api_base": sandbox.telegram.base_url})
    return Settings(
        telegram=telegram,
        desks=(DeskSettings(key="main", name="Main desk", chat=sandbox.group.id, locale=Locale.RU),),
        database=f"sqlite:///{folder}/hotline.db",
        secret_key_file=folder / "secret.key",
        web=WebSettings(port=0),
        limits=limits,
    )


async def _tell_address(sandbox: Demo, stop: asyncio.Event) -> None:
    await sandbox.telegram.polled()
    if not stop.is_set():
        typer.echo(f"Open {sandbox.page_url} in a browser. Stop with Ctrl+C.")


def _begin_anew(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("hotline.db", "hotline.db-wal", "hotline.db-shm", "secret.key"):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        text = f"The demo cannot use the folder {folder} ({error.strerror}); choose another with --folder."
        raise FolderUnusable(text) from None

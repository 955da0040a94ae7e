"""The demo: a hotline with a local Telegram, on this machine alone."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import typer

from bot.app import Hotline
from bot.errors import HotlineError
from bot.languages.locales import Locale
from bot.sandbox import serve
from bot.settings import DeskSettings, Settings, TelegramSettings, WebSettings


class PortTaken(HotlineError):
    """Another program listens on the port of the demo's page; choose another with --port."""


async def run_demo(port: int, folder: Path) -> None:
    """Start the local Telegram, the hotline and a database, print the address of the page, work until stopped.

    The local Telegram forgets everything when it stops, so the demo's database begins anew each time.
    """
    await asyncio.to_thread(_begin_anew, folder)
    try:
        sandbox = await serve(port=port)
    except OSError as error:
        raise PortTaken(f"Port {port} is not free ({error.strerror}); choose another with --port.") from None
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    telegram = TelegramSettings.model_validate({"token": sandbox.telegram.token, "api_base": sandbox.telegram.base_url})
    settings = Settings(
        telegram=telegram,
        desks=(DeskSettings(key="main", name="Main desk", chat=sandbox.group.id, locale=Locale.RU),),
        database=f"sqlite:///{folder}/hotline.db",
        secret_key_file=folder / "secret.key",
        web=WebSettings(port=0),
    )
    hotline = await Hotline.open(settings)
    typer.echo(f"Open {sandbox.page_url} in a browser. Stop with Ctrl+C.")
    try:
        await hotline.run(stop)
    finally:
        await sandbox.telegram.stop()


def _begin_anew(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("hotline.db", "hotline.db-wal", "hotline.db-shm", "secret.key"):
        (folder / name).unlink(missing_ok=True)

"""`hotline db`: the tools of administrators for the database."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.clock import SystemClock
from bot.errors import HotlineError
from bot.settings import Settings, load_settings
from bot.storage import backup as backups
from bot.storage.check import Health
from bot.storage.check import check as check_store
from bot.storage.crypto import KeySource
from bot.storage.rotation import rotate
from bot.storage.store import SqlStore, open_store
from bot.storage.tables import HEAD

app = typer.Typer(no_args_is_help=True, help="Upgrade, back up, restore and check the database.")
console = Console(soft_wrap=True, highlight=False)

Config = Annotated[Path | None, typer.Option("--config", "-c", help="Settings, see config.example.yaml.")]


class DatabaseUnhealthy(HotlineError):
    """The check found something; the text says what."""


def _keys(settings: Settings) -> KeySource:
    secret = settings.secret_key.get_secret_value() if settings.secret_key else None
    return KeySource(secret, settings.secret_key_file)


async def _open(settings: Settings) -> SqlStore:
    return await open_store(settings.database, _keys(settings), SystemClock())


@app.command()
def upgrade(config: Config = None) -> None:
    """Make the tables, or bring them up to date (a start of the hotline does the same)."""

    async def work() -> None:
        store = await _open(load_settings(config))
        await store.close()

    asyncio.run(work())
    console.print(f"The database stands at version {HEAD}.")


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="File to write; it must not exist.")],
    rows: Annotated[bool, typer.Option("--rows", help="A file that PostgreSQL can restore, from SQLite too.")] = False,
    config: Config = None,
) -> None:
    """Write one moment of the database to a file, while the hotline works. The key is not in it: keep it elsewhere."""
    asyncio.run(backups.back_up(load_settings(config).database, target, rows=rows))
    console.print(f"{target}: {target.stat().st_size / 1e6:.1f} MB. Keep the key in another place; both are needed.")


@app.command()
def restore(source: Annotated[Path, typer.Argument(help="A file made by `backup`.")], config: Config = None) -> None:
    """Bring a backup back into an empty place, then check it."""

    async def work() -> Health:
        settings = load_settings(config)
        await backups.restore(settings.database, source)
        return await _check(settings)

    _show(asyncio.run(work()))


async def _check(settings: Settings) -> Health:
    store = await _open(settings)
    try:
        return await check_store(store)
    finally:
        await store.close()


@app.command()
def check(config: Config = None) -> None:
    """Look whether the database is whole and the key opens all of it. Exit code 1 where it is not."""
    _show(asyncio.run(_check(load_settings(config))))


def _show(health: Health) -> None:
    table = Table("table", "rows")
    for name, count in sorted(health.rows.items()):
        table.add_row(name, str(count))
    console.print(table)
    console.print(
        f"{health.engine}, version {health.revision}: {health.waiting_updates} updates and "
        f"{health.waiting_calls} calls wait, {health.dead_letters} dead letters, "
        f"{health.sealed_values} encrypted values ({health.old_key_values} still under an older key)."
    )
    if health.problems:
        raise DatabaseUnhealthy("\n".join(health.problems))
    console.print("Nothing is wrong.")


@app.command()
def rotate_keys(config: Config = None) -> None:
    """Encrypt everything anew with the newest key, while the hotline works.

    Put the new key first into HOTLINE_SECRET_KEY or the key file, a comma and the old one behind it; restart the
    hotline; run this; take the old key out.
    """

    async def work() -> int:
        store = await _open(load_settings(config))
        try:
            return await rotate(store)
        finally:
            await store.close()

    console.print(f"{asyncio.run(work())} values were encrypted anew. The older keys may be taken out now.")


@app.command()
def dead_letters(
    retry: Annotated[int | None, typer.Option(help="Put this one back into the inbox.")] = None,
    retry_all: Annotated[bool, typer.Option("--retry-all", help="Put all back into the inbox.")] = False,
    limit: Annotated[int, typer.Option(help="How many to show or put back.", min=1)] = 100,
    config: Config = None,
) -> None:
    """List updates that could not be processed, or let the hotline try them again."""

    async def work() -> None:
        store = await _open(load_settings(config))
        try:
            async with store.transaction() as tx:
                letters = await tx.inbox.list(limit)
                again = [each.update_id for each in letters] if retry_all else [] if retry is None else [retry]
                for update_id in again:
                    await tx.inbox.retry(update_id)
        finally:
            await store.close()
        if again:
            console.print(f"{len(again)} put back; a running hotline tries them within seconds.")
            return
        table = Table("update", "received", "tries", "error")
        for each in letters:
            table.add_row(str(each.update_id), f"{each.received_at:%Y-%m-%d %H:%M}", str(each.attempts), each.error)
        console.print(table if letters else "There are no dead letters.")

    asyncio.run(work())

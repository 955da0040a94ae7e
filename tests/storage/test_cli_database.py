"""`hotline db` on the command line, as an administrator uses it."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from bot.cli_database import app
from bot.clock import SystemClock
from bot.delivery.intake import Intake
from bot.errors import HotlineError
from bot.storage.crypto import KeySource, new_key
from bot.storage.store import open_store
from tests.delivery.fakes import RelayHandler, message

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command with settings of this test; errors of the hotline come through as they are."""
    config = tmp_path / "config.yaml"
    config.write_text(
        f"database: {database_url}\n"
        f"secret_key_file: {tmp_path}/secret.key\n"
        "desks: [{key: main, name: Main, chat: -100}]\n"
    )
    monkeypatch.setenv("HOTLINE_TELEGRAM__TOKEN", "123456:ABC-DEF")

    def run_command(*arguments: str) -> Result:
        result = CliRunner().invoke(app, [*arguments, "--config", str(config)])
        if isinstance(result.exception, HotlineError):
            raise result.exception
        return result

    return run_command


def test_upgrade_check_backup_and_rotate(run: Run, tmp_path: Path) -> None:
    assert "stands at version" in run("upgrade").output
    key_file = tmp_path / "secret.key"
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert "Nothing is wrong" in run("check").output
    assert "Keep the key" in run("backup", str(tmp_path / "backup")).output
    assert (tmp_path / "backup").stat().st_size > 100
    key_file.write_text(f"{new_key()}\n{key_file.read_text()}")
    assert "1 values" in run("rotate-keys").output
    key_file.write_text(key_file.read_text().splitlines()[0])
    assert "Nothing is wrong" in run("check").output


async def empty(url: str) -> None:
    """Take everything out of a PostgreSQL database."""
    connection = await asyncpg.connect(url)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connection.close()


def test_restore_into_an_empty_place(run: Run, tmp_path: Path, database_url: str) -> None:
    run("upgrade")
    run("backup", str(tmp_path / "backup"))
    with pytest.raises(HotlineError, match="already"):
        run("restore", str(tmp_path / "backup"))
    for path in tmp_path.glob("hotline.db*"):
        path.unlink()
    if database_url.startswith("postgresql"):
        asyncio.run(empty(database_url))
    assert "Nothing is wrong" in run("restore", str(tmp_path / "backup")).output


def test_dead_letters_are_listed_and_tried_again(run: Run, tmp_path: Path, database_url: str) -> None:
    run("upgrade")

    async def bury() -> None:
        store = await open_store(database_url, KeySource(None, tmp_path / "secret.key"), SystemClock())
        await Intake(store, RelayHandler()).store_updates([message(71, 1, "a"), message(72, 1, "b")])
        async with store.transaction() as tx:
            for pending in (await tx.inbox.take(5))[0]:
                await tx.inbox.bury(pending.id, "ValueError")
        await store.close()

    asyncio.run(bury())
    listed = run("dead-letters").output
    assert "71" in listed
    assert "ValueError" in listed
    assert "1 put back" in run("dead-letters", "--retry", "71").output
    assert "71" not in run("dead-letters").output
    assert "1 put back" in run("dead-letters", "--retry-all").output
    assert "no dead letters" in run("dead-letters").output
    with pytest.raises(HotlineError, match="no dead letter 99"):
        run("dead-letters", "--retry", "99")

"""A backup taken under load is one moment of the database, and comes back."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.cases.model import NewCase
from bot.clock import FixedClock
from bot.languages.locales import Locale
from bot.storage.backup import back_up, restore
from bot.storage.check import check
from bot.storage.crypto import Keys
from bot.storage.errors import BackupUnreadable, DatabaseNotEmpty, DatabaseUnavailable
from bot.storage.ports import NewOutbox
from bot.storage.store import SqlStore, open_store
from tests.conftest import MORNING


@asynccontextmanager
async def load(store: SqlStore) -> AsyncIterator[None]:
    """Open cases all the time; each transaction writes a case, a call and a setting that belong together."""
    stop = asyncio.Event()

    async def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            async with store.transaction() as tx:
                person = await tx.people.get_or_create(number % 20, MORNING)
                case = await tx.cases.open(NewCase(person.id, "main", Locale.RU, MORNING))
                await tx.outbox.add(NewOutbox("l", "private:1", "sendMessage", {"text": f"case {case.number}"}))
                await tx.settings.put("last", case.number)
            await asyncio.sleep(0)

    task = asyncio.create_task(write())
    await asyncio.sleep(0.3)
    yield
    await asyncio.sleep(0.1)
    stop.set()
    await task


async def assert_one_moment(store: SqlStore) -> int:
    health = await check(store)
    assert health.problems == ()
    assert health.rows["cases"] == health.rows["outbox"] == health.waiting_calls > 0
    async with store.reading() as tx:
        assert await tx.settings.get("last") == health.rows["cases"]
    return health.rows["cases"]


async def test_a_backup_under_load_comes_back(
    store: SqlStore, database_url: str, keys: Keys, clock: FixedClock, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    target = tmp_path / "backups" / "hotline.backup"
    async with load(store):
        await back_up(database_url, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in target.parent.iterdir()] == [target.name]

    elsewhere = f"sqlite:///{tmp_path}/restored/hotline.db"
    await restore(elsewhere, target)  # from PostgreSQL too: a file of rows fits both
    restored = await open_store(elsewhere, keys, clock)
    cases = await assert_one_moment(restored)
    async with restored.transaction() as tx:  # and goes on counting where it stopped
        person = await tx.people.get_or_create(999, MORNING)
        assert (await tx.cases.open(NewCase(person.id, "main", Locale.RU, MORNING))).number == cases + 1
    await restored.close()


@pytest.mark.parametrize("as_rows", [True, False])
async def test_a_database_moves_from_sqlite_to_postgresql(
    sqlite_url: str, postgres_url: str, keys: Keys, clock: FixedClock, tmp_path: Path, as_rows: bool
) -> None:
    store = await open_store(sqlite_url, keys, clock)
    async with load(store):
        await back_up(sqlite_url, tmp_path / "file", rows=as_rows)
    await store.close()
    await restore(postgres_url, tmp_path / "file")
    moved = await open_store(postgres_url, keys, clock)
    cases = await assert_one_moment(moved)
    async with moved.transaction() as tx:
        person = await tx.people.get_or_create(999, MORNING)
        case = await tx.cases.open(NewCase(person.id, "main", Locale.RU, MORNING))
        assert (case.number, case.id) == (cases + 1, cases + 1)
    await moved.close()


async def test_a_backup_never_overwrites_and_is_restored_into_an_empty_place_only(
    store: SqlStore, database_url: str, tmp_path: Path
) -> None:
    target = tmp_path / "backup"
    await back_up(database_url, target)
    with pytest.raises(DatabaseNotEmpty, match="never overwrites"):
        await back_up(database_url, target)
    with pytest.raises(DatabaseNotEmpty):
        await restore(database_url, target)


async def test_what_is_no_backup_is_refused_and_leaves_nothing(
    store: SqlStore, database_url: str, tmp_path: Path
) -> None:
    whole = tmp_path / "whole"
    await back_up(database_url, whole, rows=True)
    cut = tmp_path / "cut"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    text = tmp_path / "text"
    text.write_text("hello")
    for source in (cut, text, tmp_path / "missing"):
        with pytest.raises(BackupUnreadable):
            await restore(f"sqlite:///{tmp_path}/new/hotline.db", source)
        assert not list((tmp_path / "new").glob("*")) if (tmp_path / "new").exists() else True


async def test_there_is_no_backup_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="no database"):
        await back_up(f"sqlite:///{tmp_path}/none.db", tmp_path / "backup")
    assert not any((tmp_path / name).exists() for name in ("none.db", "backup", "backup.part"))

"""Bad places and bad moments: each a clear message, nothing half done, and all goes on when the trouble is over."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import FixedClock
from bot.storage import sqlite
from bot.storage.check import check
from bot.storage.crypto import Keys
from bot.storage.errors import (
    BadDatabaseUrl,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseUnavailable,
)
from bot.storage.ports import NewOutbox
from bot.storage.sqlite import SqliteEngine
from bot.storage.store import SqlStore, open_store
from tests import postgres


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("hotline.db", "cannot be read"),
        ("mysql://root:secret@host/db", "not supported"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("sqlite:////tmp/x.db?synchronous=off", "full or normal"),
    ],
)
async def test_a_wrong_address_is_explained_without_its_password(
    url: str, complaint: str, keys: Keys, clock: FixedClock
) -> None:
    with pytest.raises(BadDatabaseUrl, match=complaint) as caught:
        await open_store(url, keys, clock)
    assert "secret" not in str(caught.value)


async def test_a_server_that_is_not_there_is_explained(keys: Keys, clock: FixedClock, tmp_path: Path) -> None:
    for url in (f"postgresql://postgres@/x?host={tmp_path}", "postgresql://u:secret@127.0.0.1:1/x"):
        with pytest.raises(DatabaseUnavailable, match="does not answer") as caught:
            await open_store(url, keys, clock)
        assert "secret" not in str(caught.value)


async def test_a_missing_database_on_the_server_is_explained(
    postgres_server: postgres.Server, keys: Keys, clock: FixedClock
) -> None:
    with pytest.raises(DatabaseUnavailable, match="createdb"):
        await open_store(postgres_server.url("nobody_made_me"), keys, clock)


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path, keys: Keys, clock: FixedClock) -> None:
    (tmp_path / "hotline.db").write_bytes(b"This is a letter, not a database. " * 200)
    with pytest.raises(DatabaseDamaged, match="hotline db restore"):
        await open_store(f"sqlite:///{tmp_path}/hotline.db", keys, clock)


async def test_a_place_that_cannot_be_written_is_explained(tmp_path: Path, keys: Keys, clock: FixedClock) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseUnavailable, match="cannot be made"):
        await open_store(f"sqlite:///{tmp_path}/file/hotline.db", keys, clock)


async def test_a_read_only_disk_is_explained_and_waited_for(sqlite_url: str, keys: Keys, clock: FixedClock) -> None:
    store = await open_store(sqlite_url, keys, clock)
    assert isinstance(store.engine, SqliteEngine)
    store.engine.writer.raw.execute("PRAGMA query_only = ON")  # what SQLite answers on a disk mounted read-only
    with pytest.raises(DatabaseReadOnly, match="cannot be written"):
        await _write(store)
    store.engine.writer.raw.execute("PRAGMA query_only = OFF")
    await _write(store)
    assert await _written(store) == 1
    await store.close()


async def _write(store: SqlStore, size: int = 10) -> None:
    async with store.transaction() as tx:
        await tx.outbox.add(NewOutbox("lane", "private:1", "sendMessage", {"text": "x" * size}))


async def _written(store: SqlStore) -> int:
    async with store.reading() as tx:
        return await tx.outbox.waiting()


async def test_a_full_disk_loses_nothing_and_is_waited_for(sqlite_url: str, keys: Keys, clock: FixedClock) -> None:
    store = await open_store(sqlite_url, keys, clock)
    assert isinstance(store.engine, SqliteEngine)
    raw = store.engine.writer.raw
    (pages,) = raw.execute("PRAGMA page_count").fetchone()
    raw.execute(f"PRAGMA max_page_count = {pages + 20}")
    written, error = await _write_until_trouble(store)
    assert isinstance(error, DatabaseFull)
    assert "goes on by itself" in str(error)
    assert 0 < written == await _written(store)
    with pytest.raises(DatabaseFull):  # also where the error comes between savepoints
        await _fail_in_savepoint(store)
    assert await _written(store) == written
    raw.execute("PRAGMA max_page_count = 1000000")
    await _write(store, 2000)
    assert await _written(store) == written + 1
    assert (await check(store)).problems == ()
    await store.close()


async def _fail_in_savepoint(store: SqlStore) -> None:
    async with store.transaction() as tx:
        for _ in range(100):
            async with tx.savepoint():
                await tx.outbox.add(NewOutbox("lane", "private:1", "sendMessage", {"text": "x" * 3000}))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 kB of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.getuid() != 0 or not shutil.which("mount") or _run("mount", "-t", "tmpfs", "-o", "size=400k", "none", disk):
        pytest.skip("skipped: this machine does not let tests mount a small disk")
    yield disk
    _run("umount", disk)


def _run(*command: str | Path) -> int:
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode


async def test_a_really_full_disk(small_disk: Path, keys: Keys, clock: FixedClock) -> None:
    store = await open_store(f"sqlite:///{small_disk}/hotline.db", keys, clock)
    written, error = await _write_until_trouble(store)
    assert isinstance(error, DatabaseUnavailable)
    assert 0 < written == await _written(store)
    await asyncio.to_thread(_run, "mount", "-o", "remount,size=4m", small_disk)
    await _write(store, 2000)
    assert await _written(store) == written + 1
    assert (await check(store)).problems == ()
    await store.close()


async def test_a_disk_that_becomes_read_only(small_disk: Path, keys: Keys, clock: FixedClock) -> None:
    store = await open_store(f"sqlite:///{small_disk}/hotline.db", keys, clock)
    await _write(store)
    await store.close()
    await asyncio.to_thread(_run, "mount", "-o", "remount,ro", small_disk)
    with pytest.raises(DatabaseUnavailable, match=r"cannot be (written|opened)"):
        await open_store(f"sqlite:///{small_disk}/hotline.db", keys, clock)
    await asyncio.to_thread(_run, "mount", "-o", "remount,rw", small_disk)
    store = await open_store(f"sqlite:///{small_disk}/hotline.db", keys, clock)
    assert await _written(store) == 1
    await store.close()


async def _write_until_trouble(store: SqlStore) -> tuple[int, Exception]:
    for written in range(1000):
        try:
            await _write(store, 2000)
        except DatabaseUnavailable as error:
            return written, error
    raise AssertionError("the disk never was full")


async def test_a_database_held_by_another_program_is_waited_for_and_then_explained(
    sqlite_url: str, keys: Keys, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.2)
    store = await open_store(sqlite_url, keys, clock)
    assert isinstance(store.engine, SqliteEngine)
    other = sqlite3.connect(store.engine.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseLocked, match="held by another program"):
        await _write(store)
    assert await _written(store) == 0  # reading goes on
    other.execute("ROLLBACK")
    other.close()
    await _write(store)
    assert await _written(store) == 1
    await store.close()


async def test_a_server_that_went_away_is_explained_and_waited_for(keys: Keys, clock: FixedClock) -> None:
    try:
        with postgres.running(safe=True) as server:
            store = await open_store(server.url(), keys, clock)
            await _write(store)
            server.kill()
            with pytest.raises(DatabaseUnavailable, match="does not answer"):
                await _write(store)
            server.start()
            await _write(store)
            assert await _written(store) == 2
            await store.close()
    except postgres.PostgresMissing as error:
        pytest.skip(str(error))


async def test_only_one_process_leads(store: SqlStore, database_url: str, keys: Keys, clock: FixedClock) -> None:
    other = await open_store(database_url, keys, clock)
    first = await store.lead("sender")
    assert first is not None
    assert await other.lead("sender") is None
    scheduler = await other.lead("scheduler")
    assert scheduler is not None
    await first.release()
    second = await other.lead("sender")
    assert second is not None
    assert not second.lost()
    await second.release()
    await scheduler.release()
    await other.close()

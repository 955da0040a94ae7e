"""Backups taken while the hotline works, and bringing them back. The key is never in a backup: keep it elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from bot.storage import location, sqlite
from bot.storage.errors import (
    BackupUnreadable,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseNotEmpty,
    DatabaseUnavailable,
)
from bot.storage.location import Location
from bot.storage.portable import read_rows, write_rows
from bot.storage.schema import bring_up_to_date
from bot.storage.statements import SQLITE

_SQLITE_MAGIC: Final = b"SQLite format 3\x00"
_GZIP_MAGIC: Final = b"\x1f\x8b"


async def back_up(url: str, target: Path, *, rows: bool = False) -> None:
    """Write one consistent moment of a database to a new file (mode 600), while it is being written to.

    SQLite gives a SQLite file, PostgreSQL (and SQLite with `rows`) a file of rows that either engine restores.
    Raise `DatabaseUnavailable`, `DatabaseFull`, `DatabaseNotEmpty` where `target` exists.
    """
    where = Location.parse(url)
    if where.engine == SQLITE and not where.path.exists():
        raise DatabaseUnavailable(f"There is no database at {where.path}.")
    part = target.with_name(f"{target.name}.part")
    with _explained(part):
        with _new_file(target, part) as file:
            if where.engine == SQLITE and not rows:
                await asyncio.to_thread(_copy_sqlite, where.path, part)
            else:
                await location.run_sync(where, lambda connection: write_rows(connection, file), snapshot=True)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)


async def restore(url: str, source: Path) -> None:
    """Bring a backup back into an empty place; it is upgraded where an older hotline made it.

    Raise `BackupUnreadable`, `DatabaseNotEmpty`, `DatabaseNewer`; then nothing was changed.
    """
    where = Location.parse(url)
    kind = _kind(source)
    if where.engine == SQLITE and where.path.exists():
        raise DatabaseNotEmpty(f"{where.path} exists already. Move it away, or restore to another place.")
    if kind == _GZIP_MAGIC:
        try:
            await location.run_sync(where, lambda connection: read_rows(connection, source))
        except BaseException:
            if where.engine == SQLITE:
                _remove(where.path)
            raise
        return
    if where.engine != SQLITE:
        with _temporary(source) as rows:
            await back_up(f"sqlite:///{source}", rows, rows=True)
            await location.run_sync(where, lambda connection: read_rows(connection, rows))
        return
    part = where.path.with_name(f"{where.path.name}.part")
    with _explained(part):
        part.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
            await asyncio.to_thread(_copy_sqlite, source, part)
            await location.run_sync(Location(SQLITE, path=part), bring_up_to_date)
            _remove(part, keep_file=True)
            part.rename(where.path)
        except BaseException:
            _remove(part)
            raise


def _new_file(target: Path, part: Path) -> IO[bytes]:
    if target.exists():
        raise DatabaseNotEmpty(f"{target} exists already; a backup never overwrites a file.")
    part.parent.mkdir(parents=True, exist_ok=True)
    part.unlink(missing_ok=True)
    return os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy with SQLite's online backup in one step: it holds a snapshot, writers go on meanwhile."""
    with sqlite.explained(source), contextlib.closing(_open_to_read(source)) as original:
        with contextlib.closing(sqlite3.connect(target)) as copy:
            original.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode = DELETE")
            found = copy.execute("PRAGMA integrity_check").fetchone()[0]
            if found != "ok":
                raise DatabaseDamaged(f"{source} is damaged: {found}. Restore an older backup: hotline db restore.")


def _open_to_read(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=sqlite.BUSY_SECONDS)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _kind(source: Path) -> bytes:
    try:
        with source.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise BackupUnreadable(f"{source} cannot be read: {error.strerror}.") from error
    for magic in (_SQLITE_MAGIC, _GZIP_MAGIC):
        if start.startswith(magic):
            return magic
    raise BackupUnreadable(f"{source} is not a backup of a hotline.")


def _remove(path: Path, *, keep_file: bool = False) -> None:
    names = [f"{path.name}-wal", f"{path.name}-shm", f"{path.name}-journal"] + ([] if keep_file else [path.name])
    for name in names:
        path.with_name(name).unlink(missing_ok=True)


@contextlib.contextmanager
def _temporary(beside: Path) -> Iterator[Path]:
    path = beside.with_name(f"{beside.name}.rows")
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _explained(part: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        part.unlink(missing_ok=True)
        if error.errno == errno.ENOSPC:
            raise DatabaseFull(f"The disk of {part.parent} is full; no backup was made.") from error
        raise DatabaseUnavailable(f"{part.parent} cannot be written: {error.strerror}.") from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise

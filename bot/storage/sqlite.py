"""SQLite: one connection that writes, one that reads, both called directly from the event loop.

A statement on SQLite takes some ten microseconds, less than handing it to a thread; so statements run in place and
only COMMIT, which waits for the disk, runs in a thread. Waiting for another process is done by asking again, never by
blocking.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from bot.errors import HotlineError
from bot.storage.errors import (
    BadDatabaseUrl,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseUnavailable,
)
from bot.storage.session import Changes, Leadership, Listener, Row, Session
from bot.storage.statements import SQLITE, Compiled, Statement

BUSY_SECONDS: Final = 10.0
_ASK_AGAIN: Final = 0.02
_OLDEST: Final = (3, 35, 0)  # RETURNING


def connect(path: Path, *, read_only: bool = False, synchronous: str = "FULL") -> sqlite3.Connection:
    """Open a file the way the hotline needs it; raise `StorageError` with the reason in words."""
    if sqlite3.sqlite_version_info < _OLDEST:
        raise DatabaseUnavailable(f"SQLite {sqlite3.sqlite_version} is too old; 3.35 or newer is needed.")
    if not read_only:
        _make_for_its_owner_alone(path)
    with explained(path):
        connection = sqlite3.connect(
            path, timeout=0.0, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        try:
            _prepare(connection, read_only=read_only, synchronous=synchronous)
        except BaseException:
            connection.close()
            raise
    return connection


def _make_for_its_owner_alone(path: Path) -> None:
    """Make the file, where there is none, before SQLite would make it readable for others; the WAL takes after it."""
    with contextlib.suppress(OSError):  # SQLite itself says what is wrong with the place
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _prepare(connection: sqlite3.Connection, *, read_only: bool, synchronous: str) -> None:
    connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")  # only until the start is over
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA temp_store = MEMORY")  # nothing of a query is ever put into a temporary file
    connection.execute("PRAGMA cache_size = -8192")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    else:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA journal_size_limit = 16777216")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        # what is deleted is overwritten, so that a purged ciphertext cannot be dug up once a key is stolen
        connection.execute("PRAGMA secure_delete = ON")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")


@contextlib.contextmanager
def explained(path: Path | None = None) -> Iterator[None]:
    """Turn SQLite's errors into errors that tell an administrator what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise explain(error, path) from error


def explain(error: sqlite3.Error, path: Path | None = None) -> HotlineError:
    """Return SQLite's error in words."""
    where = f"The database {path}" if path else "The database"
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return DatabaseFull(f"{where}: the disk is full. Free some space; the hotline goes on by itself.")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return DatabaseLocked(f"{where} is held by another program. Close it; the hotline goes on by itself.")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return DatabaseReadOnly(f"{where} cannot be written. Check the disk and the rights of the file and its folder.")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return DatabaseDamaged(f"{where} is damaged or is no SQLite database. Restore a backup: hotline db restore.")
    if code == sqlite3.SQLITE_CANTOPEN:
        return DatabaseUnavailable(f"{where} cannot be opened. Check that its folder exists and may be written.")
    if code == sqlite3.SQLITE_IOERR:
        return DatabaseUnavailable(f"{where}: the disk does not read or write ({error}). Check the disk.")
    return DatabaseUnavailable(f"{where} answered: {error}")


_WAITING_HELPS: Final = frozenset(
    (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    )
)


class SqliteSession:
    """One transaction, begun with its first statement."""

    engine = SQLITE
    locks = False

    def __init__(self, writer: SqliteConnection, on_begin: Callable[[], None] | None = None) -> None:
        self.changes = Changes()
        self.after_commit: list[Callable[[], Awaitable[None]]] = []
        self.begun = False
        self.wrote_before = 0
        self.broken: HotlineError | None = None
        self._connection = writer
        self._on_begin = on_begin
        self._depth = 0

    async def _begin(self) -> None:
        await self._connection.begin()
        self.begun = True
        self.wrote_before = self._connection.raw.total_changes
        if self._on_begin:
            self._on_begin()
        for depth in range(self._depth):
            self._connection.raw.execute(f"SAVEPOINT s{depth}")

    def _execute(self, compiled: Compiled, values: Mapping[str, Any]) -> sqlite3.Cursor:
        if self.broken:
            raise self.broken
        arguments = [json.dumps(value) if value.__class__ is list else value for value in compiled.arguments(values)]
        try:
            return self._connection.raw.execute(compiled.text, arguments)
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def _failure(self, error: sqlite3.Error) -> Exception:
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        if code not in _WAITING_HELPS:
            return error  # a broken rule of a table: the fault of the caller, not of the database
        self.broken = explain(error, self._connection.path)
        return self.broken

    async def rows(self, statement: Statement, **values: Any) -> Sequence[Row]:
        """Run a statement and return its rows."""
        if not self.begun:
            await self._begin()
        cursor = self._execute(statement.on(SQLITE), values)
        try:
            return cursor.fetchall()
        except sqlite3.Error as error:
            raise self._failure(error) from error

    async def run(self, statement: Statement, **values: Any) -> int:
        """Run a statement and return how many rows it touched."""
        if not self.begun:
            await self._begin()
        return self._execute(statement.on(SQLITE), values).rowcount

    async def many(self, statement: Statement, values: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement for each of `values`."""
        if not self.begun:
            await self._begin()
        if self.broken:
            raise self.broken
        compiled = statement.on(SQLITE)
        try:
            self._connection.raw.executemany(compiled.text, [compiled.arguments(each) for each in values])
        except sqlite3.Error as error:
            raise self._failure(error) from error

    @contextlib.asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Everything inside is undone on an error, the rest of the transaction stays."""
        raw = self._connection.raw
        name = f"s{self._depth}"
        if self.begun:
            with explained(self._connection.path):
                raw.execute(f"SAVEPOINT {name}")
        self._depth += 1
        changes, acts = self.changes.copy(), len(self.after_commit)
        try:
            yield
        except BaseException:
            self._depth -= 1
            self.changes = changes
            del self.after_commit[acts:]
            if self.begun and not self.broken:
                self._undo(name)
            raise
        self._depth -= 1
        if self.broken:
            raise self.broken
        if self.begun:
            with explained(self._connection.path):
                raw.execute(f"RELEASE {name}")

    def _undo(self, name: str) -> None:
        try:
            self._connection.raw.execute(f"ROLLBACK TO {name}")
            self._connection.raw.execute(f"RELEASE {name}")
        except sqlite3.Error as error:  # SQLite gave up the whole transaction by itself
            self.broken = explain(error, self._connection.path)


class SqliteConnection:
    """A connection that serves one transaction at a time, in the order of asking."""

    def __init__(self, path: Path, *, read_only: bool, synchronous: str) -> None:
        self.path = path
        self.raw = connect(path, read_only=read_only, synchronous=synchronous)
        self._begin_text = "BEGIN" if read_only else "BEGIN IMMEDIATE"
        self._turn = asyncio.Lock()
        self._holder: asyncio.Task[Any] | None = None
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite-commit")

    async def begin(self) -> None:
        """Wait for the turn and begin; raise `DatabaseLocked` where another process keeps the file too long."""
        if self._holder is asyncio.current_task():
            raise RuntimeError("A transaction inside a transaction of the same connection would wait for itself.")
        await self._turn.acquire()
        try:
            deadline = asyncio.get_running_loop().time() + BUSY_SECONDS
            while True:
                try:
                    self.raw.execute(self._begin_text)
                    self._holder = asyncio.current_task()
                    return
                except sqlite3.OperationalError as error:
                    busy = (error.sqlite_errorcode or 0) & 0xFF == sqlite3.SQLITE_BUSY
                    if not busy or asyncio.get_running_loop().time() > deadline:
                        raise explain(error, self.path) from error
                await asyncio.sleep(_ASK_AGAIN)
        except BaseException:
            self._turn.release()
            raise

    async def commit(self, *, wrote: bool) -> None:
        """Commit and give the turn on. A cancelled caller still waits until the disk answered."""
        cancelled: asyncio.CancelledError | None = None
        self._holder = None
        try:
            if not wrote:
                self.raw.execute("COMMIT")
                return
            answer = asyncio.get_running_loop().run_in_executor(self._disk, self.raw.execute, "COMMIT")
            while not answer.done():
                try:
                    await asyncio.shield(answer)
                except asyncio.CancelledError as error:
                    cancelled = error
            answer.result()
        except sqlite3.Error as error:
            self._undo()
            raise explain(error, self.path) from error
        finally:
            self._turn.release()
        if cancelled:
            raise cancelled

    def rollback(self) -> None:
        """Undo everything and give the turn on."""
        self._holder = None
        try:
            self._undo()
        finally:
            self._turn.release()

    def _undo(self) -> None:
        if self.raw.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                self.raw.execute("ROLLBACK")

    async def in_thread(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        """Run something slow on this connection outside of a transaction, in a thread."""
        async with self._turn:
            with explained(self.path):
                return await asyncio.get_running_loop().run_in_executor(self._disk, work, self.raw)

    async def close(self) -> None:
        """Close once the transaction under way is over."""
        async with self._turn:
            self.raw.close()
        self._disk.shutdown(wait=False)


class _FileLeadership:
    def __init__(self, handle: int) -> None:
        self._handle = handle

    def lost(self) -> bool:
        return False

    async def release(self) -> None:
        os.close(self._handle)


class SqliteEngine:
    """A database in one file."""

    engine = SQLITE

    def __init__(self, path: Path, *, synchronous: str = "FULL") -> None:
        if synchronous not in ("FULL", "NORMAL"):
            raise BadDatabaseUrl(f"synchronous is full or normal, not {synchronous.lower()}.")
        self.path = path
        self.writer = SqliteConnection(path, read_only=False, synchronous=synchronous)
        try:
            self.reader = SqliteConnection(path, read_only=True, synchronous=synchronous)
        except BaseException:
            self.writer.raw.close()
            raise

    @contextlib.asynccontextmanager
    async def writing(self, on_begin: Callable[[], None] | None = None) -> AsyncIterator[Session]:
        """Open a transaction; it keeps other writers waiting from its first statement on."""
        session = SqliteSession(self.writer, on_begin)
        try:
            yield session
        except BaseException:
            if session.begun:
                self.writer.rollback()
            raise
        if not session.begun:
            return
        if session.broken:
            self.writer.rollback()
            raise session.broken
        await self.writer.commit(wrote=self.writer.raw.total_changes != session.wrote_before)

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """Open a transaction that sees what is committed and waits for no writer."""
        session = SqliteSession(self.reader)
        try:
            yield session
        finally:
            if session.begun:
                self.reader.rollback()

    async def lead(self, name: str) -> Leadership | None:
        """Lock a small file beside the database; the system frees it when the process ends."""
        path = self.path.with_name(f"{self.path.name}-{name}.lock")
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise DatabaseUnavailable(f"The file {path} cannot be made: {error.strerror}.") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return None
        return _FileLeadership(handle)

    def listen(self, listener: Listener) -> None:
        """SQLite tells nothing about other processes; delivery looks by itself from time to time."""

    async def fold(self) -> None:
        """Write the WAL into the file and empty it; what was deleted is then nowhere any more."""
        await self.writer.in_thread(lambda raw: raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())

    async def close(self) -> None:
        """Close both connections; the WAL is folded into the file."""
        await self.reader.close()
        await self.writer.close()

"""Where a database is, and how it is reached."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.storage import sqlite
from bot.storage.errors import BadDatabaseUrl, DatabaseUnavailable
from bot.storage.session import Engine
from bot.storage.statements import POSTGRESQL, SQLITE

_T = TypeVar("_T")
_EXPECTED = "sqlite:///path/to/file.db or postgresql://user:password@host/name is expected"


@dataclass(frozen=True)
class Location:
    """A database address that was understood. `path` is set for SQLite, `dsn` for PostgreSQL."""

    engine: str
    path: Path = Path()
    dsn: str = ""
    synchronous: str = "FULL"

    @classmethod
    def parse(cls, url: str) -> Location:
        """Read a database address; raise `BadDatabaseUrl`. The text of the error carries no password."""
        try:
            parsed = sa.make_url(url)
        except ArgumentError as error:
            raise BadDatabaseUrl(f"The address of the database cannot be read; {_EXPECTED}.") from error
        kind = parsed.get_backend_name()
        if kind == SQLITE:
            if not parsed.database or parsed.database == ":memory:":
                raise BadDatabaseUrl("SQLite needs a file, so that nothing is lost: sqlite:///path/to/file.db.")
            synchronous = str(parsed.query.get("synchronous", "full")).upper()
            if synchronous not in ("FULL", "NORMAL"):
                raise BadDatabaseUrl(f"synchronous is full or normal, not {synchronous.lower()}.")
            return cls(SQLITE, path=Path(parsed.database), synchronous=synchronous)
        if kind in (POSTGRESQL, "postgres"):
            plain = parsed.set(drivername=POSTGRESQL)
            return cls(POSTGRESQL, dsn=plain.render_as_string(hide_password=False))
        raise BadDatabaseUrl(f"{kind} databases are not supported; {_EXPECTED}.")


async def connect(where: Location) -> Engine:
    """Return an engine for a database whose tables are there."""
    if where.engine == SQLITE:
        return sqlite.SqliteEngine(where.path, synchronous=where.synchronous)
    from bot.storage.postgres import connect_postgres  # not everybody has a server

    return await connect_postgres(where.dsn)


async def run_sync(where: Location, work: Callable[[sa.Connection], _T], *, snapshot: bool = False) -> _T:
    """Run work that needs a synchronous SQLAlchemy connection, in one transaction.

    With `snapshot` it sees one moment of the database, whatever others write meanwhile.
    """
    if where.engine == SQLITE:
        return await asyncio.to_thread(_run_on_sqlite, where.path, work, snapshot)
    from bot.storage.postgres import run_sync_postgres

    return await run_sync_postgres(where.dsn, work, snapshot=snapshot)


def _run_on_sqlite(path: Path, work: Callable[[sa.Connection], _T], snapshot: bool) -> _T:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailable(f"The folder {path.parent} cannot be made: {error.strerror}.") from error
    raw = sqlite.connect(path)
    raw.execute(f"PRAGMA busy_timeout = {int(sqlite.BUSY_SECONDS * 1000)}")
    engine = sa.create_engine("sqlite://", creator=lambda: raw, poolclass=sa.StaticPool)
    try:
        with engine.begin() as connection:
            if snapshot:
                connection.exec_driver_sql("BEGIN")
            return work(connection)
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise sqlite.explain(error.orig, path) from error
        raise
    finally:
        engine.dispose()
        raw.close()

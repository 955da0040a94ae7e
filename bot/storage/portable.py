"""A database as one file of rows, the same for both engines; also the way from SQLite to PostgreSQL.

Gzipped lines of JSON: a head, for each table its columns and then its rows, and an end that proves the file is whole.
Sealed values stay sealed; the key is not in the file.
"""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

import sqlalchemy as sa

from bot.storage import schema
from bot.storage.errors import BackupUnreadable, DatabaseNotEmpty
from bot.storage.tables import HEAD, metadata

_FORMAT: Final = "hotline rows 1"
_CHUNK: Final = 500


def write_rows(connection: sa.Connection, file: IO[bytes]) -> int:
    """Write all rows of a database; return how many. The connection must see one moment of the database."""
    count = 0
    with gzip.open(file, "wb", compresslevel=5) as packed:

        def line(value: Any) -> None:
            packed.write(json.dumps(value, separators=(",", ":")).encode() + b"\n")

        line({"format": _FORMAT, "revision": schema.revision_of(connection)})
        for table in metadata.sorted_tables:
            binary = [isinstance(column.type, sa.LargeBinary) for column in table.columns]
            names, number = table.columns.keys(), _next(connection, table)
            line({"table": table.name, "columns": names, "binary": binary, "next": number})
            query = sa.select(table).order_by(*table.primary_key)
            for row in connection.execution_options(yield_per=_CHUNK).execute(query):
                count += 1
                line([_packed(each) if b else each for b, each in zip(binary, row, strict=True)])
        line({"end": count})
    return count


def _packed(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode()


def _unpacked(value: str | None) -> bytes | None:
    return None if value is None else base64.b64decode(value)


def read_rows(connection: sa.Connection, path: Path) -> int:
    """Fill an empty database from a file; return how many rows. Raise `BackupUnreadable`, `DatabaseNotEmpty`.

    Runs in the transaction of the connection: either everything is there afterwards, or nothing.
    """
    try:
        with gzip.open(path, "rb") as packed:
            lines = (json.loads(each) for each in packed)
            head = next(lines)
            if not isinstance(head, dict) or head.get("format") != _FORMAT:
                raise BackupUnreadable(f"{path} is not a backup of a hotline.")
            _make_tables(connection, str(head["revision"]))
            count = _fill(connection, lines, path)
    except (OSError, EOFError, zlib.error, ValueError, KeyError, StopIteration) as error:
        raise BackupUnreadable(f"{path} is not a whole backup of a hotline ({type(error).__name__}).") from error
    if head["revision"] != HEAD:
        schema.upgrade(connection, head["revision"])
    return count


def _make_tables(connection: sa.Connection, revision: str) -> None:
    schema.lock(connection)
    if schema.revision_of(connection) is not None:
        raise DatabaseNotEmpty(
            "There is a database already. Restore into an empty place, then point the settings at it."
        )
    if revision == HEAD:
        schema.create_from_zero(connection)
    else:
        schema.upgrade(connection, None, revision)


def _fill(connection: sa.Connection, lines: Iterator[Any], path: Path) -> int:
    count = 0
    table: sa.TableClause | None = None
    head: dict[str, Any] = {}
    chunk: list[dict[str, Any]] = []

    def flush() -> None:
        if table is not None and chunk:
            connection.execute(sa.insert(table), chunk)
            chunk.clear()

    for each in lines:
        if isinstance(each, list):
            values = [_unpacked(v) if b else v for b, v in zip(head["binary"], each, strict=True)]
            chunk.append(dict(zip(head["columns"], values, strict=True)))
            count += 1
            if len(chunk) >= _CHUNK:
                flush()
            continue
        flush()
        if "end" in each:
            if each["end"] != count:
                raise BackupUnreadable(f"{path} says {each['end']} rows and has {count}.")
            return count
        head = each
        table = metadata.tables.get(head["table"])
        if table is None or not set(head["columns"]) <= set(table.columns.keys()):
            types = [sa.LargeBinary() if b else None for b in head["binary"]]
            columns = [sa.column(n, t) if t else sa.column(n) for n, t in zip(head["columns"], types, strict=True)]
            table = sa.table(head["table"], *columns)
        _set_next(connection, head)
    raise BackupUnreadable(f"{path} is cut off; take an older backup.")


def _next(connection: sa.Connection, table: sa.Table) -> int | None:
    """Return the last number a table gave out: numbers of deleted rows are never given again."""
    if not any(column.autoincrement is True for column in table.primary_key):
        return None
    if connection.dialect.name == "sqlite":
        query = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        found = connection.execute(query, {"name": table.name}).scalar()
    else:
        found = connection.exec_driver_sql(f"SELECT last_value FROM {table.name}_id_seq WHERE is_called").scalar()
    return int(found or 0)


def _set_next(connection: sa.Connection, head: dict[str, Any]) -> None:
    number, name = head["next"], head["table"]
    if not number:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": name})
        query = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)")
        connection.execute(query, {"name": name, "number": number})
    else:
        query = sa.text("SELECT setval(CAST(:sequence AS regclass), :number)")
        connection.execute(query, {"sequence": f"{name}_id_seq", "number": number})

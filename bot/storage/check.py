"""Is the database whole, and does the key open it?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam as value

from bot.storage import tables
from bot.storage.errors import WrongKey
from bot.storage.statements import SQLITE, Statement
from bot.storage.store import SqlStore

_STEP: Final = 500


@dataclass(frozen=True)
class Health:
    """What was found. `problems` are for an administrator; the database is fine where there are none."""

    engine: str
    revision: str
    rows: dict[str, int]
    waiting_updates: int
    dead_letters: int
    waiting_calls: int
    sealed_values: int
    old_key_values: int
    problems: tuple[str, ...] = field(default=())


async def check(store: SqlStore) -> Health:
    """Look at everything: the file, the links between rows, and that every sealed value opens."""
    problems = await _file_problems(store)
    rows: dict[str, int] = {}
    sealed = unreadable = old = 0
    for table in tables.metadata.sorted_tables:
        async with store.reading() as tx:
            counted = await tx.session.rows(Statement(sa.select(sa.func.count()).select_from(table)))
        rows[table.name] = int(counted[0][0])
        for column in tables.ENCRYPTED.get(table.name, ()):
            good, bad, stale = await _open_all(store, table, column)
            sealed, unreadable, old = sealed + good + bad, unreadable + bad, old + stale
            if bad:
                problems.append(f"{table.name}.{column}: {bad} values do not open with the keys given.")
    async with store.reading() as tx:
        waiting, dead = await tx.inbox.counts()
        calls = await tx.outbox.waiting()
    return Health(
        engine=store.engine.engine,
        revision=tables.HEAD,
        rows=rows,
        waiting_updates=waiting,
        dead_letters=dead,
        waiting_calls=calls,
        sealed_values=sealed,
        old_key_values=old,
        problems=tuple(problems),
    )


async def _file_problems(store: SqlStore) -> list[str]:
    if store.engine.engine != SQLITE:
        return []
    async with store.reading() as tx:
        found = [str(row[0]) for row in await tx.session.rows(Statement(sa.text("PRAGMA integrity_check")))]
        loose = await tx.session.rows(Statement(sa.text("PRAGMA foreign_key_check")))
    problems = [] if found == ["ok"] else [f"SQLite says: {line}" for line in found[:10]]
    if loose:
        problems.append(f"{len(loose)} rows point at rows that are not there.")
    return problems


async def _open_all(store: SqlStore, table: sa.Table, name: str) -> tuple[int, int, int]:
    (key,) = table.primary_key
    column = table.c[name]
    context = f"{table.name}.{name}".encode()
    keys = store.cipher.keys
    page = Statement(
        sa.select(key, column)
        .where(key > value("after", type_=key.type), column.is_not(None))
        .order_by(key)
        .limit(value("limit_", type_=sa.Integer))
    )
    after: Any = -(2**62) if isinstance(key.type, sa.Integer) else ""
    good = bad = old = 0
    while True:
        async with store.reading() as tx:
            rows = await tx.session.rows(page, after=after, limit_=_STEP)
        for _, sealed in rows:
            try:
                keys.open(bytes(sealed), context)
                good += 1
                old += not bytes(sealed).startswith(keys.newest)
            except WrongKey:
                bad += 1
        if len(rows) < _STEP:
            return good, bad, old
        after = rows[-1][0]

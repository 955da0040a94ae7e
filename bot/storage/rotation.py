"""Sealing everything anew with the newest key, while the hotline works."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam as value

from bot.storage import tables
from bot.storage.crypto import Keys
from bot.storage.statements import Statement
from bot.storage.store import LOOKUP, LOOKUP_CONTEXT, SqlStore

_STEP: Final = 200


async def rotate(store: SqlStore) -> int:
    """Seal every value that is not yet under the newest key with it; return how many were.

    Raise `WrongKey` where a value opens with none of the keys; what was done until then stays done. Afterwards the old
    keys may be taken out of the settings. Rows that change meanwhile are left to their writer, who uses the newest key.
    """
    keys = store.cipher.keys
    count = await _rotate(store, tables.meta, "value", tables.meta.c.name == LOOKUP, LOOKUP_CONTEXT, keys)
    for name, columns in tables.ENCRYPTED.items():
        table = tables.metadata.tables[name]
        for column in columns:
            count += await _rotate(store, table, column, sa.true(), f"{name}.{column}".encode(), keys)
    return count


async def _rotate(
    store: SqlStore, table: sa.Table, name: str, which: sa.ColumnElement[bool], context: bytes, keys: Keys
) -> int:
    (key,) = table.primary_key
    column = table.c[name]
    start: Any = -(2**62) if isinstance(key.type, sa.Integer) else ""
    page = Statement(
        sa.select(key, column)
        .where(key > value("after", type_=key.type), column.is_not(None), which)
        .order_by(key)
        .limit(value("limit_", type_=sa.Integer))
    )
    change = Statement(
        sa.update(table)
        .where(key == value("b_key", type_=key.type), column == value("b_old", type_=sa.LargeBinary))
        .values({name: value("b_new", type_=sa.LargeBinary)})
    )
    count = 0
    while True:
        async with store.transaction() as tx:
            rows = await tx.session.rows(page, after=start, limit_=_STEP)
            for row_key, sealed in rows:
                if not bytes(sealed).startswith(keys.newest):
                    fresh = keys.seal(keys.open(bytes(sealed), context), context)
                    count += await tx.session.run(change, b_key=row_key, b_old=sealed, b_new=fresh)
        if len(rows) < _STEP:
            return count
        start = rows[-1][0]

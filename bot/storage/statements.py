"""SQL made by SQLAlchemy Core, compiled once per engine and kept; the drivers are called with it directly.

Going through SQLAlchemy's own async connections costs several times more (docs/decisions/0001-storage.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"

_DIALECTS: Final[dict[str, sa.Dialect]] = {
    SQLITE: sqlite.dialect(paramstyle="qmark"),
    POSTGRESQL: asyncpg_dialect(),  # type: ignore[no-untyped-call]
}


class Compiled:
    """The text of a statement for one engine, with the order of its parameters."""

    __slots__ = ("_fixed", "_names", "text")

    def __init__(self, clause: sa.ClauseElement, engine: str) -> None:
        compiled = clause.compile(dialect=_DIALECTS[engine])
        assert isinstance(compiled, SQLCompiler)
        self.text = str(compiled)
        self._names: tuple[str, ...] = tuple(compiled.positiontup or ())
        self._fixed = {
            name: value for name, value in (compiled.params or {}).items() if not compiled.binds[name].required
        }

    def arguments(self, given: Mapping[str, Any]) -> list[Any]:
        """Return the values in the order of the statement; raise `KeyError` where one is missing."""
        if not self._fixed:
            return [given[name] for name in self._names]
        fixed = self._fixed
        return [given[name] if name in given else fixed[name] for name in self._names]


class Statement:
    """A statement for both engines."""

    __slots__ = ("_clauses", "_compiled")

    def __init__(self, clause: sa.ClauseElement, *, for_postgresql: sa.ClauseElement | None = None) -> None:
        self._clauses = {SQLITE: clause, POSTGRESQL: clause if for_postgresql is None else for_postgresql}
        self._compiled: dict[str, Compiled] = {}

    def on(self, engine: str) -> Compiled:
        """Return the statement compiled for an engine."""
        compiled = self._compiled.get(engine)
        if compiled is None:
            compiled = self._compiled[engine] = Compiled(self._clauses[engine], engine)
        return compiled


def upsert(
    table: sa.Table,
    columns: Sequence[str],
    conflict: Sequence[str],
    change: Sequence[str] = (),
    *,
    returning: str | None = None,
) -> Statement:
    """Make an INSERT of `columns` that on a conflict changes the columns `change`, or does nothing without them.

    `returning` is a column of the row that was added or changed; nothing comes back where nothing was done.
    """
    values: dict[str, sa.BindParameter[Any]] = {name: sa.bindparam(name) for name in columns}
    lite: Any = sqlite.insert(table).values(values)
    postgres: Any = postgresql.insert(table).values(values)
    clauses = []
    for insert in (lite, postgres):
        if change:
            new = {name: insert.excluded[name] for name in change}
            clause = insert.on_conflict_do_update(index_elements=list(conflict), set_=new)
        else:
            clause = insert.on_conflict_do_nothing(index_elements=list(conflict))
        clauses.append(clause.returning(table.c[returning]) if returning else clause)
    return Statement(clauses[0], for_postgresql=clauses[1])


class one_of(sa.ColumnElement[bool]):  # noqa: N801 - reads as an operator in SQL
    """`column` is one of the whole numbers in the list bound as `name`."""

    inherit_cache = False
    _is_implicitly_boolean = True  # it stands in a WHERE as it is, without `= 1` behind it
    type = sa.Boolean()

    def __init__(self, column: sa.ColumnElement[Any], name: str) -> None:
        self.column = column
        self.values: sa.BindParameter[Any] = sa.bindparam(name, type_=postgresql.ARRAY(sa.BigInteger))


@compiles(one_of, SQLITE)
def _one_of_sqlite(element: one_of, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = compiler.process(element.column, **kw), compiler.process(element.values, **kw)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(one_of, POSTGRESQL)
def _one_of_postgresql(element: one_of, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = compiler.process(element.column, **kw), compiler.process(element.values, **kw)
    return f"{column} = ANY({values})"

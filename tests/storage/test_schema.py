"""Tables made from zero equal tables made by migrations; a newer database is refused."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock import FixedClock
from bot.storage import location, schema, tables
from bot.storage.crypto import Keys
from bot.storage.errors import DatabaseNewer, DatabaseNotEmpty
from bot.storage.location import Location
from bot.storage.store import open_store


def describe(connection: sa.Connection) -> dict[str, Any]:
    """Return everything an inspector sees of the tables, in a form that can be compared."""
    inspector = sa.inspect(connection)
    found: dict[str, Any] = {}
    for name in inspector.get_table_names():
        indexes = inspector.get_indexes(name)
        found[name] = {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(name)
            ],
            "key": inspector.get_pk_constraint(name),
            "foreign": sorted(inspector.get_foreign_keys(name), key=str),
            "unique": sorted(inspector.get_unique_constraints(name), key=str),
            # conditions of indexes are objects that are never equal; SQLite's are compared as text below
            "indexes": sorted(({**index, "dialect_options": str(index.get("include"))} for index in indexes), key=str),
        }
    if connection.dialect.name == "sqlite":
        statements = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").scalars()
        found["statements"] = sorted(" ".join(text.split()) for text in statements)
    else:
        statements = connection.exec_driver_sql(
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname"
        )
        found["statements"] = list(statements.scalars())
    return found


async def test_tables_from_zero_equal_tables_by_migrations(database_url: str) -> None:
    where = Location.parse(database_url)

    def from_zero(connection: sa.Connection) -> dict[str, Any]:
        schema.lock(connection)
        schema.create_from_zero(connection)
        found = describe(connection)
        tables.metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")
        return found

    def by_migrations(connection: sa.Connection) -> tuple[dict[str, Any], str | None]:
        schema.lock(connection)
        schema.upgrade(connection, None)
        return describe(connection), schema.revision_of(connection)

    made = await location.run_sync(where, from_zero)
    migrated, revision = await location.run_sync(where, by_migrations)
    assert len(made) > 10
    assert migrated == made
    assert revision == tables.HEAD


async def test_the_tables_need_no_migration_that_is_not_written(database_url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def differences(connection: sa.Connection) -> list[Any]:
        schema.lock(connection)
        schema.upgrade(connection, None)
        return list(compare_metadata(MigrationContext.configure(connection), tables.metadata))

    assert await location.run_sync(Location.parse(database_url), differences) == []


async def test_head_is_the_last_migration(database_url: str) -> None:
    from alembic.script import ScriptDirectory

    def head(connection: sa.Connection) -> str | None:
        return ScriptDirectory.from_config(schema.migrations(connection)).get_current_head()

    assert await location.run_sync(Location.parse(database_url), head) == tables.HEAD


async def test_a_newer_database_is_refused_and_left_alone(database_url: str, keys: Keys, clock: FixedClock) -> None:
    store = await open_store(database_url, keys, clock)
    await store.close()

    def set_revision(connection: sa.Connection) -> None:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    await location.run_sync(Location.parse(database_url), set_revision)
    with pytest.raises(DatabaseNewer, match=r"9999.*newer hotline.*Nothing was changed"):
        await open_store(database_url, keys, clock)


async def test_a_database_of_something_else_is_refused(database_url: str, keys: Keys, clock: FixedClock) -> None:
    def make(connection: sa.Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE people (name TEXT)")

    await location.run_sync(Location.parse(database_url), make)
    with pytest.raises(DatabaseNotEmpty, match="database of its own"):
        await open_store(database_url, keys, clock)

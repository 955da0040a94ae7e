"""The tables of a database: made at the first start, brought up to date later, refused where a newer hotline made them.

All functions are synchronous and take a SQLAlchemy connection inside a transaction.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from bot.storage.errors import DatabaseNewer, DatabaseNotEmpty
from bot.storage.tables import HEAD, metadata

if TYPE_CHECKING:
    from alembic.config import Config

_VERSION: Final = sa.Table(
    "alembic_version",
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),  # as Alembic itself makes it
)
_ONE_AT_A_TIME: Final = 7_304_019  # any number, the same in every process


def revision_of(connection: sa.Connection) -> str | None:
    """Return the migration a database stands at, None where it has no tables; raise `DatabaseNotEmpty` if foreign."""
    names = set(sa.inspect(connection).get_table_names())
    if "alembic_version" in names:
        revision = connection.execute(sa.select(_VERSION.c.version_num)).scalar_one_or_none()
        if revision is not None:
            return str(revision)
    if names & set(metadata.tables):
        raise DatabaseNotEmpty("The database holds tables of something else. Give the hotline a database of its own.")
    return None


def bring_up_to_date(connection: sa.Connection) -> str | None:
    """Make or upgrade the tables; return the migration from which it started, None where the database was empty.

    Raise `DatabaseNewer` where the tables were made by a newer hotline.
    """
    lock(connection)
    revision = revision_of(connection)
    if revision is None:
        create_from_zero(connection)
    elif revision != HEAD:
        upgrade(connection, revision)
    return revision


def lock(connection: sa.Connection) -> None:
    """Keep other processes from changing the tables at the same time, until the end of the transaction."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))


def create_from_zero(connection: sa.Connection) -> None:
    """Make all tables as they are now; the same as running all migrations, only faster."""
    metadata.create_all(connection, checkfirst=False)
    _VERSION.create(connection, checkfirst=True)
    connection.execute(sa.insert(_VERSION).values(version_num=HEAD))


def upgrade(connection: sa.Connection, revision: str | None, target: str = "head") -> None:
    """Run the migrations after `revision` up to `target`; raise `DatabaseNewer` where `revision` is not known here."""
    from alembic import command  # takes half a second to import, and is hardly ever needed
    from alembic.script import ScriptDirectory

    config = migrations(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise DatabaseNewer(
            f"The database stands at version {revision}, this hotline knows versions up to {HEAD}. "
            "It was used by a newer hotline: install that one again, or restore an older backup. Nothing was changed."
        )
    command.upgrade(config, target)


def migrations(connection: sa.Connection) -> Config:
    """Return the settings by which Alembic finds the packaged migrations and uses `connection`."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("bot.storage") / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config

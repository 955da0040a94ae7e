"""All tables. Moments are whole microseconds since 1970 in UTC; hashes are 16 bytes; sealed values are encrypted JSON.

Few columns have an index: what is done once in a while (erasing a person) may read a whole table, what is done for
every message may not pay for it. `ENCRYPTED` lists every column that is sealed, for rotation and checks. `HEAD` is the
migration these tables equal.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

HEAD: Final = "0001"

metadata: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BigId: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite counts by itself only in a column declared INTEGER."""


def _id() -> sa.Column[int]:
    return sa.Column("id", BigId, primary_key=True, autoincrement=True)


meta: Final = sa.Table(
    "meta",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
)

counters: Final = sa.Table(
    "counters",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)

people: Final = sa.Table(
    "people",
    metadata,
    _id(),
    sa.Column("chat_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("blocked_at", sa.BigInteger),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

operators: Final = sa.Table(
    "operators",
    metadata,
    _id(),
    sa.Column("user_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

cases: Final = sa.Table(
    "cases",
    metadata,
    _id(),
    sa.Column("number", sa.BigInteger, nullable=False, unique=True),
    sa.Column("person_id", BigId, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    sa.Column("desk", sa.Text, nullable=False),
    sa.Column("locale", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("topic", sa.Text),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("rank", sa.SmallInteger, nullable=False),
    sa.Column("opened_at", sa.BigInteger, nullable=False),
    sa.Column("taken_at", sa.BigInteger),
    sa.Column("closed_at", sa.BigInteger),
    sa.Column("operator_id", BigId, sa.ForeignKey("operators.id")),
    sa.Column("rating", sa.SmallInteger),
    sa.Column("thread_hash", sa.LargeBinary),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Index(None, "person_id", "id"),
    sa.Index(None, "status", "rank", "opened_at"),
    sa.Index(None, "thread_hash"),
    sqlite_autoincrement=True,
)

relays: Final = sa.Table(
    "relays",
    metadata,
    _id(),
    sa.Column("case_id", BigId, sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    sa.Column("direction", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("written_at", sa.BigInteger, nullable=False),
    sa.Column("operator_id", BigId, sa.ForeignKey("operators.id")),
    sa.Column("outbox_id", BigId),
    sa.Column("source_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("target_hash", sa.LargeBinary),
    sa.Column("album_hash", sa.LargeBinary),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Column("target", sa.LargeBinary),
    sa.Index(None, "case_id", "id"),
    sa.Index(None, "target_hash"),
    sa.Index(
        None,
        "album_hash",
        sqlite_where=sa.text("album_hash IS NOT NULL"),
        postgresql_where=sa.text("album_hash IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

audit: Final = sa.Table(
    "audit",
    metadata,
    _id(),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("case_id", BigId),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Index(None, "case_id"),
    sqlite_autoincrement=True,
)

searches: Final = sa.Table(
    "searches",
    metadata,
    _id(),
    sa.Column("on", sa.Text, nullable=False),
    sa.Column("locale", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Index(None, "on"),
    sqlite_autoincrement=True,
)

desks: Final = sa.Table(
    "desks",
    metadata,
    sa.Column("desk", sa.Text, primary_key=True),
    sa.Column("chat_hash", sa.LargeBinary, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Index(None, "chat_hash"),
)

settings: Final = sa.Table(
    "settings",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

INBOX_PENDING: Final = 0
INBOX_DONE: Final = 1
INBOX_DEAD: Final = 2

inbox: Final = sa.Table(
    "inbox",
    metadata,
    _id(),
    sa.Column("update_id", sa.BigInteger, nullable=False, unique=True),
    sa.Column("lane", sa.LargeBinary),
    sa.Column("state", sa.SmallInteger, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("received_at", sa.BigInteger, nullable=False),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("error", sa.Text),
    sa.Column("data", sa.LargeBinary),
    sa.Index("ix_inbox_pending", "id", sqlite_where=sa.text("state = 0"), postgresql_where=sa.text("state = 0")),
    sa.Index("ix_inbox_dead", "id", sqlite_where=sa.text("state = 2"), postgresql_where=sa.text("state = 2")),
    sqlite_autoincrement=True,
)

outbox: Final = sa.Table(
    "outbox",
    metadata,
    _id(),
    sa.Column("position", sa.BigInteger),
    sa.Column("lane", sa.LargeBinary, nullable=False),
    sa.Column("chat", sa.LargeBinary, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("priority", sa.SmallInteger, nullable=False),
    sa.Column("on_unknown", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("not_before", sa.BigInteger, nullable=False),
    sa.Column("settled_at", sa.BigInteger),
    sa.Column("person_id", BigId),
    sa.Column("error", sa.Text),
    sa.Column("call", sa.LargeBinary),
    sa.Column("about", sa.LargeBinary),
    sa.Column("result", sa.LargeBinary),
    sa.Index(
        "ix_outbox_active",
        "id",
        sqlite_where=sa.text("state IN ('queued', 'sending')"),
        postgresql_where=sa.text("state IN ('queued', 'sending')"),
    ),
    sqlite_autoincrement=True,
)

jobs: Final = sa.Table(
    "jobs",
    metadata,
    _id(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("person_id", BigId),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Index(None, "due_at"),
    sqlite_autoincrement=True,
)

ENCRYPTED: Final[dict[str, tuple[str, ...]]] = {
    "people": ("data",),
    "operators": ("data",),
    "cases": ("data",),
    "relays": ("data", "target"),
    "searches": ("data",),
    "desks": ("data",),
    "settings": ("data",),
    "inbox": ("data",),
    "outbox": ("call", "about", "result"),
    "jobs": ("data",),
}

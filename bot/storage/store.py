"""Opening a database, and transactions on it."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

import sqlalchemy as sa
import structlog

from bot.clock import Clock
from bot.storage import location, tables
from bot.storage.crypto import KEY_BYTES, Cipher, Keys, KeySource
from bot.storage.errors import WrongKey
from bot.storage.location import Location
from bot.storage.moments import to_micros
from bot.storage.session import Changes, Engine, Leadership, Listener
from bot.storage.statements import POSTGRESQL, Statement, upsert
from bot.storage.transaction import SqlTransaction

_LOG: Final = structlog.get_logger(__name__)
_M: Final = tables.meta
LOOKUP: Final = "lookup_key"
LOOKUP_CONTEXT: Final = b"meta.lookup_key"
_GET_META: Final = Statement(sa.select(_M.c.value).where(_M.c.name == sa.bindparam("name")))
_ADD_META: Final = upsert(_M, ("name", "value"), ("name",))


class SqlStore:
    """Fulfils `bot.storage.ports.Store` on both engines."""

    def __init__(self, where: Location, engine: Engine, cipher: Cipher, clock: Clock) -> None:
        self.where = where
        self.engine = engine
        self.cipher = cipher
        self.clock = clock
        self._listeners: list[Listener] = []
        self._afterwards: set[asyncio.Task[None]] = set()
        engine.listen(self._announce)

    @property
    def shared(self) -> bool:
        """Whether several processes may work on this database side by side."""
        return self.engine.engine == POSTGRESQL

    @contextlib.asynccontextmanager
    async def transaction(self, on_begin: Callable[[], None] | None = None) -> AsyncIterator[SqlTransaction]:
        """Open a transaction: committed at the end of the block, rolled back on an error.

        Use `tx.savepoint()` inside to let parts fail alone. `on_begin` is called when it starts to keep others waiting.
        """
        async with self.engine.writing(on_begin) as session:
            tx = SqlTransaction(session, self.cipher, self.clock)
            yield tx
        if session.changes:
            self._announce(session.changes)
        for act in session.after_commit:
            self._start(act)

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[SqlTransaction]:
        """Read what is committed, waiting for nobody. Nothing may be written."""
        async with self.engine.reading() as session:
            yield SqlTransaction(session, self.cipher, self.clock)

    async def lead(self, name: str) -> Leadership | None:
        """Return the right to be the only process on this database that does `name`, or None where another has it.

        The right ends with the process, however it ends. Raise `DatabaseUnavailable`.
        """
        return await self.engine.lead(name)

    def listen(self, listener: Listener) -> None:
        """Tell `listener` what every committed transaction left to do; it must return at once."""
        self._listeners.append(listener)

    async def fold(self) -> None:
        """Bring the file up to date and drop what was deleted from its log, where the engine keeps one."""
        await self.engine.fold()

    async def finish(self) -> None:
        """Wait for everything that was to be done after commits."""
        while self._afterwards:
            await asyncio.gather(*self._afterwards, return_exceptions=True)

    async def close(self) -> None:
        """Close all connections."""
        await self.finish()
        await self.engine.close()

    def _announce(self, changes: Changes) -> None:
        for listener in self._listeners:
            listener(changes)

    def _start(self, act: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.get_running_loop().create_task(_guarded(act))
        self._afterwards.add(task)
        task.add_done_callback(self._afterwards.discard)


async def _guarded(act: Callable[[], Awaitable[None]]) -> None:
    try:
        await act()
    except Exception as error:  # an ephemeral answer; nothing depends on it
        _LOG.warning("after_commit_failed", error=type(error).__name__)


async def open_store(url: str, keys: Keys | KeySource, clock: Clock) -> SqlStore:
    """Open a database, making its tables (and, from a `KeySource`, its key) at the first start.

    `url` is `sqlite:///path/to/file.db` (with `?synchronous=normal` faster, but the last moments may be lost when the
    power fails) or `postgresql://user:password@host/name`. Raise `BadDatabaseUrl`, `DatabaseUnavailable`,
    `DatabaseNewer`, `WrongKey`, `KeyUnusable`.
    """
    where = Location.parse(url)
    started_from = await location.run_sync(where, _bring_up)
    engine = await location.connect(where)
    try:
        cipher = await unlock(engine, keys, clock)
    except BaseException:
        await engine.close()
        raise
    if started_from not in (None, tables.HEAD):
        _LOG.info("database_upgraded", before=started_from, now=tables.HEAD)
    return SqlStore(where, engine, cipher, clock)


def _bring_up(connection: sa.Connection) -> str | None:
    from bot.storage.schema import bring_up_to_date

    return bring_up_to_date(connection)


async def unlock(engine: Engine, keys: Keys | KeySource, clock: Clock) -> Cipher:
    """Return the cipher of a database; raise `WrongKey` where the keys do not open it."""
    async with engine.reading() as session:
        found = await session.rows(_GET_META, name=LOOKUP)
    if isinstance(keys, KeySource):
        keys = keys.load(may_create=not found)
    if not found:
        sealed = keys.seal(os.urandom(KEY_BYTES), LOOKUP_CONTEXT)
        async with engine.writing() as session:
            await session.run(_ADD_META, name=LOOKUP, value=sealed)
            await session.run(_ADD_META, name="made_at", value=str(to_micros(clock.now())).encode())
            found = await session.rows(_GET_META, name=LOOKUP)
    try:
        return Cipher(keys, keys.open(bytes(found[0][0]), LOOKUP_CONTEXT))
    except WrongKey as error:
        raise WrongKey(
            "The key does not open this database. Use the key the database was made with "
            "(HOTLINE_SECRET_KEY or the key file); after a change of keys: the new one first, then the old one."
        ) from error

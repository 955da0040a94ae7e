"""PostgreSQL: a pool of connections, statements prepared by asyncpg, changes announced by NOTIFY.

Several processes may share one database: lanes of the inbox are locked row by row, the sender and the scheduler are
single by an advisory lock.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

import asyncpg  # type: ignore[import-untyped]
import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import create_async_engine

from bot.errors import HotlineError
from bot.storage.errors import BadDatabaseUrl, DatabaseBusy, DatabaseFull, DatabaseReadOnly, DatabaseUnavailable
from bot.storage.session import Changes, Leadership, Listener, Row, Session
from bot.storage.statements import POSTGRESQL, Statement

_LOG: Final = structlog.get_logger(__name__)
_T = TypeVar("_T")
_CHANNEL: Final = "hotline"
_MOST_IDS: Final = 500  # a NOTIFY carries at most 8000 bytes; beyond this "look at everything" is said
_CONNECT_SECONDS: Final = 10.0
_ASK_AGAIN: Final = 1.0


def explain(error: BaseException) -> HotlineError | None:
    """Return an error of the server or the network in words, None where it is the fault of a statement."""
    if isinstance(error, asyncpg.InvalidPasswordError | asyncpg.InvalidAuthorizationSpecificationError):
        return DatabaseUnavailable("PostgreSQL refuses the user or the password. Check the address of the database.")
    if isinstance(error, asyncpg.InvalidCatalogNameError):
        return DatabaseUnavailable("There is no such database on the PostgreSQL server. Make it: createdb hotline.")
    if isinstance(error, asyncpg.DiskFullError):
        return DatabaseFull(
            "The disk of the PostgreSQL server is full. Free some space; the hotline goes on by itself."
        )
    if isinstance(error, asyncpg.ReadOnlySQLTransactionError):
        return DatabaseReadOnly("The PostgreSQL server is read-only (a standby?). Point the hotline at the primary.")
    if isinstance(error, asyncpg.DeadlockDetectedError | asyncpg.SerializationError | asyncpg.LockNotAvailableError):
        return DatabaseBusy("Two transactions stood in each other's way; the work is tried again.")
    if isinstance(error, asyncpg.InsufficientPrivilegeError):
        return DatabaseUnavailable(
            "The PostgreSQL user may not do what the hotline needs. Make it owner of the database."
        )
    if isinstance(
        error,
        OSError
        | TimeoutError
        | asyncpg.PostgresConnectionError
        | asyncpg.InterfaceError
        | asyncpg.OperatorInterventionError
        | asyncpg.InsufficientResourcesError,
    ):
        return DatabaseUnavailable(
            f"PostgreSQL does not answer ({type(error).__name__}). Check the server and the address."
        )
    return None


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Turn errors of the server or the network into errors that tell an administrator what to do."""
    try:
        yield
    except Exception as error:
        told = None if isinstance(error, HotlineError) else explain(error)
        if told is None:
            raise
        raise told from error


class PostgresSession:
    """One transaction on one connection."""

    engine = POSTGRESQL

    def __init__(self, connection: Any, *, locks: bool) -> None:
        self.locks = locks
        self.changes = Changes()
        self.after_commit: list[Callable[[], Awaitable[None]]] = []
        self.connection = connection
        self._depth = 0

    async def rows(self, statement: Statement, **values: Any) -> Sequence[Row]:
        """Run a statement and return its rows."""
        compiled = statement.on(POSTGRESQL)
        with explained():
            found: Sequence[Row] = await self.connection.fetch(compiled.text, *compiled.arguments(values))
        return found

    async def run(self, statement: Statement, **values: Any) -> int:
        """Run a statement and return how many rows it touched."""
        compiled = statement.on(POSTGRESQL)
        with explained():
            status = await self.connection.execute(compiled.text, *compiled.arguments(values))
        return int(status.rpartition(" ")[2])  # "UPDATE 3", "INSERT 0 1"

    async def many(self, statement: Statement, values: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement for each of `values`."""
        compiled = statement.on(POSTGRESQL)
        with explained():
            await self.connection.executemany(compiled.text, [compiled.arguments(each) for each in values])

    @contextlib.asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Everything inside is undone on an error, the rest of the transaction stays."""
        name = f"s{self._depth}"
        with explained():
            await self.connection.execute(f"SAVEPOINT {name}")
        self._depth += 1
        changes, acts = self.changes.copy(), len(self.after_commit)
        try:
            yield
        except BaseException:
            self._depth -= 1
            self.changes = changes
            del self.after_commit[acts:]
            with explained():
                await self.connection.execute(f"ROLLBACK TO SAVEPOINT {name}")
            raise
        self._depth -= 1
        with explained():
            await self.connection.execute(f"RELEASE SAVEPOINT {name}")


class _LockLeadership:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def lost(self) -> bool:
        return bool(self._connection.is_closed())

    async def release(self) -> None:
        with contextlib.suppress(Exception):
            await self._connection.close(timeout=2)


class PostgresEngine:
    """A database on a server."""

    engine = POSTGRESQL

    def __init__(self, dsn: str, pool: Any) -> None:
        self.dsn = dsn
        self._pool = pool
        self._me = os.urandom(4).hex()
        self._listeners: list[Listener] = []
        self._listening: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def writing(self, on_begin: Callable[[], None] | None = None) -> AsyncIterator[Session]:
        """Open a transaction; it keeps nobody waiting but for the rows it changes."""
        async with self._connection() as connection:
            session = PostgresSession(connection, locks=True)
            with explained():
                await connection.execute("BEGIN")
            try:
                yield session
                if session.changes:
                    await self._notify(connection, session.changes)
                with explained():
                    await connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(Exception):
                    await connection.execute("ROLLBACK")
                raise

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """Lend a connection for reading; each statement sees what is committed when it begins."""
        async with self._connection() as connection:
            yield PostgresSession(connection, locks=False)

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        with explained():
            connection = await self._pool.acquire()
        try:
            yield connection
        finally:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._pool.release(connection)

    async def _notify(self, connection: Any, changes: Changes) -> None:
        ids = ",".join(map(str, sorted(changes.outbox))) if len(changes.outbox) <= _MOST_IDS else "*"
        payload = f"{self._me}:{int(changes.inbox)}:{int(changes.jobs)}:{ids}"
        with explained():
            await connection.execute("SELECT pg_notify($1, $2)", _CHANNEL, payload)

    async def lead(self, name: str) -> Leadership | None:
        """Take an advisory lock on a connection of its own; the server frees it when the connection ends."""
        number = int.from_bytes(hashlib.sha256(f"hotline {name}".encode()).digest()[:8], "big", signed=True)
        with explained():
            connection = await asyncpg.connect(self.dsn, timeout=_CONNECT_SECONDS)
            try:
                if await connection.fetchval("SELECT pg_try_advisory_lock($1)", number):
                    return _LockLeadership(connection)
            except BaseException:
                connection.terminate()
                raise
            await connection.close(timeout=2)
        return None

    def listen(self, listener: Listener) -> None:
        """Tell `listener` about changes committed by other processes."""
        self._listeners.append(listener)
        if self._listening is None:
            self._listening = asyncio.get_running_loop().create_task(self._keep_listening())

    async def _keep_listening(self) -> None:
        while True:
            try:
                connection = await asyncpg.connect(self.dsn, timeout=_CONNECT_SECONDS)
                try:
                    await connection.add_listener(_CHANNEL, self._heard)
                    self._tell(Changes(inbox=True, outbox={0}, jobs=True))  # whatever was missed meanwhile
                    while not connection.is_closed():  # noqa: ASYNC110 - asyncpg has no event for it
                        await asyncio.sleep(_ASK_AGAIN)
                finally:
                    await connection.close(timeout=2)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _LOG.warning("database_listener_lost", error=type(error).__name__)
            await asyncio.sleep(_ASK_AGAIN)

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        sender, inbox, jobs, ids = str(payload).split(":")
        if sender == self._me:
            return
        numbers = {0} if ids == "*" else {int(each) for each in ids.split(",") if each}
        self._tell(Changes(inbox == "1", numbers, jobs == "1"))

    def _tell(self, changes: Changes) -> None:
        for listener in self._listeners:
            listener(changes)

    async def fold(self) -> None:
        """PostgreSQL cleans up by itself (autovacuum)."""

    async def close(self) -> None:
        """Close all connections."""
        if self._listening:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
        try:
            await asyncio.wait_for(self._pool.close(), 5)
        except TimeoutError:
            self._pool.terminate()


async def connect_postgres(dsn: str, *, connections: int = 12) -> PostgresEngine:
    """Open a pool; raise `DatabaseUnavailable` with the reason in words."""
    with explained():
        pool = await asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=connections,
            timeout=_CONNECT_SECONDS,
            command_timeout=60,
            statement_cache_size=300,
            reset=_leave_as_it_is,
            server_settings={"application_name": "hotline", "jit": "off"},
        )
    return PostgresEngine(dsn, pool)


async def _leave_as_it_is(_connection: object) -> None:
    """Every transaction ends itself; asyncpg's own reset would cost a round trip each time."""


async def run_sync_postgres(dsn: str, work: Callable[[sa.Connection], _T], *, snapshot: bool = False) -> _T:
    """Run work that needs a synchronous SQLAlchemy connection, in one transaction."""
    isolation = "REPEATABLE READ" if snapshot else "READ COMMITTED"
    try:
        url = sa.make_url(dsn).set(drivername="postgresql+asyncpg")
        engine = create_async_engine(url, poolclass=sa.NullPool, isolation_level=isolation)
    except (sa.exc.ArgumentError, TypeError) as error:
        raise BadDatabaseUrl("The address of the PostgreSQL database cannot be read.") from error
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    except (sa.exc.DBAPIError, OSError, TimeoutError, asyncpg.PostgresError) as error:
        cause: BaseException | None = error
        while cause is not None:
            told = explain(cause)
            if told is not None:
                raise told from error
            cause = cause.__cause__
        raise
    finally:
        await engine.dispose()

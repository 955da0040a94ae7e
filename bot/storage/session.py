"""What repositories need from a connection, and what an engine must offer to a store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.storage.statements import Statement

Row = Sequence[Any]
"""One row of a result, by position."""


@dataclass
class Changes:
    """What a transaction left for delivery to do; announced once it is committed."""

    inbox: bool = False
    outbox: set[int] = field(default_factory=set)
    jobs: bool = False

    def __bool__(self) -> bool:
        return self.inbox or self.jobs or bool(self.outbox)

    def include(self, other: Changes) -> None:
        """Add the changes of another transaction."""
        self.inbox = self.inbox or other.inbox
        self.jobs = self.jobs or other.jobs
        self.outbox |= other.outbox

    def copy(self) -> Changes:
        """Return a copy to come back to after a savepoint failed."""
        return Changes(self.inbox, set(self.outbox), self.jobs)


Listener = Callable[[Changes], None]
"""Is told what was committed; must return at once."""


class Session(Protocol):
    """One transaction. A failed statement leaves it usable only after the savepoint around it is undone."""

    engine: str
    locks: bool
    """Whether a row that is read to be changed must be locked: not where there is one writer, nor for reading alone."""
    changes: Changes
    after_commit: list[Callable[[], Awaitable[None]]]

    async def rows(self, statement: Statement, **values: Any) -> Sequence[Row]:
        """Run a statement and return its rows."""
        ...

    async def run(self, statement: Statement, **values: Any) -> int:
        """Run a statement and return how many rows it touched."""
        ...

    async def many(self, statement: Statement, values: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement for each of `values`."""
        ...

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """Everything inside is undone on an error, the rest of the transaction stays."""
        ...


class Leadership(Protocol):
    """The right to be the only one of a kind."""

    def lost(self) -> bool:
        """Return whether the right is gone (the connection that held it broke)."""
        ...

    async def release(self) -> None:
        """Give the right back."""
        ...


class Engine(Protocol):
    """A kind of database."""

    engine: str

    def writing(self, on_begin: Callable[[], None] | None = None) -> AbstractAsyncContextManager[Session]:
        """Open a transaction; `on_begin` is called when it starts to keep other writers waiting."""
        ...

    def reading(self) -> AbstractAsyncContextManager[Session]:
        """Read what is committed, waiting for no writer. Nothing may be written."""
        ...

    async def lead(self, name: str) -> Leadership | None:
        """Return the right to be the only one that does `name`, or None where somebody else has it."""
        ...

    def listen(self, listener: Listener) -> None:
        """Tell `listener` about changes committed by other processes, as far as the engine can."""
        ...

    async def fold(self) -> None:
        """Bring the file up to date and drop what was deleted from its log, where the engine keeps one."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...

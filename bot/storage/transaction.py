"""All repositories inside one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from bot.clock import Clock
from bot.storage.cases import SqlCases
from bot.storage.cleaning import SqlCleaning
from bot.storage.crypto import Cipher
from bot.storage.inbox import SqlInbox
from bot.storage.jobs import SqlJobs
from bot.storage.outbox import SqlOutbox
from bot.storage.people import SqlPeople
from bot.storage.records import SqlAudit, SqlDesks, SqlOperators, SqlSearches, SqlSettings
from bot.storage.relays import SqlRelays
from bot.storage.session import Session


class SqlTransaction:
    """Fulfils `bot.storage.ports.Transaction`; `inbox`, `cleaning` and further methods are delivery's."""

    def __init__(self, session: Session, cipher: Cipher, clock: Clock) -> None:
        self.session = session
        self.people = SqlPeople(session, cipher, clock)
        self.cases = SqlCases(session, cipher, clock)
        self.relays = SqlRelays(session, cipher, clock)
        self.operators = SqlOperators(session, cipher, clock)
        self.audit = SqlAudit(session, cipher, clock)
        self.searches = SqlSearches(session, cipher, clock)
        self.outbox = SqlOutbox(session, cipher, clock)
        self.jobs = SqlJobs(session, cipher, clock)
        self.desks = SqlDesks(session, cipher, clock)
        self.settings = SqlSettings(session, cipher, clock)
        self.inbox = SqlInbox(session, cipher, clock)
        self.cleaning = SqlCleaning(session, cipher, clock)

    def after_commit(self, act: Callable[[], Awaitable[None]]) -> None:
        """Run `act` once this transaction is committed; dropped if it is rolled back."""
        self.session.after_commit.append(act)

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """Everything inside is undone on an error, the rest of the transaction stays."""
        return self.session.savepoint()

"""What can be wrong with a database, and what an administrator does about it."""

from __future__ import annotations

from bot.storage.ports import StorageError


class BadDatabaseUrl(StorageError):
    """The address of the database cannot be understood."""


class DatabaseUnavailable(StorageError):
    """The database does not answer now. Nothing is lost: what was not stored is not confirmed to anybody."""


class DatabaseFull(DatabaseUnavailable):
    """The disk of the database is full."""


class DatabaseReadOnly(DatabaseUnavailable):
    """The database cannot be written."""


class DatabaseLocked(DatabaseUnavailable):
    """Another program holds the database."""


class DatabaseBusy(DatabaseUnavailable):
    """Two transactions stood in each other's way; the same work succeeds when tried again."""


class DatabaseDamaged(StorageError):
    """The database file is not a whole database any more."""


class DatabaseNewer(StorageError):
    """The database was made by a newer hotline."""


class DatabaseNotEmpty(StorageError):
    """A backup is restored into an empty place only."""


class BackupUnreadable(StorageError):
    """A file is not a backup of a hotline, or not a whole one."""


class WrongKey(StorageError):
    """The key does not open this database."""


class KeyUnusable(StorageError):
    """The key itself, or the file it is kept in, cannot be used."""

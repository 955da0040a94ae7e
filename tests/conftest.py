"""Databases for all tests: everything that touches one runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import FixedClock
from bot.storage.crypto import Keys, new_key
from bot.storage.store import SqlStore, open_store
from tests import postgres

MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL that all tests share; each takes a database of its own."""
    try:
        with postgres.running() as server:
            yield server
    except postgres.PostgresMissing as error:
        pytest.skip(f"skipped: {error}")


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """An empty database on PostgreSQL."""
    name = f"test{next(_numbers)}"
    postgres_server.sql(f"CREATE DATABASE {name}")
    yield postgres_server.url(name)
    postgres_server.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A place for a database in a file."""
    return f"sqlite:///{tmp_path}/hotline.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database on each engine."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def keys() -> Keys:
    """A key of this test."""
    return Keys([new_key()])


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at nine in the morning until told."""
    return FixedClock(MORNING)


@pytest.fixture
async def store(database_url: str, keys: Keys, clock: FixedClock) -> AsyncIterator[SqlStore]:
    """A fresh database on each engine."""
    opened = await open_store(database_url, keys, clock)
    yield opened
    await opened.close()

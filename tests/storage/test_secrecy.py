"""Nothing that names a person can be read in the files of a database, and what is purged cannot be dug up."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.cases.model import Direction, NewCase, NewRelay, RelayState
from bot.clock import FixedClock, SystemChance, SystemClock
from bot.delivery.janitor import Janitor, Retention
from bot.delivery.meters import NoMeter
from bot.delivery.ports import MaybeDelivered, Refusal, Refused
from bot.languages.locales import Locale
from bot.storage.crypto import Keys
from bot.storage.ports import NewOutbox, OnUnknown, OutboxState, group_chat, private_chat
from bot.storage.sqlite import SqliteEngine
from bot.storage.store import SqlStore, open_store
from tests import postgres
from tests.conftest import MORNING
from tests.delivery.conftest import House
from tests.delivery.fakes import message, until

CHAT, OPERATOR, GROUP, MESSAGE, THREAD = 7_701_234_567, 7_707_654_321, -1_009_876_543_210, 88_123_456, 77_123_456
SECRETS = (
    *(str(number) for number in (CHAT, OPERATOR, GROUP, abs(GROUP), MESSAGE, THREAD)),
    "Айбек",
    "Bekzod",
    "не платят зарплату",
    "AgACAgIAAxkBAAIB",
    "мечеть рядом",
    "Тверская 13",
    "RU-KDA",
)


def forms(secret: str) -> Iterator[bytes]:
    """Return all forms in which a secret could lie in a file."""
    for encoding in ("utf-8", "utf-16-le", "cp1251"):
        yield secret.encode(encoding, "ignore")
    yield secret.encode("unicode_escape")
    number = secret.lstrip("-")
    if number.isdigit():
        for size in (6, 8):
            yield int(secret).to_bytes(size, "big", signed=True)
            yield int(secret).to_bytes(size, "little", signed=True)
        yield int(secret).to_bytes(4, "big", signed=True) if int(number) < 2**31 else secret.encode()


def assert_unreadable(folder: Path) -> int:
    """Fail where a secret can be read in any file of a folder; return how many bytes were looked at."""
    looked = 0
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        content = path.read_bytes()
        looked += len(content)
        for secret in SECRETS:
            for form in forms(secret):
                assert len(form) < 4 or form not in content, f"{secret!r} can be read in {path.name}"
    return looked


async def tell_everything(store: SqlStore) -> None:
    """Put every secret everywhere it belongs."""
    now = SystemClock().now()
    async with store.transaction() as tx:
        person = await tx.people.get_or_create(CHAT, now)
        person = replace(person, locale=Locale.KY, region="RU-KDA", session={"draft": {"text": "не платят зарплату"}})
        await tx.people.save(person)
        operator = await tx.operators.get_or_create(OPERATOR, "Bekzod", now)
        case = await tx.cases.open(
            NewCase(person.id, "main", Locale.KY, now, reason="не платят зарплату", summary={"address": "Тверская 13"})
        )
        case = await tx.cases.take(case.id, operator.id, now)
        await tx.cases.save(replace(case, thread_id=THREAD, card_id=MESSAGE))
        parcel = {"kind": "photo", "text": "не платят зарплату", "file_id": "AgACAgIAAxkBAAIB"}
        relay = await tx.relays.add(NewRelay(case.id, Direction.TO_DESK, CHAT, MESSAGE, now, parcel, album="Айбек"))
        await tx.relays.settle(relay.id, RelayState.DELIVERED, target_chat=GROUP, target_message=MESSAGE)
        params = {"chat_id": CHAT, "text": "не платят зарплату", "message_thread_id": THREAD}
        for on_unknown in OnUnknown:
            lane, chat = private_chat(CHAT), private_chat(CHAT)
            await tx.outbox.add(NewOutbox(lane, chat, "sendMessage", params, on_unknown=on_unknown))
        await tx.outbox.add(NewOutbox(group_chat(GROUP), group_chat(GROUP), "sendMessage", params))
        await tx.jobs.schedule("remind", f"person:{CHAT}", now + timedelta(days=1), {"text": "Айбек"})
        await tx.searches.add("мечеть рядом", "ky", "nothing", date(2026, 11, 24))
        await tx.desks.move("main", GROUP)
        await tx.settings.put("note", {"name": "Айбек", "chat": CHAT})
        await tx.audit.record(now, f"operator:{operator.id}", "opened", case.id)


def updates() -> list[dict[str, object]]:
    """Return updates that carry secrets: some are done, one is put aside."""
    found = []
    for number, text in ((31, "не платят зарплату"), (32, "мечеть рядом"), (33, "bad")):
        update = message(number, CHAT, text)
        update["message"]["from"]["first_name"] = "Айбек"
        update["message"]["message_id"] = MESSAGE + number
        found.append(update)
    return found


async def live_through_it(store: SqlStore, caplog: pytest.LogCaptureFixture) -> None:
    """Let a hotline do all it can do, troubles included."""
    await tell_everything(store)
    house = House(store)

    async def fail() -> None:
        raise ValueError(f"не платят зарплату {CHAT}")

    house.handler.trouble["bad"] = fail
    house.transport.will(
        "не платят зарплату",
        MaybeDelivered(f"timeout for {CHAT}"),
        Refused(Refusal.BLOCKED, "Айбек blocked the bot"),
        RuntimeError(f"{CHAT}"),
    )
    house.feed.write(*updates())
    async with house.running():
        await until(lambda: len(house.handler.buried) == 1)
        await until(lambda: "мечеть рядом" in house.transport.texts())


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    """A file into which everything is logged that anybody logs."""
    import structlog

    path = tmp_path / "logs" / "hotline.log"
    path.parent.mkdir()
    handler = logging.FileHandler(path)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    with path.open("a") as file:
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(file), cache_logger_on_first_use=False)
        yield path
        structlog.reset_defaults()
    root.removeHandler(handler)
    root.setLevel(logging.WARNING)
    handler.close()


async def test_sqlite_files_and_logs_tell_nothing(
    tmp_path: Path, keys: Keys, caplog: pytest.LogCaptureFixture, log_file: Path
) -> None:
    folder = tmp_path / "data"
    store = await open_store(f"sqlite:///{folder}/hotline.db", keys, SystemClock())
    await live_through_it(store, caplog)
    assert {"hotline.db", "hotline.db-wal", "hotline.db-shm"} <= {path.name for path in folder.iterdir()}
    assert assert_unreadable(folder) > 100_000
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    await store.close()
    assert_unreadable(folder)
    assert found(log_file.parent, b"-" * 20 + b"dead_letter"), "the log was written"
    assert_unreadable(log_file.parent)


async def test_postgresql_files_tell_nothing(
    keys: Keys, caplog: pytest.LogCaptureFixture, log_file: Path, postgres_server: postgres.Server, postgres_url: str
) -> None:
    store = await open_store(postgres_url, keys, SystemClock())
    await live_through_it(store, caplog)
    await store.close()
    postgres_server.sql("CHECKPOINT")
    assert assert_unreadable(postgres_server.folder) > 10_000_000
    assert_unreadable(log_file.parent)


def test_the_search_for_secrets_finds_them(tmp_path: Path) -> None:
    """A search that finds nothing anywhere would prove nothing."""
    for secret in SECRETS:
        (tmp_path / "file").write_bytes(b"\x00" * 50 + secret.encode() + b"\x00" * 50)
        with pytest.raises(AssertionError, match="can be read"):
            assert_unreadable(tmp_path)


async def test_what_is_over_is_wiped_even_as_ciphertext(tmp_path: Path, keys: Keys, clock: FixedClock) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/hotline.db", keys, clock)
    assert isinstance(store.engine, SqliteEngine)
    raw = store.engine.writer.raw
    async with store.transaction() as tx:
        sent = await tx.outbox.add(NewOutbox("l", "private:1", "sendMessage", {"text": "a" * 300}))
        failed = await tx.outbox.add(NewOutbox("l", "private:1", "sendMessage", {"text": "b" * 300}))
        person = await tx.people.get_or_create(CHAT, MORNING)
        case = await tx.cases.open(NewCase(person.id, "main", Locale.RU, MORNING))
        await tx.relays.add(NewRelay(case.id, Direction.TO_DESK, CHAT, 1, MORNING, {"text": "c" * 300}))
    ciphers = [
        *(row[0] for row in raw.execute("SELECT call FROM outbox")),
        *(row[0] for row in raw.execute("SELECT data FROM relays UNION SELECT data FROM people")),
    ]
    assert len(ciphers) == 4
    assert all(found(tmp_path, each) for each in ciphers)
    async with store.transaction() as tx:
        await tx.outbox.settle_sent(sent, 1)
        await tx.outbox.settle(failed, OutboxState.FAILED, "blocked")
        await tx.cases.save(case.closed(MORNING))
    clock.advance(timedelta(days=8))
    janitor = Janitor(store, clock, NoMeter(), Retention())
    async with store.transaction() as tx:
        await tx.cases.purge_closed(clock.now())
        await tx.people.erase(person.id)
    await janitor.clean()
    assert not any(found(tmp_path, each) for each in ciphers)
    await store.close()


def found(folder: Path, content: bytes) -> bool:
    """Return whether any file of a folder holds a value or a large part of it."""
    return any(content[20:80] in path.read_bytes() for path in folder.iterdir() if path.is_file())


async def test_the_janitor_takes_away_what_is_over_and_nothing_else(store: SqlStore, clock: FixedClock) -> None:
    from bot.delivery.intake import Intake
    from bot.delivery.worker import Worker
    from tests.delivery.fakes import RelayHandler

    handler = RelayHandler()

    async def fail() -> None:
        raise ValueError

    handler.trouble["bad"] = fail
    intake = Intake(store, handler)
    await intake.store_updates(updates()[1:])
    worker = Worker(store, handler, clock, SystemChance())
    for _ in range(20):
        await worker._batch()
        clock.advance(timedelta(minutes=2))
    async with store.transaction() as tx:
        (open_call, *_) = await tx.outbox.slots()
        failed = await tx.outbox.add(NewOutbox("l", "private:1", "sendMessage", {"text": "x"}))
        await tx.outbox.settle(failed, OutboxState.FAILED, "blocked")
        assert await tx.inbox.counts() == (0, 1)
        assert await tx.inbox.seen([32, 33]) == {32, 33}
    janitor = Janitor(store, clock, NoMeter(), Retention())
    assert await janitor.clean() == 0

    clock.advance(timedelta(days=4))
    assert await janitor.clean() == 1  # the id of the processed update
    async with store.reading() as tx:
        assert await tx.inbox.seen([32, 33]) == {33}
        row = await tx.outbox.get(failed)
        assert row is not None
        assert row.params == {"text": "x"}

    clock.advance(timedelta(days=4))
    assert await janitor.clean() == 1  # the words of the failed call
    async with store.reading() as tx:
        row = await tx.outbox.get(failed)
        assert row is not None
        assert row.params == {}

    clock.advance(timedelta(days=30))
    assert await janitor.clean() == 2  # the failed call and the dead letter
    async with store.reading() as tx:
        assert await tx.outbox.get(failed) is None
        assert await tx.inbox.list() == []
        kept = await tx.outbox.get(open_call.id)
        assert kept is not None
        assert kept.params != {}

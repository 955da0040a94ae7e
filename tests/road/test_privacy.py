"""Nothing that names a person can be read anywhere: database, WAL, logs at their most talkative, metrics, errors."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
import structlog

from bot.logs import set_up_logs
from bot.sandbox import LocalTelegram
from tests import postgres
from tests.road.conftest import Road
from tests.storage.test_secrecy import forms

pytestmark = pytest.mark.usefixtures("quick")

PERSON, OPERATOR, DESK = 7_701_234_567, 7_707_654_321, -1_009_876_543_210
SECRETS = (
    *(str(number) for number in (PERSON, OPERATOR, DESK, abs(DESK))),
    "Айжаркын",
    "Токтогулова",
    "aizharkyn_t",
    "Бекназар",
    "хозяин забрал мой синий рюкзак",
    "синий рюкзак",
    "зелёный рюкзак",
    "жёлтый рюкзак",
    "белый рюкзак",
    "чёрный рюкзак",
    "секретный договор",
    "sekretny-dogovor",
    "+79161234509",
    "79161234509",
    "55.7412",
)
"""Whatever was said, who said it, and where."""


def leaks(content: bytes) -> list[str]:
    """Return the secrets that can be read in a file or an output."""
    return [secret for secret in SECRETS for form in forms(secret) if len(form) >= 4 and form in content]


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    """A file for everything that the hotline logs at the level debug, and what its libraries would."""
    path = tmp_path / "logs" / "hotline.log"
    path.parent.mkdir()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    set_up_logs("debug")
    with path.open("a", buffering=1) as file:
        structlog.configure(
            **{**structlog.get_config(), "logger_factory": structlog.PrintLoggerFactory(file)},
        )
        yield path
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


@pytest.fixture
async def road(tmp_path: Path, database_url: str, log_file: Path) -> AsyncIterator[Road]:
    (tmp_path / "data").mkdir()
    url = database_url.replace(str(tmp_path), f"{tmp_path}/data")
    async with LocalTelegram() as telegram:
        group = telegram.group("Операторы", forum=True, chat_id=DESK)
        road = Road(telegram, tmp_path, url, desk=group)
        await road.start()
        try:
            yield road
        finally:
            await road.stop()


async def live(road: Road) -> None:
    """Let a person and an operator do what people do, with all kinds of trouble."""
    telegram = road.telegram
    person = telegram.person(
        "Айжаркын", last_name="Токтогулова", username="aizharkyn_t", user_id=PERSON, language_code="ky"
    )
    operator = telegram.person("Бекназар", groups=[road.desk], user_id=OPERATOR)
    await person.send("/start")
    await person.tap("Русский")
    await person.send("хозяин забрал мой синий рюкзак и смеётся")
    await person.send("меня зовут Айжаркын, телефон +79161234509")
    await person.tap("🙋")
    topic = await operator.topic("1 ·")
    words = await operator.finds(topic, "синий рюкзак")
    await operator.tap("✋", topic)
    await person.send_document("sekretny-dogovor.pdf", caption="секретный договор")
    await person.send_contact("+79161234509")
    await person.send_location(55.7412, 37.6173)
    await operator.reply(words, "зелёный рюкзак нашли?")
    await person.sees_soon("зелёный рюкзак")
    await road.rest()

    telegram.faults.drop_after("sendMessage", count=2)
    telegram.faults.server_error("sendMessage", count=1, after=2)
    telegram.faults.bad_gateway("getUpdates", count=1)
    await operator.reply(words, "жёлтый рюкзак")
    question = await person.send("чёрный рюкзак")
    await person.edit(question, "белый рюкзак")
    await road.rest()
    telegram.faults.clear()
    await person.block_bot()
    await operator.reply(words, "жёлтый рюкзак у меня")
    await road.rest()
    topic.delete()
    await person.unblock_bot()
    await person.send("белый рюкзак мой")
    await road.rest()

    async def broken(*_: object) -> None:
        raise ValueError(f"чёрный рюкзак of Айжаркын {PERSON}")

    assert road.hotline is not None
    handler = road.hotline.handler
    handle = handler._route
    handler._route = broken  # type: ignore[method-assign]
    await person.send("чёрный рюкзак сломал бота")
    await person.until(lambda: "ошибка" in person.sees(), timeout=20)
    handler._route = handle  # type: ignore[method-assign]
    assert await road.dead_letters() == ["ValueError"]


async def test_nothing_can_be_read_where_it_does_not_belong(
    road: Road,
    tmp_path: Path,
    log_file: Path,
    capfd: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
    database_url: str,
) -> None:
    await live(road)
    assert road.hotline is not None
    async with aiohttp.ClientSession() as session:
        pages = {}
        for page in ("metrics", "health"):
            async with session.get(f"http://127.0.0.1:{road.hotline.web_port}/{page}") as answer:
                pages[page] = await answer.read()
    assert b"hotline_dead_letters" in pages["metrics"]
    assert {page: leaks(content) for page, content in pages.items()} == {"metrics": [], "health": []}
    if database_url.startswith("postgresql"):
        server: postgres.Server = request.getfixturevalue("postgres_server")
        server.sql("CHECKPOINT")
        assert_silent(server.folder)
    else:
        assert {"hotline.db", "hotline.db-wal"} <= {path.name for path in (tmp_path / "data").iterdir()}
        assert_silent(tmp_path / "data")
    await road.stop()
    assert_silent(tmp_path)
    logged = log_file.read_text()  # noqa: ASYNC240
    assert "dead_letter" in logged
    assert "call_unknown" in logged
    assert "ValueError" in logged
    said = capfd.readouterr()
    assert leaks(f"{said.out}{said.err}".encode()) == []


def assert_silent(folder: Path) -> None:
    """Fail where a secret can be read in a file, or in the name of one."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert leaks(str(path.relative_to(folder)).encode()) == [], path.name
        with contextlib.suppress(FileNotFoundError):  # PostgreSQL takes away its own temporary files meanwhile
            assert leaks(path.read_bytes()) == [], path.name


def test_the_search_for_leaks_finds_them() -> None:
    for secret in SECRETS:
        assert secret in leaks(b"\0" * 9 + secret.encode() + b"\0" * 9)
    for order in ("little", "big"):
        assert str(PERSON) in leaks(b"\0" * 9 + PERSON.to_bytes(8, order) + b"\0" * 9)
        assert str(DESK) in leaks(b"\0" * 9 + DESK.to_bytes(6, order, signed=True) + b"\0" * 9)

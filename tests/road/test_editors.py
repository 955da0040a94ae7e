"""Editors change the knowledge from Telegram: look, send, have a second editor approve, take back."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox import LocalTelegram
from bot.sandbox.people import Person
from bot.sandbox.places import Group
from tests.road.conftest import KNOWLEDGE, Road

pytestmark = pytest.mark.asyncio


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[tuple[Road, Group, Person, Person]]:
    """A hotline with an editors' chat, a knowledge folder of its own, and two editors."""
    folder = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, folder)
    async with LocalTelegram() as telegram:
        road = Road(telegram, tmp_path)
        chat = telegram.group("Editors")
        anna, boris = (telegram.person(name, groups=[chat]) for name in ("Anna", "Boris"))
        given = road.settings.telegram.model_copy(update={"editors_chat": chat.id})
        own = {"telegram": given, "knowledge": folder, "publications": tmp_path / "publications.jsonl"}
        road.settings = road.settings.model_copy(update=own)
        await road.start()
        try:
            yield road, chat, anna, boris
        finally:
            await road.stop()


async def test_a_preview_shows_an_article_as_people_read_it(office: tuple[Road, Group, Person, Person]) -> None:
    _, chat, anna, _ = office
    await anna.write(chat, "/preview wages-unpaid ky")
    await anna.finds(chat, "Айлык")
    await anna.write(chat, "/kbstatus")
    await anna.finds(chat, "Статей: 64", timeout=30)


async def test_a_changed_fee_goes_out_after_a_second_editor_approved_it(
    office: tuple[Road, Group, Person, Person],
) -> None:
    road, chat, anna, boris = office
    place = road.hotline.settings.knowledge / "articles/wages-unpaid/ru.yaml"  # type: ignore[union-attr]
    before = place.read_text("utf-8")
    changed = before.replace("title: ", "title: Сейчас ", 1)
    await anna.send_document("wages-unpaid.ru.yaml", data=changed.encode(), where=chat)
    proposal = await anna.finds(chat, "Опубликовать должен другой редактор", timeout=30)
    await anna.tap("Опубликовать", proposal)
    await anna.finds(chat, "Another editor has to read")
    assert place.read_text("utf-8") == before
    await boris.tap("Опубликовать", proposal)
    published = await boris.finds(chat, "/rollback", timeout=30)
    assert place.read_text("utf-8") == changed
    await road.telegram.until(
        lambda: "Сейчас" in road.hotline.knowledge.articles["wages-unpaid"].texts["ru"].title,  # type: ignore
        timeout=30,
    )
    await anna.write(chat, "/rollback " + published.text.partition("/rollback ")[2].split()[0])
    await anna.finds(chat, "отменена", timeout=30)
    assert place.read_text("utf-8") == before


async def test_a_broken_file_is_refused_with_its_findings(office: tuple[Road, Group, Person, Person]) -> None:
    road, chat, anna, _ = office
    place = road.hotline.settings.knowledge / "articles/wages-unpaid/ru.yaml"  # type: ignore[union-attr]
    broken = place.read_text("utf-8").replace("title:", "titel:", 1)
    await anna.send_document("wages-unpaid.ru.yaml", data=broken.encode(), where=chat)
    said = await anna.finds(chat, "В файле ошибки", timeout=30)
    assert "titel" in said.text


async def test_a_search_without_an_answer_becomes_an_ask(office: tuple[Road, Group, Person, Person]) -> None:
    road, chat, anna, boris = office
    person = await road.newcomer(language="Русский")
    await person.send("бригадир кинул нас на бабки и пропал с концами ааа")
    await person.tap("👎")
    await person.sees_soon("Жаль")
    await anna.write(chat, "/gaps")
    gap = await anna.finds(chat, "«")
    await anna.tap("➕", gap)
    proposal = await anna.finds(chat, "Опубликовать должен другой редактор", timeout=30)
    await boris.tap("Опубликовать", proposal)
    await boris.finds(chat, "Опубликовано", timeout=30)


async def test_an_editors_group_that_becomes_a_supergroup_is_followed(
    office: tuple[Road, Group, Person, Person],
) -> None:
    road, chat, anna, _ = office
    await anna.write(chat, "/kbstatus")
    await anna.finds(chat, "Статей:", timeout=30)
    chat.migrate()
    await anna.write(chat, "/preview wages-unpaid ky")
    await anna.finds(chat, "Айлык")
    await road.stop()
    await road.start()
    await anna.write(chat, "/kbstatus")
    await anna.finds(chat, "Статей:", timeout=30)


async def test_an_editors_group_whose_move_was_missed_is_followed_by_what_is_said_there(
    office: tuple[Road, Group, Person, Person],
) -> None:
    road, chat, anna, _ = office
    old = chat.chat
    chat.migrate()
    await road.rest()
    assert road.hotline is not None
    async with road.hotline.store.transaction() as tx:
        await tx.desks.move("@editors", old.id)
        await road.hotline.handler.tell_editors(tx, "editors-broken", 1, ["строка"])
    await anna.finds(chat, "строка")
    await anna.write(chat, "/kbstatus")
    await anna.finds(chat, "Статей:", timeout=30)

"""From an editor's change to what people read: whole or not at all, read by two, recorded, taken back."""

from __future__ import annotations

import asyncio
import io
import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from bot.clock import FixedClock
from bot.editing.folder import FolderNotFound, load_folder, read_folder
from bot.editing.publication_log import PublicationLog
from bot.editing.publishing import (
    KnowledgeMovedOn,
    ProposalHasErrors,
    Publisher,
    SecondEditorNeeded,
    UnclearPlace,
    place_of,
)
from bot.editing.reload import KnowledgeBroken, KnowledgeHolder, Watcher, first_load
from bot.editing.spreadsheet import write_workbook
from bot.editing.translations import rows_for
from bot.editing.whole import WholeInspection
from bot.editing.writing import JOURNAL, PathOutsideFolder, recover, write_files
from bot.knowledge.base import Knowledge
from bot.knowledge.facts import Reader
from bot.knowledge.findings import Finding
from bot.knowledge.render import render_article
from bot.languages.locales import Locale

from .sample import TODAY, folder, write

FACTS = "facts/all.yaml"
EXTRA = "articles/extra/ru.yaml"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return write(folder(), tmp_path / "knowledge")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))


@pytest.fixture
def log(tmp_path: Path) -> PublicationLog:
    return PublicationLog(tmp_path / "data" / "publications.jsonl")


@pytest.fixture
def publisher(place: Path, log: PublicationLog, clock: FixedClock) -> Publisher:
    return Publisher(place, log, clock)


def changed(place: Path, path: str, old: str, new: str) -> bytes:
    text = (place / path).read_text("utf-8")
    assert old in text
    return text.replace(old, new).encode()


class Editors:
    """The editors' chat: what it was told."""

    def __init__(self) -> None:
        self.served: list[str] = []
        self.broken: list[tuple[Finding, ...]] = []

    async def on_served(self, knowledge: Knowledge) -> None:
        self.served.append(knowledge.version)

    async def on_broken(self, findings: tuple[Finding, ...]) -> None:
        self.broken.append(findings)


# --- Publishing --------------------------------------------------------------------------------------------------


async def test_a_new_fee_goes_to_all_languages_after_a_second_editor(place: Path, publisher: Publisher) -> None:
    proposal = await publisher.propose_file("all.yaml", changed(place, FACTS, "4200", "4300"), "aigul", FACTS)
    assert proposal.publishable
    seen = {(change.id, change.locale): list(change.lines()) for change in proposal.changes}
    assert seen[("registration", Locale.TG)] == ["- Боҷ: 4\u00a0200\u00a0₽.", "+ Боҷ: 4\u00a0300\u00a0₽."]
    assert {locale for article, locale in seen if article == "registration"} == set(Locale)
    with pytest.raises(SecondEditorNeeded):
        await publisher.publish(proposal, "aigul")
    assert "4200" in (place / FACTS).read_text("utf-8")
    publication = await publisher.publish(proposal, "daniyar")
    assert "4300" in (place / FACTS).read_text("utf-8")
    assert (publication.editor, publication.approved_by) == ("aigul", "daniyar")
    assert publication.version_after == load_folder(place).partial.version


async def test_a_fee_of_tomorrow_is_shown_with_its_day(place: Path, publisher: Publisher) -> None:
    content = changed(place, FACTS, "2025-09-01: 4200", "2025-09-01: 4200\n    2027-01-01: 5000")
    proposal = await publisher.propose_file("all.yaml", content, "aigul", FACTS)
    assert {change.on for change in proposal.changes} == {datetime(2027, 1, 1).date()}
    assert "+ Госпошлина: 5\u00a0000\u00a0₽." in list(proposal.changes[0].lines())


async def test_what_was_published_is_recorded_and_can_be_taken_back(
    place: Path, publisher: Publisher, log: PublicationLog, clock: FixedClock
) -> None:
    original = read_folder(place)
    first = await publisher.publish(
        await publisher.propose_file("all.yaml", changed(place, FACTS, "4200", "4300"), "aigul", FACTS), "daniyar"
    )
    clock.advance(timedelta(minutes=5))
    undone = await publisher.undo(first.id, "aigul")
    assert read_folder(place) == original
    assert [record.id for record in await log.latest(10)] == [undone.id, first.id]
    kept = await PublicationLog(log._file).get(undone.id)
    assert kept is not None
    assert (kept.undoes, kept.at) == (first.id, clock.now())


async def test_taking_back_does_not_trample_a_later_change(place: Path, publisher: Publisher) -> None:
    content = changed(place, FACTS, "4200", "4300")
    first = await publisher.publish(await publisher.propose_file("x.yaml", content, "aigul", FACTS), "daniyar")
    (place / FACTS).write_bytes(changed(place, FACTS, "10000", "11000"))
    with pytest.raises(KnowledgeMovedOn, match="facts/all"):
        await publisher.undo(first.id, "aigul")


async def test_a_broken_file_comes_back_with_findings_and_cannot_be_published(
    place: Path, publisher: Publisher
) -> None:
    content = changed(place, EXTRA, "short:", "shrt:")
    proposal = await publisher.propose_file("extra.ru.yaml", content, "aigul")
    assert {finding.code for finding in proposal.findings} >= {"unknown-key", "missing-key"}
    with pytest.raises(ProposalHasErrors):
        await publisher.publish(proposal, "daniyar")
    assert load_folder(place).knowledge is not None


async def test_a_removed_fact_shows_what_breaks_elsewhere(place: Path, publisher: Publisher) -> None:
    content = changed(place, FACTS, "duty:  # пошлина", "duty_new:")
    proposal = await publisher.propose_file("x.yaml", content, "aigul", FACTS)
    assert {finding.file for finding in proposal.findings} == {f"articles/registration/{each}.yaml" for each in Locale}
    assert not proposal.publishable


async def test_what_a_flow_shows_cannot_be_taken_away(place: Path, publisher: Publisher) -> None:
    content = changed(place, "organisations/all.yaml", "helpers:\n  name", "assistants:\n  name")
    proposal = await publisher.propose_file("all.yaml", content, "aigul", "organisations/all.yaml")
    places = {(finding.code, finding.file, finding.key_path) for finding in proposal.findings}
    flow = "flows/documents-check.yaml"
    assert ("unknown-organisation", flow, "outcomes.end.show[2].organisations.ids") in places
    with pytest.raises(ProposalHasErrors):
        await publisher.publish(proposal, "daniyar")


async def test_a_new_fact_that_a_flow_shows_by_now_is_not_taken_back(place: Path, publisher: Publisher) -> None:
    duty = (place / FACTS).read_bytes().split(b"duty:")[1].split(b"hotline_phone:")[0]
    proposal = await publisher.propose_file("new.yaml", b"duty_two:" + duty, "aigul", "facts/new.yaml")
    publication = await publisher.publish(proposal, "daniyar")
    flow = "flows/documents-check.yaml"
    (place / flow).write_bytes(changed(place, flow, "ru: Юрист", "ru: 'Юрист: {duty_two}.'"))
    with pytest.raises(ProposalHasErrors):
        await publisher.undo(publication.id, "daniyar")
    assert (place / "facts/new.yaml").exists()


async def test_two_changes_of_one_file_do_not_overwrite_each_other(place: Path, publisher: Publisher) -> None:
    one = await publisher.propose_file("x.yaml", changed(place, FACTS, "4200", "4300"), "aigul", FACTS)
    two = await publisher.propose_file("x.yaml", changed(place, FACTS, "10000", "11000"), "daniyar", FACTS)
    results = await asyncio.gather(
        publisher.publish(one, "daniyar"), publisher.publish(two, "aigul"), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["KnowledgeMovedOn", "Publication"]


async def test_two_changes_that_are_right_alone_and_wrong_together(place: Path, publisher: Publisher) -> None:
    duty = b"duty_two:" + (place / FACTS).read_bytes().split(b"duty:")[1].split(b"hotline_phone:")[0]
    proposal = await publisher.propose_file("new.yaml", duty, "aigul", "facts/new.yaml")
    assert proposal.publishable
    (place / "facts/other.yaml").write_bytes(duty)
    with pytest.raises(ProposalHasErrors, match="Together"):
        await publisher.publish(proposal, "daniyar")
    assert not (place / "facts/new.yaml").exists()


async def test_a_filled_workbook_is_a_proposal_too(place: Path, publisher: Publisher) -> None:
    workbook = write_workbook(rows_for(read_folder(place), Locale.RO), Locale.RO)
    untouched = await publisher.propose_file("texts.ro.xlsx", workbook, "aigul")
    assert (dict(untouched.files), untouched.publishable) == ({}, False)
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    for row in book["texts"].iter_rows(min_row=2):
        if (row[0].value, row[1].value) == ("articles/extra/ro.yaml", "answer[1]"):
            row[3].value = "Alte lucruri."
    saved = io.BytesIO()
    book.save(saved)
    proposal = await publisher.propose_file("texts.ro.xlsx", saved.getvalue(), "aigul")
    assert [(change.id, change.locale, change.part) for change in proposal.changes] == [("extra", Locale.RO, "answer")]
    await publisher.publish(proposal, "daniyar")
    assert "Alte lucruri." in (place / "articles/extra/ro.yaml").read_text("utf-8")


async def test_a_new_file_can_be_published_and_taken_back(place: Path, publisher: Publisher) -> None:
    content = changed(place, FACTS, "duty:  # пошлина", "duty_two:").split(b"duty_two:")[1].split(b"hotline_phone:")[0]
    proposal = await publisher.propose_file("new.yaml", b"duty_two:" + content, "aigul", "facts/new.yaml")
    publication = await publisher.publish(proposal, "daniyar")
    assert (place / "facts/new.yaml").exists()
    await publisher.undo(publication.id, "daniyar")
    assert not (place / "facts/new.yaml").exists()


@pytest.mark.parametrize(
    ("name", "given", "place"),
    [
        ("wages-unpaid.ky.yaml", None, "articles/wages-unpaid/ky.yaml"),
        ("wages-unpaid__uz_Cyrl.yaml", None, "articles/wages-unpaid/uz_Cyrl.yaml"),
        ("extra_article.yaml", None, "articles/extra/article.yaml"),
        ("sections.yaml", None, "sections.yaml"),
        ("ky.yaml", "articles/extra/ky.yaml", "articles/extra/ky.yaml"),
        ("ky.yaml", "knowledge/articles/extra/ky.yaml", "articles/extra/ky.yaml"),
    ],
)
def test_where_a_sent_file_belongs(name: str, given: str | None, place: str) -> None:
    assert place_of(name, folder(), given) == place


@pytest.mark.parametrize(
    ("name", "given"), [("ky.yaml", None), ("x.yaml", "../secret.yaml"), ("x.yaml", "/etc/x.yaml")]
)
def test_an_unclear_or_hostile_place_is_refused(name: str, given: str | None) -> None:
    with pytest.raises(UnclearPlace):
        place_of(name, folder(), given)


# --- Writing -----------------------------------------------------------------------------------------------------


def test_nothing_is_written_outside_of_the_folder(place: Path) -> None:
    before = read_folder(place)
    for path in ("../escaped.yaml", "/tmp/escaped.yaml", "facts/../../escaped.yaml", "."):
        with pytest.raises(PathOutsideFolder):
            write_files(place, {EXTRA: "changed", path: "x"})
    assert read_folder(place) == before


@pytest.mark.parametrize("crash_at", range(8))
def test_a_crash_leaves_the_old_or_the_new_version_never_half(
    place: Path, monkeypatch: pytest.MonkeyPatch, crash_at: int
) -> None:
    old = read_folder(place)
    changes: dict[str, str | bytes | None] = {EXTRA: "a: 1\n", FACTS: "b: 2\n", "sections.yaml": None}
    new = {path: content for path, content in old.items() if path != "sections.yaml"}
    new |= {EXTRA: b"a: 1\n", FACTS: b"b: 2\n"}
    calls = 0

    def crashing(name: str) -> None:
        original = getattr(os, name)

        def wrapper(*arguments: object, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls > crash_at:
                raise KeyboardInterrupt
            return original(*arguments, **options)

        monkeypatch.setattr(os, name, wrapper)

    crashing("replace")
    crashing("fsync")
    with pytest.raises(KeyboardInterrupt) if crash_at < 6 else pytest.MonkeyPatch.context():
        write_files(place, changes)
    monkeypatch.undo()
    recover(place)
    assert read_folder(place) in (old, new)
    assert not (place / JOURNAL).exists()


# --- The running bot ---------------------------------------------------------------------------------------------


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 (nothing tells of a look)
            await asyncio.sleep(0.005)


async def test_the_running_bot_takes_a_changed_folder_when_it_has_settled(place: Path, clock: FixedClock) -> None:
    holder, editors = first_load(place, clock), Editors()
    watcher = Watcher(place, holder, clock, editors.on_served, editors.on_broken)
    assert [await watcher.look() for _ in range(3)] == [False, False, False]
    before = holder.current
    (place / EXTRA).write_bytes(changed(place, EXTRA, "Прочее.", "Новое."))
    assert await watcher.look() is False
    assert holder.current is before
    assert await watcher.look() is True
    assert "Новое." in render_article(holder.current, "extra", Locale.RU, Reader(), TODAY).text
    assert editors.served == [holder.current.version]
    assert "Прочее." in render_article(before, "extra", Locale.RU, Reader(), TODAY).text


async def test_a_broken_edit_keeps_the_old_version_and_tells_the_editors_once(place: Path, clock: FixedClock) -> None:
    holder, editors = first_load(place, clock), Editors()
    watcher = Watcher(place, holder, clock, editors.on_served, editors.on_broken)
    before = holder.current
    good = (place / EXTRA).read_bytes()
    (place / EXTRA).write_bytes(changed(place, EXTRA, "short:", "shrt:"))
    for _ in range(5):
        assert await watcher.look() is False
    assert holder.current is before
    assert len(editors.broken) == 1
    assert editors.broken[0][0].file == EXTRA
    (place / EXTRA).write_bytes(good + b"# mended\n")
    await watcher.look()
    assert await watcher.look() is True


async def test_a_folder_whose_flow_names_a_lost_article_is_not_served(place: Path, clock: FixedClock) -> None:
    holder, editors = first_load(place, clock), Editors()
    watcher = Watcher(place, holder, clock, editors.on_served, editors.on_broken)
    before, flow = holder.current, "flows/documents-check.yaml"
    (place / flow).write_bytes(changed(place, flow, "article: patent", "article: permit"))
    for _ in range(3):
        assert await watcher.look() is False
    assert holder.current is before
    assert [(each.code, each.file) for each in editors.broken[0]] == [("unknown-article", flow)]


@pytest.mark.parametrize("raises", [True, False])
async def test_what_cannot_be_prepared_is_not_served(place: Path, clock: FixedClock, raises: bool) -> None:
    holder, editors = first_load(place, clock), Editors()
    wrong = Finding("unknown-flow", "flows/x.yaml", values={"id": "x"})
    prepared: list[str] = []

    def prepare(inspection: WholeInspection) -> tuple[Finding, ...]:
        if raises and not prepared:
            prepared.append("")
            raise ZeroDivisionError
        prepared.append(inspection.load.partial.version)
        return (wrong,) if len(prepared) == 1 else ()

    watcher = Watcher(place, holder, clock, editors.on_served, editors.on_broken, prepare=prepare)
    before = holder.current
    (place / EXTRA).write_bytes(changed(place, EXTRA, "Прочее.", "Новое."))
    for _ in range(4):
        await watcher.look()
    assert holder.current is before
    assert [[finding.code for finding in told] for told in editors.broken] == [
        ["cannot-be-used" if raises else "unknown-flow"]
    ]
    (place / EXTRA).write_bytes(changed(place, EXTRA, "Новое.", "Новейшее."))
    for _ in range(2):
        await watcher.look()
    assert holder.current.version == prepared[-1] == editors.served[-1]


async def test_an_inspection_that_crashes_is_told_and_the_watcher_goes_on(
    place: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder, editors = first_load(place, clock), Editors()
    watcher = Watcher(place, holder, clock, editors.on_served, editors.on_broken, poll_seconds=0.001)
    before = holder.current

    def crash(*_: object, **__: object) -> WholeInspection:
        raise IndexError("tuple index out of range")

    with monkeypatch.context() as broken:
        broken.setattr("bot.editing.reload.inspect_whole", crash)
        (place / EXTRA).write_bytes(changed(place, EXTRA, "Прочее.", "Новое."))
        watching = asyncio.create_task(watcher.run())
        await until(lambda: bool(editors.broken))
    assert holder.current is before
    assert [finding.code for finding in editors.broken[0]] == ["cannot-be-used"]
    (place / EXTRA).write_bytes(changed(place, EXTRA, "Новое.", "Новейшее."))
    await until(lambda: bool(editors.served))
    assert not watching.done()
    watching.cancel()
    assert holder.current.version == editors.served[-1]
    assert len(editors.broken) == 1


async def test_editors_who_cannot_be_told_do_not_end_the_watching(place: Path, clock: FixedClock) -> None:
    holder, editors = first_load(place, clock), Editors()
    asked: list[int] = []

    async def refuse(findings: tuple[Finding, ...]) -> None:
        asked.append(len(findings))
        raise ConnectionError

    watcher = Watcher(place, holder, clock, editors.on_served, refuse, poll_seconds=0.001)
    (place / EXTRA).write_bytes(changed(place, EXTRA, "short:", "shrt:"))
    watching = asyncio.create_task(watcher.run())
    await until(lambda: bool(asked))
    (place / EXTRA).write_bytes(changed(place, EXTRA, "shrt:", "short:") + b"# mended\n")
    await until(lambda: bool(editors.served))
    assert not watching.done()
    watching.cancel()


async def test_two_looks_never_prepare_at_the_same_time(place: Path, clock: FixedClock) -> None:
    holder, editors = first_load(place, clock), Editors()
    running, most = 0, 0

    def prepare(_: WholeInspection) -> tuple[Finding, ...]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.05)
        running -= 1
        return ()

    watcher = Watcher(place, holder, clock, editors.on_served, editors.on_broken, prepare=prepare)
    (place / EXTRA).write_bytes(changed(place, EXTRA, "Прочее.", "Новое."))
    await watcher.look()
    took = await asyncio.gather(watcher.look(), watcher.look_now(), watcher.look_now())
    assert most == 1
    assert took == [True, False, False]
    assert editors.served == [holder.current.version]


async def test_a_folder_that_is_gone_for_a_moment_keeps_the_old_version(place: Path, clock: FixedClock) -> None:
    holder, editors = first_load(place, clock), Editors()
    watcher = Watcher(place, holder, clock, editors.on_served, editors.on_broken)
    before = holder.current
    await asyncio.to_thread(place.rename, place.with_name("moved"))
    for _ in range(3):
        assert await watcher.look() is False
    assert holder.current is before


async def test_a_publication_under_way_is_not_read(place: Path, clock: FixedClock) -> None:
    holder, editors = first_load(place, clock), Editors()
    watcher = Watcher(place, holder, clock, editors.on_served, editors.on_broken)
    (place / JOURNAL).write_text(json.dumps({"write": [], "remove": []}))
    (place / EXTRA).write_bytes(changed(place, EXTRA, "Прочее.", "Половина."))
    for _ in range(3):
        assert await watcher.look() is False
    (place / JOURNAL).unlink()
    await watcher.look()
    assert await watcher.look() is True


def test_a_broken_folder_is_refused_at_the_start_with_its_errors(place: Path, clock: FixedClock) -> None:
    (place / EXTRA).write_bytes(changed(place, EXTRA, "short:", "shrt:"))
    with pytest.raises(KnowledgeBroken, match=EXTRA):
        first_load(place, clock)
    with pytest.raises(FolderNotFound, match="nowhere"):
        first_load(place / "nowhere", clock)


async def test_readers_under_load_never_see_half_a_version(place: Path, clock: FixedClock) -> None:
    """Two articles always change together; a reader that sees one new and one old has seen half a version."""
    holder, editors = first_load(place, clock), Editors()
    watcher = Watcher(place, holder, clock, editors.on_served, editors.on_broken, poll_seconds=0.001)
    done = asyncio.Event()
    seen: set[tuple[str, str]] = set()

    def mark(holder: KnowledgeHolder) -> tuple[str, str]:
        knowledge = holder.current
        one = render_article(knowledge, "extra", Locale.RU, Reader(), TODAY).blocks[-1].text
        two = render_article(knowledge, "registration", Locale.RU, Reader(), TODAY, "steps").blocks[2].text
        return one, two

    async def read() -> None:
        while not done.is_set():
            seen.add(mark(holder))
            await asyncio.sleep(0)

    async def edit() -> None:
        paths = (EXTRA, "articles/registration/ru.yaml")
        original = {path: (place / path).read_text("utf-8") for path in paths}
        for word in ("Первое", "Второе", "Третье", "Четвёртое", "Пятое"):
            write_files(
                place,
                {
                    paths[0]: original[paths[0]].replace("Прочее.", f"{word}."),
                    paths[1]: original[paths[1]].replace("Хозяин подаёт бумагу.", f"{word}."),
                },
            )
            version = load_folder(place).partial.version
            for _ in range(500):
                if editors.served[-1:] == [version] and (f"{word}.", f"{word}.") in seen:
                    break
                await asyncio.sleep(0.01)
            assert editors.served[-1] == version
        done.set()

    watching = asyncio.create_task(watcher.run())
    await asyncio.wait_for(asyncio.gather(edit(), *(read() for _ in range(8))), 60)
    watching.cancel()
    assert {pair for pair in seen if pair[0] != pair[1]} == {("Прочее.", "Хозяин подаёт бумагу.")}
    assert len(seen) == 6

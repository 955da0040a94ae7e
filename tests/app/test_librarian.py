"""A library made by another process, or kept from the start before."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.editing.reload import KnowledgeBroken
from bot.errors import HotlineError
from bot.librarian import Librarian
from bot.library import build_library
from bot.library_cache import LibraryCache, mark_of
from bot.storage.crypto import Keys, new_key
from tests.triage.danger_phrases import DANGER

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's knowledge, for changing."""
    target = tmp_path_factory.mktemp("kept") / "knowledge"
    shutil.copytree(Path(__file__).parents[2] / "knowledge", target)
    return target


def test_ctrl_c_does_not_reach_whoever_makes_the_library(tmp_path: Path) -> None:
    librarian = Librarian.begin(tmp_path / "nothing", TODAY)
    process = librarian._process
    assert process is not None
    assert os.getpgid(process.pid) != os.getpgrp(), "the terminal sends Ctrl+C to the whole group"
    with pytest.raises(HotlineError):
        librarian.wait()


def test_the_second_start_takes_what_the_first_one_made(folder: Path, tmp_path: Path) -> None:
    cache = LibraryCache(tmp_path / "var" / "library.cache", Keys([new_key()]))
    first = Librarian.begin(folder, TODAY, cache)
    made = first.wait()
    first.keep()
    assert (tmp_path / "var" / "library.cache").stat().st_mode & 0o777 == 0o600

    second = Librarian.begin(folder, TODAY, cache)
    assert second._process is None, "nothing is made anew"
    taken = second.wait()
    here = build_library(folder, TODAY)
    for library in (made, taken):
        assert library.knowledge.articles == here.knowledge.articles
        for question in ("мне не платят зарплату", "паспортимни олиб қўйишди"):
            assert library.index.search(question) == here.index.search(question)
        for text in DANGER:
            heard, expected = library.danger.match(text), here.danger.match(text)
            assert (heard and heard.rule.id) == (expected and expected.rule.id), "it hears as if it were made here"


def test_a_start_refuses_what_a_reload_refuses(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "knowledge"
    shutil.copytree(folder, broken)
    flow = broken / "flows" / "attack.yaml"
    flow.write_text(flow.read_text("utf-8").replace("{article: hate-attack}", "{article: no-such-article}"), "utf-8")
    with pytest.raises(KnowledgeBroken, match=r"attack\.yaml.*no-such-article"):
        build_library(broken, TODAY)


def test_what_is_kept_is_not_used_for_another_day_or_a_changed_text(folder: Path) -> None:
    before = mark_of(folder, TODAY)
    assert mark_of(folder, TODAY) == before
    assert mark_of(folder, date(2026, 11, 25)) != before
    changed = folder / "articles" / "bank-card" / "ro.yaml"
    text = changed.read_text(encoding="utf-8")
    changed.write_text(text + "\n", encoding="utf-8")
    try:
        assert mark_of(folder, TODAY) != before
    finally:
        changed.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("damage", ["another key", "changed", "cut", "missing"])
def test_what_cannot_be_trusted_is_never_loaded(tmp_path: Path, damage: str) -> None:
    path, mark, key = tmp_path / "library.cache", b"mark", new_key()
    LibraryCache(path, Keys([key])).write(mark, b"a library")
    assert LibraryCache(path, Keys([key])).read(mark) == b"a library"
    assert LibraryCache(path, Keys([key])).read(b"another mark") is None
    content = path.read_bytes()
    match damage:
        case "another key":
            key = new_key()
        case "changed":
            path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        case "cut":
            path.write_bytes(content[:20])
        case _:
            path.unlink()
    assert LibraryCache(path, Keys([key])).read(mark) is None


def test_a_disk_that_does_not_take_it_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    LibraryCache(tmp_path / "file" / "library.cache", Keys([new_key()])).write(b"mark", b"a library")
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]

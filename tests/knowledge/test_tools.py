"""The editors' commands, as an editor runs them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from bot.cli_knowledge import app
from bot.editing.compare import compare
from bot.editing.folder import read_folder
from bot.editing.history import NoSuchRevision, read_revision
from bot.editing.new_article import ArticleExists, BadArticleId, new_article
from bot.editing.status import status_of
from bot.errors import HotlineError
from bot.knowledge.checks import inspect
from bot.knowledge.loader import parse
from bot.languages.locales import Locale

from .sample import TODAY, folder, write

EXTRA = "articles/extra/ru.yaml"
Run = Callable[..., Result]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return write(folder(), tmp_path / "knowledge")


@pytest.fixture
def run(place: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)

    def call(*arguments: str, on: str | None = "2026-11-24") -> Result:
        dated = ["--on", on] if on else []
        return CliRunner().invoke(app, [*arguments, "--folder", str(place), *dated])

    return call


def edit(place: Path, path: str, old: str, new: str) -> None:
    text = (place / path).read_text("utf-8")
    assert old in text
    (place / path).write_text(text.replace(old, new), "utf-8")


def test_check_says_that_all_is_well(run: Run) -> None:
    result = run("check")
    assert (result.exit_code, result.stdout) == (0, "0 errors, 0 warnings; 3 articles, 1 flows\n")


def test_check_covers_flows_and_the_talks_beside_the_folder(run: Run, place: Path) -> None:
    talks = place.parent / "tests" / "talks"
    talks.mkdir(parents=True)
    shutil.copytree(Path(__file__).parents[2] / "locales", place.parent / "locales")
    talk = "flow: documents-check\nlocale: ru\ntoday: 2026-11-24\nsteps: [{tap: 'yes'}]\nending: end\n"
    (talks / "documents-check.short.yaml").write_text(talk, "utf-8")
    assert run("check").exit_code == 0
    (talks / "documents-check.short.yaml").write_text(
        talk.replace("[{tap: 'yes'}]\nending: end", "[{at: late}]"), "utf-8"
    )
    edit(place, "flows/documents-check.yaml", "article: patent", "article: patents")
    edit(place, EXTRA, "Прочее.", "Срок 7 дней.")
    result = run("check")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith("error: articles/extra/ru.yaml:12 answer[1] [ru] The number 7")
    assert re.match(r"error: flows/documents-check.yaml:\d+ outcomes.end.show\[1\].article ", lines[1])
    assert lines[1].endswith("allowed: patent")
    assert re.match(
        r"error: flows/documents-check.yaml:\d+ outcomes.end No talk in tests/talks ends in “end”.", lines[2]
    )
    assert lines[3] == "3 errors, 0 warnings; 3 articles, 1 flows"


def test_check_names_the_place_in_the_editors_language(run: Run, place: Path) -> None:
    edit(place, EXTRA, "Прочее.", "Срок 7 дней.")
    result = run("check", "--messages", "ru")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == (
        "ошибка: articles/extra/ru.yaml:12 answer[1] [ru] В тексте стоит число 7; сделайте факт, "
        "а имя закона или бланка добавьте в lexicon/allowed_numbers.yaml."
    )


def test_warnings_pass_unless_strict(run: Run) -> None:
    assert run("check", on="2027-06-01").exit_code == 0
    assert run("check", "--strict", on="2027-06-01").exit_code == 1


def test_status_counts_what_is_complete_stale_missing_and_due(run: Run, place: Path) -> None:
    edit(place, EXTRA, "updated: 2026-11-20", "updated: 2026-11-23")
    (place / "articles/patent/ky.yaml").unlink()
    edit(place, "facts/all.yaml", "2025-09-01: 4200", "2025-09-01: 4200\n    2026-12-20: 4300")
    edit(place, "articles/patent/article.yaml", "check_by: 2027-02-22", "check_by: 2026-12-10")
    edit(place, "articles/extra/article.yaml", "check_by: 2027-02-22", "check_by: 2026-11-23")
    data = json.loads(run("status", "--json").stdout)
    assert data["locales"]["ru"] == {"complete": 3, "stale": [], "missing": []}
    assert data["locales"]["ky"] == {"complete": 1, "stale": ["extra"], "missing": ["patent"]}
    assert data["past_check_by"] == [{"kind": "article", "id": "extra", "check_by": "2026-11-23"}]
    assert data["due_soon"] == [{"kind": "article", "id": "patent", "check_by": "2026-12-10"}]
    assert data["starting_soon"] == [["duty", "2026-12-20"]]
    assert data["errors"] == 1
    table = run("status").stdout
    assert "begins 2026-12-20: fact duty" in table
    assert "past check-by 2026-11-23: article extra" in table


def test_show_prints_what_a_tajik_reads(run: Run) -> None:
    result = run("show", "registration", "--lang", "tg", "--citizenship", "TJ")
    assert "Ба қайд истед. Мӯҳлат: 15 рӯз." in result.stdout
    assert "Чӣ бояд кард\n1. Соҳибхона ҳуҷҷат месупорад." in result.stdout
    assert isinstance(run("show", "gone").exception, HotlineError)


def test_new_makes_files_that_the_check_asks_to_fill(run: Run, place: Path) -> None:
    result = run("new", "lost-phone", "--section", "documents")
    assert result.exit_code == 0
    assert sorted(path.name for path in (place / "articles/lost-phone").iterdir()) == [
        "article.yaml", "ky.yaml", "ro.yaml", "ru.yaml", "tg.yaml", "uz.yaml", "uz_Cyrl.yaml",
    ]  # fmt: skip
    found = inspect(read_folder(place), TODAY).findings
    assert {finding.file.split("/")[1] for finding in found} == {"lost-phone"}
    assert {finding.code for finding in found} >= {"empty-value", "wrong-form"}
    with pytest.raises(ArticleExists):
        new_article(read_folder(place), "lost-phone", "documents", TODAY)
    with pytest.raises(BadArticleId):
        new_article(read_folder(place), "../lost", "documents", TODAY)


def test_export_and_import_are_a_round_trip(run: Run, place: Path, tmp_path: Path) -> None:
    workbook, before = tmp_path / "ky.xlsx", read_folder(place)
    assert run("export", "--lang", "ky", "--xlsx", "-o", str(workbook), on=None).exit_code == 0
    assert run("import", str(workbook)).exit_code == 0
    assert read_folder(place) == before
    book = openpyxl.load_workbook(workbook)
    for row in book["texts"].iter_rows(min_row=2):
        if (row[0].value, row[1].value) == ("articles/extra/ky.yaml", "answer[1]"):
            row[3].value = "Үч күн калды 7."
    book.save(workbook)
    refused = run("import", str(workbook), on="2026-11-25")
    assert refused.exit_code == 1
    assert "digits-in-prose" not in refused.stdout
    assert "The number 7 stands in the text" in refused.stdout
    assert read_folder(place) == before


def test_transliterate_drafts_what_is_missing_and_never_what_was_read(run: Run, place: Path) -> None:
    read = (place / "articles/extra/uz_Cyrl.yaml").read_text("utf-8")
    (place / "articles/patent/uz_Cyrl.yaml").unlink()
    result = run("transliterate", on=None)
    assert "articles/patent/uz_Cyrl.yaml: 0 words to look at" in result.stdout
    assert "title: Патентни қандай оламан" in (place / "articles/patent/uz_Cyrl.yaml").read_text("utf-8")
    assert (place / "articles/extra/uz_Cyrl.yaml").read_text("utf-8") == read
    assert "--force" in run("transliterate", "extra", on=None).stdout


def test_diff_shows_what_people_read_differently(run: Run, place: Path) -> None:
    git(place, "init", "-q")
    git(place, "add", "-A")
    git(place, "-c", "user.name=E", "-c", "user.email=e@example.org", "commit", "-qm", "Перший")
    edit(place, "facts/all.yaml", "4200", "4300")
    output = run("diff", "HEAD").stdout
    assert (
        "article registration [ky] answer\n    - Төлөм: 4\u00a0200\u00a0₽.\n    + Төлөм: 4\u00a0300\u00a0₽.\n" in output
    )
    assert "6 texts changed" in output
    assert read_revision(place, "HEAD") == {path: str(text).encode() for path, text in folder().items()}
    for revision in ("no-such", "--output=/tmp/x"):
        with pytest.raises(NoSuchRevision):
            read_revision(place, revision)


def git(place: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(place), *arguments], check=True, capture_output=True)


def test_schema_writes_what_an_editors_program_reads(run: Run, place: Path) -> None:
    assert run("schema", on=None).exit_code == 0
    assert json.loads((place / "schema/text.json").read_text("utf-8"))["properties"]["short"]["maxLength"] == 34
    assert run("check").exit_code == 0


def test_compare_finds_the_first_day_of_every_change() -> None:
    old, files = parse(folder()).partial, folder()
    files[EXTRA] = str(files[EXTRA]) + "beware:\n  - {text: Скоро., from: 2026-12-01}\n"
    files["organisations/all.yaml"] = str(files["organisations/all.yaml"]).replace('"+74951234567"', '"+74957654321"')
    files["sections.yaml"] = str(files["sections.yaml"]).replace("patent, extra", "extra, patent")
    changes = compare(old, parse(files).partial, TODAY)
    by_kind = {
        kind: [change for change in changes if change.kind == kind] for kind in ("article", "organisation", "menu")
    }
    assert [(c.id, c.locale, c.part, c.on) for c in by_kind["article"] if c.id == "extra"] == [
        ("extra", Locale.RU, "beware", date(2026, 12, 1))
    ]
    assert {(c.id, c.part) for c in by_kind["article"] if c.id != "extra"} == {("registration", "where")}
    assert {change.id for change in by_kind["organisation"]} == {"helpers"}
    assert len(by_kind["menu"]) == len(Locale)
    assert compare(old, old, TODAY) == ()


def test_the_shipped_knowledge_has_a_status() -> None:
    shipped = Path(__file__).parents[2] / "knowledge"
    state = status_of(inspect(read_folder(shipped), TODAY), TODAY)
    assert state.articles > 0
    assert set(state.as_json()["locales"]) == {locale.value for locale in Locale}

"""Translators work in spreadsheets; what they did not touch stays as it is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from bot.editing.folder import read_folder
from bot.editing.spreadsheet import NotOurSpreadsheet, read_workbook, write_workbook
from bot.editing.translations import Merged, merge, rows_for
from bot.editing.transliterate import NoLatinText, draft_article, read_exceptions
from bot.knowledge.checks import inspect
from bot.languages.locales import Locale

from .sample import TODAY, folder

Files = dict[str, str | bytes]
LATER = date(2026, 11, 25)
KY_FILE = "articles/registration/ky.yaml"


def filled_in(files: Files, locale: Locale, change: Callable[[str, str, str], str]) -> bytes:
    """Export, let a translator write into the coloured column of the workbook, save."""
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(rows_for(files, locale), locale)))
    sheet = book["texts"]
    for row in sheet.iter_rows(min_row=2):
        row[3].value = change(str(row[0].value), str(row[1].value), row[3].value or "") or None
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def merged(files: Files, workbook: bytes, today: date = LATER) -> Merged:
    locale, filled = read_workbook(workbook)
    return merge(files, locale, filled, today)


@pytest.mark.parametrize("locale", list(Locale))
def test_an_untouched_workbook_changes_no_file(locale: Locale) -> None:
    result = merged(folder(), filled_in(folder(), locale, lambda file, place, text: text))
    assert result == Merged()


def test_one_changed_cell_changes_one_line_and_the_day_of_the_text() -> None:
    files = folder()

    def translate(file: str, place: str, text: str) -> str:
        return "Кожоюн кагаз берет." if (file, place) == (KY_FILE, "steps[1]") else text

    result = merged(files, filled_in(files, Locale.KY, translate))
    old, new = str(files[KY_FILE]).splitlines(), result.changes[KY_FILE].splitlines()
    assert [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]] == [
        ("updated: 2026-11-20  # день перевода", "updated: 2026-11-25  # день перевода"),
        ("  - Үй ээси кагаз берет.", "  - Кожоюн кагаз берет."),
    ]
    assert list(result.changes) == [KY_FILE]


def test_a_translation_that_was_missing_becomes_a_file() -> None:
    files, complete = folder(), folder()
    del files["articles/patent/tg.yaml"]
    texts = {(row.file, row.place): row.current for row in rows_for(complete, Locale.TG)}

    def translate(file: str, place: str, text: str) -> str:
        return text or texts.get((file, place), "")

    result = merged(files, filled_in(files, Locale.TG, translate))
    after = {**files, **result.changes}
    assert inspect(after, LATER).findings == ()
    before = inspect(complete, TODAY).load.partial.articles["patent"].texts[Locale.TG]
    assert inspect(after, LATER).load.partial.articles["patent"].texts[Locale.TG] == before.model_copy(
        update={"updated": LATER}
    )


def test_a_stale_text_is_marked_and_a_translator_refreshes_it() -> None:
    files = folder()
    ru = "articles/registration/ru.yaml"
    files[ru] = str(files[ru]).replace("updated: 2026-11-20", "updated: 2026-11-23")
    states = {row.state for row in rows_for(files, Locale.KY) if row.file == KY_FILE}
    assert "stale" in states

    def translate(file: str, place: str, text: str) -> str:
        return "Каттоого туруу" if (file, place) == (KY_FILE, "title") else text

    result = merged(files, filled_in(files, Locale.KY, translate))
    stale = {f.file for f in inspect({**files, **result.changes}, LATER).findings if f.code == "stale-text"}
    assert KY_FILE not in stale


def test_questions_can_be_added_changed_and_removed() -> None:
    files = folder()

    def write(file: str, place: str, text: str) -> str:
        if file != KY_FILE:
            return text
        return {"asks[1]": "", "asks[2]": "каттоо кайда", "asks[7]": "+7 деп чалды", "asks[8]": "=жаңы"}.get(
            place, text
        )

    result = merged(files, filled_in(files, Locale.KY, write))
    text = inspect({**files, **result.changes}, LATER).load.partial.articles["registration"].texts[Locale.KY]
    assert text.asks[0] == "каттоо кайда"
    assert text.asks[-2:] == ("+7 деп чалды", "=жаңы")
    assert len(text.asks) == 7


def test_texts_that_begin_like_a_formula_or_a_number_stay_texts() -> None:
    files = folder()
    files[KY_FILE] = str(files[KY_FILE]).replace("один ааа ky", "=1+1").replace("вопрос про бумаги ааа ky", "'112'")
    assert merged(files, filled_in(files, Locale.KY, lambda file, place, text: text)) == Merged()
    locale, rows = read_workbook(write_workbook(rows_for(files, Locale.KY), Locale.KY))
    now = {row.place: row.now for row in rows if row.file == KY_FILE}
    assert (locale, now["asks[1]"], now["asks[2]"]) == (Locale.KY, "=1+1", "112")


def test_what_somebody_changed_meanwhile_is_a_conflict_and_stays() -> None:
    files = folder()

    def translate(file: str, place: str, text: str) -> str:
        return "Кожоюн кагаз берет." if (file, place) == (KY_FILE, "steps[1]") else text

    workbook = filled_in(files, Locale.KY, translate)
    files[KY_FILE] = str(files[KY_FILE]).replace("Үй ээси кагаз берет.", "Үйдүн ээси кагаз берет.")
    result = merged(files, workbook)
    assert [(each.place, each.in_folder, each.in_sheet) for each in result.conflicts] == [
        ("steps[1]", "Үйдүн ээси кагаз берет.", "Кожоюн кагаз берет.")
    ]
    assert "Кожоюн" not in str(result.changes.get(KY_FILE, ""))


def test_a_place_that_is_gone_is_reported() -> None:
    files = folder()
    workbook = filled_in(files, Locale.KY, lambda file, place, text: text + "!" if place == "steps[1]" else text)
    for locale in Locale:
        path = f"articles/registration/{locale}.yaml"
        text = str(files[path])
        files[path] = text[: text.index("steps:")] + text[text.index("where:") :]
    assert merged(files, workbook).lost == (f"{KY_FILE} steps[1]",)


def test_organisations_sections_and_services_are_translated_too() -> None:
    files = folder()
    places = {(row.file, row.place) for row in rows_for(files, Locale.RO)}
    assert ("organisations/all.yaml", "helpers.for.ro") in places
    assert ("sections.yaml", "[1].title.ro") in places
    assert ("services.yaml", "legal_help.ro") in places

    def translate(file: str, place: str, text: str) -> str:
        return "Jurist bun" if file == "services.yaml" else text

    result = merged(files, filled_in(files, Locale.RO, translate))
    assert result.changes["services.yaml"] == str(files["services.yaml"]).replace("ro: Jurist", "ro: Jurist bun")


def test_foreign_workbooks_are_refused_with_a_reason() -> None:
    other = io.BytesIO()
    openpyxl.Workbook().save(other)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 210_000_000)
    for content, reason in (
        (b"not a workbook", "Excel"),
        (other.getvalue(), "texts"),
        (bomb.getvalue(), "unpacked"),
        (b"x" * 11_000_000, "10 MB"),
    ):
        with pytest.raises(NotOurSpreadsheet, match=reason):
            read_workbook(content)


def test_uzbek_cyrillic_is_drafted_with_the_same_shape_and_the_doubts_listed() -> None:
    files = folder()
    files["lexicon/uzbek_exceptions.yaml"] = "stems: {}\nwords: {}\nnames: {}\n"
    uz = "articles/registration/uz.yaml"
    files[uz] = str(files[uz]).replace("Uy egasi qog‘oz beradi.", "'Konsulga boring: oktabr oyida IIV.'")
    draft = draft_article(files, "registration", read_exceptions(files))
    files[draft.file] = draft.content
    assert inspect(files, TODAY).findings == ()
    text = inspect(files, TODAY).load.partial.articles["registration"].texts[Locale.UZ_CYRL]
    assert text.title == "Қандай рўйхатга тураман"
    assert "{registration_days}" in text.answer[0].text
    assert "[example](https://example.org)" in draft.content or "(https://example.org)" in draft.content
    assert "# первый шаг" in draft.content
    assert {doubt.word for doubt in draft.doubtful} >= {"oktabr", "IIV"}
    assert all(doubt.path == ("steps", 0) for doubt in draft.doubtful if doubt.word == "oktabr")
    del files[uz]
    with pytest.raises(NoLatinText, match=r"uz\.yaml"):
        draft_article(files, "registration", read_exceptions(files))


@pytest.mark.parametrize("locale", list(Locale))
def test_the_shipped_knowledge_goes_to_a_workbook_and_back_unchanged(locale: Locale) -> None:
    files = read_folder(Path(__file__).parents[2] / "knowledge")
    rows = list(rows_for(files, locale))
    assert len(rows) > 1000
    assert merged(files, write_workbook(rows, locale)) == Merged()

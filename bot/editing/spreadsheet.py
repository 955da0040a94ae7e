"""Rows for translators as an .xlsx workbook, and back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils.exceptions import InvalidFileException

from bot.editing.translations import Filled, Row
from bot.errors import HotlineError
from bot.languages.locales import OWN_NAMES, Locale

SHEET: Final = "texts"
MAX_BYTES: Final = 10 * 1024 * 1024
MAX_UNPACKED: Final = 200 * 1024 * 1024
MAX_ROWS: Final = 100_000
_WIDTHS: Final = {"A": 34, "B": 16, "C": 60, "D": 60, "E": 22, "F": 10, "G": 10}
_TO_WRITE: Final = PatternFill("solid", fgColor="FFF8DC")
_STATES: Final = {"new": "новый", "stale": "устарел", "": ""}


class NotOurSpreadsheet(HotlineError):
    """The file is not a workbook that was made by the export; the text says what is missing."""


def write_workbook(rows: Iterable[Row], locale: Locale) -> bytes:
    """Return a workbook: the translator writes into the coloured column; a hidden one keeps what stood there."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    sheet.append(["файл", "место", "русский", OWN_NAMES[locale], "для кого, когда", "состояние", locale.value])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, row in enumerate(rows, start=2):
        state = _STATES[row.state]
        for column, value in enumerate((row.file, row.place, row.source, row.current, row.note, state, row.current), 1):
            cell = sheet.cell(number, column)
            assert isinstance(cell, Cell)
            _put(cell, value)
        sheet.cell(number, 4).fill = _TO_WRITE
        sheet.cell(number, 4).protection = Protection(locked=False)
    for name, width in _WIDTHS.items():
        sheet.column_dimensions[name].width = width
    sheet.column_dimensions["G"].hidden = True
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read_workbook(content: bytes) -> tuple[Locale, list[Filled]]:
    """Return the locale of a filled workbook and its rows; raise `NotOurSpreadsheet`."""
    _refuse_bombs(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise NotOurSpreadsheet("The file cannot be opened as .xlsx. Save it as an Excel workbook.") from error
    if SHEET not in book.sheetnames:
        raise NotOurSpreadsheet(f"The workbook has no sheet “{SHEET}”. Export again and fill that file.")
    rows = book[SHEET].iter_rows(max_row=MAX_ROWS, max_col=7, values_only=True)
    head = next(iter(rows), ())
    try:
        locale = Locale(str(head[6]))
    except (IndexError, ValueError):
        raise NotOurSpreadsheet(
            "The hidden column with the language is gone. Export again and fill that file."
        ) from None
    filled = []
    for row in rows:
        file, place, _, now, _, _, was = (*row, *([None] * 7))[:7]
        if file and place:
            filled.append(Filled(str(file), str(place), _text(was), _text(now)))
    return locale, filled


def _put(cell: Cell, value: str) -> None:
    """Write text as text: a leading = or + is not a formula, and 112 is not a number."""
    cell.value = value
    cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _refuse_bombs(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise NotOurSpreadsheet(f"The workbook is larger than {MAX_BYTES // 1024 // 1024} MB.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise NotOurSpreadsheet("The workbook is too large when unpacked.")
    except zipfile.BadZipFile as error:
        raise NotOurSpreadsheet("The file cannot be opened as .xlsx. Save it as an Excel workbook.") from error

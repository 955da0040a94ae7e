"""The texts of the knowledge as rows for a translator, and the rows back into the files.

Rows are gathered from the data itself: the texts of articles, and every mapping of locales anywhere else
(organisations, sections, services, phrases, flows), so a new kind of text needs no change here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from bot.editing.yamledit import map_texts, replace_values, set_list
from bot.knowledge import limits
from bot.knowledge.findings import KeyPath, read_key_path, write_key_path
from bot.knowledge.models import PARTS
from bot.knowledge.yamlfile import parse_yaml
from bot.languages.locales import SOURCE_LOCALE, Locale

_ARTICLE: Final = re.compile(r"articles/(?P<id>[^/]+)/(?P<locale>[^/]+)\.yaml$")
SPARE_ASKS: Final = 3
"""Empty rows after the questions of an article, for new ones."""


@dataclass(frozen=True)
class Row:
    """One text: its file in the translated language, the place in it, the source text, the translation as it is.

    note: for whom and when it is shown; state: `new`, `stale` or empty.
    """

    file: str
    place: str
    source: str
    current: str
    note: str = ""
    state: str = ""


@dataclass(frozen=True)
class Filled:
    """A row as it came back: `was` is the translation when it was exported, `now` what stands there."""

    file: str
    place: str
    was: str
    now: str


@dataclass(frozen=True)
class Conflict:
    """A text that was changed both in the spreadsheet and, since the export, in the folder."""

    file: str
    place: str
    in_folder: str
    in_sheet: str


@dataclass(frozen=True)
class Merged:
    """The files that change and their new contents; conflicts, whose texts stay as the folder has them;
    places that no longer exist."""

    changes: dict[str, str] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    lost: tuple[str, ...] = ()


def rows_for(files: Mapping[str, str | bytes], locale: Locale) -> Iterator[Row]:
    """Yield every text to be read or written in a locale, in the order of the folder."""
    articles = sorted({match["id"] for match in map(_ARTICLE.match, files) if match})
    for article_id in articles:
        yield from _article_rows(files, article_id, locale)
    for path in sorted(files):
        if not _ARTICLE.match(path) and path.endswith(".yaml"):
            data = parse_yaml(files[path], path).data
            for place, texts in _localised(data, ()):
                source, current = texts.get(SOURCE_LOCALE.value), texts.get(locale.value)
                if isinstance(source, str) and (current is None or isinstance(current, str)):
                    where = write_key_path((*place, locale.value))
                    yield Row(path, where, source, current or "", state="" if current else "new")


def merge(files: Mapping[str, str | bytes], locale: Locale, filled: Sequence[Filled], today: date) -> Merged:
    """Put changed rows into the files; an article text with any change gets `updated: today`.

    Rows that nobody touched change nothing, so an export that comes back untouched leaves every file as it is.
    """
    by_file: dict[str, list[Filled]] = {}
    for row in filled:
        if row.now.strip() != row.was.strip():
            by_file.setdefault(row.file, []).append(row)
    changes: dict[str, str] = {}
    conflicts: list[Conflict] = []
    lost: list[str] = []
    for file, rows in by_file.items():
        merging = _Merging(files, file, locale, today)
        changed = merging.merge(rows)
        conflicts += merging.conflicts
        lost += merging.lost
        if changed is not None and changed != _text(files.get(file, "")):
            changes[file] = changed
    return Merged(changes, tuple(conflicts), tuple(lost))


def _article_rows(files: Mapping[str, str | bytes], article_id: str, locale: Locale) -> Iterator[Row]:
    file = f"articles/{article_id}/{locale.value}.yaml"
    source = _data(files, f"articles/{article_id}/{SOURCE_LOCALE.value}.yaml")
    if source is None:
        return
    own = _data(files, file) or {}
    stale = bool(own) and str(own.get("updated", "")) < str(source.get("updated", ""))
    state = "stale" if stale else "" if own else "new"
    for key in ("title", "short"):
        yield Row(file, key, _string(source.get(key)), _string(own.get(key)), state=state)
    asks = own.get("asks") or []
    hints = source.get("asks") or []
    for index in range(max(len(asks), limits.ASKS_MIN) + SPARE_ASKS):
        current = _string(asks[index]) if index < len(asks) else ""
        hint = _string(hints[index]) if index < len(hints) else ""
        yield Row(file, write_key_path(("asks", index)), hint, current, note="asks")
    for part in PARTS:
        theirs, ours = source.get(part) or [], own.get(part) or []
        for index, block in enumerate(theirs):
            mapping = isinstance(block, dict)
            place: KeyPath = (part, index, "text") if mapping else (part, index)
            current = ours[index] if index < len(ours) else ""
            current = current.get("text", "") if isinstance(current, dict) else current
            text = block.get("text", "") if mapping else block
            note = "; ".join(f"{key}: {value}" for key, value in block.items() if key != "text") if mapping else ""
            yield Row(file, write_key_path(place), _string(text), _string(current), note, state)


class _Merging:
    def __init__(self, files: Mapping[str, str | bytes], file: str, locale: Locale, today: date) -> None:
        self.conflicts: list[Conflict] = []
        self.lost: list[str] = []
        self._file, self._locale, self._today = file, locale, today
        self._article = _ARTICLE.match(file)
        self._new = file not in files
        self._original = self._start(files)

    def merge(self, rows: Sequence[Filled]) -> str | None:
        if self._original is None:
            self.lost += [f"{self._file} {row.place}" for row in rows]
            return None
        text, data = self._original, parse_yaml(self._original, self._file).data
        if self._new:
            text = map_texts(text, self._emptied)
        asks = {row.place: row for row in rows if self._article and row.place.startswith("asks[")}
        values: dict[KeyPath, str | date] = {}
        for row in rows:
            if row.place in asks:
                continue
            path = self._real_path(data, row.place)
            if path is None:
                self.lost.append(f"{self._file} {row.place}")
                continue
            current = "" if self._new else _string(_at(data, path))
            if current.strip() not in (row.was.strip(), row.now.strip()):
                self.conflicts.append(Conflict(self._file, row.place, current, row.now))
            elif row.now.strip():
                values[path] = row.now.strip()
        if self._article and (values or asks):
            values[("updated",)] = self._today
        text = replace_values(text, values)
        if self._article and (asks or self._new):
            text = set_list(text, ("asks",), self._asks(data, asks))
        return text

    def _start(self, files: Mapping[str, str | bytes]) -> str | None:
        """The file as it is; for an article text that does not exist yet, the Russian one as a form to fill."""
        if not self._new:
            return _text(files[self._file])
        source = f"articles/{self._article['id']}/{SOURCE_LOCALE.value}.yaml" if self._article else ""
        return _text(files[source]) if source in files else None

    def _emptied(self, path: KeyPath, value: str) -> str:
        shown = path[-1] == "text" or (path[0] in (*PARTS, "title", "short") and len(path) <= 2)
        return "" if shown else value

    def _real_path(self, data: Any, place: str) -> KeyPath | None:
        try:
            path = read_key_path(place)
        except ValueError:
            return None
        value = _at(data, path)
        if isinstance(value, dict) and "text" in value:
            return (*path, "text")
        if value is None and path[-1:] == ("text",) and isinstance(_at(data, path[:-1]), str):
            return path[:-1]
        return path if isinstance(value, str) else None

    def _asks(self, data: Any, changed: Mapping[str, Filled]) -> list[str]:
        asks = [] if self._new else [_string(ask) for ask in (_at(data, ("asks",)) or [])]
        for place, row in changed.items():
            path = read_key_path(place)
            index = path[1] if len(path) == 2 and isinstance(path[1], int) else 0
            asks += [""] * (index + 1 - len(asks))
            if asks[index].strip() in (row.was.strip(), row.now.strip()):
                asks[index] = row.now.strip()
            else:
                self.conflicts.append(Conflict(self._file, place, asks[index], row.now))
        return [ask for ask in asks if ask]


def _localised(data: Any, path: KeyPath) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """Every mapping of locales to texts, wherever it stands."""
    if isinstance(data, dict):
        names = {str(key) for key in data}
        if SOURCE_LOCALE.value in names and names <= {locale.value for locale in Locale}:
            yield path, data
            return
        for key, value in data.items():
            yield from _localised(value, (*path, str(key)))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _localised(value, (*path, index))


def _at(data: Any, path: KeyPath) -> Any:
    for step in path:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def _data(files: Mapping[str, str | bytes], path: str) -> dict[str, Any] | None:
    data = parse_yaml(files[path], path).data if path in files else None
    return data if isinstance(data, dict) else None


def _string(value: Any) -> str:
    return "" if value is None else str(value)


def _text(content: str | bytes) -> str:
    return content if isinstance(content, str) else content.decode("utf-8-sig")

"""Write several files of the knowledge folder so that a crash in the middle leaves no half change.

New contents are first laid beside the old ones, then a journal says what is to be moved, then the moves happen.
`recover` finishes what a crash interrupted; readers of the folder wait while a journal stands there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.errors import HotlineError

JOURNAL: Final = ".publication.json"
_STAGED_SUFFIX: Final = ".staged"


class PathOutsideFolder(HotlineError):
    """A file name points outside of the knowledge folder."""


def write_files(folder: Path, changes: Mapping[str, str | bytes | None]) -> None:
    """Write all changed files (None removes one) as one step; raise `PathOutsideFolder` before touching anything."""
    recover(folder)
    places = {path: inside(folder, path) for path in changes}
    for path, content in changes.items():
        if content is not None:
            staged = _staged(places[path])
            staged.parent.mkdir(parents=True, exist_ok=True)
            _write(staged, content if isinstance(content, bytes) else content.encode())
    journal = {
        "write": [path for path, content in changes.items() if content is not None],
        "remove": [path for path, content in changes.items() if content is None],
    }
    part = folder / f"{JOURNAL}{_STAGED_SUFFIX}"
    _write(part, json.dumps(journal).encode())
    os.replace(part, folder / JOURNAL)
    recover(folder)


def recover(folder: Path) -> bool:
    """Finish a change that was interrupted after its journal was written; return whether there was one."""
    journal_file = folder / JOURNAL
    if not journal_file.exists():
        return False
    journal = json.loads(journal_file.read_text("utf-8"))
    for path in journal["write"]:
        place = inside(folder, path)
        if _staged(place).exists():
            os.replace(_staged(place), place)
    for path in journal["remove"]:
        inside(folder, path).unlink(missing_ok=True)
    journal_file.unlink()
    return True


def being_written(folder: Path) -> bool:
    """Whether a change of several files is under way."""
    return (folder / JOURNAL).exists()


def inside(folder: Path, path: str) -> Path:
    """Return the place of a path inside the folder; raise `PathOutsideFolder`."""
    place = (folder / path).resolve()
    if not place.is_relative_to(folder.resolve()) or place == folder.resolve():
        raise PathOutsideFolder(f"{path} is not inside the knowledge folder.")
    return place


def _staged(place: Path) -> Path:
    return place.with_name(f".{place.name}{_STAGED_SUFFIX}")


def _write(place: Path, content: bytes) -> None:
    with open(place, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())

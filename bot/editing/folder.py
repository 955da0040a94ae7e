"""Read the knowledge folder from a disk."""

from __future__ import annotations

import os
from pathlib import Path

from bot.errors import HotlineError
from bot.knowledge.loader import LoadResult, Memory, parse

_DATA_SUFFIXES = (".yaml", ".yml")


class FolderNotFound(HotlineError):
    """There is no knowledge folder at this place."""


def read_folder(path: Path) -> dict[str, str | bytes]:
    """Return the YAML files of a knowledge folder by their paths inside it; raise `FolderNotFound`.

    Hidden files and folders are left out. A file that vanishes while reading is left out too: the next look sees why.
    """
    if not path.is_dir():
        raise FolderNotFound(f"There is no folder {path}. Name the folder that holds facts/ and articles/.")
    root = str(path)
    found: dict[str, str | bytes] = {}
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            if name.startswith(".") or not name.endswith(_DATA_SUFFIXES):
                continue
            full = f"{folder}/{name}"
            try:
                with open(full, "rb") as file:
                    found[full[len(root) + 1 :].replace(os.sep, "/")] = file.read()
            except FileNotFoundError:
                continue
    return found


def load_folder(path: Path, memory: Memory | None = None) -> LoadResult:
    """Read and parse a knowledge folder; raise `FolderNotFound`."""
    return parse(read_folder(path), memory)

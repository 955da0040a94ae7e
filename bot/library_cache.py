"""A made library kept on the disk, so that a restart takes seconds less: people wait while the hotline starts.

It is read only where everything it was made from is the same: knowledge, program, packages and date. It is a pickle,
which could run any code, so it is sealed with the key of the database: what somebody else wrote does not open.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Final

import structlog

from bot.storage.crypto import Keys
from bot.storage.errors import WrongKey

_LOG: Final = structlog.get_logger(__name__)
_CONTEXT: Final = b"library"
_PROGRAM: Final = Path(__file__).parent
_READ: Final = (".py", ".yaml", ".yml", ".json", ".txt")
"""Endings of files that a library is made from."""


def mark_of(folder: Path, today: date) -> bytes:
    """Return a digest of all that a library is made from; raise `OSError` where a file cannot be read."""
    digest = hashlib.blake2b(digest_size=32)
    parts = (sys.version, version("numpy"), version("pydantic"), today.isoformat())
    for part in parts:
        digest.update(part.encode() + b"\0")
    for root in (_PROGRAM, folder):
        for path in _files(root):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(root)}\0{len(content)}\0".encode("utf-8", "surrogatepass") + content)
    return digest.digest()


def _files(root: Path) -> Iterable[Path]:
    found = (Path(place, name) for place, _, names in os.walk(root) for name in names if name.endswith(_READ))
    return sorted(found)


class LibraryCache:
    """One sealed file."""

    def __init__(self, path: Path, keys: Keys) -> None:
        self._path = path
        self._keys = keys

    def read(self, mark: bytes) -> bytes | None:
        """Return what was kept under `mark`; None where there is nothing, or nothing that can be trusted."""
        try:
            return self._keys.open(self._path.read_bytes(), _CONTEXT + mark)
        except (OSError, WrongKey):
            return None

    def write(self, mark: bytes, made: bytes) -> None:
        """Keep what was made instead of what is there; a disk that refuses costs only time at the next start."""
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}.part")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(self._keys.seal(made, _CONTEXT + mark))
            draft.replace(self._path)
        except OSError as error:
            _LOG.info("library_not_kept", error=type(error).__name__)
            with contextlib.suppress(OSError):
                draft.unlink()

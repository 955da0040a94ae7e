"""A library made by another process while this one does something else, or taken from the disk where it was kept.

Reading and indexing the knowledge takes some seconds and three times the memory that the result needs; importing
aiogram takes as long. Side by side they take half the time on two cores, and what only the making needs is given back.
"""

from __future__ import annotations

import contextlib
import gc
import pickle
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bot.errors import HotlineError
from bot.library_cache import LibraryCache, mark_of

if TYPE_CHECKING:
    from bot.conversation.library import Library


class Librarian:
    """Another process that makes a library. Begin with `begin`, `wait` for what it made, and `keep` it."""

    def __init__(self, folder: Path, today: date, cache: LibraryCache | None = None) -> None:
        self._folder = folder
        self._today = today
        self._cache = cache
        self._mark = b""
        self._kept: bytes | None = None
        self._made: bytes | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def begin(cls, folder: Path, today: date, cache: LibraryCache | None = None) -> Self:
        """Start making, unless the cache has it; where no process can be started, `wait` does the work."""
        librarian = cls(folder, today, cache)
        if cache is not None:
            with contextlib.suppress(OSError):  # the making says what is wrong with the folder
                librarian._mark = mark_of(folder, today)
                librarian._kept = cache.read(librarian._mark)
        if librarian._kept is None:
            librarian._start()
        return librarian

    def _start(self) -> None:
        command = [sys.executable, "-m", "bot.librarian", str(self._folder), self._today.isoformat()]
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                process_group=0,  # Ctrl+C is for whoever asked, who then ends in order
            )

    def wait(self) -> Library:
        """Return the library; raise as `build_library` does. Where the process died, the work is done here."""
        from bot.conversation.library import Library
        from bot.library import build_library

        made = self._load(self._kept)
        if made is None:
            self._made = self._read()
            made = self._load(self._made)
        self._kept = None
        if isinstance(made, HotlineError):
            raise made
        return made if isinstance(made, Library) else build_library(self._folder, self._today)

    def keep(self) -> None:
        """Put what was made into the cache for the next start; slow, for a thread."""
        made, self._made = self._made, None
        if made is not None and self._cache is not None and self._mark:
            self._cache.write(self._mark, made)

    def _read(self) -> bytes | None:
        if self._process is None:
            return None
        with self._process:
            return self._process.stdout.read() if self._process.stdout is not None else None

    @staticmethod
    def _load(pickled: bytes | None) -> Any:
        """Return what our own process wrote: a moment ago, or before and sealed since; None where it is not whole."""
        if not pickled:
            return None
        collecting = gc.isenabled()
        gc.disable()  # its rounds over the half-read library would double the time
        try:
            return pickle.loads(pickled)
        except (EOFError, pickle.UnpicklingError):
            return None
        finally:
            if collecting:
                gc.enable()


def main(folder: str, today: str) -> None:
    """Make a library and write it, or the error that says what to mend, to standard output."""
    from bot.library import build_library

    gc.disable()
    made: Library | HotlineError
    try:
        made = build_library(Path(folder), date.fromisoformat(today))
    except HotlineError as error:
        made = error
    with contextlib.suppress(BrokenPipeError):  # whoever asked is gone
        pickle.dump(made, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])

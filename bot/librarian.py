"""A library made by another process while this one does something else.

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
from typing import Any, Self

from bot.conversation.library import Library
from bot.errors import HotlineError
from bot.library import build_library


class Librarian:
    """Another process that makes a library. Begin with `begin`, and `wait` for what it made."""

    def __init__(self, process: subprocess.Popen[bytes] | None, folder: Path, today: date) -> None:
        self._process = process
        self._folder = folder
        self._today = today

    @classmethod
    def begin(cls, folder: Path, today: date) -> Self:
        """Start making; where no process can be started, `wait` does the work."""
        command = [sys.executable, "-m", "bot.librarian", str(folder), today.isoformat()]
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                process_group=0,  # Ctrl+C is for whoever asked, who then ends in order
            )
        except OSError:
            process = None
        return cls(process, folder, today)

    def wait(self) -> Library:
        """Return the library; raise as `build_library` does. Where the process died, the work is done here."""
        made = self._read()
        if isinstance(made, HotlineError):
            raise made
        return made if isinstance(made, Library) else build_library(self._folder, self._today)

    def _read(self) -> Any:
        if self._process is None or self._process.stdout is None:
            return None
        collecting = gc.isenabled()
        gc.disable()  # its rounds over the half-read library would double the time
        try:
            with self._process:
                return pickle.load(self._process.stdout)  # written by our own process a moment ago
        except (EOFError, pickle.UnpicklingError):
            return None
        finally:
            if collecting:
                gc.enable()


def main(folder: str, today: str) -> None:
    """Make a library and write it, or the error that says what to mend, to standard output."""
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

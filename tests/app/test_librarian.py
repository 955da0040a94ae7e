"""A library made by another process."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from bot.errors import HotlineError
from bot.librarian import Librarian


def test_ctrl_c_does_not_reach_whoever_makes_the_library(tmp_path: Path) -> None:
    librarian = Librarian.begin(tmp_path / "nothing", date(2026, 11, 24))
    process = librarian._process
    assert process is not None
    assert os.getpgid(process.pid) != os.getpgrp(), "the terminal sends Ctrl+C to the whole group"
    with pytest.raises(HotlineError):
        librarian.wait()

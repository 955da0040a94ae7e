"""A knowledge folder of three articles, for tests that start the whole program many times."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.knowledge import sample

LEXICON = Path(__file__).parents[2] / "knowledge" / "lexicon"


def small_knowledge(place: Path) -> Path:
    """Write the folder and return it."""
    place.mkdir(parents=True)
    sample.write(sample.folder(), place)
    for name in ("concepts", "smalltalk", "off_topic", "uzbek_exceptions"):
        shutil.copy(LEXICON / f"{name}.yaml", place / "lexicon")
    return place

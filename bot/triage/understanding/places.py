"""Regions of Russia by name, by a town in them, with a slip of the finger, or by a point on the map."""

from __future__ import annotations

import difflib
from functools import lru_cache
from typing import Final

from bot.knowledge.models import Regions
from bot.knowledge.organisations import distance_km
from bot.knowledge.places import Location
from bot.languages.folding import fold
from bot.languages.locales import Locale
from bot.triage.understanding.problem import Problem
from bot.triage.words import Words

_LONGEST: Final = 120
_TYPO_FROM: Final = 5
"""Letters below which a slip could make another name."""
_NAME_FROM: Final = 5
"""Letters from which a name with an ending still is the name: `ўзбекман`, `кыргызмын`, `o‘zbekistondanman`."""
_SIMILAR: Final = 0.84
_NEAR_KM: Final = 500.0
_NORTH: Final = 57.0
"""Degrees; north of it there is no other country near, however far the capital of the region is."""


def read_region(text: str, regions: Regions) -> str | Problem:
    """Return the code of the region a text names, else what is wrong."""
    said = fold(text[:_LONGEST])
    names = _names(regions)
    if said in names:
        return names[said]
    words = said.split()
    for length in range(min(3, len(words)), 0, -1):
        hits = {
            names[piece]
            for start in range(len(words) - length + 1)
            if len(piece := " ".join(words[start : start + length])) >= 3 and piece in names
        }
        if len(hits) == 1:
            return hits.pop()
        if hits:
            return Problem("flow-region-one")
    if len(said) >= _TYPO_FROM and len(words) <= 4:
        close = difflib.get_close_matches(said, names, n=2, cutoff=_SIMILAR)
        if close and len({names[each] for each in close}) == 1:
            return names[close[0]]
        for word in words:
            if len(word) >= _TYPO_FROM:
                close = difflib.get_close_matches(word, names, n=1, cutoff=_SIMILAR)
                if close:
                    return names[close[0]]
    return Problem("flow-region-unclear")


def region_at(lat: float, lon: float, regions: Regions) -> str | Problem:
    """Return the region whose capital is nearest to a point; far from all of them there is none."""
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return Problem("flow-region-unclear")
    here = Location(lat=float(lat), lon=float(lon))
    away, code = min(
        (distance_km(here, Location(lat=float(entry.lat), lon=float(entry.lon))), code)
        for code, entry in regions.regions.items()
    )
    if away > _NEAR_KM and not (lat >= _NORTH and 26 <= lon <= 180):
        return Problem("flow-region-far")
    return code


def read_citizenship(text: str, words: Words) -> str | Problem:
    """Return the citizenship a text names, else what is wrong."""
    said = fold(text[:_LONGEST])
    if said in words.citizenships:
        return words.citizenships[said]
    hits = {words.citizenships[word] for word in said.split() if word in words.citizenships}
    if len(hits) == 1:
        return hits.pop()
    names = [name for name in words.citizenships if len(name) >= _NAME_FROM]
    begun = {words.citizenships[name] for word in said.split() for name in names if word.startswith(name)}
    if not hits and len(begun) == 1:
        return begun.pop()
    for word in said.split():
        if len(word) >= _TYPO_FROM:
            close = difflib.get_close_matches(word, words.citizenships, n=1, cutoff=_SIMILAR)
            if close:
                return words.citizenships[close[0]]
    return Problem("flow-citizenship-unclear")


@lru_cache(maxsize=4)
def _names_of(key: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    return {fold(name): code for code, names in reversed(key) for name in names}


def _names(regions: Regions) -> dict[str, str]:
    key = tuple((code, (*entry.said, *(entry[locale] for locale in Locale))) for code, entry in regions.regions.items())
    return _names_of(key)

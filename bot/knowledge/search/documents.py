"""What the search reads of the knowledge: titles, asks and bodies per locale, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.languages.locales import Locale

Kind = Literal["article", "organisation", "flow"]


@dataclass(frozen=True, slots=True)
class LocaleText:
    """One text of a document: its title (a line per form of the title), how people ask for it, and the rest."""

    title: str
    asks: tuple[str, ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """A thing that can be found: its id, unique within its kind, and its texts.

    citizenships and regions say for whom it is (empty: everybody); they only break ties.
    """

    id: str
    kind: Kind
    texts: Mapping[Locale, LocaleText]
    citizenships: frozenset[str] = field(default_factory=frozenset)
    regions: frozenset[str] = field(default_factory=frozenset)

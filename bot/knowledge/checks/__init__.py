"""Everything that can be wrong in the knowledge beyond its shape: one small module per check.

A module has `check(context)`, which yields findings; the words are in `bot/knowledge/data/findings.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.knowledge.base import Knowledge
from bot.knowledge.bulk import without_collector
from bot.knowledge.checks import (
    asks,
    completeness,
    dates,
    digits,
    fact_values,
    lengths,
    letters,
    lexicon,
    links,
    markup,
    number_words,
    organisations,
    people,
    phones,
    placeholders,
    sources,
    structure,
    terms,
)
from bot.knowledge.checks.context import Context
from bot.knowledge.findings import Finding, errors
from bot.knowledge.loader import LoadResult, Memory, parse
from bot.knowledge.yamlfile import with_lines

CHECKS: Final[tuple[Callable[[Context], Iterator[Finding]], ...]] = (
    links.check,
    completeness.check,
    dates.check,
    structure.check,
    placeholders.check,
    digits.check,
    number_words.check,
    lengths.check,
    asks.check,
    people.check,
    fact_values.check,
    organisations.check,
    phones.check,
    sources.check,
    terms.check,
    letters.check,
    markup.check,
)


@dataclass(frozen=True)
class Inspection:
    """All findings of loading and checking, by file and line, and what was loaded."""

    load: LoadResult
    findings: tuple[Finding, ...]

    @property
    def knowledge(self) -> Knowledge | None:
        """The knowledge if nothing in it is an error, else None."""
        return None if errors(self.findings) else self.load.knowledge


def inspect(
    files: Mapping[str, str | bytes],
    today: date,
    flow_ids: frozenset[str] | None = None,
    memory: Memory | None = None,
) -> Inspection:
    """Load and check a knowledge folder given as files; all findings in one run.

    today: the date in Moscow. flow_ids: by default the names of the files in `flows/`, where there are any.
    """
    with without_collector():
        loaded = parse(files, memory)
        return Inspection(loaded, run(loaded, files, today, flow_ids))


def run(
    loaded: LoadResult, files: Mapping[str, str | bytes], today: date, flow_ids: frozenset[str] | None = None
) -> tuple[Finding, ...]:
    """Return the findings of loading and of all checks over what could be read, sorted by file and line."""
    if flow_ids is None:
        names = frozenset(path[6:-5] for path in files if path.startswith("flows/") and path.endswith(".yaml"))
        flow_ids = names or None
    folders = frozenset(path.split("/")[1] for path in files if path.startswith("articles/") and path.count("/") == 2)
    context = Context(loaded.partial, today, flow_ids, folders, loaded.broken)
    with without_collector():
        found = [finding for check in CHECKS for finding in check(context)]
        found += lexicon.check(loaded.others)
    unread = {finding.file for finding in loaded.findings}
    found = [finding for finding in found if not (finding.code in _OF_MISSING_FILES and finding.file in unread)]
    whole = (*loaded.findings, *with_lines(found, files))
    return tuple(sorted(whole, key=lambda finding: (finding.file, finding.line, finding.key_path, finding.code)))


_OF_MISSING_FILES: Final = frozenset({"missing-locale", "missing-article-file", "missing-file"})
"""A file that is there but cannot be read is not missing too."""

"""Everything that can be wrong in a knowledge folder at once: articles, facts, organisations, flows, danger, talks.

The rooms check their own part; editors, the command line and the running bot ask for all of it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from bot.knowledge.checks import Inspection, inspect
from bot.knowledge.findings import Finding
from bot.knowledge.loader import Memory
from bot.knowledge.yamlfile import with_lines
from bot.languages.locales import Locale
from bot.languages.texts import Texts
from bot.triage.checks import inspect_loaded
from bot.triage.checks.coverage import inspect_talks
from bot.triage.danger import Danger
from bot.triage.loader import Flows

TALKS: Final = Path("tests/talks")
LOCALES: Final = Path("locales")


@dataclass(frozen=True)
class WholeInspection(Inspection):
    """All findings of the folder by file and line, what was loaded, the flows and the rules of danger.

    The latter two are None where they cannot be read, and then there is a finding that is an error.
    """

    flows: Flows | None = None
    danger: Danger | None = None


def inspect_whole(files: Mapping[str, str | bytes], today: date, memory: Memory | None = None) -> WholeInspection:
    """Check the knowledge, the flows, the letters and the rules of danger among the files of a folder.

    today: the date in Moscow.
    """
    inspection = inspect(files, today, memory=memory)
    of_flows = inspect_loaded(inspection.load, files, today)
    findings = _sorted((*inspection.findings, *of_flows.findings))
    return WholeInspection(inspection.load, findings, of_flows.flows, of_flows.danger)


def talks_beside(folder: Path, files: Mapping[str, str | bytes], inspection: WholeInspection) -> tuple[Finding, ...]:
    """Play the talks that lie beside a knowledge folder, in `tests/talks`, with the interface texts of `locales`.

    files: those that were inspected. Returns nothing where there are no talks, as on a server.
    """
    beside = folder.absolute().parent
    if not (beside / TALKS).is_dir() or not (beside / LOCALES).is_dir():
        return ()
    return play_talks(beside / TALKS, beside / LOCALES, files, inspection)


def play_talks(
    talks: Path, locales: Path, files: Mapping[str, str | bytes], inspection: WholeInspection
) -> tuple[Finding, ...]:
    """Play the talks of a folder; return what does not hold, and every step and outcome that no talk covers."""
    if inspection.flows is None:
        return ()
    contents: dict[str, str | bytes] = {
        f"{talks.parent.name}/{talks.name}/{path.name}": path.read_bytes() for path in sorted(talks.glob("*.yaml"))
    }
    found = inspect_talks(contents, inspection.flows, inspection.load.partial, read_texts(locales).get)
    return _sorted(with_lines(found, files))


def read_texts(folder: Path) -> Texts:
    """Read the interface texts of all six locales from `<folder>/<locale>/LC_MESSAGES/hotline.po`."""
    places = {locale: folder / locale.value / "LC_MESSAGES" / "hotline.po" for locale in Locale}
    return Texts.parse({locale: place.read_bytes() for locale, place in places.items() if place.exists()})


def _sorted(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    unique = {(each.file, each.line, each.key_path, each.code, each.message): each for each in findings}
    return tuple(each for _, each in sorted(unique.items()))

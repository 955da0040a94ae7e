"""How the knowledge stands, language by language, and what falls due: for editors and for release."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

from bot.knowledge.base import Knowledge
from bot.knowledge.checks import Inspection
from bot.knowledge.findings import Severity
from bot.languages.locales import Locale

DUE_WITHIN: Final = timedelta(days=30)


@dataclass(frozen=True)
class LocaleStatus:
    """How many articles a language has: complete and fresh, older than the Russian text, missing."""

    complete: int
    stale: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Due:
    """Something to check again by a day."""

    kind: str
    id: str
    check_by: date


@dataclass(frozen=True)
class Status:
    """The state of the whole knowledge on a day."""

    today: date
    version: str
    articles: int
    facts: int
    organisations: int
    locales: dict[Locale, LocaleStatus]
    past_check_by: tuple[Due, ...]
    due_soon: tuple[Due, ...]
    starting_soon: tuple[tuple[str, date], ...]
    """Values of facts that will switch themselves on in the next 30 days."""
    errors: int
    warnings: int

    def as_json(self) -> dict[str, Any]:
        """Return the status as plain JSON data; dates in ISO form."""
        data = asdict(self)
        plain: dict[str, Any] = _plain(data)
        return plain


def status_of(inspection: Inspection, today: date) -> Status:
    """Count and list what an editor has to know on a day."""
    knowledge = inspection.load.partial
    due = sorted(_due(knowledge), key=lambda item: (item.check_by, item.kind, item.id))
    starting = [
        (fact.id, day) for fact in knowledge.facts.values() for day in fact.values if today < day <= today + DUE_WITHIN
    ]
    severities = [finding.severity for finding in inspection.findings]
    return Status(
        today=today,
        version=knowledge.version,
        articles=len(knowledge.articles),
        facts=len(knowledge.facts),
        organisations=len(knowledge.organisations),
        locales={locale: _of_locale(knowledge, locale) for locale in Locale},
        past_check_by=tuple(item for item in due if item.check_by < today),
        due_soon=tuple(item for item in due if today <= item.check_by <= today + DUE_WITHIN),
        starting_soon=tuple(sorted(starting, key=lambda pair: (pair[1], pair[0]))),
        errors=severities.count(Severity.ERROR),
        warnings=severities.count(Severity.WARNING),
    )


def _of_locale(knowledge: Knowledge, locale: Locale) -> LocaleStatus:
    articles = knowledge.articles.values()
    missing = tuple(article.id for article in articles if locale not in article.texts)
    stale = tuple(article.id for article in articles if article.is_stale(locale))
    return LocaleStatus(len(knowledge.articles) - len(missing) - len(stale), stale, missing)


def _due(knowledge: Knowledge) -> Iterable[Due]:
    for kind, items in (
        ("article", knowledge.articles.values()),
        ("fact", knowledge.facts.values()),
        ("organisation", knowledge.organisations.values()),
    ):
        for item in items:
            yield Due(kind, item.id, item.check_by)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value

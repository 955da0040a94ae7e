"""Organisations can be reached and found: a contact, known regions, known languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.knowledge.checks.context import Context
from bot.knowledge.findings import Finding, Severity

_COUNTRIES: Final = frozenset({"KG", "TJ", "UZ", "MD", "KZ"})
_LANGUAGES: Final = ("ru", "ky", "tg", "uz", "ro", "kk", "en")


def check(context: Context) -> Iterator[Finding]:
    """Yield organisations without any contact, and unknown regions and languages."""
    regions = context.knowledge.regions
    known = frozenset(regions.regions) | _COUNTRIES if regions else None
    for organisation in context.knowledge.organisations.values():
        file, own = context.origin("organisation", organisation.id), organisation.id
        if not (organisation.phones or organisation.links or organisation.address):
            yield Finding("no-contact", file, (own,), severity=Severity.WARNING, values={"id": own})
        for index, code in enumerate(organisation.regions):
            if known is not None and code not in known:
                yield Finding("unknown-region", file, (own, "regions", index), values={"id": code})
        for index, code in enumerate(organisation.languages):
            if code not in _LANGUAGES:
                path = (own, "languages", index)
                yield Finding("unknown-language", file, path, values={"id": code}, allowed=_LANGUAGES)

"""What stands in braces exists, has a value for whoever reads it, and stands where both its forms read well."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bot.knowledge.checks.context import Context, Prose, placeholders
from bot.knowledge.facts import FactHasNoValue, values_on
from bot.knowledge.findings import Finding, Severity
from bot.knowledge.models import Fact
from bot.knowledge.render import PLACEHOLDER
from bot.knowledge.shape import similar

_AFTER_COLON_AT_END: Final = re.compile(r":\**\s*\**\{(?P<inside>[^{}]*)\}\**[.;!)»\s]*$")


def check(context: Context) -> Iterator[Finding]:
    """Yield unknown placeholders, facts without a value for the reader, lonely braces, and bad places of lists."""
    for prose in context.prose:
        if "{" not in prose.text and "}" not in prose.text:
            continue
        found = placeholders(prose.text)
        if prose.text.count("{") != len(found) or prose.text.count("}") != len(found):
            yield prose.finding("lonely-brace")
        for inside in found:
            yield from _placeholder(context, prose, inside)


def _placeholder(context: Context, prose: Prose, inside: str) -> Iterator[Finding]:
    match = PLACEHOLDER.match(inside)
    if match is None:
        yield prose.finding(
            "bad-placeholder", allowed=("{fact_id}", "{fact_id|n}", "{org:id}", "{phone:id}"), inside=inside
        )
    elif match["kind"]:
        organisation = context.knowledge.organisations.get(match["organisation"])
        if organisation is None and f"organisation:{match['organisation']}" in context.broken:
            return
        if organisation is None:
            known = similar(match["organisation"], frozenset(context.knowledge.organisations))
            yield prose.finding("unknown-organisation", allowed=known, id=match["organisation"])
        elif match["kind"] == "phone" and not organisation.phones:
            yield prose.finding("organisation-without-phone", id=organisation.id)
    else:
        fact = context.knowledge.facts.get(match["fact"])
        if fact is None and f"fact:{match['fact']}" in context.broken:
            return
        if fact is None:
            known = similar(match["fact"], frozenset(context.knowledge.facts))
            yield prose.finding("unknown-fact", allowed=known, id=match["fact"])
        else:
            yield from _fact(context, prose, fact, inside)


def _fact(context: Context, prose: Prose, fact: Fact, inside: str) -> Iterator[Finding]:
    block = prose.block
    if block is None:
        yield prose.finding("placeholder-in-title", inside=inside)
        return
    if block.until is not None and block.until < context.today:
        return
    day = max(context.today, block.starts) if block.starts else context.today
    try:
        values = values_on(fact, day)
    except FactHasNoValue:
        yield prose.finding("fact-not-yet", id=fact.id, first=min(fact.values), day=day)
        return
    if not isinstance(values, Mapping):
        return
    if fact.per == "citizenship" and "other" not in values:
        for code in block.citizenships:
            if code not in values:
                yield prose.finding("fact-without-citizenship", id=fact.id, citizenship=code, allowed=tuple(values))
    place = _AFTER_COLON_AT_END.search(prose.text)
    if len(values) > 1 and len(block.citizenships) != 1 and (place is None or place["inside"] != inside):
        yield prose.finding("list-in-sentence", Severity.WARNING, inside=inside)

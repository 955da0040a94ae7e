"""What stands in braces exists, has a value for whoever reads it, and stands where both its forms read well."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
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
    plain = {fact.id for fact in context.knowledge.facts.values() if _same_for_everybody_now(fact, context.today)}
    for page in context.pages:
        if "{" not in page.raw and "}" not in page.raw:
            continue
        found = placeholders(page.raw)
        titles_apart = "{" not in page.raw[: page.raw.find("\n", page.raw.find("\n") + 1)]
        paired = page.raw.count("{") == page.raw.count("}") == len(found)
        if not (paired and titles_apart and plain.issuperset(found)):
            for prose in page.prose():
                yield from _text(context, prose)


def _same_for_everybody_now(fact: Fact, today: date) -> bool:
    """A fact that can stand anywhere: with a value already, and that value the same for everybody."""
    try:
        return not isinstance(values_on(fact, today), Mapping) and fact.per == "none"
    except FactHasNoValue:
        return False


def _text(context: Context, prose: Prose) -> Iterator[Finding]:
    if "{" not in prose.text and "}" not in prose.text:
        return
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

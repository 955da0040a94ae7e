"""The screen of danger: what to do now and whom to call, made of data in memory alone: no database, index or queue."""

from __future__ import annotations

from datetime import date

from bot.knowledge.base import Knowledge
from bot.knowledge.document import Block, Document, Span
from bot.knowledge.facts import FactHasNoValue, value
from bot.knowledge.render import phone_span
from bot.languages.locales import Locale
from bot.triage.danger import Rule


def danger_document(rule: Rule, knowledge: Knowledge, locale: Locale, today: date) -> Document:
    """Return three lines of what to do now, then the numbers to call, the most important first.

    A number whose fact is missing is left out; the lines are shown whatever else is broken.
    """
    blocks = [
        Block("paragraph", (Span(line, "bold" if index == 0 else "plain"),))
        for index, line in enumerate(rule.do[locale])
    ]
    for fact_id in rule.call:
        fact = knowledge.facts.get(fact_id)
        if fact is None:
            continue
        try:
            blocks.append(Block("item", (phone_span(str(value(fact, today))),)))
        except FactHasNoValue:
            continue
    for organisation_id in rule.organisations:
        organisation = knowledge.organisations.get(organisation_id)
        if organisation is not None and organisation.phones:
            name = Span(f"{organisation.name[locale]}: ")
            blocks.append(Block("item", (name, phone_span(organisation.phones[0]))))
    return Document(tuple(blocks), locale)

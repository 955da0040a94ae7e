"""The organisations under an ending: those for the person and near; for all countries where no passport is named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.knowledge.document import Block, Document, Span
from bot.knowledge.limits import ORGANISATIONS_SHOWN
from bot.knowledge.organisations import find_organisations
from bot.knowledge.places import Organisation
from bot.knowledge.render import render_organisations
from bot.languages import cldr
from bot.languages.locales import Locale
from bot.triage.context import Context
from bot.triage.models import PROFILE, Show
from bot.triage.rendering import plain
from bot.triage.state import State

FOR_EVERYBODY: Final = 3
"""Organisations for everybody that stand above those by country, so that the message stays readable."""
AT_HOME: Final = 2
"""Organisations for the country of the reader's language; of another country one is shown."""
_HOME: Final = {Locale.KY: "KG", Locale.TG: "TJ", Locale.UZ: "UZ", Locale.UZ_CYRL: "UZ", Locale.RO: "MD"}
"""Whose organisations come first for somebody who has not named a passport: a guess, and shown as one."""


def organisations_of(show: Show, state: State, context: Context) -> Document | None:
    """Return the organisations that an ending shows, None where it shows none or there is none for this person."""
    if show.organisations is None:
        return None
    reader = context.reader(state)
    named = show.organisations.ids
    found = find_organisations(context.knowledge, services=show.organisations.services, ids=named, reader=reader)
    near = [
        each
        for each in found
        if reader.region is None or not each.regions or reader.region in each.regions or each.id in named
    ]
    if not near:
        return None
    if reader.citizenship is None and any(each.citizenships for each in near):
        return _by_country(near, context)
    return render_organisations(context.knowledge, near[:ORGANISATIONS_SHOWN], context.locale, context.today)


def _by_country(near: Sequence[Organisation], context: Context) -> Document:
    """Return what helps everybody, then what helps the citizens of each country under the country's name."""
    home = _HOME.get(context.locale)
    everybody = [each for each in near if not each.citizenships][:FOR_EVERYBODY]
    parts = [render_organisations(context.knowledge, everybody, context.locale, context.today)]
    blocks = [*parts[0].blocks, *plain([context.text("flow-organisations-by-country")])]
    shown: set[str] = set()
    for country in sorted(PROFILE["citizenship"], key=lambda code: code != home):
        own = [each for each in near if country in each.citizenships and each.id not in shown]
        own = own[: AT_HOME if country == home else 1]
        if own:
            shown.update(each.id for each in own)
            blocks.append(Block("heading", (Span(cldr.country_name(country, context.locale), "bold"),)))
            parts.append(render_organisations(context.knowledge, own, context.locale, context.today))
            blocks += parts[-1].blocks
    checked = min((part.checked for part in parts if part.checked is not None), default=None)
    return Document(tuple(blocks), context.locale, checked, any(part.overdue for part in parts))

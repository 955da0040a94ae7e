"""The flows and the knowledge of the repository, and interface texts that name themselves."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from bot.editing.folder import read_folder
from bot.knowledge.base import Knowledge
from bot.knowledge.loader import parse as parse_knowledge
from bot.languages.locales import Locale
from bot.triage.context import Context
from bot.triage.loader import Flows, parse

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 24)


@cache
def files() -> dict[str, str | bytes]:
    return read_folder(ROOT / "knowledge")


@cache
def knowledge() -> Knowledge:
    return parse_knowledge(files()).partial


@cache
def flows() -> Flows:
    found = parse(files()).flows
    assert found is not None
    return found


def say(locale: Locale, text_id: str, /, **values: object) -> str:
    """Name the text and its values: the catalogs are tested in tests/locales."""
    return " ".join([text_id, *(str(value) for value in values.values())])


def context(locale: Locale = Locale.RU, today: date = TODAY, **profile: str) -> Context:
    return Context(today, locale, knowledge(), say, profile)

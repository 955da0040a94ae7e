"""The interface exists whole in all six locales."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
import yaml
from babel.core import Locale as BabelLocale
from babel.messages.catalog import Catalog

from bot.cases.model import CaseStatus, Severity
from bot.conversation.screens import BUTTON_LIMIT
from bot.knowledge.search.smalltalk import AROUND, NOISE
from bot.languages.locales import SOURCE_LOCALE, Locale
from bot.languages.texts import BrokenCatalog, MissingText, Texts, plural_index
from bot.telegram.profile import PRIVATE_COMMANDS

ROOT = Path(__file__).parents[2]
FILES = {locale: (ROOT / "locales" / locale / "LC_MESSAGES" / "hotline.po").read_bytes() for locale in Locale}
TEXTS = Texts.parse(FILES)
SOURCE = TEXTS.catalogs[SOURCE_LOCALE]
IDS = [message.id for message in SOURCE if message.id]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def forms(catalog: Catalog, text_id: object) -> tuple[str, ...]:
    message = catalog.get(text_id if isinstance(text_id, str) else text_id[0])  # type: ignore[index]
    if message is None or message.fuzzy:
        return ()
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("text_id", IDS, ids=str)
def test_each_text_exists_with_the_same_placeholders(locale: Locale, text_id: object) -> None:
    found = forms(TEXTS.catalogs[locale], text_id)
    assert found, f"{locale}: {text_id} is missing or fuzzy"
    assert all(form.strip() for form in found)
    wanted = placeholders(forms(SOURCE, text_id)[0])
    assert all(placeholders(form) == wanted for form in found)


@pytest.mark.parametrize("locale", list(Locale))
def test_no_catalog_has_texts_that_the_source_lacks(locale: Locale) -> None:
    assert {str(message.id) for message in TEXTS.catalogs[locale]} == {str(message.id) for message in SOURCE}


@pytest.mark.parametrize("locale", list(Locale))
def test_buttons_fit_one_line_of_an_old_phone(locale: Locale) -> None:
    for message in TEXTS.catalogs[locale]:
        if str(message.id).startswith(("button-", "citizenship-")):
            assert len(str(message.string)) <= BUTTON_LIMIT, message.id


@pytest.mark.parametrize("locale", list(Locale))
def test_plural_forms_are_those_of_cldr(locale: Locale) -> None:
    catalog = TEXTS.catalogs[locale]
    rule = BabelLocale.parse(locale.cldr).plural_form
    classes = {number: rule(number) for number in range(201)}
    indexes = {number: plural_index(catalog, number) for number in range(201)}
    pairs = {(classes[number], indexes[number]) for number in range(201)}
    assert len({category for category, _ in pairs}) == len(pairs) == len({index for _, index in pairs})
    assert catalog.num_plurals == len(pairs)


def test_every_text_that_the_program_asks_for_exists() -> None:
    asked: set[str] = set()
    for path in (*(ROOT / "bot/conversation").rglob("*.py"), *(ROOT / "bot/telegram").rglob("*.py")):
        source = path.read_text("utf-8")
        asked |= set(re.findall(r"\.(?:text|plural)\([^()\"]*\"([a-z][a-z0-9-]+)\"", source))
    known = {text_id if isinstance(text_id, str) else text_id[0] for text_id in IDS}
    assert asked
    assert asked <= known, sorted(asked - known)


SOURCES = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "bot").rglob("*.py")))
SMALLTALK = (ROOT / "knowledge" / "lexicon" / "smalltalk.yaml").read_text("utf-8")
DANGER = (ROOT / "knowledge" / "lexicon" / "danger.yaml").read_text("utf-8")
COMPOSED = {
    "button-": ("steps", "documents", "beware", "where"),
    "calc-deadline-": ("registration", "medical", "patent", "contract", "payment", "reissue"),
    "case-state-": tuple(CaseStatus),
    "citizenship-": ("KG", "TJ", "UZ", "MD", "other", "skip"),
    "command-": (*PRIVATE_COMMANDS, "queue", "close", "help"),
    "flow-": ("yes", "no"),
    "reason-": ("topic", "person", "flow", "danger"),
    "severity-": tuple(Severity),
    "rule-": tuple(yaml.safe_load(DANGER)["rules"]),
    "smalltalk-": (*(kind for kind in yaml.safe_load(SMALLTALK) if kind != AROUND), NOISE),
}
"""Texts whose id is put together while running: beginning → endings. Any other id stands in quotes in the program."""


def test_no_text_lies_unused() -> None:
    composed = {beginning + ending for beginning, endings in COMPOSED.items() for ending in endings}
    known = {text_id if isinstance(text_id, str) else text_id[0] for text_id in IDS}
    unused = known - set(re.findall(r"[\"']([a-z][A-Za-z0-9_-]+)[\"']", SOURCES)) - composed
    assert unused == set(), "remove these, or use them"


@pytest.mark.parametrize("beginning", COMPOSED)
def test_what_is_put_together_is_put_together_somewhere_and_exists(beginning: str) -> None:
    known = {text_id if isinstance(text_id, str) else text_id[0] for text_id in IDS}
    assert f'f"{beginning}{{' in SOURCES, "nothing makes ids with this beginning; take it off the list"
    assert {beginning + ending for ending in COMPOSED[beginning]} <= known
    for ending in COMPOSED[beginning]:
        assert re.search(rf"\b{ending}\b", SOURCES + SMALLTALK + DANGER), f"nothing in the program is called {ending}"


def test_the_same_number_reads_right_in_each_language() -> None:
    assert TEXTS.plural(Locale.RU, "queue-title", 2) == "2 обращения ждут"
    assert TEXTS.plural(Locale.RU, "queue-title", 21) == "21 обращение ждёт"
    assert TEXTS.plural(Locale.RO, "queue-title", 20) == "20 de cazuri așteaptă"
    assert TEXTS.plural(Locale.RO, "queue-title", 119) == "119 cazuri așteaptă"


def test_a_missing_catalog_and_a_missing_text_are_named() -> None:
    with pytest.raises(BrokenCatalog, match="tg: the catalog is missing"):
        Texts.parse({locale: data for locale, data in FILES.items() if locale is not Locale.TG})
    with pytest.raises(MissingText, match=r"no-such-text.*ky"):
        TEXTS.get(Locale.KY, "no-such-text")

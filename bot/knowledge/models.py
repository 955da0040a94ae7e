"""The shape of everything in `knowledge/`. Unknown keys and wrong types are refused.

The JSON Schemas in `knowledge/schema/` are made from these models. Links between things, texts and dates are
checked in `bot.knowledge.checks`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from bot.knowledge import limits
from bot.knowledge.fields import (
    AllLocales,
    Citizenship,
    Day,
    KebabId,
    Model,
    PerLocale,
    Region,
    SnakeId,
    Text,
)
from bot.knowledge.sources import ArticleSource, FactSource, Strength
from bot.languages.locales import SOURCE_LOCALE, Locale

# --- Facts -------------------------------------------------------------------------------------------------------


class Unit(StrEnum):
    """What a fact counts."""

    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    AGE = "age"
    RUB = "rub"
    RUB_MONTH = "rub_month"
    USD = "usd"
    PERCENT = "percent"
    COUNT = "count"
    PHONE = "phone"
    DATE = "date"


Value = int | float | str | date
"""One value: a number; a phone as text; a date."""


class _Values:
    """Dated values, each a single value or a mapping of citizenship or region to one; the shape is checked later,
    where the message can say what `per` and `unit` ask for."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.dict_schema(core_schema.date_schema(strict=True), core_schema.any_schema(), min_length=1)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        single = {"anyOf": [{"type": "number"}, {"type": "string"}]}
        return {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
            "additionalProperties": {"anyOf": [*single["anyOf"], {"type": "object", "additionalProperties": single}]},
        }


class Fact(Model):
    """A dated, sourced value that stands in one place for all languages."""

    given_by_place = frozenset({"id"})

    id: SnakeId
    what: Text
    """What the number means, for editors."""
    unit: Unit
    per: Literal["none", "citizenship", "region"] = "none"
    """Whether the value differs by citizenship or by region."""
    source: FactSource
    check_by: Day
    """Look at the source again by this day."""
    confidence: Strength
    note: Text | None = None
    """For editors; people do not see it."""
    values: Annotated[dict[date, Any], _Values]
    """The day from which each value holds; the newest one not after today is shown."""
    units: dict[Citizenship, Unit] = Field(default_factory=dict)
    """A different unit for one citizenship."""
    organisation: SnakeId | None = None
    """Of a phone: whose it is. The check compares it with the phones of the organisation."""


# --- Articles ----------------------------------------------------------------------------------------------------


class Block(Model):
    """A paragraph or an item: for whom (nobody named: for everybody) and in which days it is shown."""

    text: Text
    citizenships: tuple[Literal["KG", "TJ", "UZ", "MD"], ...] = Field(default=(), alias="for")
    """Whom it is shown to; nobody named: everybody."""
    starts: Day | None = Field(default=None, alias="from")
    """The first day on which it is shown."""
    until: Day | None = None
    """The last day on which it is shown."""

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, data: Any) -> Any:
        return {"text": data} if isinstance(data, str) else data

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "minLength": 1}, handler.resolve_ref_schema(handler(schema))]}

    @property
    def is_mapping(self) -> bool:
        """Whether it stands in the file as a mapping with `text`, not as a bare text."""
        return self.model_fields_set != {"text"}

    def shown_on(self, day: date) -> bool:
        """Whether the block holds on a day."""
        return (self.starts is None or self.starts <= day) and (self.until is None or day <= self.until)


PARTS: tuple[str, ...] = ("answer", "steps", "documents", "beware", "where")
"""The parts of an article, in the order in which they are offered."""


class ArticleText(Model):
    """An article in one locale: one file."""

    updated: Day
    """The day of this text; a text older than the Russian one is stale."""
    title: Text = Field(json_schema_extra={"maxLength": limits.TITLE_MAX})
    """As a person would say it."""
    short: Text = Field(json_schema_extra={"maxLength": limits.SHORT_MAX})
    """The label of the button."""
    asks: tuple[Text, ...] = Field(
        json_schema_extra={"minItems": limits.ASKS_MIN, "maxItems": limits.ASKS_MAX, "uniqueItems": True}
    )
    """How people of this language really write; not translated from Russian."""
    answer: tuple[Block, ...] = Field(min_length=1, json_schema_extra={"maxItems": limits.ANSWER_BLOCKS_MAX})
    """Two to four short sentences that are enough by themselves."""
    steps: tuple[Block, ...] = Field(default=(), json_schema_extra={"maxItems": limits.STEPS_MAX})
    """What to do, in order."""
    documents: tuple[Block, ...] = Field(default=(), json_schema_extra={"maxItems": limits.DOCUMENTS_MAX})
    """What to have."""
    beware: tuple[Block, ...] = Field(default=(), json_schema_extra={"maxItems": limits.BEWARE_MAX})
    """What goes wrong, and who cheats."""
    where: tuple[Block, ...] = Field(default=(), json_schema_extra={"maxItems": limits.WHERE_MAX})
    """Where to turn, in words; the program adds organisations."""

    def part(self, name: str) -> tuple[Block, ...]:
        """Return the blocks of one of `PARTS`."""
        blocks: tuple[Block, ...] = getattr(self, name)
        return blocks


class TurnTo(Model):
    """Where an article sends people: single organisations and kinds of help."""

    organisations: tuple[SnakeId, ...] = ()
    services: tuple[SnakeId, ...] = ()


class Media(Model):
    """Files beside the text; the text always works without them. Paths are relative to `knowledge/`."""

    audio: dict[Locale, Text] = Field(default_factory=dict)
    picture: Text | None = None


class Article(Model):
    """One answer: what is the same in all languages, and its texts."""

    given_by_place = frozenset({"texts"})

    id: KebabId
    section: KebabId
    severity: Literal["normal", "serious", "urgent"] = "normal"
    audience: tuple[Literal["all", "men", "women", "children", "returned", "leaving"], ...] = ("all",)
    sources: tuple[ArticleSource, ...] = Field(min_length=1)
    checked: Day
    check_by: Day
    related: tuple[KebabId, ...] = ()
    flow: KebabId | None = None
    turn_to: TurnTo = TurnTo()
    media: Media = Media()
    texts: dict[Locale, ArticleText] = Field(default_factory=dict)

    def text(self, locale: Locale) -> tuple[Locale, ArticleText]:
        """Return the text in a locale, or the nearest there is, with the locale it is in.

        Raises KeyError where the article has not even a Russian text; a checked folder has none such.
        """
        for candidate in (locale, Locale.UZ if locale is Locale.UZ_CYRL else SOURCE_LOCALE, SOURCE_LOCALE):
            if candidate in self.texts:
                return candidate, self.texts[candidate]
        raise KeyError(self.id)

    def is_stale(self, locale: Locale) -> bool:
        """Whether the text of a locale is older than the Russian one, from which the others are checked."""
        source, own = self.texts.get(SOURCE_LOCALE), self.texts.get(locale)
        return source is not None and own is not None and own.updated < source.updated


# --- Menu, vocabulary, lexicon -----------------------------------------------------------------------------------


class Section(Model):
    """A group of topics in the menu; `articles` gives their order."""

    id: KebabId
    emoji: Text
    title: AllLocales
    articles: tuple[KebabId, ...]


class Service(AllLocales):
    """What an organisation helps with, named in all locales."""

    given_by_place = frozenset({"id"})

    id: SnakeId


class RegionEntry(AllLocales):
    """A region of Russia: its name, how people type it or a town in it, and where its capital is, in degrees."""

    said: tuple[Text, ...] = ()
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class Regions(Model):
    """The regions by ISO 3166-2 code, and those shown first."""

    short_list: tuple[Region, ...]
    regions: dict[Region, RegionEntry]


class Term(Model):
    """One concept of the field: the word to use, the word on Russian papers, the words people say."""

    given_by_place = frozenset({"id"})

    id: SnakeId
    official_ru: Text
    use: AllLocales
    avoid: PerLocale = PerLocale()
    said: PerLocale = PerLocale()
    note: Text | None = None


class AllowedNumbers(Model):
    """Patterns of digits that may stand in prose: names of forms and laws. Python regular expressions."""

    patterns: tuple[Text, ...]


class Phrases(Model):
    """Short fixed words around articles and organisations."""

    checked_on: AllLocales
    may_have_changed: AllLocales
    free: AllLocales
    paid: AllLocales
    round_the_clock: AllLocales
    every_day: AllLocales
    languages: AllLocales
    hours: AllLocales
    address: AllLocales
    for_whom: AllLocales
    steps: AllLocales
    documents: AllLocales
    beware: AllLocales
    where: AllLocales
    related: AllLocales
    source: AllLocales

    def __getitem__(self, name: str) -> AllLocales:
        phrase: AllLocales = getattr(self, name)
        return phrase


def decimal_of(value: Value) -> Decimal:
    """Return a numeric value exactly as it is written; raise TypeError for a phone or a date."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a number")
    return Decimal(str(value))

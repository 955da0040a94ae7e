"""The shape of everything in `knowledge/`. Unknown keys and wrong types are refused.

The JSON Schemas in `knowledge/schema/` are made from these models. Links between things, texts and dates are
checked in `bot.knowledge.checks`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from bot.knowledge import limits
from bot.languages.locales import SOURCE_LOCALE, Locale

CITIZENSHIPS: tuple[str, ...] = ("KG", "TJ", "UZ", "MD")
"""The citizenships whose law is written down; `other` stands for the rest."""

Citizenship = Literal["KG", "TJ", "UZ", "MD", "other"]
Text = Annotated[str, StringConstraints(min_length=1)]
SnakeId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
KebabId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=48)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$", max_length=500)]
Phone = Annotated[str, StringConstraints(pattern=r"^(\+[1-9][0-9]{7,14}|[0-9]{2,6})$")]
Region = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?|X-[A-Z]{2,3})$")]
"""ISO 3166-2 or ISO 3166-1; `X-` starts codes of our own."""
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]


class _Day:
    """A date that YAML already made a date of; a quoted one or a number is a mistake."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.date_schema(strict=True)


Day = Annotated[date, _Day]


class Model(BaseModel):
    """What all shapes share: nothing unknown, nothing changed after loading."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_by_alias=True, validate_by_name=False, use_attribute_docstrings=True
    )

    given_by_place: ClassVar[frozenset[str]] = frozenset()
    """Fields that the loader fills from where the thing stands; an editor does not write them."""


class AllLocales(Model):
    """A text in all six locales."""

    ru: Text
    ky: Text
    tg: Text
    uz: Text
    uz_cyrl: Text = Field(alias="uz_Cyrl")
    ro: Text

    def __getitem__(self, locale: Locale) -> str:
        return str(getattr(self, locale.value.lower()))


class SomeLocales(Model):
    """A text in Russian and perhaps in other locales; the Russian one stands in for those that are missing."""

    ru: Text
    ky: Text | None = None
    tg: Text | None = None
    uz: Text | None = None
    uz_cyrl: Text | None = Field(default=None, alias="uz_Cyrl")
    ro: Text | None = None

    def __getitem__(self, locale: Locale) -> str:
        return str(getattr(self, locale.value.lower()) or self.ru)


class PerLocale(Model):
    """Lists of words, per locale; a locale may be missing."""

    ru: tuple[Text, ...] = ()
    ky: tuple[Text, ...] = ()
    tg: tuple[Text, ...] = ()
    uz: tuple[Text, ...] = ()
    uz_cyrl: tuple[Text, ...] = Field(default=(), alias="uz_Cyrl")
    ro: tuple[Text, ...] = ()

    def __getitem__(self, locale: Locale) -> tuple[str, ...]:
        return tuple(getattr(self, locale.value.lower()))


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


class Strength(StrEnum):
    """How much a source weighs: the text of a law, a body with authority over the matter, anybody else."""

    LAW = "law"
    OFFICIAL = "official"
    SECONDARY = "secondary"


class FactSource(Model):
    """Where a fact stands and when somebody looked. The address may be missing only where `cite` names the law."""

    title: Text
    checked: Day
    url: Url | None = None
    cite: Text | None = None


class ArticleSource(Model):
    """What an article rests on."""

    title: Text
    checked: Day
    url: Url | None = None
    cite: Text | None = None
    strength: Strength = Strength.OFFICIAL


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


# --- Organisations -----------------------------------------------------------------------------------------------

WEEKDAYS: tuple[str, ...] = ("mo", "tu", "we", "th", "fr", "sa", "su")
_DAY = "mo|tu|we|th|fr|sa|su"
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"


class OpenTimes(Model):
    """On which days and from when to when, local time: `{days: mo-fr, from: "10:00", to: "18:00"}`."""

    days: Annotated[str, StringConstraints(pattern=rf"^({_DAY})(-({_DAY}))?(,({_DAY})(-({_DAY}))?)*$")]
    opens: Annotated[str, StringConstraints(pattern=_TIME)] = Field(alias="from")
    closes: Annotated[str, StringConstraints(pattern=_TIME)] = Field(alias="to")


class Hours(Model):
    """When somebody is there: one or several `OpenTimes`, or `{all: true}` for round the clock."""

    all: Literal[True] | None = None
    times: tuple[OpenTimes, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, data: Any) -> Any:
        if isinstance(data, dict) and "all" not in data:
            return {"times": [data]}
        return {"times": data} if isinstance(data, list) else data

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        times = handler.resolve_ref_schema(handler(schema))["properties"]["times"]["items"]
        always = {
            "type": "object",
            "properties": {"all": {"const": True}},
            "required": ["all"],
            "additionalProperties": False,
        }
        return {"anyOf": [times, {"type": "array", "items": times, "minItems": 1}, always]}


class Location(Model):
    """A point on the map, in degrees."""

    lat: float = Field(ge=-90, le=90, strict=True)
    lon: float = Field(ge=-180, le=180, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _whole_degrees(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {key: float(item) if type(item) is int else item for key, item in data.items()}
        return data


class Organisation(Model):
    """Somebody who helps."""

    given_by_place = frozenset({"id"})

    id: SnakeId
    name: AllLocales
    purpose: AllLocales = Field(alias="for")
    services: tuple[SnakeId, ...] = Field(min_length=1)
    languages: tuple[Language, ...] = ()
    citizenships: tuple[Citizenship, ...] = ()
    """Whom it helps; empty: everybody."""
    regions: tuple[Region, ...] = ()
    """ISO 3166-2; empty: all Russia; abroad the country: KG, TJ, UZ, MD, KZ."""
    address: SomeLocales | None = None
    location: Location | None = None
    hours: Hours | None = None
    cost: Literal["free", "paid", "unknown"] = "unknown"
    price: SomeLocales | None = None
    phones: tuple[Phone, ...] = ()
    links: tuple[Url, ...] = ()
    run_by: Literal["state", "ngo", "union", "consulate", "international", "private"]
    source: FactSource
    checked: Day
    check_by: Day
    confidence: Literal["high", "medium-high"]
    note: Text | None = None


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

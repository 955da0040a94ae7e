"""Somebody who helps: who, where, when, for whom."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, GetJsonSchemaHandler, StringConstraints, model_validator
from pydantic_core import CoreSchema

from bot.knowledge.fields import (
    AllLocales,
    Citizenship,
    Day,
    Language,
    Model,
    Phone,
    Region,
    SnakeId,
    SomeLocales,
    Text,
    Url,
)
from bot.knowledge.sources import FactSource

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

"""The small types of which the shapes in `bot.knowledge.models` are made."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, core_schema

from bot.languages.locales import Locale

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

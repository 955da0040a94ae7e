"""JSON Schemas of the files in `knowledge/`, made from the models, for the editor's program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from bot.knowledge.fields import Model
from bot.knowledge.models import AllowedNumbers, Article, ArticleText, Fact, Phrases, Regions, Section, Service, Term
from bot.knowledge.places import Organisation

Models = Mapping[str, tuple[type[Model], str]]
"""Schema name → the model and how a file holds it: `single`, a `mapping` by id, a `list`."""

FILES: Final[Models] = {
    "facts": (Fact, "mapping"),
    "organisations": (Organisation, "mapping"),
    "article": (Article, "single"),
    "text": (ArticleText, "single"),
    "sections": (Section, "list"),
    "services": (Service, "mapping"),
    "terms": (Term, "mapping"),
    "regions": (Regions, "single"),
    "phrases": (Phrases, "single"),
    "allowed_numbers": (AllowedNumbers, "single"),
}
"""The schemas of this room."""

Patterns = Mapping[str, tuple[str, ...]]
"""Schema name → which files it is for, as an editor's program wants to know."""

PATTERNS: Final[Patterns] = {
    "facts": ("knowledge/facts/*.yaml",),
    "organisations": ("knowledge/organisations/*.yaml",),
    "article": ("knowledge/articles/*/article.yaml",),
    "text": tuple(f"knowledge/articles/*/{name}.yaml" for name in ("ru", "ky", "tg", "uz", "uz_Cyrl", "ro")),
    "sections": ("knowledge/sections.yaml",),
    "services": ("knowledge/services.yaml",),
    "terms": ("knowledge/lexicon/terms.yaml",),
    "regions": ("knowledge/regions.yaml",),
    "phrases": ("knowledge/lexicon/phrases.yaml",),
    "allowed_numbers": ("knowledge/lexicon/allowed_numbers.yaml",),
}
"""The files of this room."""


def json_schemas(models: Models) -> dict[str, str]:
    """Return the text of every schema file by its name, such as `facts.json`."""
    return {f"{name}.json": _text(_schema(*how)) for name, how in models.items()}


def editor_settings(patterns: Patterns) -> str:
    """Return the settings by which Visual Studio Code's YAML extension finds the schemas."""
    schemas = {f"./knowledge/schema/{name}.json": list(places) for name, places in patterns.items()}
    return _text({"yaml.schemas": schemas, "yaml.customTags": [], "files.encoding": "utf8", "files.eol": "\n"})


def _schema(model: type[Model], how: str) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True)
    definitions = schema.pop("$defs", {})
    for definition in (schema, *definitions.values()):
        _without_placed(definition, model if definition is schema else None)
    schema["title"] = model.__name__
    top: dict[str, Any]
    if how == "single":
        top = schema
    elif how == "mapping":
        top = {"type": "object", "additionalProperties": schema}
    else:
        top = {"type": "array", "items": schema}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **top, "$defs": definitions}


def _without_placed(definition: dict[str, Any], model: type[Model] | None) -> None:
    if model is None:
        return
    for name in model.given_by_place:
        definition.get("properties", {}).pop(name, None)
        if name in definition.get("required", ()):
            definition["required"].remove(name)


def _text(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2, sort_keys=False) + "\n"

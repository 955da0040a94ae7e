"""Turn data of one file into a model, or into findings that say what is allowed at which place."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.knowledge.fields import Model
from bot.knowledge.findings import Finding, KeyPath
from bot.languages.locales import Locale

M = TypeVar("M", bound=Model)

_WRONG_TYPE = {
    "string_type": "text",
    "int_type": "whole number",
    "float_type": "number",
    "date_type": "date",
    "bool_type": "true or false",
    "tuple_type": "list",
    "dict_type": "mapping",
    "model_type": "mapping",
    "model_attributes_type": "mapping",
}
_PATTERN_HELP = (
    ("^https?", "https://…"),
    (r"^(\+[1-9]", '"+7…", "112"'),
    ("^[a-z][a-z0-9_]*", "a-z, 0-9, _"),
    ("^[a-z][a-z0-9-]*", "a-z, 0-9, -"),
    ("^([A-Z]{2}", "RU-MOW, KG"),
    ("^[a-z]{2,3}", "ru, ky, tg, uz, ro"),
    ("^(mo|tu", "mo-fr, sa"),
    ("^([01]", '"09:00"'),
)


def build(
    model: type[M],
    data: Any,
    file: str,
    path: KeyPath = (),
    locale: Locale | None = None,
    given: Mapping[str, Any] | None = None,
) -> tuple[M | None, list[Finding]]:
    """Return the model made of `data`, or None with findings.

    given: fields that the place of the file decides, such as the id; they may not stand in the file itself.
    """
    given = given or {}
    if not isinstance(data, dict):
        return None, [Finding("wrong-type", file, path, locale=locale, values=expected("mapping", data))]
    written = [name for name in model.given_by_place if name in data]
    findings = [Finding("key-by-place", file, (*path, name), locale=locale, values={"key": name}) for name in written]
    try:
        return model.model_validate({**data, **given}), findings
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_context=True):
            if detail["loc"] and detail["loc"][0] in given:
                findings.append(_bad_given(detail, file, path, locale))
            elif not (detail["loc"] and detail["loc"][0] in written) and not _follows_from_others(detail):
                findings.append(_finding(detail, model, data, file, path, locale))
        return None, findings


def similar(name: str, known: Iterator[str] | list[str] | tuple[str, ...] | frozenset[str]) -> tuple[str, ...]:
    """Return the names that a misspelt one probably means, else all of them where they are few."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.6)
    return tuple(close or (names if len(names) <= 24 else ()))


def allowed_keys(model: type[Model], path: KeyPath) -> tuple[str, ...]:
    """Return the keys that a mapping at `path` inside a model may have."""
    schema = _schema(model)
    node: Any = _resolved(schema, schema)
    for step in path:
        node = _step(schema, node, step)
    keys = tuple(key for part in _variants(schema, node) for key in part.get("properties", {}))
    return tuple(key for key in keys if key not in model.given_by_place or path)


def _finding(
    detail: ErrorDetails, model: type[Model], data: Any, file: str, path: KeyPath, locale: Locale | None
) -> Finding:
    own = _existing_path(detail["loc"], data)
    kind, context = detail["type"], detail.get("ctx", {})
    where = (*path, *own)
    name = next((str(step) for step in reversed(own or detail["loc"]) if isinstance(step, str)), "")

    def found(code: str, allowed: tuple[str, ...] = (), **values: Any) -> Finding:
        return Finding(code, file, where, locale=locale, values=values, allowed=allowed)

    if kind == "extra_forbidden":
        keys = allowed_keys(model, own[:-1])
        return found("unknown-key", tuple(similar(name, keys)) or keys, key=name)
    if kind == "missing":
        return found("missing-key", key=name)
    if kind in ("literal_error", "enum"):
        allowed = tuple(part.strip(" '") for part in str(context.get("expected", "")).replace(" or ", ",").split(","))
        return found("not-allowed", allowed, value=_short(detail["input"]))
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern", ""))
        help_text = next((text for start, text in _PATTERN_HELP if pattern.startswith(start)), pattern)
        return found("wrong-form", (help_text,), value=_short(detail["input"]))
    if kind in ("string_too_short", "too_short"):
        return found("empty-value", key=name)
    if kind in ("string_too_long", "too_long"):
        return found("too-long", limit=context.get("max_length", "?"), length=len(detail["input"]), what=name)
    if kind in _WRONG_TYPE:
        values = expected(_WRONG_TYPE[kind], detail["input"])
        return Finding("wrong-type", file, where, locale=locale, values=values)
    return found("bad-value", value=_short(detail["input"]), problem=detail["msg"])


def _follows_from_others(detail: ErrorDetails) -> bool:
    """A list whose every item is wrong is reported as too short too; the items say it better."""
    return detail["type"] == "too_short" and bool(detail["input"])


def _bad_given(detail: ErrorDetails, file: str, path: KeyPath, locale: Locale | None) -> Finding:
    return Finding("bad-id", file, path, locale=locale, values={"id": _short(detail["input"])})


def _existing_path(loc: tuple[int | str, ...], data: Any) -> KeyPath:
    """Pydantic's place without the names of union members and key markers that are not in the file."""
    path: list[str | int] = []
    node = data
    for index, step in enumerate(loc):
        last = index == len(loc) - 1
        if step == "[key]":
            break
        if isinstance(node, dict):
            key = step if step in node else next((key for key in node if str(key) == str(step)), None)
            if key is None and not last:
                continue
            path.append(str(step))
            node = node.get(key) if key is not None else None
        elif isinstance(node, list | tuple) and isinstance(step, int) and step < len(node):
            path.append(step)
            node = node[step]
        elif last and isinstance(step, str) and not isinstance(node, str | None):
            path.append(step)
    return tuple(path)


def expected(kind_needed: str, value: Any) -> dict[str, str]:
    """Return the values of a finding `wrong-type`."""
    kind = "nothing" if value is None else type(value).__name__
    return {"expected": kind_needed, "found": _short(value), "kind": kind}


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"


@cache
def _schema(model: type[Model]) -> dict[str, Any]:
    return model.model_json_schema(by_alias=True)


def _resolved(schema: dict[str, Any], node: Any) -> Any:
    while isinstance(node, dict) and "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    return node


def _variants(schema: dict[str, Any], node: Any) -> Iterator[dict[str, Any]]:
    node = _resolved(schema, node)
    if isinstance(node, dict):
        yield node
        for part in (*node.get("anyOf", ()), *node.get("allOf", ())):
            yield from _variants(schema, part)


def _step(schema: dict[str, Any], node: Any, step: str | int) -> Any:
    for part in _variants(schema, node):
        if isinstance(step, int) and "items" in part:
            return part["items"]
        if isinstance(step, str) and step in part.get("properties", {}):
            return part["properties"][step]
        if isinstance(step, str) and isinstance(part.get("additionalProperties"), dict):
            return part["additionalProperties"]
    return {}

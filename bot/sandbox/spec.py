"""Checks the parameters of every request against the Bot API specification in `botapi.json`.

Parameters arrive as Telegram takes them: form fields and query strings hold text, arrays and objects are JSON text;
a JSON body may hold them as they are. `Specification.decode` returns plain Python values or refuses with a 400.
Unknown parameters and unknown fields of objects are accepted and ignored, as Telegram does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox.refusals import Refused, bad_request

Decoder = Callable[[Any], Any]

_NUMBER = re.compile(r"[+-]?\d{1,19}")
_TRUE = {"true", "yes", "1", "y"}
_FALSE = {"false", "no", "0", "n", ""}
_MISSING = {
    "chat_id": "chat_id is empty",
    "from_chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "user_id": "invalid user_id specified",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part of a multipart request."""

    name: str
    mime: str
    data: bytes


class Unfit(Exception):
    """A value does not fit its type; the text says what was expected."""


@dataclass(frozen=True, slots=True)
class Method:
    """One Bot API method: name, decoders per parameter, required parameters with what is said without them."""

    name: str
    decoders: dict[str, Decoder]
    required: tuple[tuple[str, str], ...]


class Specification:
    """The Bot API as far as the local Telegram knows it."""

    def __init__(self, compact: dict[str, Any]) -> None:
        self.version: str = compact["version"]
        self._types: dict[str, dict[str, Any]] = compact["types"]
        self._ready: dict[str, Decoder] = {}
        self.methods: dict[str, Method] = {}
        for name, parameters in compact["methods"].items():
            decoders = {key: self._of(text.lstrip("!")) for key, text in parameters.items()}
            if "parse_mode" in decoders:
                decoders["parse_mode"] = _string  # an unknown one has words of its own, see texts.py
            required = tuple(
                (key, _when_missing(key, text)) for key, text in parameters.items() if text.startswith("!")
            )
            self.methods[name.lower()] = Method(name, decoders, required)

    @classmethod
    def load(cls) -> Specification:
        """Read the specification that lies beside this module."""
        return cls(json.loads(Path(__file__).with_name("botapi.json").read_text(encoding="utf-8")))

    def decode(self, method: Method, raw: dict[str, Any]) -> dict[str, Any]:
        """Return the known parameters of `raw` as Python values.

        Raises Refused (400) for a missing, malformed or wrongly typed parameter.
        """
        values: dict[str, Any] = {}
        decoders = method.decoders
        for key, value in raw.items():
            decoder = decoders.get(key)
            if decoder is None:
                if isinstance(value, Upload):
                    values[key] = value  # an attach:// part
                continue
            if value is None:
                continue
            try:
                values[key] = decoder(value)
            except Unfit as unfit:
                raise _refusal(key, str(unfit)) from None
        for key, words in method.required:
            if key not in values:
                raise bad_request(words)
        return values

    def _of(self, text: str) -> Decoder:
        if text not in self._ready:
            self._ready[text] = self._make(text)
        return self._ready[text]

    def _make(self, text: str) -> Decoder:
        if text.startswith("[") and text.endswith("]") and "|" not in _outside(text):
            return self._array(text[1:-1])
        parts = _split(text)
        if len(parts) > 1:
            return self._union(parts)
        if text.startswith("="):
            return _constant(text[1:])
        plain = _PLAIN.get(text)
        if plain:
            return plain
        source = self._types.get(text)
        if source is None:
            return _anything
        if "enum" in source:
            return _one_of(source["enum"])
        if "any" in source:
            return self._union(source["any"])
        return self._object(text, source["fields"])

    def _array(self, inner: str) -> Decoder:
        late: list[Decoder] = []

        def decode(value: Any) -> Any:
            if not late:
                late.append(self._of(inner))
            if isinstance(value, str):
                value = _json(value, "array")
            if not isinstance(value, list):
                raise Unfit("expected an Array")
            item = late[0]
            return [item(one) for one in value]

        return decode

    def _object(self, name: str, fields: dict[str, str]) -> Decoder:
        required = [key for key, text in fields.items() if text.startswith("!")]
        late: dict[str, Decoder] = {}

        def decode(value: Any) -> Any:
            if not late:
                late.update({key: self._of(text.lstrip("!")) for key, text in fields.items()})
            if isinstance(value, str):
                value = _json(value, "object")
            if not isinstance(value, dict):
                raise Unfit("expected an Object")
            result: dict[str, Any] = {}
            for key, item in value.items():
                decoder = late.get(key)
                if decoder is not None and item is not None:
                    try:
                        result[key] = decoder(item)
                    except Unfit as unfit:
                        raise Unfit(f'field "{key}" of {name}: {unfit}') from None
            for key in required:
                if key not in result:
                    raise Unfit(f'can\'t find field "{key}" of {name}')
            return result

        return decode

    def _union(self, parts: list[str]) -> Decoder:
        late: list[Decoder] = []

        def decode(value: Any) -> Any:
            if not late:
                late.extend(self._of(part) for part in parts)
            if isinstance(value, str) and value[:1] in "{[" and not {"String", "InputFile"} & set(parts):
                value = _json(value, "object")
            first: Unfit | None = None
            for decoder in self._candidates(parts, late, value):
                try:
                    return decoder(value)
                except Unfit as unfit:
                    first = first or unfit
            raise first or Unfit("no fitting type")

        return decode

    def _candidates(self, parts: list[str], decoders: list[Decoder], value: Any) -> list[Decoder]:
        """Return the decoders worth trying: the kinds that `type`, `source` or the fields of the object point at."""
        if not isinstance(value, dict):
            return decoders
        ranked: list[tuple[bool, int, Decoder]] = []
        for part, decoder in zip(parts, decoders, strict=True):
            fields = self._types.get(part, {}).get("fields")
            if fields is None:
                ranked.append((False, 0, decoder))
                continue
            fixed = {key: text.lstrip("!=") for key, text in fields.items() if text.startswith("!=")}
            if all(str(value.get(key)) == constant for key, constant in fixed.items()):
                complete = all(key in value for key, text in fields.items() if text.startswith("!"))
                ranked.append((complete, sum(key in fields for key in value), decoder))
        ranked.sort(key=lambda item: item[:2], reverse=True)
        return [decoder for _, _, decoder in ranked] or decoders


def _outside(text: str) -> str:
    """Return the characters of `text` that stand outside all brackets."""
    depth, out = 0, []
    for sign in text:
        depth += (sign == "[") - (sign == "]")
        if depth == 0:
            out.append(sign)
    return "".join(out)


def _split(text: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for index, sign in enumerate(text):
        depth += (sign == "[") - (sign == "]")
        if sign == "|" and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]]


def _when_missing(key: str, text: str) -> str:
    if "InputFile" in text:
        return f"there is no {key} in the request"
    return _MISSING.get(key, f'parameter "{key}" is required')


def _refusal(key: str, why: str) -> Refused:
    if key == "reply_markup":
        if why == "expected an Object":
            return bad_request("object expected as reply markup")
        return bad_request(f"can't parse reply keyboard markup JSON object: {why}")
    if key == "reaction" and "unexpected value" in why:
        return bad_request("REACTION_INVALID")
    return bad_request(f"can't parse {key}: {why}")


def _json(text: str, expected: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise Unfit(f"can't parse JSON {expected}") from None


def _integer(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise Unfit("expected an Integer")


def _float(value: Any) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    try:
        return float(value)
    except (TypeError, ValueError):
        raise Unfit("expected a Number") from None


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise Unfit("expected a Boolean")


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise Unfit("expected a String")


def _file(value: Any) -> Any:
    if isinstance(value, (str, Upload)):
        return value
    raise Unfit("expected a file, a file identifier or a URL")


def _anything(value: Any) -> Any:
    return value


def _constant(constant: str) -> Decoder:
    def decode(value: Any) -> Any:
        if str(value) != constant:
            raise Unfit(f'expected "{constant}"')
        return value

    return decode


def _one_of(allowed: list[str]) -> Decoder:
    choices = set(map(str, allowed))

    def decode(value: Any) -> Any:
        if str(value) not in choices:
            raise Unfit("unexpected value")
        return value

    return decode


_PLAIN: dict[str, Decoder] = {
    "Integer": _integer,
    "Float": _float,
    "Boolean": _boolean,
    "True": _boolean,
    "String": _string,
    "InputFile": _file,
}

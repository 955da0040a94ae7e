"""Reads the parameters of a Bot API request or answer: query string, form, multipart, JSON."""

from __future__ import annotations

import json
import re
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox.refusals import Refused, bad_request
from bot.sandbox.spec import Upload

Json = dict[str, Any]

_ESCAPES = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")

SIZE_LIMIT = 64 * 1024 * 1024


async def parameters(request: web.Request) -> Json:
    """Return the parameters of a request, files as Upload. Raises Refused for a body that cannot be read."""
    raw: Json = dict(request.query) if request.query_string else {}
    if not request.body_exists:
        return raw
    kind = request.content_type
    if kind == "multipart/form-data":
        try:
            return raw | await _parts(await request.multipart())
        except ValueError:
            raise bad_request("can't parse the multipart request") from None
    body = await request.read()
    return raw | plain(kind, body)


def plain(kind: str, body: bytes) -> Json:
    """Return the parameters of a form or JSON body. Raises Refused."""
    if not body:
        return {}
    try:
        if kind == "application/x-www-form-urlencoded":
            return form(body)
        if kind != "application/json":
            return {}
        values = json.loads(body)
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(values, dict):
        raise bad_request("object expected")
    return values


def form(body: bytes) -> dict[str, str]:
    """Return the fields of a url-encoded form. Raises UnicodeDecodeError.

    The standard library takes one sign at a time; whole runs matter here, because Cyrillic is nothing but escapes.
    """
    fields: dict[str, str] = {}
    for pair in body.replace(b"+", b" ").split(b"&"):
        name, _, value = pair.partition(b"=")
        if name:
            fields[_ESCAPES.sub(_unescape, name).decode()] = _ESCAPES.sub(_unescape, value).decode()
    return fields


def _unescape(found: re.Match[bytes]) -> bytes:
    return bytes.fromhex(found.group().replace(b"%", b"").decode())


async def webhook_answer(response: aiohttp.ClientResponse) -> Json:
    """Return the method and parameters that a bot's web server answers with, {} when it only says it has the update."""
    try:
        if response.content_type == "multipart/form-data":
            return await _parts(aiohttp.MultipartReader.from_response(response))
        return plain(response.content_type, await response.read())
    except (Refused, ValueError):
        return {}


async def _parts(reader: Any) -> Json:
    values: Json = {}
    size = 0
    async for part in reader:
        data = bytes(await part.read(decode=False))
        size += len(data)
        if size > SIZE_LIMIT:
            raise Refused(413, "Request Entity Too Large")
        name = part.name or ""
        if part.filename is not None:
            values[name] = Upload(part.filename, part.headers.get("Content-Type", ""), data)
        else:
            try:
                values[name] = data.decode()
            except UnicodeDecodeError:
                raise bad_request("strings must be encoded in UTF-8") from None
    return values

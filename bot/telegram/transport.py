"""Bot API calls through aiogram, with every failure sorted by what it says about delivery."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import new_class
from typing import Any, Final

import aiogram.methods
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    RestartingTelegram,
    TelegramAPIError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import TelegramMethod
from aiogram.types import FSInputFile
from aiohttp import ClientConnectorError

from bot.delivery.ports import CallFailed, MaybeDelivered, NotDelivered, Refusal, Refused, Sent, TooManyRequests
from bot.telegram.calls import PlainCall

NO_ANSWER: Final = (AiogramError, UnicodeDecodeError)
"""Everything that a call with aiogram's `Bot` may raise: a proxy's page is no JSON, perhaps not even UTF-8."""
CALL_TIMEOUT: Final = 30
"""Seconds after which a call is given up, and its fate is unknown."""

_REFUSALS: Final = (
    (re.compile(r"bot was blocked|bot can't initiate"), Refusal.BLOCKED),
    (re.compile(r"user is deactivated"), Refusal.DEACTIVATED),
    (re.compile(r"chat not found|bot was kicked|bot is not a member|not enough rights"), Refusal.CHAT_NOT_FOUND),
    (re.compile(r"message thread not found|topic_id_invalid|topic_deleted", re.I), Refusal.THREAD_LOST),
    (re.compile(r"topic_closed", re.I), Refusal.THREAD_CLOSED),
    (re.compile(r"not modified|topic_not_modified", re.I), Refusal.NOT_MODIFIED),
    (
        re.compile(r"message to \w+ not found|message can't be edited|message_id_invalid", re.I),
        Refusal.MESSAGE_GONE,
    ),
)


class TelegramTransport:
    """Makes calls with one aiogram `Bot`."""

    def __init__(self, bot: Bot, files: Path | None = None) -> None:
        self._bot = bot
        self._files = files
        self._uploaded: dict[str, str] = {}

    async def call(self, method: str, params: Mapping[str, Any]) -> Sent:
        """Make a call. Raise one of the `CallFailed` errors; their texts never hold words of a person."""
        path = next(
            (str(value["$file"]) for value in params.values() if isinstance(value, dict) and "$file" in value), ""
        )
        try:
            request = self._with_files(method, params) if path else PlainCall(name=method, params=params)
            result = await self._bot(request, request_timeout=CALL_TIMEOUT)
        except Exception as error:
            raise sort_failure(error) from None
        if path:
            self._keep_file_id(path, result)
        return _sent(result)

    def _with_files(self, method: str, params: Mapping[str, Any]) -> TelegramMethod[Any]:
        return _method(method)(**{name: self._file(value) for name, value in params.items()})

    def _file(self, value: Any) -> Any:
        """Return Telegram's id of a file of the knowledge that was uploaded before, else the file itself."""
        path = _path(value)
        if not path:
            return value
        return self._uploaded.get(path) or FSInputFile((self._files or Path()) / path)

    def _keep_file_id(self, path: str, result: object) -> None:
        found = result if isinstance(result, dict) else {}
        kept = found.get("voice") or (found.get("photo") or [{}])[-1]
        if "file_id" in kept:
            self._uploaded[path] = str(kept["file_id"])


def _path(value: object) -> str:
    """Return the path of a file of the knowledge that a parameter names, or an empty text."""
    return str(value["$file"]) if isinstance(value, dict) and "$file" in value else ""


@cache
def _method(name: str) -> type[TelegramMethod[Any]]:
    """Return aiogram's method, but with a result that stays plain JSON.

    Of the result only ids are needed, and a message that was delivered but is described in a new way must not count as
    unknown.
    """
    found: type[TelegramMethod[Any]] = getattr(aiogram.methods, name[0].upper() + name[1:])
    plain: type[TelegramMethod[Any]] = new_class(
        found.__name__, (found,), exec_body=lambda body: body.update(__module__=__name__, __returning__=object)
    )
    return plain


def _sent(result: object) -> Sent:
    if isinstance(result, list):
        ids = tuple(item["message_id"] for item in result if isinstance(item, dict) and "message_id" in item)
        return Sent(ids[0] if ids else None, ids)
    if isinstance(result, dict):
        for field in ("message_id", "message_thread_id"):
            if isinstance(result.get(field), int):
                return Sent(result[field], (result[field],))
    return Sent()


def sort_failure(error: Exception) -> CallFailed:
    """Return what an error of a call says about delivery.

    Only a refused connection and Telegram's own "no" are sure. A connection that broke, a timeout, a 5xx from a proxy
    and an answer that cannot be read all leave open whether Telegram took the call.
    """
    match error:
        case TelegramRetryAfter():
            return TooManyRequests(float(error.retry_after))
        case TelegramMigrateToChat():
            return Refused(Refusal.MIGRATED, "group was upgraded", migrate_to=error.migrate_to_chat_id)
        case RestartingTelegram():
            return NotDelivered("Telegram is restarting.")
        case TelegramServerError():
            return MaybeDelivered("Telegram answered with a server error.")
        case TelegramNetworkError():
            if isinstance(error.__cause__, ClientConnectorError):
                return NotDelivered("Telegram cannot be reached.")
            return MaybeDelivered("The connection to Telegram broke.")
        case ClientDecodeError() | UnicodeDecodeError() | asyncio.TimeoutError():
            return MaybeDelivered("Telegram's answer could not be read.")
        case TelegramAPIError():
            return _refused(error)
        case _:
            return Refused(Refusal.OTHER, type(error).__name__)


def _refused(error: TelegramAPIError) -> Refused:
    text = error.message
    for pattern, reason in _REFUSALS:
        if pattern.search(text):
            return Refused(reason, reason.value)
    if isinstance(error, TelegramForbiddenError):
        return Refused(Refusal.BLOCKED, "forbidden")
    return Refused(Refusal.OTHER, _without_words(text))


def _without_words(description: str) -> str:
    """Return Telegram's description without anything quoted: it may repeat parts of a text."""
    return re.sub(r"[\"'«].*", "…", description)[:120]

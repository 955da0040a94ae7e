"""Bot API calls as the outbox keeps them, through aiogram's session: plain JSON there and back.

aiogram's own way makes a model of every call, then a form of the model, then a model of the answer. For a call that is
plain JSON already, and of whose answer only ids are needed, that is a third of the work on a message.
See docs/decisions/0007-plain-calls.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import Response, TelegramMethod
from aiohttp import JsonPayload
from pydantic import ConfigDict


class PlainCall(TelegramMethod[Any]):
    """A call by its name, parameters and result as plain JSON."""

    __returning__ = object

    model_config = ConfigDict(frozen=True)

    name: str
    params: Mapping[str, Any]

    @property
    def __api_method__(self) -> str:  # type: ignore[override]  # of aiogram a constant of the class
        return self.name


_KEPT: Final = Response[object]
"""Held, because pydantic forgets a type that nobody holds and would make it anew, again and again."""


class PlainSession(AiohttpSession):
    """aiogram's session that sends a `PlainCall` as JSON; every other method goes aiogram's way."""

    def build_form_data(self, bot: Bot, method: TelegramMethod[Any]) -> Any:
        """Return the body of a request."""
        return JsonPayload(method.params) if isinstance(method, PlainCall) else super().build_form_data(bot, method)

"""Danger is answered before anything is stored: straight to Telegram, from memory, even when the database is down."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from aiogram import Bot
from aiogram.methods import SendMessage

from bot.clock import moscow_date
from bot.conversation.first_aid import danger_screen
from bot.conversation.turn import House
from bot.delivery.ports import RawUpdate
from bot.languages.locales import SOURCE_LOCALE, Locale
from bot.languages.switching import first_locale
from bot.telegram.keyboards import markup
from bot.telegram.text import to_parts
from bot.telegram.transport import NO_ANSWER

_QUIET: Final = timedelta(minutes=10)
"""The same screen is not sent again within this time: somebody who tells what happens needs it once."""
_REMEMBERED: Final = 50_000
_TRIES: Final = 3

_log = structlog.get_logger("first_aid")


class FirstAid:
    """Sends danger screens. Keeps in memory which chats chose which language, and what was sent lately."""

    def __init__(self, bot: Bot, house: House) -> None:
        self._bot = bot
        self._house = house
        self._locales: OrderedDict[int, Locale] = OrderedDict()
        self._given: OrderedDict[int, None] = OrderedDict()
        self._shown: OrderedDict[int, list[int]] = OrderedDict()
        self._lately: OrderedDict[tuple[int, str], datetime] = OrderedDict()

    def learn(self, chat_id: int, locale: Locale) -> None:
        """Remember the language of a chat."""
        _keep(self._locales, chat_id, locale)

    def was_given(self, update_id: int) -> bool:
        """Whether the screen for an update is sent or on its way."""
        return update_id in self._given

    def take_shown(self, chat_id: int) -> list[int]:
        """Return which messages were sent into a chat since the last call, for hiding it later."""
        return self._shown.pop(chat_id, [])

    async def give(self, update: RawUpdate) -> None:
        """Look at an update and send the screen of the rule that it matches. Never raises."""
        message = update.get("message") or update.get("edited_message")
        if not isinstance(message, dict) or message.get("chat", {}).get("type") != "private":
            return
        text = message.get("text") or message.get("caption")
        if not isinstance(text, str):
            return
        library = self._house.library()
        found = library.danger.match(text)
        if found is None:
            return
        update_id, chat_id = int(update["update_id"]), int(message["chat"]["id"])
        now = self._house.clock.now()
        sent = self._lately.get((chat_id, found.rule.id))
        _keep(self._given, update_id, None)
        if sent is not None and now - sent < _QUIET:
            return
        _keep(self._lately, (chat_id, found.rule.id), now)
        locale = self._locales.get(chat_id) or first_locale(library.index.detect(text)) or SOURCE_LOCALE
        screen = danger_screen(library, self._house.texts.get, locale, found.rule.id, moscow_date(now))
        part = to_parts(screen.document)[0]
        params: dict[str, Any] = {"chat_id": chat_id, "text": part.text, "entities": list(part.entities)}
        if not await self._send(SendMessage(**params, reply_markup=markup(screen))):  # type: ignore[arg-type]
            self._given.pop(update_id, None)
            self._lately.pop((chat_id, found.rule.id), None)

    async def _send(self, call: SendMessage) -> bool:
        for _ in range(_TRIES):
            try:
                sent = await self._bot(call, request_timeout=10)
            except NO_ANSWER as error:
                _log.warning("first aid not sent", error=type(error).__name__)
            else:
                _keep(self._shown, sent.chat.id, [*self._shown.get(sent.chat.id, []), sent.message_id])
                return True
        return False


def _keep(memory: OrderedDict[Any, Any], key: object, value: object) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > _REMEMBERED:
        memory.popitem(last=False)

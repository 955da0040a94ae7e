"""Danger is answered before anything is stored: straight to Telegram, from memory, even when the database is down."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramForbiddenError
from aiogram.methods import SendMessage

from bot.clock import moscow_date
from bot.conversation.first_aid import danger_screen
from bot.conversation.library import Library
from bot.conversation.turn import House
from bot.delivery.ports import RawUpdate
from bot.languages.locales import SOURCE_LOCALE, Locale
from bot.languages.switching import first_locale
from bot.telegram.keyboards import markup, unpack
from bot.telegram.text import to_parts
from bot.telegram.transport import NO_ANSWER
from bot.triage.engine import alarm
from bot.triage.inputs import HIDE

_QUIET: Final = timedelta(minutes=10)
"""The same screen is not sent again within this time: somebody who tells what happens needs it once."""
_REMEMBERED: Final = 50_000
_TRIES: Final = 3
PAUSES: Final = (2, 5, 15, 30, 60, 120, 300, 600)
"""Seconds between further rounds of tries, where nobody else sends the screen any more."""

_log = structlog.get_logger("first_aid")


class FirstAid:
    """Sends danger screens. Keeps in memory which chats chose which language, and what was sent lately."""

    def __init__(self, bot: Bot, house: House) -> None:
        self._bot = bot
        self._house = house
        self._locales: OrderedDict[int, Locale] = OrderedDict()
        self._given: OrderedDict[int, None] = OrderedDict()
        self._shown: OrderedDict[int, list[int]] = OrderedDict()
        self._relied_on: OrderedDict[int, None] = OrderedDict()
        self._left: OrderedDict[int, None] = OrderedDict()
        self._insisting: set[asyncio.Task[None]] = set()
        self._lately: OrderedDict[tuple[int, str], datetime] = OrderedDict()

    def learn(self, chat_id: int, locale: Locale) -> None:
        """Remember the language of a chat."""
        _keep(self._locales, chat_id, locale)

    def was_given(self, update_id: int) -> bool:
        """Whether the screen for an update is sent or on its way, and stays our task; else it is the caller's."""
        is_given = update_id in self._given
        _keep(self._relied_on if is_given else self._left, update_id, None)
        return is_given

    async def finish(self) -> None:
        """Stop trying to send what Telegram does not take."""
        for task in self._insisting:
            task.cancel()
        await asyncio.gather(*self._insisting, return_exceptions=True)

    def take_shown(self, chat_id: int) -> list[int]:
        """Return which messages were sent into a chat since the last call, for hiding it later."""
        return self._shown.pop(chat_id, [])

    async def give(self, update: RawUpdate) -> None:
        """Look at words or a press and send the screen of the rule that they match. Never raises."""
        press = update.get("callback_query")
        message = press.get("message") if isinstance(press, dict) else None
        message = message or update.get("message") or update.get("edited_message")
        if not isinstance(message, dict) or message.get("chat", {}).get("type") != "private":
            return
        text, chat_id = message.get("text") or message.get("caption"), int(message["chat"]["id"])
        if not isinstance(text, str):
            return
        library = self._house.library()
        if isinstance(press, dict):
            rule = self._pressed(library, chat_id, press.get("data"))
        else:
            found = library.danger.match(text)
            rule = None if found is None else found.rule.id
        if rule is not None:
            await self._show(library, int(update["update_id"]), chat_id, rule, text)

    def _pressed(self, library: Library, chat_id: int, data: Any) -> str | None:
        """Return the rule of an alarming choice. Whoever hides the chat loses the numbers: they may be shown anew."""
        action = unpack(data if isinstance(data, str) else None)
        if action is None:
            return None
        if action.verb == "hide" or (action.verb == "fl" and action.args[-1:] == (HIDE,)):
            for rule in library.danger.rules:
                self._lately.pop((chat_id, rule), None)
        if action.verb != "fl" or len(action.args) != 4:
            return None
        flow, _version, step, choice = action.args
        return alarm(library.flows, flow, step, choice)

    async def _show(self, library: Library, update_id: int, chat_id: int, rule: str, text: str) -> None:
        """Send the screen of a rule in the language of the chat, or that of a text where none was chosen yet."""
        now = self._house.clock.now()
        sent = self._lately.get((chat_id, rule))
        _keep(self._given, update_id, None)
        if sent is not None and now - sent < _QUIET:
            return
        _keep(self._lately, (chat_id, rule), now)
        locale = self._locales.get(chat_id) or first_locale(library.index.detect(text)) or SOURCE_LOCALE
        screen = danger_screen(library, self._house.texts.get, locale, rule, moscow_date(now))
        part = to_parts(screen.document)[0]
        params: dict[str, Any] = {"chat_id": chat_id, "text": part.text, "entities": list(part.entities)}
        call = SendMessage(**params, reply_markup=markup(screen))  # type: ignore[arg-type]
        is_sent = False
        try:
            is_sent = await self._send(call)
        finally:
            if not is_sent:
                self._not_sent(update_id, (chat_id, rule), call)

    def _not_sent(self, update_id: int, key: tuple[int, str], call: SendMessage) -> None:
        """Leave the screen to whoever processes the update; until then, or where that is over, go on trying."""
        self._retreat(update_id, key)
        task = asyncio.get_running_loop().create_task(self._insist(update_id, key, call))
        self._insisting.add(task)
        task.add_done_callback(self._insisting.discard)

    def _retreat(self, update_id: int, key: tuple[int, str]) -> None:
        if update_id not in self._relied_on:
            self._given.pop(update_id, None)
            self._lately.pop(key, None)

    async def _insist(self, update_id: int, key: tuple[int, str], call: SendMessage) -> None:
        for pause in PAUSES:
            await asyncio.sleep(pause)
            if update_id in self._left or (key in self._lately and update_id not in self._relied_on):
                return  # another shows the screen, or showed it for the person's next words
            _keep(self._given, update_id, None)
            _keep(self._lately, key, self._house.clock.now())
            if await self._send(call):
                return
            self._retreat(update_id, key)
        _log.error("first aid given up")

    async def _send(self, call: SendMessage) -> bool:
        for _ in range(_TRIES):
            try:
                sent = await self._bot(call, request_timeout=10)
            except TelegramForbiddenError:
                return True  # the person stopped the bot: there is nobody to tell
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

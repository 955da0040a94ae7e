"""Danger is answered before anything is stored: straight to Telegram, from memory, even when the database is down."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramForbiddenError
from aiogram.methods import SendMessage

from bot.clock import moscow_date
from bot.conversation.first_aid import RESERVE, danger_screen
from bot.conversation.library import Library
from bot.conversation.screens import Action
from bot.conversation.turn import Aid, AidState, House
from bot.delivery.ports import RawUpdate
from bot.errors import HotlineError
from bot.languages.locales import SOURCE_LOCALE, Locale
from bot.languages.switching import first_locale
from bot.storage.ports import Store, Transaction
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
"""Seconds between further rounds of tries, for as long as the outbox does not have the screen."""
_CLEARING: Final = 3.0
"""Seconds that a stop waits for screens that were sent to be taken out of the outbox."""

_log = structlog.get_logger("first_aid")


@dataclass
class _Given:
    """A danger screen for an update. `left`: the update was processed, so that the outbox has what is still to send."""

    rule: str
    locale: Locale | None
    state: AidState
    left: datetime | None = None
    reserves: Sequence[int] = ()


class FirstAid:
    """Sends danger screens. Keeps in memory which chats chose which language, and what was sent lately.

    Memory is lost at a stop, so a screen is only relied on once it arrived: until then the turn of the update puts one
    into the outbox, which is taken out again when first aid gets through.
    """

    def __init__(self, bot: Bot, house: House, store: Store) -> None:
        self._bot = bot
        self._house = house
        self._store = store
        self._locales: OrderedDict[int, Locale] = OrderedDict()
        self._given: OrderedDict[int, _Given] = OrderedDict()
        self._shown: OrderedDict[int, list[int]] = OrderedDict()
        self._insisting: set[asyncio.Task[None]] = set()
        self._clearing: set[asyncio.Task[None]] = set()
        self._lately: OrderedDict[tuple[int, str], tuple[datetime, _Given]] = OrderedDict()

    def learn(self, chat_id: int, locale: Locale) -> None:
        """Remember the language of a chat."""
        _keep(self._locales, chat_id, locale)

    def of(self, update: RawUpdate) -> Aid:
        """Return what is done about an update, for its turn; after a restart that is nothing yet."""
        library = self._house.library()
        found = _danger_in(library, update)
        given = self._given.get(int(update["update_id"]))
        if given is not None and given.rule in library.danger.rules:
            state = given.state
            if state is AidState.NONE and found is not None and self._arrived((found.chat, given.rule)):
                state = AidState.BEFORE  # for what the person wrote after it, while this one waited for its turn
            return Aid(given.rule, state, given.locale)
        return Aid() if found is None else Aid(found.rule, AidState.NONE, _heard(library, found.text))

    def _arrived(self, key: tuple[int, str]) -> bool:
        at, given = self._lately.get(key, (None, None))
        is_fresh = at is not None and self._house.clock.now() - at < _QUIET
        return is_fresh and given is not None and given.state is AidState.SENT

    def leave_to(self, tx: Transaction, update: RawUpdate, reserves: Sequence[int]) -> None:
        """Stop insisting once a transaction is committed: from then on the outbox has what is not sent yet.

        `reserves` are the calls to take out where the screen arrives without them.
        """
        given = self._given.get(int(update["update_id"]))
        if given is None:
            return

        async def leave() -> None:
            given.left, given.reserves = self._house.clock.now() + RESERVE, reserves
            self._clear(given)

        tx.after_commit(leave)

    async def finish(self) -> None:
        """Stop trying to send what Telegram does not take: the outbox has it."""
        for task in self._insisting:
            task.cancel()
        if self._clearing:
            await asyncio.wait(self._clearing, timeout=_CLEARING)
        for task in self._clearing:
            task.cancel()
        await asyncio.gather(*self._insisting, *self._clearing, return_exceptions=True)

    def take_shown(self, chat_id: int) -> list[int]:
        """Return which messages were sent into a chat since the last call, for hiding it later."""
        return self._shown.pop(chat_id, [])

    async def give(self, update: RawUpdate) -> None:
        """Look at words or a press and send the screen of the rule that they match. Never raises."""
        library = self._house.library()
        self._notice_hiding(library, update)
        found = _danger_in(library, update)
        if found is not None:
            await self._show(library, int(update["update_id"]), found)

    def _notice_hiding(self, library: Library, update: RawUpdate) -> None:
        """Whoever hides the chat loses the numbers: they may be shown anew."""
        action, chat = _pressed(update), _private_chat(update)
        if action is None or chat is None:
            return
        if action.verb == "hide" or (action.verb == "fl" and action.args[-1:] == (HIDE,)):
            for rule in library.danger.rules:
                self._lately.pop((chat, rule), None)

    async def _show(self, library: Library, update_id: int, found: _Found) -> None:
        """Send the screen of a rule in the language of the chat, or that of a text where none was chosen yet."""
        now = self._house.clock.now()
        key = (found.chat, found.rule)
        before, _ = self._lately.get(key, (None, None))
        heard = _heard(library, found.text)
        if before is not None and now - before < _QUIET:
            _keep(self._given, update_id, _Given(found.rule, heard, AidState.BEFORE))
            return
        given = _Given(found.rule, heard, AidState.UNDER_WAY)
        _keep(self._given, update_id, given)
        _keep(self._lately, key, (now, given))
        locale = self._locales.get(found.chat) or heard or SOURCE_LOCALE
        screen = danger_screen(library, self._house.texts.get, locale, found.rule, moscow_date(now))
        part = to_parts(screen.document)[0]
        params: dict[str, Any] = {"chat_id": found.chat, "text": part.text, "entities": list(part.entities)}
        call = SendMessage(**params, reply_markup=markup(screen))  # type: ignore[arg-type]
        try:
            await self._try(given, key, call)
        finally:
            if given.state is not AidState.SENT and given.left is None:
                _run(self._insisting, self._insist(given, key, call))

    async def _try(self, given: _Given, key: tuple[int, str], call: SendMessage) -> None:
        """Send a screen; where that fails, everybody else may."""
        try:
            if await self._send(given, call):
                given.state = AidState.SENT
                self._clear(given)
        finally:
            if given.state is not AidState.SENT:
                given.state = AidState.NONE
                self._lately.pop(key, None)

    async def _insist(self, given: _Given, key: tuple[int, str], call: SendMessage) -> None:
        for pause in PAUSES:
            await asyncio.sleep(pause)
            if given.left is not None or key in self._lately:
                return  # the outbox has the screen, or it is shown for the person's next words
            given.state = AidState.UNDER_WAY
            _keep(self._lately, key, (self._house.clock.now(), given))
            await self._try(given, key, call)
            if given.state is AidState.SENT:
                return
        _log.error("first aid given up")

    def _clear(self, given: _Given) -> None:
        """Take out of the outbox what was kept in reserve, once the screen has arrived and the reserve is stored."""
        if given.state is AidState.SENT and given.reserves:
            reserves, given.reserves = given.reserves, ()
            _run(self._clearing, self._take_out(reserves))

    async def _take_out(self, reserves: Sequence[int]) -> None:
        try:
            async with self._store.transaction() as tx:
                for row_id in reserves:
                    await tx.outbox.cancel(row_id)
        except HotlineError as error:  # then the person sees the screen twice
            _log.warning("reserve not taken out", error=type(error).__name__)

    async def _send(self, given: _Given, call: SendMessage) -> bool:
        for _ in range(_TRIES):
            if given.left is not None and given.left <= self._house.clock.now():
                return False  # the outbox sends it by now
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


@dataclass(frozen=True)
class _Found:
    """Danger in an update: who is told which rule's screen, and in the language of which words."""

    chat: int
    rule: str
    text: str


def _danger_in(library: Library, update: RawUpdate) -> _Found | None:
    """Return the danger in words or in an alarming choice; a press on an old message comes without its text."""
    chat, message, action = _private_chat(update), _message(update), _pressed(update)
    if chat is None:
        return None
    text = message.get("text") or message.get("caption")
    text = text if isinstance(text, str) else ""
    if "callback_query" not in update:
        found = library.danger.match(text) if text else None
        return None if found is None else _Found(chat, found.rule.id, text)
    if action is None or action.verb != "fl" or len(action.args) != 4:
        return None
    flow, _version, step, choice = action.args
    rule = alarm(library.flows, flow, step, choice)
    return None if rule is None else _Found(chat, rule, text)


def _message(update: RawUpdate) -> Mapping[str, Any]:
    press = update.get("callback_query")
    message = press.get("message") if isinstance(press, dict) else None
    message = message or update.get("message") or update.get("edited_message")
    return message if isinstance(message, dict) else {}


def _private_chat(update: RawUpdate) -> int | None:
    chat = _message(update).get("chat")
    return int(chat["id"]) if isinstance(chat, dict) and chat.get("type") == "private" else None


def _pressed(update: RawUpdate) -> Action | None:
    press = update.get("callback_query")
    data = press.get("data") if isinstance(press, dict) else None
    return unpack(data if isinstance(data, str) else None)


def _heard(library: Library, text: str) -> Locale | None:
    return first_locale(library.index.detect(text))


def _run(tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.get_running_loop().create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)


def _keep(memory: OrderedDict[Any, Any], key: object, value: object) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > _REMEMBERED:
        memory.popitem(last=False)

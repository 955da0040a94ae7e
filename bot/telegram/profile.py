"""What people see of the bot before they write: commands and descriptions, in each language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import structlog
from aiogram import Bot
from aiogram.methods import SetMyCommands, SetMyDescription, TelegramMethod
from aiogram.types import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats

from bot.languages.locales import SOURCE_LOCALE, Locale
from bot.languages.texts import Texts
from bot.telegram.transport import NO_ANSWER

PRIVATE_COMMANDS: Final = ("start", "menu", "person", "cases", "language", "data")
_LANGUAGE_LOCALES: Final = (None, Locale.RU, Locale.KY, Locale.TG, Locale.UZ, Locale.RO)
"""Telegram knows languages, not scripts: Uzbek gets the Latin text. None is for everybody else."""

_log = structlog.get_logger("profile")


async def introduce(bot: Bot, texts: Texts) -> None:
    """Set commands and descriptions; a failure is logged and changes nothing else."""
    for call in _calls(texts):
        try:
            await bot(call, request_timeout=20)
        except NO_ANSWER as error:
            _log.warning("profile not set", method=call.__api_method__, error=type(error).__name__)


def _calls(texts: Texts) -> Sequence[TelegramMethod[bool]]:
    calls: list[TelegramMethod[bool]] = []
    for locale in _LANGUAGE_LOCALES:
        code = locale.language if locale is not None else None
        words = locale or SOURCE_LOCALE
        commands = [
            BotCommand(command=name, description=texts.get(words, f"command-{name}")) for name in PRIVATE_COMMANDS
        ]
        calls.append(SetMyCommands(commands=commands, scope=BotCommandScopeAllPrivateChats(), language_code=code))
        calls.append(SetMyDescription(description=texts.get(words, "bot-description"), language_code=code))
    desk = [
        BotCommand(command=name, description=texts.get(SOURCE_LOCALE, f"command-{name}"))
        for name in ("queue", "close", "help")
    ]
    calls.append(SetMyCommands(commands=desk, scope=BotCommandScopeAllGroupChats()))
    return calls

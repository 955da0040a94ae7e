"""Commands in groups: which one is meant, and whether it is meant for this bot."""

from __future__ import annotations

from typing import Final

from aiogram import Bot

from bot.telegram.transport import NO_ANSWER

OTHERS: Final = "@"
"""What `command_in` returns for a command to another bot."""


async def command_in(text: str | None, bot: Bot | None) -> str | None:
    """Return the name of a command, in small letters and without the slash; None where a text is no command.

    `/help@other_bot` is meant for another bot of the group: it is `OTHERS`, which is nobody's name.
    """
    if not text or not text.startswith("/"):
        return None
    name, _, whom = text.split(maxsplit=1)[0][1:].partition("@")
    if whom and bot is not None and not await _is(bot, whom):
        return OTHERS
    return name.lower()


async def _is(bot: Bot, username: str) -> bool:
    """Whether a bot has a name; asked of Telegram once, and believed where that cannot be reached."""
    try:
        me = await bot.me()
    except NO_ANSWER:
        return True
    return (me.username or "").casefold() == username.casefold()

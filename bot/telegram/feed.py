"""Long polling for raw updates: aiogram's own polling validates a whole batch at once and stops on one bad update."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from typing import Any, Final

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import DeleteWebhook

from bot.delivery.intake import id_of
from bot.delivery.ports import UNREADABLE, FeedUnavailable, RawUpdate
from bot.telegram.calls import PlainCall
from bot.telegram.transport import NO_ANSWER

ALLOWED_UPDATES: Final = (
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "my_chat_member",
)
"""What the hotline asks Telegram for."""
POLL_SECONDS: Final = 25
"""How long Telegram may wait before it answers that there is nothing."""
_BATCH: Final = 100
_NUMBER: Final = re.compile(r'^\{"ok":\s*true,\s*"result":\s*\[\{"update_id":\s*(\d+)')
"""Where the number of the first update stands in an answer; nothing that a person wrote comes before it."""


class PollingFeed:
    """Asks Telegram for updates with one aiogram `Bot`."""

    def __init__(self, bot: Bot, *, seconds: int = POLL_SECONDS) -> None:
        self._bot = bot
        self._seconds = seconds

    async def fetch(self, offset: int | None) -> Sequence[RawUpdate]:
        """Return the next updates; raise `FeedUnavailable` with what an administrator can do about it.

        They may come out of order; their ids tell the true one (core.telegram.org/bots/api#update).
        """
        try:
            return await self._ask(offset, _BATCH)
        except ClientDecodeError:  # one of them cannot be read, and would come again for ever: one by one, then
            return await self._one(offset)

    async def _one(self, offset: int | None) -> Sequence[RawUpdate]:
        """Return the next update alone; where it cannot be read, its number, so that those behind it come."""
        try:
            return await self._ask(offset, 1)
        except ClientDecodeError as error:
            found = _NUMBER.search(str(error.data))
            if found is None:
                raise FeedUnavailable("Telegram's answer cannot be read.") from None
            return [{"update_id": int(found[1]), UNREADABLE: True}]

    async def _ask(self, offset: int | None, limit: int) -> Sequence[RawUpdate]:
        params: dict[str, Any] = {"limit": limit, "timeout": self._seconds, "allowed_updates": ALLOWED_UPDATES}
        if offset is not None:
            params["offset"] = offset
        try:
            updates = await self._bot(PlainCall(name="getUpdates", params=params), request_timeout=self._seconds + 15)
        except TelegramRetryAfter as error:
            raise FeedUnavailable("Telegram asks to wait.", retry_after=float(error.retry_after)) from None
        except (TelegramUnauthorizedError, TelegramNotFound):
            text = "Telegram refuses the token; set HOTLINE_TELEGRAM__TOKEN to the one from @BotFather."
            raise FeedUnavailable(text, fatal=True) from None
        except TelegramConflictError:
            await self._leave_webhook()
            text = "Another program polls with the same token, or a webhook is set; stop the other one."
            raise FeedUnavailable(text, retry_after=5) from None
        except ClientDecodeError:
            raise
        except NO_ANSWER as error:
            raise FeedUnavailable(f"Telegram gives no updates now ({type(error).__name__}).") from None
        if not isinstance(updates, list) or not all(isinstance(each, dict) for each in updates):
            raise FeedUnavailable("Telegram's answer is no list of updates.")
        return sorted(updates, key=id_of)

    async def _leave_webhook(self) -> None:
        """Take away a webhook that is still set, for instance because Telegram could not be reached at the start."""
        with contextlib.suppress(*NO_ANSWER):
            await self._bot(DeleteWebhook(drop_pending_updates=False), request_timeout=20)

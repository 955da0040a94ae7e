"""The floor: a bare aiogram bot under plain polling that stores nothing and relays private texts to a group.

`python -m benchmarks.bare_bot API_BASE TOKEN GROUP`
"""

from __future__ import annotations

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message


async def main(api_base: str, token: str, group: int) -> None:
    """Relay until stopped."""
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api_base)))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def relay(message: Message) -> None:
        if message.chat.type == "private" and message.text:
            await bot.send_message(group, message.text)

    await dispatcher.start_polling(bot, handle_signals=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))

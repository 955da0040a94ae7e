"""The local Telegram as the demo starts it: several people, an operators' forum, Telegram's limits, a page."""

from __future__ import annotations

from dataclasses import dataclass

from bot.clock import Clock
from bot.sandbox.pace import Pace
from bot.sandbox.people import Person
from bot.sandbox.places import Group
from bot.sandbox.talk import LocalTelegram

TOKEN = "1000000001:DEMO-token-of-the-local-telegram"

PEOPLE = (
    ("Айсулуу", "ky"),
    ("Фаррух", "tg"),
    ("Dilshod", "uz"),
    ("Отабек", "uz"),
    ("Ion", "ro"),
    ("Акмаль", "ru"),
)
OPERATORS = (("Нурлан", "ru"), ("Елена", "ru"))


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo Telegram; stop it with `await demo.telegram.stop()`."""

    telegram: LocalTelegram
    group: Group
    people: tuple[Person, ...]
    operators: tuple[Person, ...]

    @property
    def page_url(self) -> str:
        """The address to open in a browser."""
        return self.telegram.page_url


async def serve(
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    seed: int = 0,
    token: str = TOKEN,
    pace: Pace | None = None,
    clock: Clock | None = None,
    group_title: str = "Операторы",
) -> Demo:
    """Start a local Telegram with six people and two operators in a forum group, and return it.

    `pace` are the sending limits (Telegram's by default), `seed` the chance of the faults.
    The bot finds it at `demo.telegram.base_url` with `demo.telegram.token`; its desk is `demo.group.id`.
    Raises OSError when the port is taken.
    """
    telegram = LocalTelegram(clock=clock, host=host, port=port, token=token, pace=pace or Pace.telegram(), seed=seed)
    telegram.server.recording = False
    group = telegram.group(group_title, forum=True)
    people = tuple(telegram.person(name, language_code=code) for name, code in PEOPLE)
    operators = tuple(telegram.person(name, language_code=code, groups=[group], admin=True) for name, code in OPERATORS)
    await telegram.start()
    return Demo(telegram, group, people, operators)

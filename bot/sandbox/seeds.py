"""Ready-made beginnings: who is there when a probe or the demo starts."""

from __future__ import annotations

from bot.sandbox.core import Callback, InlineQuestion
from bot.sandbox.people import Person
from bot.sandbox.places import Group
from bot.sandbox.talk import LocalTelegram


def seed_probe(telegram: LocalTelegram, *, chat: int = 100, group: int = -1_001_000_000_001) -> tuple[Person, Group]:
    """Add what a prober of Bot API servers expects: a person who has started the bot, a forum with the bot as an
    administrator, and a callback and an inline query, both with the id "1", that wait for an answer for ever."""
    person = telegram.person("Probe", user_id=chat, started=True)
    forum = telegram.group("Operators", forum=True, chat_id=group)
    now = telegram.world.unix()
    telegram.core.callbacks["1"] = Callback("1", chat, chat, 0, now, lasting=True)
    telegram.core.questions["1"] = InlineQuestion("1", chat, now, lasting=True)
    return person, forum

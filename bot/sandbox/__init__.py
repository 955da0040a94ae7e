"""A local Telegram: a Bot API server with Telegram's rules, and a page with a phone and an operators' group.

See docs/sandbox.md. Tests use `LocalTelegram`; the demo uses `serve`.
"""

from bot.sandbox.acts import Impossible
from bot.sandbox.demo import Demo, serve
from bot.sandbox.pace import Pace
from bot.sandbox.people import NotSeen, Person
from bot.sandbox.places import ForumTopic, Group
from bot.sandbox.refusals import Refused
from bot.sandbox.screen import Button, Seen
from bot.sandbox.talk import LocalTelegram

__all__ = [
    "Button",
    "Demo",
    "ForumTopic",
    "Group",
    "Impossible",
    "LocalTelegram",
    "NotSeen",
    "Pace",
    "Person",
    "Refused",
    "Seen",
    "serve",
]

"""The Bot API methods of the local Telegram, by subject. A method that is not here is an error, never a silent yes."""

from __future__ import annotations

from bot.sandbox.core import Handler
from bot.sandbox.methods import chats, copying, edit, forum, profile, queries, receive, send
from bot.sandbox.webhook import Webhook


def all_methods(webhook: Webhook) -> dict[str, Handler]:
    """Return every handler by its method's name in lower case."""
    parts = (send, edit, copying, forum, chats, profile, queries)
    named = {name: handler for part in parts for name, handler in part.METHODS.items()}
    return {name.lower(): handler for name, handler in (named | receive.methods(webhook)).items()}

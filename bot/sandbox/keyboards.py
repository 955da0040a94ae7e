"""Checks reply markup as Telegram does: what a button may hold, where it may stand, how much fits."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.entities import checked_link
from bot.sandbox.refusals import bad_request
from bot.sandbox.world import Chat, Json

ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
INLINE_LIMIT = 100
REPLY_LIMIT = 300
DATA_LIMIT = 64

_PRIVATE_ONLY = {
    "request_contact": "phone number can be requested in private chats only",
    "request_location": "location can be requested in private chats only",
    "request_users": "users can be requested in private chats only",
    "request_chat": "chats can be requested in private chats only",
    "request_poll": "polls can be requested in private chats only",
}


def checked_markup(markup: Json | None, chat: Chat | None) -> Json | None:
    """Return the inline keyboard to show with the message, None for another markup. Raises Refused.

    A reply keyboard, its removal and a forced reply are remembered on the chat by `remember_keyboard`.
    """
    if not markup:
        return None
    if "inline_keyboard" in markup:
        return checked_inline(markup)
    if "keyboard" in markup:
        _check_reply_keyboard(markup, chat)
    return None


def checked_inline(markup: Json) -> Json | None:
    """Return an inline keyboard without its empty rows, None when nothing remains. Raises Refused."""
    rows = [[_checked_button(button) for button in row] for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > INLINE_LIMIT:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": rows} if rows else None


def _checked_button(button: Json) -> Json:
    if not str(button["text"]).strip():
        raise bad_request("can't parse inline keyboard button: button text must be non-empty")
    used = [key for key in ACTIONS if button.get(key) is not None and button.get(key) is not False]
    if not used:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(used) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one of the optional fields must be used")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None:
        checked = checked_link(url)
        if checked is None:
            raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
        return {**button, "url": checked}
    web_app = button.get("web_app")
    if web_app is not None and not re.match(r"https://\S+\.\S+", web_app["url"]):
        raise bad_request(
            f"inline keyboard button Web App URL '{web_app['url']}' is invalid: Only HTTPS links are allowed"
        )
    copied = button.get("copy_text")
    if copied is not None and not 1 <= len(copied["text"]) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return button


def _check_reply_keyboard(markup: Json, chat: Chat | None) -> None:
    buttons: list[Any] = [button for row in markup["keyboard"] for button in row]
    if len(buttons) > REPLY_LIMIT:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    if not buttons:
        raise bad_request("reply keyboard must have at least one button")
    if len(markup.get("input_field_placeholder") or "") > 64:
        raise bad_request("input field placeholder is too long")
    for button in buttons:
        if not str(button["text"]).strip():
            raise bad_request("keyboard button text must be non-empty")
        for key, words in _PRIVATE_ONLY.items():
            if button.get(key) and chat is not None and not chat.is_private:
                raise bad_request(words)


def remember_keyboard(chat: Chat, markup: Json | None) -> None:
    """Keep the reply keyboard that a chat shows now."""
    if not markup:
        return
    if "keyboard" in markup:
        chat.keyboard = markup
    elif markup.get("remove_keyboard"):
        chat.keyboard = None

"""Buttons: actions packed into callback data, and screens into inline keyboards."""

from __future__ import annotations

from typing import Any, Final

from aiogram.filters.callback_data import CallbackData

from bot.conversation.screens import Action, Button, Screen
from bot.errors import HotlineError

CALLBACK_LIMIT: Final = 64
"""Bytes of callback data that Telegram takes."""


class ButtonTooLong(HotlineError):
    """The data of a button has more than 64 bytes; give the article, flow or step a shorter id."""


_LONGEST_NUMBER: Final = 15
"""Digits of the largest number that stands in a button of ours, with room; a database takes no longer ones."""


class Press(CallbackData, prefix="h1", sep="|"):
    """A press of one of our buttons; the prefix carries the version of this form."""

    verb: str
    args: str = ""


def pack(action: Action) -> str:
    """Return the callback data of an action; raise `ButtonTooLong`."""
    try:
        return Press(verb=action.verb, args=",".join(action.args)).pack()
    except ValueError as error:
        raise ButtonTooLong(f"The button {action.verb} {' '.join(action.args)} has too long data.") from error


def unpack(data: str | None) -> Action | None:
    """Return the action of callback data, or None where it is not of this version, or never was ours."""
    try:
        press = Press.unpack(data or "")
    except (TypeError, ValueError):
        return None
    args = tuple(press.args.split(",")) if press.args else ()
    if any(arg.lstrip("-").isdecimal() and len(arg) > _LONGEST_NUMBER for arg in args):
        return None
    return Action(press.verb, args)


def markup(screen: Screen) -> dict[str, Any] | None:
    """Return the inline keyboard of a screen as Bot API JSON, or None where it has no buttons."""
    rows = [[_button(button) for button in row] for row in screen.rows()]
    return {"inline_keyboard": rows} if rows else None


def _button(button: Button) -> dict[str, Any]:
    if button.url is not None:
        return {"text": button.text, "url": button.url}
    if button.share is not None:
        return {"text": button.text, "switch_inline_query": button.share}
    if button.action is None:
        raise ButtonTooLong(f"The button {button.text!r} does nothing.")
    return {"text": button.text, "callback_data": pack(button.action)}

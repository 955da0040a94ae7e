"""Updates from a desk's forum group: presses on cards, replies, commands, a group that moves."""

from __future__ import annotations

import re
from typing import Final

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.cases.model import CaseStatus, Operator
from bot.conversation.desk import queue, reply
from bot.conversation.desk.reply import Answered
from bot.conversation.effects import DeskReply, Note, SetTopic, Toast, TopicState
from bot.conversation.screens import Action, Screen
from bot.conversation.turn import Turn, paragraphs
from bot.telegram.commands import OTHERS, command_in
from bot.telegram.keyboards import unpack
from bot.telegram.migrant.router import is_service
from bot.telegram.parcels import incoming, is_medium
from bot.telegram.relaying import EDITED_MARK, PERSON_MARK

_CARD_VERBS: Final = frozenset({"d-take", "d-free", "d-close"})
_BARE: Final = re.compile(r"/\w+@\w*bot\s*", re.IGNORECASE)
"""A command to a bot and nothing else; the names of bots end so."""
COMMANDS: Final = ("queue", "close", "help")
"""Commands that operators know."""


def make_router() -> Router:
    """Return the router for desks' groups."""
    router = Router(name="operator")
    router.message.register(on_message)
    router.edited_message.register(on_edited)
    router.callback_query.register(on_press)
    return router


async def on_message(message: Message, turn: Turn, operator: Operator, desk: str) -> None:
    """Pass a reply on, do a command, follow a group that moves; all else is the desk's own talk."""
    if message.migrate_to_chat_id is not None:
        if message.migrate_to_chat_id < 0:  # as every group's; anything else would lead the desk nowhere
            await turn.tx.desks.move(desk, message.migrate_to_chat_id)
        return
    if is_service(message):
        return
    thread = message.message_thread_id if message.is_topic_message else None
    command = await command_in(message.text, message.bot)
    answered = _answered(message.reply_to_message)
    if command == OTHERS and answered is None:
        return
    if command in COMMANDS:
        await _do(turn, operator, desk, command, message, thread)
        return
    # Words to a person may begin like a command, as an address does. One that is nothing but a command to another bot
    # is not passed on, and the operator hears that.
    is_bare = command == OTHERS and _BARE.fullmatch(message.text or "") is not None
    found = None if is_bare else incoming(message, turn.now)
    if found is not None:
        await reply.write(turn, operator, desk, thread, found, answered)
        return
    target = message.reply_to_message
    if target is not None and thread is not None:
        ids = (message.message_id, message.chat.id, target.message_id)
        await reply.unsupported(turn, desk, thread, *ids, answered)


def _answered(message: Message | None) -> Answered | None:
    """Recognise a card or a person's words by the marks that the hotline puts on them."""
    if message is None or message.bot is None or message.from_user is None or message.from_user.id != message.bot.id:
        return None
    rows = message.reply_markup.inline_keyboard if message.reply_markup else []
    for action in (unpack(button.callback_data) for row in rows for button in row):
        if action is not None and action.verb in _CARD_VERBS and action.args and action.args[0].isdecimal():
            return Answered(int(action.args[0]))
    is_words = (message.text or message.caption or "").startswith((PERSON_MARK.strip(), EDITED_MARK.strip()))
    return Answered() if is_words or is_medium(message) else None


async def _do(turn: Turn, operator: Operator, desk: str, command: str, message: Message, thread: int | None) -> None:
    if command == "queue":
        await queue.show_queue(turn, desk, thread_id=thread, reply_to=message.message_id)
    elif command == "close" and thread is not None:
        case = await reply.case_in(turn, desk, message.chat.id, thread)
        locale = turn.house.desk(desk).locale
        if case is None:
            screen = Screen(paragraphs(turn.text(locale, "desk-no-such-case")))
            turn.emit(DeskReply(desk, screen, thread, message.message_id))
        elif case.status is CaseStatus.CLOSED:
            text = turn.text(locale, "desk-closed", number=case.number)
            turn.emit(Note(case, paragraphs(text), reply_to=message.message_id))
            turn.emit(SetTopic(case, TopicState.CLOSED))
        else:
            await queue.close(turn, operator, str(case.number))
    else:
        screen = Screen(paragraphs(turn.text(turn.house.desk(desk).locale, "desk-help")))
        turn.emit(DeskReply(desk, screen, thread, message.message_id))


async def on_edited(message: Message, turn: Turn) -> None:
    """Bring an operator's change to the person."""
    found = incoming(message, turn.now)
    if found is not None:
        await reply.edited(turn, found)


async def on_press(query: CallbackQuery, turn: Turn, operator: Operator) -> None:
    """Do what a button of a card says."""
    action = unpack(query.data) or Action("old")
    argument = action.args[0] if action.args else ""
    match action.verb:
        case "d-take":
            await queue.take(turn, operator, argument)
        case "d-free":
            await queue.release(turn, operator, argument)
        case "d-close":
            await queue.close(turn, operator, argument)
        case "d-again" | "d-leave":
            await reply.decide_unknown(turn, operator, argument, again=action.verb == "d-again")
        case _:
            turn.emit(Toast(turn.text(operator.locale, "button-is-old")))

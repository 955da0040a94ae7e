"""Updates from the editors' chat: commands, sent files, presses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

from aiogram.types import CallbackQuery, Message

from bot.conversation.effects import Toast
from bot.conversation.turn import Turn, paragraphs
from bot.knowledge.base import ArticleNotFound
from bot.knowledge.facts import Reader
from bot.knowledge.models import PARTS
from bot.knowledge.render import parts_of, render_article
from bot.languages.locales import SOURCE_LOCALE, Locale
from bot.storage.ports import NewOutbox, group_chat
from bot.telegram.commands import command_in
from bot.telegram.editor.desk import EditorsDesk
from bot.telegram.keyboards import unpack
from bot.telegram.outgoing import EDITORS
from bot.telegram.text import to_parts

COMMANDS: Final = ("preview", "kbstatus", "gaps", "rollback", "edithelp")
"""Commands that editors know."""


async def on_message(message: Message, turn: Turn, desk: EditorsDesk, editor: str) -> None:
    """Do a command, or look at a sent file, follow a group that moves; all else is the editors' own talk."""
    if message.migrate_to_chat_id is not None and message.migrate_to_chat_id < 0:
        await turn.tx.desks.move(EDITORS, message.migrate_to_chat_id)
        return
    document = message.document
    if document is not None and (document.file_name or "").lower().endswith((".yaml", ".yml", ".xlsx")):
        name, size = document.file_name or "", document.file_size or 0
        work = desk.propose(document.file_id, name, size, message.caption, editor)
        turn.tx.after_commit(_later(desk, work))
        return
    words = (message.text or "").split()
    if not words or not words[0].startswith("/"):
        return
    match await command_in(message.text, message.bot):
        case "preview":
            await _preview(turn, desk, words[1:])
        case "kbstatus":
            turn.tx.after_commit(_later(desk, desk.status()))
        case "gaps":
            turn.tx.after_commit(_later(desk, desk.gaps()))
        case "rollback" if len(words) == 2:
            turn.tx.after_commit(_later(desk, desk.roll_back(words[1], editor)))
        case other if other in COMMANDS or other in ("help", "start"):
            turn.tx.after_commit(_later(desk, desk.say(turn.text(SOURCE_LOCALE, "editors-help"))))


async def on_press(query: CallbackQuery, turn: Turn, desk: EditorsDesk, editor: str) -> None:
    """Publish, drop, add an ask."""
    action = unpack(query.data)
    match (action.verb, action.args) if action is not None else ("", ()):
        case ("e-ok", (proposal,)):
            turn.tx.after_commit(_later(desk, desk.approve(proposal, editor)))
        case ("e-no", (proposal,)):
            turn.tx.after_commit(_later(desk, desk.drop(proposal)))
        case ("e-ask", (key, article)):
            turn.tx.after_commit(_later(desk, desk.add_ask(key, article, editor)))
        case _:
            turn.emit(Toast(turn.text(SOURCE_LOCALE, "button-is-old")))


def _later(desk: EditorsDesk, work: Coroutine[Any, Any, None]) -> Callable[[], Awaitable[None]]:
    async def start() -> None:
        desk.in_background(work)

    return start


async def _preview(turn: Turn, desk: EditorsDesk, words: list[str]) -> None:
    """Show an article as a person reads it, whole, in one language or the editors' own."""
    article_id = words[0] if words else ""
    wanted = words[1] if len(words) > 1 else SOURCE_LOCALE.value
    locale = Locale(wanted) if wanted in set(Locale) else SOURCE_LOCALE
    try:
        shown = [part for part in PARTS if part in parts_of(turn.knowledge, article_id, locale, Reader(), turn.today)]
    except ArticleNotFound:
        documents = [paragraphs(turn.text(SOURCE_LOCALE, "editors-no-article"))]
    else:
        documents = [render_article(turn.knowledge, article_id, locale, Reader(), turn.today, part) for part in shown]
    for document in documents:
        for part in to_parts(document):
            params = {"chat_id": {"$desk": EDITORS}, "text": part.text, "entities": list(part.entities)}
            await turn.tx.outbox.add(NewOutbox("editors", group_chat("editors"), "sendMessage", params))

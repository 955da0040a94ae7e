"""A person's updates: commands, presses, messages, edits, blocks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, Final

from aiogram import Router
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.cases.model import Person
from bot.conversation import outcomes
from bot.conversation.desk.reply import remind_of_news, show_news
from bot.conversation.effects import Toast
from bot.conversation.person import ask, cases, data, flows, read, start, write
from bot.conversation.person.hide import hide_chat
from bot.conversation.screens import Action
from bot.conversation.turn import Turn, locale_of
from bot.languages.folding import fold
from bot.languages.locales import Locale
from bot.telegram.keyboards import unpack
from bot.telegram.parcels import incoming

Act = Callable[[Turn, Person, tuple[str, ...], int | None], Awaitable[None]]


async def _choose_language(turn: Turn, person: Person, _args: tuple[str, ...], message: int | None) -> None:
    start.choose_language(turn, person, replace_message=message)


async def _set_language(turn: Turn, person: Person, args: tuple[str, ...], message: int | None) -> None:
    chosen = await start.set_language(turn, person, args[0] if args else "", message=message)
    if chosen is None:
        return
    wanted = chosen.session.get("wanted")
    chosen = await turn.remember(chosen, wanted=None) if wanted else chosen
    if flows.is_asked(turn, chosen):
        await flows.show_again(turn, chosen)
    elif person.locale is None and await write.after_language(turn, chosen):
        return
    elif wanted in turn.knowledge.articles:
        await read.article(turn, chosen, (str(wanted),), message=message)
    else:
        start.menu(turn, chosen, replace_message=message)


async def _menu(turn: Turn, person: Person, _args: tuple[str, ...], message: int | None) -> None:
    """Whoever goes to the menu has left the question that was open."""
    if flows.is_asked(turn, person):
        person = await turn.remember(person, flow=None)
    start.menu(turn, person, replace_message=message)
    await remind_of_news(turn, person)


async def _section(turn: Turn, person: Person, args: tuple[str, ...], message: int | None) -> None:
    start.section(turn, person, args[0] if args else "", replace_message=message)


async def _helped(turn: Turn, person: Person, args: tuple[str, ...], _message: int | None) -> None:
    await read.helped(turn, person, args)


async def _organisation(turn: Turn, person: Person, args: tuple[str, ...], message: int | None) -> None:
    read.organisation(turn, person, args, message=message)


async def _human(turn: Turn, person: Person, args: tuple[str, ...], _message: int | None) -> None:
    await ask.talk_to_person(turn, person, args)


async def _case(turn: Turn, person: Person, args: tuple[str, ...], _message: int | None) -> None:
    await cases.continue_case(turn, person, args[0] if args else "")


async def _done(turn: Turn, person: Person, args: tuple[str, ...], _message: int | None) -> None:
    await cases.close_own(turn, person, args[0] if args else "")


async def _reopen(turn: Turn, person: Person, args: tuple[str, ...], _message: int | None) -> None:
    await cases.reopen(turn, person, args)


async def _data(turn: Turn, person: Person, args: tuple[str, ...], message: int | None) -> None:
    match args:
        case ("copy",):
            await data.copy(turn, person)
        case ("erase",):
            data.ask_to_erase(turn, person, message=message)
        case ("erase", "yes"):
            await data.erase(turn, person)
        case _:
            await data.show(turn, person, message=message)


async def _flow_case(turn: Turn, person: Person, _args: tuple[str, ...], _message: int | None) -> None:
    await flows.open_offered(turn, person)


async def _hide(turn: Turn, person: Person, _args: tuple[str, ...], _message: int | None) -> None:
    await hide_chat(turn, person)


async def _urgent(turn: Turn, person: Person, args: tuple[str, ...], _message: int | None) -> None:
    await ask.urgent(turn, person, args[0] if args else "")


async def _play(turn: Turn, person: Person, args: tuple[str, ...], _message: int | None) -> None:
    read.play(turn, person, args)


async def _news(turn: Turn, person: Person, _args: tuple[str, ...], _message: int | None) -> None:
    await show_news(turn, person)


async def _letter(turn: Turn, person: Person, args: tuple[str, ...], _message: int | None) -> None:
    await flows.letter(turn, person, args)


PRESSES: Final[dict[str, Act]] = {
    "langs": _choose_language,
    "lang": _set_language,
    "menu": _menu,
    "sec": _section,
    "art": lambda turn, person, args, message: read.article(turn, person, args, message=message),
    "org": _organisation,
    "artlang": lambda turn, person, args, message: read.other_language(turn, person, args, message=message),
    "helped": _helped,
    "human": _human,
    "cases": lambda turn, person, _args, message: cases.my_cases(turn, person, message=message),
    "case": _case,
    "done": _done,
    "rate": lambda turn, person, args, message: cases.rate(turn, person, args, message=message),
    "reopen": _reopen,
    "me": lambda turn, person, args, message: start.about_me(turn, person, args, message=message),
    "data": _data,
    "flow": lambda turn, person, args, message: flows.start(turn, person, args, message=message),
    "fl": lambda turn, person, args, message: flows.tapped(turn, person, args, message=message),
    "flcase": _flow_case,
    "letter": _letter,
    "hide": _hide,
    "urgent": _urgent,
    "news": _news,
    "play": _play,
}
"""What each verb of a button does. A verb that is not here is of an older release: it leads to the menu."""

COMMANDS: Final[dict[str, Act]] = {
    "menu": _menu,
    "language": _choose_language,
    "person": _human,
    "cases": PRESSES["cases"],
    "me": PRESSES["me"],
    "data": _data,
}
"""Commands beside /start; each is also a button."""


def make_router() -> Router:
    """Return the router for private chats."""
    router = Router(name="migrant")
    router.message.register(on_message)
    router.edited_message.register(on_edited)
    router.callback_query.register(on_press)
    router.my_chat_member.register(on_membership)
    return router


async def on_message(message: Message, turn: Turn, person: Person) -> None:
    """Answer a message."""
    command = _command(message)
    if command == "start":
        await _start(message.text or "", turn, person)
        return
    if command is not None and command in COMMANDS:
        await COMMANDS[command](turn, person, (), None)
        return
    if _is_menu_word(turn, message.text):
        await _menu(turn, person, (), None)
        return
    found = incoming(message, turn.now)
    if found is not None:
        await write.write(turn, person, found)
    elif is_service(message):
        return
    elif flows.is_asked(turn, person):
        await flows.unsupported(turn, person, message.content_type)
    else:
        await write.unsupported(turn, person)


async def _start(text: str, turn: Turn, person: Person) -> None:
    """Begin; `/start a_ARTICLE`, as a shared answer links it, goes on to that article."""
    target = text.partition(" ")[2].strip().removeprefix("a_")
    if person.locale is not None and target in turn.knowledge.articles:
        await read.article(turn, person, (target,))
        return
    if target in turn.knowledge.articles:
        person = await turn.remember(person, wanted=target)
    await start.start(turn, person)
    await remind_of_news(turn, person)


async def on_edited(message: Message, turn: Turn, person: Person) -> None:
    """Bring a change to where the message went; words of danger in it are heard as in a new message."""
    found = incoming(message, turn.now)
    if found is not None:
        await write.edited(turn, person, found)


async def on_press(query: CallbackQuery, turn: Turn, person: Person) -> None:
    """Do what a button says, also one of long ago."""
    action = unpack(query.data) or Action("old")
    message = query.message.message_id if query.message is not None else None
    act = PRESSES.get(action.verb)
    if act is None:
        turn.emit(Toast(turn.text(locale_of(person), "button-is-old")))
        start.menu(turn, person)
        return
    await act(turn, person, action.args, message)


async def on_membership(event: ChatMemberUpdated, turn: Turn, person: Person) -> None:
    """Mark a person who blocked the bot; the mark goes away with the next message."""
    if event.new_chat_member.status in ("kicked", "left"):
        await outcomes.person_unreachable(turn, person.id, gone=False)


def _is_menu_word(turn: Turn, text: str | None) -> bool:
    """Whether somebody writes just "menu" in any language and typing: the way back after hiding the chat."""
    if text is None or len(text) > _WORD_MOST:
        return False
    word = fold(text)
    return word in _BEGIN or word in _menu_words(tuple(turn.text(locale, "command-menu") for locale in Locale))


@cache
def _menu_words(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(fold, texts))


def _command(message: Message) -> str | None:
    """Return the name of a command, without the slash and the bot's name."""
    if not message.text or not message.text.startswith("/"):
        return None
    return message.text[1:].partition(" ")[0].partition("\n")[0].partition("@")[0].lower() or None


_WORD_MOST: Final = 40
_BEGIN: Final = frozenset(fold(word) for word in ("menu", "start", "старт"))

_SERVICE: Final = (
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "pinned_message",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "message_auto_delete_timer_changed",
    "group_chat_created",
    "supergroup_chat_created",
)


def is_service(message: Message) -> bool:
    """Whether Telegram wrote a message by itself, about the chat."""
    fields: dict[str, Any] = message.__dict__
    return any(fields.get(name) for name in _SERVICE)

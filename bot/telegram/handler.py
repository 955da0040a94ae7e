"""The door for updates: parses each alone, finds who and where, lets a router act, queues the effects."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Final

import structlog
from aiogram import Bot, Router
from aiogram.methods import AnswerInlineQuery
from aiogram.types import InlineQuery, Update
from pydantic import ValidationError

from bot.conversation import outcomes
from bot.conversation.albums import ALBUM_JOB, album_is_complete
from bot.conversation.dead_letters import bury
from bot.conversation.desk.reply import FAILED_MARK
from bot.conversation.desk.waiting import WAITING_JOB, still_waiting
from bot.conversation.effects import Alarm, Mark, Toast
from bot.conversation.first_aid import show_danger
from bot.conversation.person.hide import note_messages
from bot.conversation.retention import RETENTION_JOB, Keeping, purge
from bot.conversation.turn import House, Turn, paragraphs
from bot.delivery.ports import RawUpdate
from bot.errors import HotlineError
from bot.languages.locales import SOURCE_LOCALE
from bot.storage.ports import Job, NewOutbox, Store, Transaction, group_chat, private_chat
from bot.telegram.commands import command_in
from bot.telegram.editor import router as editor_router
from bot.telegram.editor.desk import EditorsDesk
from bot.telegram.effects import Renderer
from bot.telegram.first_aid import FirstAid
from bot.telegram.migrant.inline import shared_articles
from bot.telegram.migrant.router import make_router as migrant_router
from bot.telegram.operator.router import make_router as operator_router
from bot.telegram.outgoing import ADMINS, EDITORS
from bot.telegram.transport import NO_ANSWER

_log = structlog.get_logger("handler")

_MESSAGES: Final = ("message", "edited_message")
_HEAVY: Final = ("rich_message",)
"""Fields that are cut out before parsing: see docs/decisions/0002-aiogram-version.md."""
_BASIC: Final = frozenset(
    {"message_id", "date", "edit_date", "chat", "from", "text", "caption", "message_thread_id", "is_topic_message"}
)
"""What is tried of a message that Telegram describes in a way that aiogram does not understand."""

_ANSWERED: Final = ("message_id", "date", "chat")


class UnreadableUpdate(HotlineError):
    """Telegram sent an update that cannot be understood; it was put aside for an administrator."""


class TelegramHandler:
    """Handles updates and jobs. `desk_chats` are the forum groups of the settings; the store knows where they moved."""

    def __init__(
        self,
        bot: Bot,
        house: House,
        store: Store,
        *,
        desk_chats: Mapping[str, int],
        alarm_chat: int | None,
        editors_chat: int | None = None,
        keeping: Keeping,
        routers: Callable[[], list[Router]] = lambda: [],
    ) -> None:
        self._bot = bot
        self._house = house
        self._desk_chats = dict(desk_chats)
        admins = (ADMINS,) if alarm_chat is not None else ()
        editors = (EDITORS,) if editors_chat is not None else ()
        self._alarmed = (*admins, *self._desk_chats, *editors)
        self._editors_told = (*editors, *admins, *self._desk_chats)
        self.editors: EditorsDesk | None = None
        self._keeping = keeping
        self._first_aid = FirstAid(bot, house, store)
        self._ephemeral: set[asyncio.Task[None]] = set()
        private, groups = Router(name="private"), Router(name="groups")
        private.include_routers(*routers(), migrant_router())
        groups.include_router(operator_router())
        self._private, self._groups = private, groups

    def renderer(self, tx: Transaction) -> Renderer:
        """Return what turns effects into outbox rows of a transaction."""
        return Renderer(tx, self._house, self._alarmed)

    def lane(self, update: RawUpdate) -> str:
        """Return the key of the chat that an update belongs to."""
        chat = _chat(update)
        if chat is None:
            return f"user:{_user_id(update)}"
        return private_chat(chat["id"]) if chat.get("type") == "private" else group_chat(chat["id"])

    async def first_aid(self, update: RawUpdate) -> None:
        """Answer danger at once, before the update is stored."""
        await self._first_aid.give(update)

    async def handle(self, tx: Transaction, update: RawUpdate) -> None:
        """Process one update; raise where it has to be tried again."""
        parsed = self._parse(update)
        turn = Turn(self._house, tx, self._house.clock.now())
        await self._route(turn, update, parsed)
        renderer = self.renderer(tx)
        toasts = await renderer.render(turn.effects)
        self._first_aid.leave_to(tx, update, renderer.reserves)
        if parsed.callback_query is not None:
            self._answer_press(tx, parsed.callback_query.id, toasts[0] if toasts else None)

    def _parse(self, update: RawUpdate) -> Update:
        if "unreadable" in update:  # its content was no JSON that can be read; see bot/web/health.py
            raise UnreadableUpdate("An update is nested too deeply to be read.")
        raw = {
            kind: {key: value for key, value in content.items() if key not in _HEAVY}
            if kind in _MESSAGES and isinstance(content, dict)
            else content
            for kind, content in update.items()
        }
        try:
            return Update.model_validate(raw, context={"bot": self._bot})
        except ValidationError:
            return self._parse_basics(raw)

    def _parse_basics(self, raw: dict[str, Any]) -> Update:
        kind = next((name for name in _MESSAGES if isinstance(raw.get(name), dict)), None)
        if kind is None:
            raise UnreadableUpdate("An update could not be read.")
        content = {key: value for key, value in raw[kind].items() if key in _BASIC}
        answered = raw[kind].get("reply_to_message")
        if isinstance(answered, dict):
            content["reply_to_message"] = {key: answered[key] for key in _ANSWERED if key in answered}
        try:
            return Update.model_validate({"update_id": raw["update_id"], kind: content}, context={"bot": self._bot})
        except ValidationError:
            raise UnreadableUpdate("An update could not be read.") from None

    async def _route(self, turn: Turn, raw: RawUpdate, update: Update) -> None:
        if update.inline_query is not None:
            await self._share(turn, update.inline_query)
            return
        chat = _chat(raw)
        user = _user_id(raw)
        if chat is None or user is None:
            return
        if chat.get("type") == "private":
            person = await turn.tx.people.get_or_create(int(chat["id"]), turn.now)
            if person.blocked_at is not None and update.my_chat_member is None:
                await outcomes.person_is_back(turn, person.id)
                person = await turn.tx.people.get(person.id)
            if person.locale is not None:
                self._first_aid.learn(person.chat_id, person.locale)
            arrived = self._first_aid.take_shown(person.chat_id)
            if update.message is not None:
                arrived.append(update.message.message_id)
            if arrived:
                person = await note_messages(turn, person, arrived)
            turn.aid = self._first_aid.of(raw)
            if turn.aid.rule is not None:  # whatever else the words or the press turn out to be
                show_danger(turn, person, turn.aid.rule)
            await self._private.propagate_event(update.event_type, update.event, turn=turn, person=person)
            return
        await self._follow_group(turn.tx, _content(raw).get("migrate_from_chat_id"), int(chat["id"]))
        if self.editors is not None and await turn.tx.desks.chat_id(EDITORS) == int(chat["id"]):
            await self._editors_update(turn, update, raw)
            return
        desk = await self._desk(turn.tx, int(chat["id"]))
        if desk is None:
            await self._stranger(turn.tx, int(chat["id"]), _content(raw).get("text"))
            return
        sender = _sender(raw)
        if sender is None or (sender.get("is_bot") and not _is_anonymous(raw)):
            return
        name = " ".join(str(sender[part]) for part in ("first_name", "last_name") if sender.get(part))
        operator = await turn.tx.operators.get_or_create(user, name, turn.now)
        await self._groups.propagate_event(update.event_type, update.event, turn=turn, operator=operator, desk=desk)

    async def _editors_update(self, turn: Turn, update: Update, raw: RawUpdate) -> None:
        """Let an editor act; editors are known by a number, as operators are."""
        sender = _sender(raw)
        if self.editors is None or sender is None or sender.get("is_bot"):
            return
        name = " ".join(str(sender[part]) for part in ("first_name", "last_name") if sender.get(part))
        known = await turn.tx.operators.get_or_create(int(sender["id"]), name, turn.now)
        editor = f"editor:{known.id}"
        if update.message is not None:
            await editor_router.on_message(update.message, turn, self.editors, editor)
        elif update.callback_query is not None:
            await editor_router.on_press(update.callback_query, turn, self.editors, editor)

    async def _stranger(self, tx: Transaction, chat_id: int, text: object) -> None:
        """Answer `/id` in a group that is no desk yet: an administrator needs the number for the settings."""
        if isinstance(text, str) and await command_in(text, self._bot) == "id":
            params = {"chat_id": chat_id, "text": str(chat_id)}
            await tx.outbox.add(NewOutbox(f"g:{chat_id}", group_chat(chat_id), "sendMessage", params))

    async def _share(self, turn: Turn, query: InlineQuery) -> None:
        """Answer an inline query in the background; like a toast it is ephemeral."""
        me = await self._bot.me()
        results = await shared_articles(turn, query, me.username or "")

        async def answer() -> None:
            call = AnswerInlineQuery(inline_query_id=query.id, results=results, cache_time=10, is_personal=True)
            try:
                await self._bot(call, request_timeout=10)
            except NO_ANSWER:
                return  # the friend's list stays empty; asking again answers again

        async def start() -> None:
            self._in_background(answer())

        turn.tx.after_commit(start)

    async def _follow_group(self, tx: Transaction, old: object, chat_id: int) -> None:
        """Follow a group that became a supergroup by the first message in the new one.

        The last message in the old one says the same, but it is in another lane: answers in the new group may come
        before it is read, and would be those of strangers.
        """
        if not isinstance(old, int) or old >= 0:
            return
        moved = await tx.desks.by_chat(old) or await self._desk(tx, old)
        if moved is not None:
            await tx.desks.move(moved, chat_id)

    async def _desk(self, tx: Transaction, chat_id: int) -> str | None:
        stored = await tx.desks.by_chat(chat_id)
        if stored is not None and stored in self._desk_chats:
            return stored
        for key, chat in self._desk_chats.items():  # a desk that got another key in the settings keeps its group
            if chat_id in (chat, await tx.desks.chat_id(key)):
                return key
        return stored if stored not in (ADMINS, EDITORS) else None

    def _answer_press(self, tx: Transaction, query_id: str, toast: Toast | None) -> None:
        """Answer a press after the commit, in the background: it is ephemeral, and Telegram wants it at once."""

        async def answer() -> None:
            try:
                text, alert = (toast.text, toast.alert) if toast else (None, False)
                await self._bot.answer_callback_query(query_id, text, show_alert=alert, request_timeout=10)
            except NO_ANSWER:
                return  # a lost toast harms nobody, and the press itself is done

        async def start() -> None:
            self._in_background(answer())

        tx.after_commit(start)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._ephemeral.add(task)
        task.add_done_callback(self._ephemeral.discard)

    async def tell_editors(self, tx: Transaction, text_id: str, number: int, lines: Sequence[str]) -> None:
        """Say something in the editors' chat, or in the administrators' where there is none."""
        title = self._house.texts.plural(SOURCE_LOCALE, text_id, number)
        document = paragraphs("\n".join(lines), title=title)
        await Renderer(tx, self._house, self._editors_told).render([Alarm(document)])

    async def finish(self) -> None:
        """Wait for ephemeral answers under way."""
        if self._ephemeral:
            await asyncio.wait(self._ephemeral, timeout=5)
        await self._first_aid.finish()
        if self.editors is not None:
            await self.editors.finish()

    async def bury(self, tx: Transaction, update: RawUpdate, error: str) -> None:
        """Say a kind word where an update could not be processed, and tell the administrators."""
        turn = Turn(self._house, tx, self._house.clock.now())
        chat = _chat(update)
        private = int(chat["id"]) if chat is not None and chat.get("type") == "private" else None
        if private is not None:
            await self._numbers_first(turn, update, private)
        await bury(turn, int(update["update_id"]), private, error)
        message = update.get("message")
        is_reply = private is None and isinstance(message, dict) and "reply_to_message" in message
        if is_reply and chat is not None and await self._desk(tx, int(chat["id"])) is not None:
            # An operator's words, perhaps: they did not leave.
            turn.emit(Mark(int(chat["id"]), int(_content(update)["message_id"]), FAILED_MARK))
        renderer = self.renderer(tx)
        await renderer.render(turn.effects)
        self._first_aid.leave_to(tx, update, renderer.reserves)

    async def _numbers_first(self, turn: Turn, update: RawUpdate, chat_id: int) -> None:
        """Show the numbers of danger in an update that was put aside: its turn did not."""
        try:
            turn.aid = self._first_aid.of(update)
        except Exception as error:  # perhaps the very fault that nobody could process the update for
            _log.error("danger unknown", error=type(error).__name__)
        if turn.aid.rule is not None:
            show_danger(turn, await turn.tx.people.get_or_create(chat_id, turn.now), turn.aid.rule)

    async def run(self, tx: Transaction, job: Job) -> None:
        """Do a due job."""
        turn = Turn(self._house, tx, self._house.clock.now())
        match job.kind:
            case kind if kind == ALBUM_JOB:
                await album_is_complete(turn, job)
            case kind if kind == WAITING_JOB:
                await still_waiting(turn, job)
            case kind if kind == RETENTION_JOB:
                await purge(turn, self._keeping)
            case _:
                raise UnreadableUpdate(f"There is no job of the kind {job.kind!r}.")
        await self.renderer(tx).render(turn.effects)


def _content(update: RawUpdate) -> Mapping[str, Any]:
    for kind, content in update.items():
        if kind != "update_id" and isinstance(content, dict):
            return content
    return {}


def _chat(update: RawUpdate) -> Mapping[str, Any] | None:
    content = _content(update)
    chat = content.get("chat")
    if chat is None and isinstance(content.get("message"), dict):
        chat = content["message"].get("chat")
    return chat if isinstance(chat, dict) and "id" in chat else None


def _sender(update: RawUpdate) -> Mapping[str, Any] | None:
    sender = _content(update).get("from")
    return sender if isinstance(sender, dict) and "id" in sender else None


def _is_anonymous(update: RawUpdate) -> bool:
    """Whether an administrator of the group writes in the group's own name, as Telegram lets them."""
    by = _content(update).get("sender_chat")
    chat = _chat(update)
    return isinstance(by, dict) and chat is not None and by.get("id") == chat["id"]


def _user_id(update: RawUpdate) -> int | None:
    sender = _sender(update)
    return sender["id"] if sender is not None else None

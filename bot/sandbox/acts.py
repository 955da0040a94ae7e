"""What people do in Telegram, and the updates that the bot gets of it."""

from __future__ import annotations

from typing import Any

from bot.errors import HotlineError
from bot.sandbox.core import Callback, Core, InlineQuestion
from bot.sandbox.entities import Entity, units
from bot.sandbox.methods.chats import change_member
from bot.sandbox.methods.forum import COLOURS, drop_topic, open_topic, toggle
from bot.sandbox.texts import CAPTION_LIMIT, MESSAGE_LIMIT, settle
from bot.sandbox.world import Chat, Json, Message, Topic, User, quoted

EDIT_LIMIT = 48 * 3600
"""People may edit their messages for 48 hours."""


class Impossible(HotlineError):
    """Telegram would not let a person do this; the text says why."""


class Acts:
    """The doings of people against one core. Every act raises Impossible when Telegram would not allow it."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.world = core.world
        self._queries = 0
        core.targets.update(
            block_user=lambda chat, p: self.block(_owner(chat)),
            deactivate_user=lambda chat, p: self.deactivate(_owner(chat)),
            close_topic=lambda chat, p: self.close_topic(chat, chat.topics[p["message_thread_id"]]),
            delete_topic=lambda chat, p: self.delete_topic(chat, chat.topics[p["message_thread_id"]]),
            migrate_group=lambda chat, p: self._migrated(chat),
        )

    def text(self, text: str, entities: list[Entity] | None = None) -> Json:
        """Return a person's text as a message's content."""
        text, found = settle(text, entities or [])
        if not text:
            raise Impossible("an empty text cannot be sent")
        if units(text) > MESSAGE_LIMIT:
            raise Impossible(f"a text may have {MESSAGE_LIMIT} UTF-16 units; clients send it in parts")
        return {"text": text, "entities": found} if found else {"text": text}

    def caption(self, caption: str | None) -> Json:
        """Return a person's caption as a message's content."""
        if not caption:
            return {}
        text, found = settle(caption, [])
        if units(text) > CAPTION_LIMIT:
            raise Impossible(f"a caption may have {CAPTION_LIMIT} UTF-16 units")
        return {"caption": text, "caption_entities": found} if found else {"caption": text}

    def say(
        self,
        user: User,
        chat: Chat,
        content: Json,
        *,
        thread: int | None = None,
        reply_to: Message | None = None,
        **extra: Any,
    ) -> Message:
        """Put a person's message into a chat and tell the bot."""
        chat = self._open(user, chat, content)
        if reply_to is not None:
            if reply_to.id not in chat.messages:
                raise Impossible("the message to answer is gone")
            thread = thread or reply_to.thread
            extra["reply_to_message"] = quoted(reply_to)
        if chat.is_forum:
            topic = chat.topics.get(thread) if thread else chat.general
            if topic is None:
                raise Impossible("the topic is gone")
            if topic.closed and chat.members.get(user.id) not in ("creator", "administrator"):
                raise Impossible("the topic is closed")
        message = self.world.post(chat, user, content, thread, **extra)
        if self._bot_reads(chat, message):
            self.core.updates.push("message", message.body)
        return message

    def _open(self, user: User, chat: Chat, content: Json) -> Chat:
        if user.deactivated:
            raise Impossible("this account is gone")
        if chat.migrated_to is not None:
            return self._open(user, self.world.chats[chat.migrated_to], content)
        if chat.is_private:
            if user.blocked:
                if not content.get("text", "").startswith("/start"):
                    raise Impossible("the bot is blocked; unblock it or send /start")
                self.unblock(user)
            user.started = True
        elif chat.members.get(user.id, "left") in ("left", "kicked"):
            raise Impossible("this person is not in the group")
        return chat

    def _bot_reads(self, chat: Chat, message: Message) -> bool:
        """Tell whether the bot sees a message: in a group without administrator's rights only what is meant for it."""
        status = "administrator" if chat.is_private else chat.members.get(self.world.bot.id, "left")
        if status != "member":
            return status == "administrator"
        body = message.body
        meant = body.get("reply_to_message", {}).get("from", {}).get("id") == self.world.bot.id
        return meant or message.is_service or body.get("text", "").startswith("/")

    def edit(self, user: User, message: Message, text: str) -> Message:
        """Give an own message another text or caption."""
        if message.author != user.id:
            raise Impossible("only own messages can be edited")
        if self.world.unix() - message.date > EDIT_LIMIT:
            raise Impossible("the message is too old to be edited")
        if "text" in message.body:
            changes: Json = {"text": None, "entities": None} | self.text(text)
        else:
            changes = {"caption": None, "caption_entities": None} | self.caption(text)
        self.world.replace(message, **changes, edit_date=self.world.unix())
        if self._bot_reads(message.chat, message):
            self.core.updates.push("edited_message", message.body)
        return message

    def delete(self, user: User, message: Message) -> None:
        """Delete a message; the bot is told nothing, as in Telegram."""
        boss = message.chat.members.get(user.id) in ("creator", "administrator")
        if not message.chat.is_private and message.author != user.id and not boss:
            raise Impossible("only own messages can be deleted")
        self.world.remove(message)

    def tap(self, user: User, message: Message, button: Json) -> Callback | None:
        """Tap an inline button; return the callback when it is one."""
        if user.deactivated:
            raise Impossible("this account is gone")
        data = button.get("callback_data")
        if data is None:
            return None
        chat = message.chat
        if chat.is_private and user.blocked:
            raise Impossible("the bot is blocked")
        self._queries += 1
        number = str(4_000_000_000_000_000 + self._queries)
        callback = Callback(number, user.id, chat.id, message.id, self.world.unix())
        self.core.callbacks[number] = callback
        there = message.id in chat.messages
        shown = message.body if there else {"chat": chat.body(), "message_id": message.id, "date": 0}
        self.core.updates.push(
            "callback_query",
            {"id": number, "from": user.body(), "message": shown, "chat_instance": str(chat.id * 7919), "data": data},
        )
        return callback

    def react(self, user: User, message: Message, *emoji: str) -> None:
        """Set the own reactions on a message; none takes them away."""
        if message.id not in message.chat.messages or message.is_service:
            raise Impossible("there is nothing to react to")
        old = message.reactions.get(user.id, [])
        new = [{"type": "emoji", "emoji": one} for one in emoji]
        self.world.react(message, user.id, new)
        chat = message.chat
        if chat.is_private or chat.members.get(self.world.bot.id) == "administrator":
            update = {"chat": chat.body(), "message_id": message.id, "user": user.body(), "date": self.world.unix()}
            self.core.updates.push("message_reaction", {**update, "old_reaction": old, "new_reaction": new})

    def ask_inline(self, user: User, query: str, chat: Chat) -> InlineQuestion:
        """Type `@bot query` in a chat; return the question that the bot may answer."""
        self._queries += 1
        number = str(6_000_000_000_000_000 + self._queries)
        question = InlineQuestion(number, user.id, self.world.unix())
        self.core.questions[number] = question
        kind = "sender" if chat.is_private else chat.kind
        payload = {"id": number, "from": user.body(), "query": query, "offset": "", "chat_type": kind}
        self.core.updates.push("inline_query", payload)
        return question

    def choose_inline(self, user: User, question: InlineQuestion, result_id: str, query: str, chat: Chat) -> Message:
        """Send one of the answered results into a chat."""
        result = next((one for one in question.results or [] if one["id"] == result_id), None)
        if result is None or not result["message"]:
            raise Impossible("there is no such result")
        inline_id = f"inline{self._queries:08d}"
        content = dict(result["message"])
        message = self.say(user, chat, content, via_bot=self.world.bot.body(), reply_markup=result.get("reply_markup"))
        self.core.inline_messages[inline_id] = content
        chosen = {"result_id": result_id, "from": user.body(), "query": query, "inline_message_id": inline_id}
        self.core.updates.push("chosen_inline_result", chosen)
        return message

    def block(self, user: User) -> None:
        """Block the bot."""
        if not user.blocked:
            self._membership(user, "member", "kicked")

    def unblock(self, user: User) -> None:
        """Unblock the bot."""
        if user.blocked:
            self._membership(user, "kicked", "member")

    def _membership(self, user: User, old: str, new: str) -> None:
        user.blocked = new == "kicked"
        bot = self.world.bot.body()

        def member(status: str) -> Json:
            return {"status": status, "user": bot} | ({"until_date": 0} if status == "kicked" else {})

        chat = self.world.chats[user.id]
        update = {"chat": chat.body(), "from": user.body(), "date": self.world.unix()}
        update |= {"old_chat_member": member(old), "new_chat_member": member(new)}
        self.core.updates.push("my_chat_member", update)
        self.world.changed({"kind": "people"})

    def deactivate(self, user: User) -> None:
        """Let the account disappear; the bot is told nothing."""
        user.deactivated = True
        self.world.changed({"kind": "people"})

    def join(self, user: User, chat: Chat, status: str = "member") -> None:
        """Enter a group, with its service message."""
        if chat.members.get(user.id, "left") == "kicked":
            raise Impossible("this person was removed from the group")
        change_member(self.core, chat, user, status, user)
        message = self.world.post(chat, user, {"new_chat_members": [user.body()]})
        self.core.updates.push("message", message.body)

    def leave(self, user: User, chat: Chat) -> None:
        """Leave a group, with its service message."""
        message = self.world.post(chat, user, {"left_chat_member": user.body()})
        self.core.updates.push("message", message.body)
        change_member(self.core, chat, user, "left", user)

    def open_topic(self, user: User, chat: Chat, name: str) -> Topic:
        """Open a forum topic by hand."""
        return open_topic(self.core, chat, name, COLOURS[0], None, user)

    def close_topic(self, chat: Chat, topic: Topic, user: User | None = None) -> None:
        """Close a forum topic by hand."""
        if not topic.closed:
            toggle(self.core, chat, topic, closed=True, author=user or self.boss(chat))

    def reopen_topic(self, chat: Chat, topic: Topic, user: User | None = None) -> None:
        """Reopen a forum topic by hand."""
        if topic.closed:
            toggle(self.core, chat, topic, closed=False, author=user or self.boss(chat))

    def delete_topic(self, chat: Chat, topic: Topic) -> None:
        """Delete a forum topic by hand; the bot is told nothing, as in Telegram."""
        drop_topic(self.core, chat, topic)

    def boss(self, chat: Chat) -> User:
        """Return a person of the group, an administrator if there is one; the bot when it is alone."""
        people = [user for user in chat.members if user != self.world.bot.id]
        people.sort(key=lambda user: chat.members[user] not in ("creator", "administrator"))
        return self.world.users[people[0]] if people else self.world.bot

    def migrate(self, chat: Chat) -> Chat:
        """Make a group a supergroup with a new id; both get their service messages. Topics do not come along."""
        if chat.is_private or chat.migrated_to is not None:
            raise Impossible("only a group that has not moved yet can become a supergroup")
        number = -1_002_000_000_000 - len(self.world.chats)
        new = Chat(number, "supergroup", chat.title, is_forum=chat.is_forum, members=dict(chat.members))
        new.bot_rights = set(chat.bot_rights)
        self.world.add_group(new)
        author = self.boss(chat)
        left = self.world.post(chat, author, {"migrate_to_chat_id": number})
        chat.migrated_to = number
        self.core.updates.push("message", left.body)
        came = self.world.post(new, author, {"migrate_from_chat_id": chat.id})
        self.core.updates.push("message", came.body)
        return new

    def _migrated(self, chat: Chat) -> None:
        if chat.migrated_to is None:
            self.migrate(chat)


def _owner(chat: Chat) -> User:
    assert chat.user is not None
    return chat.user

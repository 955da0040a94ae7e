"""People and groups of the local Telegram, as tests speak of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bot.errors import HotlineError
from bot.sandbox.acts import Acts, Impossible
from bot.sandbox.core import Callback, InlineQuestion
from bot.sandbox.entities import Entity
from bot.sandbox.files import File
from bot.sandbox.places import ForumTopic, Group, Place
from bot.sandbox.samples import picture, sound
from bot.sandbox.screen import Button, Seen, as_text, find_button
from bot.sandbox.spec import Upload
from bot.sandbox.world import Chat, Json, Message, User


class NotSeen(HotlineError, AssertionError):
    """What a test waited for did not appear; the text shows what was on the screen instead."""


class Person:
    """Somebody with a phone. Acts go to the private chat with the bot unless `where` or a message says otherwise."""

    def __init__(self, acts: Acts, user: User) -> None:
        self.acts = acts
        self.user = user
        self._since = 0

    @property
    def id(self) -> int:
        """Their user id."""
        return self.user.id

    @property
    def chat(self) -> Chat:
        """Their private chat with the bot."""
        return self.acts.world.chats[self.user.id]

    def _where(self, where: Place) -> tuple[Chat, int | None]:
        if isinstance(where, ForumTopic):
            return where.group.chat, where.id
        return (where.chat if where is not None else self.chat), None

    def _say(self, content: Json, where: Place, reply_to: Seen | None, **extra: Any) -> Seen:
        chat, thread = self._where(where)
        answered = reply_to.message if reply_to is not None else None
        if answered is not None:
            chat = answered.chat
        self._since = self.acts.world.seq
        message = self.acts.say(self.user, chat, content, thread=thread, reply_to=answered, **extra)
        if chat.is_private:
            self._since = message.seq
        return Seen(self.acts.world, message)

    async def send(
        self, text: str, where: Place = None, *, reply_to: Seen | None = None, entities: list[Entity] | None = None
    ) -> Seen:
        """Write a text and return the message."""
        message = self._say(self.acts.text(text, entities), where, reply_to)
        await asyncio.sleep(0)
        return message

    async def write(self, where: Place, text: str) -> Seen:
        """Write a text into a group or topic."""
        return await self.send(text, where)

    async def reply(self, message: Seen, text: str) -> Seen:
        """Answer a message with a text, where that message is."""
        return await self.send(text, reply_to=message)

    async def _send_file(
        self, kind: str, upload: Upload, caption: str | None, where: Place, reply_to: Seen | None, **details: Any
    ) -> Seen:
        size = details.pop("size", None)
        file: File = self.acts.world.files.add(kind, upload, size=size, **details)
        message = self._say({**file.body(), **self.acts.caption(caption)}, where, reply_to)
        await asyncio.sleep(0)
        return message

    async def send_photo(
        self,
        caption: str | None = None,
        *,
        data: bytes | None = None,
        where: Place = None,
        reply_to: Seen | None = None,
    ) -> Seen:
        """Send a photo (a small picture unless `data` is given)."""
        upload = Upload("photo.png", "image/png", data or picture())
        return await self._send_file("photo", upload, caption, where, reply_to)

    async def send_document(
        self,
        name: str = "dogovor.pdf",
        *,
        caption: str | None = None,
        data: bytes = b"%PDF-1.4 sample",
        mime: str = "application/pdf",
        size: int | None = None,
        where: Place = None,
        reply_to: Seen | None = None,
    ) -> Seen:
        """Send a document; `size` pretends another size in bytes than the data has."""
        upload = Upload(name, mime, data)
        return await self._send_file("document", upload, caption, where, reply_to, size=size)

    async def send_voice(self, *, duration: int = 2, where: Place = None, reply_to: Seen | None = None) -> Seen:
        """Send a voice message of `duration` seconds."""
        upload = Upload("voice.oga", "audio/ogg", sound())
        return await self._send_file("voice", upload, None, where, reply_to, duration=duration)

    async def send_video_note(self, *, where: Place = None, reply_to: Seen | None = None) -> Seen:
        """Send a round video message."""
        return await self._send_file(
            "video_note", Upload("note.mp4", "video/mp4", b"\0video note"), None, where, reply_to
        )

    async def send_video(
        self, caption: str | None = None, *, where: Place = None, reply_to: Seen | None = None
    ) -> Seen:
        """Send a video."""
        return await self._send_file("video", Upload("video.mp4", "video/mp4", b"\0video"), caption, where, reply_to)

    async def send_sticker(self, emoji: str = "👍", *, where: Place = None, reply_to: Seen | None = None) -> Seen:
        """Send a sticker."""
        upload = Upload("sticker.webp", "image/webp", b"RIFF\0\0\0\0WEBPsticker")
        return await self._send_file("sticker", upload, None, where, reply_to, emoji=emoji)

    async def send_location(
        self,
        latitude: float = 55.7558,
        longitude: float = 37.6173,
        *,
        where: Place = None,
        reply_to: Seen | None = None,
    ) -> Seen:
        """Send a place on the map."""
        return self._say({"location": {"latitude": latitude, "longitude": longitude}}, where, reply_to)

    async def send_contact(
        self,
        phone_number: str = "+79000000000",
        *,
        first_name: str | None = None,
        own: bool = True,
        where: Place = None,
        reply_to: Seen | None = None,
    ) -> Seen:
        """Send a contact; `own` carries the sender's user id, as the button that asks for it does."""
        contact: Json = {"phone_number": phone_number, "first_name": first_name or self.user.first_name}
        if own:
            contact["user_id"] = self.user.id
        return self._say({"contact": contact}, where, reply_to)

    async def send_album(
        self, count: int = 3, *, caption: str | None = None, where: Place = None, reply_to: Seen | None = None
    ) -> list[Seen]:
        """Send an album of `count` photos; they come to the bot as that many updates."""
        if not 2 <= count <= 10:
            raise Impossible("an album has 2 to 10 parts")
        album = self.acts.world.next_album()
        sent = []
        for number in range(count):
            colour = (60 + 20 * number, 140, 190 - 15 * number)
            file = self.acts.world.files.add("photo", Upload("photo.png", "image/png", picture(colour=colour)))
            words = self.acts.caption(caption) if number == 0 else {}
            sent.append(self._say({**file.body(), **words}, where, reply_to, media_group_id=album))
        return sent

    async def edit(self, message: Seen, text: str) -> Seen:
        """Give an own message another text or caption."""
        self._mark(message.message)
        self.acts.edit(self.user, message.message, text)
        return message

    async def delete(self, message: Seen) -> None:
        """Delete a message; the bot does not hear of it."""
        self.acts.delete(self.user, message.message)

    async def react(self, message: Seen, *emoji: str) -> None:
        """React to a message; without emoji take the reaction back."""
        self.acts.react(self.user, message.message, *emoji)

    async def block_bot(self) -> None:
        """Block the bot."""
        self.acts.block(self.user)

    async def unblock_bot(self) -> None:
        """Unblock the bot."""
        self.acts.unblock(self.user)

    async def deactivate(self) -> None:
        """Let the account disappear."""
        self.acts.deactivate(self.user)

    async def inline(self, query: str, *, timeout: float = 5.0) -> InlineQuestion:  # noqa: ASYNC109
        """Type an inline query and wait for the results."""
        question = self.acts.ask_inline(self.user, query, self.chat)
        await self._until(lambda: question.results is not None, timeout, f"an answer to the inline query {query!r}")
        return question

    async def choose(self, question: InlineQuestion, result_id: str, where: Place = None) -> Seen:
        """Send an inline result."""
        chat, _ = self._where(where)
        return Seen(self.acts.world, self.acts.choose_inline(self.user, question, result_id, "", chat))

    def _mark(self, message: Message) -> None:
        if message.chat.is_private:
            self._since = self.acts.world.seq

    def history(self) -> list[Seen]:
        """Return all messages of the private chat, oldest first."""
        return [Seen(self.acts.world, one) for one in self.chat.messages.values()]

    def screen(self) -> list[Seen]:
        """Return the bot's messages that came or changed since the person's last act, oldest first."""
        bot = self.acts.world.bot.id
        fresh = [one for one in self.chat.messages.values() if one.author == bot and one.seq > self._since]
        return [Seen(self.acts.world, one) for one in sorted(fresh, key=lambda one: one.id)]

    def sees(self) -> str:
        """Return the screen as a text with the buttons in brackets."""
        return as_text(self.screen())

    def keyboard(self) -> list[str]:
        """Return the texts on the reply keyboard, row by row."""
        rows = (self.chat.keyboard or {}).get("keyboard", [])
        return [str(button if isinstance(button, str) else button["text"]) for row in rows for button in row]

    @property
    def toasts(self) -> list[str]:
        """The texts of all callback answers this person got, oldest first."""
        answered = [one for one in self.acts.core.callbacks.values() if one.user == self.id and one.answer]
        return [str(one.answer["text"]) for one in answered if one.answer and one.answer.get("text")]

    async def until(self, condition: str | Callable[[], Any], *, timeout: float = 5.0) -> Any:  # noqa: ASYNC109
        """Wait until a text is on the screen or `condition()` is true. Raises NotSeen with what was there instead."""
        if isinstance(condition, str):
            wanted = condition
            return await self._until(lambda: wanted in self.sees(), timeout, repr(wanted))
        return await self._until(condition, timeout, "the condition")

    async def sees_soon(self, text: str, *, timeout: float = 5.0) -> str:  # noqa: ASYNC109
        """Wait until `text` is on the screen and return the whole screen. Raises NotSeen."""
        await self.until(text, timeout=timeout)
        return self.sees()

    async def _until(self, condition: Callable[[], Any], seconds: float, what: str) -> Any:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while True:
            value = condition()
            if value:
                return value
            left = end - loop.time()
            if left <= 0:
                raise NotSeen(
                    f"{what} did not come within {seconds} s. On the screen:\n{self.sees() or '(nothing new)'}"
                )
            await self.acts.world.change(min(left, 0.25))

    async def tap(
        self,
        text: str,
        where: Seen | Group | ForumTopic | None = None,
        *,
        timeout: float = 5.0,  # noqa: ASYNC109
        grace: float = 1.0,
    ) -> Callback | None:
        """Tap the button that reads `text` (else contains it) on the newest message that has one.

        Looks at what came since the last act first, for `grace` seconds; then at older messages and the reply keyboard.
        `where` names a message, group or topic instead. Returns the callback, None for a reply key or a link.
        Raises NotSeen with what was on the screen.
        """
        loop = asyncio.get_running_loop()
        begin = loop.time()
        while True:
            late = where is not None or loop.time() - begin >= min(grace, timeout)
            found = find_button(self._tappable(where, late), text)
            if found:
                return self._tapped(*found)
            key = self._key(text) if where is None else None
            if key is not None:
                await self._press(key)
                return None
            if loop.time() - begin >= timeout:
                shown = as_text(self._tappable(where, True)[-3:]) or "(nothing)"
                raise NotSeen(f"no button {text!r} within {timeout} s. The last messages:\n{shown}\n{self.keyboard()}")
            await self.acts.world.change(0.1)

    def _tappable(self, where: Seen | Group | ForumTopic | None, late: bool) -> list[Seen]:
        if isinstance(where, Seen):
            return [where]
        if where is not None:
            return where.messages()
        return self.history() if late else self.screen()

    def _tapped(self, message: Seen, button: Button) -> Callback | None:
        self._mark(message.message)
        return self.acts.tap(self.user, message.message, button.raw)

    def _key(self, text: str) -> Json | None:
        rows = (self.chat.keyboard or {}).get("keyboard", [])
        keys = [button if isinstance(button, dict) else {"text": button} for row in rows for button in row]
        exact = [key for key in keys if key["text"] == text]
        return next(iter(exact or [key for key in keys if text in key["text"]]), None)

    async def _press(self, key: Json) -> None:
        if key.get("request_contact"):
            await self.send_contact()
        elif key.get("request_location"):
            await self.send_location()
        else:
            await self.send(str(key["text"]))
        if (self.chat.keyboard or {}).get("one_time_keyboard"):
            self.chat.keyboard = None

    def groups(self) -> list[Group]:
        """Return the groups this person is in."""
        chats = list(self.acts.world.chats.values())
        inside = [one for one in chats if one.members.get(self.id, "left") not in ("left", "kicked")]
        return [Group(self.acts, one) for one in inside if one.migrated_to is None]

    async def topic(self, name: str, *, timeout: float = 5.0) -> ForumTopic:  # noqa: ASYNC109
        """Wait for a forum topic whose name contains `name` in one of the groups. Raises NotSeen."""

        def found() -> ForumTopic | None:
            topics = [group.find_topic(name) for group in self.groups()]
            return next((topic for topic in topics if topic is not None), None)

        try:
            topic = await self._until(found, timeout, "the topic")
        except NotSeen:
            there = [topic.name for group in self.groups() for topic in group.topics]
            raise NotSeen(f"no topic with {name!r} within {timeout} s. Topics: {there}") from None
        assert isinstance(topic, ForumTopic)
        return topic

    async def finds(self, where: Group | ForumTopic, text: str, *, timeout: float = 5.0) -> Seen:  # noqa: ASYNC109
        """Wait for a message with `text` in a group or topic and return the newest. Raises NotSeen."""

        def found() -> Seen | None:
            return next((one for one in reversed(where.messages()) if text in one.lines()), None)

        try:
            message = await self._until(found, timeout, "the message")
        except NotSeen:
            raise NotSeen(f"no message with {text!r} within {timeout} s. There:\n{where.sees()}") from None
        assert isinstance(message, Seen)
        return message

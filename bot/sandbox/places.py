"""Groups and forum topics of the local Telegram, as tests speak of them."""

from __future__ import annotations

from bot.sandbox.acts import Acts
from bot.sandbox.screen import Seen, as_text
from bot.sandbox.world import Chat, Topic


class Group:
    """A group of people and the bot."""

    def __init__(self, acts: Acts, chat: Chat) -> None:
        self.acts = acts
        self._chat = chat

    @property
    def chat(self) -> Chat:
        """The group where it is now, after a move to a supergroup too."""
        while self._chat.migrated_to is not None:
            self._chat = self.acts.world.chats[self._chat.migrated_to]
        return self._chat

    @property
    def id(self) -> int:
        """Its chat id."""
        return self.chat.id

    @property
    def topics(self) -> list[ForumTopic]:
        """Its forum topics, oldest first."""
        return [ForumTopic(self, topic) for topic in self.chat.topics.values()]

    def messages(self) -> list[Seen]:
        """Return all messages outside topics: the whole group, or the general topic of a forum."""
        return [Seen(self.acts.world, one) for one in self.chat.messages.values() if one.thread is None]

    def sees(self) -> str:
        """Return those messages as one text."""
        return as_text(self.messages())

    def find_topic(self, name: str) -> ForumTopic | None:
        """Return the newest topic whose name contains `name`."""
        return next((topic for topic in reversed(self.topics) if name in topic.name), None)

    def migrate(self) -> None:
        """Become a supergroup with a new id."""
        self.acts.migrate(self.chat)

    def remove_bot(self) -> None:
        """Throw the bot out."""
        self.chat.members[self.acts.world.bot.id] = "kicked"


class ForumTopic:
    """A topic of a forum group."""

    def __init__(self, group: Group, topic: Topic) -> None:
        self.group = group
        self.topic = topic

    @property
    def id(self) -> int:
        """Its message_thread_id."""
        return self.topic.id

    @property
    def name(self) -> str:
        """Its name now."""
        return self.topic.name

    @property
    def is_closed(self) -> bool:
        """Tell whether it is closed."""
        return self.topic.closed

    @property
    def is_deleted(self) -> bool:
        """Tell whether it is gone."""
        return self.id not in self.group.chat.topics

    def messages(self) -> list[Seen]:
        """Return its messages, service messages included."""
        chat = self.group.chat
        return [Seen(self.group.acts.world, one) for one in chat.messages.values() if one.thread == self.id]

    def sees(self) -> str:
        """Return its messages as one text."""
        return as_text(self.messages())

    def close(self) -> None:
        """Close it by hand."""
        self.group.acts.close_topic(self.group.chat, self.topic)

    def reopen(self) -> None:
        """Reopen it by hand."""
        self.group.acts.reopen_topic(self.group.chat, self.topic)

    def delete(self) -> None:
        """Delete it by hand, its messages with it."""
        self.group.acts.delete_topic(self.group.chat, self.topic)


Place = Group | ForumTopic | None
"""Where a person acts: a group, a topic, or (None) the private chat with the bot."""

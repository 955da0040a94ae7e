"""Forum topics: create, rename, close, reopen, delete; each change leaves its service message."""

from __future__ import annotations

from bot.sandbox.core import Core, Handler
from bot.sandbox.gate import need_right, open_chat
from bot.sandbox.refusals import bad_request
from bot.sandbox.world import Chat, Json, Topic, User

COLOURS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
NAME_LIMIT = 128


def forum(core: Core, p: Json) -> Chat:
    """Return the forum of a request. Raises Refused when it is none or the bot may not manage topics."""
    chat = open_chat(core, p["chat_id"])
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    need_right(core, chat, "can_manage_topics", "not enough rights to manage topics")
    return chat


def topic_of(chat: Chat, p: Json) -> Topic:
    """Return the topic of a request. Raises Refused for an unknown one."""
    topic = chat.topics.get(p["message_thread_id"])
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    return topic


def checked_name(name: str) -> str:
    """Return a topic's name without outer spaces. Raises Refused when empty or too long."""
    name = name.strip()
    if not 1 <= len(name) <= NAME_LIMIT:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
    return name


def service(core: Core, chat: Chat, content: Json, thread: int | None, author: User | None = None) -> None:
    """Leave a service message in a topic and tell the bot of it, its own doings included, as Telegram does."""
    message = core.world.post(chat, author or core.world.bot, content, thread)
    core.updates.push("message", message.body)
    core.world.changed({"kind": "topics", "chat": chat.id})


def open_topic(core: Core, chat: Chat, name: str, colour: int, emoji: str | None, author: User) -> Topic:
    """Open a topic for `author` and return it."""
    created: Json = {"name": name, "icon_color": colour}
    if emoji:
        created["icon_custom_emoji_id"] = emoji
    message = core.world.post(chat, author, {"forum_topic_created": created})
    topic = Topic(message.id, name, colour, emoji)
    chat.topics[topic.id] = topic
    message.thread = topic.id
    message.body = {**message.body, "message_thread_id": topic.id, "is_topic_message": True}
    core.updates.push("message", message.body)
    core.world.changed({"kind": "topics", "chat": chat.id})
    return topic


def create(core: Core, p: Json) -> Json:
    """createForumTopic."""
    name = checked_name(p["name"])
    colour = p.get("icon_color", COLOURS[0])
    if colour not in COLOURS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    chat = forum(core, p)
    topic = open_topic(core, chat, name, colour, p.get("icon_custom_emoji_id"), core.world.bot)
    answer: Json = {"message_thread_id": topic.id, "name": name, "icon_color": colour}
    if topic.icon_custom_emoji_id:
        answer["icon_custom_emoji_id"] = topic.icon_custom_emoji_id
    return answer


def edit(core: Core, p: Json) -> bool:
    """editForumTopic."""
    chat = forum(core, p)
    topic = topic_of(chat, p)
    edited: Json = {}
    if p.get("name"):
        name = checked_name(p["name"])
        if name != topic.name:
            edited["name"] = topic.name = name
    if "icon_custom_emoji_id" in p and (p["icon_custom_emoji_id"] or None) != topic.icon_custom_emoji_id:
        topic.icon_custom_emoji_id = p["icon_custom_emoji_id"] or None
        edited["icon_custom_emoji_id"] = p["icon_custom_emoji_id"]
    if not edited:
        raise bad_request("TOPIC_NOT_MODIFIED")
    service(core, chat, {"forum_topic_edited": edited}, topic.id)
    return True


def toggle(core: Core, chat: Chat, topic: Topic, closed: bool, author: User | None = None) -> None:
    """Close or reopen a topic. Raises Refused when it already is."""
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    kind = "forum_topic_closed" if closed else "forum_topic_reopened"
    service(core, chat, {kind: {}}, None if topic is chat.general else topic.id, author)


def close(core: Core, p: Json) -> bool:
    """closeForumTopic."""
    chat = forum(core, p)
    toggle(core, chat, topic_of(chat, p), closed=True)
    return True


def reopen(core: Core, p: Json) -> bool:
    """reopenForumTopic."""
    chat = forum(core, p)
    toggle(core, chat, topic_of(chat, p), closed=False)
    return True


def drop_topic(core: Core, chat: Chat, topic: Topic) -> None:
    """Delete a topic with all its messages, whatever their age."""
    del chat.topics[topic.id]
    for message in [one for one in chat.messages.values() if one.thread == topic.id]:
        core.world.remove(message)
    core.world.changed({"kind": "topics", "chat": chat.id})


def delete(core: Core, p: Json) -> bool:
    """deleteForumTopic."""
    chat = forum(core, p)
    need_right(core, chat, "can_delete_messages", "not enough rights to delete a topic")
    drop_topic(core, chat, topic_of(chat, p))
    return True


def unpin_topic(core: Core, p: Json) -> bool:
    """unpinAllForumTopicMessages."""
    chat = forum(core, p)
    topic = topic_of(chat, p)
    chat.pinned = [number for number in chat.pinned if chat.messages[number].thread != topic.id]
    return True


def edit_general(core: Core, p: Json) -> bool:
    """editGeneralForumTopic."""
    chat = forum(core, p)
    name = checked_name(p["name"])
    if name == chat.general.name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    chat.general.name = name
    service(core, chat, {"forum_topic_edited": {"name": name}}, None)
    return True


def close_general(core: Core, p: Json) -> bool:
    """closeGeneralForumTopic."""
    chat = forum(core, p)
    toggle(core, chat, chat.general, closed=True)
    return True


def reopen_general(core: Core, p: Json) -> bool:
    """reopenGeneralForumTopic."""
    chat = forum(core, p)
    toggle(core, chat, chat.general, closed=False)
    return True


def hide_general(core: Core, p: Json) -> bool:
    """hideGeneralForumTopic: hides and closes."""
    chat = forum(core, p)
    if chat.general_hidden:
        raise bad_request("TOPIC_NOT_MODIFIED")
    chat.general_hidden = chat.general.closed = True
    service(core, chat, {"general_forum_topic_hidden": {}}, None)
    return True


def unhide_general(core: Core, p: Json) -> bool:
    """unhideGeneralForumTopic."""
    chat = forum(core, p)
    if not chat.general_hidden:
        raise bad_request("TOPIC_NOT_MODIFIED")
    chat.general_hidden = False
    service(core, chat, {"general_forum_topic_unhidden": {}}, None)
    return True


def icon_stickers(core: Core, p: Json) -> list[Json]:
    """getForumTopicIconStickers: a few of Telegram's."""
    stickers = []
    for number, emoji in enumerate(("💬", "❗", "✅", "🏠", "💼", "📄")):
        unique = f"AgADicon{number}"
        stickers.append(
            {
                "file_id": f"CAACAgIAAxUAA{number}icon",
                "file_unique_id": unique,
                "type": "custom_emoji",
                "width": 512,
                "height": 512,
                "is_animated": True,
                "is_video": False,
                "emoji": emoji,
                "custom_emoji_id": str(5_400_000_000_000_000_001 + number),
            }
        )
    return stickers


METHODS: dict[str, Handler] = {
    "createForumTopic": create,
    "editForumTopic": edit,
    "closeForumTopic": close,
    "reopenForumTopic": reopen,
    "deleteForumTopic": delete,
    "unpinAllForumTopicMessages": unpin_topic,
    "editGeneralForumTopic": edit_general,
    "closeGeneralForumTopic": close_general,
    "reopenGeneralForumTopic": reopen_general,
    "hideGeneralForumTopic": hide_general,
    "unhideGeneralForumTopic": unhide_general,
    "getForumTopicIconStickers": icon_stickers,
}

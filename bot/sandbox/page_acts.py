"""The acts that the page can ask for, each from plain values: `person`, `chat`, `thread`, `message`, `text`, ..."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.acts import Acts, Impossible
from bot.sandbox.faults import IN_REQUEST, ON_UPDATES
from bot.sandbox.samples import picture, sound
from bot.sandbox.spec import Upload
from bot.sandbox.world import Chat, Json, Message, Topic, User

Act = Callable[[Acts, Json], Json | None]


def _user(acts: Acts, values: Json) -> User:
    user = acts.world.users.get(int(values["person"]))
    if user is None:
        raise Impossible("there is no such person")
    return user


def _chat(acts: Acts, values: Json) -> Chat:
    chat = acts.world.chats.get(int(values["chat"]))
    if chat is None:
        raise Impossible("there is no such chat")
    return chat


def _message(acts: Acts, values: Json, key: str = "message") -> Message:
    message = _chat(acts, values).messages.get(int(values[key]))
    if message is None:
        raise Impossible("the message is gone")
    return message


def _topic(acts: Acts, values: Json) -> Topic:
    topic = _chat(acts, values).topics.get(int(values["thread"]))
    if topic is None:
        raise Impossible("the topic is gone")
    return topic


def _say(acts: Acts, values: Json, content: Json, **extra: Any) -> Json:
    thread = int(values["thread"]) if values.get("thread") else None
    reply_to = _message(acts, values, "reply_to") if values.get("reply_to") else None
    chat = _chat(acts, values)
    message = acts.say(_user(acts, values), chat, content, thread=thread, reply_to=reply_to, **extra)
    return {"message_id": message.id}


def send(acts: Acts, values: Json) -> Json:
    """Write a text."""
    return _say(acts, values, acts.text(str(values["text"])))


def send_file(acts: Acts, values: Json) -> Json:
    """Send a file: the uploaded part `file`, or a sample of its kind."""
    kind = str(values.get("kind", "document"))
    samples = {
        "photo": Upload("photo.png", "image/png", picture(320, 220)),
        "voice": Upload("voice.oga", "audio/ogg", sound(2.0)),
        "video_note": Upload("note.mp4", "video/mp4", b"\0note"),
        "video": Upload("video.mp4", "video/mp4", b"\0video"),
        "document": Upload("document.txt", "text/plain", b"A sample document.\n"),
        "sticker": Upload("sticker.webp", "image/webp", b"RIFF\0\0\0\0WEBPsticker"),
    }
    if kind not in samples:
        raise Impossible("there is no such kind of file")
    upload = values.get("file")
    details: dict[str, Any] = {"emoji": "🙂"} if kind == "sticker" else {}
    file = acts.world.files.add(kind, upload if isinstance(upload, Upload) else samples[kind], **details)
    return _say(acts, values, {**file.body(), **acts.caption(values.get("caption"))})


def send_album(acts: Acts, values: Json) -> Json:
    """Send three sample photos as an album."""
    album = acts.world.next_album()
    answer: Json = {}
    for number in range(3):
        colour = ((88, 129, 170), (120, 150, 110), (178, 132, 96))[number]
        file = acts.world.files.add("photo", Upload("photo.png", "image/png", picture(320, 240, colour)))
        words = acts.caption(values.get("caption")) if number == 0 else {}
        answer = _say(acts, values, {**file.body(), **words}, media_group_id=album)
    return answer


def send_location(acts: Acts, values: Json) -> Json:
    """Send a place: Moscow unless given."""
    where = {"latitude": float(values.get("latitude", 55.7558)), "longitude": float(values.get("longitude", 37.6173))}
    return _say(acts, values, {"location": where})


def send_contact(acts: Acts, values: Json) -> Json:
    """Send the own contact."""
    user = _user(acts, values)
    contact = {"phone_number": "+79000000000", "first_name": user.first_name, "user_id": user.id}
    return _say(acts, values, {"contact": contact})


def edit(acts: Acts, values: Json) -> None:
    """Give an own message another text."""
    acts.edit(_user(acts, values), _message(acts, values), str(values["text"]))


def delete(acts: Acts, values: Json) -> None:
    """Delete a message."""
    acts.delete(_user(acts, values), _message(acts, values))


def react(acts: Acts, values: Json) -> None:
    """React; the same emoji again takes it back."""
    user, message, emoji = _user(acts, values), _message(acts, values), str(values["emoji"])
    old = [one.get("emoji") for one in message.reactions.get(user.id, [])]
    acts.react(user, message, *([] if emoji in old else [emoji]))


def tap(acts: Acts, values: Json) -> Json:
    """Tap the inline button in `row` and `column` of a message."""
    message = _message(acts, values)
    rows = (message.body.get("reply_markup") or {}).get("inline_keyboard") or []
    try:
        button = rows[int(values["row"])][int(values["column"])]
    except IndexError:
        raise Impossible("the button is gone") from None
    callback = acts.tap(_user(acts, values), message, button)
    return {"callback": callback.id if callback else None}


def inline(acts: Acts, values: Json) -> Json:
    """Type an inline query."""
    question = acts.ask_inline(_user(acts, values), str(values.get("text", "")), _chat(acts, values))
    return {"question": question.id}


def choose(acts: Acts, values: Json) -> Json:
    """Send an inline result."""
    question = acts.core.questions.get(str(values["question"]))
    if question is None:
        raise Impossible("there is no such inline query")
    user, chat = _user(acts, values), _chat(acts, values)
    return {"message_id": acts.choose_inline(user, question, str(values["result"]), "", chat).id}


def block(acts: Acts, values: Json) -> None:
    """Block or unblock the bot."""
    user = _user(acts, values)
    if str(values.get("on", "true")).lower() in ("true", "1"):
        acts.block(user)
    else:
        acts.unblock(user)


def topic(acts: Acts, values: Json) -> None:
    """Close, reopen, delete or open a forum topic by hand."""
    user, chat, what = _user(acts, values), _chat(acts, values), values["what"]
    if what == "open":
        acts.open_topic(user, chat, str(values.get("text") or "Topic"))
    elif what == "close":
        acts.close_topic(chat, _topic(acts, values), user)
    elif what == "reopen":
        acts.reopen_topic(chat, _topic(acts, values), user)
    elif what == "delete":
        acts.delete_topic(chat, _topic(acts, values))
    else:
        raise Impossible("a topic can be opened, closed, reopened, deleted")


def fault(acts: Acts, values: Json) -> Json:
    """Switch trouble on or off: `what` is a fault's kind or `clear`."""
    faults, what = acts.core.faults, str(values.get("what"))
    if what == "clear":
        faults.clear()
    elif what in IN_REQUEST + ON_UPDATES:
        methods = () if what in ON_UPDATES else _SENDING
        faults.add(what, *methods, count=int(values.get("count", 3)), seconds=float(values.get("seconds", 5)))
    else:
        raise Impossible("there is no such trouble")
    return {"active": [one.kind for one in faults.active if not one.is_spent]}


_SENDING = ("sendMessage", "sendPhoto", "sendMediaGroup", "copyMessage", "copyMessages", "createForumTopic",
            "setMessageReaction", "editMessageText")  # fmt: skip

ACTS: dict[str, Act] = {
    "send": send,
    "file": send_file,
    "album": send_album,
    "location": send_location,
    "contact": send_contact,
    "edit": edit,
    "delete": delete,
    "react": react,
    "tap": tap,
    "inline": inline,
    "choose": choose,
    "block": block,
    "topic": topic,
    "fault": fault,
}

"""The local Telegram refuses what Telegram refuses, in Telegram's words, to a real aiogram bot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    InaccessibleMessage,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaAudio,
    InputMediaPhoto,
    KeyboardButton,
    LinkPreviewOptions,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    ReplyParameters,
    User,
)

from bot.clock import FixedClock
from bot.sandbox import LocalTelegram, Pace, Person
from bot.sandbox.samples import picture

from .conftest import MOMENT, bot_for, close

Call = Callable[[Bot, int], Awaitable[object]]


def keys(data: str = "go", **button: object) -> InlineKeyboardMarkup:
    given = button or {"callback_data": data}
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Go", **given)]])


def photo() -> BufferedInputFile:
    return BufferedInputFile(picture(), "a.png")


@pytest.fixture
def person(telegram: LocalTelegram) -> Person:
    return telegram.person("Aziz", started=True)


REFUSED: dict[str, tuple[Call, str]] = {
    "text of 4097": (lambda bot, to: bot.send_message(to, "я" * 4097), "message is too long"),
    "text of 2049 emoji": (lambda bot, to: bot.send_message(to, "😀" * 2049), "message is too long"),
    "empty text": (lambda bot, to: bot.send_message(to, " \n "), "message text is empty"),
    "caption of 1025": (lambda bot, to: bot.send_photo(to, photo(), caption="я" * 1025), "message caption is too long"),
    "data of 65 bytes": (lambda bot, to: bot.send_message(to, "x", reply_markup=keys("я" * 33)), "BUTTON_DATA_INVALID"),
    "empty data": (lambda bot, to: bot.send_message(to, "x", reply_markup=keys("")), "BUTTON_DATA_INVALID"),
    "button without action": (
        lambda bot, to: bot.send_message(to, "x", reply_markup=keys(url=None)),
        "Text buttons are unallowed",
    ),
    "button with a phone link": (
        lambda bot, to: bot.send_message(to, "x", reply_markup=keys(url="tel:112")),
        "Wrong HTTP URL",
    ),
    "unclosed tag": (
        lambda bot, to: bot.send_message(to, "<b>x", parse_mode="HTML"),
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    "reserved sign": (
        lambda bot, to: bot.send_message(to, "1. x", parse_mode="MarkdownV2"),
        "Character '.' is reserved and must be escaped with the preceding '\\'",
    ),
    "unknown parse mode": (lambda bot, to: bot.send_message(to, "x", parse_mode="XML"), "unsupported parse_mode"),
    "unknown chat": (lambda bot, to: bot.send_message(5, "x"), "chat not found"),
    "unknown topic": (lambda bot, to: bot.send_message(to, "x", message_thread_id=9), "message thread not found"),
    "reply to nothing": (
        lambda bot, to: bot.send_message(to, "x", reply_parameters=ReplyParameters(message_id=99)),
        "message to be replied not found",
    ),
    "edit nothing": (
        lambda bot, to: bot.edit_message_text("x", chat_id=to, message_id=99),
        "message to edit not found",
    ),
    "delete nothing": (lambda bot, to: bot.delete_message(to, 99), "message to delete not found"),
    "copy nothing": (lambda bot, to: bot.copy_message(to, to, 99), "message to copy not found"),
    "copy in disorder": (lambda bot, to: bot.copy_messages(to, to, [2, 1]), "strictly increasing order"),
    "album of one": (
        lambda bot, to: bot.send_media_group(to, [InputMediaPhoto(media=photo())]),
        "too few messages to send as an album",
    ),
    "album of eleven": (
        lambda bot, to: bot.send_media_group(to, [InputMediaPhoto(media=photo()) for _ in range(11)]),
        "too many messages to send as an album",
    ),
    "album of photo and audio": (
        lambda bot, to: bot.send_media_group(
            to, [InputMediaPhoto(media=photo()), InputMediaAudio(media=BufferedInputFile(b"x", "a.mp3"))]
        ),
        "can't be mixed",
    ),
    "photo that is none": (
        lambda bot, to: bot.send_photo(to, BufferedInputFile(b"text", "a.png")),
        "IMAGE_PROCESS_FAILED",
    ),
    "empty file": (lambda bot, to: bot.send_document(to, BufferedInputFile(b"", "a")), "file must be non-empty"),
    "unknown file id": (lambda bot, to: bot.send_photo(to, "AgACunknown"), "wrong file identifier/HTTP URL specified"),
    "getFile of nothing": (lambda bot, to: bot.get_file("nothing"), "invalid file_id"),
    "command in capitals": (
        lambda bot, to: bot.set_my_commands([BotCommand(command="START", description="x")]),
        "BOT_COMMAND_INVALID",
    ),
    "unknown callback": (lambda bot, to: bot.answer_callback_query("7"), "query is too old"),
    "reaction on nothing": (
        lambda bot, to: bot.set_message_reaction(to, 99, [ReactionTypeEmoji(emoji="👍")]),
        "message to react not found",
    ),
    "unknown action": (lambda bot, to: bot.send_chat_action(to, "dancing"), "wrong parameter action in request"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_refused(name: str, telegram: LocalTelegram, bot: Bot, person: Person) -> None:
    call, words = REFUSED[name]
    with pytest.raises(TelegramBadRequest) as refused:
        await call(bot, person.id)
    assert words in refused.value.message
    assert telegram.requests[-1].ok is False


async def test_the_limits_themselves_pass(bot: Bot, person: Person) -> None:
    sent = await bot.send_message(
        person.id, "<b>" + "😀" * 2048 + "</b>", parse_mode="HTML", reply_markup=keys("я" * 32)
    )
    assert sent.text == "😀" * 2048
    assert [(one.type, one.offset, one.length) for one in sent.entities or []] == [("bold", 0, 4096)]
    await bot.send_photo(person.id, photo(), caption="я" * 1024)


async def test_given_entities_and_automatic_ones(bot: Bot, person: Person) -> None:
    given = [MessageEntity(type="bold", offset=0, length=5), MessageEntity(type="text_mention", offset=6, length=2,
             user=User(id=person.id, is_bot=False, first_name="A"))]  # fmt: skip
    sent = await bot.send_message(person.id, "Салом дӯст, +992 44 600 12 34, гувм.мвд.рф, /help", entities=given)
    assert [entity.type for entity in sent.entities or []] == [
        "bold", "text_mention", "phone_number", "url", "bot_command",
    ]  # fmt: skip
    phone = (sent.entities or [])[2]
    assert phone.extract_from(sent.text or "") == "+992 44 600 12 34"


async def test_an_edit_must_change_something(bot: Bot, person: Person) -> None:
    sent = await bot.send_message(person.id, "same", reply_markup=keys())
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text("same", chat_id=person.id, message_id=sent.message_id, reply_markup=keys())
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_reply_markup(chat_id=person.id, message_id=sent.message_id, reply_markup=keys())
    edited = await bot.edit_message_text("same", chat_id=person.id, message_id=sent.message_id)
    assert not isinstance(edited, bool)
    assert edited.reply_markup is None
    assert edited.edit_date is not None


async def test_an_edit_must_suit_the_message(bot: Bot, person: Person) -> None:
    text = await bot.send_message(person.id, "x")
    picture_message = await bot.send_photo(person.id, photo(), caption="c")
    theirs = await person.send("mine")
    with pytest.raises(TelegramBadRequest, match="there is no caption in the message to edit"):
        await bot.edit_message_caption(chat_id=person.id, message_id=text.message_id, caption="y")
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await bot.edit_message_text("y", chat_id=person.id, message_id=picture_message.message_id)
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("y", chat_id=person.id, message_id=theirs.id)
    await bot.edit_message_caption(chat_id=person.id, message_id=picture_message.message_id)
    assert "caption" not in person.history()[1].body


async def test_old_messages_cannot_be_deleted(bot: Bot, person: Person, clock: FixedClock) -> None:
    old = await bot.send_message(person.id, "old")
    theirs = await person.send("mine")
    await bot.delete_message(person.id, theirs.id)
    clock.advance(timedelta(hours=48, seconds=1))
    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await bot.delete_message(person.id, old.message_id)
    fresh = await bot.send_message(person.id, "fresh")
    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await bot.delete_messages(person.id, [old.message_id, fresh.message_id])
    await bot.edit_message_text("old, edited", chat_id=person.id, message_id=old.message_id)
    assert await bot.delete_messages(person.id, [fresh.message_id, 12345])
    assert person.history()[-1].text == "old, edited"


async def test_an_edit_limit_can_be_set(telegram: LocalTelegram, bot: Bot, person: Person, clock: FixedClock) -> None:
    telegram.core.edit_limit = timedelta(hours=48)
    old = await bot.send_message(person.id, "old")
    clock.advance(timedelta(hours=49))
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("new", chat_id=person.id, message_id=old.message_id)


async def test_dates_come_from_the_clock(bot: Bot, person: Person, clock: FixedClock) -> None:
    assert (await bot.send_message(person.id, "x")).date == MOMENT
    clock.advance(timedelta(days=1))
    assert (await bot.send_message(person.id, "x")).date == MOMENT + timedelta(days=1)


async def test_whom_the_bot_may_not_write_to(telegram: LocalTelegram, bot: Bot) -> None:
    stranger = telegram.person("Stranger")
    with pytest.raises(TelegramForbiddenError, match="bot can't initiate conversation with a user"):
        await bot.send_message(stranger.id, "x")
    await stranger.send("/start")
    await bot.send_message(stranger.id, "x")
    await stranger.block_bot()
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(stranger.id, "x")
    await stranger.unblock_bot()
    await bot.send_message(stranger.id, "x")
    await stranger.deactivate()
    with pytest.raises(TelegramForbiddenError, match="user is deactivated"):
        await bot.send_message(stranger.id, "x")


async def test_topics_close_and_vanish(telegram: LocalTelegram, bot: Bot) -> None:
    group = telegram.group("Operators", forum=True)
    telegram.person("Nurlan", groups=[group])
    made = await bot.create_forum_topic(group.id, "Case")
    thread = made.message_thread_id
    sent = await bot.send_message(group.id, "in", message_thread_id=thread)
    assert sent.is_topic_message
    with pytest.raises(TelegramBadRequest, match="TOPIC_NOT_MODIFIED"):
        await bot.edit_forum_topic(group.id, thread, name="Case")
    await bot.close_forum_topic(group.id, thread)
    with pytest.raises(TelegramBadRequest, match="TOPIC_NOT_MODIFIED"):
        await bot.close_forum_topic(group.id, thread)
    with pytest.raises(TelegramBadRequest, match="TOPIC_CLOSED"):
        await bot.send_message(group.id, "in", message_thread_id=thread)
    await bot.reopen_forum_topic(group.id, thread)
    topic = group.find_topic("Case")
    assert topic is not None
    topic.delete()
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await bot.send_message(group.id, "in", message_thread_id=thread)
    with pytest.raises(TelegramBadRequest, match="TOPIC_ID_INVALID"):
        await bot.delete_forum_topic(group.id, thread)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("x", chat_id=group.id, message_id=sent.message_id)
    kinds = [update.message.content_type for update in await bot.get_updates() if update.message]
    assert kinds == ["forum_topic_created", "forum_topic_closed", "forum_topic_reopened"]


async def test_rights_are_needed(telegram: LocalTelegram, bot: Bot) -> None:
    group = telegram.group("Operators", forum=True)
    group.chat.bot_rights.discard("can_manage_topics")
    with pytest.raises(TelegramBadRequest, match="not enough rights"):
        await bot.create_forum_topic(group.id, "Case")
    plain = telegram.group("Plain")
    with pytest.raises(TelegramBadRequest, match="the chat is not a forum"):
        await bot.create_forum_topic(plain.id, "Case")
    plain.remove_bot()
    with pytest.raises(TelegramForbiddenError, match="bot was kicked from the supergroup chat"):
        await bot.send_message(plain.id, "x")


async def test_contact_keys_belong_in_private_chats(telegram: LocalTelegram, bot: Bot) -> None:
    group = telegram.group("Operators")
    markup = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Номер", request_contact=True)]])
    with pytest.raises(TelegramBadRequest, match="phone number can be requested in private chats only"):
        await bot.send_message(group.id, "x", reply_markup=markup)


async def test_a_group_becomes_a_supergroup(telegram: LocalTelegram, bot: Bot) -> None:
    group = telegram.group("Operators", kind="group")
    telegram.person("Nurlan", groups=[group])
    old = group.id
    group.migrate()
    assert group.id != old
    with pytest.raises(TelegramMigrateToChat) as moved:
        await bot.send_message(old, "x")
    assert moved.value.migrate_to_chat_id == group.id
    await bot.send_message(group.id, "x")
    first, second = (update.message for update in await bot.get_updates())
    assert first is not None
    assert second is not None
    assert (first.chat.id, first.migrate_to_chat_id) == (old, group.id)
    assert (second.chat.id, second.migrate_from_chat_id) == (group.id, old)


async def test_limits_answer_429(person: Person, telegram: LocalTelegram, bot: Bot) -> None:
    group = telegram.group("Operators")
    now = 0.0
    telegram.core.pace = Pace(per_chat=1, burst=2, per_group=20, overall=30, timer=lambda: now)
    await bot.send_message(person.id, "1")
    await bot.send_message(person.id, "2")
    with pytest.raises(TelegramRetryAfter) as limited:
        await bot.send_message(person.id, "3")
    assert limited.value.retry_after == 1
    now = 1.0
    await bot.send_message(person.id, "3")
    for number in range(20):
        await bot.send_message(group.id, str(number))
    with pytest.raises(TelegramRetryAfter) as limited:
        await bot.send_message(group.id, "one too many")
    assert limited.value.retry_after == 3
    await bot.send_chat_action(group.id, "typing")
    assert len(group.messages()) == 20


async def test_reactions(bot: Bot, person: Person) -> None:
    theirs = await person.send("x")
    await bot.set_message_reaction(person.id, theirs.id, [ReactionTypeEmoji(emoji="👍")])
    assert theirs.reactions == ["👍"]
    with pytest.raises(TelegramBadRequest, match="REACTION_INVALID"):
        await bot.set_message_reaction(person.id, theirs.id, [ReactionTypeEmoji(emoji="✅")])
    with pytest.raises(TelegramBadRequest, match="REACTIONS_TOO_MANY"):
        await bot.set_message_reaction(
            person.id, theirs.id, [ReactionTypeEmoji(emoji="👍"), ReactionTypeEmoji(emoji="🔥")]
        )
    await bot.set_message_reaction(person.id, theirs.id, [])
    assert theirs.reactions == []


async def test_callbacks_are_answered_in_time(bot: Bot, person: Person, clock: FixedClock) -> None:
    sent = await bot.send_message(person.id, "x", reply_markup=keys("data"))
    callback = await person.tap("Go")
    assert callback is not None
    query = (await bot.get_updates())[0].callback_query
    assert query is not None
    assert query.data == "data"
    assert query.message is not None
    assert query.message.message_id == sent.message_id
    with pytest.raises(TelegramBadRequest, match="MESSAGE_TOO_LONG"):
        await bot.answer_callback_query(query.id, "x" * 201)
    await bot.answer_callback_query(query.id, "x" * 200)
    clock.advance(timedelta(hours=1))
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_callback_query(query.id)


async def test_a_deleted_message_comes_in_a_callback_as_inaccessible(bot: Bot, person: Person) -> None:
    sent = await bot.send_message(person.id, "x", reply_markup=keys("data"))
    seen = person.history()[0]
    await bot.delete_message(person.id, sent.message_id)
    await person.tap("Go", seen)
    query = (await bot.get_updates())[0].callback_query
    assert query is not None
    assert isinstance(query.message, InaccessibleMessage)


async def test_files_come_back_as_they_went(telegram: LocalTelegram, bot: Bot, person: Person) -> None:
    data = picture(200, 100)
    sent = await bot.send_photo(person.id, BufferedInputFile(data, "a.png"), caption="c")
    assert sent.photo is not None
    assert [(size.width, size.height) for size in sent.photo] == [(90, 45), (200, 100)]
    file = await bot.get_file(sent.photo[-1].file_id)
    assert file.file_path is not None
    loaded = await bot.download_file(file.file_path)
    assert loaded is not None
    assert loaded.read() == data
    with pytest.raises(TelegramBadRequest, match="can't use file of type Photo as Document"):
        await bot.send_document(person.id, sent.photo[-1].file_id)
    again = await bot.send_photo(person.id, sent.photo[-1].file_id)
    assert again.photo is not None
    big = await person.send_document("big.zip", size=21 * 1024 * 1024)
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.get_file(big.body["document"]["file_id"])
    with pytest.raises(TelegramEntityTooLarge):
        await bot.send_document(person.id, BufferedInputFile(b"x" * (50 * 1024 * 1024 + 1), "big"), request_timeout=30)


async def test_albums_stay_albums_when_copied(telegram: LocalTelegram, bot: Bot, person: Person) -> None:
    group = telegram.group("Operators")
    album = await person.send_album(3, caption="c")
    copies = await bot.copy_messages(group.id, person.id, [one.id for one in album])
    assert len(copies) == 3
    bodies = [one.body for one in group.messages()]
    assert len({body["media_group_id"] for body in bodies}) == 1
    assert bodies[0]["caption"] == "c"
    forwarded = await bot.forward_message(group.id, person.id, album[0].id)
    assert forwarded.forward_origin is not None


async def test_commands_by_language_and_scope(telegram: LocalTelegram, bot: Bot, person: Person) -> None:
    await bot.set_my_commands([BotCommand(command="start", description="Start")])
    await bot.set_my_commands([BotCommand(command="start", description="Баштоо")], language_code="ky")
    scope = BotCommandScopeChat(chat_id=person.id)
    await bot.set_my_commands([BotCommand(command="desk", description="Desk")], scope=scope)
    assert (await bot.get_my_commands(language_code="ky"))[0].description == "Баштоо"
    assert (await bot.get_my_commands(language_code="tg")) == []
    assert (await bot.get_my_commands(scope=scope))[0].command == "desk"
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.set_my_commands([], scope=BotCommandScopeChat(chat_id=4711))


async def test_a_wrong_token_and_a_wrong_method(telegram: LocalTelegram) -> None:
    stranger = bot_for(telegram)
    other = Bot("43:WRONG", session=stranger.session)
    with pytest.raises(TelegramUnauthorizedError):
        await other.get_me()
    await close(stranger)
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{telegram.base_url}/bot{telegram.token}/sendNonsense") as response:
            assert response.status == 404
        async with session.get(f"{telegram.base_url}/bot{telegram.token}/GETME?bogus=1") as response:
            assert (await response.json())["result"]["is_bot"] is True


async def test_link_previews_pins_and_chats(telegram: LocalTelegram, bot: Bot, person: Person) -> None:
    options = LinkPreviewOptions(is_disabled=True)
    sent = await bot.send_message(person.id, "mvd.ru", link_preview_options=options)
    assert sent.link_preview_options is not None
    await bot.pin_chat_message(person.id, sent.message_id)
    chat = await bot.get_chat(person.id)
    assert chat.pinned_message is not None
    assert chat.pinned_message.message_id == sent.message_id
    group = telegram.group("Operators", forum=True)
    operator = telegram.person("Nurlan", groups=[group])
    assert (await bot.get_chat_member(group.id, operator.id)).status == "member"
    assert (await bot.get_chat_member(group.id, person.id)).status == "left"
    assert [one.user.id for one in await bot.get_chat_administrators(group.id)] == [42]
    assert await bot.get_chat_member_count(group.id) == 2

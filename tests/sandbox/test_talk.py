"""The talk API through a real aiogram bot: what a person does arrives, what the bot does is seen."""

from __future__ import annotations

import pytest
from aiogram import Bot, Dispatcher
from aiogram.filters import CommandStart
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    KeyboardButton,
    Message,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    ReplyParameters,
)

from bot.sandbox import Impossible, LocalTelegram, NotSeen

from .conftest import polling


def small_hotline(desk: int) -> Dispatcher:
    """A bot that greets in a chosen language and carries a person's words into a topic and back."""
    dispatcher = Dispatcher()
    people: dict[int, int] = {}
    threads: dict[int, int] = {}

    @dispatcher.message(CommandStart())
    async def start(message: Message) -> None:
        rows = [[InlineKeyboardButton(text=name, callback_data=f"lang:{name}")] for name in ("Русский", "Кыргызча")]
        await message.answer("Тил / Язык", reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))

    @dispatcher.callback_query()
    async def chosen(query: CallbackQuery) -> None:
        await query.answer("Макул")
        assert isinstance(query.message, Message)
        keys = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="📞 Номерим", request_contact=True)]])
        await query.message.edit_text("Тил тандалды")
        await query.message.answer("Суроонузду жазыңыз", reply_markup=keys)

    @dispatcher.inline_query()
    async def asked(query: InlineQuery) -> None:
        content = InputTextMessageContent(message_text=f"Жооп: {query.query}")
        await query.answer([InlineQueryResultArticle(id="1", title="Жооп", input_message_content=content)])

    @dispatcher.message()
    async def relay(message: Message) -> None:
        bot = message.bot
        assert bot is not None
        if message.chat.id == desk:
            replied = message.reply_to_message
            if replied and not replied.forum_topic_created and message.message_thread_id in people:
                await bot.send_message(people[message.message_thread_id], message.text or "?")
                await message.react([ReactionTypeEmoji(emoji="👍")])
            return
        if message.chat.id not in threads:
            topic = await bot.create_forum_topic(desk, f"Case {len(threads) + 1}")
            threads[message.chat.id], people[topic.message_thread_id] = topic.message_thread_id, message.chat.id
        await bot.copy_message(desk, message.chat.id, message.message_id, message_thread_id=threads[message.chat.id])

    return dispatcher


async def test_a_person_talks_with_an_operator(telegram: LocalTelegram, bot: Bot) -> None:
    group = telegram.group("Operators", forum=True)
    person = telegram.person("Aisuluu", language_code="ky")
    operator = telegram.person("Nurlan", groups=[group])
    async with polling(small_hotline(group.id), bot):
        await person.send("/start")
        await person.tap("Кыргызча")
        screen = await person.sees_soon("Суроонузду жазыңыз")
        assert "Тил тандалды" in screen
        assert person.toasts == ["Макул"]
        assert person.keyboard() == ["📞 Номерим"]

        await person.send("Иш берүүчү айлык бербей жатат")
        topic = await operator.topic("Case 1")
        question = await operator.finds(topic, "айлык бербей")
        await operator.write(topic, "коллеги, кто возьмёт?")
        answer = await operator.reply(question, "Саламатсызбы, жардам беребиз")
        await person.until("жардам беребиз")
        assert "коллеги" not in person.sees()
        await telegram.until(lambda: answer.reactions == ["👍"])


async def test_every_kind_of_content_passes(telegram: LocalTelegram, bot: Bot) -> None:
    group = telegram.group("Operators", forum=True)
    person = telegram.person("Дилшод", language_code="tg")
    async with polling(small_hotline(group.id), bot):
        await person.send_photo("паспорт")
        await person.send_document("шартнома.pdf")
        await person.send_voice()
        await person.send_video_note()
        await person.send_video()
        await person.send_location()
        await person.send_contact()
        await person.send_sticker()
        await person.send_album(3, caption="3 расм")
        topic = await telegram.until(lambda: group.find_topic("Case 1"))
        await telegram.until(lambda: len(topic.messages()) == 12)
        kinds = [message.kind for message in topic.messages()]
        assert kinds == ["forum_topic_created", "photo", "document", "voice", "video_note", "video", "location",
                         "contact", "sticker", "photo", "photo", "photo"]  # fmt: skip


async def test_a_reply_key_asks_for_the_contact(telegram: LocalTelegram, bot: Bot) -> None:
    person = telegram.person("Aziz", started=True)
    keys = ReplyKeyboardMarkup(
        keyboard=[[KeyboardButton(text="Raqamim", request_contact=True)]], one_time_keyboard=True
    )
    await bot.send_message(person.id, "Raqam?", reply_markup=keys)
    await person.tap("Raqamim")
    updates = await bot.get_updates()
    assert updates[0].message is not None
    assert updates[0].message.contact is not None
    assert updates[0].message.contact.user_id == person.id
    assert person.keyboard() == []


async def test_a_missing_button_shows_what_was_there(telegram: LocalTelegram, bot: Bot) -> None:
    person = telegram.person("Aziz", started=True)
    await bot.send_message(person.id, "Salom")
    with pytest.raises(NotSeen, match="Salom"):
        await person.tap("Davom etish", timeout=0.1)
    with pytest.raises(NotSeen, match="Salom"):
        await person.until("xayr", timeout=0.1)


async def test_edits_reactions_and_blocking_reach_the_bot(telegram: LocalTelegram, bot: Bot) -> None:
    person = telegram.person("Ion", language_code="ro")
    kinds = ["message", "edited_message", "message_reaction", "my_chat_member", "callback_query"]
    await bot.get_updates(allowed_updates=kinds)
    mine = await person.send("salut")
    theirs = await bot.send_message(person.id, "bună")
    await person.edit(mine, "salut!")
    await person.react(next(one for one in person.history() if one.id == theirs.message_id), "👍")
    await person.block_bot()
    with pytest.raises(Impossible):
        await person.send("?")
    await person.send("/start")
    updates = await bot.get_updates()
    assert [update.event_type for update in updates] == [
        "message", "edited_message", "message_reaction", "my_chat_member", "my_chat_member", "message",
    ]  # fmt: skip
    assert updates[1].edited_message is not None
    assert updates[1].edited_message.text == "salut!"


async def test_a_plain_message_in_a_topic_seems_to_answer_the_topic(telegram: LocalTelegram, bot: Bot) -> None:
    group = telegram.group("Operators", forum=True)
    operator = telegram.person("Nurlan", groups=[group])
    created = await bot.create_forum_topic(group.id, "Case 7")
    topic = await operator.topic("Case 7")
    await operator.write(topic, "plain")
    update = (await bot.get_updates())[-1]
    assert update.message is not None
    assert update.message.is_topic_message
    assert update.message.message_thread_id == created.message_thread_id
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.forum_topic_created is not None


async def test_inline_results_can_be_chosen(telegram: LocalTelegram, bot: Bot) -> None:
    person = telegram.person("Aisuluu")
    async with polling(small_hotline(0), bot):
        question = await person.inline("патент")
        assert question.results is not None
        assert question.results[0]["title"] == "Жооп"
        sent = await person.choose(question, "1")
        assert sent.text == "Жооп: патент"


async def test_quotes_and_replies_are_kept(telegram: LocalTelegram, bot: Bot) -> None:
    person = telegram.person("Aisuluu")
    first = await person.send("бир эки үч")
    sent = await bot.send_message(person.id, "да", reply_parameters=ReplyParameters(message_id=first.id, quote="эки"))
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.message_id == first.id
    assert sent.quote is not None
    assert (sent.quote.text, sent.quote.position) == ("эки", 4)

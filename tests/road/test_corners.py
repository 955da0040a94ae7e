"""Corners of the road: double presses, forged buttons, topics and desks that are gone, somebody watching."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.conversation.albums import ALBUM_JOB
from bot.errors import BadSettings
from bot.sandbox.people import Person
from bot.settings import load_settings
from tests.road.conftest import Road

pytestmark = pytest.mark.asyncio


def press(road: Road, person: Person, data: str) -> None:
    """Press a button with this data, as an old or a changed client would."""
    button = {"text": "x", "callback_data": data}
    road.telegram.acts.tap(person.user, person.history()[-1].message, button)


async def cases_of(road: Road) -> list[Any]:
    """All open cases of everybody."""
    assert road.hotline is not None
    async with road.hotline.store.reading() as tx:
        return list(await tx.cases.queue())


async def test_what_a_search_showed_stands_on_the_card(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send("мне не платят зарплату")
    await person.sees_soon("зарплат")
    await road.telegram.quiet()
    await person.send("/person")
    topic = await road.nurlan.topic("1 ·")
    card = await road.nurlan.finds(topic, "№ 1")
    assert "Уже прочитано" in card.text


async def test_who_asks_for_a_human_amid_a_question_speaks_to_the_human(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send("мне не платят зарплату")
    await person.tap("📝")
    await person.sees_soon("Что случилось?")
    await person.send("/person")
    topic = await road.nurlan.topic("1 ·")
    await person.send("хозяин уехал и не отвечает")
    await road.nurlan.finds(topic, "хозяин уехал")
    await road.telegram.quiet()
    assert person.sees().count("Что случилось?") <= 1


async def test_words_and_voices_amid_a_question_reach_the_open_case_too(road: Road) -> None:
    person, topic = await road.with_case()
    await road.telegram.quiet()
    press(road, person, "h1|flow|wages-unpaid")
    await person.sees_soon("Что случилось?")
    await person.send("бригадир угрожает мне каждый вечер")
    await person.send_voice()
    await road.nurlan.finds(topic, "бригадир угрожает")
    await road.telegram.until(lambda: sum(message.kind == "voice" for message in topic.messages()) == 1)


async def test_a_button_pressed_twice_opens_one_case(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.sees_soon("Чем помочь")
    for data in ("h1|human|-,new", "h1|human|-,new", "h1|flcase|", "h1|flcase|"):
        press(road, person, data)
    await road.nurlan.topic("1 ·")
    await road.telegram.quiet()
    assert len(await cases_of(road)) == 1


async def test_forged_and_old_buttons_are_answered_on_both_sides(road: Road) -> None:
    person, topic = await road.with_case()
    await road.telegram.quiet()
    huge = "9" * 40
    verbs = ("sec", "art", "artlang", "helped", "case", "done", "rate", "reopen", "me", "data", "flow", "fl", "letter")
    for verb in (*verbs, "play", "lang", "news"):
        for args in ("", huge, "x,y", "²,²,²,²", "wages,²,what,x", "1,9", "-,-,-"):
            press(road, person, f"h1|{verb}|{args}"[:60])
    for verb in ("d-take", "d-free", "d-close", "d-again", "d-leave", "menu"):
        for args in ("", huge, "-1", "²", "77"):
            button = {"text": "x", "callback_data": f"h1|{verb}|{args}"}
            road.telegram.acts.tap(road.nurlan.user, topic.messages()[-1].message, button)
    for text in ("/", "/\u2028x", "/start a_gone", "/start \u2028", "/@"):
        await person.send(text)
    await road.telegram.quiet()
    assert await road.dead_letters() == []


async def test_an_edit_in_a_closed_case_leaves_its_topic_closed(road: Road) -> None:
    person, topic = await road.with_case()
    words = await person.send("мой вопрос")
    await road.nurlan.finds(topic, "мой вопрос")
    await road.nurlan.tap("✅", topic)
    await road.telegram.until(lambda: topic.is_closed)
    await person.edit(words, "мой вопрос, теперь точнее")
    await road.nurlan.finds(topic, "теперь точнее")
    await road.telegram.quiet()
    assert topic.is_closed


async def test_a_case_reopened_after_its_topic_was_deleted_gets_a_new_one_and_is_watched(road: Road) -> None:
    person, topic = await road.with_case()
    await road.nurlan.tap("✅", topic)
    await road.telegram.until(lambda: topic.is_closed)
    topic.delete()
    await person.tap("↩️")
    again = await road.telegram.until(lambda: next((t for t in road.desk.topics if not t.is_deleted), None))
    await road.nurlan.finds(again, "№ 1")
    assert len(await cases_of(road)) == 1


async def test_a_recap_holds_the_newest_words_however_long_the_older_ones_are(road: Road) -> None:
    person, topic = await road.with_case()
    for number in range(3):
        await person.send(f"часть {number} " + "слово " * 650)
    await person.send("самое новое")
    await road.nurlan.finds(topic, "самое новое")
    topic.delete()
    await person.send("и ещё")
    again = await road.telegram.until(lambda: next((t for t in road.desk.topics if not t.is_deleted), None))
    await road.nurlan.finds(again, "и ещё")
    assert "самое новое" in again.sees()


async def test_words_wait_while_the_desk_has_thrown_the_bot_out(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.telegram.outcomes.DESK_PAUSE", 1)
    person, topic = await road.with_case()
    await road.telegram.quiet()
    chat = road.desk.chat
    bot = road.telegram.world.bot.id
    before = chat.members[bot]
    road.desk.remove_bot()
    await person.send("первое без бота")
    await person.send("второе без бота")
    await road.telegram.quiet(0.3)
    chat.members[bot] = before
    await road.nurlan.finds(topic, "второе без бота")
    text = topic.sees()
    assert text.index("первое без бота") < text.index("второе без бота")
    assert text.count("первое без бота") == 1
    assert road.hotline is not None
    async with road.hotline.store.reading() as tx:
        found = await tx.people.find(person.id)
    assert found is not None
    assert found.blocked_at is None


async def test_held_words_are_offered_again_and_the_watch_ends_with_the_case(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("меня держат взаперти и паспорт забрали")
    words = await road.nurlan.finds(topic, "держат взаперти")
    await road.nurlan.reply(words, "Приют готов вас принять")
    await person.sees_soon("Есть новости")
    press(road, person, "h1|hide|")
    await road.telegram.quiet()
    assert "Приют" not in person.sees()
    await road.nurlan.tap("✅", topic)
    await person.send("меню")
    await road.telegram.quiet()
    press(road, person, "h1|news|")
    await person.sees_soon("Приют готов вас принять")
    assert road.hotline is not None
    async with road.hotline.store.reading() as tx:
        found = await tx.people.find(person.id)
    assert found is not None
    assert "watched" not in found.session
    press(road, person, "h1|reopen|1")
    await road.telegram.quiet()
    async with road.hotline.store.reading() as tx:
        found = await tx.people.find(person.id)
    assert found is not None
    assert found.session["watched"]


async def test_a_hidden_offer_comes_back_with_the_menu(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("меня держат взаперти и паспорт забрали")
    words = await road.nurlan.finds(topic, "держат взаперти")
    await road.nurlan.reply(words, "Приют готов вас принять")
    await person.sees_soon("Есть новости")
    press(road, person, "h1|hide|")
    await person.sees_soon("Здравствуйте! Чем помочь?")
    await road.telegram.quiet()
    await person.send("меню")
    await person.tap("Показать")
    await person.sees_soon("Приют готов вас принять")


async def test_what_came_before_the_language_is_answered_after_it(road: Road) -> None:
    person = road.telegram.person("Aisuluu")
    await person.send("мне не платят зарплату")
    await person.tap("Русский")
    await person.sees_soon("зарплат")
    other = road.telegram.person("Bakyt")
    await other.send_voice()
    await other.tap("Русский")
    topic = await road.nurlan.topic("1 ·")
    await road.telegram.until(lambda: sum(message.kind == "voice" for message in topic.messages()) == 1)


async def test_a_shared_article_is_shown_to_a_newcomer_after_the_language(road: Road) -> None:
    assert road.hotline is not None
    article = next(iter(road.hotline.knowledge.articles.values()))
    person = road.telegram.person("Aisuluu")
    await person.send(f"/start a_{article.id}")
    await person.tap("Русский")
    await person.sees_soon(next(text.title for locale, text in article.texts.items() if locale == "ru"))


async def test_close_is_always_answered(road: Road) -> None:
    _, topic = await road.with_case()
    await road.nurlan.write(topic, "/close")
    await road.telegram.until(lambda: topic.is_closed)
    topic.reopen()
    await road.nurlan.write(topic, "/close")
    await road.nurlan.finds(topic, "№ 1 закрыто")
    await road.telegram.until(lambda: topic.is_closed)


async def test_an_anonymous_administrator_answers_too(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("вопрос")
    words = await road.nurlan.finds(topic, "вопрос")
    anonymous = road.telegram.person("Group", user_id=1_087_968_824, groups=[road.desk])
    anonymous.user.is_bot = True
    chat = {"id": road.desk.id, "type": "supergroup", "title": "Operators"}
    anonymous._say({"text": "ответ без имени"}, None, words, sender_chat=chat)
    await person.sees_soon("ответ без имени")


async def test_an_album_job_of_a_purged_case_ends(road: Road) -> None:
    assert road.hotline is not None
    clock = road.hotline.house.clock
    async with road.hotline.store.transaction() as tx:
        await tx.jobs.schedule(ALBUM_JOB, "77:x", clock.now() - timedelta(seconds=1), {"case": 77, "album": "x"})

    async def planned() -> list[Any]:
        assert road.hotline is not None
        async with road.hotline.store.reading() as tx:
            return [job for job in await tx.jobs.due(50) if job.kind == ALBUM_JOB]

    await road.telegram.quiet(0.5)
    async with road.hotline.store.reading() as tx:
        assert await tx.jobs.waiting() == 1  # the retention's own
    assert await planned() == []


async def test_an_alarm_that_the_administrators_chat_refuses_reaches_a_desk(road: Road) -> None:
    assert road.hotline is not None
    await road.stop()
    given = road.settings.telegram.model_copy(update={"admin_chat": -100})
    await road.start(telegram=given)
    async with road.hotline.store.transaction() as tx:
        await road.hotline.handler.bury(tx, {"update_id": 5}, "SomeError")
    await road.telegram.until(lambda: "SomeError" in road.desk.sees())


async def test_groups_that_would_swallow_answers_are_refused(tmp_path: Any) -> None:
    path = tmp_path / "config.yaml"
    base = "desks:\n- {key: a, name: A, chat: -5}\n- {key: b, name: B, chat: %s}\ntelegram: {editors_chat: -7}\n"
    for chat in (-5, -7):
        path.write_text(base % chat, "utf-8")
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("HOTLINE_TELEGRAM__TOKEN", "42:TEST")
            with pytest.raises(BadSettings, match="group"):
                load_settings(path)


async def test_first_aid_goes_on_trying_where_nobody_else_sends_the_screen(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.first_aid.PAUSES", (0.05,) * 50)
    person = await road.newcomer(language="Русский")
    await person.sees_soon("Чем помочь")
    assert road.hotline is not None
    aid = road.hotline.handler._first_aid
    update = {
        "update_id": 999_999,
        "message": {"chat": {"id": person.id, "type": "private"}, "text": "помогите муж меня бьет прямо сейчас"},
    }
    send, down = aid._send, True

    async def refuse(given: Any, call: Any) -> bool:
        aid.of(update)  # a turn begins, which is rolled back
        return False if down else await send(given, call)

    monkeypatch.setattr(aid, "_send", refuse)
    await aid.give(update)
    assert "112" not in person.sees()
    down = False
    await person.sees_soon("112")


async def test_a_desk_with_another_key_in_the_same_group_sees_its_queue(road: Road) -> None:
    _, topic = await road.with_case()
    assert road.hotline is not None
    async with road.hotline.store.transaction() as tx:
        await tx.desks.move("aaa", road.desk.id)
    await road.nurlan.write(topic, "/queue")
    await road.nurlan.finds(topic, "№ 1 ·")


async def test_a_command_to_another_bot_is_left_to_that_one(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("вопрос")
    words = await road.nurlan.finds(topic, "вопрос")
    await road.nurlan.write(topic, "/close@other_bot")
    await road.nurlan.write(topic, "/help@other_bot")
    await road.nurlan.reply(words, "/ban@other_bot")
    elsewhere = road.telegram.group("Elsewhere")
    stranger = road.telegram.person("Stranger", groups=[elsewhere])
    await stranger.write(elsewhere, "/id@other_bot")
    await road.nurlan.write(topic, f"/queue@{road.telegram.world.bot.username}")
    await road.nurlan.finds(topic, "обращени")
    await road.rest()
    assert not topic.is_closed
    assert "/queue —" not in topic.sees()
    assert "ban" not in person.sees()
    assert not any(message.from_bot for message in elsewhere.messages())
    await stranger.write(elsewhere, "/id")
    await stranger.finds(elsewhere, str(elsewhere.id))


async def test_a_closed_case_shows_it_in_the_list_of_topics_and_an_open_one_again(road: Road) -> None:
    person, topic = await road.with_case()
    assert topic.name.startswith("🟢")
    await road.nurlan.tap("✅", topic)
    await road.telegram.until(lambda: topic.is_closed)
    assert topic.name.startswith("✅")
    await person.tap("↩️")
    await road.telegram.until(lambda: not topic.is_closed)
    await road.telegram.until(lambda: topic.name.startswith("🟢"))


@pytest.mark.parametrize("trouble", ["drop_before", "bad_gateway"])
async def test_a_topic_that_cannot_be_renamed_is_closed_all_the_same(road: Road, trouble: str) -> None:
    person, topic = await road.with_case()
    await road.rest()
    getattr(road.telegram.faults, trouble)("editForumTopic", count=None)
    await road.nurlan.tap("✅", topic)
    await road.telegram.until(lambda: topic.is_closed)
    await person.tap("⭐⭐⭐⭐⭐")
    await road.nurlan.finds(topic, "⭐⭐⭐⭐⭐")
    assert topic.name.startswith("🟢")

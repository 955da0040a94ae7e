"""The thin main road, whole: from the first tap to an operator's answer and the rating."""

from __future__ import annotations

from typing import Any

import pytest

from bot.languages.locales import OWN_NAMES, Locale
from tests.road.conftest import Road

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("locale", list(Locale))
async def test_from_the_first_tap_to_an_answer_in_each_language(road: Road, locale: Locale) -> None:
    person = road.telegram.person("Aisuluu", language_code="ky")
    await person.send("/start")
    screen = await person.sees_soon(OWN_NAMES[locale])
    assert all(name in screen for name in OWN_NAMES.values())
    await person.tap(OWN_NAMES[locale])
    await person.tap("📄")
    section = road.hotline.knowledge.sections[0]  # type: ignore[union-attr]
    article = road.hotline.knowledge.articles[section.articles[1]]  # type: ignore[union-attr]
    await person.tap(article.texts[locale].short)
    await person.sees_soon(article.texts[locale].title)
    await person.tap("🙋")
    topic = await road.nurlan.topic("1 ·")
    card = await road.nurlan.finds(topic, "№ 1")
    assert OWN_NAMES[locale] in card.text
    assert article.texts[Locale.RU].short in card.text
    assert "Aisuluu" not in road.desk.sees()
    await road.nurlan.tap("✋", topic)
    await person.send("мне нужна помощь")
    words = await road.nurlan.finds(topic, "мне нужна помощь")
    answer = await road.nurlan.reply(words, "Я с вами. Что случилось?")
    await person.sees_soon("Я с вами. Что случилось?")
    await road.telegram.until(lambda: answer.reactions == ["👍"])
    assert "Nurlan" not in person.sees()
    await road.nurlan.tap("✅", topic)
    await person.tap("⭐⭐⭐⭐⭐")
    await road.telegram.until(lambda: "⭐⭐⭐⭐⭐" in topic.sees())
    assert topic.is_closed
    await person.tap("🙋")
    await road.nurlan.topic("2 ·")


async def test_two_operators_take_a_case_at_once_and_exactly_one_gets_it(road: Road) -> None:
    _, topic = await road.with_case()
    first = await road.nurlan.tap("✋", topic)
    second = await road.zarina.tap("✋", topic)
    await road.telegram.until(lambda: road.nurlan.toasts and road.zarina.toasts)
    assert first is not None
    assert second is not None
    toasts = sorted([road.nurlan.toasts[-1], road.zarina.toasts[-1]])
    assert any("теперь ваше" in toast for toast in toasts)
    assert any("взял коллега" in toast for toast in toasts)


async def test_everything_that_can_be_sent_passes_both_ways(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("текст")
    await person.send_photo(caption="фото с работы")
    await person.send_document("договор.pdf")
    await person.send_voice()
    await person.send_video_note()
    await person.send_video()
    await person.send_location(55.75, 37.61)
    await person.send_contact()
    await person.send_sticker()
    words = await road.nurlan.finds(topic, "текст")
    kinds = {"text", "photo", "document", "voice", "video_note", "video", "location", "contact", "sticker"}
    await road.telegram.until(lambda: kinds <= {message.kind for message in topic.messages()})

    before = len(person.history())
    await road.nurlan.reply(words, "ответ")
    for send in (
        road.nurlan.send_photo,
        road.nurlan.send_voice,
        road.nurlan.send_video_note,
        road.nurlan.send_document,
        road.nurlan.send_sticker,
    ):
        await send(where=topic, reply_to=words)
    await road.nurlan.send_location(55.75, 37.61, where=topic, reply_to=words)
    await road.telegram.until(
        lambda: (
            {"text", "photo", "voice", "video_note", "document", "sticker", "location"}
            <= {message.kind for message in person.history()[before:]}
        )
    )


async def test_an_album_stays_an_album(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send_album(3)
    await road.telegram.until(lambda: sum(message.kind == "photo" for message in topic.messages()) == 3)
    groups = {message.body.get("media_group_id") for message in topic.messages() if message.kind == "photo"}
    assert len(groups) == 1
    assert None not in groups


async def test_plain_talk_in_the_topic_does_not_reach_the_person(road: Road) -> None:
    person, topic = await road.with_case()
    await road.nurlan.write(topic, "коллеги, кто знает таджикский?")
    await road.telegram.quiet()
    assert "таджикский" not in "".join(message.text for message in person.history())


async def test_replies_and_edits_find_their_way(road: Road) -> None:
    person, topic = await road.with_case()
    question = await person.send("мой вопрос")
    words = await road.nurlan.finds(topic, "мой вопрос")
    await road.rest()  # an answer within the same moment comes too, but without saying to what
    answer = await road.nurlan.reply(words, "первый ответ")
    await person.sees_soon("первый ответ")
    got = next(message for message in person.history() if "первый ответ" in message.text)
    assert got.reply_to == question.id
    await road.nurlan.edit(answer, "исправленный ответ")
    await road.telegram.until(lambda: "исправленный ответ" in got.text)
    await person.edit(question, "мой другой вопрос")
    changed = await road.nurlan.finds(topic, "мой другой вопрос")
    assert changed.reply_to == words.id
    await person.reply(got, "спасибо")
    thanks = await road.nurlan.finds(topic, "спасибо")
    assert thanks.reply_to == answer.id


async def test_what_was_written_before_a_case_is_not_lost(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send("хозяин забрал мой аттестат и смеётся")
    await person.tap("🙋")
    topic = await road.nurlan.topic("1 ·")
    await road.nurlan.finds(topic, "хозяин забрал мой аттестат")


async def test_a_voice_message_opens_a_case_by_itself(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send_voice()
    topic = await road.nurlan.topic("1 ·")
    await road.telegram.until(lambda: any(message.kind == "voice" for message in topic.messages()))


async def test_a_second_problem_is_a_second_case(road: Road) -> None:
    person, _ = await road.with_case()
    await person.send("/cases")
    await person.tap("➕")
    await road.nurlan.topic("2 ·")


async def test_a_person_who_blocked_the_bot_is_marked_and_the_desk_told(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("вопрос")
    words = await road.nurlan.finds(topic, "вопрос")
    await person.block_bot()
    await road.nurlan.finds(topic, "остановил бота")
    answer = await road.nurlan.reply(words, "ответ в пустоту")
    await road.telegram.until(lambda: answer.reactions == ["👎"])
    await person.unblock_bot()
    await person.send("я снова тут")
    await road.nurlan.finds(topic, "снова на связи")


async def test_a_deleted_topic_comes_back_with_a_recap(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("первое")
    await road.nurlan.finds(topic, "первое")
    topic.delete()
    await person.send("второе")
    again = await road.telegram.until(lambda: next((t for t in road.desk.topics if not t.is_deleted), None))
    await road.nurlan.finds(again, "второе")
    assert "первое" in again.sees()
    await road.nurlan.tap("✋", again)


async def test_a_closed_topic_is_reopened_for_an_open_case(road: Road) -> None:
    person, topic = await road.with_case()
    topic.close()
    await person.send("ещё вопрос")
    await road.nurlan.finds(topic, "ещё вопрос")


async def test_a_group_that_becomes_a_supergroup_is_followed(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("до переезда")
    await road.nurlan.finds(topic, "до переезда")
    road.desk.migrate()
    await person.send("после переезда")
    moved = await road.telegram.until(lambda: next((t for t in road.desk.topics if t.id != topic.id), None))
    await road.nurlan.finds(moved, "после переезда")


async def test_kinds_that_cannot_pass_get_a_clear_word(road: Road) -> None:
    person, topic = await road.with_case()
    poll = {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False}
    poll |= {"is_anonymous": True, "type": "regular", "allows_multiple_answers": False}
    person._say({"poll": poll}, None, None)
    await person.sees_soon("не можем передать")
    assert topic is not None


async def test_an_old_button_leads_to_the_menu(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.sees_soon("Чем помочь")
    message = person.history()[-1]
    button = {"text": "old", "callback_data": "h0|gone|x"}
    road.telegram.acts.tap(person.user, message.message, button)
    await road.telegram.until(lambda: any("устарела" in toast for toast in person.toasts))


async def test_own_data_can_be_seen_copied_and_erased(road: Road) -> None:
    person, topic = await road.with_case()
    await person.send("моя тайна")
    await road.nurlan.finds(topic, "моя тайна")
    await person.send("/data")
    await person.tap("Получить копию")
    await person.sees_soon("👤 моя тайна")
    await person.send("/data")
    await person.tap("Удалить всё")
    await person.tap("Да, удалить всё")
    await person.sees_soon("Мы всё удалили")
    await road.telegram.until(lambda: topic.is_deleted)


async def test_an_answer_from_the_left_group_never_goes_to_the_person_who_has_that_topic_number_now(road: Road) -> None:
    first, _ = await road.with_case()
    second, old_topic = await road.with_case()
    card = await road.nurlan.finds(old_topic, "№ 2")
    await road.nurlan.reply(card, "ответ второму")
    await second.sees_soon("ответ второму")
    late = next(each for each in old_topic.messages() if "ответ второму" in each.text).message.body

    road.desk.migrate()
    await road.nurlan.write(road.desk, "мы переехали")
    await first.send("пишу после переезда")
    moved = await road.telegram.until(lambda: next((t for t in road.desk.topics if t.messages()), None))
    await road.nurlan.finds(moved, "пишу после переезда")
    assert moved.id == old_topic.id, "in the new group the number belongs to somebody else"
    road.telegram.acts.core.updates.push("message", {**late, "message_id": 900, "text": "поздний ответ второму"})
    await second.sees_soon("поздний ответ второму")
    await road.rest()
    assert "поздний ответ второму" not in "".join(each.text for each in first.history())


async def test_an_answer_in_the_new_group_counts_before_the_old_one_has_said_that_it_moved(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, _ = await road.with_case()
    updates = road.telegram.acts.core.updates
    push, held = updates.push, []

    def late(kind: str, payload: dict[str, Any]) -> int | None:
        if "migrate_to_chat_id" in payload:
            held.append(payload)
            return None
        return push(kind, payload)

    monkeypatch.setattr(updates, "push", late)
    road.desk.migrate()
    await road.nurlan.write(road.desk, "/queue")
    await road.nurlan.finds(road.desk, "обращение ждёт")
    assert len(held) == 1, "nobody has read the last words of the old group"
    await person.send("слышно?")
    moved = await road.telegram.until(lambda: next((t for t in road.desk.topics if t.messages()), None))
    await road.nurlan.reply(await road.nurlan.finds(moved, "слышно?"), "слышно")
    await person.sees_soon("слышно")

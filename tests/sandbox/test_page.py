"""The page's data and acts over HTTP, and the page itself in a browser."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiogram import Bot, Dispatcher
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.sandbox import Demo, serve
from bot.sandbox.pace import Pace
from bot.sandbox.samples import picture

from .conftest import bot_for, close, polling
from .test_talk import small_hotline

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture
async def demo() -> AsyncIterator[Demo]:
    running = await serve(pace=Pace())
    yield running
    await running.telegram.stop()


@pytest.fixture
async def session(demo: Demo) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(demo.telegram.base_url) as made:
        yield made


@pytest.fixture
async def demo_bot(demo: Demo) -> AsyncIterator[Bot]:
    made = bot_for(demo.telegram)
    yield made
    await close(made)


async def act(session: aiohttp.ClientSession, name: str, **values: object) -> dict[str, object]:
    async with session.post("/__act", json={"act": name, **values}) as response:
        answer: dict[str, object] = await response.json()
        return answer


async def test_the_state_has_everybody(demo: Demo, session: aiohttp.ClientSession) -> None:
    async with session.get("/__state") as response:
        state = await response.json()
    assert {person["first_name"] for person in state["people"]} >= {"Айсулуу", "Ion", "Нурлан", "Елена"}
    assert [group["title"] for group in state["groups"]] == ["Операторы"]
    async with session.get("/", allow_redirects=True) as page:
        assert page.url.path == "/page/"
        assert "<main>" in await page.text()


async def test_acts_reach_the_bot_and_the_stream(demo: Demo, session: aiohttp.ClientSession, demo_bot: Bot) -> None:
    person, operator = demo.people[0], demo.operators[0]
    async with session.ws_connect("/__live") as live:
        await act(session, "send", person=person.id, chat=person.id, text="/start")
        event = json.loads((await live.receive(2)).data)
        assert (event["kind"], event["message"]["text"]) == ("message", "/start")
        keys = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="A", callback_data="a")]])
        sent = await demo_bot.send_message(person.id, "choose", reply_markup=keys)
        answer = await act(session, "tap", person=person.id, chat=person.id, message=sent.message_id, row=0, column=0)
        await demo_bot.answer_callback_query(str(answer["callback"]), "toast")
        kinds = [json.loads((await live.receive(2)).data)["kind"] for _ in range(2)]
        assert kinds == ["message", "toast"]
    for name, values in {
        "file": {"kind": "voice"}, "album": {}, "location": {}, "contact": {},
    }.items():  # fmt: skip
        assert (await act(session, name, person=person.id, chat=person.id, **values))["ok"] is True
    topic = await demo_bot.create_forum_topic(demo.group.id, "Case")
    thread = topic.message_thread_id
    where = {"person": operator.id, "chat": demo.group.id, "thread": thread}
    assert (await act(session, "send", text="hi", **where))["ok"] is True
    assert (await act(session, "topic", what="close", **where))["ok"] is True
    assert demo.group.topics[0].is_closed
    updates = await demo_bot.get_updates()
    kinds = [update.message.content_type if update.message else update.event_type for update in updates]
    assert kinds == ["text", "callback_query", "voice", "photo", "photo", "photo", "location", "contact",
                     "forum_topic_created", "text", "forum_topic_closed"]  # fmt: skip


async def test_what_is_impossible_is_explained(demo: Demo, session: aiohttp.ClientSession) -> None:
    person = demo.people[0]
    assert (await act(session, "fly"))["error"] == "there is no act 'fly'"
    answer = await act(session, "send", person=person.id, chat=demo.group.id, text="x")
    assert answer == {"ok": False, "error": "this person is not in the group"}
    assert (await act(session, "edit", person=person.id, chat=person.id, message=1, text="x"))["ok"] is False


async def test_an_uploaded_file_is_served_but_never_as_a_page(demo: Demo, session: aiohttp.ClientSession) -> None:
    person = demo.people[0]
    form = aiohttp.FormData({"act": "file", "kind": "document", "person": str(person.id), "chat": str(person.id)})
    form.add_field("file", b"<script>alert(1)</script>", filename="x.html", content_type="text/html")
    async with session.post("/__act", data=form) as response:
        assert (await response.json())["ok"] is True
    file_id = person.history()[-1].body["document"]["file_id"]
    async with session.get(f"/__file/{file_id}") as response:
        assert response.content_type == "application/octet-stream"
        assert "sandbox" in response.headers["Content-Security-Policy"]
    photo = await person.send_photo(data=picture(50, 50))
    async with session.get(f"/__file/{photo.body['photo'][0]['file_id']}") as response:
        assert response.content_type == "image/png"


needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="skipped: there is no Chromium on this machine")


@pytest.fixture
async def page(demo: Demo) -> AsyncIterator[Any]:
    """The page in a browser; an error of its scripts fails the test."""
    playwright = pytest.importorskip("playwright.async_api")
    async with playwright.async_playwright() as engine:
        browser = await engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        opened = await browser.new_page(viewport={"width": 1300, "height": 850})
        errors: list[str] = []
        opened.on("pageerror", lambda error: errors.append(str(error)))
        await opened.goto(demo.page_url)
        yield opened
        await browser.close()
        assert errors == []


@pytest.mark.browser
@needs_browser
async def test_a_talk_on_the_page(demo: Demo, demo_bot: Bot, page: Any) -> None:
    async with polling(small_hotline(demo.group.id), demo_bot):
        phone, desk = page.get_by_test_id("phone-messages"), page.get_by_test_id("desk-messages")
        await page.get_by_test_id("phone-start").click()
        await phone.get_by_test_id("inline-button").filter(has_text="Кыргызча").click()
        await page.get_by_test_id("toast").filter(has_text="Макул").wait_for()
        await page.get_by_test_id("phone-input").fill("Саламатсызбы <b>")
        await page.get_by_test_id("phone-send").click()
        await page.locator('[data-name="Case 1"]').click()
        await desk.get_by_test_id("message").filter(has_text="Саламатсызбы <b>").locator(".bubble").click()
        await page.get_by_test_id("desk-reply-bar").wait_for()
        await page.get_by_test_id("desk-input").fill("Кандай жардам керек?")
        await page.get_by_test_id("desk-send").click()
        await phone.get_by_text("Кандай жардам керек?").wait_for()
        await desk.get_by_test_id("reactions").wait_for()
        await page.get_by_test_id("phone-attach").click()
        await page.get_by_test_id("attach-photo").click()
        await desk.get_by_test_id("photo").wait_for()
        await page.get_by_test_id("phone-menu").click()
        await page.get_by_test_id("block-toggle").click()
        await asyncio.sleep(0)
        await page.get_by_test_id("phone-start").wait_for()
        assert demo.people[0].user.blocked


def wordy_bot() -> Dispatcher:
    """A bot that answers each tap with a note and a message, where it was tapped."""
    dispatcher = Dispatcher()

    @dispatcher.callback_query()
    async def tapped(query: CallbackQuery) -> None:
        assert isinstance(query.message, Message)
        await query.message.answer("Answer to a tap")
        await query.answer("Important" if query.data == "alert" else "Noted", show_alert=query.data == "alert")

    return dispatcher


def keys(*data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=one, callback_data=one) for one in data]])


async def distance_to_end(messages: Any) -> float:
    """How many pixels of a chat are below what is seen."""
    return float(await messages.evaluate("list => list.scrollHeight - list.scrollTop - list.clientHeight"))


@pytest.mark.browser
@needs_browser
async def test_an_answer_to_something_older_is_seen_at_once(demo: Demo, demo_bot: Bot, page: Any) -> None:
    person = demo.people[0]
    await person.send("/start")
    await demo_bot.send_message(person.id, "The oldest", reply_markup=keys("tap"))
    for number in range(30):
        await demo_bot.send_message(person.id, f"Line {number}")
    phone = page.get_by_test_id("phone-messages")
    await phone.get_by_text("Line 29").wait_for()
    assert await distance_to_end(phone) < 5
    await phone.hover()
    await page.mouse.wheel(0, -9000)
    await phone.get_by_text("tap").wait_for()
    await demo_bot.send_message(person.id, "Nobody asked for this")
    await phone.get_by_text("Nobody asked for this").wait_for()
    assert await distance_to_end(phone) > 200, "who reads older messages is left there"
    async with polling(wordy_bot(), demo_bot):
        await phone.get_by_text("tap").click()
        await phone.get_by_text("Answer to a tap").wait_for()
        assert await distance_to_end(phone) < 5


@pytest.mark.browser
@needs_browser
async def test_a_state_that_comes_late_undoes_nothing(demo: Demo, demo_bot: Bot, page: Any) -> None:
    person = demo.people[0]
    await person.send("/start")
    phone = page.get_by_test_id("phone-messages")
    await phone.get_by_text("/start").wait_for()
    taken, may_come = asyncio.Event(), asyncio.Event()

    async def late(route: Any) -> None:
        answer = await route.fetch()
        taken.set()
        await may_come.wait()
        await route.fulfill(response=answer)

    await page.route("**/__state", late)
    await demo_bot.create_forum_topic(demo.group.id, "Case 1")  # the page asks for the whole state anew
    await asyncio.wait_for(taken.wait(), 10)
    await demo_bot.send_message(person.id, "Written meanwhile")
    await phone.get_by_text("Written meanwhile").wait_for()
    may_come.set()
    await page.locator('[data-name="Case 1"]').wait_for()
    assert await phone.get_by_text("Written meanwhile").is_visible()


@pytest.mark.browser
@needs_browser
async def test_a_note_stays_where_it_belongs(demo: Demo, demo_bot: Bot, page: Any) -> None:
    for name in ("First", "Second"):
        topic = await demo_bot.create_forum_topic(demo.group.id, name)
        await demo_bot.send_message(
            demo.group.id, name, message_thread_id=topic.message_thread_id, reply_markup=keys("note", "alert")
        )
    desk, toast, alert = (page.get_by_test_id(name) for name in ("desk-messages", "toast", "alert"))
    async with polling(wordy_bot(), demo_bot):
        await page.locator('[data-name="First"]').click()
        await desk.get_by_text("note").click()
        await toast.filter(has_text="Noted").wait_for()
        await page.get_by_test_id("desk-input").fill("next")
        await page.get_by_test_id("desk-send").click()
        assert not await toast.is_visible(), "it is about what was done before"
        await desk.get_by_text("note").click()
        await toast.filter(has_text="Noted").wait_for()
        await page.locator('[data-name="Second"]').click()
        assert not await toast.is_visible(), "the next topic has nothing to do with it"
        await page.set_viewport_size({"width": 390, "height": 844})
        await page.get_by_test_id("tab-desk").click()
        await desk.get_by_text("alert", exact=True).click()
        await alert.filter(has_text="Important").wait_for()
        await page.get_by_test_id("alert-ok").click()
        assert not await alert.is_visible()

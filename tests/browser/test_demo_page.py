"""The demo as a stranger sees it: the whole road on its page, as a person and as an operator, in two languages.

`hotline demo` runs as a program of its own; a browser clicks. Pictures for a human to look at stay in `screenshots/`.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import read_texts
from bot.languages.locales import OWN_NAMES, Locale

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "screenshots"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 60_000
"""Milliseconds: the demo keeps Telegram's limits, and a group takes only 20 messages a minute."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="skipped: there is no Chromium on this machine"),
]


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """The address that `hotline demo` prints."""
    command = [sys.executable, "-c", "from bot.cli import main; main()", "demo", "--port", "0", "--folder"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    process = await asyncio.create_subprocess_exec(
        *command, str(tmp_path), cwd=ROOT, env=environment, stdout=-1, stderr=-1
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(90):
            said = (await process.stdout.readuntil(b"Ctrl+C")).decode()
        found = re.search(r"http://\S+", said)
        assert found, said
        yield found[0]
    finally:
        process.send_signal(signal.SIGTERM)
        _, complaints = await asyncio.wait_for(process.communicate(), 15)
    assert process.returncode == 0
    assert "Traceback" not in complaints.decode()


@pytest.fixture
async def page(address: str) -> AsyncIterator[Any]:
    """The page in a browser; an error of its scripts fails the test."""
    playwright = pytest.importorskip("playwright.async_api")
    async with playwright.async_playwright() as engine:
        browser = await engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        opened = await browser.new_page(viewport={"width": 1300, "height": 850})
        opened.set_default_timeout(PATIENCE)
        errors: list[str] = []
        opened.on("pageerror", lambda error: errors.append(str(error)))
        await opened.goto(address)
        yield opened
        await browser.close()
        assert errors == []


class Eyes:
    """Both sides of the page, and the pictures taken of it."""

    def __init__(self, page: Any, locale: Locale) -> None:
        self.page = page
        self.phone = page.get_by_test_id("phone-messages")
        self.desk = page.get_by_test_id("desk-messages")
        self.locale = locale
        self._texts = read_texts(ROOT / "locales")
        self._count = 0
        SCREENSHOTS.mkdir(exist_ok=True)

    def text(self, text_id: str, **values: object) -> str:
        """Return an interface text in the person's language."""
        return self._texts.get(self.locale, text_id, **values)

    async def picture(self, name: str) -> None:
        """Keep what is on the page now."""
        self._count += 1
        await self.page.wait_for_timeout(150)
        await self.page.screenshot(path=SCREENSHOTS / f"{self.locale}-{self._count:02}-{name}.png")

    async def tap(self, text: str) -> None:
        """Press the newest button on the phone that contains a text."""
        await self.phone.get_by_test_id("inline-button").filter(has_text=text).last.click()

    async def press(self, text: str) -> None:
        """Press the newest such button in the operators' group."""
        await self.desk.get_by_test_id("inline-button").filter(has_text=text).last.click()

    async def write(self, side: str, text: str) -> None:
        """Write on one side, `phone` or `desk`."""
        await self.page.get_by_test_id(f"{side}-input").fill(text)
        await self.page.get_by_test_id(f"{side}-send").click()

    async def attach(self, side: str, *kinds: str) -> None:
        """Send attachments on one side."""
        for kind in kinds:
            await self.page.get_by_test_id(f"{side}-attach").click()
            await self.page.get_by_test_id(f"attach-{kind}").click()

    async def choose(self, messages: Any, text: str) -> None:
        """Click the first message with a text, in order to answer or change it; later ones may quote it."""
        await messages.get_by_test_id("message").filter(has_text=text).first.locator(".bubble").click()

    async def sees(self, messages: Any, text: str) -> None:
        """Wait for a text."""
        await messages.get_by_test_id("message").filter(has_text=text).last.wait_for()


async def choose_and_read(eyes: Eyes) -> None:
    """From the first tap to an article."""
    await eyes.page.get_by_test_id("phone-start").click()
    await eyes.phone.get_by_test_id("inline-button").filter(has_text=OWN_NAMES[Locale.TG]).wait_for()
    await eyes.picture("languages")
    await eyes.tap(OWN_NAMES[eyes.locale])
    await eyes.sees(eyes.phone, eyes.text("menu-title"))
    await eyes.picture("menu")
    await eyes.phone.get_by_test_id("inline-button").filter(has_text="📄").click()
    await eyes.sees(eyes.phone, eyes.text("section-text"))
    await eyes.picture("section")
    await eyes.phone.get_by_test_id("inline-button").nth(1).click()
    await eyes.phone.get_by_test_id("inline-button").filter(has_text=eyes.text("button-helped")).wait_for()
    await eyes.picture("article")
    await eyes.tap("🙋")
    await eyes.sees(eyes.phone, eyes.text("case-opened", number=1))


async def take(eyes: Eyes) -> None:
    """The first operator takes the case, the second learns that it is taken."""
    await eyes.page.locator('[data-name*="1 ·"]').click()
    await eyes.sees(eyes.desk, "№ 1")
    await eyes.picture("card")
    await eyes.press("✋")
    await eyes.desk.get_by_test_id("inline-button").filter(has_text="✋").wait_for(state="detached")
    card = await eyes.desk.get_by_test_id("message").filter(has_text="№ 1").first.inner_text()
    assert OWN_NAMES[eyes.locale] in card


async def pass_everything(eyes: Eyes, question: str, answer: str) -> None:
    """Texts and attachments both ways, an answer to a message, an edit."""
    await eyes.write("phone", question)
    await eyes.sees(eyes.desk, question)
    await eyes.attach("phone", "photo", "document", "voice", "video_note", "location", "album")
    for kind in ("photo", "document", "voice", "location", "album"):
        await eyes.desk.get_by_test_id(kind).first.wait_for()
    await eyes.picture("attachments")
    await eyes.choose(eyes.desk, question)
    await eyes.page.get_by_test_id("desk-reply-bar").wait_for()
    await eyes.write("desk", answer)
    await eyes.sees(eyes.phone, answer)
    await eyes.desk.get_by_test_id("reactions").filter(has_text="👍").first.wait_for()
    await eyes.choose(eyes.desk, question)
    await eyes.attach("desk", "voice")
    await eyes.phone.get_by_test_id("message").filter(has=eyes.page.get_by_test_id("voice")).last.wait_for()
    await eyes.choose(eyes.phone, question)
    await eyes.page.get_by_test_id("phone-edit").click()
    await eyes.write("phone", f"{question} !!!")
    await eyes.sees(eyes.desk, f"{question} !!!")
    await eyes.picture("answered")


async def end(eyes: Eyes) -> None:
    """Close, rate, ask anew."""
    await eyes.press("✅")
    await eyes.sees(eyes.phone, eyes.text("case-closed", number=1))
    await eyes.picture("closed")
    await eyes.phone.get_by_role("button", name="⭐⭐⭐⭐⭐", exact=True).click()
    await eyes.sees(eyes.phone, eyes.text("thanks-for-rating").split("\n")[0])
    await eyes.desk.get_by_test_id("message").filter(has_text="⭐⭐⭐⭐⭐").wait_for()
    await eyes.picture("rated")
    await eyes.tap("🙋")
    await eyes.sees(eyes.phone, eyes.text("case-opened", number=2))
    await eyes.page.locator('[data-name*="2 ·"] .badge').wait_for()
    assert await eyes.page.get_by_test_id("topic-0").locator(".badge").count() == 0, "nothing is said outside of cases"
    await eyes.page.locator('[data-name*="2 ·"]').click()
    await eyes.sees(eyes.desk, "№ 2")
    await eyes.picture("second-case")


@pytest.mark.parametrize(
    ("name", "locale", "question", "answer"),
    [
        ("Айсулуу", Locale.KY, "Кожоюн айлыгымды бербей жатат", "Саламатсызбы! Мен жардам берем."),
        ("Dilshod", Locale.UZ, "Xo‘jayin oyligimni bermayapti", "Salom! Men yordam beraman."),
    ],
    ids=["Kyrgyz", "Uzbek"],
)
async def test_the_whole_road_on_the_page(page: Any, name: str, locale: Locale, question: str, answer: str) -> None:
    eyes = Eyes(page, locale)
    await page.locator(f'[data-testid^="person-"][data-name="{name}"]').click()
    await choose_and_read(eyes)
    await take(eyes)
    await pass_everything(eyes, question, answer)
    await end(eyes)
    await page.get_by_test_id("theme").click()
    await eyes.picture("other-theme")
    await page.set_viewport_size({"width": 390, "height": 844})
    await eyes.picture("small-screen-phone")
    await page.get_by_test_id("tab-desk").click()
    await eyes.picture("small-screen-desk")

"""What a stranger does and sees on the demo's page."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from bot.app import read_texts
from bot.languages.locales import Locale

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "screenshots"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 30_000
"""Milliseconds that an answer may take on a machine that does other things too."""
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


class Eyes:
    """Both sides of the page, and the pictures taken of it."""

    def __init__(self, page: Any, locale: Locale, album: str) -> None:
        """`album` begins the names of the pictures."""
        self.page = page
        self.phone = page.get_by_test_id("phone-messages")
        self.desk = page.get_by_test_id("desk-messages")
        self.locale = locale
        self._texts = read_texts(ROOT / "locales")
        self._album = album
        self._count = self._cases = 0
        SCREENSHOTS.mkdir(exist_ok=True)

    def text(self, text_id: str, **values: object) -> str:
        """Return an interface text in the person's language."""
        return self._texts.get(self.locale, text_id, **values)

    async def picture(self, name: str) -> None:
        """Keep what is on the page now."""
        self._count += 1
        await self.page.wait_for_timeout(150)
        await self.page.screenshot(path=SCREENSHOTS / f"{self._album}-{self._count:02}-{name}.png")

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

    async def opened_case(self) -> int:
        """Wait until the phone tells that a new case is open, and return its number."""
        title = re.compile("^" + self.text("case-opened", number="@").replace("@", r"(\d+)"), re.MULTILINE)
        told = self.phone.get_by_test_id("message").filter(has_text=title)
        await told.nth(self._cases).wait_for()
        self._cases += 1
        found = title.search(await told.last.get_by_test_id("message-text").inner_text())
        assert found
        return int(found[1])

    def topic(self, number: int) -> Any:
        """Return the case's topic in the list of the operators' group."""
        return self.page.locator(f'[data-name*=" {number} ·"]')

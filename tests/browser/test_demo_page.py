"""The demo as a stranger sees it: the whole road on its page, as a person and as an operator, in two languages.

Pictures for a human to look at stay in `screenshots/`.
"""

from __future__ import annotations

from typing import Any

import pytest

from bot.languages.locales import OWN_NAMES, Locale
from tests.browser.eyes import PHONE, Eyes

pytestmark = pytest.mark.browser


async def choose_and_read(eyes: Eyes) -> int:
    """From the first tap to an article, and to a person; return the number of the case."""
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
    return await eyes.opened_case()


async def take(eyes: Eyes, case: int) -> None:
    """An operator takes the case."""
    await eyes.topic(case).click()
    await eyes.sees(eyes.desk, f"№ {case}")
    await eyes.picture("card")
    await eyes.press("✋")
    await eyes.desk.get_by_test_id("inline-button").filter(has_text="✋").wait_for(state="detached")
    card = await eyes.desk.get_by_test_id("message").filter(has_text=f"№ {case}").first.inner_text()
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


async def end(eyes: Eyes, case: int) -> None:
    """Close, rate, ask anew."""
    await eyes.press("✅")
    await eyes.sees(eyes.phone, eyes.text("case-closed", number=case))
    await eyes.picture("closed")
    await eyes.phone.get_by_role("button", name="⭐⭐⭐⭐⭐", exact=True).click()
    await eyes.sees(eyes.phone, eyes.text("thanks-for-rating").split("\n")[0])
    await eyes.desk.get_by_test_id("message").filter(has_text="⭐⭐⭐⭐⭐").wait_for()
    await eyes.picture("rated")
    await eyes.tap("🙋")
    second = await eyes.opened_case()
    await eyes.topic(second).locator(".badge").wait_for()
    assert await eyes.page.get_by_test_id("topic-0").locator(".badge").count() == 0, "nothing is said outside of cases"
    await eyes.topic(second).click()
    await eyes.sees(eyes.desk, f"№ {second}")
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
    eyes = Eyes(page, locale, str(locale))
    await page.locator(f'[data-testid^="person-"][data-name="{name}"]').click()
    case = await choose_and_read(eyes)
    await take(eyes, case)
    await pass_everything(eyes, question, answer)
    await end(eyes, case)
    await page.get_by_test_id("theme").click()
    await eyes.picture("other-theme")
    await page.set_viewport_size(PHONE)
    await eyes.picture("small-screen-phone")
    await page.get_by_test_id("tab-desk").click()
    await eyes.picture("small-screen-desk")

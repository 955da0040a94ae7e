"""Three flows on the demo's page, in three languages, as a person on a small phone plays them; operators see the card.

What is pressed and waited for is read from `knowledge/flows`, so an editor may change a text without breaking a talk.
Pictures for a human to look at stay in `screenshots/`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
import yaml

from bot.clock import SystemClock, moscow_date
from bot.languages.locales import OWN_NAMES, Locale
from tests.browser.eyes import DESKTOP, ROOT, Eyes

pytestmark = pytest.mark.browser

SMALL = {"width": 360, "height": 740}
"""A cheap phone, in CSS pixels."""


class Player(Eyes):
    """A person who plays one flow on a small phone."""

    def __init__(self, page: Any, locale: Locale, flow: str) -> None:
        super().__init__(page, locale, f"flow-{flow}-{locale}")
        self.flow = yaml.safe_load((ROOT / "knowledge" / "flows" / f"{flow}.yaml").read_text())

    async def comes(self, name: str, question: str) -> None:
        """Start the bot, choose the language, write what is wrong and take the offered flow."""
        await self.page.set_viewport_size(SMALL)
        await self.page.locator(f'[data-testid^="person-"][data-name="{name}"]').click()
        await self.page.get_by_test_id("phone-start").click()
        await self.tap(OWN_NAMES[self.locale])
        await self.sees(self.phone, self.text("menu-title"))
        await self.write("phone", question)
        await self.phone.get_by_test_id("inline-button").filter(has_text=self.text("button-flow")).wait_for()
        await self.picture("question")
        await self.tap(self.text("button-flow"))

    async def asked(self, step: str) -> None:
        """Wait for a question, and see that it is the last thing on the phone."""
        await self.stands_last(self.flow["steps"][step]["text"][self.locale])
        await self.picture(step)

    async def ends(self, outcome: str) -> None:
        """Wait for an ending, as far as its first number."""
        first = self.flow["outcomes"][outcome]["text"][self.locale].split("\n")[0]
        await self.sees(self.phone, re.split(r"[{\[]", first)[0].strip())
        await self.phone.get_by_test_id("inline-button").filter(has_text=self.text("flow-open-case")).wait_for()
        await self.picture("ending")
        told = self.phone.get_by_test_id("message").filter(has_text=re.split(r"[{\[]", first)[0].strip()).last
        await told.evaluate("message => message.scrollIntoView({block: 'start'})")
        await self.picture("ending-from-its-beginning")

    async def chooses(self, step: str, *choices: str) -> None:
        """Press buttons of a question."""
        for choice in choices:
            await self.tap(self.flow["steps"][step]["choices"][choice]["text"][self.locale])

    async def stands_last(self, text: str) -> None:
        """Wait until the newest message has this text and all of its last line is on the screen."""
        await self.phone.get_by_test_id("message").last.filter(has_text=text).wait_for()
        below = "list => list.scrollHeight - list.scrollTop - list.clientHeight"
        assert await self.phone.evaluate(below) < 5, "the phone shows what came last"

    async def hands_over(self) -> int:
        """Give the answers to an operator; return the number of the case."""
        await self.tap(self.text("flow-open-case"))
        number = await self.opened_case()
        await self.sees(self.phone, self.text("case-opened-answers").split("\n")[0])
        await self.picture("handed-over")
        return number

    async def card(self, number: int) -> str:
        """Turn to the operators' group and return the card of a case."""
        await self.page.set_viewport_size(DESKTOP)
        await self.topic(number).click()
        await self.sees(self.desk, f"№ {number}")
        card = self.desk.get_by_test_id("message").filter(has_text=f"№ {number}").filter(has_text="▫️")
        await card.wait_for()
        await self.picture("card")
        return str(await card.inner_text())

    def in_russian(self, step: str, choice: str) -> str:
        """Return a choice as operators read it."""
        return str(self.flow["steps"][step]["choices"][choice]["text"]["ru"])


def day(ago: int) -> str:
    """Return a day as people write it."""
    then: date = moscow_date(SystemClock().now()) - timedelta(days=ago)
    return then.strftime("%d.%m.%Y")


async def test_unpaid_wages_in_kyrgyz_up_to_the_operator(page: Any) -> None:
    person = Player(page, Locale.KY, "wages-unpaid")
    await person.comes("Акмаль", "айлыгымды бербей жатат")
    await person.asked("what")
    await person.chooses("what", "nothing")
    await person.asked("country")
    await person.write("phone", "эмне десем экен")
    await person.sees(person.phone, person.text("flow-words-unclear"))
    await person.tap("Кыргызстан")
    await person.asked("paper")
    await person.write("phone", "жок, оозеки сүйлөштүк")
    await person.asked("due")
    await person.write("phone", "31.02.2026")
    await person.sees(person.phone, person.text("flow-date-impossible", date="31.02.2026"))
    await person.picture("no-such-day")
    await person.write("phone", day(20))
    await person.asked("sum")
    await person.write("phone", "60 миң сом")
    await person.asked("proof")
    await person.chooses("proof", "chat", "people")
    await person.phone.get_by_test_id("inline-button").filter(has_text="☑️").nth(1).wait_for()
    await person.picture("two-marked")
    await person.tap(person.text("flow-done"))
    await person.asked("asked")
    await person.tap(person.text("flow-no"))
    await person.ends("demand")
    card = await person.card(await person.hands_over())
    assert person.flow["title"]["ru"] in card
    assert person.in_russian("what", "nothing") in card
    assert person.in_russian("proof", "people") in card
    assert "60 000" in card.replace("\u00a0", " ")
    assert OWN_NAMES[Locale.KY] in card


async def test_documents_in_uzbek_up_to_the_plan(page: Any) -> None:
    person = Player(page, Locale.UZ, "documents-check")
    await person.comes("Отабек", "patentga qachon to‘layman")
    await person.asked("country")
    await person.write("phone", "ozbekistondanman")
    await person.asked("entry")
    await person.write("phone", "😀")
    await person.sees(person.phone, person.text("flow-date-unclear"))
    await person.picture("no-day")
    await person.write("phone", day(10))
    await person.asked("why")
    await person.chooses("why", "work")
    await person.asked("done_p")
    await person.chooses("done_p", "reg")
    await person.tap(person.text("flow-done"))
    await person.ends("plan_p")


async def test_a_taken_passport_in_romanian_up_to_the_operator(page: Any) -> None:
    person = Player(page, Locale.RO, "passport-taken")
    first_words = "patronul mi-a luat pasaportul si nu il da inapoi"
    await person.comes("Ion", first_words)
    await person.asked("safe")
    await person.chooses("safe", "ok")
    await person.asked("keeper")
    await person.write("phone", "la sef")
    await person.asked("leave")
    await person.chooses("leave", "fear")
    await person.asked("asked")
    await person.attach("phone", "sticker")
    await person.sees(person.phone, person.text("flow-not-this-kind"))
    await person.picture("a-sticker")
    await person.write("phone", "nu")
    await person.asked("country")
    await person.tap("Moldova")
    await person.ends("report_end")
    card = await person.card(await person.hands_over())
    assert person.in_russian("keeper", "boss") in card
    assert person.in_russian("leave", "fear") in card
    assert person.flow["outcomes"]["report_end"]["case"]["first"]["ru"] in card
    await person.sees(person.desk, first_words)


async def test_two_presses_in_tajik_call_an_operator_to_who_cannot_write(page: Any) -> None:
    person = Player(page, Locale.TG, "danger-now")
    await person.page.set_viewport_size(SMALL)
    await person.page.locator('[data-testid^="person-"][data-name="Фаррух"]').click()
    await person.page.get_by_test_id("phone-start").click()
    await person.tap(OWN_NAMES[person.locale])
    await person.sees(person.phone, person.text("menu-title"))
    await person.picture("menu")
    await person.tap(person.flow["title"][person.locale])
    await person.sees(person.phone, "112")
    await person.picture("what")
    await person.tap("🏠")
    number = await person.opened_case()
    await person.picture("called")
    card = await person.card(number)
    assert person.flow["outcomes"]["home_end"]["case"]["first"]["ru"] in card
    assert "🔴" in card

"""The preview page: whole, safe, searchable, readable on a phone and on paper."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge.checks import inspect
from bot.languages.locales import Locale
from bot.web.preview import build_preview

from .sample import TODAY, folder

EXTRA = "articles/extra/ru.yaml"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def page(files: dict[str, str | bytes] | None = None) -> str:
    return build_preview(inspect(files or folder(), TODAY), TODAY)


class Looked(HTMLParser):
    """What a browser would fetch, and which elements there are."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag in ("script", "img", "link", "iframe") and (found.get("src") or found.get("href")):
            self.fetched.append(tag)


def test_every_article_stands_in_every_language_and_nothing_is_fetched() -> None:
    looked = Looked(page())
    phones = [found["data-locale"] for tag, found in looked.tags if found.get("class") == "phone"]
    assert phones == [locale.value for locale in Locale] * 3
    assert [found["id"] for tag, found in looked.tags if found.get("class") == "article"] == [
        "registration", "patent", "extra",
    ]  # fmt: skip
    assert looked.fetched == []


def test_what_an_editor_wrote_is_text_and_never_markup() -> None:
    files = folder()
    files[EXTRA] = str(files[EXTRA]).replace("- Прочее.", "- '<script>alert(1)</script>'")
    html = page(files)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_missing_stale_and_broken_texts_say_so_in_their_place() -> None:
    files = folder()
    del files["articles/extra/tg.yaml"]
    files[EXTRA] = str(files[EXTRA]).replace("2026-11-20", "2026-11-23")
    files["facts/all.yaml"] = str(files["facts/all.yaml"]).replace("hotline_phone:", "hotline_fon:")
    html = page(files)
    assert "текста ещё нет" in html
    assert html.count("старше русского текста") == 4
    assert "{hotline_phone}: there is no such fact." in html


def test_phones_can_be_tapped_and_readers_differ() -> None:
    html = page()
    assert 'href="tel:+78007078841"' in html
    assert 'class="v r-KG"' in html
    assert 'class="v r-any r-KG r-TJ r-UZ r-MD"' in html


@pytest.fixture
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.browser
def test_search_readers_and_languages_in_a_browser(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "preview.html"
    file.write_text(page(), "utf-8")
    shown = browser.new_page(viewport={"width": 1400, "height": 900})
    problems: list[str] = []
    shown.on("pageerror", lambda error: problems.append(str(error)))
    shown.goto(file.as_uri())
    assert shown.locator(".article:visible").count() == 3
    shown.fill("#q", "roʻyxatga qog'oz")
    assert shown.locator(".article:visible").count() == 1
    assert shown.inner_text("#found").startswith("1 ")
    shown.fill("#q", "")
    deadline = shown.locator("#registration .phone[data-locale=tg] .bubble").first
    assert "Қирғизистон — 30 рӯз" in deadline.inner_text()
    shown.select_option("#reader", "TJ")
    assert "Мӯҳлат: 15 рӯз." in deadline.inner_text()
    assert "Қирғизистон" not in deadline.inner_text()
    shown.uncheck(".lang[value=uz_Cyrl]")
    assert shown.locator(".phone[data-locale=uz_Cyrl]:visible").count() == 0
    assert problems == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_the_page_never_scrolls_sideways(browser: Any, tmp_path: Path, width: int) -> None:
    file = tmp_path / "preview.html"
    file.write_text(page(), "utf-8")
    shown = browser.new_page(viewport={"width": width, "height": 740})
    shown.goto(file.as_uri())
    assert shown.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_on_paper_there_are_texts_and_no_controls(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "preview.html"
    file.write_text(page(), "utf-8")
    shown = browser.new_page(viewport={"width": 1100, "height": 800})
    shown.emulate_media(media="print")
    shown.goto(file.as_uri())
    assert shown.locator("header.bar:visible, nav:visible").count() == 0
    assert shown.locator(".phone:visible").count() == 18
    assert shown.locator(".asks:visible").count() == 0

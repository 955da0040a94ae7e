"""No number, fee, deadline or phone in prose: it belongs in a fact, once for all languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.knowledge.checks.context import Context, Prose, without_markup
from bot.knowledge.findings import Finding

_DIGIT: Final = re.compile(r"[0-9]")
_NUMBER: Final = re.compile(r"\d[\d.,:/\u00a0\u202f -]*\d|\d")
_PHONE: Final = re.compile(r"(?<!\d)(?:\+|8[ (-]{0,2}[1-9])[\d ()\u00a0-]{6,}\d")


def check(context: Context) -> Iterator[Finding]:
    """Yield numbers and phones that stand in prose and are no name of a form or a law (allowed_numbers.yaml)."""
    allowed = [re.compile(pattern) for pattern in context.knowledge.allowed_numbers]
    for page in context.pages:
        if _DIGIT.search(page.whole):
            for prose in page.prose():
                yield from _text(prose, allowed)


def _text(prose: Prose, allowed: list[re.Pattern[str]]) -> Iterator[Finding]:
    if _DIGIT.search(prose.text):
        text = without_markup(prose.text)
        phone = _PHONE.search(text)
        if phone is not None:
            yield prose.finding("phone-in-prose", phone=phone.group().strip())
            text = _PHONE.sub("…", text)
        for pattern in allowed:
            text = pattern.sub("…", text)
        for number in _NUMBER.findall(text):
            yield prose.finding("digits-in-prose", number=number.strip())

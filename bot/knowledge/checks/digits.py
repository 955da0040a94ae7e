"""No number, fee, deadline or phone in prose: it belongs in a fact, once for all languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.knowledge.checks.context import Context, without_markup
from bot.knowledge.findings import Finding

_NUMBER: Final = re.compile(r"\d[\d.,:/\u00a0\u202f -]*\d|\d")
_PHONE: Final = re.compile(r"(?<!\d)(?:\+|8[ (-]{0,2}[1-9])[\d ()\u00a0-]{6,}\d")


def check(context: Context) -> Iterator[Finding]:
    """Yield numbers and phones that stand in prose and are no name of a form or a law (allowed_numbers.yaml)."""
    allowed = [re.compile(pattern) for pattern in context.knowledge.allowed_numbers]
    has_digit = re.compile(r"\d").search
    for prose in context.prose:
        if not has_digit(prose.text):
            continue
        text = without_markup(prose.text)
        phone = _PHONE.search(text)
        if phone is not None:
            yield prose.finding("phone-in-prose", phone=phone.group().strip())
            text = _PHONE.sub("…", text)
        for pattern in allowed:
            text = pattern.sub("…", text)
        for number in _NUMBER.findall(text):
            yield prose.finding("digits-in-prose", number=number.strip())

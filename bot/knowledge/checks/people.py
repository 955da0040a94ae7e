"""Whoever reads gets an answer: every citizenship, on every day of the coming year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.knowledge.checks.context import Context
from bot.knowledge.fields import CITIZENSHIPS
from bot.knowledge.findings import Finding
from bot.knowledge.models import ArticleText


def check(context: Context) -> Iterator[Finding]:
    """Yield answers that are empty for a citizenship today or after a block begins or ends."""
    for _, file, locale, text in context.texts():
        if not any(block.citizenships or block.starts or block.until for block in text.answer):
            continue
        for day in _days(context.today, text):
            for code in CITIZENSHIPS:
                shown = [b for b in text.answer if b.shown_on(day) and code in (b.citizenships or CITIZENSHIPS)]
                if not shown:
                    values = {"citizenship": code, "day": day}
                    yield Finding("empty-for", file, ("answer",), locale=locale, values=values)


def _days(today: date, text: ArticleText) -> list[date]:
    days = {today}
    for block in text.answer:
        if block.starts and block.starts > today:
            days.add(block.starts)
        if block.until and block.until >= today:
            days.add(date.fromordinal(block.until.toordinal() + 1))
    return sorted(days)

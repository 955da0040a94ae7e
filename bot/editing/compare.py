"""What a change of the knowledge changes for people: by article and language, today and on days to come."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.errors import HotlineError
from bot.knowledge.base import Knowledge
from bot.knowledge.checks.context import placeholders
from bot.knowledge.facts import UNKNOWN_READER
from bot.knowledge.models import PARTS
from bot.knowledge.places import Organisation
from bot.knowledge.render import render_article, render_organisations
from bot.languages.locales import Locale

HORIZON: Final = timedelta(days=400)
"""How far ahead a change that waits for its day is looked for."""


@dataclass(frozen=True)
class Change:
    """One text that people will read differently.

    kind: article, organisation or menu; part: of an article, else empty; on: the first day on which it differs;
    before, after: plain text, empty where the thing is new or gone.
    """

    kind: str
    id: str
    locale: Locale
    part: str
    on: date
    before: str
    after: str

    def lines(self) -> Iterator[str]:
        """Yield the changed lines, `- ` before and `+ ` after."""
        for line in difflib.ndiff(self.before.splitlines(), self.after.splitlines()):
            if line.startswith(("- ", "+ ")):
                yield line


def compare(old: Knowledge, new: Knowledge, today: date) -> tuple[Change, ...]:
    """Return every text that differs, on the first day from today on which it does.

    A fee that changes next month is found on the day when its new value begins. A text that cannot be rendered
    stands as a line with ⚠ and the reason.
    """
    return (*_articles(old, new, today), *_organisations(old, new, today), *_menu(old, new, today))


def _articles(old: Knowledge, new: Knowledge, today: date) -> Iterator[Change]:
    before_days, after_days = _days(old, today), _days(new, today)
    for article_id in dict.fromkeys([*old.articles, *new.articles]):
        if not _may_differ(old, new, article_id):
            continue
        for locale in Locale:
            for part in PARTS:
                for day in sorted(before_days | after_days):
                    before = _part(old, article_id, locale, part, day)
                    after = _part(new, article_id, locale, part, day)
                    if before != after:
                        yield Change("article", article_id, locale, part, day, before, after)
                        break


def _may_differ(old: Knowledge, new: Knowledge, article_id: str) -> bool:
    before, after = old.articles.get(article_id), new.articles.get(article_id)
    if before is None or after is None or before.texts != after.texts:
        return True
    named = {
        inside.partition("|")[0]
        for text in after.texts.values()
        for part in PARTS
        for block in text.part(part)
        for inside in placeholders(block.text)
    }
    return any(_thing(old, name) != _thing(new, name) for name in named)


def _thing(knowledge: Knowledge, name: str) -> object:
    kind, _, organisation = name.partition(":")
    return knowledge.organisations.get(organisation) if organisation else knowledge.facts.get(kind)


def _part(knowledge: Knowledge, article_id: str, locale: Locale, part: str, day: date) -> str:
    article = knowledge.articles.get(article_id)
    if article is None or locale not in article.texts:
        return ""
    try:
        document = render_article(knowledge, article_id, locale, UNKNOWN_READER, day, part)
    except HotlineError as error:
        return f"⚠ {error}"
    kept = document.blocks if part == "answer" else tuple(b for b in document.blocks if b.kind in ("item", "paragraph"))
    return "\n".join(f"{block.number}. {block.text}" if block.number else block.text for block in kept)


def _days(knowledge: Knowledge, today: date) -> set[date]:
    """Today and every day to come on which a fact or a block switches."""
    days = {today}
    for fact in knowledge.facts.values():
        days.update(fact.values)
    for article in knowledge.articles.values():
        for text in article.texts.values():
            for part in PARTS:
                for block in text.part(part):
                    days.update({block.starts} if block.starts else ())
                    days.update({block.until + timedelta(days=1)} if block.until else ())
    return {day for day in days if today <= day <= today + HORIZON}


def _organisations(old: Knowledge, new: Knowledge, today: date) -> Iterator[Change]:
    for key in dict.fromkeys([*old.organisations, *new.organisations]):
        before, after = old.organisations.get(key), new.organisations.get(key)
        if before == after:
            continue
        for locale in Locale:
            left, right = _organisation(old, before, locale, today), _organisation(new, after, locale, today)
            if left != right:
                yield Change("organisation", key, locale, "", today, left, right)


def _organisation(knowledge: Knowledge, organisation: Organisation | None, locale: Locale, day: date) -> str:
    return render_organisations(knowledge, [organisation], locale, day).text if organisation else ""


def _menu(old: Knowledge, new: Knowledge, today: date) -> Iterator[Change]:
    for locale in Locale:
        before, after = _sections(old, locale), _sections(new, locale)
        if before != after:
            yield Change("menu", "sections", locale, "", today, before, after)


def _sections(knowledge: Knowledge, locale: Locale) -> str:
    lines = []
    for section in knowledge.sections:
        lines.append(f"{section.emoji} {section.title[locale]}")
        for article_id in section.articles:
            article = knowledge.articles.get(article_id)
            if article is not None and locale in article.texts:
                lines.append(f"  {article.texts[locale].short}")
    return "\n".join(lines)

"""An article or a list of organisations as a neutral document, for one person on one day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.errors import HotlineError
from bot.knowledge import models
from bot.knowledge.base import Knowledge
from bot.knowledge.document import Block, Document, Kind, Span, Style
from bot.knowledge.facts import UNKNOWN_READER, Reader, format_fact
from bot.knowledge.fields import CITIZENSHIPS
from bot.knowledge.models import Article, Unit
from bot.knowledge.places import WEEKDAYS, Organisation
from bot.languages import cldr
from bot.languages.locales import Locale

MARKUP: Final = re.compile(
    r"\*\*(?P<bold>.+?)\*\*"
    r"|\[(?P<label>[^\[\]]+)\]\((?P<url>https?://[^\s()]+)\)"
    r"|\{(?P<placeholder>[^{}]*)\}",
    re.DOTALL,
)
"""All the markup a text may have."""

PLACEHOLDER: Final = re.compile(
    r"^(?:(?P<kind>org|phone):(?P<organisation>[a-z][a-z0-9_]*)|(?P<fact>[a-z][a-z0-9_]*)(?P<bare>\|n)?)$"
)
"""What may stand in braces: {fact_id}, {fact_id|n}, {org:organisation_id}, {phone:organisation_id}."""


class UnknownPlaceholder(HotlineError):
    """Braces in a text hold what is neither a fact nor an organisation; the check of the knowledge finds it."""


@dataclass
class Writer:
    """Turns texts with markup and placeholders into spans, and keeps the dates of all it used.

    Raises `UnknownPlaceholder` and `FactHasNoValue`; a folder without findings causes neither.
    """

    knowledge: Knowledge
    locale: Locale
    on: date
    reader: Reader = UNKNOWN_READER
    checked: list[date] = field(default_factory=list)
    check_by: list[date] = field(default_factory=list)
    _among: tuple[str, ...] = ()

    def spans(self, text: str, style: Style = "plain") -> tuple[Span, ...]:
        """Return the spans of one text."""
        return tuple(_joined(self._spans(text, style)))

    def blocks(self, source: Sequence[models.Block], kind: Kind, *, numbered: bool = False) -> Iterator[Block]:
        """Yield the blocks that this reader sees on this day."""
        number = 0
        for block in source:
            if not self._shown(block):
                continue
            number += 1
            self._among = block.citizenships
            spans = self.spans(self._for_whom(block) + block.text)
            self._among = ()
            yield Block(kind, spans, number if numbered else None)

    @property
    def overdue(self) -> bool:
        """Whether anything used is past its check-by date."""
        return any(day < self.on for day in self.check_by)

    def document(self, blocks: Sequence[Block]) -> Document:
        """Return the finished document."""
        return Document(tuple(blocks), self.locale, min(self.checked, default=None), self.overdue)

    def _shown(self, block: models.Block) -> bool:
        if not block.shown_on(self.on):
            return False
        known = self.reader.citizenship in CITIZENSHIPS
        return not block.citizenships or not known or self.reader.citizenship in block.citizenships

    def _for_whom(self, block: models.Block) -> str:
        if not block.citizenships or self.reader.citizenship in CITIZENSHIPS:
            return ""
        names = [cldr.country_name(code, self.locale) for code in CITIZENSHIPS if code in block.citizenships]
        return f"{', '.join(names)}: "

    def _spans(self, text: str, style: Style) -> Iterator[Span]:
        position = 0
        for match in MARKUP.finditer(text):
            if match.start() > position:
                yield Span(text[position : match.start()], style)
            position = match.end()
            if match["bold"] is not None:
                yield from self._spans(match["bold"], "bold")
            elif match["url"] is not None:
                label = "".join(span.text for span in self._spans(match["label"], "plain"))
                yield Span(label, "link", match["url"])
            else:
                yield self._filled(match["placeholder"], style)
        if position < len(text):
            yield Span(text[position:], style)

    def _filled(self, placeholder: str, style: Style) -> Span:
        match = PLACEHOLDER.match(placeholder)
        if match is None:
            raise UnknownPlaceholder(f"{{{placeholder}}} is not a placeholder.")
        if match["kind"]:
            return self._of_organisation(match["kind"], match["organisation"], style)
        fact = self.knowledge.facts.get(match["fact"])
        if fact is None:
            raise UnknownPlaceholder(f"{{{placeholder}}}: there is no such fact.")
        self.checked.append(fact.source.checked)
        self.check_by.append(fact.check_by)
        written = format_fact(
            fact,
            self.on,
            self.locale,
            self.reader.citizenship,
            self.reader.region,
            bare=match["bare"] is not None,
            among=self._among,
            regions=self.knowledge.regions.regions if self.knowledge.regions else None,
        )
        if fact.unit is Unit.PHONE:
            return phone_span(written)
        return Span(written, style)

    def _of_organisation(self, kind: str, organisation_id: str, style: Style) -> Span:
        organisation = self.knowledge.organisations.get(organisation_id)
        if organisation is None:
            raise UnknownPlaceholder(f"{{{kind}:{organisation_id}}}: there is no such organisation.")
        if kind == "org":
            return Span(organisation.name[self.locale], style)
        if not organisation.phones:
            raise UnknownPlaceholder(f"{{phone:{organisation_id}}}: the organisation has no phone.")
        self.checked.append(organisation.checked)
        self.check_by.append(organisation.check_by)
        return phone_span(organisation.phones[0])


def phone_span(number: str) -> Span:
    """Return a phone number that can be tapped, from its E.164, short or already written form."""
    bare = re.sub(r"[^+0-9]", "", number)
    return Span(cldr.format_phone(bare), "phone", f"tel:{bare}")


def render_article(
    knowledge: Knowledge,
    article_id: str,
    locale: Locale,
    reader: Reader,
    on: date,
    part: str = "answer",
) -> Document:
    """Return one part of an article: answer, steps, documents, beware or where.

    The answer starts with the breadcrumb and the title; steps are numbered. A missing translation falls back
    (Uzbek Cyrillic to Latin, others to Russian) and `Document.locale` says so.
    Raises `ArticleNotFound`, and ValueError for an unknown part.
    """
    if part not in models.PARTS:
        raise ValueError(f"An article has no part {part!r}; parts are {', '.join(models.PARTS)}.")
    article = knowledge.article(article_id)
    used, text = article.text(locale)
    writer = Writer(knowledge, used, on, reader, [article.checked], [article.check_by])
    head = [*_breadcrumb(knowledge, article, writer.locale), Block("title", (Span(text.title, "bold"),))]
    kind: Kind = "paragraph" if part in ("answer", "where") else "item"
    return writer.document([*head, *writer.blocks(text.part(part), kind, numbered=part == "steps")])


def parts_of(knowledge: Knowledge, article_id: str, locale: Locale, reader: Reader, on: date) -> tuple[str, ...]:
    """Return which parts of an article have anything to show to this reader, in the order of offering."""
    used, text = knowledge.article(article_id).text(locale)
    writer = Writer(knowledge, used, on, reader)
    return tuple(part for part in models.PARTS if any(writer._shown(block) for block in text.part(part)))


def render_organisations(
    knowledge: Knowledge, organisations: Sequence[Organisation], locale: Locale, on: date
) -> Document:
    """Return a list of organisations: name, what for, phones, hours, address, cost, languages, links, day checked."""
    writer = Writer(knowledge, locale, on)
    blocks = [block for organisation in organisations for block in _organisation(writer, organisation)]
    return writer.document(blocks)


def format_hours(knowledge: Knowledge, organisation: Organisation, locale: Locale) -> str:
    """Write the opening hours: `пн–пт 10:00–18:00, сб 10:00–14:00`; empty where they are not known."""
    if organisation.hours is None:
        return ""
    if organisation.hours.all:
        return knowledge.phrases.round_the_clock[locale] if knowledge.phrases else "24/7"
    return ", ".join(
        f"{_days(knowledge, times.days, locale)} {times.opens}–{times.closes}" for times in organisation.hours.times
    )


def _organisation(writer: Writer, organisation: Organisation) -> Iterator[Block]:
    locale, phrases = writer.locale, writer.knowledge.phrases
    writer.checked.append(organisation.checked)
    writer.check_by.append(organisation.check_by)
    yield Block("heading", (Span(organisation.name[locale], "bold"),))
    yield Block("paragraph", (Span(organisation.purpose[locale]),))
    for number in organisation.phones:
        yield Block("item", (phone_span(number),))
    details: list[str] = []
    if phrases is not None:
        hours = format_hours(writer.knowledge, organisation, locale)
        if hours:
            details.append(f"{phrases.hours[locale]}: {hours}")
        if organisation.address is not None:
            details.append(f"{phrases.address[locale]}: {organisation.address[locale]}")
        if organisation.languages:
            names = ", ".join(cldr.language_name(code, locale) for code in organisation.languages)
            details.append(f"{phrases.languages[locale]}: {names}")
        if organisation.price is not None:
            details.append(organisation.price[locale])
        elif organisation.cost != "unknown":
            details.append((phrases.free if organisation.cost == "free" else phrases.paid)[locale])
    for detail in details:
        yield Block("item", (Span(detail),))
    for link in organisation.links:
        yield Block("item", (Span(link.removeprefix("https://").removeprefix("http://").rstrip("/"), "link", link),))
    if phrases is not None:
        checked = phrases.checked_on[locale].replace("{date}", cldr.format_date(organisation.checked, locale))
        yield Block("note", (Span(checked),))


def _days(knowledge: Knowledge, days: str, locale: Locale) -> str:
    if days == "mo-su" and knowledge.phrases is not None:
        return knowledge.phrases.every_day[locale]
    names = {code: cldr.weekday_name(index, locale, short=True) for index, code in enumerate(WEEKDAYS)}
    return ", ".join("–".join(names[day] for day in part.split("-")) for part in days.split(","))


def _breadcrumb(knowledge: Knowledge, article: Article, locale: Locale) -> Iterator[Block]:
    section = knowledge.section_of(article.id) or knowledge.section(article.section)
    if section is not None:
        yield Block("breadcrumb", (Span(f"{section.emoji} {section.title[locale]}"),))


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """Put neighbours of one style together, so that a channel makes no more entities than it needs."""
    last: Span | None = None
    for span in spans:
        if last is not None and last.style == span.style and last.url is None and span.url is None:
            last = Span(last.text + span.text, last.style)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last

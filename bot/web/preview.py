"""One self-contained HTML page with every article as on a phone, in every language side by side.

For lawyers and translators: it works from a disk, without a network, on a phone and on paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.errors import HotlineError
from bot.knowledge.base import Knowledge
from bot.knowledge.checks import Inspection
from bot.knowledge.document import Block
from bot.knowledge.facts import Reader
from bot.knowledge.fields import CITIZENSHIPS
from bot.knowledge.findings import Finding, Language
from bot.knowledge.models import PARTS, Article
from bot.knowledge.organisations import organisations_for_article
from bot.knowledge.render import render_article
from bot.languages import cldr
from bot.languages.locales import OWN_NAMES, Locale

_WORDS: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "title": "Knowledge preview", "search": "Search in all languages", "reader": "Reader", "anybody": "not known",
        "languages": "Languages", "print": "Print", "on": "As on", "checked": "checked", "check_by": "check again by",
        "sources": "Sources", "related": "Related", "missing": "no text yet", "stale": "older than the Russian text",
        "asks": "People write", "findings": "Findings", "found": "articles", "contents": "Contents",
        "flow": "Flow", "turn_to": "Organisations", "urgent": "urgent", "serious": "serious", "normal": "normal",
        "nowhere": "Not in the menu",
    },
    "ru": {
        "title": "Просмотр знаний", "search": "Поиск на всех языках", "reader": "Кто читает", "anybody": "неизвестно",
        "languages": "Языки", "print": "Печать", "on": "На дату", "checked": "проверено",
        "check_by": "перепроверить до", "sources": "Источники", "related": "Рядом", "missing": "текста ещё нет",
        "stale": "старше русского текста", "asks": "Люди пишут", "findings": "Замечания", "found": "статей",
        "contents": "Содержание", "flow": "Опрос", "turn_to": "Организации", "urgent": "срочно",
        "serious": "серьёзно", "normal": "обычно", "nowhere": "Нет в меню",
    },
}  # fmt: skip
_HTML_LANG: Final = {Locale.UZ: "uz-Latn", Locale.UZ_CYRL: "uz-Cyrl", Locale.RO: "ro-MD"}
_READERS: Final = (None, *CITIZENSHIPS)


@dataclass(frozen=True)
class _Variant:
    """Blocks and for which readers: class names of the page, `r-any`, `r-KG` …"""

    classes: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class _Part:
    name: str
    title: str
    variants: tuple[_Variant, ...]


@dataclass(frozen=True)
class _Phone:
    """One language of one article."""

    locale: Locale
    lang: str
    name: str
    state: str
    parts: tuple[_Part, ...] = ()
    asks: tuple[str, ...] = ()
    footer: str = ""
    overdue: str = ""
    problem: str = ""


@dataclass(frozen=True)
class _Entry:
    """One article on the page."""

    article: Article
    title: str
    phones: tuple[_Phone, ...]
    organisations: tuple[str, ...]
    overdue: bool
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Group:
    title: str
    entries: list[_Entry] = field(default_factory=list)


def build_preview(inspection: Inspection, on: date, language: Language = "ru") -> str:
    """Return the page for a day; what could not be read or rendered is said in its place, never hidden."""
    environment = Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    knowledge = inspection.load.partial
    return environment.get_template("preview.html.j2").render(
        words=_WORDS[language],
        language=language,
        groups=_groups(inspection, knowledge, on, language),
        locales=[(locale.value, OWN_NAMES[locale]) for locale in Locale],
        readers=[(code or "any", _reader_name(code, language)) for code in _READERS],
        other_findings=[f for f in inspection.findings if not f.file.startswith("articles/")],
        on=cldr.format_date(on, Locale.RU) if language == "ru" else on.isoformat(),
        version=knowledge.version,
        count=len(knowledge.articles),
    )


def _groups(inspection: Inspection, knowledge: Knowledge, on: date, language: Language) -> list[_Group]:
    by_article: dict[str, list[Finding]] = {}
    for finding in inspection.findings:
        if finding.file.startswith("articles/"):
            by_article.setdefault(finding.file.split("/")[1], []).append(finding)
    groups: list[_Group] = []
    shown: set[str] = set()
    for section in knowledge.sections:
        group = _Group(f"{section.emoji} {section.title[Locale.RU]}")
        for article_id in section.articles:
            if article_id in knowledge.articles:
                group.entries.append(_entry(knowledge, article_id, on, by_article.get(article_id, [])))
                shown.add(article_id)
        groups.append(group)
    rest = [article_id for article_id in knowledge.articles if article_id not in shown]
    if rest:
        entries = [_entry(knowledge, article_id, on, by_article.get(article_id, [])) for article_id in rest]
        groups.append(_Group(_WORDS[language]["nowhere"], entries))
    return groups


def _entry(knowledge: Knowledge, article_id: str, on: date, findings: list[Finding]) -> _Entry:
    article = knowledge.articles[article_id]
    source = article.texts.get(Locale.RU)
    found = organisations_for_article(knowledge, article_id)
    return _Entry(
        article=article,
        title=source.title if source else article_id,
        phones=tuple(_phone(knowledge, article, locale, on) for locale in Locale),
        organisations=tuple(each.name[Locale.RU] for each in found),
        overdue=article.check_by < on,
        findings=tuple(findings),
    )


def _phone(knowledge: Knowledge, article: Article, locale: Locale, on: date) -> _Phone:
    lang, name = _HTML_LANG.get(locale, locale.value), OWN_NAMES[locale]
    text = article.texts.get(locale)
    if text is None:
        return _Phone(locale, lang, name, "missing")
    state = "stale" if article.is_stale(locale) else ""
    try:
        answer = render_article(knowledge, article.id, locale, Reader(), on)
        parts = tuple(_parts(knowledge, article.id, locale, on))
    except HotlineError as error:
        return _Phone(locale, lang, name, state, asks=text.asks, problem=str(error))
    phrases, footer, overdue = knowledge.phrases, "", ""
    if phrases is not None and answer.checked is not None:
        footer = phrases.checked_on[locale].replace("{date}", cldr.format_date(answer.checked, locale))
        overdue = phrases.may_have_changed[locale] if answer.overdue else ""
    return _Phone(locale, lang, name, state, parts, text.asks, footer, overdue)


def _parts(knowledge: Knowledge, article_id: str, locale: Locale, on: date) -> Iterator[_Part]:
    for part in PARTS:
        by_blocks: dict[tuple[Block, ...], list[str]] = {}
        for code in _READERS:
            document = render_article(knowledge, article_id, locale, Reader(code), on, part)
            kept = document.blocks if part == "answer" else document.blocks[2:]
            by_blocks.setdefault(kept, []).append(f"r-{code or 'any'}")
        variants = tuple(_Variant(" ".join(classes), blocks) for blocks, classes in by_blocks.items() if blocks)
        if variants:
            title = knowledge.phrases[part][locale] if knowledge.phrases and part != "answer" else ""
            yield _Part(part, title, variants)


def _reader_name(code: str | None, language: Language) -> str:
    if code is None:
        return _WORDS[language]["anybody"]
    return cldr.country_name(code, Locale.RU) if language == "ru" else code

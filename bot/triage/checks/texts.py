"""Texts fit on the screen and hold to the rules of articles: facts instead of digits, right letters, plain markup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from bot.knowledge.checks import context as knowledge_context
from bot.knowledge.checks import digits, letters, markup, number_words, placeholders, terms
from bot.knowledge.checks.context import Page, Prose, without_markup
from bot.knowledge.fields import AllLocales, SomeLocales
from bot.knowledge.findings import Finding, KeyPath
from bot.knowledge.models import Block
from bot.languages.locales import Locale
from bot.triage import limits
from bot.triage.checks.context import Context, file_of, found, shows
from bot.triage.graph import asks
from bot.triage.models import Flow
from bot.triage.rendering import ANSWER

_CHECKS: Final = (placeholders, digits, number_words, letters, markup, terms)


@dataclass(frozen=True)
class Written:
    """One text of a flow in all locales, how long it may be, and whether it is a label, which holds no placeholders."""

    path: KeyPath
    texts: AllLocales
    limit: int
    label: bool = False


@dataclass(frozen=True)
class _Pages(knowledge_context.Context):
    """The texts of flows in the place of articles, for the checks of the knowledge."""

    own: tuple[Page, ...] = field(default_factory=tuple)

    @property
    def pages(self) -> tuple[Page, ...]:
        return self.own


def check(context: Context) -> Iterator[Finding]:
    """Yield texts that are too long or break the rules for texts, and answers named that are no question's."""
    pages: list[Page] = []
    for flow in context.flows.flows.values():
        everything = list(written(flow))
        for each in everything:
            yield from _lengths(flow, each)
            yield from _answers(flow, each)
        yield from _first(flow)
        pages += [_page(flow, locale, everything) for locale in Locale]
    bare = replace(context.knowledge, articles={})
    inside = _Pages(bare, context.today, own=tuple(pages))
    for module in _CHECKS:
        for finding in module.check(inside):
            if finding.file.startswith("flows/"):
                yield finding


def written(flow: Flow) -> Iterator[Written]:
    """Yield every text of a flow that people read."""
    yield Written(("title",), flow.title, limits.FLOW_TITLE_MAX, label=True)
    for name, step in flow.steps.items():
        if step.text is not None:
            yield Written(("steps", name, "text"), step.text, limits.STEP_TEXT_MAX)
        if step.help is not None:
            yield Written(("steps", name, "help"), step.help, limits.HELP_MAX)
        for choice_id, choice in step.choices.items():
            if choice.text is not None:
                path: KeyPath = ("steps", name, "choices", choice_id, "text")
                yield Written(path, choice.text, limits.CHOICE_MAX, label=True)
    for name, outcome in flow.outcomes.items():
        yield Written(("outcomes", name, "text"), outcome.text, limits.OUTCOME_TEXT_MAX)
    for path, _, show in shows(flow):
        for index, item in enumerate(show.checklist or ()):
            yield Written((*path, "checklist", index, "text"), item.text, limits.CHECKLIST_ITEM_MAX)


def _lengths(flow: Flow, each: Written) -> Iterator[Finding]:
    for locale in Locale:
        if each.label and "{" in each.texts[locale]:
            inside = each.texts[locale].strip("{}")
            finding = found("placeholder-in-title", flow, (*each.path, locale.value), inside=inside)
            yield replace(finding, locale=locale)
        length = len(without_markup(each.texts[locale]).strip())
        if length > each.limit:
            what = str(each.path[-2] if len(each.path) > 1 else each.path[-1])
            path = (*each.path, locale.value)
            finding = found("too-long", flow, path, what=what, length=length, limit=each.limit)
            yield replace(finding, locale=locale)


def _answers(flow: Flow, each: Written) -> Iterator[Finding]:
    for locale in Locale:
        for step_id in ANSWER.findall(each.texts[locale]):
            step = flow.steps.get(step_id)
            if step is None or not asks(step):
                finding = found("flow-unknown-answer", flow, (*each.path, locale.value), id=step_id)
                yield replace(finding, locale=locale)


def _first(flow: Flow) -> Iterator[Finding]:
    for name, outcome in flow.outcomes.items():
        first: SomeLocales | None = outcome.case.first if outcome.case else None
        if first is not None and len(first[Locale.RU]) > limits.FIRST_MAX:
            path = ("outcomes", name, "case", "first")
            yield found("too-long", flow, path, what="first", length=len(first[Locale.RU]), limit=limits.FIRST_MAX)


def _page(flow: Flow, locale: Locale, everything: list[Written]) -> Page:
    prose = tuple(_prose(flow, locale, everything))
    raw = "\n".join(each.text for each in prose)
    return Page(partial(iter, prose), locale, raw, raw, len(prose))


def _prose(flow: Flow, locale: Locale, everything: list[Written]) -> Iterator[Prose]:
    for each in everything:
        for line in each.texts[locale].strip().split("\n"):
            text = ANSWER.sub("…", line.strip())
            if text:
                block = None if each.label else Block.model_validate({"text": text})
                yield Prose(file_of(flow), (*each.path, locale.value), locale, text, block)

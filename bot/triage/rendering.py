"""Texts of flows as documents: placeholders of facts filled for this person, answers written in a language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from bot.knowledge.document import Block, Document, Kind, Span
from bot.knowledge.facts import FactHasNoValue, Reader
from bot.knowledge.render import UnknownPlaceholder, Writer
from bot.languages import cldr
from bot.languages.locales import Locale
from bot.triage.calculators.result import Result, write_line
from bot.triage.context import Context
from bot.triage.inputs import PLACE, TYPED
from bot.triage.models import Flow, Step
from bot.triage.state import State
from bot.triage.words import Words

ANSWER: Final = re.compile(r"\{answer:(?P<step>[a-z][a-z0-9_]*)\}")
_ANY_PLACEHOLDER: Final = re.compile(r"\{[^{}]*\}")
_MARK: Final = "\ue000{}\ue001"
_MARKED: Final = re.compile("\ue000([0-9]+)\ue001")
BLANK: Final = "______________________"
UNKNOWN: Final = "…"
_SENT: Final = {
    "photo": "flow-sent-photo",
    "document": "flow-sent-document",
    "voice": "flow-sent-voice",
    "audio": "flow-sent-voice",
    "video": "flow-sent-video",
    "video_note": "flow-sent-video",
    "album": "flow-sent-album",
    PLACE: "flow-sent-place",
}
"""What was sent instead of words, by the name that stands as the answer."""


def paragraphs(
    text: str, flow: Flow, state: State, context: Context, words: Words, kind: Kind = "paragraph"
) -> list[Block]:
    """Return the lines of a text as blocks, with facts and answers filled in."""
    answers: list[str] = []

    def remember(match: re.Match[str]) -> str:
        answers.append(_own_answer(match["step"], flow, state, context, words) or UNKNOWN)
        return _MARK.format(len(answers) - 1)

    marked = ANSWER.sub(remember, text)
    writer = Writer(context.knowledge, context.locale, context.today, context.reader(state))
    blocks = []
    for line in marked.split("\n"):
        if line.strip():
            try:
                spans = writer.spans(line.strip())
            except (UnknownPlaceholder, FactHasNoValue):
                spans = writer.spans(_ANY_PLACEHOLDER.sub(UNKNOWN, line.strip()))
            blocks.append(Block(kind, tuple(_with_answers(span, answers) for span in spans)))
    return blocks


def document(blocks: Iterable[Block], locale: Locale) -> Document:
    """Return blocks as a document."""
    return Document(tuple(blocks), locale)


def plain(texts: Sequence[str], kind: Kind = "paragraph") -> list[Block]:
    """Return ready texts as blocks."""
    return [Block(kind, (Span(text),)) for text in texts]


def result_blocks(result: Result, context: Context) -> list[Block]:
    """Return a calculation as blocks: the result in bold, then how it came about."""
    return [
        Block(
            "paragraph" if line.strong else "item",
            (Span(write_line(line, context.locale, context.say), "bold" if line.strong else "plain"),),
        )
        for line in result.lines
    ]


def write_answer(step: Step, answer: Any, locale: Locale, words: Words, context: Context) -> str:
    """Write an answer for reading: labels of choices, dates and sums as in this locale; empty where there is none.

    An answer of another shape than the step's kind (the flow's file changed since) is written as it is stored: nobody
    is kept from an operator by it.
    """
    try:
        return _written(step, answer, locale, words, context)
    except (TypeError, ValueError, ArithmeticError, LookupError):
        return str(answer)


def _written(step: Step, answer: Any, locale: Locale, words: Words, context: Context) -> str:
    if answer is None:
        return ""
    match step.kind:
        case "choice" | "yesno":
            return _label(step, str(answer), locale, words)
        case "several":
            return cldr.format_list([_label(step, each, locale, words) for each in answer], locale)
        case "date":
            return cldr.format_date(date.fromisoformat(answer), locale)
        case "money":
            return cldr.format_money(Decimal(str(answer)), "RUB", locale)
        case "number":
            return cldr.format_number(answer, locale)
        case "region":
            return region_name(str(answer), locale, context)
        case "citizenship":
            return cldr.country_name(str(answer), locale)
        case "periods" | "payments":
            return "; ".join(row_text(step.kind, row, locale) for row in answer)
        case "text" | "attachment" if was_sent(step.kind, answer):
            return context.text(_SENT[answer])
        case _:
            return str(answer).removeprefix(TYPED)


def was_sent(step_kind: str, answer: Any) -> bool:
    """Return whether an answer is something that was sent instead of words: a photo, a voice, a place."""
    return step_kind in ("text", "attachment") and isinstance(answer, str) and answer in _SENT


def row_text(kind: str, row: Sequence[Any], locale: Locale) -> str:
    """Write one trip or one late payment."""
    if kind == "periods":
        first, last = (_day(each, locale) for each in row)
        return f"{first} – {last or UNKNOWN}"
    amount, due, paid = row
    sum_ = cldr.format_money(Decimal(str(amount)), "RUB", locale)
    return f"{sum_}: {_day(due, locale)}" + (f" – {_day(paid, locale)}" if paid else "")


def region_name(code: str, locale: Locale, context: Context) -> str:
    """Return the name of a region; its code where nobody knows it."""
    regions = context.knowledge.regions
    return regions.regions[code][locale] if regions is not None and code in regions.regions else code


def write_letter(body: str, flow: Flow, state: State, context: Context, words: Words) -> str:
    """Return a letter in Russian; what is not known becomes a line to write on."""

    def fill(match: re.Match[str]) -> str:
        inside = match.group()[1:-1]
        if inside == "today":
            return cldr.format_date(context.today, Locale.RU)
        if answer := ANSWER.fullmatch(match.group()):
            russian = replace(context, locale=Locale.RU)
            return _own_answer(answer["step"], flow, state, russian, words) or BLANK
        writer = Writer(context.knowledge, Locale.RU, context.today, context.reader(state))
        try:
            return "".join(span.text for span in writer.spans(match.group()))
        except (UnknownPlaceholder, FactHasNoValue):
            return BLANK

    return _ANY_PLACEHOLDER.sub(fill, body)


def _own_answer(step_id: str, flow: Flow, state: State, context: Context, words: Words) -> str:
    step = flow.steps.get(step_id)
    if step is None or step_id not in state.answers:
        return ""
    return write_answer(step, state.answers[step_id], context.locale, words, context)


def _label(step: Step, choice_id: str, locale: Locale, words: Words) -> str:
    choice = step.choices.get(choice_id)
    if choice is not None and choice.text is not None:
        return choice.text[locale]
    return words.shown(choice_id, locale) if choice_id in ("yes", "no") else choice_id


def _with_answers(span: Span, answers: list[str]) -> Span:
    if "\ue000" not in span.text:
        return span
    return replace(span, text=_MARKED.sub(lambda match: answers[int(match[1])], span.text))


def _day(written: Any, locale: Locale) -> str:
    return cldr.format_date(date.fromisoformat(written), locale) if written else ""


__all__ = [
    "ANSWER", "BLANK", "Reader", "document", "paragraphs", "plain", "region_name", "result_blocks", "row_text",
    "write_answer", "write_letter",
]  # fmt: skip

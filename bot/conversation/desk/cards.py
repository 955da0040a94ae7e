"""The card of a case: what operators see first. No name, no phone, no id of Telegram stands on it."""

from __future__ import annotations

from datetime import timedelta

from bot.cases.model import Case, CaseStatus, Severity
from bot.conversation.screens import Action, Button, Screen
from bot.conversation.turn import Turn
from bot.knowledge.document import Block, Document, Span
from bot.languages.cldr import format_duration
from bot.languages.locales import OWN_NAMES, Locale
from bot.triage.context import Context
from bot.triage.summary import lines as summary_lines

SEVERITY_MARK = {Severity.URGENT: "🔴", Severity.SERIOUS: "🟠", Severity.NORMAL: "🟢"}
_TITLE_LIMIT = 128
"""Characters of a forum topic's title that Telegram takes."""


def topic_title(turn: Turn, case: Case) -> str:
    """Return the title of a case's forum topic: mark, number, language, topic."""
    locale = turn.house.desk(case.desk).locale
    mark = "✅" if case.status is CaseStatus.CLOSED else SEVERITY_MARK[case.severity]
    return f"{mark} {case.number} · {case.locale.language} · {case_topic(turn, case, locale)}"[:_TITLE_LIMIT]


def case_topic(turn: Turn, case: Case, locale: Locale) -> str:
    """Return what a case is about, in the operators' language."""
    article = turn.knowledge.articles.get(case.topic or "")
    return article.texts[locale].short if article else turn.text(locale, "no-topic")


def card_screen(turn: Turn, case: Case, *, operator_name: str | None = None) -> Screen:
    """Return the card: number, language, topic, severity with its reason, waiting time, what was read and answered."""
    locale = turn.house.desk(case.desk).locale
    lines = [
        turn.text(locale, "card-language", language=OWN_NAMES[case.locale]),
        turn.text(locale, "card-topic", topic=case_topic(turn, case, locale)),
        turn.text(locale, "card-severity", severity=turn.text(locale, f"severity-{case.severity}")),
    ]
    if case.summary.get("moved"):
        lines.append(turn.text(locale, "card-moved"))
    if case.reason:
        lines.append(turn.text(locale, "card-reason", reason=_reason(turn, locale, case.reason)))
    lines += _answers(turn, case, locale)
    read = [
        turn.knowledge.articles[item].texts[locale].short
        for item in case.summary.get("read", [])
        if item in turn.knowledge.articles
    ]
    if read:
        lines.append(turn.text(locale, "card-read", articles=", ".join(read)))
    lines.append(_state_line(turn, case, locale, operator_name))
    if case.rating:
        lines.append(turn.text(locale, "card-rating", stars="⭐" * case.rating))
    title = f"{SEVERITY_MARK[case.severity]} {turn.text(locale, 'card-title', number=case.number)}"
    blocks = [Block("title", (Span(title, "bold"),))]
    blocks.append(Block("paragraph", (Span("\n".join(lines)),)))
    if case.status is not CaseStatus.CLOSED:
        blocks.append(Block("note", (Span(turn.text(locale, "card-how")),)))
    return Screen(Document(tuple(blocks), locale), tuple(_buttons(turn, case, locale)))


def _answers(turn: Turn, case: Case, locale: Locale) -> list[str]:
    """What the operator should know first, wishes, and the structured answers in the operators' language."""
    first = case.summary.get("first", {})
    lines = [f"❗ {first.get(locale) or first['ru']}"] if first.get("ru") else []
    if "woman" in [*case.summary.get("wishes", []), *case.summary.get("hints", [])]:
        lines.append(turn.text(locale, "card-wants-woman"))
    given = case.summary.get("flow")
    if given:
        context = Context(turn.today, locale, turn.knowledge, turn.house.texts.get)
        lines += [f"▫️ {line}" for line in summary_lines(given, turn.library.flows, context)]
    return lines


def _reason(turn: Turn, locale: Locale, reason: str) -> str:
    """A reason is `topic`, `person`, `flow:ID:OUTCOME` or `danger:RULE`; a flow and a rule are named in words."""
    kind, _, detail = reason.partition(":")
    known = {"topic", "person", "flow", "danger"}
    flow = turn.library.flows.flows.get(detail.partition(":")[0]) if kind == "flow" else None
    if flow is not None:
        detail = f"«{flow.title[locale]}»"
    elif kind == "danger" and detail in turn.library.danger.rules:
        detail = turn.text(locale, f"rule-{detail}")
    return turn.text(locale, f"reason-{kind}", detail=detail) if kind in known else reason


def _state_line(turn: Turn, case: Case, locale: Locale, operator_name: str | None) -> str:
    if case.status is CaseStatus.CLOSED:
        return turn.text(locale, "card-closed")
    if case.status is CaseStatus.TAKEN:
        return turn.text(locale, "card-taken", operator=operator_name or "✓")
    waited = max(turn.now - case.opened_at, timedelta())
    return turn.text(locale, "card-waiting", duration=format_duration(waited, locale))


def _buttons(turn: Turn, case: Case, locale: Locale) -> list[Button]:
    if case.status is CaseStatus.CLOSED:
        return []
    close = Button(turn.text(locale, "button-desk-close"), Action.of("d-close", case.number), wide=False)
    if case.status is CaseStatus.TAKEN:
        release = Button(turn.text(locale, "button-desk-release"), Action.of("d-free", case.number), wide=False)
        return [release, close]
    take = Button(turn.text(locale, "button-desk-take"), Action.of("d-take", case.number), wide=False)
    return [take, close]

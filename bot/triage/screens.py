"""The screens of a flow: the step that is asked, and the ending."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from bot.knowledge.document import Block, Document, Span
from bot.languages import cldr
from bot.triage.answering import choices_of, known_value
from bot.triage.calculators.by_name import calculate
from bot.triage.calculators.deadlines import last_day, left_line
from bot.triage.calculators.result import Result, write_line
from bot.triage.conditions import holds
from bot.triage.context import Context
from bot.triage.effects import Ask, Finish, Offer, OpenCase, Option
from bot.triage.inputs import AGAIN, BACK, DONE, DONT_KNOW, HIDE, HUMAN, KEEP, NEXT, SKIP
from bot.triage.loader import Flows
from bot.triage.models import PROFILE, CaseToOpen, Deadline, Flow, Item, Outcome, Show, Step
from bot.triage.nearby import organisations_of
from bot.triage.rendering import document, paragraphs, plain, region_name, result_blocks, row_text, write_answer
from bot.triage.state import State
from bot.triage.summary import collect
from bot.triage.terms import NotATerm, term_of

REGIONS_SHOWN: Final = 9
"""Buttons with regions; the others are typed or found by location."""

_LABELS: Final = {
    BACK: "flow-back",
    AGAIN: "flow-again",
    DONT_KNOW: "flow-dont-know",
    SKIP: "flow-skip",
    HUMAN: "flow-human",
    HIDE: "flow-hide",
    NEXT: "flow-next",
    DONE: "flow-done",
}
_HINTS: Final = {
    "number": "flow-hint-number",
    "money": "flow-hint-money",
    "date": "flow-hint-date",
    "region": "flow-hint-region",
    "several": "flow-hint-several",
    "text": "flow-hint-text",
    "attachment": "flow-hint-attachment",
    "periods": "flow-hint-periods",
    "payments": "flow-hint-payments",
}


def ask(flows: Flows, flow: Flow, state: State, context: Context) -> Ask:
    """Return the screen of the step that is asked."""
    assert state.step is not None
    step = flow.steps[state.step]
    blocks = paragraphs(step.text[context.locale], flow, state, context, flows.words) if step.text else []
    if step.kind in ("periods", "payments"):
        blocks += plain([row_text(step.kind, row, context.locale) for row in state.draft], "item")
    if step.kind in _HINTS:
        blocks += plain([context.text("flow-hint-place" if step.place else _HINTS[step.kind])], "note")
    for show in step.show:
        blocks += _shown_inside(show, flow, state, context, flows)
    common = (BACK, AGAIN, HUMAN) if step.kind == "information" else (DONT_KNOW, SKIP, BACK, AGAIN, HUMAN)
    return Ask(
        flow=flow.id,
        version=flow.version,
        step=state.step,
        kind=step.kind,
        document=document(blocks, context.locale),
        options=tuple(_options(flows, step, state, context)),
        common=_common(common, flow, context),
        location=step.kind == "region" or step.place,
        watched=flow.watched,
    )


def finish(flows: Flows, flow: Flow, state: State, context: Context) -> Finish:
    """Return the ending."""
    assert state.outcome is not None
    outcome = flow.outcomes[state.outcome]
    blocks = paragraphs(outcome.text[context.locale], flow, state, context, flows.words)
    documents: list[Document] = []
    offers: list[Offer] = []
    for show in _wanted(outcome.show, state, context):
        blocks += _shown_inside(show, flow, state, context, flows)
        found = organisations_of(show, state, context)
        if found is not None:
            documents.append(found)
        offer = _offer(show, flows, context)
        if offer is not None:
            offers.append(offer)
    case = case_of(flows, flow, state, context) if outcome.case and outcome.case.open == "offer" else None
    if case is not None:
        offers.insert(0, Offer("open_case", flow.id, context.text("flow-open-case")))
    return Finish(
        flow=flow.id,
        version=flow.version,
        outcome=state.outcome,
        documents=(document(blocks, context.locale), *documents),
        offers=tuple(offers),
        common=_common((BACK, AGAIN, HUMAN), flow, context),
        case=case,
        watched=flow.watched,
    )


def case_of(flows: Flows, flow: Flow, state: State, context: Context) -> OpenCase:
    """Return the case that the ending opens or offers; a plain one where it names none."""
    outcome: Outcome | None = flow.outcomes.get(state.outcome or "")
    wanted = (outcome.case if outcome else None) or CaseToOpen()
    desk = list(wanted.desk)
    if context.known(state).get("woman_only") == "yes" and "woman" not in desk:
        desk.append("woman")
    first = wanted.first.model_dump(by_alias=True, exclude_none=True) if wanted.first else {}
    return OpenCase(
        topic=wanted.topic or flow.topic,
        severity=wanted.severity,
        reason=f"flow:{flow.id}:{state.outcome}",
        desk=tuple(desk),
        first=first,
        summary=collect(flows, flow, state, context),
    )


def run_calculator(step: Step | Show, state: State, context: Context) -> Result:
    """Run the calculator that a step or an ending names on the answers it names."""
    assert step.calculator is not None
    arguments = {name: state.answers.get(source) for name, source in step.arguments.items()}
    return calculate(
        step.calculator, arguments, context.knowledge, context.today, context.known(state).get("citizenship")
    )


def _options(flows: Flows, step: Step, state: State, context: Context) -> list[Option]:
    options: list[Option] = []
    known = known_value(step, state, context)
    if known is not None:
        options.append(Option(KEEP, write_answer(step, known, context.locale, flows.words, context)))
    if step.kind == "citizenship":
        options += [Option(code, _citizenship(code, context)) for code in PROFILE["citizenship"] if code != known]
    elif step.kind == "region" and context.knowledge.regions is not None:
        codes = [code for code in context.knowledge.regions.short_list if code != known][:REGIONS_SHOWN]
        options += [Option(code, region_name(code, context.locale, context)) for code in codes]
    elif step.kind == "yesno":
        options += [Option(name, context.text(f"flow-{name}")) for name in ("yes", "no") if name != known]
    else:
        options += [
            Option(name, choice.text[context.locale] if choice.text else name, name in state.draft)
            for name, choice in choices_of(step).items()
            if name != known
        ]
    if step.kind in ("several", "periods", "payments") and state.draft:
        options.append(Option(DONE, context.text(_LABELS[DONE])))
    if step.kind == "information":
        options.append(Option(NEXT, context.text(_LABELS[NEXT])))
    return options


def _citizenship(code: str, context: Context) -> str:
    return context.text("flow-other-country") if code == "other" else cldr.country_name(code, context.locale)


def _common(names: tuple[str, ...], flow: Flow, context: Context) -> tuple[Option, ...]:
    shown = (*names, HIDE) if flow.watched else names
    return tuple(Option(name, context.text(_LABELS[name])) for name in shown)


def _wanted(shows: tuple[Show, ...], state: State, context: Context) -> list[Show]:
    return [show for show in shows if show.when is None or holds(show.when, state, context)]


def _shown_inside(show: Show, flow: Flow, state: State, context: Context, flows: Flows) -> list[Block]:
    if show.when is not None and not holds(show.when, state, context):
        return []
    if show.calculator is not None:
        return result_blocks(run_calculator(show, state, context), context)
    blocks: list[Block] = []
    for item in show.checklist or ():
        if item.when is None or holds(item.when, state, context):
            blocks += _item(item, flow, state, context, flows)
    return blocks


def _item(item: Item, flow: Flow, state: State, context: Context, flows: Flows) -> list[Block]:
    blocks = paragraphs(item.text[context.locale], flow, state, context, flows.words, "item")
    day = deadline_of(item.deadline, state, context) if item.deadline else None
    if day is None or not blocks:
        return blocks
    until = context.text("flow-until", date=cldr.format_date(day, context.locale))
    left = write_line(left_line(day, context.today), context.locale, context.say)
    last = blocks[-1]
    return [*blocks[:-1], replace(last, spans=(*last.spans, Span(f" — {until} ({left})")))]


def deadline_of(deadline: Deadline, state: State, context: Context) -> date | None:
    """Return the last day of a checklist's line, None where the date or the term is not known."""
    start = state.answers.get(deadline.after)
    if not isinstance(start, str):
        return None
    if deadline.fact is None:
        return last_day(date.fromisoformat(start), deadline.days or 0, "day")
    reader = context.reader(state)
    try:
        term = term_of(context.knowledge, deadline.fact, context.today, reader.citizenship, reader.region)
    except NotATerm:
        return None
    return None if term is None else last_day(date.fromisoformat(start), *term)


def _offer(show: Show, flows: Flows, context: Context) -> Offer | None:
    locale = context.locale
    if show.article is not None and show.article in context.knowledge.articles:
        _, text = context.knowledge.articles[show.article].text(locale)
        inside = show.part is not None and show.part != "answer"
        sign = context.text(f"button-{show.part}").split(" ")[0] if inside else ""  # apart from the article itself
        return Offer("article", show.article, f"{sign} {text.short}".strip(), show.part)
    if show.flow is not None and show.flow in flows.flows:
        return Offer("flow", show.flow, flows.flows[show.flow].title[locale])
    if show.letter is not None and show.letter in flows.letters:
        return Offer("letter", show.letter, flows.letters[show.letter].title[locale])
    return None

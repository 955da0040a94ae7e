"""The structured answers of a flow for the operator's card, in the operator's language whatever they were given in."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from bot.languages.locales import Locale
from bot.triage.context import Context
from bot.triage.loader import Flows
from bot.triage.models import Flow
from bot.triage.rendering import was_sent, write_answer
from bot.triage.state import State

_END_OF_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n")


def collect(flows: Flows, flow: Flow, state: State, context: Context) -> dict[str, Any]:
    """Return the answers as plain JSON for the case.

    Each answer carries its question and text in Russian too, so that it can be read when the flow has changed since.
    """
    russian = replace(context, locale=Locale.RU)
    answers = []
    for step_id in state.path if state.step is None else (*state.path, state.step):
        step = flow.steps.get(step_id)
        if step is None or step_id not in state.answers or step.kind in ("calculate", "information"):
            continue
        value = state.answers[step_id]
        answers.append(
            {
                "step": step_id,
                "kind": step.kind,
                "value": value,
                "mark": state.marks.get(step_id, ""),
                "ask_ru": step.text[Locale.RU] if step.text else "",
                "answer_ru": write_answer(step, value, Locale.RU, flows.words, russian),
            }
        )
    return {
        "flow": flow.id,
        "version": flow.version,
        "outcome": state.outcome,
        "locale": context.locale.value,
        "answers": answers,
    }


def lines(summary: dict[str, Any], flows: Flows, context: Context) -> tuple[str, ...]:
    """Return `question — answer` per line in the locale of `context`, from what `collect` made.

    The question is the sentence of the step's text that asks, else the first; a person's own words stand in quotation
    marks with their language named by the caller. Steps that are gone are shown in Russian as they were.
    """
    flow = flows.flows.get(str(summary.get("flow")))
    return tuple(_line(each, flow, flows, context) for each in summary.get("answers", ()))


def title(summary: dict[str, Any], flows: Flows, context: Context) -> str:
    """Return the title of the flow a summary comes from; its id where the flow is gone."""
    flow = flows.flows.get(str(summary.get("flow")))
    return flow.title[context.locale] if flow is not None else str(summary.get("flow", ""))


def _line(each: dict[str, Any], flow: Flow | None, flows: Flows, context: Context) -> str:
    step = flow.steps.get(each["step"]) if flow is not None else None
    if step is None or step.kind != each["kind"] or step.text is None:
        question, written = str(each.get("ask_ru", "")), str(each.get("answer_ru", ""))
    else:
        question = step.text[context.locale]
        written = write_answer(step, each["value"], context.locale, flows.words, context)
    if each["kind"] == "text" and each["value"] is not None and not was_sent("text", each["value"]):
        written = f"«{written}»"
    if each["value"] is None:
        written = context.text("flow-mark-skipped" if each.get("mark") == "skip" else "flow-mark-unknown")
    elif each.get("mark") == "known":
        written = context.text("flow-mark-known", answer=written)
    return f"{_question(question)} — {written}"


def _question(text: str) -> str:
    """Return the sentence that asks; the first one where none does."""
    sentences = [each.strip() for each in _END_OF_SENTENCE.split(text.strip()) if each.strip()]
    return next((each for each in sentences if each.endswith("?")), sentences[0] if sentences else "").rstrip(".")

"""Moving through a flow: on to the next question, back to an earlier one, over to a newer version of the file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.triage.answering import choices_of, current_choice, known_value
from bot.triage.conditions import holds
from bot.triage.context import Context
from bot.triage.models import ASKING, PROFILE, Flow, Step
from bot.triage.screens import run_calculator
from bot.triage.state import PATH_MAX, State

_PASSING = ("known", "calculated")
"""Marks of steps that were passed without asking."""


def answered(state: State, step_id: str, answer: Any, mark: str = "") -> State:
    """Return the state with a step answered and put on the path."""
    answers = {**state.answers, step_id: answer}
    marks = {name: text for name, text in state.marks.items() if name != step_id}
    if mark:
        marks[step_id] = mark
    path = (*state.path, step_id)[-PATH_MAX:]
    kept = {name: value for name, value in answers.items() if name in path}
    return replace(state, answers=kept, marks=marks, path=path, draft=(), helped=None)


def go(flow: Flow, state: State, target: str | None, context: Context) -> State | None:
    """Return the state at the next step that waits for a person, or at an outcome; None where the flow is broken.

    Steps that ask nothing are passed, each at most once: without an answer in between there is no loop.
    """
    passed: set[str] = set()
    while target is not None and target not in passed:
        passed.add(target)
        if target in flow.outcomes:
            return replace(state, step=None, outcome=target, draft=(), helped=None)
        step = flow.steps.get(target)
        if step is None:
            return None
        if step.kind == "branch":
            target = next((way.next for way in step.ways if holds(way.when, state, context)), step.otherwise)
        elif step.kind == "calculate" and step.calculator is not None:
            result = run_calculator(step, state, context)
            number = None if result.number is None else float(result.number)
            state, target = answered(state, target, number, "calculated"), step.next
        elif step.known == "use" and (value := known_value(step, state, context)) is not None:
            state, target = answered(state, target, value, "known"), next_of(step, value)
        else:
            return replace(state, step=target, outcome=None, draft=(), helped=None)
    return None


def next_of(step: Step, answer: Any) -> str | None:
    """Return where an answer leads."""
    if isinstance(answer, str) and answer in step.choices and step.choices[answer].next is not None:
        return step.choices[answer].next
    return step.next


def back(state: State) -> State | None:
    """Return the state at the question before, its answer forgotten; None before the first one."""
    path = list(state.path)
    while path:
        step_id = path.pop()
        if state.marks.get(step_id) not in _PASSING:
            return _at(state, step_id, tuple(path))
    return None


def back_to(state: State, step_id: str) -> State:
    """Return the state at an earlier question of the path, with what was answered before it."""
    index = len(state.path) - 1 - state.path[::-1].index(step_id)
    return _at(state, step_id, state.path[:index])


def moved(flow: Flow, state: State) -> tuple[State, bool]:
    """Return the state fitted to the present version of the flow, and whether the person must be told.

    Renamed steps and choices are followed; answers that no longer exist are forgotten. Where the step that was asked
    is gone, the person returns to the last question before it that still exists, or to the beginning.
    """
    if state.version == flow.version and _fits(flow, state):
        return state, False
    names = {old: name for name, step in flow.steps.items() for old in step.was if old not in flow.steps}
    ends = {old: name for name, outcome in flow.outcomes.items() for old in outcome.was if old not in flow.outcomes}
    renamed = _renamed(flow, state, names)
    if state.step is None:
        outcome = ends.get(state.outcome or "", state.outcome)
        if outcome in flow.outcomes:
            return replace(renamed, outcome=outcome), False
    current = names.get(state.step or "", state.step)
    if current in flow.steps and _waits(flow.steps[current]):
        kept = tuple(each for each in state.draft if _draft_fits(flow.steps[current], each))
        told = flow.steps[current].kind == "several" and kept != state.draft
        return replace(renamed, step=current, outcome=None, draft=kept), told
    earlier = replace(renamed, step=None, outcome=None, draft=())
    before = back(earlier)
    return (before or replace(earlier, step=flow.start, path=(), answers={}, marks={})), True


def _at(state: State, step_id: str, path: tuple[str, ...]) -> State:
    return replace(
        state,
        step=step_id,
        outcome=None,
        path=path,
        answers={name: value for name, value in state.answers.items() if name in path},
        marks={name: mark for name, mark in state.marks.items() if name in path},
        draft=(),
        helped=None,
    )


def _fits(flow: Flow, state: State) -> bool:
    """Whether the state names only what the flow has; also holds for a file that changed under the same number."""
    if state.step is None:
        here = state.outcome in flow.outcomes
    else:
        here = state.step in flow.steps and _waits(flow.steps[state.step])
    return here and all(
        name in flow.steps and answer_fits(flow.steps[name], state.answers.get(name)) for name in state.path
    )


def _waits(step: Step) -> bool:
    return step.kind in ASKING or step.kind == "information"


def answer_fits(step: Step, answer: Any) -> bool:
    """Whether a stored answer is one that this step can have."""
    if answer is None:
        return True
    match step.kind:
        case "choice" | "yesno":
            return isinstance(answer, str) and answer in choices_of(step)
        case "several":
            return isinstance(answer, list) and all(isinstance(each, str) and each in step.choices for each in answer)
        case "number" | "money" | "calculate":
            return isinstance(answer, int | float) and not isinstance(answer, bool)
        case "date":
            return isinstance(answer, str) and len(answer) == 10 and answer[4] == answer[7] == "-"
        case "region":
            return isinstance(answer, str) and answer[2:3] in ("-", "")
        case "citizenship":
            return answer in PROFILE["citizenship"]
        case "periods" | "payments":
            width = 2 if step.kind == "periods" else 3
            return isinstance(answer, list) and all(isinstance(row, list) and len(row) == width for row in answer)
        case _:
            return isinstance(answer, str)


def _draft_fits(step: Step, each: Any) -> bool:
    if step.kind in ("periods", "payments"):
        return isinstance(each, list)
    return isinstance(each, str) and each in step.choices


def _renamed(flow: Flow, state: State, names: dict[str, str]) -> State:
    answers: dict[str, Any] = {}
    marks: dict[str, str] = {}
    path: list[str] = []
    for old in state.path:
        name = names.get(old, old)
        step = flow.steps.get(name)
        if step is None or step.kind == "branch":
            continue
        path.append(name)
        if old in state.marks:
            marks[name] = state.marks[old]
        if old in state.answers:
            answer = _renamed_choice(step, state.answers[old])
            if answer_fits(step, answer):
                answers[name] = answer
    return replace(state, version=flow.version, answers=answers, marks=marks, path=tuple(path))


def _renamed_choice(step: Step, answer: Any) -> Any:
    if step.kind in ("choice", "yesno") and isinstance(answer, str):
        return current_choice(step, answer) or answer
    if step.kind == "several" and isinstance(answer, list):
        return [name for each in answer if (name := current_choice(step, str(each))) is not None] or None
    return answer

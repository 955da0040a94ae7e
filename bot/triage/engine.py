"""The engine of triage: state and input give a state and effects. Pure; every input has an answer, none is ignored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from bot.languages import cldr
from bot.languages.folding import fold
from bot.triage.answering import Answered, Drafted, Reading, Story, current_choice, read
from bot.triage.context import Context
from bot.triage.effects import (
    Danger,
    Effect,
    HideChat,
    Left,
    NotUnderstood,
    Remember,
    Say,
    Search,
    Stuck,
    TalkToPerson,
    Told,
)
from bot.triage.inputs import (
    COMMANDS,
    COMMON,
    DONT_KNOW,
    SKIP,
    Again,
    Attached,
    Back,
    DontKnow,
    Hide,
    Human,
    Input,
    Shared,
    Skip,
    Tapped,
    Wrote,
)
from bot.triage.loader import Flows
from bot.triage.models import PROFILE, Flow, Step
from bot.triage.moving import answered, back, back_to, go, moved, next_of
from bot.triage.rendering import document, paragraphs, write_answer
from bot.triage.screens import ask, case_of, finish
from bot.triage.state import State
from bot.triage.summary import collect
from bot.triage.understanding.problem import Problem

Turn = tuple[State, tuple[Effect, ...]]


def start(flows: Flows, flow_id: str, context: Context) -> Turn:
    """Begin a flow: its danger screen where it has one, then its first question. Raises `FlowNotFound`."""
    flow = flows.flow(flow_id)
    state, effects = _begin(flows, flow, State(flow.id, flow.version), context)
    danger = (Danger(flow.danger, "flow", collect(flows, flow, state, context)),) if flow.danger else ()
    return state, (*danger, *effects)


def step(flows: Flows, state: State, given: Input, context: Context) -> Turn:
    """Answer one input of a person. The state may come from an older version of the flow's file."""
    flow = flows.flows.get(state.flow)
    if flow is None:
        return state, (Told("flow-gone", context.text("flow-gone")), Left("flow-gone"))
    state, told = moved(flow, state)
    turn = _Turn(flows, flow, context)
    if told and not isinstance(given, Human | Hide | Again):
        return turn.show(state, Told("flow-changed", context.text("flow-changed")))
    return turn.take(state, given)


def listens(flows: Flows, state: State) -> bool:
    """Whether what a person writes now is for the flow: it asks, or it has ended where any word leads back to it."""
    if state.step is not None:
        return True
    flow = flows.flows.get(state.flow)
    return flow is not None and _leads_back(flow, state)


def alarm(flows: Flows, flow_id: str, step_id: str, choice_id: str) -> str | None:
    """Return the urgency rule of an alarming choice, known from the press alone, without where the person stands."""
    flow = flows.flows.get(flow_id)
    if flow is None:
        return None
    asked = flow.steps.get(step_id) or next((each for each in flow.steps.values() if step_id in each.was), None)
    if asked is None or asked.kind == "several":  # of a list nothing is said before "done"
        return None
    choice = asked.choices.get(current_choice(asked, choice_id) or "")
    return None if choice is None else choice.danger


def show(flows: Flows, state: State, context: Context) -> Turn:
    """Show again where a person stands: after a restart, a search, or in another language."""
    flow = flows.flows.get(state.flow)
    if flow is None:
        return state, (Told("flow-gone", context.text("flow-gone")), Left("flow-gone"))
    state, told = moved(flow, state)
    turn = _Turn(flows, flow, context)
    return turn.show(state, *((Told("flow-changed", context.text("flow-changed")),) if told else ()))


def _begin(flows: Flows, flow: Flow, state: State, context: Context) -> Turn:
    return _Turn(flows, flow, context).onward(state, flow.start)


def _leads_back(flow: Flow, state: State) -> bool:
    ending = flow.outcomes.get(state.outcome or "")
    return state.step is None and ending is not None and ending.returns


def _is_grave(flow: Flow, asked: Step) -> bool:
    """Whether an answer to this question alarms or ends at once in a case that is more pressing than others."""
    ends = [flow.outcomes.get(choice.next or asked.next or "") for choice in asked.choices.values()]
    cases = [end.case for end in ends if end is not None and end.case is not None]
    alarming = any(choice.danger for choice in asked.choices.values())
    return alarming or any(case.severity != "normal" for case in cases)


class _Turn:
    """One input, answered."""

    def __init__(self, flows: Flows, flow: Flow, context: Context) -> None:
        self.flows, self.flow, self.context = flows, flow, context

    def take(self, state: State, given: Input) -> Turn:
        """Answer any input."""
        if isinstance(given, Wrote):
            command = self.flows.words.commands.get(fold(given.text[:100]))
            given = COMMANDS[command] if command is not None else given
        if isinstance(given, Tapped) and given.choice in COMMON:
            passing = given.choice in (DONT_KNOW, SKIP)
            given = COMMON[given.choice] if not passing or self._is_here(state, given) else given
        match given:
            case Back():
                before = back(state)
                return (state, (Left("back"),)) if before is None else self.show(before)
            case Again():
                return self._anew(state)
            case Human():
                return state, (self._talk(state),)
            case Hide():
                return state, (HideChat(),)
            case Skip() | DontKnow():
                return self._without_answer(state, "skip" if isinstance(given, Skip) else "dont_know")
            case Tapped():
                return self._tapped(state, given)
            case _:
                return self._said(state, given)

    def onward(self, state: State, target: str | None, *effects: Effect) -> Turn:
        """Go on to a step or an outcome."""
        there = go(self.flow, state, target, self.context)
        if there is None:
            place = state.step or self.flow.start
            return replace(state, step=place), (*effects, Stuck(self.flow.id, place), self._talk(state))
        if there.step is None and self._opens_at_once(there):
            return self.show(there, *effects, case_of(self.flows, self.flow, there, self.context))
        return self.show(there, *effects)

    def show(self, state: State, *effects: Effect) -> Turn:
        """Show where the person stands now."""
        screen = finish if state.step is None else ask
        return state, (*effects, screen(self.flows, self.flow, state, self.context))

    def _anew(self, state: State) -> Turn:
        return self.onward(State(self.flow.id, self.flow.version, told=state.told), self.flow.start)

    def _tapped(self, state: State, given: Tapped) -> Turn:
        if self._is_here(state, given):
            return self._said(state, replace(given, step=state.step or ""))
        names = {old: name for name, each in self.flow.steps.items() for old in each.was}
        asked = names.get(given.step, given.step)
        if asked in state.path and asked in self.flow.steps:
            if state.marks.get(asked) == "calculated":
                return self.show(state, self._problem(Problem("flow-old-button"), state))
            earlier = back_to(state, asked)
            if given.choice.startswith("_"):
                return self.show(earlier)
            return self._said(earlier, replace(given, step=asked))
        return self.show(state, self._problem(Problem("flow-old-button"), state))

    def _said(self, state: State, given: Tapped | Wrote | Shared | Attached) -> Turn:
        if state.step is None:
            if _leads_back(self.flow, state):
                return self._anew(state)
            found = (Search(given.text),) if isinstance(given, Wrote) else ()
            if isinstance(given, Wrote):
                return state, found
            return self.show(state, self._problem(Problem("flow-not-this-kind"), state))
        asked = self.flow.steps[state.step]
        reading: Reading = read(asked, given, state, self.context, self.flows.words, grave=_is_grave(self.flow, asked))
        match reading:
            case Answered(answer):
                heard = self._heard(asked, answer) if isinstance(given, Wrote) else ()
                return self._answered(state, asked, answer, *heard)
            case Drafted(draft):
                return self.show(replace(state, draft=draft))
            case Story(text):
                return self.show(state, Search(text))
            case Problem():
                return self.show(state, self._problem(reading, state))

    def _heard(self, asked: Step, answer: Any) -> tuple[Told, ...]:
        """Say how written words were understood: a wrong day or sum must not pass unnoticed."""
        if asked.kind == "text" or answer is None:
            return ()
        written = write_answer(asked, answer, self.context.locale, self.flows.words, self.context)
        return (Told("flow-heard", self.context.text("flow-heard", answer=written)),)

    def _answered(self, state: State, asked: Step, answer: Any, *heard: Effect) -> Turn:
        assert state.step is not None
        there = answered(state, state.step, answer)
        effects: list[Effect] = list(heard)
        key = asked.kind if asked.kind in ("region", "citizenship") else asked.remember
        if key in PROFILE and isinstance(answer, str):
            there = replace(there, told={**there.told, key: answer})
            effects.append(Remember(key, answer))
        chosen = answer if isinstance(answer, list) else [answer]
        rules = [asked.choices[each].danger for each in chosen if isinstance(each, str) and each in asked.choices]
        for rule in dict.fromkeys(rule for rule in rules if rule is not None):
            effects.append(Danger(rule, "choice", collect(self.flows, self.flow, there, self.context)))
        return self.onward(there, next_of(asked, answer), *effects)

    def _without_answer(self, state: State, mark: str) -> Turn:
        if state.step is None:
            return self._anew(state) if _leads_back(self.flow, state) else self.show(state)
        asked = self.flow.steps[state.step]
        effects: list[Effect] = []
        if mark == "dont_know" and asked.help is not None and state.helped != state.step:
            helped = paragraphs(asked.help[self.context.locale], self.flow, state, self.context, self.flows.words)
            effects.append(Say(document(helped, self.context.locale)))
            if asked.dont_know is None:
                return self.show(replace(state, helped=state.step), *effects)
        target = (asked.dont_know if mark == "dont_know" else asked.skip) or asked.next
        target = target or self._any_way(asked)
        return self.onward(answered(state, state.step, None, mark), target, *effects)

    def _any_way(self, asked: Step) -> str | None:
        """Where every choice names its own way and the checks were passed over: the first way that is not alarming."""
        return next((choice.next for choice in asked.choices.values() if choice.next and not choice.danger), None)

    def _talk(self, state: State) -> TalkToPerson:
        case = case_of(self.flows, self.flow, state, self.context)
        return TalkToPerson(case.topic, case.severity, case.summary, case.desk, case.first)

    def _opens_at_once(self, state: State) -> bool:
        case = self.flow.outcomes[state.outcome or ""].case
        return case is not None and case.open == "now"

    def _is_here(self, state: State, given: Tapped) -> bool:
        if state.step is None:
            return False
        return given.step == state.step or given.step in self.flow.steps[state.step].was

    def _problem(self, problem: Problem, state: State) -> NotUnderstood:
        values = {name: self._written(value) for name, value in problem.values.items()}
        return NotUnderstood(problem.text_id, self.context.text(problem.text_id, **values), state.step)

    def _written(self, value: str | int | float | date) -> str:
        if isinstance(value, date):
            return cldr.format_date(value, self.context.locale)
        return cldr.format_number(value, self.context.locale) if isinstance(value, int | float) else value

"""What an input means for the step that is asked: an answer, a change of the list, or why it is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bot.languages.folding import fold
from bot.triage.context import Context
from bot.triage.inputs import DONE, KEEP, NEXT, PLACE, SPOKEN, TAKEN_AS_ANSWER, TYPED, Attached, Shared, Tapped, Wrote
from bot.triage.limits import ANSWER_TEXT_MAX, LIST_MAX
from bot.triage.models import PROFILE, Choice, Step
from bot.triage.state import Answer, State
from bot.triage.understanding.choices import read_choice, read_several, read_yes_no
from bot.triage.understanding.dates import read_date
from bot.triage.understanding.numbers import find_amount, read_number
from bot.triage.understanding.places import read_citizenship, read_region, region_at
from bot.triage.understanding.problem import Problem
from bot.triage.words import Words

MONEY_MAX: Final = 100_000_000.0
_NUMBER_MAX: Final = 1_000_000_000.0
_STORY_WORDS: Final = 3
"""From so many words without a digit on, a text that is no answer is searched."""
_NUMERIC_DATE: Final = re.compile(
    r"(?<!\d)(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2})|\d{1,2}[./]\d{1,2})(?!\d)"
)
_DASH: Final = re.compile(r"\s+[-–—]\s*|\s*[–—]\s*|\s+(?:до|по|to|gacha|чейин|то)\s+")


@dataclass(frozen=True)
class Answered:
    """The step is answered."""

    answer: Answer


@dataclass(frozen=True)
class Drafted:
    """The list of the step has changed; the step is asked again."""

    draft: tuple[Any, ...]


@dataclass(frozen=True)
class Story:
    """No answer but words about something: search them."""

    text: str


Reading = Answered | Drafted | Story | Problem


def read(
    step: Step,
    given: Tapped | Wrote | Shared | Attached,
    state: State,
    context: Context,
    words: Words,
    *,
    grave: bool = True,
) -> Reading:
    """Return what an input means for a step that asks.

    `grave`: the answer may call for help at once, so half a label is not taken for the whole.
    """
    match given:
        case Tapped():
            return _tapped(step, given.choice, state, context)
        case Wrote():
            return _wrote(step, given.text, state, context, words, grave)
        case Shared():
            return _shared(step, given, context)
        case Attached():
            return _attached(step, given.kind)


def known_value(step: Step, state: State, context: Context) -> str | None:
    """Return what the profile knows for this step, where that is one of its answers."""
    key = step.kind if step.kind in ("region", "citizenship") else step.remember
    value = context.known(state).get(key or "")
    if value is None:
        return None
    if step.kind == "citizenship":
        return value if value in PROFILE["citizenship"] else None
    if step.kind == "region":
        regions = context.knowledge.regions
        return value if regions is not None and value in regions.regions else None
    return value if value in choices_of(step) else None


def choices_of(step: Step) -> dict[str, Choice]:
    """Return the choices of a step, for yes/no both even where none is written."""
    if step.kind == "yesno":
        return {name: step.choices.get(name, Choice()) for name in ("yes", "no")}
    return dict(step.choices)


def current_choice(step: Step, choice_id: str) -> str | None:
    """Return the choice by its id of today or of an older version, None where it is gone."""
    choices = choices_of(step)
    if choice_id in choices:
        return choice_id
    return next((name for name, choice in choices.items() if choice_id in choice.was), None)


def _tapped(step: Step, choice: str, state: State, context: Context) -> Reading:
    if choice == KEEP:
        value = known_value(step, state, context)
        return Answered(value) if value is not None else Problem("flow-choice-gone")
    if choice == DONE:
        if step.kind not in ("several", "periods", "payments"):
            return Problem("flow-choice-gone")
        return Answered(list(state.draft)) if state.draft else Problem(_EMPTY[step.kind])
    if choice == NEXT:
        return Answered(None) if step.kind == "information" else Problem("flow-choice-gone")
    if step.kind == "citizenship" and choice in PROFILE["citizenship"]:
        return Answered(choice)
    if step.kind == "region":
        regions = context.knowledge.regions
        return Answered(choice) if regions and choice in regions.regions else Problem("flow-choice-gone")
    found = current_choice(step, choice)
    if found is None:
        return Problem("flow-choice-gone")
    return Drafted(_toggled(step, found, state.draft)) if step.kind == "several" else Answered(found)


_EMPTY: Final = {
    "several": "flow-several-empty",
    "periods": "flow-periods-unclear",
    "payments": "flow-payments-unclear",
}


def _toggled(step: Step, choice_id: str, draft: tuple[Any, ...]) -> tuple[Any, ...]:
    if choice_id in draft:
        return tuple(each for each in draft if each != choice_id)
    if step.choices[choice_id].alone:
        return (choice_id,)
    kept = {each for each in draft if each in step.choices and not step.choices[each].alone}
    return tuple(each for each in step.choices if each in kept or each == choice_id)


def _shared(step: Step, given: Shared, context: Context) -> Reading:
    regions = context.knowledge.regions
    if step.place and -90 <= given.lat <= 90 and -180 <= given.lon <= 180:
        return Answered(PLACE)
    if step.kind != "region" or regions is None:
        return Problem("flow-location-not-here")
    found = region_at(given.lat, given.lon, regions)
    return found if isinstance(found, Problem) else Answered(found)


def _attached(step: Step, kind: str) -> Reading:
    if step.kind == "attachment" and kind in TAKEN_AS_ANSWER:
        return Answered(kind)
    if step.kind == "text" and kind in SPOKEN:
        return Answered(kind)
    return Problem("flow-not-this-kind")


def _wrote(step: Step, text: str, state: State, context: Context, words: Words, grave: bool) -> Reading:
    if step.kind in ("text", "attachment"):
        own = text.replace(TYPED, "").strip()[:ANSWER_TEXT_MAX]
        own = TYPED + own if own in TAKEN_AS_ANSWER or own == PLACE else own
        return Answered(own) if own else Problem("flow-text-empty")
    if step.kind == "choice":
        return _choice(step, text, words, halves=not grave)
    reading = _READERS[step.kind](step, text, state, context, words)
    if isinstance(reading, Problem) and _tells_a_story(text):
        return Story(text)
    return reading


def _tells_a_story(text: str) -> bool:
    spoken = fold(text[:400]).split()
    return len(spoken) >= _STORY_WORDS and not any(word.isdigit() for word in spoken)


def _choice(step: Step, text: str, words: Words, *, halves: bool) -> Reading:
    found = read_choice(text, choices_of(step), words, halves=halves)
    if found is None:
        return Story(text) if fold(text[:400]) else Problem("flow-press-button")
    return Answered(found)


def _several(step: Step, text: str, state: State, context: Context, words: Words) -> Reading:
    if fold(text[:100]) in words.done:
        return _tapped(step, DONE, state, context)
    chosen = read_several(text[:400], step.choices, words)
    if not chosen:
        return Story(text) if fold(text[:400]) else Problem("flow-press-button")
    draft = state.draft
    for each in chosen:
        draft = draft if each in draft else _toggled(step, each, draft)
    return Drafted(draft)


def _yes_no(step: Step, text: str, state: State, context: Context, words: Words) -> Reading:
    found = read_yes_no(text, words) or read_choice(text, choices_of(step), words)
    if found is not None:
        return Answered(found)
    return Story(text) if fold(text[:400]) else Problem("flow-yes-or-no")


def _number(step: Step, text: str, state: State, context: Context, words: Words) -> Reading:
    money = step.kind == "money"
    low = step.min if step.min is not None else (1 if money else 0)
    high = step.max if step.max is not None else (MONEY_MAX if money else _NUMBER_MAX)
    return _answered(read_number(text, words, low, high, money=money))


def _date(step: Step, text: str, state: State, context: Context, words: Words) -> Reading:
    found = read_date(text, words, context.today, step.time)
    return found if isinstance(found, Problem) else Answered(found.isoformat())


def _region(step: Step, text: str, state: State, context: Context, words: Words) -> Reading:
    regions = context.knowledge.regions
    return Problem("flow-region-unclear") if regions is None else _answered(read_region(text, regions))


def _citizenship(step: Step, text: str, state: State, context: Context, words: Words) -> Reading:
    return _answered(read_citizenship(text, words))


def _information(step: Step, text: str, state: State, context: Context, words: Words) -> Reading:
    return Answered(None) if fold(text[:100]) in words.onward else Story(text)


def _periods(step: Step, text: str, state: State, context: Context, words: Words) -> Reading:
    if fold(text[:100]) in words.done:
        return _tapped(step, DONE, state, context)
    rows = [list(row) for row in state.draft]
    for line in _lines(text):
        days = _days_in(line, context.today, words)
        if isinstance(days, Problem):
            return days
        for day in days:
            if rows and rows[-1][1] is None:
                if day < date.fromisoformat(rows[-1][0]):
                    return Problem("flow-period-order", {"date": date.fromisoformat(rows[-1][0])})
                rows[-1][1] = day.isoformat()
            else:
                rows.append([day.isoformat(), None])
    return _rows(rows, "flow-periods-unclear", state)


def _payments(step: Step, text: str, state: State, context: Context, words: Words) -> Reading:
    if fold(text[:100]) in words.done:
        return _tapped(step, DONE, state, context)
    rows = [list(row) for row in state.draft]
    for line in _lines(text):
        written = _NUMERIC_DATE.findall(line)
        rest = _NUMERIC_DATE.sub(" ", line)
        if not written and "," in line:
            rest, _, tail = line.partition(",")
            written = [tail]
        amount = find_amount(rest, words)
        days = [read_date(each, words, context.today) for each in written[:2]]
        wrong = next((day for day in days if isinstance(day, Problem)), None)
        if wrong is not None and amount is not None:
            return wrong
        due = [day.isoformat() for day in days if isinstance(day, date)]
        if amount is None or not due or amount > MONEY_MAX:
            return Problem("flow-payments-unclear")
        if len(due) == 2 and due[1] < due[0]:
            return Problem("flow-period-order", {"date": date.fromisoformat(due[0])})
        rows.append([round(amount, 2), due[0], due[1] if len(due) == 2 else None])
    return _rows(rows, "flow-payments-unclear", state)


def _rows(rows: list[list[Any]], empty: str, state: State) -> Reading:
    if len(rows) > LIST_MAX:
        return Problem("flow-list-full", {"max": LIST_MAX})
    if rows == [list(row) for row in state.draft]:
        return Problem(empty)
    return Drafted(tuple(rows))


def _lines(text: str) -> list[str]:
    return [line for line in re.split(r"[\n;]", text) if line.strip()][: LIST_MAX + 1]


def _days_in(line: str, today: date, words: Words) -> list[date] | Problem:
    pieces = _NUMERIC_DATE.findall(line) or [each for each in _DASH.split(line) if each.strip()]
    days = [read_date(piece, words, today) for piece in pieces[:4]]
    wrong = next((day for day in days if isinstance(day, Problem)), None)
    return wrong or [day for day in days if isinstance(day, date)] or Problem("flow-periods-unclear")


def _answered(found: Answer | Problem) -> Reading:
    return found if isinstance(found, Problem) else Answered(found)


_READERS: Final[dict[str, Callable[[Step, str, State, Context, Words], Reading]]] = {
    "several": _several,
    "yesno": _yes_no,
    "number": _number,
    "money": _number,
    "date": _date,
    "region": _region,
    "citizenship": _citizenship,
    "information": _information,
    "periods": _periods,
    "payments": _payments,
}

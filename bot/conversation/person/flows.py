"""Triage with a person: the engine decides, this room shows, stores and opens cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.cases.model import Person, Severity
from bot.conversation.effects import Toast
from bot.conversation.first_aid import show_danger
from bot.conversation.incoming import Incoming
from bot.conversation.person.ask import (
    current_case,
    keep_for_later,
    leave_question,
    open_case,
    raise_case,
    relay_to_desk,
    talk_to_person,
)
from bot.conversation.person.hide import hide_chat
from bot.conversation.person.start import DANGER_FLOW, danger_button, menu, menu_button, person_button
from bot.conversation.screens import Action, Button
from bot.conversation.turn import Turn, locale_of, paragraphs
from bot.knowledge.document import Block, Document, Span
from bot.languages.locales import SOURCE_LOCALE
from bot.storage.ports import Priority
from bot.triage import effects as decided
from bot.triage import engine
from bot.triage.context import Context
from bot.triage.inputs import HUMAN, Attached, DontKnow, Input, Shared, Tapped, Wrote
from bot.triage.rendering import write_letter
from bot.triage.state import State

_NARROW: Final = 16
"""Letters up to which two buttons share a row."""


def context_of(turn: Turn, person: Person) -> Context:
    """Return what the engine is told about the day, the person and the language."""
    known = {"citizenship": person.citizenship, "region": person.region, **person.session.get("profile", {})}
    profile = {key: str(value) for key, value in known.items() if value}
    return Context(turn.today, locale_of(person), turn.knowledge, turn.house.texts.get, profile)


def is_asked(turn: Turn, person: Person) -> bool:
    """Whether a person's words answer a flow: a question stands, or an ending after which any word leads back."""
    stored = person.session.get("flow")
    return stored is not None and engine.listens(turn.library.flows, State.from_json(stored))


async def start(turn: Turn, person: Person, args: tuple[str, ...], *, message: int | None = None) -> None:
    """Begin a flow; one that is gone leads to the menu with a kind word."""
    flow_id = args[0] if args else ""
    if flow_id not in turn.library.flows.flows:
        turn.emit(Toast(turn.text(locale_of(person), "button-is-old")))
        menu(turn, person, replace_message=message)
        return
    if await _is_in_danger(turn, person):
        message = None  # the numbers of the danger screen stay above the first question
    state, effects = engine.start(turn.library.flows, flow_id, context_of(turn, person))
    await _perform(turn, person, state, effects, message=message)


async def _is_in_danger(turn: Turn, person: Person) -> bool:
    """Whether the screen that was pressed may be one of danger: such words were written, or a case is urgent."""
    if person.session.get("danger"):
        return True
    case = await current_case(turn, person)
    return case is not None and case.severity is Severity.URGENT


async def tapped(turn: Turn, person: Person, args: tuple[str, ...], *, message: int | None) -> None:
    """Answer a press under a question: `args` are flow, version, step and choice."""
    if len(args) != 4 or not args[1].isdecimal():
        turn.emit(Toast(turn.text(locale_of(person), "button-is-old")))
        menu(turn, person)
        return
    flow_id, version, step, choice = args
    stored = person.session.get("flow")
    if flow_id == DANGER_FLOW and flow_id in turn.library.flows.flows and (stored or {}).get("flow") != flow_id:
        state, _ = engine.start(turn.library.flows, flow_id, context_of(turn, person))
        person = await turn.remember(person, flow=state.to_json())  # who is in danger is not asked twice
    elif stored is None or stored.get("flow") != flow_id:
        turn.emit(Toast(turn.text(locale_of(person), "flow-old-button")))
        await start(turn, person, (flow_id,))
        return
    await _give(turn, person, Tapped(step, choice, int(version)), message=message)


async def wrote(turn: Turn, person: Person, incoming: Incoming) -> None:
    """Answer a message that came while a question is open; an operator gets the words in any case."""
    case = await current_case(turn, person)
    if case is None:
        person = await keep_for_later(turn, person, incoming)
    else:
        await relay_to_desk(turn, person, case, incoming)
    place = incoming.parcel.get("place")
    given: Input
    if place:
        given = Shared(float(place["latitude"]), float(place["longitude"]))
    elif incoming.kind == "text":
        given = Wrote(incoming.text)
    else:
        given = Attached("album" if incoming.album else incoming.kind)
    await _give(turn, person, given, message=None)


async def unsupported(turn: Turn, person: Person, kind: str) -> None:
    """Answer a kind of message that cannot be passed on, while a question is open."""
    await _give(turn, person, Attached(kind), message=None)


async def show_again(turn: Turn, person: Person) -> None:
    """Show the open question again, for instance in another language."""
    state = State.from_json(person.session["flow"])
    after, effects = engine.show(turn.library.flows, state, context_of(turn, person))
    await _perform(turn, person, after, effects, message=None)


async def open_offered(turn: Turn, person: Person) -> None:
    """Open the case that the ending of a flow offered."""
    offered = person.session.get("offer")
    if offered is None:
        await talk_to_person(turn, person, ())
        return
    person = await leave_question(turn, await turn.remember(person, offer=None))
    await _open(turn, person, offered)


async def _give(turn: Turn, person: Person, given: Input, *, message: int | None) -> None:
    state = State.from_json(person.session["flow"])
    after, effects = engine.step(turn.library.flows, state, given, context_of(turn, person))
    if state.flow == DANGER_FLOW and _calls_somebody(state, given, after, effects):
        after, effects = engine.step(turn.library.flows, state, DontKnow(), context_of(turn, person))
    await _perform(turn, person, after, effects, message=message)


def _calls_somebody(state: State, given: Input, after: State, effects: Sequence[decided.Effect]) -> bool:
    """Whether who is in danger asks for a person, or says anything that is no answer: a human has to see it."""
    if state.step is None:
        return False
    if isinstance(given, Tapped):
        return given.choice == HUMAN
    if isinstance(given, Wrote):  # "back" and the like are understood, and stay where there is nothing before
        return any(isinstance(each, decided.Search | decided.NotUnderstood) for each in effects)
    return isinstance(given, Attached | Shared) and after.step == state.step


async def _perform(
    turn: Turn, person: Person, state: State, effects: Sequence[decided.Effect], *, message: int | None
) -> None:
    """Store where the person stands and do what the engine decided, in order."""
    person = await turn.remember(person, flow=state.to_json())
    before: list[Block] = []
    # what to do now comes first, that a case is open stands below it and not between its parts
    for effect in sorted(effects, key=lambda each: isinstance(each, decided.OpenCase)):
        match effect:
            case decided.Say(document):
                before += document.blocks
            case decided.NotUnderstood(text=text) | decided.Told(text=text):
                before.append(Block("paragraph", (Span(text),)))
                message = None  # an explanation is a new message, so that it is noticed
            case decided.Ask():
                if effect.watched and not person.session.get("watched"):
                    person = await turn.remember(person, watched=True)
                _ask(turn, person, effect, before, message)
                before = []
            case decided.Remember(key, value):
                person = await _remember(turn, person, key, value)
            case decided.Finish():
                person = await _finish(turn, person, effect, before, message)
                before = []
            case decided.OpenCase():
                await _open(turn, await leave_question(turn, person), _as_json(effect))
                person = await turn.tx.people.get(person.id)
            case decided.TalkToPerson(topic, severity, summary):
                person = await turn.remember(person, flow=None)
                await _open(
                    turn, person, {"topic": topic, "severity": severity, "reason": "person", "summary": summary}
                )
                person = await turn.tx.people.get(person.id)
            case decided.Search(text):
                if not await _search(turn, person, text):
                    words = turn.text(locale_of(person), "flow-words-unclear")
                    before.append(Block("paragraph", (Span(words),)))
            case decided.Danger(rule):
                show_danger(turn, person, rule)
                if turn.library.danger.rules[rule].watched and not person.session.get("watched"):
                    person = await turn.remember(person, watched=True)
                message = None  # the question that goes on stands below the numbers, not above them
            case decided.HideChat():
                await hide_chat(turn, person)
                return
            case decided.Left():
                person = await turn.remember(person, flow=None)
                menu(turn, person, replace_message=message)
            case decided.Stuck():
                locale = locale_of(person)
                turn.show(person, paragraphs(turn.text(locale, "we-failed")), [person_button(turn, locale)])


def _ask(turn: Turn, person: Person, ask: decided.Ask, before: list[Block], message: int | None) -> None:
    buttons = [_button(ask.flow, ask.version, ask.step, option) for option in (*ask.options, *ask.common)]
    document = replace(ask.document, blocks=(*before, *ask.document.blocks))
    turn.show(person, document, buttons, replace=message, priority=Priority.CONVERSATION)


def _button(flow: str, version: int, step: str, option: decided.Option) -> Button:
    label = f"☑️ {option.label}" if option.chosen else option.label
    return Button(label, Action.of("fl", flow, version, step, option.id), wide=len(label) > _NARROW)


async def _finish(
    turn: Turn, person: Person, finish: decided.Finish, before: list[Block], message: int | None
) -> Person:
    locale = locale_of(person)
    buttons = [_offer(offer) for offer in finish.offers]
    buttons += [_button(finish.flow, finish.version, "end", option) for option in finish.common]
    buttons.append(menu_button(turn, locale))
    documents = list(finish.documents)
    documents[0] = replace(documents[0], blocks=(*before, *documents[0].blocks))
    for document in documents[:-1]:
        turn.show(person, document, replace=message, priority=Priority.CONVERSATION)
        message = None
    turn.show(person, documents[-1], buttons, replace=message, priority=Priority.CONVERSATION)
    offered = _as_json(finish.case) if finish.case is not None else None
    return await turn.remember(person, offer=offered)


def _offer(offer: decided.Offer) -> Button:
    match offer.kind:
        case "article":
            return Button(offer.label, Action.of("art", offer.id, *([offer.part] if offer.part else [])))
        case "flow":
            return Button(offer.label, Action.of("flow", offer.id))
        case "letter":
            return Button(offer.label, Action.of("letter", offer.id))
        case "open_case":
            return Button(offer.label, Action.of("flcase"))


async def letter(turn: Turn, person: Person, args: tuple[str, ...]) -> None:
    """Show a letter to copy, with the answers filled in; it is in Russian because those who get it read Russian."""
    locale = locale_of(person)
    stored = person.session.get("flow")
    found = turn.library.flows.letters.get(args[0]) if args else None
    flow = turn.library.flows.flows.get(stored["flow"]) if stored else None
    if found is None or stored is None or flow is None:
        turn.emit(Toast(turn.text(locale, "button-is-old")))
        menu(turn, person)
        return
    text = write_letter(found.body, flow, State.from_json(stored), context_of(turn, person), turn.library.flows.words)
    blocks = [Block("paragraph", (Span(line),)) for line in text.split("\n") if line.strip()]
    turn.show(person, paragraphs(found.how[locale], title=found.title[locale]), priority=Priority.CONVERSATION)
    buttons = [person_button(turn, locale), menu_button(turn, locale)]
    turn.show(person, Document(tuple(blocks), SOURCE_LOCALE), buttons, priority=Priority.CONVERSATION)


async def _remember(turn: Turn, person: Person, key: str, value: str) -> Person:
    if key in ("citizenship", "region"):
        person = replace(person, citizenship=value) if key == "citizenship" else replace(person, region=value)
        await turn.tx.people.save(person)
        return person
    return await turn.remember(person, profile={**person.session.get("profile", {}), key: value})


async def _search(turn: Turn, person: Person, text: str) -> bool:
    """Answer words that are no answer to the question, without leaving it; return whether anything was found."""
    locale = locale_of(person)
    found = turn.library.index.search(text)
    hits = [hit.id for hit in found.articles if hit.id in turn.knowledge.articles][:2]
    if found.smalltalk == "help" and (danger := danger_button(turn, locale)):
        turn.show(person, paragraphs(turn.text(locale, "smalltalk-help")), [*danger, person_button(turn, locale)])
        return True
    if found.confidence.value == "nothing" or not hits:
        return False
    buttons = [Button(turn.knowledge.articles[item].text(locale)[1].short, Action.of("art", item)) for item in hits]
    turn.show(person, paragraphs(turn.text(locale, "found-several")), buttons)
    return True


def _as_json(case: decided.OpenCase) -> dict[str, Any]:
    return {
        "topic": case.topic,
        "severity": case.severity,
        "reason": case.reason,
        "first": dict(case.first),
        "desk": list(case.desk),
        "summary": case.summary,
    }


async def _open(turn: Turn, person: Person, wanted: Mapping[str, Any]) -> None:
    """Open a case with the answers, or add them to the open one and raise it: that about the same topic, and whatever
    it is about where somebody is in danger, so that one operator sees everything."""
    severity = Severity(wanted["severity"])
    summary = {"flow": wanted["summary"], "first": wanted.get("first", {}), "hints": list(wanted.get("desk", ()))}
    current = await current_case(turn, person)
    reason = str(wanted["reason"])
    in_danger = wanted["summary"]["flow"] == DANGER_FLOW
    if current is not None and (in_danger or current.topic == wanted["topic"]):
        await raise_case(turn, current, severity, reason, _beside(current.summary, summary))
        return
    await open_case(turn, person, topic=str(wanted["topic"]), severity=severity, reason=reason, summary=summary)


def _beside(before: Mapping[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Return what is new with what a case already knew below it; older answers are shown as they were in Russian."""
    flow = before.get("flow", {})
    answers = list(now["flow"]["answers"])
    told = {(each["ask_ru"], each["answer_ru"]) for each in answers}
    for each in flow.get("answers", ()):
        if (each["ask_ru"], each["answer_ru"]) not in told:
            own = each["step"] if "." in each["step"] else f"{flow.get('flow')}.{each['step']}"
            answers.append({**each, "step": own})
    known, news = before.get("first", {}).get("ru", ""), now["first"].get("ru", "")
    first = max(news, known, key=len) if known in news or news in known else f"{news} {known}"
    return {
        "flow": {**now["flow"], "answers": answers},
        "first": {**now["first"], "ru": first} if first else now["first"],
        "hints": list(dict.fromkeys([*now["hints"], *before.get("hints", ())])),
    }

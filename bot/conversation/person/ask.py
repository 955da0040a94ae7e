"""Asking a human: opening a case, writing into it, changing what was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.cases.model import Case, CaseStatus, Direction, NewCase, NewRelay, Person, Severity
from bot.cases.routing import choose_desk
from bot.conversation.albums import schedule_album
from bot.conversation.desk.cards import card_screen, topic_title
from bot.conversation.desk.waiting import watch_waiting
from bot.conversation.effects import Forward, ForwardEdit, Note, OpenTopic, PostCard, RenameTopic, UpdateCard
from bot.conversation.incoming import Incoming
from bot.conversation.person.start import menu_button
from bot.conversation.screens import Action, Button
from bot.conversation.turn import Turn, locale_of, paragraphs
from bot.storage.ports import Priority
from bot.triage import engine
from bot.triage.state import State

TWICE: Final = timedelta(minutes=1)
"""A new problem about the same topic within this time is the same button pressed twice."""
DANGER_COUNTS: Final = timedelta(days=1)
"""How long words of danger make a case urgent that opens after them."""
PLACE_PAUSE: Final = timedelta(minutes=1)
"""Between two places of one live location that go to the desk."""
PENDING_LIMIT = 20
"""How many messages are kept for the operator while a person has no case yet."""


async def talk_to_person(turn: Turn, person: Person, args: tuple[str, ...], *, message: int | None = None) -> None:
    """Open a case, or ask whether this is the same problem where one is open about something else."""
    locale = locale_of(person)
    topic = args[0] if args and args[0] in turn.knowledge.articles else None
    anew = len(args) > 1 and args[1] == "new"
    active = await turn.tx.cases.active_of_person(person.id)
    if anew and active and active[0].summary.get("anew") and active[0].topic == topic:
        anew = turn.now - active[0].opened_at > TWICE
    if active and not anew:
        case = active[0]
        if topic is None or case.topic == topic:
            await enter_case(turn, person, case)
            return
        buttons = [
            Button(turn.text(locale, "button-same-problem", number=case.number), Action.of("case", case.number)),
            Button(turn.text(locale, "button-new-problem"), Action.of("human", topic, "new")),
            menu_button(turn, locale),
        ]
        turn.show(person, paragraphs(turn.text(locale, "same-or-new", number=case.number)), buttons)
        return
    person = await leave_question(turn, person)
    await open_case(turn, person, topic=topic, summary={"anew": True} if anew else None)


async def leave_question(turn: Turn, person: Person) -> Person:
    """Who asked for a human speaks to the human next, and not to a flow that still listens.

    A flow listens while it asks, and after an ending that is a pause.
    """
    stored = person.session.get("flow")
    if stored is None or not engine.listens(turn.library.flows, State.from_json(stored)):
        return person
    return await turn.remember(person, flow=None)


async def open_case(
    turn: Turn,
    person: Person,
    *,
    topic: str | None = None,
    severity: Severity | None = None,
    reason: str = "",
    summary: dict[str, Any] | None = None,
    quiet: bool = False,
) -> Case:
    """Open a case at the desk that fits and pass on what the person wrote before it; `quiet` shows no screen."""
    locale = locale_of(person)
    article = turn.knowledge.articles.get(topic or "")
    desk = choose_desk(
        turn.house.desks,
        language=locale.language,
        topic=topic,
        section=article.section if article else None,
        region=person.region,
    )
    if severity is None:
        severity = Severity(article.severity) if article else Severity.NORMAL
        reason = reason or ("topic" if severity is not Severity.NORMAL else "")
    person, severity, reason = await _with_danger(turn, person, severity, reason)
    case = await turn.tx.cases.open(
        NewCase(
            person_id=person.id,
            desk=desk.key,
            locale=locale,
            opened_at=turn.now,
            topic=topic,
            severity=severity,
            reason=reason,
            summary={"read": person.session.get("read", []), "wishes": _wishes(person), **(summary or {})},
        )
    )
    await turn.tx.audit.record(turn.now, "person", "case-opened", case.id)
    await watch_waiting(turn, case)
    turn.emit(OpenTopic(case, topic_title(turn, case)))
    turn.emit(PostCard(case, card_screen(turn, case)))
    person = await _pass_kept(turn, person, case)
    if not quiet:
        answered = bool(case.summary.get("flow", {}).get("answers"))
        text = turn.text(locale, "case-opened-answers" if answered else "case-opened-text")
        turn.show(
            person,
            paragraphs(text, title=turn.text(locale, "case-opened", number=case.number)),
            [menu_button(turn, locale)],
            priority=Priority.CONVERSATION,
        )
    return case


async def _with_danger(turn: Turn, person: Person, severity: Severity, reason: str) -> tuple[Person, Severity, str]:
    """Let words of danger that a person wrote shortly before count, once, for the case that is opened or raised now."""
    rule_id, said_at = person.session.get("danger") or ("", "")
    if not rule_id:
        return person, severity, reason
    person = await turn.remember(person, danger=None)
    rule = turn.library.danger.rules.get(rule_id)
    if rule is None or turn.now - datetime.fromisoformat(said_at) > DANGER_COUNTS:
        return person, severity, reason
    told = Severity(rule.severity)
    return (person, told, f"danger:{rule_id}") if told.rank < severity.rank else (person, severity, reason)


def _wishes(person: Person) -> list[str]:
    """What a person asked for about who answers: a woman operator."""
    return ["woman"] if person.session.get("profile", {}).get("woman_only") == "yes" else []


async def urgent(turn: Turn, person: Person, rule: str) -> None:
    """Call a human to somebody in danger: a case at the top of the queue, or the open one raised to it."""
    reason = f"danger:{rule}"
    person = await leave_question(turn, person)
    case = await current_case(turn, person)
    if case is not None:
        await raise_case(turn, case, Severity.URGENT, reason, {})
        return
    await open_case(turn, person, severity=Severity.URGENT, reason=reason)


async def raise_case(turn: Turn, case: Case, severity: Severity, reason: str, summary: dict[str, Any]) -> Case:
    """Add to an open case what was answered since, at least as pressing as `severity`, and tell both sides."""
    before = case.severity
    person, severity, reason = await _with_danger(turn, await turn.tx.people.get(case.person_id), severity, reason)
    case = replace(case.raised(severity, reason), summary={**case.summary, **summary})
    await turn.tx.cases.save(case)
    await turn.tx.audit.record(turn.now, "person", "case-raised", case.id)
    person = await _pass_kept(turn, person, case)
    turn.emit(UpdateCard(case, card_screen(turn, case)))
    turn.emit(Note(case, card_screen(turn, case).document))
    if case.severity is not before:
        turn.emit(RenameTopic(case, topic_title(turn, case)))
    locale = locale_of(person)
    text = turn.text(locale, "passed-on", number=case.number)
    turn.show(person, paragraphs(text), [menu_button(turn, locale)], priority=Priority.CONVERSATION)
    return case


async def _pass_kept(turn: Turn, person: Person, case: Case) -> Person:
    """Make a case the one that the person's words go to, with everything that was kept for an operator."""
    pending = [Incoming.from_json(item) for item in person.session.get("pending", [])]
    person = await turn.remember(person, case=case.id, pending=None)
    for incoming in pending:
        await relay_to_desk(turn, person, case, incoming)
    return person


async def keep_for_later(turn: Turn, person: Person, incoming: Incoming) -> Person:
    """Keep a message in the session, so that an operator reads it if the person asks for one; each once."""
    pending = list(person.session.get("pending", []))
    places = [place for place, item in enumerate(pending) if item["message"] == incoming.message]
    if places:  # changed since: it stays where it was written
        pending[places[0]] = incoming.to_json()
    else:
        pending = [*pending, incoming.to_json()][-PENDING_LIMIT:]
    return await turn.remember(person, pending=pending)


async def current_case(turn: Turn, person: Person) -> Case | None:
    """Return the open case that a person's words belong to: the one chosen last, else the newest."""
    active = await turn.tx.cases.active_of_person(person.id)
    chosen = person.session.get("case")
    return next((case for case in active if case.id == chosen), active[0] if active else None)


async def write_to_case(turn: Turn, person: Person, case: Case, incoming: Incoming) -> None:
    """Pass a person's message on to the desk; the first one while waiting is answered with what happens next."""
    if incoming.reply_to is not None:
        answered = await turn.tx.relays.by_target(Direction.TO_PERSON, incoming.chat, incoming.reply_to)
        if answered is not None and answered.case_id != case.id:
            other = await turn.tx.cases.get(answered.case_id)
            case = case if other.status is CaseStatus.CLOSED else other
    await relay_to_desk(turn, person, case, incoming)
    if case.status is CaseStatus.WAITING and person.session.get("told_waiting") != case.id:
        locale = locale_of(person)
        person = await turn.remember(person, told_waiting=case.id)
        document = paragraphs(turn.text(locale, "passed-on", number=case.number))
        turn.show(person, document, [menu_button(turn, locale)], priority=Priority.CONVERSATION)


async def relay_to_desk(turn: Turn, person: Person, case: Case, incoming: Incoming) -> None:
    """Store a person's message in a case and send it to the desk; parts of an album wait for each other."""
    relay = await turn.tx.relays.add(
        NewRelay(
            case_id=case.id,
            direction=Direction.TO_DESK,
            source_chat=incoming.chat,
            source_message=incoming.message,
            written_at=incoming.at,
            parcel=incoming.parcel,
            album=incoming.album,
            reply_to=incoming.reply_to,
        )
    )
    if incoming.album is not None:
        await schedule_album(turn, relay)
    else:
        turn.emit(Forward(case, (relay,), person))


async def edited(turn: Turn, person: Person, incoming: Incoming) -> bool:
    """Bring a changed message to the desk; return False where it was never passed on."""
    relay = await turn.tx.relays.by_source(Direction.TO_DESK, incoming.chat, incoming.message)
    if relay is None:
        return await _edit_pending(turn, person, incoming)
    case = await turn.tx.cases.get(relay.case_id)
    kept = {name: relay.parcel[name] for name in ("rows",) if name in relay.parcel}  # which calls deliver it
    fresh = await turn.tx.relays.revise(relay.id, {**incoming.parcel, **kept})
    if incoming.kind != "location" or await _may_move(turn, person):
        turn.emit(ForwardEdit(case, fresh, person))
    return True


async def _may_move(turn: Turn, person: Person) -> bool:
    """Whether a changed place goes to the desk now: a live location changes every few seconds, and each change there
    is a message of the few that Telegram lets into a group in a minute."""
    moved = person.session.get("moved")
    if moved is not None and turn.now - datetime.fromisoformat(moved) < PLACE_PAUSE:
        return False
    await turn.remember(person, moved=turn.now.isoformat())
    return True


async def _edit_pending(turn: Turn, person: Person, incoming: Incoming) -> bool:
    pending = person.session.get("pending", [])
    changed = [incoming.to_json() if item["message"] == incoming.message else item for item in pending]
    if changed == pending:
        return False
    await turn.remember(person, pending=changed)
    return True


async def enter_case(turn: Turn, person: Person, case: Case) -> None:
    """Make a case the one that the person's words go to, with everything that was kept for an operator."""
    locale = locale_of(person)
    person, severity, reason = await _with_danger(turn, person, case.severity, case.reason)
    if severity is not case.severity:
        case = await raise_case(turn, case, severity, reason, {})
        person = await turn.tx.people.get(person.id)
    person = await _pass_kept(turn, await leave_question(turn, person), case)
    document = paragraphs(turn.text(locale, "write-here", number=case.number))
    buttons = [
        Button(turn.text(locale, "button-close-case"), Action.of("done", case.number)),
        menu_button(turn, locale),
    ]
    turn.show(person, document, buttons, priority=Priority.CONVERSATION)

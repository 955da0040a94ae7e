"""A person's own cases: seeing, continuing, closing, rating, reopening them."""

from __future__ import annotations

from dataclasses import replace

from bot.cases.model import Case, CaseStatus, Person
from bot.conversation.desk.cards import card_screen, topic_title
from bot.conversation.desk.held import held_in, tell_never_opened
from bot.conversation.desk.waiting import watch_waiting
from bot.conversation.effects import Note, RenameTopic, SetTopic, Toast, TopicState, UpdateCard
from bot.conversation.person.ask import enter_case
from bot.conversation.person.start import menu_button, person_button
from bot.conversation.screens import Action, Button
from bot.conversation.turn import Turn, locale_of, paragraphs
from bot.storage.ports import Priority


async def my_cases(turn: Turn, person: Person, *, message: int | None = None) -> None:
    """List the cases of a person, newest first, with the way into each open one."""
    locale = locale_of(person)
    cases = await turn.tx.cases.of_person(person.id)
    if not cases:
        buttons = [person_button(turn, locale), menu_button(turn, locale)]
        turn.show(person, paragraphs(turn.text(locale, "no-cases")), buttons, replace=message)
        return
    buttons = []
    lines = []
    for case in cases[:10]:
        state = turn.text(locale, f"case-state-{case.status}")
        article = turn.knowledge.articles.get(case.topic or "")
        topic = article.texts[locale].short if article else turn.text(locale, "no-topic")
        lines.append(turn.text(locale, "case-line", number=case.number, state=state, topic=topic))
        if case.status is not CaseStatus.CLOSED:
            label = turn.text(locale, "button-write-to-case", number=case.number)
            buttons.append(Button(label, Action.of("case", case.number)))
    buttons += [Button(turn.text(locale, "button-new-problem"), Action.of("human", "-", "new"))]
    buttons += [menu_button(turn, locale)]
    document = paragraphs("\n".join(lines), title=turn.text(locale, "my-cases"))
    turn.show(person, document, buttons, replace=message)


async def continue_case(turn: Turn, person: Person, number: str) -> None:
    """Make a case the one that the person's words go to, with everything that was kept for an operator."""
    locale = locale_of(person)
    cases = await turn.tx.cases.active_of_person(person.id)
    case = next((item for item in cases if str(item.number) == number), None)
    if case is None:
        turn.show(
            person,
            paragraphs(turn.text(locale, "case-is-closed")),
            [person_button(turn, locale), menu_button(turn, locale)],
        )
        return
    await enter_case(turn, person, case)


async def close_own(turn: Turn, person: Person, number: str) -> None:
    """Close a case because the person says that it is solved."""
    cases = await turn.tx.cases.active_of_person(person.id)
    case = next((item for item in cases if str(item.number) == number), None)
    if case is None:
        await my_cases(turn, person)
        return
    await close_case(turn, case, actor="person")


async def close_case(turn: Turn, case: Case, *, actor: str) -> Case:
    """Close a case, ask the person how it went, close the topic. Raise `CaseIsClosed`."""
    case = case.closed(turn.now)
    await turn.tx.cases.save(case)
    await turn.tx.audit.record(turn.now, actor, "case-closed", case.id)
    person = await turn.tx.people.get(case.person_id)
    if person.session.get("case") == case.id:
        person = await turn.remember(person, case=None)
    if person.session.get("watched"):
        case = replace(case, summary={**case.summary, "watched": True})
        await turn.tx.cases.save(case)
        if not await turn.tx.cases.active_of_person(person.id):
            person = await turn.remember(person, watched=None)
    held = await held_in(turn, case)
    if held:
        tell_never_opened(turn, case, len(held))
    locale = case.locale
    stars = [Button("⭐" * n, Action.of("rate", case.number, n)) for n in (5, 4, 3, 2, 1)]
    buttons = [*stars, Button(turn.text(locale, "button-reopen"), Action.of("reopen", case.number))]
    title = turn.text(locale, "case-closed", number=case.number)
    document = paragraphs(turn.text(locale, "case-closed-text"), title=title)
    turn.show(person, document, [*buttons, menu_button(turn, locale)], priority=Priority.CONVERSATION)
    turn.emit(UpdateCard(case, card_screen(turn, case)))
    turn.emit(RenameTopic(case, topic_title(turn, case)))
    turn.emit(SetTopic(case, TopicState.CLOSED))
    return case


async def rate(turn: Turn, person: Person, args: tuple[str, ...], *, message: int | None) -> None:
    """Store how a person found the help, and thank."""
    locale = locale_of(person)
    case = await _own(turn, person, args)
    if case is None or len(args) < 2 or args[1] not in ("1", "2", "3", "4", "5"):
        turn.emit(Toast(turn.text(locale, "button-is-old")))
        return
    case = case.rated(int(args[1]))
    await turn.tx.cases.save(case)
    turn.emit(UpdateCard(case, card_screen(turn, case)))
    buttons = [person_button(turn, locale), menu_button(turn, locale)]
    turn.show(person, paragraphs(turn.text(locale, "thanks-for-rating")), buttons, replace=message)


async def reopen(turn: Turn, person: Person, args: tuple[str, ...]) -> None:
    """Take a closed case up again because the problem is not solved."""
    locale = locale_of(person)
    case = await _own(turn, person, args)
    if case is None:
        turn.emit(Toast(turn.text(locale, "button-is-old")))
        return
    if case.status is CaseStatus.CLOSED:
        case = replace(case, status=CaseStatus.WAITING, operator_id=None, taken_at=None, closed_at=None)
        await turn.tx.cases.save(case)
        await turn.tx.audit.record(turn.now, "person", "case-reopened", case.id)
        await watch_waiting(turn, case)
        if case.summary.get("watched"):
            person = await turn.remember(person, watched=True)
        desk_locale = turn.house.desk(case.desk).locale
        turn.emit(SetTopic(case, TopicState.OPEN))
        turn.emit(RenameTopic(case, topic_title(turn, case)))
        turn.emit(UpdateCard(case, card_screen(turn, case)))
        turn.emit(Note(case, paragraphs(turn.text(desk_locale, "desk-reopened", title=topic_title(turn, case)))))
    await enter_case(turn, person, case)


async def _own(turn: Turn, person: Person, args: tuple[str, ...]) -> Case | None:
    cases = await turn.tx.cases.of_person(person.id)
    return next((case for case in cases if args and str(case.number) == args[0]), None)

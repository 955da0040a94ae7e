"""A person writes something that is no press of a button."""

from __future__ import annotations

from typing import Final, cast

from bot.cases.model import Person, Severity
from bot.conversation.first_aid import is_known, say_kept, show_danger
from bot.conversation.incoming import Incoming
from bot.conversation.person.ask import (
    current_case,
    keep_for_later,
    open_case,
    raise_case,
    relay_to_desk,
    write_to_case,
)
from bot.conversation.person.ask import edited as change
from bot.conversation.person.flows import is_asked
from bot.conversation.person.flows import wrote as flow_wrote
from bot.conversation.person.read import article
from bot.conversation.person.start import DANGER_FLOW, choose_language, danger_button, menu_button, person_button
from bot.conversation.screens import Action, Button
from bot.conversation.turn import Turn, locale_of, paragraphs
from bot.knowledge.search import Confidence, SearchAnswer, SearchContext
from bot.knowledge.search.gaps import anonymise
from bot.languages.detection import Detection, Language, Script
from bot.languages.locales import Locale
from bot.languages.switching import LOOKED_AT, switch_offer
from bot.storage.ports import Priority

CHOICES: Final = 3
"""Articles among which a person chooses when the search is not sure."""
NAMED: Final = 2
"""Organisations and flows offered beside articles because the person called them by name."""


async def in_danger(turn: Turn, person: Person, incoming: Incoming) -> Person | None:
    """Do what words of danger ask for; return the person as stored, None where the message needs no other answer.

    An open case goes to the top; where the rule says so, or the person has none, one is opened or offered on the
    screen.
    """
    found = turn.library.danger.match(incoming.text)
    if found is None:
        return person
    show_danger(turn, person, found.rule.id)
    if found.rule.watched and not person.session.get("watched"):
        person = await turn.remember(person, watched=True)
    case = await current_case(turn, person)
    reason = f"danger:{found.rule.id}"
    severity = Severity(found.rule.severity)
    if case is not None:
        if severity.rank < case.severity.rank:
            await raise_case(turn, case, severity, reason, {})
        elif is_known(turn, found.rule.id):
            turn.show(
                person, paragraphs(turn.text(locale_of(person), "danger-passed-on")), priority=Priority.CONVERSATION
            )
            await turn.remember(person, told_waiting=case.id)
        return await turn.tx.people.get(person.id)
    asked = is_asked(turn, person)
    if not asked:
        person = await keep_for_later(turn, person, incoming)
    person = await turn.remember(person, danger=[found.rule.id, turn.now.isoformat()])
    if found.rule.case == "now":
        await open_case(turn, person, severity=severity, reason=reason)
        person = await turn.tx.people.get(person.id)
    elif is_known(turn, found.rule.id):
        say_kept(turn, person, found.rule.id)
    return person if asked else None


async def edited(turn: Turn, person: Person, incoming: Incoming) -> None:
    """Bring a change to where the message went; where it now tells of danger, do as if it were new."""
    known = await change(turn, person, incoming)
    if turn.library.danger.match(incoming.text) is None:
        return
    person = await turn.tx.people.get(person.id)
    case = await current_case(turn, person)
    if case is None:
        person = await keep_for_later(turn, person, incoming)
    elif not known:
        await relay_to_desk(turn, person, case, incoming)
    await in_danger(turn, person, incoming)


async def write(turn: Turn, person: Person, incoming: Incoming) -> None:
    """Pass a message to the open case; without one, look for an answer, and keep the words for an operator.

    What cannot be searched (a voice message, a photo) opens a case by itself: nothing is left lying.
    """
    stored = await in_danger(turn, person, incoming)
    if stored is None:
        return
    person = stored
    if is_asked(turn, person) and (incoming.reply_to is None or person.session["flow"]["flow"] == DANGER_FLOW):
        await flow_wrote(turn, person, incoming)
        return
    case = await current_case(turn, person)
    if case is not None:
        await write_to_case(turn, person, case, incoming)
        return
    if person.locale is None:
        await keep_for_later(turn, person, incoming)
        choose_language(turn, person)
        return
    if not incoming.text.strip():
        person = await keep_for_later(turn, person, incoming)
        await open_case(turn, person)
        return
    await answer(turn, person, incoming)


async def after_language(turn: Turn, person: Person) -> bool:
    """Answer what a person wrote before choosing a language; return whether there was anything.

    What was written before hiding the chat stays for an operator, but is not brought up again.
    """
    hidden = int(person.session.get("hidden", 0))
    kept = [Incoming.from_json(item) for item in person.session.get("pending", [])]
    pending = [item for item in kept if item.message > hidden]
    if not pending:
        return False
    if any(not item.text.strip() for item in pending):
        await open_case(turn, person)
        return True
    await answer(turn, person, pending[-1])
    return True


async def answer(turn: Turn, person: Person, incoming: Incoming) -> None:
    """Answer words from the knowledge: an article at once, a choice of a few, or a kind word and a human."""
    locale = locale_of(person)
    last = person.session.get("article")
    context = SearchContext(
        last_article=str(last) if last else None, citizenship=person.citizenship, region=person.region, locale=locale
    )
    found = turn.library.index.search(incoming.text, context)
    if found.smalltalk is not None:
        await _small_talk(turn, person, found.smalltalk, incoming)
        return
    person = await keep_for_later(turn, person, incoming)
    person = await turn.remember(person, question=anonymise(incoming.text)[:300])
    hits = [hit.id for hit in found.articles if hit.id in turn.knowledge.articles]
    named = _named(turn, locale, found)
    if found.confidence is Confidence.SURE and hits:
        await article(turn, person, (hits[0],), others=tuple(hits[1:CHOICES]), named=named)
    elif (found.confidence is Confidence.LIKELY and hits) or named:
        _choice(turn, person, hits[:CHOICES] if found.confidence is Confidence.LIKELY else [], named)
    else:
        await _nothing(turn, person)
    person = await turn.tx.people.get(person.id)  # with the article that was just shown
    await _keep_search(turn, person, found, hits)
    await _offer_language(turn, person, found.detection)


async def _small_talk(turn: Turn, person: Person, kind: str, incoming: Incoming) -> None:
    locale = locale_of(person)
    if kind == "help":
        person = await keep_for_later(turn, person, incoming)
    danger = danger_button(turn, locale)
    if kind == "help" and not danger:
        kind = "person"  # its text speaks of the button
    document = paragraphs(turn.text(locale, f"smalltalk-{kind}"))
    turn.show(person, document, [*danger, person_button(turn, locale), menu_button(turn, locale)])


def _named(turn: Turn, locale: Locale, found: SearchAnswer) -> list[Button]:
    """Return buttons for the organisations and flows that a message names."""
    buttons = []
    for hit in found.hits:
        if hit.kind == "organisation" and hit.id in turn.knowledge.organisations:
            name = turn.knowledge.organisations[hit.id].name[locale]
            buttons.append(Button(f"🏢 {name}", Action.of("org", hit.id)))
        elif hit.kind == "flow" and hit.id in turn.library.flows.flows:
            buttons.append(Button(f"🧭 {turn.library.flows.flows[hit.id].title[locale]}", Action.of("flow", hit.id)))
    return buttons[:NAMED]


def _choice(turn: Turn, person: Person, hits: list[str], named: list[Button]) -> None:
    locale = locale_of(person)
    buttons = [*named] + [
        Button(turn.knowledge.articles[item].text(locale)[1].short, Action.of("art", item)) for item in hits
    ]
    buttons += [*danger_button(turn, locale), person_button(turn, locale), menu_button(turn, locale)]
    turn.show(person, paragraphs(turn.text(locale, "found-several")), buttons)


async def _nothing(turn: Turn, person: Person) -> None:
    locale = locale_of(person)
    sections = [
        Button(f"{section.emoji} {section.title[locale]}", Action.of("sec", section.id), wide=False)
        for section in turn.knowledge.sections
    ]
    buttons = [*danger_button(turn, locale), person_button(turn, locale), *sections, menu_button(turn, locale)]
    turn.show(person, paragraphs(turn.text(locale, "nothing-found")), buttons)


async def _keep_search(turn: Turn, person: Person, found: SearchAnswer, hits: list[str]) -> None:
    """Keep for editors what the knowledge did not surely answer, without names and numbers."""
    if found.confidence is Confidence.SURE:
        return
    words = str(person.session.get("question", ""))
    if words:
        outcome = found.confidence.value if hits else "nothing"
        await turn.tx.searches.add(words, locale_of(person), outcome, turn.today, hits[:CHOICES])


async def _offer_language(turn: Turn, person: Person, detection: Detection) -> None:
    """Offer another language once a person's messages say so; the choice stays theirs."""
    seen = [*person.session.get("heard", []), [detection.variant, detection.margin]][-LOOKED_AT:]
    heard = [_detection(variant, margin) for variant, margin in seen]
    offered = switch_offer(locale_of(person), heard)
    if offered is None:
        await turn.remember(person, heard=seen)
        return
    await turn.remember(person, heard=None)
    buttons = [
        Button(turn.text(offered, "button-switch-language"), Action.of("lang", offered), wide=False),
        Button(turn.text(locale_of(person), "button-keep-language"), Action.of("menu"), wide=False),
    ]
    turn.show(person, paragraphs(turn.text(offered, "offer-language")), buttons)


def _detection(variant: str, margin: float) -> Detection:
    language, _, script = variant.partition("-")
    return Detection(cast(Language, language), cast("Script | None", script or None), variant, margin)


async def unsupported(turn: Turn, person: Person) -> None:
    """Say that a message of this kind cannot be passed on, and what can."""
    locale = locale_of(person)
    document = paragraphs(turn.text(locale, "unsupported"))
    turn.show(person, document, [*danger_button(turn, locale), person_button(turn, locale), menu_button(turn, locale)])

"""Whether a condition of a flow holds. Total: every condition is true or false, whatever was answered."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.knowledge.facts import FactHasNoValue, value
from bot.knowledge.models import decimal_of
from bot.triage.context import Context
from bot.triage.models import Condition, FactRef, Quantity
from bot.triage.state import State
from bot.triage.terms import NotATerm, add_term, term_of


def holds(condition: Condition, state: State, context: Context) -> bool:
    """Return whether a condition holds. What is not known makes a comparison false (`is_not`, `known: false`: true)."""
    if condition.every is not None:
        return all(holds(each, state, context) for each in condition.every)
    if condition.some is not None:
        return any(holds(each, state, context) for each in condition.some)
    if condition.negated is not None:
        return not holds(condition.negated, state, context)
    subject = _subject(condition, state, context)
    if condition.known is not None:
        return (subject is not None) is condition.known
    if condition.unequal is not None:
        return not _same(subject, condition.unequal)
    if subject is None:
        return False
    return _compare(condition, subject, state, context)


def _compare(condition: Condition, subject: Any, state: State, context: Context) -> bool:
    if condition.equal is not None:
        return _same(subject, condition.equal)
    if condition.among is not None:
        return any(_same(subject, each) for each in condition.among)
    if condition.has is not None:
        return condition.has in subject if isinstance(subject, list | tuple) else _same(subject, condition.has)
    if condition.less is not None or condition.more is not None:
        number = _number(subject)
        less, more = condition.less, condition.more
        bound = _quantity(less if less is not None else more, state, context)
        if number is None or bound is None:
            return False
        return number < bound if less is not None else number > bound
    if condition.older is not None:
        return _is_older(subject, condition.older, state, context) is True
    if condition.newer is not None:
        return _is_older(subject, condition.newer, state, context) is False
    return False


def _subject(condition: Condition, state: State, context: Context) -> Any:
    if condition.answer is not None:
        return state.answers.get(condition.answer)
    if condition.profile is not None:
        return context.known(state).get(condition.profile)
    fact = context.knowledge.facts.get(condition.fact or "")
    if fact is None:
        return None
    reader = context.reader(state)
    try:
        return value(fact, context.today, reader.citizenship, reader.region)
    except FactHasNoValue:
        return None


def _same(subject: Any, wanted: str | int | float) -> bool:
    if subject is None:
        return False
    if isinstance(wanted, int | float):
        return _number(subject) == Decimal(str(wanted))
    return str(subject) == wanted


def _number(subject: Any) -> Decimal | None:
    if isinstance(subject, bool) or not isinstance(subject, int | float | str):
        return None
    try:
        return Decimal(str(subject))
    except InvalidOperation:
        return None


def _quantity(quantity: Quantity | None, state: State, context: Context) -> Decimal | None:
    if not isinstance(quantity, FactRef):
        return None if quantity is None else Decimal(str(quantity))
    fact = context.knowledge.facts.get(quantity.fact)
    if fact is None:
        return None
    reader = context.reader(state)
    try:
        return decimal_of(value(fact, context.today, reader.citizenship, reader.region))
    except (FactHasNoValue, TypeError):
        return None


def _is_older(subject: Any, quantity: Quantity, state: State, context: Context) -> bool | None:
    """Whether a day lies longer ago than a term; None where it cannot be said."""
    try:
        day = subject if isinstance(subject, date) else date.fromisoformat(str(subject))
    except ValueError:
        return None
    if not isinstance(quantity, FactRef):
        return day < context.today - timedelta(days=int(quantity))
    reader = context.reader(state)
    try:
        term = term_of(context.knowledge, quantity.fact, context.today, reader.citizenship, reader.region)
    except NotATerm:
        return None
    # As in the calculators the day itself is the first of the term: too early rather than too late.
    return None if term is None else add_term(day - timedelta(days=1), *term) < context.today

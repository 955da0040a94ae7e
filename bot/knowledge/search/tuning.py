"""Fit the numbers of `calibration.json` to messages with known answers. Pure, without chance, standard library only.

Three steps: the weights of the signals (softmax regression: the right article should get the belief), then the two
judges (logistic regression over the traits of confidence), then their thresholds (from the promises of the search:
*sure* is right, nothing is pushed on a message without an answer).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.knowledge.search.calibration import SIGNALS, TRAITS, Calibration, Judge
from bot.knowledge.search.evaluation import Message, rank
from bot.knowledge.search.index import SearchIndex

_CANDIDATES: Final = 12
_ROUNDS: Final = 250
_STEP: Final = 0.05
_PULL: Final = 2e-3
"""Pull of the weights to zero, so that a few messages do not drive them far."""

SURE_RIGHT: Final = 0.955
PUSHED: Final = 0.02
KEPT: Final = 0.93
SAID: Final = 0.56
_COUNTED: Final = 30
"""Answerable messages from which on a language and script is looked at by itself."""
FOLDS: Final = 5
"""Parts of the messages: what a threshold is chosen by was judged by numbers fitted on the other parts."""


@dataclass(frozen=True, slots=True)
class _Case:
    """Candidates of one message as rows of signals, and which of them are right."""

    rows: tuple[tuple[float, ...], ...]
    right: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a message looked like to the judges, and what is true of it."""

    traits: tuple[float, ...]
    right: bool
    answerable: bool
    variant: str


def fit(
    index: SearchIndex,
    messages: Iterable[Message],
    start: Calibration,
    *,
    untouched: Iterable[Message] | None = None,
) -> Calibration:
    """Fit the weights on all messages, the judges on the `untouched` ones alone (None: on all).

    untouched: messages by which no ask and no word was chosen; others make the search look surer than it is.
    """
    everything = list(messages)
    fresh = everything if untouched is None else list(untouched)
    learnt = everything if untouched is None else [*everything, *fresh]
    weighted = replace(start, weights=fit_weights(index, learnt, start))
    return fit_judges(index.with_calibration(weighted), fresh, weighted)


def fit_weights(index: SearchIndex, messages: Sequence[Message], start: Calibration) -> dict[str, float]:
    """Weights of the signals, none below zero."""
    cases = [case for message in _questions(index, messages) if (case := _case(index, message)) is not None]
    scales = [_spread([row[place] for case in cases for row in case.rows]) for place in range(len(SIGNALS))]
    weights = [start.weights[signal] * scale for signal, scale in zip(SIGNALS, scales, strict=True)]
    scaled = [
        _Case(tuple(tuple(v / s for v, s in zip(row, scales, strict=True)) for row in case.rows), case.right)
        for case in cases
    ]
    weights = _descend(weights, lambda now: _softmax_slope(now, scaled), floor=0.0)
    return {signal: weight / scale for signal, weight, scale in zip(SIGNALS, weights, scales, strict=True)}


def fit_judges(index: SearchIndex, messages: Iterable[Message], start: Calibration) -> Calibration:
    """The two judges and their thresholds; messages: such by which no ask and no word was chosen."""
    seen = _look(index, _questions(index, messages))
    firsts = [one.right for one in seen]
    answerable = [one.answerable for one in seen]
    beliefs = _cross(seen, firsts)
    sure = max(_sure_threshold(beliefs, firsts, answerable), _careful_threshold(beliefs, seen))
    return replace(
        start,
        first=Judge(_logistic(seen, firsts), sure),
        answerable=Judge(_logistic(seen, answerable), _nothing_threshold(_cross(seen, answerable), answerable)),
    )


def cross_validated(
    index: SearchIndex, messages: Iterable[Message], calibration: Calibration
) -> dict[str, tuple[int, float, float]]:
    """How *sure* does on messages that the judges did not see: variant to answerable ones, share said, share right."""
    seen = _look(index, _questions(index, messages))
    beliefs = _cross(seen, [one.right for one in seen])
    result = {}
    for variant in (*dict.fromkeys(one.variant for one in seen), "all"):
        inside = [
            (belief, one.right)
            for belief, one in zip(beliefs, seen, strict=True)
            if one.answerable and variant in (one.variant, "all")
        ]
        sure = [right for belief, right in inside if belief >= calibration.first.threshold]
        if sure:
            result[variant] = (len(inside), len(sure) / len(inside), sum(sure) / len(sure))
    return result


def _questions(index: SearchIndex, messages: Iterable[Message]) -> list[Message]:
    """Messages that reach the ranking; small talk does not."""
    return [message for message in messages if index.search(message.text).smalltalk is None]


def _look(index: SearchIndex, messages: Iterable[Message]) -> list[_Seen]:
    ids = index.article_ids()
    seen = []
    for message in messages:
        judged = index.inside(message.text)
        found = [ids[item.number] for item in judged.ranked[:1]]
        seen.append(_Seen(judged.traits, rank(found, message.gold) == 1, bool(message.gold), message.variant))
    return seen


def _cross(seen: Sequence[_Seen], truths: Sequence[bool]) -> list[float]:
    """The probability for every message, by coefficients fitted on the parts it is not in."""
    result = [0.0] * len(seen)
    for part in range(FOLDS):
        others = [place for place in range(len(seen)) if place % FOLDS != part]
        judge = Judge(_logistic([seen[place] for place in others], [truths[place] for place in others]), 0.0)
        for place in range(part, len(seen), FOLDS):
            result[place] = judge.probability(seen[place].traits)
    return result


def _sure_threshold(beliefs: Sequence[float], firsts: Sequence[bool], answerable: Sequence[bool]) -> float:
    """The lowest belief at which *sure* keeps its two promises."""
    empty = sum(1 for has_answer in answerable if not has_answer)
    best = 0.99
    for threshold in sorted({round(belief, 3) for belief in beliefs}):
        sure = [place for place, belief in enumerate(beliefs) if belief >= threshold]
        said = [place for place in sure if answerable[place]]
        pushed = len(sure) - len(said)
        right = sum(firsts[place] for place in said)
        if said and right / len(said) >= SURE_RIGHT and (not empty or pushed / empty <= PUSHED):
            best = threshold
            break
    return max(0.5, min(0.99, best))


def _careful_threshold(beliefs: Sequence[float], seen: Sequence[_Seen]) -> float:
    """The highest belief at which *sure* is still said often enough in every language; 0 without enough messages."""
    by_variant: dict[str, list[float]] = {}
    for belief, one in zip(beliefs, seen, strict=True):
        if one.answerable:
            by_variant.setdefault(one.variant, []).append(belief)
    counted = [sorted(group, reverse=True) for group in by_variant.values() if len(group) >= _COUNTED]
    lowest = min((group[math.ceil(SAID * len(group)) - 1] for group in counted), default=0.0)
    return min(0.99, math.floor(1000 * lowest) / 1000)


def _nothing_threshold(chances: Sequence[float], answerable: Sequence[bool]) -> float:
    """The chance below which the search says that it found nothing, keeping nearly all answerable messages."""
    kept = sorted(chance for chance, has_answer in zip(chances, answerable, strict=True) if has_answer)
    if not kept or all(answerable):
        return 0.3
    return max(0.05, min(0.9, kept[int((1 - KEPT) * len(kept))]))


def _case(index: SearchIndex, message: Message) -> _Case | None:
    if not message.gold:
        return None
    ids = index.article_ids()
    ranked = index.inside(message.text).ranked
    chosen = list(ranked[:_CANDIDATES])
    chosen += [item for item in ranked[_CANDIDATES:] if ids[item.number] in message.gold]
    right = tuple(place for place, item in enumerate(chosen) if ids[item.number] in message.gold)
    if not right:
        return None
    return _Case(tuple(tuple(item.signals[signal] for signal in SIGNALS) for item in chosen), right)


def _softmax_slope(weights: Sequence[float], cases: Sequence[_Case]) -> list[float]:
    slope = [_PULL * weight for weight in weights]
    for case in cases:
        totals = [sum(w * v for w, v in zip(weights, row, strict=True)) for row in case.rows]
        highest = max(totals)
        shares = [math.exp(total - highest) for total in totals]
        whole = sum(shares)
        right = sum(shares[place] for place in case.right)
        for place, row in enumerate(case.rows):
            push = shares[place] / whole - (shares[place] / right if place in case.right else 0.0)
            for number, value in enumerate(row):
                slope[number] += push * value / len(cases)
    return slope


def _logistic(seen: Sequence[_Seen], truths: Sequence[bool]) -> tuple[float, ...]:
    def slope(now: Sequence[float]) -> list[float]:
        result = [_PULL * weight for weight in now]
        judge = Judge(tuple(now), 0.0)
        for one, truth in zip(seen, truths, strict=True):
            gap = (judge.probability(one.traits) - truth) / len(seen)
            for number, value in enumerate(one.traits):
                result[number] += gap * value
        return result

    return tuple(_descend([0.0] * len(TRAITS), slope, rounds=3 * _ROUNDS))


def _descend(
    start: Sequence[float],
    slope: Callable[[Sequence[float]], list[float]],
    *,
    floor: float = -math.inf,
    rounds: int = _ROUNDS,
) -> list[float]:
    """Adam's method: steps whose size follows the mean and the spread of the slopes so far."""
    now = list(start)
    mean = [0.0] * len(now)
    spread = [0.0] * len(now)
    for turn in range(1, rounds + 1):
        for number, push in enumerate(slope(now)):
            mean[number] = 0.9 * mean[number] + 0.1 * push
            spread[number] = 0.99 * spread[number] + 0.01 * push * push
            step = mean[number] / (1 - 0.9**turn) / (math.sqrt(spread[number] / (1 - 0.99**turn)) + 1e-9)
            now[number] = max(floor, now[number] - _STEP * step)
    return now


def _spread(values: Sequence[float]) -> float:
    if not values:
        return 1.0
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values)) or 1.0

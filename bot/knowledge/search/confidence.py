"""From a ranking to *sure*, *likely* or *nothing*: a wrong confident answer is worse than three buttons."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

from bot.knowledge.search.calibration import TRAITS, Calibration, Confidence
from bot.knowledge.search.features import Features, Vocabulary
from bot.knowledge.search.ranking import Order, Ranking

OFF_TOPIC: Final = "off_topic"
"""The concept of `concepts.yaml` for weather, football, recipes and the like."""
_MOST_SHARED: Final = 4
_MOST_FOREIGN: Final = 6
"""Concepts of a message that the first article has, or has not, beyond which more say nothing more."""


def traits(
    question: Features,
    order: Order,
    vocabulary: Vocabulary,
    ranking: Ranking,
    steady: float,
    topical: float,
) -> tuple[float, ...]:
    """What the confidence is judged by, in the order of `calibration.TRAITS`.

    steady: the share of belief of the first one without the word that it owes most to. topical: `topicality.py`.
    """
    ranked = order.ranked
    if not ranked:
        return (1.0, *([0.0] * (len(TRAITS) - 1)))
    first = ranked[0]
    runner_up = ranked[1].share if len(ranked) > 1 else 0.0
    words = question.words
    known = sum(vocabulary.knows(word) for word in words) / len(words) if words else 0.0
    off_topic = vocabulary.concept(OFF_TOPIC)
    meant = Counter({concept: times for concept, times in question.concepts.items() if concept != off_topic})
    shared = ranking.common(meant, first.number)
    return (
        1.0,
        first.share,
        min(3.0, math.log((first.share + 0.01) / (runner_up + 0.01))),
        first.signals["ask"],
        first.signals["ask_concepts"],
        known,
        min(1.5, math.log(1 + len(words)) / 2),
        order.agreement,
        ranking.covered(question, first.number),
        float(question.concepts[off_topic] > 0),
        steady,
        min(_MOST_SHARED, shared) / _MOST_SHARED,
        min(_MOST_FOREIGN, len(meant) - shared) / _MOST_FOREIGN,
        topical,
    )


def judge(measured: Sequence[float], calibration: Calibration) -> tuple[Confidence, float, float]:
    """Return the confidence, the probability that the first is right, and that the message has an answer."""
    first = calibration.first.probability(measured)
    answerable = calibration.answerable.probability(measured)
    if answerable < calibration.answerable.threshold:
        return Confidence.NOTHING, first, answerable
    if first >= calibration.first.threshold:
        return Confidence.SURE, first, answerable
    return Confidence.LIKELY, first, answerable

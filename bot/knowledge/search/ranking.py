"""The signals of one question against every document, and what they say together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.knowledge.search.calibration import SIGNALS, Calibration
from bot.knowledge.search.documents import SearchDocument
from bot.knowledge.search.features import Features, Vocabulary, together
from bot.knowledge.search.space import Space

_TITLE_WEIGHT: Final = 2
_CONCEPT_BOOST: Final = 1.5


@dataclass(frozen=True, slots=True)
class Ranked:
    """One document of a ranking with its share of belief among all documents (0–1) and its signals."""

    number: int
    share: float
    signals: Mapping[str, float]


class Ranking:
    """The spaces of the signals over a fixed list of documents; read-only after it is built."""

    def __init__(self, documents: Sequence[SearchDocument], vocabulary: Vocabulary) -> None:
        asks: list[Features] = []
        self._owners: list[int] = []
        ask_parts: list[list[tuple[Features, int]]] = []
        bodies: list[Features] = []
        for number, document in enumerate(documents):
            parts: list[tuple[Features, int]] = []
            for locale, text in document.texts.items():
                titles = [(line, _TITLE_WEIGHT) for line in text.title.splitlines()]
                for line, weight in [*titles, *((ask, 1) for ask in text.asks)]:
                    features = vocabulary.read(line, locale.language)
                    parts.append((features, weight))
                    asks.append(features)
                    self._owners.append(number)
            ask_parts.append(parts)
            bodies.append(_added([vocabulary.read(t.body, locale.language) for locale, t in document.texts.items()]))
        grams, prefixes, concepts = vocabulary.sizes
        self._grams = grams
        self._count = len(documents)
        self._asks = Space([self._joint(ask) for ask in asks], grams + concepts, boost=(grams, _CONCEPT_BOOST))
        self._ask_grams = Space([together((part.grams, w) for part, w in parts) for parts in ask_parts], grams)
        self._ask_concepts = Space([together((part.concepts, w) for part, w in parts) for parts in ask_parts], concepts)
        self._body_grams = Space([body.grams for body in bodies], grams)
        self._words = Space(
            [
                together([(body.prefixes, 1), *((part.prefixes, w) for part, w in parts)])
                for body, parts in zip(bodies, ask_parts, strict=True)
            ],
            prefixes,
        )
        self._body_concepts = Space([body.concepts for body in bodies], concepts)

    def signals(self, question: Features) -> dict[str, list[float]]:
        """Every signal for every document, each 0 to 1."""
        ask, three = self._nearest(question)
        return {
            "ask": ask,
            "three_asks": three,
            "ask_grams": self._ask_grams.scores(question.grams, question.unknown),
            "ask_concepts": self._ask_concepts.scores(question.concepts),
            "body_grams": self._body_grams.scores(question.grams, question.unknown),
            "words": self._words.scores(question.prefixes, question.strange),
            "body_concepts": self._body_concepts.scores(question.concepts),
        }

    def covered(self, question: Features, number: int) -> float:
        """What share of the question's words, weighted by rarity, a document has anywhere, 0 to 1."""
        whole = self._words.unseen * question.strange
        common = 0.0
        for prefix in question.prefixes:
            rarity = self._words.rarity(prefix)
            whole += rarity
            if self._words.has(prefix, number):
                common += rarity
        return common / whole if whole else 0.0

    def rank(self, question: Features, calibration: Calibration, priors: Sequence[float]) -> list[Ranked]:
        """Documents by belief, best first; `priors` are added before the belief is shared out."""
        signals = self.signals(question)
        totals = list(priors)
        for signal in SIGNALS:
            weight = calibration.weight(signal)
            if weight:
                for number, value in enumerate(signals[signal]):
                    totals[number] += weight * value
        order = sorted(range(self._count), key=lambda number: (-totals[number], number))
        highest = totals[order[0]] if order else 0.0
        shares = [math.exp(max(-50.0, totals[number] - highest)) for number in order]
        whole = sum(shares)
        return [
            Ranked(number, share / whole, {signal: signals[signal][number] for signal in SIGNALS})
            for number, share in zip(order, shares, strict=True)
        ]

    def _nearest(self, question: Features) -> tuple[list[float], list[float]]:
        best = [0.0] * self._count
        second = [0.0] * self._count
        third = [0.0] * self._count
        for owner, score in zip(self._owners, self._asks.scores(self._joint(question), question.unknown), strict=True):
            if score > third[owner]:
                if score > best[owner]:
                    best[owner], second[owner], third[owner] = score, best[owner], second[owner]
                elif score > second[owner]:
                    second[owner], third[owner] = score, second[owner]
                else:
                    third[owner] = score
        return best, [sum(three) / 3 for three in zip(best, second, third, strict=True)]

    def _joint(self, features: Features) -> Counter[int]:
        joint = Counter(features.grams)
        for concept, times in features.concepts.items():
            joint[self._grams + concept] = times
        return joint


def _added(parts: Sequence[Features]) -> Features:
    """The features of several texts as those of one."""
    return Features(
        everything=(),
        words=(),
        grams=together((part.grams, 1) for part in parts),
        prefixes=together((part.prefixes, 1) for part in parts),
        concepts=together((part.concepts, 1) for part in parts),
        unknown=0,
        strange=0,
    )

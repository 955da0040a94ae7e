"""The signals of one question against every document, and what they say together."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.knowledge.search.calibration import SIGNALS, Calibration
from bot.knowledge.search.documents import SearchDocument
from bot.knowledge.search.features import Features, Vocabulary
from bot.knowledge.search.space import Drafts, Space

_TITLE_WEIGHT: Final = 2
_CONCEPT_BOOST: Final = 1.5
_CONCEPTS_FIRST: Final = 4096
"""Numbers kept for concepts in the space of asks."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One document of a ranking with its share of belief among all documents (0–1) and its signals."""

    number: int
    share: float
    signals: Mapping[str, float]


class Ranking:
    """The spaces of the signals over a fixed list of documents; read-only after it is built."""

    def __init__(self, documents: Sequence[SearchDocument], vocabulary: Vocabulary) -> None:
        self._owners = array("I")
        self._count = len(documents)
        ask, ask_grams, ask_concepts, words, body_concepts = (Drafts() for _ in range(5))
        for number, document in enumerate(documents):
            grams: Counter[int] = Counter()
            prefixes: Counter[int] = Counter()
            concepts: Counter[int] = Counter()
            told: Counter[int] = Counter()
            for locale, text in document.texts.items():
                titles = [(line, _TITLE_WEIGHT) for line in text.title.splitlines()]
                for line, weight in [*titles, *((one, 1) for one in text.asks)]:
                    features = vocabulary.read(line, locale.language)
                    ask.add(self._joint(features))
                    self._owners.append(number)
                    for total, part in (
                        (grams, features.grams),
                        (prefixes, features.prefixes),
                        (concepts, features.concepts),
                    ):
                        for feature, times in part.items():
                            total[feature] += times * weight
                body = vocabulary.read(text.body, locale.language, grams=False)
                prefixes.update(body.prefixes)
                told.update(body.concepts)
            ask_grams.add(grams)
            ask_concepts.add(concepts)
            words.add(prefixes)
            body_concepts.add(told)
        grams_known, prefixes_known, concepts_known = vocabulary.sizes
        # In the space of asks concepts come before n-grams, so that their numbers do not move while the index grows.
        self._asks = Space(ask, _CONCEPTS_FIRST + grams_known, boosted=(_CONCEPTS_FIRST, _CONCEPT_BOOST))
        self._ask_grams = Space(ask_grams, grams_known)
        self._ask_concepts = Space(ask_concepts, concepts_known)
        self._words = Space(words, prefixes_known)
        self._body_concepts = Space(body_concepts, concepts_known)

    def signals(self, question: Features) -> dict[str, list[float]]:
        """Every signal for every document, each 0 to 1."""
        ask, three = self._nearest(question)
        return {
            "ask": ask,
            "three_asks": three,
            "ask_grams": self._ask_grams.scores(question.grams, question.unknown),
            "ask_concepts": self._ask_concepts.scores(question.concepts),
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

    @staticmethod
    def _joint(features: Features) -> dict[int, int]:
        joint = {_CONCEPTS_FIRST + gram: times for gram, times in features.grams.items()}
        joint.update(features.concepts)
        return joint

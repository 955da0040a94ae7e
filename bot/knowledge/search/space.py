"""A space of documents: weighted features in flat arrays, answered by cosine. Standard library only."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from itertools import accumulate
from math import log
from typing import Final

_BUDGET: Final = 16_000
"""Entries that one question may visit in one space; the rarest features go first, the commonest are left out."""


class Drafts:
    """Documents on their way into a space, kept flat so that thousands of them take little memory."""

    def __init__(self) -> None:
        self.features = array("I")
        self.times = array("f")
        self.ends = array("I")

    def add(self, counts: Mapping[int, int]) -> None:
        """Add the next document: feature to how often it stands there."""
        self.features.extend(counts)
        self.times.extend(counts.values())
        self.ends.append(len(self.features))


class Space:
    """Documents as sparse vectors: (1 + log count) * idf, of length one. Read-only after it is built."""

    def __init__(self, drafts: Drafts, features: int, boosted: tuple[int, float] = (0, 1.0)) -> None:
        """Index drafts over `features` features; the first `boosted[0]` weigh `boosted[1]` times as much."""
        count = len(drafts.ends)
        self._documents = count
        frequency = array("I", bytes(4 * features))
        for feature in drafts.features:
            frequency[feature] += 1
        self._unseen = math.log(1 + count)
        self._idf = array("f", (math.log(1 + count / seen) if seen else self._unseen for seen in frequency))
        for feature in range(boosted[0]):
            self._idf[feature] *= boosted[1]
        self._offsets = array("I", accumulate(frequency, initial=0))
        self._ids = array("I", bytes(4 * self._offsets[features]))
        self._weights = array("f", bytes(4 * self._offsets[features]))
        places = array("I", self._offsets)
        idf, ids, weights = self._idf, self._ids, self._weights
        start = 0
        for number, end in enumerate(drafts.ends):
            chosen = drafts.features[start:end]
            vector = [
                (1.0 + log(times)) * idf[feature] if times != 1.0 else idf[feature]
                for feature, times in zip(chosen, drafts.times[start:end], strict=True)
            ]
            norm = math.sqrt(sum(weight * weight for weight in vector)) or 1.0
            for feature, weight in zip(chosen, vector, strict=True):
                place = places[feature]
                ids[place] = number
                weights[place] = weight / norm
                places[feature] = place + 1
            start = end

    @property
    def entries(self) -> int:
        """How many weights are stored."""
        return len(self._ids)

    def scores(self, question: Mapping[int, int], unknown: int = 0) -> list[float]:
        """Cosine of every document with the question, 0 to 1; `unknown` features of the question lower it."""
        totals = [0.0] * self._documents
        vector, norm = self._vector(question, unknown)
        vector.sort(key=lambda pair: -self._idf[pair[0]])
        left = _BUDGET
        for feature, weight in vector:
            start, end = self._offsets[feature], self._offsets[feature + 1]
            left -= end - start
            if left < 0:
                break
            share = weight / norm
            for number, stored in zip(self._ids[start:end], self._weights[start:end], strict=True):
                totals[number] += share * stored
        return totals

    @property
    def unseen(self) -> float:
        """The idf of what no document has."""
        return self._unseen

    def has(self, feature: int, document: int) -> bool:
        """Whether a document has a feature."""
        end = self._offsets[feature + 1]
        place = bisect_left(self._ids, document, self._offsets[feature], end)
        return place < end and self._ids[place] == document

    def rarity(self, feature: int) -> float:
        """The idf of a feature in this space."""
        return self._idf[feature]

    def _vector(self, counts: Mapping[int, int], unknown: int) -> tuple[list[tuple[int, float]], float]:
        vector = [(feature, (1.0 + math.log(times)) * self._idf[feature]) for feature, times in counts.items()]
        square = sum(weight * weight for _, weight in vector) + unknown * self._unseen * self._unseen
        return vector, math.sqrt(square) or 1.0

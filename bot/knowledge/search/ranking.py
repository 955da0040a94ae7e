"""The signals of one question against every document, and what they say together."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from bot.knowledge.search.calibration import SIGNALS, Calibration
from bot.knowledge.search.corpus import Corpus
from bot.knowledge.search.features import Counted, Features, Vocabulary
from bot.knowledge.search.rows import MOST, Flags, Floats, Rows, offsets_of
from bot.knowledge.search.space import DocumentSpace, Lines, LineSpace
from bot.knowledge.search.topicality import Heap

_CONCEPT_BOOST: Final = 1.5
MOST_RANKED: Final = 64
"""Documents of a ranking that are written out for an answer; writing up a thousand takes most of the time."""


class Ranked(NamedTuple):
    """One document of a ranking with its share of belief among all documents (0–1) and its signals."""

    number: int
    share: float
    signals: Mapping[str, float]


class Order(NamedTuple):
    """A ranking, best first, and how far the signals agree on the first one, 0 to 1.

    agreement: half for being the best of all documents by its asks, half for being it by its words and text.
    """

    ranked: tuple[Ranked, ...]
    agreement: float


class Ranking:
    """The spaces of the signals over a fixed list of documents; read-only after it is built."""

    def __init__(self, corpus: Corpus, vocabulary: Vocabulary) -> None:
        self._count = len(corpus.digests)
        grams, prefixes, concepts = vocabulary.sizes
        self._asks = LineSpace(
            Lines(corpus.words, corpus.concepts, corpus.repeats),
            vocabulary.word_grams,
            (grams, concepts),
            _CONCEPT_BOOST,
        )
        self._owners = np.flatnonzero(corpus.lines)
        self._sizes = corpus.lines[self._owners]
        self._owner_of = np.repeat(np.arange(len(self._owners)), self._sizes)
        self._starts = offsets_of(self._sizes)[:-1]
        self._ask_grams = DocumentSpace(_grams(corpus.said_words, vocabulary.word_grams, grams), grams)
        self._ask_concepts = DocumentSpace(corpus.said_concepts, concepts)
        self._words = DocumentSpace(corpus.prefixes, prefixes)
        self._body_concepts = DocumentSpace(corpus.told, concepts)

    @property
    def used(self) -> tuple[Flags, Flags]:
        """Which n-grams and which prefixes any document has."""
        return self._asks.used_grams, self._words.used

    def heap(self, vocabulary: Vocabulary) -> Heap:
        """How many asks and titles have each n-gram."""
        codes, numbers = vocabulary.codes
        found = self._asks.found_grams[numbers]
        return Heap(codes[found > 0], found[found > 0], len(self._owner_of))

    def signals(self, question: Features) -> dict[str, Floats]:
        """Every signal for every document, each 0 to 1."""
        concepts = Counted.of(question.concepts)
        ask, three = self._nearest(self._asks.scores(question.grams, concepts, question.unknown))
        grams, odds = self._ask_grams.scores_and_odds(question.grams, question.unknown)
        ideas, idea_odds = self._ask_concepts.scores_and_odds(concepts)
        return {
            "ask": ask,
            "three_asks": three,
            "ask_grams": grams,
            "ask_odds": odds,
            "ask_concepts": ideas,
            "concept_odds": idea_odds,
            "words": self._words.scores(Counted.of(question.prefixes), question.strange),
            "body_concepts": self._body_concepts.scores(concepts),
        }

    def covered(self, question: Features, number: int) -> float:
        """What share of the question's words, weighted by rarity, a document has anywhere, 0 to 1."""
        prefixes = np.fromiter(question.prefixes, np.int64, len(question.prefixes))
        rarity = self._words.rarity(prefixes)
        whole = self._words.unseen * question.strange + float(rarity.sum())
        return float(rarity[self._words.has(prefixes, number)].sum()) / whole if whole else 0.0

    def rank(
        self, question: Features, calibration: Calibration, priors: Sequence[float], most: int | None = MOST_RANKED
    ) -> Order:
        """Documents by belief, best first; `priors` are added before the belief is shared out.

        most: how many are written out, None: all of them.
        """
        if not self._count:
            return Order((), 0.0)
        signals = self.signals(question)
        beliefs = _shared(signals, calibration, priors)
        order = np.argsort(-beliefs, kind="stable")[:most]
        shares = beliefs[order]
        table = np.stack([signals[signal][order] for signal in SIGNALS], axis=1).tolist()
        ranked = tuple(
            Ranked(number, share, dict(zip(SIGNALS, row, strict=True)))
            for number, share, row in zip(order.tolist(), shares.tolist(), table, strict=True)
        )
        views = (signals["ask"] + signals["ask_grams"], signals["words"] + signals["body_concepts"])
        return Order(ranked, sum(float(view[order[0]] >= view.max()) for view in views) / len(views))

    def share(self, question: Features, calibration: Calibration, priors: Sequence[float], number: int) -> float:
        """The share of belief of one document, 0 to 1."""
        return float(_shared(self.signals(question), calibration, priors)[number])

    def strongest(self, words: Sequence[str], vocabulary: Vocabulary, number: int) -> int:
        """The place of the word that a document owes most to, by its n-grams in the asks."""
        places, grams = vocabulary.grams_by_word(words)
        there = self._ask_grams.has(grams, number)
        weights = np.where(there, self._ask_grams.rarity(grams) ** 2, 0.0)
        return int(np.bincount(places, weights=weights, minlength=len(words)).argmax())

    def common(self, concepts: Counter[int], number: int) -> int:
        """How many of these concepts the asks of a document have."""
        return int(self._ask_concepts.has(np.fromiter(concepts, np.int64, len(concepts)), number).sum())

    def _nearest(self, scores: Floats) -> tuple[Floats, Floats]:
        """For every document the score of its nearest line, and the mean of its three nearest; missing ones are 0."""
        best = np.zeros((3, self._count))
        if len(self._owners):
            for turn in range(3):
                highest = np.maximum.reduceat(scores, self._starts)
                best[turn, self._owners] = np.maximum(highest, 0.0)
                places = np.flatnonzero(scores == np.repeat(highest, self._sizes))
                scores[places[np.diff(self._owner_of[places], prepend=-1) != 0]] = -1.0
        return best[0], best.sum(axis=0) / 3


def _shared(signals: Mapping[str, Floats], calibration: Calibration, priors: Sequence[float]) -> Floats:
    """The belief in every document; all of it together is 1."""
    totals = np.array(priors, np.float64)
    for signal in SIGNALS:
        totals += calibration.weight(signal) * signals[signal]
    shares: Floats = np.exp(np.maximum(-50.0, totals - totals.max()))
    shares /= shares.sum()
    return shares


def _grams(said: Rows, word_grams: Rows, count: int) -> Rows:
    """From the words of every document to its n-grams."""
    sizes, ids, values = [], array("i"), array("H")  # they grow in place
    for words, times in said.pieces():
        places = word_grams.places(words)
        weights = np.repeat(times.astype(np.float64), word_grams.sizes_of(words)) * word_grams.values[places]
        found = np.bincount(word_grams.ids[places], weights=weights, minlength=count)
        grams = np.flatnonzero(found)
        sizes.append(len(grams))
        ids.frombytes(grams.astype(np.int32).tobytes())
        values.frombytes(np.minimum(found[grams], MOST).astype(np.uint16).tobytes())
    return Rows.of(np.array(sizes, np.int64), np.frombuffer(ids, np.int32), np.frombuffer(values, np.uint16))

"""Spaces of documents: weighted features answered by cosine.

A document is a vector of (1 + log count) * idf, of length one. What depends on all documents together (idf, lengths) is
worked out when a space is made; the entries themselves are kept as counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.knowledge.search.features import Counted
from bot.knowledge.search.rows import REPEATED, Flags, Floats, Numbers, Rows, by_column, offsets_of, ranges, sums

_BUDGET: Final = 250_000
"""Entries that one question may visit in one space; the rarest features go first, the commonest are left out.
Of 64 articles nothing is left out, of a thousand hardly anything: it only bounds the time of the longest messages."""
_SHARPNESS: Final = 16.0
"""Below a sixteenth of its fair share of a feature's places a document gains in proportion to them, above it by the
logarithm. 5 to 30 measured alike."""
MOST_COUNTED: Final = 255
"""Higher counts in one document weigh as this one: it saves a byte in each of millions of entries. Of 64 articles the
highest count is 160."""


@dataclass(frozen=True, slots=True)
class _Visit:
    """The entries of a question's features. features: which of them were looked up; sizes: entries of each;
    documents, counts: of every entry."""

    features: Numbers
    sizes: Numbers
    documents: Numbers
    counts: Numbers


class DocumentSpace:
    """Documents by their features: for every feature the documents that have it. Read-only after it is made."""

    def __init__(self, documents: Rows, features: int) -> None:
        """documents: its features for each document, every one once, with counts; features: how many there are."""
        self._documents = len(documents)
        found = np.zeros(features, np.int64)
        for ids, _ in documents.pieces():
            found[ids] += 1
        self._offsets = offsets_of(found)
        self._idf, self.unseen = _idf(found, self._documents)
        self._numbers = np.empty(len(documents.ids), np.min_scalar_type(self._documents))
        self._counts = np.empty(len(documents.ids), np.uint8)
        self._heights = _heights(np.arange(MOST_COUNTED + 1))
        squares = np.zeros(self._documents)
        self._everywhere = np.zeros(features, np.float32)
        free = self._offsets[:-1].copy()
        # One document at a time: bringing all entries in order at once takes five times the memory of the result.
        for number, (ids, values) in enumerate(documents.pieces()):
            counts = np.minimum(values, MOST_COUNTED)
            places = free[ids]
            self._numbers[places] = number
            self._counts[places] = counts
            free[ids] += 1
            self._everywhere[ids] += counts
            weights = self._heights[counts] * self._idf[ids]
            squares[number] = weights @ weights
        self._lengths = _lengths(squares)

    @property
    def used(self) -> Flags:
        """Which features any document has."""
        return np.diff(self._offsets) > 0

    def scores(self, question: Counted, unknown: int = 0) -> Floats:
        """Cosine of every document with the question, 0 to 1; `unknown` features of the question lower it."""
        return self._cosines(question, unknown, self._visit(question))

    def scores_and_odds(self, question: Counted, unknown: int = 0) -> tuple[Floats, Floats]:
        """Cosine of every document with the question, and how much its features speak for the document; each 0 to 1.

        A feature speaks for a document by the share of its places, in all documents, that are there (Bayes' rule
        without the features that a document lacks); the mean over the features of the question, each counted once.
        """
        visit = self._visit(question)
        sharpness = _SHARPNESS * self._documents
        everywhere = self._everywhere[question.numbers][visit.features] + 1.0
        odds = np.log(1 + visit.counts * np.repeat((sharpness / everywhere).astype(np.float32), visit.sizes))
        most = np.log1p(sharpness) * max(1, len(question.numbers) + unknown)
        spoken = np.bincount(visit.documents, weights=odds, minlength=self._documents)
        return self._cosines(question, unknown, visit), spoken / most

    def _visit(self, question: Counted) -> _Visit:
        starts, sizes = self._stretches(question.numbers)
        chosen = _affordable(self._idf[question.numbers], sizes)
        places = ranges(starts[chosen], sizes[chosen])
        return _Visit(chosen, sizes[chosen], self._numbers[places], self._counts[places])

    def _cosines(self, question: Counted, unknown: int, visit: _Visit) -> Floats:
        idf = self._idf[question.numbers]
        weights, length = _weights(question.times, idf, unknown, self.unseen)
        of_features = (weights * idf)[visit.features] / length
        shares = np.repeat(of_features, visit.sizes) * self._heights[visit.counts]
        return np.bincount(visit.documents, weights=shares, minlength=self._documents) / self._lengths

    def rarity(self, features: Numbers) -> Floats:
        """The idf of features."""
        return self._idf[features]

    def has(self, features: Numbers, document: int) -> Flags:
        """Which of the features a document has."""
        starts, sizes = self._stretches(features)
        same = self._numbers[ranges(starts, sizes)] == document
        return sums(same.astype(np.float64), offsets_of(sizes)) > 0

    def _stretches(self, features: Numbers) -> tuple[Numbers, Numbers]:
        starts = self._offsets[features]
        return starts, self._offsets[features + 1] - starts


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines in numbers: their words, their concepts, and n-grams that stand in a line more than once (`corpus.py`)."""

    words: Rows
    concepts: Rows
    repeats: Rows


class LineSpace:
    """Lines by n-grams and concepts together. Read-only after it is made.

    A line is kept as its few words instead of its many n-grams: what a question has in common with a word is worked out
    once per word. That is exact: where an n-gram stands in a line more than once, so that its weight is not the sum
    over the words, the line has a term that makes up for it. Terms are words, concepts by count, and such repeats.
    Features are concepts, then n-grams.
    """

    def __init__(self, lines: Lines, word_grams: Rows, sizes: tuple[int, int], boost: float) -> None:
        """word_grams: the n-grams of every word; sizes: how many n-grams and concepts; boost: of concepts."""
        grams, self._concepts = sizes
        self._lines = len(lines.words)
        self._words = len(word_grams)
        concepts, concept_of = np.unique(_pairs(lines.concepts), return_inverse=True)
        repeats, repeat_of = np.unique(_pairs(lines.repeats), return_inverse=True)
        many, in_words = (repeats & 0xFFFF) >> REPEATED, repeats & ((1 << REPEATED) - 1)
        heights = np.concatenate([_heights(concepts & 0xFFFF), _heights(many)])
        # A repeat is counted once for each of its words; this much is too much.
        spare = np.concatenate([np.zeros(len(concepts), np.int64), in_words])
        self._features = np.concatenate([concepts >> 16, self._concepts + (repeats >> 16)])
        self._heights = heights - spare
        behind = len(word_grams) + len(concepts)
        terms = np.concatenate([lines.words.ids, len(word_grams) + concept_of, behind + repeat_of])
        rows = np.concatenate([lines.words.numbers(), lines.concepts.numbers(), lines.repeats.numbers()])
        self._term_lines = by_column(terms, rows, behind + len(repeats))
        self._gram_words = by_column(word_grams.ids, word_grams.numbers(), grams)

        of_term = self._term_lines.sizes
        of_word, of_other = of_term[: len(word_grams)], of_term[len(word_grams) :]
        found: Floats = np.zeros(self._concepts + grams)
        found[self._concepts :] = sums(of_word[self._gram_words.ids].astype(np.float64), self._gram_words.offsets)
        once: Numbers = of_other * np.where(spare > 0, 1 - spare, 1)
        found += np.bincount(self._features, weights=once, minlength=len(found)).astype(np.float64)
        self._found = np.rint(found).astype(np.int64)
        self._idf, self._unseen = _idf(self._found, self._lines)
        self._idf[: self._concepts] *= boost
        squares = self._idf * self._idf
        said = sums(squares[self._concepts :][word_grams.ids], word_grams.offsets)
        in_others = squares[self._features] * (heights * heights - spare)
        in_terms: Floats = np.repeat(np.concatenate([said, in_others]), of_term)
        of_lines: Floats = np.bincount(self._term_lines.ids, weights=in_terms, minlength=self._lines).astype(np.float64)
        self._lengths = _lengths(of_lines)

    @property
    def found_grams(self) -> Numbers:
        """How many lines have each n-gram."""
        return self._found[self._concepts :]

    @property
    def used_grams(self) -> Flags:
        """Which n-grams any line has."""
        return self.found_grams > 0

    def scores(self, grams: Counted, concepts: Counted, unknown: int = 0) -> Floats:
        """Cosine of every line with the question, 0 to 1; `unknown` features of the question lower it."""
        features = np.concatenate([self._concepts + grams.numbers, concepts.numbers])
        idf = self._idf[features]
        weights, length = _weights(np.concatenate([grams.times, concepts.times]), idf, unknown, self._unseen)
        chosen = _affordable(idf, self._found[features])
        terms, values = self._terms(features[chosen], (weights * idf)[chosen] / length)
        shares = np.repeat(values, self._term_lines.sizes_of(terms))
        lines = self._term_lines.ids[self._term_lines.places(terms)]
        return np.bincount(lines, weights=shares, minlength=self._lines) / self._lengths

    def _terms(self, features: Numbers, values: Floats) -> tuple[Numbers, Floats]:
        """The terms that have any of the features, and the sum of the values of those that each has."""
        is_gram = features >= self._concepts
        grams = features[is_gram] - self._concepts
        places = self._gram_words.places(grams)
        shares = np.repeat(values[is_gram], self._gram_words.sizes_of(grams))
        words = np.bincount(self._gram_words.ids[places], weights=shares, minlength=self._words)
        touched = np.flatnonzero(words)
        starts = np.searchsorted(self._features, features)
        sizes = np.searchsorted(self._features, features, side="right") - starts
        others = ranges(starts, sizes)
        return (
            np.concatenate([touched, self._words + others]),
            np.concatenate([words[touched], np.repeat(values, sizes) * self._heights[others]]),
        )


def _pairs(rows: Rows) -> Numbers:
    return (rows.ids.astype(np.int64) << 16) | rows.values


def _idf(found: Numbers, count: int) -> tuple[Floats, float]:
    """The idf of features by how many of `count` documents have them, and of a feature that none has."""
    unseen = float(np.log(1 + count))
    return np.where(found > 0, np.log(1 + count / np.maximum(found, 1)), unseen), unseen


def _heights(counts: Numbers) -> Floats:
    """How much a feature weighs by how often it stands in a document; nothing weighs nothing."""
    return np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0.0)


def _lengths(squares: Floats) -> Floats:
    lengths = np.sqrt(np.maximum(squares, 0.0))
    lengths[lengths == 0.0] = 1.0
    return lengths


def _weights(times: Floats, idf: Floats, unknown: int, unseen: float) -> tuple[Floats, float]:
    """The weights of a question's features and its length."""
    weights = (1 + np.log(times)) * idf
    return weights, float(np.sqrt(weights @ weights + unknown * unseen * unseen)) or 1.0


def _affordable(idf: Floats, sizes: Numbers) -> Numbers:
    """The places of the features that the budget allows to look up, rarest first."""
    order = np.argsort(-idf, kind="stable")
    return order[: int(np.searchsorted(np.cumsum(sizes[order]), _BUDGET, side="right"))]

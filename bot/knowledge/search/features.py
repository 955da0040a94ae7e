"""From a message to what is compared: character n-grams, beginnings of words, concepts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bot.knowledge.search.lexicon import ConceptLexicon
from bot.knowledge.search.rows import Numbers, Rows, ranges
from bot.knowledge.search.stopwords import STOPWORDS

PREFIX: Final = 5
"""Letters of a word that carry its meaning in all five languages; 4 to 6 measured within four points."""
SHORTEST_GRAM: Final = 3
LONGEST_GRAM: Final = 5
MOST_WORDS: Final = 60
"""Words of a message that are looked at: a longer message has said what it wants by then."""

_BITS: Final = 6
"""Bits of one sign in the code of an n-gram: a–z, 0–9 and the edge of a word; five fit into 32 bits."""
_SIGNS: Final = b" abcdefghijklmnopqrstuvwxyz0123456789"
_CODES: Final = np.zeros(256, np.int32)
_CODES[list(_SIGNS)] = np.arange(1, len(_SIGNS) + 1)


@dataclass(frozen=True, slots=True)
class Counted:
    """Numbers of features, each once, and how often each stands there."""

    numbers: npt.NDArray[np.intp]
    times: npt.NDArray[np.float64]

    @classmethod
    def of(cls, counts: Counter[int]) -> Counted:
        """From a counter, in its order."""
        return cls(np.fromiter(counts, np.intp, len(counts)), np.fromiter(counts.values(), np.float64, len(counts)))


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one message, each with how often it stands there.

    words: folded words without the empty ones (`как`, `мне`), in order; everything: with them.
    """

    everything: tuple[str, ...]
    words: tuple[str, ...]
    grams: Counted
    prefixes: Counter[int]
    concepts: Counter[int]
    unknown: int
    """How many n-grams of the message stand nowhere in the knowledge."""
    strange: int
    """How many of its words begin like no word of the knowledge."""


class Vocabulary:
    """Numbers for words, n-grams, beginnings of words and concepts; immutable, `extended` makes another.

    A number never changes its meaning in an extended vocabulary, so that what was read of unchanged texts stays true.
    """

    def __init__(self, lexicon: ConceptLexicon) -> None:
        self._lexicon = lexicon
        self.concepts = {concept: number for number, concept in enumerate(sorted(lexicon.concepts))}
        self.words = ""
        """The words of titles and asks by number, with spaces between them: as a list they need ten times the room."""
        self.word_grams = Rows.of(*(np.zeros(0, np.int32),) * 3)
        """For every word its n-grams."""
        self.prefixes: dict[str, int] = {}
        self._codes = np.zeros(0, np.int32)
        self._numbers = np.zeros(0, np.int32)
        self._used_grams = np.zeros(0, np.bool_)
        self._used_prefixes = np.zeros(0, np.bool_)

    def extended(self, words: Sequence[str], prefixes: dict[str, int]) -> Vocabulary:
        """The same and more: `words` that are new; `prefixes`: all, old ones with their old numbers."""
        other = object.__new__(Vocabulary)
        other.__dict__.update(self.__dict__)
        other.prefixes = prefixes
        if words:
            places, codes = gram_codes(words)
            new = np.sort(codes[self._look_up(codes) < 0])
            new = new[np.diff(new, prepend=-1) != 0]
            codes_of_all = np.concatenate([self._codes, new])
            numbers = np.concatenate([self._numbers, np.arange(len(self._codes), len(codes_of_all), dtype=np.int32)])
            order = np.argsort(codes_of_all)
            other._codes, other._numbers = codes_of_all[order], numbers[order]
            grams = Rows.counted((len(words), len(codes_of_all)), places, other._look_up(codes))
            other.word_grams = Rows.join([self.word_grams, grams])
            other.words = " ".join(filter(None, [self.words, *words]))
        other._used_grams = np.ones(len(other._codes), np.bool_)
        other._used_prefixes = np.ones(len(prefixes), np.bool_)
        return other

    def using(self, grams: npt.NDArray[np.bool_], prefixes: npt.NDArray[np.bool_]) -> Vocabulary:
        """The same for a knowledge that has only these n-grams and prefixes: others are unknown to its questions."""
        other = object.__new__(Vocabulary)
        other.__dict__.update(self.__dict__)
        other._used_grams, other._used_prefixes = grams, prefixes
        return other

    def told_by(self, lexicon: ConceptLexicon) -> Vocabulary:
        """The same with a lexicon that was read again from the same words."""
        other = object.__new__(Vocabulary)
        other.__dict__.update(self.__dict__)
        other._lexicon = lexicon
        return other

    @property
    def idle(self) -> float:
        """The share of n-grams with a number that no text has, 0 to 1."""
        return 1.0 - float(self._used_grams.mean()) if len(self._used_grams) else 0.0

    @property
    def sizes(self) -> tuple[int, int, int]:
        """How many n-grams, prefixes and concepts have numbers."""
        return len(self._codes), len(self.prefixes), len(self.concepts)

    @property
    def codes(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """The codes of n-grams, in order, and the number of each."""
        return self._codes, self._numbers

    def concept(self, name: str) -> int:
        """The number of a concept; -1 when the lexicon has none of that name."""
        return self.concepts.get(name, -1)

    def knows(self, word: str) -> bool:
        """Whether the knowledge has a word that begins like this folded word."""
        return self._prefix(word[:PREFIX]) >= 0

    def read_words(self, everything: Sequence[str], language: str | None = None) -> Features:
        """Count the features of the folded words of a message; language: `ru`, `ky`, …, None: not known."""
        words = [word for word in everything if word not in STOPWORDS]
        counts = Counter(words)
        grams, unknown = self._grams(counts)
        prefixes: Counter[int] = Counter()
        strange = 0
        for word, times in counts.items():
            if len(word) > 1:
                number = self._prefix(word[:PREFIX])
                if number >= 0:
                    prefixes[number] += times
                else:
                    strange += 1
        concepts = Counter(self.concepts[concept] for concept in self._lexicon.match(everything, language))
        return Features(tuple(everything), tuple(words), grams, prefixes, concepts, unknown, strange)

    def grams_by_word(self, words: Sequence[str]) -> tuple[Numbers, Numbers]:
        """The known n-grams of words: the place of the word of each, and its number."""
        places, codes = gram_codes(words)
        numbers = self._look_up(codes)
        known = numbers >= 0
        return places[known], numbers[known].astype(np.intp)

    def _grams(self, counts: Counter[str]) -> tuple[Counted, int]:
        """The n-grams of words in the order in which they first appear, and how many are unknown."""
        places, codes = gram_codes(list(counts))
        numbers = self._look_up(codes)
        known = numbers >= 0
        known[known] = self._used_grams[numbers[known]]
        times = np.fromiter(counts.values(), np.float64, len(counts))[places[known]]
        single, first, where = np.unique(numbers[known], return_index=True, return_inverse=True)
        order = np.argsort(first)
        together = np.bincount(where, weights=times, minlength=len(single)).astype(np.float64)
        return Counted(single[order].astype(np.intp), together[order]), int(len(codes) - known.sum())

    def _look_up(self, codes: Numbers) -> npt.NDArray[np.int32]:
        """The numbers of n-grams by their codes; -1: without a number."""
        if not len(self._codes):
            return np.full(len(codes), -1, np.int32)
        places = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        return np.where(self._codes[places] == codes, self._numbers[places], np.int32(-1))

    def _prefix(self, prefix: str) -> int:
        number = self.prefixes.get(prefix, -1)
        return number if number >= 0 and self._used_prefixes[number] else -1


def gram_codes(words: Iterable[str]) -> tuple[Numbers, npt.NDArray[np.int32]]:
    """The n-grams of folded words as `grams_of` lists them: the place of the word of each, and its code."""
    several = list(words)
    if not several:
        return np.zeros(0, np.intp), np.zeros(0, np.int32)
    signs = _CODES[np.frombuffer(f" {' '.join(several)} ".encode("ascii"), np.uint8)]
    sizes = np.fromiter(map(len, several), np.intp, len(several)) + 2
    starts = np.cumsum(sizes - 1) - (sizes - 1)
    places: list[npt.NDArray[Any]] = []
    codes: list[npt.NDArray[np.int32]] = []
    for width in range(SHORTEST_GRAM, LONGEST_GRAM + 1):
        many = np.maximum(0, sizes - width + 1)
        here = ranges(starts, many)
        code = np.zeros(len(here), np.int32)
        for ahead in range(width):
            code = (code << _BITS) | signs[here + ahead]
        places.append(np.repeat(np.arange(len(several)), many))
        codes.append(code)
    together = np.concatenate(places)
    order = np.argsort(together, kind="stable")
    return together[order], np.concatenate(codes)[order]


def grams_of(word: str) -> list[str]:
    """Character n-grams of a folded word, with its edges marked by spaces."""
    padded = f" {word} "
    size = len(padded)
    return [
        padded[start : start + width]
        for width in range(SHORTEST_GRAM, LONGEST_GRAM + 1)
        for start in range(size - width + 1)
    ]

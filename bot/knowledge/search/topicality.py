"""Whether a message sounds like the asks or like messages that no article answers.

Bayes' rule over character n-grams, as for languages: of two heaps of short texts, the asks and titles of all articles
and the messages of `off_topic.yaml`, in which one do the n-grams of a word stand more often? It hears what a list of
words cannot: "a patent on a new kind of raspberry" has a word of the topics and many that nobody asks here with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from bot.knowledge.search.features import gram_codes
from bot.knowledge.search.lexicon import BadLexicon
from bot.knowledge.search.rows import Floats, Numbers
from bot.knowledge.search.stopwords import STOPWORDS
from bot.languages.folding import fold_words
from bot.languages.locales import Locale

FILE: Final = "lexicon/off_topic.yaml"
OTHER: Final = "other"
"""For messages in languages that the hotline does not speak."""
LEAST: Final = 300
"""Messages off the topic from which on they are compared with: against a few, every question would seem strange."""
_SMOOTHING: Final = 0.5
_CLEAR: Final = 4.0
"""Nats per n-gram beyond which more says nothing more."""


@dataclass(frozen=True, slots=True, eq=False)
class Heap:
    """A heap of texts. codes: its n-grams, in order (`features.gram_codes`); found: how many texts have each."""

    codes: npt.NDArray[np.int32]
    found: Numbers
    texts: int

    @classmethod
    def of(cls, texts: Iterable[str]) -> Heap:
        """Read texts in any script."""
        codes = [np.unique(gram_codes(_full(fold_words(text)))[1]) for text in texts]
        single, found = np.unique(np.concatenate([np.zeros(0, np.int32), *codes]), return_counts=True)
        return cls(single, found, len(codes))

    @classmethod
    def from_mapping(cls, data: Mapping[str, object]) -> Heap:
        """Read `off_topic.yaml`: locale → messages; raise BadLexicon, which names the place, where it is otherwise."""
        texts: list[str] = []
        for locale, messages in data.items():
            if locale not in (*Locale, OTHER):
                raise BadLexicon(f"{FILE}: {locale}: unknown locale; allowed: {', '.join((*Locale, OTHER))}")
            if not isinstance(messages, list) or not all(isinstance(message, str) for message in messages):
                raise BadLexicon(f"{FILE}: {locale}: a list of messages is needed")
            texts += messages
        return cls.of(texts)

    def of_codes(self, codes: Numbers) -> Numbers:
        """How many texts have each of these n-grams."""
        if not len(self.codes):
            return np.zeros(len(codes), np.int64)
        places = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        return np.where(self.codes[places] == codes, self.found[places], 0)


NO_TEXTS: Final = Heap.of(())
"""Of a lexicon without `off_topic.yaml`: then nothing is told apart."""


class Topicality:
    """Compares the words of a message with both heaps; immutable."""

    def __init__(self, asks: Heap, off_topic: Heap, least: int = LEAST) -> None:
        """Compare with two heaps; one of fewer than `least` texts off the topic tells nothing."""
        self._codes = np.union1d(asks.codes, off_topic.codes)
        odds = _shares(asks, self._codes) - _shares(off_topic, self._codes)
        self._odds = odds.astype(np.float32)
        nowhere = np.zeros(1, np.int32)
        self._strange = float((_shares(asks, nowhere) - _shares(off_topic, nowhere))[0])
        self._tells = len(asks.codes) > 0 and len(off_topic.codes) > 0 and off_topic.texts >= least

    def of(self, words: Sequence[str]) -> float:
        """From -1 (as no article's asks) to 1 (as the asks) for folded words; 0 where nothing is known of either."""
        full = _full(words)
        if not full or not self._tells:
            return 0.0
        places, codes = gram_codes(full)
        where = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        odds = np.where(self._codes[where] == codes, self._odds[where], self._strange)
        of_words = np.bincount(places, weights=odds, minlength=len(full)) / np.bincount(places, minlength=len(full))
        return float(np.clip(of_words.mean() / _CLEAR, -1.0, 1.0))


def _full(words: Iterable[str]) -> list[str]:
    return [word for word in words if word not in STOPWORDS]


def _shares(heap: Heap, codes: Numbers) -> Floats:
    """The logarithm of the share of the heap's texts that have each of these n-grams."""
    shares: Floats = np.log((heap.of_codes(codes) + _SMOOTHING) / (heap.texts + 2 * _SMOOTHING))
    return shares

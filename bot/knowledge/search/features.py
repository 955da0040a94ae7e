"""From a text to what is compared: character n-grams, beginnings of words, concepts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.knowledge.search.lexicon import ConceptLexicon
from bot.knowledge.search.stopwords import STOPWORDS
from bot.languages.folding import fold_words

PREFIX: Final = 5
"""Letters of a word that carry its meaning in all five languages; 4 to 6 measured within four points."""
SHORTEST_GRAM: Final = 3
LONGEST_GRAM: Final = 5
MOST_WORDS: Final = 60
"""Words of a message that are looked at: a longer message has said what it wants by then."""


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one text, each with how often it stands there.

    words: folded words without the empty ones (`как`, `мне`), in order; everything: with them.
    """

    everything: tuple[str, ...]
    words: tuple[str, ...]
    grams: Counter[int]
    prefixes: Counter[int]
    concepts: Counter[int]
    unknown: int
    """How many n-grams of the text stand nowhere in the knowledge."""
    strange: int
    """How many of its words begin like no word of the knowledge."""


class Vocabulary:
    """Numbers for features, so that the index can live in flat arrays. It grows while an index is built, then rests."""

    def __init__(self, lexicon: ConceptLexicon) -> None:
        self._lexicon = lexicon
        self._grams: dict[str, int] = {}
        self._prefixes: dict[str, int] = {}
        self._concepts = {concept: number for number, concept in enumerate(sorted(lexicon.concepts))}
        self._by_word: dict[str, tuple[int, ...]] = {}
        self._growing = True

    @property
    def sizes(self) -> tuple[int, int, int]:
        """How many n-grams, prefixes and concepts there are."""
        return len(self._grams), len(self._prefixes), len(self._concepts)

    def rest(self) -> None:
        """Stop growing and free what only building needs."""
        self._growing = False
        self._by_word.clear()
        self._lexicon.forget()

    def concept(self, name: str) -> int:
        """The number of a concept; -1 when the lexicon has none of that name."""
        return self._concepts.get(name, -1)

    def knows(self, word: str) -> bool:
        """Whether the knowledge has a word that begins like this folded word."""
        return word[:PREFIX] in self._prefixes

    def read(self, text: str, language: str | None = None, *, grams: bool = True) -> Features:
        """Count the features of a text of any length; `grams=False` spares the n-grams."""
        return self.read_words(fold_words(text), language, grams=grams)

    def read_words(self, everything: Sequence[str], language: str | None = None, *, grams: bool = True) -> Features:
        """Count the features of words that are already folded; language: `ru`, `ky`, …, None: not known."""
        words = [word for word in everything if word not in STOPWORDS]
        counted: Counter[int] = Counter()
        prefixes: Counter[int] = Counter()
        unknown = strange = 0
        for word, times in Counter(words).items():
            if grams:
                numbers, missing = self._numbers_of(word)
                unknown += missing
                for number in numbers:
                    counted[number] += times
            if len(word) > 1:
                number = self._prefix(word[:PREFIX])
                if number >= 0:
                    prefixes[number] += times
                else:
                    strange += 1
        concepts = Counter(self._concepts[concept] for concept in self._lexicon.match(everything, language))
        return Features(tuple(everything), tuple(words), counted, prefixes, concepts, unknown, strange)

    def _numbers_of(self, word: str) -> tuple[Sequence[int], int]:
        if self._growing:
            known = self._by_word.get(word)
            if known is None:
                known = tuple(self._grams.setdefault(gram, len(self._grams)) for gram in grams_of(word))
                self._by_word[word] = known
            return known, 0
        found = [self._grams.get(gram, -1) for gram in grams_of(word)]
        numbers = [number for number in found if number >= 0]
        return numbers, len(found) - len(numbers)

    def _prefix(self, prefix: str) -> int:
        if self._growing:
            return self._prefixes.setdefault(prefix, len(self._prefixes))
        return self._prefixes.get(prefix, -1)


def grams_of(word: str) -> list[str]:
    """Character n-grams of a folded word, with its edges marked by spaces."""
    padded = f" {word} "
    size = len(padded)
    return [
        padded[start : start + width]
        for width in range(SHORTEST_GRAM, LONGEST_GRAM + 1)
        for start in range(size - width + 1)
    ]

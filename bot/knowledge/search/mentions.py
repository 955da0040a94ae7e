"""The concepts that many texts name: the same as `ConceptLexicon.match` finds, but with whole arrays.

A single word leads to its concepts once per different word. Phrases are looked for only where the first two letters of
one of the next two words fit; there the lexicon's own rule decides.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

import numpy as np

from bot.knowledge.search.lexicon import AHEAD, ConceptLexicon, Entry, is_word, phrase_end
from bot.knowledge.search.rows import Flags, Numbers, Rows, distinct

_ROOM = 1 << 16
"""More than there are codes of two letters."""


class Mentions:
    """Finds concepts in texts that are given as numbers of words; remembers what each word leads to."""

    def __init__(self, lexicon: ConceptLexicon, concepts: Mapping[str, int], words: Sequence[str]) -> None:
        """concepts: their numbers. words: the words by number; the list may grow between the calls."""
        self._lexicon = lexicon
        self._concepts = concepts
        self._words = words
        self._ahead = np.zeros(0, np.int64)
        self._languages: dict[str, _Language] = {}

    def find(self, words: Numbers, texts: Numbers, languages: Sequence[str]) -> tuple[Numbers, Numbers]:
        """Find concepts in words that stand one after the other.

        texts: the place of the text of each word; languages: of the texts. Return the text and the number of the
        concept of every mention.
        """
        new = self._words[len(self._ahead) :]
        self._ahead = np.concatenate([self._ahead, np.array([_code(word[:AHEAD]) for word in new], np.int64)])
        numbers = {language: number for number, language in enumerate(dict.fromkeys(languages))}
        language_of = np.array([numbers[language] for language in languages], np.int64)[texts]
        found = []
        for language, number in numbers.items():
            chosen = np.flatnonzero(language_of == number)
            starts = self._languages.setdefault(language, _Language(language))
            found.append(self._find(words[chosen], texts[chosen], starts))
        if not found:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        return np.concatenate([where for where, _ in found]), np.concatenate([what for _, what in found])

    def _find(self, words: Numbers, texts: Numbers, language: _Language) -> tuple[Numbers, Numbers]:
        language.learn(distinct(words), self._words, self._lexicon, self._concepts)
        rows = language.row[words]
        single = language.single()
        where, what = np.repeat(texts, single.sizes[rows]), single.ids[single.places(rows)]
        # Two words beyond the end: they belong to no text.
        follows = np.concatenate([words, [0, 0]])
        text_of = np.concatenate([texts, [-1, -1]])
        likely = np.zeros(len(words), np.bool_)
        for ahead in (1, 2):
            same = text_of[ahead : ahead + len(words)] == texts
            likely |= same & language.may_follow(rows, self._ahead[follows[ahead : ahead + len(words)]])
        phrases_in, phrases = array("q"), array("q")
        last = np.searchsorted(texts, texts[likely], side="right")
        for start, end in zip(np.flatnonzero(likely).tolist(), last.tolist(), strict=True):
            for concept in self._phrases(words, start, end, language):
                phrases_in.append(int(texts[start]))
                phrases.append(self._concepts[concept])
        return (
            np.concatenate([where, np.array(phrases_in, np.int64)]),
            np.concatenate([what.astype(np.int64), np.array(phrases, np.int64)]),
        )

    def _phrases(self, words: Numbers, start: int, end: int, language: _Language) -> set[str]:
        """The concepts of the phrases that begin with a word, but for those that the word alone names."""
        single, phrases = language.starts[words[start]]
        following = [self._words[word] for word in words[start + 1 : min(end, start + 3)].tolist()]
        found: set[str] = set()
        for ahead in {word[:AHEAD] for word in following}:
            for entry in phrases.get(ahead, ()):
                if entry.concept in single or entry.concept in found:
                    continue
                second, is_stem = entry.phrase[1]
                if any(is_word(word, second, is_stem) for word in following) and (
                    len(entry.phrase) == 2 or self._whole(words, start, end, entry)
                ):
                    found.add(entry.concept)
        return found

    def _whole(self, words: Numbers, start: int, end: int, entry: Entry) -> bool:
        reach = min(end, start + 2 * len(entry.phrase))  # one word may stand between any two
        return phrase_end([self._words[word] for word in words[start:reach].tolist()], 0, entry.phrase) > 0


class _Language:
    """What the words of one language lead to."""

    def __init__(self, language: str) -> None:
        self.row = np.zeros(0, np.int64)
        """By number of word: where what it leads to is found; -1: not looked up yet."""
        self.starts: dict[int, tuple[frozenset[str], Mapping[str, Sequence[Entry]]]] = {}
        """Words that begin phrases: the concepts that they name alone, and the phrases."""
        self._language = language
        self._sizes = array("q")
        self._concepts = array("q")
        self._follow: list[int] = []
        self._followers = np.zeros(0, np.int64)

    def learn(self, words: Numbers, names: Sequence[str], lexicon: ConceptLexicon, concepts: Mapping[str, int]) -> None:
        """Look up words that are new."""
        self.row = np.concatenate([self.row, np.full(len(names) - len(self.row), -1)])
        for word in words[self.row[words] < 0].tolist():
            row = self.row[word] = len(self._sizes)
            single, phrases = lexicon.starting_with(names[word], self._language)
            self._sizes.append(len(single))
            self._concepts.extend(concepts[concept] for concept in single)
            if phrases:
                self.starts[word] = frozenset(single), phrases
                self._follow.extend(int(row) * _ROOM + _code(ahead) for ahead in phrases)
        self._followers = np.sort(np.array(self._follow, np.int64))

    def single(self) -> Rows:
        """For every row the concepts of its word alone."""
        concepts = np.array(self._concepts, np.int64)
        return Rows.of(np.array(self._sizes, np.int64), concepts, concepts)

    def may_follow(self, rows: Numbers, ahead: Numbers) -> Flags:
        """Whether a phrase that begins with the word of a row may go on with these letters."""
        if not len(self._followers):
            return np.zeros(len(rows), np.bool_)
        keys = rows * _ROOM + ahead
        places = np.minimum(np.searchsorted(self._followers, keys), len(self._followers) - 1)
        same: Flags = self._followers[places] == keys
        return same


def _code(letters: str) -> int:
    """One or two folded letters as a number below `_ROOM`."""
    return int.from_bytes(letters.encode("ascii"), "big")

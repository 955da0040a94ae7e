"""Reading documents into numbers, many texts at a time.

The same words come again and again, so nothing is done per letter or per word that can be done once per different
word; the rest is done with whole arrays.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from bot.knowledge.search.corpus import Corpus
from bot.knowledge.search.documents import SearchDocument
from bot.knowledge.search.features import PREFIX, Vocabulary
from bot.knowledge.search.lexicon import ConceptLexicon
from bot.knowledge.search.mentions import Mentions
from bot.knowledge.search.rows import REPEATED, Columns, Flags, Numbers, Rows, distinct
from bot.knowledge.search.stopwords import STOPWORDS
from bot.languages.folding import fold_words

_Piece = tuple[int, int, str, str]
"""The number of a document, weight (0: no line), language, text."""
_BATCH: Final = 32
"""Documents that are read together: more would only take more memory."""
_MOST_REPEATED: Final = (1 << REPEATED) - 1
_TITLE_WEIGHT: Final = 2
_TOGETHER: Final = re.compile("[şçöğŞÇÖĞ\u0300-\u036f]")
"""How these letters fold hangs on the other words of the text, so such a text is folded as a whole."""


class Reader:
    """Reads documents with a lexicon, in the numbers of a vocabulary that grows while it reads."""

    def __init__(self, lexicon: ConceptLexicon, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        """What was given, and the words that were read."""
        self._words = Words()
        self._mentions = Mentions(lexicon, vocabulary.concepts, self._words.words)
        self._said = {word: number for number, word in enumerate(vocabulary.words.split())}
        self._prefixes = dict(vocabulary.prefixes)
        self._known = 0
        self._full = np.zeros(0, np.bool_)
        self._prefix_of = np.zeros(0, np.int64)
        self._said_as = np.zeros(0, np.int64)

    def read(self, documents: Mapping[bytes, SearchDocument]) -> Corpus:
        """Read documents by their digests, in their order."""
        everything = list(documents.items())
        return Corpus.join(
            [self._read(dict(everything[start : start + _BATCH])) for start in range(0, len(everything), _BATCH)]
        )

    def _read(self, documents: Mapping[bytes, SearchDocument]) -> Corpus:
        pieces = [piece for number, document in enumerate(documents.values()) for piece in _pieces(number, document)]
        words, place = self._words.split([text for _, _, _, text in pieces])
        pieces, words, place = _once(pieces, words, place)
        languages = [language for _, _, language, _ in pieces]
        owner = np.array([number for number, _, _, _ in pieces], np.int64)
        weight = np.array([weight or 1 for _, weight, _, _ in pieces], np.int64)
        is_line = np.array([weight > 0 for _, weight, _, _ in pieces], np.bool_)
        line = np.cumsum(is_line) - 1
        where, mentioned = self._mentions.find(words, place, languages)

        self._learn(words, is_line[place])
        begun = self._prefix_of[words] >= 0
        said = self._full[words] & is_line[place]
        texts, numbers = place[said], self._said_as[words[said]]
        in_lines, told = is_line[where], ~is_line[where]
        many, lines, concepts = len(documents), int(is_line.sum()), len(self.vocabulary.concepts)
        line_words, repeats = self._lines(line[texts], numbers, lines)
        return Corpus(
            digests=tuple(documents),
            lines=np.bincount(owner[is_line], minlength=many),
            words=line_words,
            concepts=Rows.counted((lines, concepts), line[where[in_lines]], mentioned[in_lines]),
            repeats=repeats,
            said_words=Rows.counted((many, len(self._said)), owner[texts], numbers, weight[texts]),
            said_concepts=Rows.counted(
                (many, concepts), owner[where[in_lines]], mentioned[in_lines], weight[where[in_lines]]
            ),
            prefixes=Rows.counted(
                (many, len(self._prefixes)), owner[place[begun]], self._prefix_of[words[begun]], weight[place[begun]]
            ),
            told=Rows.counted((many, concepts), owner[where[told]], mentioned[told]),
        )

    def _learn(self, words: Numbers, in_line: Flags) -> None:
        """Give numbers to the words and prefixes that are new."""
        new = self._words.words[self._known :]
        self._known += len(new)
        full = np.array([word not in STOPWORDS for word in new], np.bool_)
        self._full = np.concatenate([self._full, full])
        begun = [
            self._prefixes.setdefault(word[:PREFIX], len(self._prefixes)) if told and len(word) > 1 else -1
            for word, told in zip(new, full, strict=True)
        ]
        self._prefix_of = np.concatenate([self._prefix_of, np.array(begun, np.int64)])
        self._said_as = np.concatenate([self._said_as, np.full(len(new), -1)])
        fresh: list[str] = []
        seen = distinct(words[in_line & self._full[words]])
        for place in seen[self._said_as[seen] < 0].tolist():
            word = self._words.words[place]
            if word not in self._said:
                self._said[word] = len(self._said)
                fresh.append(word)
            self._said_as[place] = self._said[word]
        self.vocabulary = self.vocabulary.extended(fresh, dict(self._prefixes))

    def _lines(self, lines: Numbers, words: Numbers, count: int) -> tuple[Rows, Rows]:
        """The words of every line, each once, and its n-grams that stand there more than once."""
        grams, width = self.vocabulary.word_grams, max(1, len(self._said))
        keys = np.sort(lines * width + words)
        lines, words = keys // width, keys % width
        first = np.diff(keys, prepend=-1) != 0
        sizes = np.bincount(lines[first], minlength=count)
        once = Rows.of(sizes, words[first], np.ones(int(sizes.sum()), np.int64))

        places = grams.places(words)
        many, times = grams.sizes[words], grams.values[places].astype(np.int64)
        starts = np.cumsum(times) - times
        height = self.vocabulary.sizes[0]
        # The lowest bit tells the first of each word of a line from what repeats it.
        marked = np.repeat(np.repeat(lines, many) * height + grams.ids[places], times) * 2 + 1
        marked[starts] -= np.repeat(first, many)
        marked.sort()
        keys = marked >> 1
        begins = np.flatnonzero(np.diff(keys, prepend=-1))
        runs = np.diff(begins, append=len(keys))
        again = begins[runs > 1], runs[runs > 1]
        in_words = np.cumsum(np.append(0, 1 - (marked & 1)))
        in_words = in_words[again[0] + again[1]] - in_words[again[0]]
        values = (np.minimum(again[1], _MOST_REPEATED) << REPEATED) | np.minimum(in_words, _MOST_REPEATED)
        found = keys[again[0]]
        return once, Rows.of(np.bincount(found // height, minlength=count), found % height, values)


class Words:
    """Folded words by number; texts are split at spaces, and each different piece is folded once."""

    def __init__(self) -> None:
        self.words: list[str] = []
        """The words by number."""
        self._numbers: dict[str, int] = {}
        self._pieces = _Numbered()
        self._folded = array("i")
        self._ends = array("i", [0])

    def split(self, texts: Sequence[str]) -> tuple[Numbers, Numbers]:
        """The words of texts one after the other, and the place of the text of each."""
        found, ends = array("i"), array("i", [0])
        number = self._pieces.__getitem__
        for text in texts:
            found.extend(map(number, [text] if _TOGETHER.search(text) else text.split()))
            ends.append(len(found))
        for piece in self._pieces.take_new():
            for word in fold_words(piece):
                known = self._numbers.setdefault(word, len(self.words))
                if known == len(self.words):
                    self.words.append(word)
                self._folded.append(known)
            self._ends.append(len(self._folded))
        offsets, folded = np.array(self._ends, np.int64), np.array(self._folded, np.int64)
        pieces = Columns(offsets, folded)
        chosen = np.array(found, np.int64)
        place = np.repeat(np.arange(len(texts)), Columns(np.array(ends, np.int64), chosen).sizes)
        return folded[pieces.places(chosen)], np.repeat(place, pieces.sizes[chosen])


class _Numbered(dict[str, int]):
    """Pieces of text by number; an unknown one gets the next."""

    def __init__(self) -> None:
        super().__init__()
        self._new: list[str] = []

    def __missing__(self, piece: str) -> int:
        number = self[piece] = len(self)
        self._new.append(piece)
        return number

    def take_new(self) -> list[str]:
        new, self._new = self._new, []
        return new


def _once(pieces: list[_Piece], words: Numbers, place: Numbers) -> tuple[list[_Piece], Numbers, Numbers]:
    """Leave out lines that say what an earlier one of the same document and language says, folded.

    Uzbek is written in two scripts: with every ask twice, an Uzbek message would seem twice as much like the asks.
    """
    ends = np.cumsum(np.bincount(place, minlength=len(pieces)))
    seen: set[tuple[int, str, bytes]] = set()
    kept = np.ones(len(pieces), np.bool_)
    for turn, ((number, weight, language, _), end) in enumerate(zip(pieces, ends.tolist(), strict=True)):
        if weight:
            before = len(seen)
            seen.add((number, language, words[ends[turn - 1] if turn else 0 : end].tobytes()))
            kept[turn] = len(seen) > before
    said = kept[place]
    chosen = [piece for piece, keep in zip(pieces, kept.tolist(), strict=True) if keep]
    return chosen, words[said], (np.cumsum(kept) - 1)[place[said]]


def _pieces(number: int, document: SearchDocument) -> Iterator[_Piece]:
    """The texts of a document, titles first: what stands there twice counts as a title."""
    for locale, text in document.texts.items():
        for line in text.title.splitlines():
            yield number, _TITLE_WEIGHT, locale.language, line
    for locale, text in document.texts.items():
        for line in text.asks:
            yield number, 1, locale.language, line
        yield number, 0, locale.language, text.body

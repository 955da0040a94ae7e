"""Organisations and flows are found by their names: they never push an article aside."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

from bot.knowledge.search.documents import SearchDocument
from bot.knowledge.search.stopwords import STOPWORDS
from bot.languages.folding import fold_words

_COVERED: Final = 0.6
_MOST: Final = 3
_PREFIX: Final = 5


class NameIndex:
    """Names as sets of beginnings of words.

    A name is found when most of what is special in it was written, its rarest word included: the embassy of another
    country shares all words but one.
    """

    def __init__(self, documents: Sequence[SearchDocument]) -> None:
        self._names: list[tuple[SearchDocument, frozenset[str]]] = []
        for document in documents:
            names = {
                frozenset(word[:_PREFIX] for word in fold_words(line) if word not in STOPWORDS and len(word) > 1)
                for text in document.texts.values()
                for line in (*text.title.splitlines(), *text.asks)
            }
            self._names.extend((document, name) for name in sorted(names, key=sorted) if name)
        frequency = Counter(word for _, name in self._names for word in name)
        self._weight = {word: math.log(1 + len(self._names) / seen) for word, seen in frequency.items()}

    def find(self, words: Sequence[str]) -> list[tuple[SearchDocument, float]]:
        """Documents whose name stands in the folded words, with the share of the name that does; best first."""
        asked = {word[:_PREFIX] for word in words if word not in STOPWORDS}
        best: dict[tuple[str, str], tuple[SearchDocument, float]] = {}
        for document, name in self._names:
            common = name & asked
            rarest = max(self._weight[word] for word in name)
            if not any(self._weight[word] == rarest for word in common):
                continue
            whole = sum(self._weight[word] for word in name)
            share = sum(self._weight[word] for word in common) / whole
            key = (document.kind, document.id)
            if share >= _COVERED and share > best.get(key, (document, 0.0))[1]:
                best[key] = (document, round(share, 4))
        found = sorted(best.values(), key=lambda pair: (-pair[1], pair[0].id))
        return found[:_MOST]

"""Ordinary search engines over the same articles, to be compared with: SQLite FTS5 and BM25 on words.

`baselines(documents)` gives rankers for `bot.knowledge.search.evaluation.evaluate`. Each indexes every article once
with the texts of all languages; titles and asks are repeated, so that they weigh more, as editors would set it up.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from bot.knowledge.search.documents import SearchDocument
from bot.languages.folding import fold

_WORD = re.compile(r"\w+")
_MOST = 10


def baselines(documents: Iterable[SearchDocument]) -> dict[str, Callable[[str], Sequence[str]]]:
    """The rankers by name."""
    texts = {document.id: _text(document) for document in documents if document.kind == "article"}
    folded = {name: fold(text) for name, text in texts.items()}
    return {
        "FTS5 unicode61": _Fts(texts, "unicode61", lambda text: text),
        "FTS5 unicode61, folded": _Fts(folded, "unicode61", fold),
        "FTS5 trigram": _Fts(texts, "trigram", lambda text: text),
        "FTS5 trigram, folded": _Fts(folded, "trigram", fold),
        "BM25 on words": _Bm25(texts),
    }


def _text(document: SearchDocument) -> str:
    parts: list[str] = []
    for text in document.texts.values():
        parts += [text.title] * 3 + [*text.asks] * 2 + [text.body]
    return "\n".join(parts)


class _Fts:
    def __init__(self, texts: dict[str, str], tokenizer: str, prepare: Callable[[str], str]) -> None:
        self._prepare = prepare
        self._trigram = tokenizer == "trigram"
        self._base = sqlite3.connect(":memory:")
        self._base.execute(f"CREATE VIRTUAL TABLE article USING fts5(id UNINDEXED, body, tokenize = '{tokenizer}')")
        self._base.executemany("INSERT INTO article VALUES (?, ?)", texts.items())

    def __call__(self, message: str) -> Sequence[str]:
        words = _WORD.findall(self._prepare(message).lower())[:60]
        if self._trigram:
            words = [word[start : start + 3] for word in words for start in range(len(word) - 2)]
        if not words:
            return []
        query = " OR ".join(f'"{word}"' for word in dict.fromkeys(words))
        rows = self._base.execute(
            "SELECT id FROM article WHERE article MATCH ? ORDER BY bm25(article) LIMIT ?", (query, _MOST)
        )
        return [str(row[0]) for row in rows]


class _Bm25:
    """k1 = 1.2, b = 0.5: the better setting for short messages."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._counts = {name: Counter(_WORD.findall(text.lower())) for name, text in texts.items()}
        self._lengths = {name: counts.total() for name, counts in self._counts.items()}
        self._mean = sum(self._lengths.values()) / max(1, len(texts))
        self._frequency = Counter(word for counts in self._counts.values() for word in counts)

    def __call__(self, message: str) -> Sequence[str]:
        words = set(_WORD.findall(message.lower()))
        scores = {name: self._score(name, words) for name in self._counts}
        ranked = sorted((name for name, score in scores.items() if score > 0), key=lambda name: -scores[name])
        return ranked[:_MOST]

    def _score(self, name: str, words: set[str]) -> float:
        counts, total = self._counts[name], 0.0
        for word in words & counts.keys():
            seen = self._frequency[word]
            rarity = math.log(1 + (len(self._counts) - seen + 0.5) / (seen + 0.5))
            length = 0.5 + 0.5 * self._lengths[name] / self._mean
            total += rarity * counts[word] * 2.2 / (counts[word] + 1.2 * length)
        return total

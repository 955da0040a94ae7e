"""What was read of the documents, in numbers: kept beside the index, so that unchanged texts are not read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from bot.knowledge.search.documents import SearchDocument
from bot.knowledge.search.rows import Numbers, Rows, offsets_of, ranges


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents one after the other, and their lines (asks, titles) one after the other.

    digests: of the texts of each document. lines: how many lines each document has.
    words: line → its words, each once, without the empty ones. concepts: line → concepts.
    repeats: line → n-grams that stand there more than once; value: how often, then in how many words (`REPEATED` bits).
    said_words, said_concepts: document → words, concepts of its lines; a title counts twice.
    prefixes: document → beginnings of the words of lines and texts. told: document → concepts of its texts.
    """

    digests: tuple[bytes, ...]
    lines: Numbers
    words: Rows
    concepts: Rows
    repeats: Rows
    said_words: Rows
    said_concepts: Rows
    prefixes: Rows
    told: Rows

    @classmethod
    def empty(cls) -> Corpus:
        """No documents."""
        nothing = np.zeros(0, np.int64)
        return cls((), nothing, *(Rows.of(nothing, nothing, nothing) for _ in range(7)))

    @classmethod
    def join(cls, parts: Sequence[Corpus]) -> Corpus:
        """The documents of all parts."""
        parts = [part for part in parts if part.digests]
        if len(parts) <= 1:
            return parts[0] if parts else cls.empty()
        return cls(
            tuple(digest for part in parts for digest in part.digests),
            np.concatenate([part.lines for part in parts]),
            Rows.join([part.words for part in parts]),
            Rows.join([part.concepts for part in parts]),
            Rows.join([part.repeats for part in parts]),
            Rows.join([part.said_words for part in parts]),
            Rows.join([part.said_concepts for part in parts]),
            Rows.join([part.prefixes for part in parts]),
            Rows.join([part.told for part in parts]),
        )

    def select(self, documents: Sequence[int]) -> Corpus:
        """The chosen documents, in this order."""
        chosen = np.array(documents, np.int64)
        lines = ranges(offsets_of(self.lines)[chosen], self.lines[chosen])
        return Corpus(
            tuple(self.digests[document] for document in documents),
            self.lines[chosen],
            self.words.select(lines),
            self.concepts.select(lines),
            self.repeats.select(lines),
            self.said_words.select(chosen),
            self.said_concepts.select(chosen),
            self.prefixes.select(chosen),
            self.told.select(chosen),
        )


def digest_of(document: SearchDocument) -> bytes:
    """A digest of what is read of a document: equal texts, equal digest."""
    parts = [
        part
        for locale, text in document.texts.items()
        for part in (locale.value, str(len(text.asks)), text.title, text.body, *text.asks)
    ]
    sizes = ",".join(str(len(part)) for part in parts)
    return blake2b("\n".join((sizes, *parts)).encode("utf-8", "surrogatepass"), digest_size=16).digest()

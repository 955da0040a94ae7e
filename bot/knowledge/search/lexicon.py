"""The concept lexicon: the same idea in all languages, slang and Russian loans included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.errors import HotlineError
from bot.languages.folding import fold_words

_SHORTEST_STEM: Final = 2
_UZBEK_PLAIN: Final = str.maketrans({"‘": "", "’": "", "'": "", "ʻ": "", "ʼ": ""})


class BadLexicon(HotlineError):
    """The concept lexicon is not what it should be; the text names the place."""


class ConceptLexicon:
    """Words and phrases to concepts; immutable after it is built.

    An entry is a sequence of folded words, each either whole or a beginning (`*`). The first word of every entry
    leads to it, so that a message costs a few dictionary look-ups per word.
    """

    def __init__(self, entries: Iterable[tuple[str, tuple[tuple[str, bool], ...]]]) -> None:
        self._whole: dict[str, list[tuple[str, tuple[tuple[str, bool], ...]]]] = {}
        self._stems: dict[str, list[tuple[str, tuple[tuple[str, bool], ...]]]] = {}
        concepts: set[str] = set()
        for concept, words in entries:
            concepts.add(concept)
            first, is_stem = words[0]
            table = self._stems if is_stem else self._whole
            table.setdefault(first, []).append((concept, words))
        self._longest = max((len(stem) for stem in self._stems), default=0)
        self.concepts = frozenset(concepts)

    @classmethod
    def from_mappings(cls, concepts: Mapping[str, object], terms: Mapping[str, object] | None = None) -> ConceptLexicon:
        """Read `concepts.yaml` (concept → locale → words) and the words of `terms` in the same shape.

        Raises BadLexicon, which names the concept and the locale.
        """
        entries: set[tuple[str, tuple[tuple[str, bool], ...]]] = set()
        for source in (concepts, terms or {}):
            for concept, locales in source.items():
                if not isinstance(locales, Mapping):
                    raise BadLexicon(f"{concept}: words per locale are needed, found {type(locales).__name__}")
                for locale, words in locales.items():
                    if not isinstance(words, Sequence) or isinstance(words, str):
                        raise BadLexicon(f"{concept}.{locale}: a list of words is needed")
                    for word in words:
                        entries.update((concept, entry) for entry in _entries(f"{concept}.{locale}", word, locale))
        return cls(sorted(entries))

    def match(self, words: Sequence[str]) -> list[str]:
        """Return the concepts that the folded words name, once per place where they stand, in order."""
        return [concept for concept, _, _ in self.spans(words)]

    def spans(self, words: Sequence[str]) -> list[tuple[str, int, int]]:
        """Return the concepts with the places of their first and behind their last word."""
        found: list[tuple[str, int, int]] = []
        for start, word in enumerate(words):
            here: dict[str, int] = {}
            for concept, entry in self._whole.get(word, ()):
                here[concept] = max(here.get(concept, 0), _end(words, start, entry))
            for length in range(_SHORTEST_STEM, min(len(word), self._longest) + 1):
                for concept, entry in self._stems.get(word[:length], ()):
                    here[concept] = max(here.get(concept, 0), _end(words, start, entry))
            found.extend((concept, start, end) for concept, end in here.items() if end)
        return found


def _end(words: Sequence[str], start: int, entry: tuple[tuple[str, bool], ...]) -> int:
    """The place behind the phrase that starts at `start`, or 0 when it does not stand there."""
    position = start
    for expected, is_stem in entry[1:]:
        # One word may stand between the words of a phrase: "не мне заплатили", "паспорт мой забрал".
        for candidate in (position + 1, position + 2):
            if candidate < len(words) and _same(words[candidate], expected, is_stem):
                position = candidate
                break
        else:
            return 0
    return position + 1


def _same(word: str, expected: str, is_stem: bool) -> bool:
    return word.startswith(expected) if is_stem else word == expected


def _entries(place: str, phrase: object, locale: object) -> list[tuple[tuple[str, bool], ...]]:
    if not isinstance(phrase, str) or not phrase.strip(" *"):
        raise BadLexicon(f"{place}: {phrase!r} is not a word; put quotes around it")
    forms = [phrase]
    if locale == "uz" and phrase.translate(_UZBEK_PLAIN) != phrase:
        forms.append(phrase.translate(_UZBEK_PLAIN))
    entries = []
    for form in forms:
        entry: list[tuple[str, bool]] = []
        for token in form.split():
            folded = fold_words(token.rstrip("*"))
            entry.extend((word, False) for word in folded[:-1])
            if folded:
                entry.append((folded[-1], token.endswith("*")))
        if entry:
            entries.append(tuple(entry))
    return entries

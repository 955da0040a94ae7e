"""The concept lexicon: the same idea in all languages, slang and Russian loans included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.errors import HotlineError
from bot.knowledge.search.stopwords import STOPWORDS
from bot.languages.folding import fold_words

_SHORTEST_STEM: Final = 2
AHEAD: Final = 2
"""Letters of its second word by which a phrase is found."""
_MOST_REMEMBERED: Final = 20_000
_SAFE_STEM: Final = 4
_SAFE_WORD: Final = 3
"""Letters from which on a Russian stem or word is looked for in other languages."""
_UZBEK_PLAIN: Final = str.maketrans({"‘": "", "’": "", "'": "", "ʻ": "", "ʼ": ""})


Phrase = tuple[tuple[str, bool], ...]
"""Folded words of an entry, each with whether it is only the beginning of a word."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or phrase of the lexicon. safe: it is Russian and long enough to be looked for in every language."""

    concept: str
    phrase: Phrase
    languages: frozenset[str]
    safe: bool


Start = tuple[tuple[str, ...], dict[str, list[Entry]]]
"""Concepts of single words, and phrases by the first letters of their second word."""


class BadLexicon(HotlineError):
    """The concept lexicon is not what it should be; the text names the place."""


class ConceptLexicon:
    """Words and phrases to concepts; immutable after it is built, but for what it remembers.

    A word of one language may mean something else in another, so a message is matched with the entries of its own
    language and, because everybody uses Russian words, with the Russian ones that are long enough to be safe.

    An entry is a sequence of folded words, each either whole or a beginning (`*`). The first word of every entry
    leads to it, so that a message costs a few dictionary look-ups per word.
    """

    def __init__(self, entries: Mapping[tuple[str, Phrase], frozenset[str]]) -> None:
        """entries: concept and phrase to the languages in which it is said (`ru`, `ky`, `tg`, `uz`, `ro`)."""
        self._whole: dict[str, list[Entry]] = {}
        self._stems: dict[str, list[Entry]] = {}
        for (concept, phrase), languages in sorted(entries.items()):
            first, is_stem = phrase[0]
            safe = "ru" in languages and (len(phrase) > 1 or len(first) >= (_SAFE_STEM if is_stem else _SAFE_WORD))
            table = self._stems if is_stem else self._whole
            table.setdefault(first, []).append(Entry(concept, phrase, languages, safe))
        self._remembered: dict[tuple[str, str | None], Start] = {}
        self._longest = max((len(stem) for stem in self._stems), default=0)
        self.concepts = frozenset(concept for concept, _ in entries)

    @classmethod
    def from_mappings(
        cls,
        concepts: Mapping[str, object],
        terms: Mapping[str, object] | None = None,
        *,
        keep_empty_words: bool = False,
    ) -> ConceptLexicon:
        """Read `concepts.yaml` (concept → locale → words) and the words of `terms` in the same shape.

        keep_empty_words: entries that are a single stop word count too; for small talk.

        Raises BadLexicon, which names the concept and the locale.
        """
        entries: dict[tuple[str, Phrase], frozenset[str]] = {}
        for source in (concepts, terms or {}):
            for concept, locales in source.items():
                if not isinstance(locales, Mapping):
                    raise BadLexicon(f"{concept}: words per locale are needed, found {type(locales).__name__}")
                for locale, words in locales.items():
                    if not isinstance(words, Sequence) or isinstance(words, str):
                        raise BadLexicon(f"{concept}.{locale}: a list of words is needed")
                    language = frozenset({str(locale).partition("_")[0]})
                    for word in words:
                        for phrase in _phrases(f"{concept}.{locale}", word, locale):
                            if not keep_empty_words and len(phrase) == 1 and phrase[0][0] in STOPWORDS:
                                continue
                            key = (str(concept), phrase)
                            entries[key] = entries.get(key, frozenset()) | language
        return cls(entries)

    def forget(self) -> None:
        """Drop what is remembered; it comes back with the next words."""
        self._remembered.clear()

    def match(self, words: Sequence[str], language: str | None = None) -> list[str]:
        """Return the concepts that the folded words name, once per place where they stand, in order.

        language: of the words, as `ru`, `ky`, …; None: not known, entries of all languages count.
        """
        return [concept for concept, _, _ in self.spans(words, language)]

    def spans(self, words: Sequence[str], language: str | None = None, *, gap: int = 1) -> list[tuple[str, int, int]]:
        """Return the concepts with the places of their first and behind their last word.

        gap: how many other words may stand between two of a phrase.
        """
        found: list[tuple[str, int, int]] = []
        for start, word in enumerate(words):
            single, phrases = self.starting_with(word, language)
            here = dict.fromkeys(single, start + 1)
            if phrases:
                for ahead in {following[:AHEAD] for following in words[start + 1 : start + 2 + gap]}:
                    for entry in phrases.get(ahead, ()):
                        end = phrase_end(words, start, entry.phrase, gap)
                        if end > here.get(entry.concept, 0):
                            here[entry.concept] = end
            found.extend((concept, start, end) for concept, end in here.items())
        return found

    def starting_with(self, word: str, language: str | None) -> Start:
        """What begins with this word; remembered, because building an index asks for the same words often."""
        known = self._remembered.get((word, language))
        if known is None:
            entries = list(self._whole.get(word, ()))
            for length in range(_SHORTEST_STEM, min(len(word), self._longest) + 1):
                entries.extend(self._stems.get(word[:length], ()))
            single: dict[str, None] = {}
            phrases: dict[str, list[Entry]] = {}
            for entry in entries:
                if language is None or entry.safe or language in entry.languages:
                    if len(entry.phrase) == 1:
                        single[entry.concept] = None
                    else:
                        phrases.setdefault(entry.phrase[1][0][:AHEAD], []).append(entry)
            known = (tuple(single), phrases)
            if len(self._remembered) < _MOST_REMEMBERED:
                self._remembered[word, language] = known
        return known


def phrase_end(words: Sequence[str], start: int, phrase: Phrase, gap: int = 1) -> int:
    """The place behind the phrase that starts at `start`, or 0 when it does not stand there.

    So many other words may stand between two of it as `gap` says: "не мне заплатили", "паспорт мой забрал".
    """
    position = start
    for expected, is_stem in phrase[1:]:
        for candidate in range(position + 1, position + 2 + gap):
            if candidate < len(words) and is_word(words[candidate], expected, is_stem):
                position = candidate
                break
        else:
            return 0
    return position + 1


def is_word(word: str, expected: str, is_stem: bool) -> bool:
    """Whether a word is the expected one, or begins like it."""
    return word.startswith(expected) if is_stem else word == expected


def _phrases(place: str, phrase: object, locale: object) -> list[Phrase]:
    if not isinstance(phrase, str) or not phrase.strip(" *"):
        raise BadLexicon(f"{place}: {phrase!r} is not a word; put quotes around it")
    forms = [phrase]
    if locale == "uz" and phrase.translate(_UZBEK_PLAIN) != phrase:
        forms.append(phrase.translate(_UZBEK_PLAIN))
    phrases: list[Phrase] = []
    for form in forms:
        entry: list[tuple[str, bool]] = []
        for token in form.split():
            folded = fold_words(token.rstrip("*"))
            entry.extend((word, False) for word in folded[:-1])
            if folded:
                entry.append((folded[-1], token.endswith("*")))
        if entry:
            phrases.append(tuple(entry))
    return phrases

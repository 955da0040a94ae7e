"""Words of the urgency rules and where they stand in a text: phrases, patterns of them, and how patterns are found.

Text and phrases are folded alike (`bot.languages.folding`). Every pattern looks at positions of words, never at all
combinations, so that the longest text takes a few milliseconds.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from bot.languages.folding import fold_words
from bot.triage.uzbek_verbs import uzbek_forms

GAP: Final = 2
"""Words that may stand between neighbours of a pattern."""
WINDOW: Final = 12
"""Words within which parts joined by + stand."""
_PHRASE_MAX: Final = 16
"""Words that a phrase with its gaps can span."""
_UZBEK_MARK: Final = re.compile("(?<=[oOgG])‘")
_LATIN: Final = re.compile("[a-zăâîșț]", re.IGNORECASE)
_NEGATIONS: Final = {False: frozenset(("ne", "ni", "net")), True: frozenset(("nu",))}
"""Folded words that deny what follows, for phrases in Cyrillic and in Latin letters: `ne` is "us" in Romanian, `ну` is
"well" in Russian."""

_Word = tuple[str, bool]
"""A folded word, and whether it is only the beginning of one."""
Span = tuple[int, int]
"""First and last word of a hit."""


@dataclass(frozen=True)
class Phrase:
    """Words in their order; each an exact word or, with `stem`, a beginning."""

    words: tuple[_Word, ...]
    latin: bool


@dataclass(frozen=True)
class Pattern:
    """Elements, each any of its phrases: in order with small gaps, or anywhere within a window."""

    elements: tuple[tuple[Phrase, ...], ...]
    ordered: bool


@dataclass(frozen=True)
class Index:
    """Which phrases begin with a word, and in which elements of which patterns a phrase stands."""

    phrases: tuple[Phrase, ...]
    by_word: Mapping[_Word, tuple[Phrase, ...]]
    uses: Mapping[Phrase, tuple[tuple[int, int], ...]]
    elements: tuple[int, ...]

    @classmethod
    def of(cls, patterns: Iterable[Pattern]) -> Index:
        """Index patterns by their number."""
        uses: dict[Phrase, list[tuple[int, int]]] = {}
        elements = []
        for number, pattern in enumerate(patterns):
            elements.append(len(pattern.elements))
            for place, element in enumerate(pattern.elements):
                for phrase in element:
                    uses.setdefault(phrase, []).append((number, place))
        by_word: dict[_Word, list[Phrase]] = {}
        for phrase in uses:
            by_word.setdefault(phrase.words[0], []).append(phrase)
        return cls(
            tuple(uses),
            {word: tuple(found) for word, found in by_word.items()},
            {phrase: tuple(found) for phrase, found in uses.items()},
            tuple(elements),
        )

    def possible(self, places: Places) -> list[int]:
        """Return the patterns all of whose elements stand somewhere in the text, in the order of the rules."""
        seen: dict[int, set[int]] = {}
        for word in places.words:
            for phrase in self.by_word.get(word, ()):
                if places.spans(phrase):
                    for number, place in self.uses[phrase]:
                        seen.setdefault(number, set()).add(place)
        return sorted(number for number, found in seen.items() if len(found) == self.elements[number])


class Places:
    """Where the words of the rules stand in one text."""

    def __init__(self, said: list[str], vocabulary: frozenset[_Word]) -> None:
        self._said = said
        self._known: dict[Phrase, list[Span]] = {}
        self._named: dict[str, list[Span]] = {}
        exact: dict[str, list[int]] = {}
        for index, word in enumerate(said):
            exact.setdefault(word, []).append(index)
        self.words: dict[_Word, list[int]] = {}
        for word, where in exact.items():
            if (word, False) in vocabulary:
                self.words[word, False] = where
            for length in range(1, len(word) + 1):
                stem = (word[:length], True)
                if stem in vocabulary:
                    self.words.setdefault(stem, []).extend(where)
        for (_, is_stem), where in self.words.items():
            if is_stem:
                where.sort()

    def word(self, index: int) -> str:
        """Return a word, empty outside of the text."""
        return self._said[index] if 0 <= index < len(self._said) else ""

    def spans(self, phrase: Phrase) -> list[Span]:
        """Return where a phrase stands: each of its beginnings with the nearest continuation."""
        found = self._known.get(phrase)
        if found is None:
            found = self._known[phrase] = list(self._find(phrase))
        return found

    def near(self, name: str, phrases: tuple[Phrase, ...], first: int, last: int, distance: int) -> bool:
        """Whether any phrase stands within some words of a stretch; with distance 0 it overlaps or touches it.

        name: what the phrases are called, so that their places are looked up once for a text.
        """
        spans = self._named.get(name)
        if spans is None:
            spans = self._named[name] = sorted({span for phrase in phrases for span in self.spans(phrase)})
        reach = max(distance, 1)
        at = bisect_left(spans, (first - reach - _PHRASE_MAX, 0))
        while at < len(spans) and spans[at][0] <= last + reach:
            if spans[at][1] >= first - reach:
                return True
            at += 1
        return False

    def _find(self, phrase: Phrase) -> Iterable[Span]:
        following = [self.words.get(word, []) for word in phrase.words]
        if not all(following):
            return
        for start in following[0]:
            if self.word(start - 1) in _NEGATIONS[phrase.latin]:
                continue
            end = start
            for positions in following[1:]:
                at = bisect_right(positions, end)
                if at == len(positions) or positions[at] > end + 1 + GAP:
                    break
                end = positions[at]
            else:
                yield start, end


def hits(pattern: Pattern, places: Places) -> Iterable[list[Span]]:
    found = [sorted({span for phrase in element for span in places.spans(phrase)}) for element in pattern.elements]
    if not all(found):
        return
    if pattern.ordered:
        yield from _in_order(found)
    else:
        yield from _in_window(found)


def _in_order(found: list[list[Span]]) -> Iterable[list[Span]]:
    starts = [[span[0] for span in spans] for spans in found]
    for span in found[0]:
        hit = [span]
        for spans, beginnings in zip(found[1:], starts[1:], strict=True):
            at = bisect_right(beginnings, hit[-1][1])
            if at == len(spans) or beginnings[at] > hit[-1][1] + 1 + GAP:
                break
            hit.append(spans[at])
        else:
            yield hit


def _in_window(found: list[list[Span]]) -> Iterable[list[Span]]:
    """For each place of the rarest element, the nearest place of each other element that does not overlap it."""
    rarest = min(range(len(found)), key=lambda index: len(found[index]))
    starts = [[span[0] for span in spans] for spans in found]
    for span in found[rarest]:
        hit = [span]
        for index, spans in enumerate(found):
            if index == rarest:
                continue
            at = bisect_left(starts[index], span[0])
            around = [
                each
                for each in spans[max(0, at - 3) : at + 4]
                if (each[1] < span[0] or each[0] > span[1]) and abs(each[0] - span[0]) <= WINDOW
            ]
            if not around:
                break
            hit.append(min(around, key=lambda each: abs(each[0] - span[0])))
        else:
            yield sorted(hit)


def parts_of(written: str) -> list[str]:
    """Return the elements of a pattern as they are written: `@set`, a phrase, or words before and after a set."""
    parts = [part.strip() for part in written.split(" + ")]
    return written.split() if len(parts) == 1 and "@" in written else parts


def pattern_of(written: str, sets: Mapping[str, tuple[Phrase, ...]]) -> Pattern:
    """Compile a pattern; raise KeyError for a set that is not there."""
    return Pattern(tuple(_element(part, sets) for part in parts_of(written)), ordered=" + " not in written)


def _element(part: str, sets: Mapping[str, tuple[Phrase, ...]]) -> tuple[Phrase, ...]:
    return sets[part[1:]] if part.startswith("@") else _phrases(part)


def has_words(written: str) -> bool:
    """Whether an entry has a letter or digit to look for, and an Uzbek verb its stem: "…", "*" and "~" have none."""
    stem, mark, _ = written.partition("~")
    return bool(fold_words(stem)) and not (mark and stem[-1:].isspace())


@cache
def _phrases(written: str) -> tuple[Phrase, ...]:
    """A phrase (of a verb with `~` each form), and the same as it is typed by those who leave out the marks of Uzbek o‘
    and g‘ or the hyphens of Romanian, who learned to write î where others write â, or who write Tajik ҷ as j or ж.
    """
    if not has_words(written):
        return ()
    typed: dict[str, None] = {}
    for form in uzbek_forms(written):
        for way in (form, _UZBEK_MARK.sub("", form), form.replace("â", "î"), form.replace("ҷ", "ж")):
            typed |= {way: None, way.replace("-", ""): None}
    return tuple(phrase for phrase in dict.fromkeys(map(_phrase, typed)) if phrase.words)


def all_phrases(entries: Iterable[str]) -> tuple[Phrase, ...]:
    return tuple(phrase for entry in entries for phrase in _phrases(entry))


def _phrase(written: str) -> Phrase:
    words: list[_Word] = []
    for piece in written.split():
        folded = fold_words(piece.rstrip("*"))
        if not folded:
            continue
        words += [(word, False) for word in folded[:-1]]
        words.append((folded[-1], piece.endswith("*")))
    return Phrase(tuple(words), _LATIN.search(written) is not None)

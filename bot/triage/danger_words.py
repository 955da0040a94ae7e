"""Words of the urgency rules and where they stand in a text: phrases, patterns of them, and how patterns are found.

Text and phrases are folded alike (`bot.languages.folding`). Every pattern looks at positions of words, never at all
combinations; where an element stands is looked up once for a text, and only if all of its words are there.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from sys import intern
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

_Word = str
"""A folded word; with `*` at its end, the beginning of one."""
Span = tuple[int, int]
"""First and last word of a hit."""


@dataclass(frozen=True, eq=False, slots=True)
class Phrase:
    """Words in their order; each an exact word or, with `*`, a beginning. There is one object for the same words."""

    words: tuple[_Word, ...]
    latin: bool


@dataclass(frozen=True, eq=False, slots=True)
class Element:
    """Phrases any of which may stand. It is told apart by what it is, not by a number: a library travels between
    processes, where the `id` of everything changes."""

    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Pattern:
    """Elements: in order with small gaps, or anywhere within a window."""

    elements: tuple[Element, ...]
    ordered: bool


class Index:
    """Which phrases begin with a word, in which elements they stand, and which elements a pattern needs."""

    def __init__(self, patterns: Iterable[Pattern], others: Iterable[Element]) -> None:
        """Index the elements of patterns and others, such as exceptions; that of a set is one for all its patterns."""
        self._patterns = tuple(patterns)
        self._needs = [frozenset(pattern.elements) for pattern in self._patterns]
        elements = dict.fromkeys(each for pattern in self._patterns for each in pattern.elements)
        elements |= dict.fromkeys(others)
        often = Counter(element for needs in self._needs for element in needs)
        self._by_element: dict[Element, list[int]] = {}
        """The patterns of which an element is the rarest: only they are looked at where it stands."""
        for number, pattern in enumerate(self._patterns):
            rarest = min(pattern.elements, key=lambda each: often[each])
            self._by_element.setdefault(rarest, []).append(number)
        uses: dict[Phrase, list[Element]] = {}
        for element in elements:
            for phrase in element.phrases:
                uses.setdefault(phrase, []).append(element)
        self._by_word: dict[_Word, list[tuple[Phrase, tuple[Element, ...]]]] = {}
        shared: dict[tuple[Element, ...], tuple[Element, ...]] = {}
        for phrase, found in uses.items():
            where = tuple(found)
            self._by_word.setdefault(phrase.words[0], []).append((phrase, shared.setdefault(where, where)))
        self._vocabulary = frozenset(word for phrase in uses for word in phrase.words)

    def places(self, said: list[str]) -> Places:
        """Find the words of the rules in a text, and the phrases all of whose words are there."""
        places = Places(said, self._vocabulary)
        words, standing = places.words, places.standing
        for word in words:
            for phrase, elements in self._by_word.get(word, ()):
                for other in phrase.words:
                    if other not in words:
                        break
                else:
                    for element in elements:
                        standing.setdefault(element, []).append(phrase)
        return places

    def possible(self, places: Places) -> Iterable[int]:
        """Return the patterns for all of whose elements the words are there, in the order of the rules."""
        there = places.standing.keys()
        found = (number for each in there for number in self._by_element.get(each, ()))
        return sorted(number for number in found if self._needs[number] <= there)


class Places:
    """Where the words of the rules stand in one text."""

    def __init__(self, said: list[str], vocabulary: frozenset[_Word]) -> None:
        self._said = said
        self._known: dict[Phrase, list[Span]] = {}
        self.standing: dict[Element, list[Phrase]] = {}
        """Phrases of an element whose words are in the text, in any order."""
        self._elements: dict[Element, list[Span]] = {}
        exact: dict[str, list[int]] = {}
        for index, word in enumerate(said):
            exact.setdefault(word, []).append(index)
        self.words: dict[_Word, list[int]] = {}
        stems: set[_Word] = set()
        for word, where in exact.items():
            if word in vocabulary:
                self.words[word] = where
            for length in range(1, len(word) + 1):
                stem = word[:length] + "*"
                if stem in vocabulary:
                    if stem in self.words:
                        stems.add(stem)
                    self.words.setdefault(stem, []).extend(where)
        for stem in stems:
            self.words[stem].sort()

    def word(self, index: int) -> str:
        """Return a word, empty outside of the text."""
        return self._said[index] if 0 <= index < len(self._said) else ""

    def spans(self, phrase: Phrase) -> list[Span]:
        """Return where a phrase stands: each of its beginnings with the nearest continuation."""
        found = self._known.get(phrase)
        if found is None:
            found = self._known[phrase] = self._find(phrase)
        return found

    def element(self, element: Element) -> list[Span]:
        """Return where any phrase of an element stands, in the order of the text. An element is one of the index."""
        found = self._elements.get(element)
        if found is None:
            spans = {span for phrase in self.standing.get(element, ()) for span in self.spans(phrase)}
            found = self._elements[element] = sorted(spans)
        return found

    def near(self, phrases: Element, first: int, last: int, distance: int) -> bool:
        """Whether any phrase stands within some words of a stretch; with distance 0 it overlaps or touches it."""
        spans = self.element(phrases)
        reach = max(distance, 1)
        at = bisect_left(spans, (first - reach - _PHRASE_MAX, 0))
        while at < len(spans) and spans[at][0] <= last + reach:
            if spans[at][1] >= first - reach:
                return True
            at += 1
        return False

    def _find(self, phrase: Phrase) -> list[Span]:
        words = self.words
        denied = _NEGATIONS[phrase.latin]
        starts = [start for start in words[phrase.words[0]] if self.word(start - 1) not in denied]
        if len(phrase.words) == 1:
            return [(start, start) for start in starts]
        following = [words[word] for word in phrase.words[1:]]
        found: list[Span] = []
        for start in starts:
            end = start
            for positions in following:
                at = bisect_right(positions, end)
                if at == len(positions) or positions[at] > end + 1 + GAP:
                    break
                end = positions[at]
            else:
                found.append((start, end))
        return found


def hits(pattern: Pattern, places: Places) -> Iterable[list[Span]]:
    """Return where a pattern stands: a span for each of its elements."""
    found = [places.element(element) for element in pattern.elements]
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


def pattern_of(written: str, sets: Mapping[str, Element]) -> Pattern:
    """Compile a pattern; raise KeyError for a set that is not there."""
    return Pattern(tuple(_element(part, sets) for part in parts_of(written)), ordered=" + " not in written)


def _element(part: str, sets: Mapping[str, Element]) -> Element:
    return sets[part[1:]] if part.startswith("@") else _element_of(part)


@cache
def _element_of(written: str) -> Element:
    """The element of a phrase, one for all patterns that have it."""
    return Element(_phrases(written))


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


def all_phrases(entries: Iterable[str]) -> Element:
    """Return one element of all entries."""
    return Element(tuple(phrase for entry in entries for phrase in _phrases(entry)))


def _phrase(written: str) -> Phrase:
    words: list[_Word] = []
    for piece in written.split():
        folded = fold_words(piece.rstrip("*"))
        if not folded:
            continue
        words += folded
        if piece.endswith("*"):
            words[-1] += "*"
    return _one(tuple(map(intern, words)), _LATIN.search(written) is not None)


@cache
def _one(words: tuple[_Word, ...], latin: bool) -> Phrase:
    return Phrase(words, latin)

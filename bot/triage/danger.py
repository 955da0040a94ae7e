"""Urgency rules: what in a person's words means danger now; recall comes first. Data: `lexicon/danger.yaml`.

Text and patterns are folded alike (`bot.languages.folding`), so that missing letters, both scripts and Latin typing
meet. A text of 4,096 letters is matched in a few milliseconds whatever is in it: every pattern looks at positions of
words, never at all combinations.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from bot.errors import HotlineError
from bot.knowledge.fields import KebabId, Model, SnakeId, Text
from bot.knowledge.findings import Finding
from bot.knowledge.shape import build
from bot.languages.folding import fold_words
from bot.languages.locales import Locale

FILE: Final = "lexicon/danger.yaml"
GAP: Final = 2
"""Words that may stand between neighbours of a pattern."""
WINDOW: Final = 12
"""Words within which parts joined by + stand."""
NEAR: Final = 6
"""Words around a hit in which an exception counts."""
LONGEST: Final = 4096
"""Letters of a message that are looked at; a channel allows no more."""
_UZBEK_MARK: Final = re.compile("(?<=[oOgG])‘")
_PHRASE_MAX: Final = 16
"""Words that a phrase with its gaps can span."""
_TRIES: Final = 60
"""Hits of one pattern that exceptions may call off; a text with more of them is danger."""
_REMEMBERED: Final = 1_000
_NEGATIONS: Final = frozenset(("ne", "ni", "nu", "net"))

_Word = tuple[str, bool]
"""A folded word, and whether it is only the beginning of one."""
Span = tuple[int, int]
"""First and last word of a hit."""


class DangerRulesMissing(HotlineError):
    """The urgency rules cannot be read; the hotline must not start without them."""


class DoNow(Model):
    """What to do now: three short lines in every locale."""

    ru: tuple[Text, Text, Text]
    ky: tuple[Text, Text, Text]
    tg: tuple[Text, Text, Text]
    uz: tuple[Text, Text, Text]
    uz_Cyrl: tuple[Text, Text, Text]  # noqa: N815 (the key as it stands in the file)
    ro: tuple[Text, Text, Text]

    def __getitem__(self, locale: Locale) -> tuple[str, str, str]:
        lines: tuple[str, str, str] = getattr(self, locale.value)
        return lines


class Rule(Model):
    """One kind of danger."""

    given_by_place = frozenset({"id"})

    id: SnakeId
    severity: Literal["serious", "urgent"]
    watched: bool
    """The one who does it may be looking at the phone."""
    flow: KebabId
    """The flow that is offered."""
    case: Literal["ask", "now"] = "ask"
    """Whether a case is opened if the person agrees, or at once."""
    call: tuple[SnakeId, ...]
    """Facts with phone numbers, the most important first."""
    organisations: tuple[SnakeId, ...] = ()
    """Organisations whose phones are shown too."""
    do: DoNow
    patterns: tuple[Text, ...]


class Unless(Model):
    """What near a hit shows that nobody is in danger now."""

    past: tuple[Text, ...]
    law: tuple[Text, ...]
    story: tuple[Text, ...]
    idiom: tuple[Text, ...]


class DangerFile(Model):
    """The file as editors write it."""

    sets: dict[SnakeId, tuple[Text, ...]]
    unless: Unless
    now: tuple[Text, ...]
    me: tuple[Text, ...]
    rules: dict[SnakeId, Any]


@dataclass(frozen=True)
class Match:
    """A hit: the rule, and the first and last folded word of it for explaining, never for logging."""

    rule: Rule
    first: int
    last: int


def read_rules(data: Any, file: str = FILE) -> tuple[Danger | None, tuple[Finding, ...]]:
    """Make the rules of the file's data; with findings for what is wrong in it, None where it cannot be used."""
    whole, findings = build(DangerFile, data, file)
    if whole is None:
        return None, tuple(findings)
    rules: dict[str, Rule] = {}
    for rule_id, body in whole.rules.items():
        rule, wrong = build(Rule, body, file, ("rules", rule_id), given={"id": rule_id})
        findings += wrong
        if rule is not None:
            rules[rule_id] = rule
            findings += _unknown_sets(rule, whole.sets, file)
    if findings:
        return None, tuple(findings)
    return Danger.compile(rules, whole), ()


def _unknown_sets(rule: Rule, sets: Mapping[str, Any], file: str) -> Iterable[Finding]:
    for index, pattern in enumerate(rule.patterns):
        for part in pattern.split():
            if part.startswith("@") and part[1:] not in sets:
                place = ("rules", rule.id, "patterns", index)
                yield Finding("not-allowed", file, place, values={"value": part}, allowed=tuple(f"@{s}" for s in sets))


@dataclass(frozen=True)
class _Phrase:
    """Words in their order; each an exact word or, with `stem`, a beginning."""

    words: tuple[_Word, ...]


@dataclass(frozen=True)
class _Pattern:
    """Elements, each any of its phrases: in order with small gaps, or anywhere within a window."""

    elements: tuple[tuple[_Phrase, ...], ...]
    ordered: bool


class Danger:
    """The compiled rules."""

    def __init__(
        self, rules: Mapping[str, Rule], patterns: Mapping[str, tuple[_Pattern, ...]], file: DangerFile
    ) -> None:
        self.rules = dict(rules)
        self._lately: dict[str, Match | None] = {}
        self._patterns = tuple((rules[rule_id], pattern) for rule_id, own in patterns.items() for pattern in own)
        self._unless = {name: _all_phrases(getattr(file.unless, name)) for name in ("past", "law", "story", "idiom")}
        self._now = _all_phrases(file.now)
        self._me = _all_phrases(file.me)
        self._index = _Index.of(pattern for _, pattern in self._patterns)
        others = (*self._now, *self._me, *(phrase for each in self._unless.values() for phrase in each))
        self._vocabulary = frozenset(word for phrase in (*self._index.phrases, *others) for word in phrase.words)

    @classmethod
    def compile(cls, rules: Mapping[str, Rule], file: DangerFile) -> Danger:
        """Compile rules with the sets and exceptions of their file, in the order in which they are tried."""
        sets = {name: _all_phrases(entries) for name, entries in file.sets.items()}
        patterns = {rule_id: tuple(_pattern(each, sets) for each in rule.patterns) for rule_id, rule in rules.items()}
        return cls(rules, patterns, file)

    def rule(self, rule_id: str) -> Rule:
        """Return a rule by its id; raise KeyError."""
        return self.rules[rule_id]

    def match(self, text: str) -> Match | None:
        """Return the first rule that holds in a text, None where nothing in it means danger now.

        Asked twice for each message, before it is stored and when it is handled; the second time it is remembered.
        """
        if text in self._lately:
            return self._lately[text]
        found = self._lately[text] = self._match(text)
        if len(self._lately) > _REMEMBERED:
            del self._lately[next(iter(self._lately))]
        return found

    def _match(self, text: str) -> Match | None:
        words = fold_words(text[:LONGEST])
        if not words:
            return None
        places = _Places(words, self._vocabulary)
        for number in self._index.possible(places):
            rule, pattern = self._patterns[number]
            for tried, hit in enumerate(_hits(pattern, places)):
                if tried >= _TRIES or not self._called_off(hit, places):
                    return Match(rule, hit[0][0], hit[-1][1])
        return None

    def _called_off(self, hit: list[Span], places: _Places) -> bool:
        first, last = min(span[0] for span in hit), max(span[1] for span in hit)
        inside = {index for span in hit for index in range(span[0], span[1] + 1)}
        if any(start - 1 not in inside and places.word(start - 1) in _NEGATIONS for start, _ in hit):
            return True
        if places.near("idiom", self._unless["idiom"], first, last, 0):
            return True
        if places.near("now", self._now, first, last, NEAR):
            return False
        if any(places.near(name, self._unless[name], first, last, NEAR) for name in ("past", "story")):
            return True
        about_law = places.near("law", self._unless["law"], first, last, NEAR)
        return about_law and not places.near("me", self._me, first, last, NEAR)


@dataclass(frozen=True)
class _Index:
    """Which phrases begin with a word, and in which elements of which patterns a phrase stands."""

    phrases: tuple[_Phrase, ...]
    by_word: Mapping[_Word, tuple[_Phrase, ...]]
    uses: Mapping[_Phrase, tuple[tuple[int, int], ...]]
    elements: tuple[int, ...]

    @classmethod
    def of(cls, patterns: Iterable[_Pattern]) -> _Index:
        """Index patterns by their number."""
        uses: dict[_Phrase, list[tuple[int, int]]] = {}
        elements = []
        for number, pattern in enumerate(patterns):
            elements.append(len(pattern.elements))
            for place, element in enumerate(pattern.elements):
                for phrase in element:
                    uses.setdefault(phrase, []).append((number, place))
        by_word: dict[_Word, list[_Phrase]] = {}
        for phrase in uses:
            by_word.setdefault(phrase.words[0], []).append(phrase)
        return cls(
            tuple(uses),
            {word: tuple(found) for word, found in by_word.items()},
            {phrase: tuple(found) for phrase, found in uses.items()},
            tuple(elements),
        )

    def possible(self, places: _Places) -> list[int]:
        """Return the patterns all of whose elements stand somewhere in the text, in the order of the rules."""
        seen: dict[int, set[int]] = {}
        for word in places.words:
            for phrase in self.by_word.get(word, ()):
                if places.spans(phrase):
                    for number, place in self.uses[phrase]:
                        seen.setdefault(number, set()).add(place)
        return sorted(number for number, found in seen.items() if len(found) == self.elements[number])


class _Places:
    """Where the words of the rules stand in one text."""

    def __init__(self, said: list[str], vocabulary: frozenset[_Word]) -> None:
        self._said = said
        self._known: dict[_Phrase, list[Span]] = {}
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

    def spans(self, phrase: _Phrase) -> list[Span]:
        """Return where a phrase stands: each of its beginnings with the nearest continuation."""
        found = self._known.get(phrase)
        if found is None:
            found = self._known[phrase] = list(self._find(phrase))
        return found

    def near(self, name: str, phrases: tuple[_Phrase, ...], first: int, last: int, distance: int) -> bool:
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

    def _find(self, phrase: _Phrase) -> Iterable[Span]:
        following = [self.words.get(word, []) for word in phrase.words]
        if not all(following):
            return
        for start in following[0]:
            end = start
            for positions in following[1:]:
                at = bisect_right(positions, end)
                if at == len(positions) or positions[at] > end + 1 + GAP:
                    break
                end = positions[at]
            else:
                yield start, end


def _hits(pattern: _Pattern, places: _Places) -> Iterable[list[Span]]:
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


def _pattern(written: str, sets: Mapping[str, tuple[_Phrase, ...]]) -> _Pattern:
    parts = [part.strip() for part in written.split(" + ")]
    if len(parts) > 1:
        return _Pattern(tuple(_element(part, sets) for part in parts), ordered=False)
    if "@" not in written:
        return _Pattern((_phrases(written),), ordered=True)
    return _Pattern(tuple(_element(part, sets) for part in written.split()), ordered=True)


def _element(part: str, sets: Mapping[str, tuple[_Phrase, ...]]) -> tuple[_Phrase, ...]:
    return sets[part[1:]] if part.startswith("@") else _phrases(part)


def _phrases(written: str) -> tuple[_Phrase, ...]:
    """A phrase, and the same as it is typed by those who leave out the marks of Uzbek o‘ and g‘."""
    bare = _UZBEK_MARK.sub("", written)
    return tuple(dict.fromkeys((_phrase(written), _phrase(bare))))


def _all_phrases(entries: Iterable[str]) -> tuple[_Phrase, ...]:
    return tuple(phrase for entry in entries for phrase in _phrases(entry))


def _phrase(written: str) -> _Phrase:
    words: list[_Word] = []
    for piece in written.split():
        folded = fold_words(piece.rstrip("*"))
        if not folded:
            continue
        words += [(word, False) for word in folded[:-1]]
        words.append((folded[-1], piece.endswith("*")))
    return _Phrase(tuple(words))

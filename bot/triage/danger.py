"""Urgency rules: what in a person's words means danger now; recall comes first. Data: `lexicon/danger.yaml`.

Text and patterns are folded alike (`bot.languages.folding`), so that missing letters, both scripts and Latin typing
meet. A text of 4,096 letters takes at most about 10 ms once the rules are warm, also where it is made of the rules' own
words (25 ms the first time; twice that where it is looked at as Moldovan too); an ordinary message takes less than one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, Literal

from bot.errors import HotlineError
from bot.knowledge.fields import KebabId, Model, SnakeId, Text
from bot.knowledge.findings import Finding, KeyPath
from bot.knowledge.shape import build
from bot.languages.folding import fold_words
from bot.languages.locales import Locale
from bot.languages.moldovan import moldovan_to_latin
from bot.triage.danger_tense import Tense, dated, tense_of
from bot.triage.danger_words import (
    WINDOW,
    Index,
    Pattern,
    Places,
    Span,
    all_phrases,
    has_words,
    hits,
    parts_of,
    pattern_of,
)

FILE: Final = "lexicon/danger.yaml"
NEAR: Final = 6
"""Words around a hit in which an exception counts."""
BEFORE: Final = 2
"""Words before a hit in which "now" overrules a past; after it, it begins a question: "now I want to know". As many in
which "earlier" makes a past."""
YEAR_BEFORE: Final = 4
YEAR_AFTER: Final = 3
"""Words before and after a hit in which a year counts."""
LONGEST: Final = 4096
"""Letters of a message that are looked at; a channel allows no more."""
_MOLDOVAN: Final = re.compile(
    "[бвгджзклмнпрстфхцчш]э|\\b(?:ши|ын|ау|амь|мь|нь|пе|штиу|штим|унде|ну|ла|ку)\\b", re.IGNORECASE
)
"""What Romanian in Cyrillic letters shows; other languages with these signs cost a second look only."""
_NOT_MOLDOVAN: Final = re.compile("[өүңғӣқӯҳҷў]", re.IGNORECASE)
_FORMS: Final = ("муж* бьет", "olib ket~", "@police + забрал*")
"""How an entry may look, for findings."""
_TRIES: Final = 60
"""Hits of one pattern that exceptions may call off; a text with more of them is danger."""
_REMEMBERED: Final = 1_000
_KEY: Final = hash(__name__).to_bytes(8, "big", signed=True)
"""Another one in every run of the program."""


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
    earlier: tuple[Text, ...] = ()
    over: tuple[Text, ...]
    law: tuple[Text, ...]
    story: tuple[Text, ...]
    idiom: tuple[Text, ...]


class DangerFile(Model):
    """The file as editors write it."""

    sets: dict[SnakeId, tuple[Text, ...]]
    unless: Unless
    unlike: tuple[Text, ...]
    today: tuple[Text, ...]
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
    findings += _without_words(whole, file)
    rules: dict[str, Rule] = {}
    for rule_id, body in whole.rules.items():
        rule, wrong = build(Rule, body, file, ("rules", rule_id), given={"id": rule_id})
        findings += wrong
        if rule is not None:
            rules[rule_id] = rule
            findings += _unknown_sets(rule, whole.sets, file)
            parts = ((index, part) for index, each in enumerate(rule.patterns) for part in parts_of(each))
            findings += _wordless(parts, file, ("rules", rule_id, "patterns"))
    if findings:
        return None, tuple(findings)
    return Danger.compile(rules, whole), ()


def _without_words(whole: DangerFile, file: str) -> Iterable[Finding]:
    for name, entries in whole.sets.items():
        yield from _wordless(enumerate(entries), file, ("sets", name))
    for name in Unless.model_fields:
        yield from _wordless(enumerate(getattr(whole.unless, name)), file, ("unless", name))
    for name in ("unlike", "today", "now", "me"):
        yield from _wordless(enumerate(getattr(whole, name)), file, (name,))


def _wordless(entries: Iterable[tuple[int, str]], file: str, place: KeyPath) -> Iterable[Finding]:
    """Entries of signs only, which can never be found."""
    for index, entry in entries:
        if not has_words(entry):
            yield Finding("wrong-form", file, (*place, index), values={"value": entry}, allowed=_FORMS)


def _unknown_sets(rule: Rule, sets: Mapping[str, Any], file: str) -> Iterable[Finding]:
    for index, pattern in enumerate(rule.patterns):
        for part in pattern.split():
            if part.startswith("@") and part[1:] not in sets:
                place = ("rules", rule.id, "patterns", index)
                yield Finding("not-allowed", file, place, values={"value": part}, allowed=tuple(f"@{s}" for s in sets))


class Danger:
    """The compiled rules."""

    def __init__(
        self, rules: Mapping[str, Rule], patterns: Mapping[str, tuple[Pattern, ...]], file: DangerFile
    ) -> None:
        self.rules = dict(rules)
        self._lately: dict[bytes, Match | None] = {}
        self._patterns = tuple((rules[rule_id], pattern) for rule_id, own in patterns.items() for pattern in own)
        self._unless = {name: all_phrases(getattr(file.unless, name)) for name in Unless.model_fields}
        unlike = "|".join(map(re.escape, file.unlike)) or "(?!)"
        self._unlike = re.compile(rf"(?<!\w)(?:{unlike})(?!\w)", re.IGNORECASE)
        self._today = all_phrases(file.today)
        self._now = all_phrases(file.now)
        self._me = all_phrases(file.me)
        others = (self._today, self._now, self._me, *self._unless.values())
        self._index = Index((pattern for _, pattern in self._patterns), others)

    @classmethod
    def compile(cls, rules: Mapping[str, Rule], file: DangerFile) -> Danger:
        """Compile rules with the sets and exceptions of their file, in the order in which they are tried."""
        sets = {name: all_phrases(entries) for name, entries in file.sets.items()}
        patterns = {rule_id: tuple(pattern_of(each, sets) for each in rule.patterns) for rule_id, rule in rules.items()}
        return cls(rules, patterns, file)

    def rule(self, rule_id: str) -> Rule:
        """Return a rule by its id; raise KeyError."""
        return self.rules[rule_id]

    def match(self, text: str) -> Match | None:
        """Return the first rule that holds in a text, None where nothing in it means danger now.

        Asked twice for each message, before it is stored and when it is handled; the second time it is remembered, by
        a keyed hash, so that no message stays in memory.
        """
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=_KEY).digest()
        if digest in self._lately:
            return self._lately[digest]
        found = self._lately[digest] = self._match(text)
        if len(self._lately) > _REMEMBERED:
            del self._lately[next(iter(self._lately))]
        return found

    def _match(self, text: str) -> Match | None:
        said = text[:LONGEST]
        found = self._match_one(said)
        if found is None and _MOLDOVAN.search(said) and not _NOT_MOLDOVAN.search(said):
            return self._match_one(moldovan_to_latin(said))
        return found

    def _match_one(self, text: str) -> Match | None:
        words = fold_words(self._unlike.sub("…x…", text))
        if not words:
            return None
        places = self._index.places(words)
        for number in self._index.possible(places):
            rule, pattern = self._patterns[number]
            for tried, hit in enumerate(hits(pattern, places)):
                if tried >= _TRIES or not self._called_off(hit, places):
                    return Match(rule, hit[0][0], hit[-1][1])
        return None

    def _called_off(self, hit: list[Span], places: Places) -> bool:
        first, last = min(span[0] for span in hit), max(span[1] for span in hit)
        if places.near(self._unless["idiom"], first, last, 0):
            return True
        if places.near(self._now, first, last, NEAR):
            return False
        if places.near(self._unless["over"], first, last, WINDOW):
            return True
        if self._long_ago(hit, first, last, places):
            return not places.near(self._today, first - BEFORE + 1, last - 1, 1)
        if places.near(self._today, first, last, NEAR):
            return False
        if places.near(self._unless["story"], first, last, NEAR):
            return True
        about_law = places.near(self._unless["law"], first, last, NEAR)
        return about_law and not places.near(self._me, first, last, NEAR)

    def _long_ago(self, hit: list[Span], first: int, last: int, places: Places) -> bool:
        """Whether a hit is an old story.

        "Earlier" counts only directly before or in it, as it else compares: "he beats me, earlier I bore it".
        """
        tense = tense_of(hit, places)
        if tense is Tense.PRESENT:
            return False
        if places.near(self._unless["past"], first, last, NEAR):
            return True
        if dated(first - YEAR_BEFORE, last + YEAR_AFTER, places):
            return True
        earlier = places.near(self._unless["earlier"], first - BEFORE + 1, last - 1, 1)
        return earlier and tense is Tense.PAST

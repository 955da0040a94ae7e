"""How good the search is: pure numbers from messages with known answers. `hotline evaluate` prints them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.errors import HotlineError
from bot.knowledge.search.calibration import Confidence
from bot.knowledge.search.index import SearchAnswer, SearchIndex
from bot.languages.detection import own_detector
from bot.languages.folding import fold

_TELLING_WORDS: Final = 3
_NO_LANGUAGE: Final = ("greeting", "thanks", "noise", "bye", "test", "insult", "who_are_you")
VARIANTS: Final = ("ru", "ru-Latn", "ky", "tg", "uz-Latn", "uz-Cyrl", "ro", "ro-Cyrl")
PARTS: Final = ("tuning", "calibration", "test", "second", "fresh")
Ranker = Callable[[str], Sequence[str]]
"""A baseline: from a message to article ids, best first."""


class BadMessages(HotlineError):
    """A message of the evaluation is not in the agreed form; the text names it."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message with its right answers (none: nothing in the knowledge answers it).

    variant: a language and script such as `uz-Cyrl`, or `other`, `unknown`. kind: question, none, greeting, …
    part: `tuning` (asks and words were chosen with these in sight), `calibration` (no ask and no word was: the
    judges of confidence are fitted on them), `test` (nothing at all may be fitted on it) or `second` (the same, by
    another writer). lang: the language it is written in where that is not the variant's, such as a greeting
    (`unknown`) or English (`other`) that people of this variant send.
    """

    id: str
    text: str
    variant: str
    gold: frozenset[str]
    kind: str
    part: str
    lang: str | None = None

    @classmethod
    def from_mapping(cls, data: Mapping[str, object]) -> Message:
        """Read one line of `tests/evaluation/messages.*.jsonl`; raise BadMessages when something is missing."""
        gold = data.get("gold")
        texts = {name: data.get(name) for name in ("id", "text", "variant", "kind", "part")}
        wrong = [name for name, value in texts.items() if not isinstance(value, str)]
        if wrong or not isinstance(gold, list):
            raise BadMessages(f"message {data.get('id')!r}: {', '.join([*wrong, 'gold'])} missing or of a wrong type")
        if data["part"] not in PARTS:
            raise BadMessages(f"message {data['id']!r}: part must be one of {', '.join(PARTS)}")
        lang = None if data.get("lang") is None else str(data["lang"])
        known = {name: str(value) for name, value in texts.items()}
        return cls(gold=frozenset(str(name) for name in gold), lang=lang, **known)


@dataclass(frozen=True, slots=True)
class Score:
    """Numbers over a group of messages; shares are 0 to 1, NaN where there was nothing to measure.

    sure_right: of the answerable ones answered surely, how many rightly · sure_said: how often *sure* is said there
    · pushed, offered: messages without an answer that got *sure*, *likely* · language: variant recognised, for
    messages of three words or more and below · calibration: mean gap between stated and real belief (ECE, 10 bins).
    """

    messages: int
    answerable: int
    first: float
    three: float
    reciprocal: float
    sure_right: float
    sure_said: float
    pushed: float
    offered: float
    missed: float
    language: float
    language_short: float
    calibration: float


@dataclass(frozen=True, slots=True)
class Report:
    """Scores per variant and over `all`; latencies in milliseconds (median, 95th percentile, worst)."""

    scores: Mapping[str, Score]
    latency: tuple[float, float, float] | None
    baselines: Mapping[str, Mapping[str, Score]]


@dataclass(frozen=True, slots=True)
class _Seen:
    message: Message
    answer: SearchAnswer


def evaluate(
    index: SearchIndex,
    messages: Iterable[Message],
    *,
    stopwatch: Callable[[], float] | None = None,
    baselines: Mapping[str, Ranker] | None = None,
) -> Report:
    """Search for every message and count.

    stopwatch: seconds, monotonic (`time.perf_counter`); without it no latency is measured.
    """
    seen: list[_Seen] = []
    times: list[float] = []
    everything = list(messages)
    for message in everything:
        started = stopwatch() if stopwatch else 0.0
        answer = index.search(message.text)
        if stopwatch:
            times.append(1000 * (stopwatch() - started))
        seen.append(_Seen(message, answer))
    groups = _groups(everything)
    scores = {name: _score([seen[place] for place in places]) for name, places in groups.items()}
    measured = {name: _baseline(ranker, everything, groups) for name, ranker in (baselines or {}).items()}
    return Report(scores, _latency(times), measured)


def leaked(messages: Iterable[Message], asks: Iterable[str]) -> list[str]:
    """Ids of messages that stand among the asks after folding: such a message measures nothing."""
    known = {fold(ask) for ask in asks}
    return [message.id for message in messages if fold(message.text) in known]


def _groups(messages: Sequence[Message]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {name: [] for name in VARIANTS}
    for place, message in enumerate(messages):
        groups.setdefault(message.variant, []).append(place)
    result = {name: places for name, places in groups.items() if places}
    result["all"] = list(range(len(messages)))
    return result


def _score(group: Sequence[_Seen]) -> Score:
    answerable = [seen for seen in group if seen.message.gold]
    empty = [seen for seen in group if not seen.message.gold]
    ranks = [rank([hit.id for hit in seen.answer.articles], seen.message.gold) for seen in answerable]
    sure = [place for place, seen in enumerate(answerable) if seen.answer.confidence is Confidence.SURE]
    long = [seen for seen in group if len(seen.message.text.split()) >= _TELLING_WORDS]
    short = [seen for seen in group if len(seen.message.text.split()) < _TELLING_WORDS]
    beliefs = [
        (seen.answer.articles[0].score if seen.answer.articles else 0.0, float(place == 1))
        for seen, place in zip(answerable, ranks, strict=True)
    ]
    beliefs += [(seen.answer.articles[0].score if seen.answer.articles else 0.0, 0.0) for seen in empty]
    return Score(
        messages=len(group),
        answerable=len(answerable),
        first=_mean([float(place == 1) for place in ranks]),
        three=_mean([float(0 < place <= 3) for place in ranks]),
        reciprocal=_mean([1.0 / place if place else 0.0 for place in ranks]),
        sure_right=_mean([float(ranks[place] == 1) for place in sure]),
        sure_said=len(sure) / len(answerable) if answerable else math.nan,
        pushed=_mean([float(seen.answer.confidence is Confidence.SURE) for seen in empty]),
        offered=_mean([float(seen.answer.confidence is Confidence.LIKELY) for seen in empty]),
        missed=_mean([float(seen.answer.confidence is Confidence.NOTHING) for seen in answerable]),
        language=_mean([_language_right(seen) for seen in long]),
        language_short=_mean([_language_right(seen) for seen in short]),
        calibration=expected_calibration_error(beliefs),
    )


def rank(found: Sequence[str], gold: frozenset[str]) -> int:
    """The place of the first right one, from 1; 0 when none was found."""
    return next((place for place, name in enumerate(found, start=1) if name in gold), 0)


def expected_calibration_error(beliefs: Sequence[tuple[float, float]], bins: int = 10) -> float:
    """Mean distance between stated belief and what came true, over equal bins of belief, weighted by their size."""
    if not beliefs:
        return math.nan
    total = 0.0
    for number in range(bins):
        inside = [pair for pair in beliefs if min(bins - 1, int(pair[0] * bins)) == number]
        if inside:
            stated = sum(pair[0] for pair in inside) / len(inside)
            true = sum(pair[1] for pair in inside) / len(inside)
            total += abs(stated - true) * len(inside) / len(beliefs)
    return total


def _language_right(seen: _Seen) -> float:
    """Greetings, thanks, noise and single words that the languages share say nothing: `unknown` is right for them."""
    found, message = seen.answer.detection.variant, seen.message
    if message.lang is not None and message.lang != message.variant.partition("-")[0]:
        return float(found.partition("-")[0] == message.lang)
    tells_nothing = message.kind in _NO_LANGUAGE or (
        len(message.text.split()) < _TELLING_WORDS and own_detector().is_neutral(message.text)
    )
    return float(found == message.variant or (found == "unknown" and tells_nothing))


def _baseline(ranker: Ranker, messages: Sequence[Message], groups: Mapping[str, Sequence[int]]) -> dict[str, Score]:
    ranks = [rank(list(ranker(message.text))[:10], message.gold) if message.gold else 0 for message in messages]
    result = {}
    for name, places in groups.items():
        answerable = [ranks[place] for place in places if messages[place].gold]
        nothing = math.nan
        result[name] = Score(
            messages=len(places),
            answerable=len(answerable),
            first=_mean([float(place == 1) for place in answerable]),
            three=_mean([float(0 < place <= 3) for place in answerable]),
            reciprocal=_mean([1.0 / place if place else 0.0 for place in answerable]),
            sure_right=nothing,
            sure_said=nothing,
            pushed=nothing,
            offered=nothing,
            missed=nothing,
            language=nothing,
            language_short=nothing,
            calibration=nothing,
        )
    return result


def _latency(times: Sequence[float]) -> tuple[float, float, float] | None:
    if not times:
        return None
    ordered = sorted(times)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], ordered[-1]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else math.nan

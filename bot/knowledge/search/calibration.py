"""The numbers that were fitted: how much each signal weighs, and when an answer is sure, likely or nothing.

They live in `calibration.json`; `tests/evaluation/tune_search.py` fits them on the tuning messages (docs/search.md).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import resources
from typing import Final

from bot.errors import HotlineError

SIGNALS: Final = (
    "ask", "three_asks", "ask_grams", "ask_odds", "ask_concepts", "concept_odds", "words", "body_concepts",
)  # fmt: skip
"""The signals in the order of their weights.

ask: likeness to the nearest single ask or title · three_asks: mean over the three nearest · ask_grams, ask_concepts:
all asks of the document together, by n-grams and by concepts · ask_odds, concept_odds: what share of the places that
each n-gram or concept has in all asks is in those of the document · words: titles, asks and text by beginnings of
words · body_concepts: the text of the article by concepts. (N-grams of the text were measured too: no gain, most
memory.)
"""
TRAITS: Final = (
    "constant", "top", "lead", "ask", "concepts", "known", "words", "agreement", "covered", "off_topic",
    "steady", "shared", "foreign", "topical",
)  # fmt: skip
"""What the confidence is judged by, in the order of the coefficients (see `confidence.py`)."""


class BadCalibration(HotlineError):
    """The file of fitted numbers is not what it should be."""


class Confidence(StrEnum):
    """How sure the search is: answer at once, let the person choose, or say kindly that nothing was found."""

    SURE = "sure"
    LIKELY = "likely"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Judge:
    """A logistic judgement over the traits: coefficients in the order of TRAITS, and the probability it asks for."""

    coefficients: tuple[float, ...]
    threshold: float

    def probability(self, traits: Sequence[float]) -> float:
        """The probability, 0 to 1."""
        total = sum(weight * trait for weight, trait in zip(self.coefficients, traits, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, total))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Everything that was fitted. first: is the first article right? answerable: has the message an answer at all?"""

    weights: Mapping[str, float]
    first: Judge
    answerable: Judge
    without: frozenset[str] = field(default_factory=frozenset)

    def leaving_out(self, *signals: str) -> Calibration:
        """The same without some signals; for the ablation in the benchmarks."""
        return Calibration(self.weights, self.first, self.answerable, self.without | frozenset(signals))

    def weight(self, signal: str) -> float:
        """The weight of a signal; 0 when it is left out."""
        return 0.0 if signal in self.without else self.weights[signal]

    @classmethod
    def from_mapping(cls, data: Mapping[str, object]) -> Calibration:
        """Read the JSON form; raise BadCalibration when a number is missing."""
        try:
            weights = data["weights"]
            judges = [data["first"], data["answerable"]]
            if not isinstance(weights, Mapping) or set(weights) != set(SIGNALS):
                raise BadCalibration(f"weights: the signals {', '.join(SIGNALS)} are needed")
            first, answerable = (_judge(judge) for judge in judges)
        except KeyError as missing:
            raise BadCalibration(f"calibration.json has no {missing}; run tests/evaluation/tune_search.py") from None
        return cls({signal: float(weights[signal]) for signal in SIGNALS}, first, answerable)

    def to_mapping(self) -> dict[str, object]:
        """The JSON form, numbers rounded to four places."""
        return {
            "weights": {signal: round(self.weights[signal], 4) for signal in SIGNALS},
            "first": _judge_mapping(self.first),
            "answerable": _judge_mapping(self.answerable),
        }


def own_calibration() -> Calibration:
    """The fitted numbers of the package."""
    text = (resources.files("bot.knowledge.search") / "calibration.json").read_text(encoding="utf-8")
    return Calibration.from_mapping(json.loads(text))


def _judge(data: object) -> Judge:
    if not isinstance(data, Mapping):
        raise BadCalibration("first and answerable need coefficients and a threshold")
    coefficients = data["coefficients"]
    if not isinstance(coefficients, Mapping) or set(coefficients) != set(TRAITS):
        raise BadCalibration(f"coefficients: the traits {', '.join(TRAITS)} are needed")
    return Judge(tuple(float(coefficients[trait]) for trait in TRAITS), float(data["threshold"]))


def _judge_mapping(judge: Judge) -> dict[str, object]:
    coefficients = {trait: round(number, 4) for trait, number in zip(TRAITS, judge.coefficients, strict=True)}
    return {"coefficients": coefficients, "threshold": round(judge.threshold, 4)}

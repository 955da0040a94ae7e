"""Which language a message is written in, and in which script.

Character 1-5-grams and Bayes' rule, learnt at start from a few kilobytes per language (`training.py`) and, when the
caller gives them, from the articles. Messages are short and mixed with Russian, so the result carries a margin, and
greetings, emoji, numbers and words that all five languages share are honestly `unknown`.
The language that a person chose is never overridden by this; see `switching.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from bot.languages.folding import fold_words, normalise
from bot.languages.training import neutral_words, own_texts, variants

Language = Literal["ru", "ky", "tg", "uz", "ro", "other", "unknown"]
Script = Literal["Cyrl", "Latn"]

_LONGEST_GRAM: Final = 5
_READ_LETTERS: Final = 400
"""A message says its language in the first lines; the rest only costs time."""
_SMOOTHING: Final = 0.04
_RARE: Final = 2
_ENOUGH_WORDS: Final = 3
"""Words from which on shared words are judged too: three Russian loans in a row are Russian."""
_SHORTEST_LOAN: Final = 6
"""Letters of a shared word by which it is known with an ending too; shorter ones begin other words as well."""
_TRUST: Final = 8_000
"""N-grams below which a class is believed less: a few sentences of a language must not outbid a real sample."""
_NOISE: Final = re.compile(r"https?://\S+|@\w+|(?<!\w)\w*\d\w*")
_LETTERS: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*'?")
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_LATIN: Final = re.compile("[a-z\u00df-\u024f\u0259\u1e00-\u1eff]")
_UNSURE_MARGIN: Final = 0.35
_STRANGE_SHARE: Final = 0.62
_OWN_LETTERS: Final = {
    "other:kk": re.compile("[әұі]"),
    "other:uk": re.compile("[іїєґ]"),
    "other:be": re.compile("[ўі].*[ыэ]|[ыэ].*і"),
    "other:az": re.compile("ə"),
    "ky": re.compile("[ңө]"),
    "tg": re.compile("[ҷӣӯ]"),
}


@dataclass(frozen=True, slots=True)
class Detection:
    """What a message seems to be written in.

    language: one of the five, `other` (a language that the hotline does not speak) or `unknown` (nothing to go by).
    script: `Cyrl`, `Latn`, or None without letters of these scripts.
    variant: language and script where a language has two, `uz-Cyrl`, `ru-Latn`; equal to language otherwise.
    margin: evidence for the language against the next best one, in nats per letter position; above 1 is clear.
    """

    language: Language
    script: Script | None
    variant: str
    margin: float


class Detector:
    """A trained model; immutable, safe to share between threads."""

    def __init__(self, rows: Mapping[str, int], weights: npt.NDArray[np.float32], classes: tuple[str, ...]) -> None:
        """Take weights, a row for each n-gram and a column for each class, and the row of each n-gram."""
        self._rows = rows
        self._weights = weights
        self._classes = classes
        shared = neutral_words()
        self._neutral = frozenset(folded for word in shared for folded in fold_words(word))
        self._loans = frozenset(normalise(word) for word in shared if len(word) >= _SHORTEST_LOAN)
        self._by_script = {
            "Cyrl": [index for index, name in enumerate(classes) if _script_of(name) == "Cyrl"],
            "Latn": [index for index, name in enumerate(classes) if _script_of(name) == "Latn"],
        }

    @classmethod
    def train(cls, extra: Mapping[str, Iterable[str]] | None = None) -> Detector:
        """Learn from the texts of the package and from `extra`: language code (ru, ky, tg, uz, ro) to texts."""
        texts = own_texts()
        for language, lines in (extra or {}).items():
            texts[language] = [*texts.get(language, []), *lines]
        counts = {name: _count(lines) for name, lines in variants(texts).items()}
        classes = tuple(sorted(counts))
        return cls(*_log_ratios([counts[name] for name in classes]), classes)

    def is_neutral(self, text: str) -> bool:
        """Whether every word of a text is one that several of the languages share, so that it tells nothing."""
        words = _LETTERS.findall(_NOISE.sub(" ", normalise(text[:_READ_LETTERS])))
        return all(folded in self._neutral for word in words for folded in fold_words(word))

    def detect(self, text: str) -> Detection:
        """Tell the language of any text; never fails, whatever the text holds."""
        plain = _NOISE.sub(" ", normalise(text[: 4 * _READ_LETTERS]))[:_READ_LETTERS]
        words = _LETTERS.findall(plain)
        script = _script(plain)
        if script is None:
            strange = any(letter.isalpha() for letter in plain)
            return Detection("other" if strange else "unknown", None, "other" if strange else "unknown", 0.0)
        telling = [word for word in words if not all(folded in self._neutral for folded in fold_words(word))]
        if not telling and len(words) >= _ENOUGH_WORDS:
            telling = words
        if not telling:
            return Detection("unknown", script, "unknown", 0.0)
        return self._judge(telling, script)

    def _judge(self, words: list[str], script: Script) -> Detection:
        seen = Counter[str]()
        grams = [gram for word in words for gram in _grams(word, self._loan_in(word))]
        known = [row for gram in grams if (row := self._rows.get(gram)) is not None]
        totals = self._weights[known].sum(axis=0, dtype=np.float64).tolist()
        joined = " ".join(words)
        for name, pattern in _OWN_LETTERS.items():
            if pattern.search(joined):
                seen[name] += 1
        scores: dict[str, float] = {}
        for index in self._by_script[script]:
            name = self._classes[index]
            score = totals[index] + 12.0 * seen[name]
            scores[name] = score
        return _decide(scores, script, len(joined), len(known) / max(1, len(grams)), len(words))

    def _loan_in(self, word: str) -> int:
        """How many letters of a word are a shared one with an ending behind it; 0: none.

        `паспортим`, `хозяинда`: the ending tells the language, and the loan only which texts it stood in more often.
        """
        return next((end for end in range(len(word) - 1, _SHORTEST_LOAN - 1, -1) if word[:end] in self._loans), 0)


def _decide(scores: Mapping[str, float], script: Script, letters: int, known: float, words: int) -> Detection:
    best = max(scores, key=lambda name: scores[name])
    language = best.partition(":")[0].partition("-")[0]
    rival = max(score for name, score in scores.items() if name.partition(":")[0].partition("-")[0] != language)
    margin = (scores[best] - rival) / max(3, letters)
    if language == "other":
        return Detection("other", script, "other", margin)
    if letters <= 2 or (words == 1 and margin < _UNSURE_MARGIN) or scores[best] <= 0:
        strange = letters > 12 and scores[best] <= 0
        return Detection("other" if strange else "unknown", script, "other" if strange else "unknown", 0.0)
    return Detection(_LANGUAGES[language], script, best, margin)


_LANGUAGES: Final[dict[str, Language]] = {"ru": "ru", "ky": "ky", "tg": "tg", "uz": "uz", "ro": "ro"}


@lru_cache(maxsize=1)
def own_detector() -> Detector:
    """The detector that knows only the texts of the package; trained once, in about a third of a second."""
    return Detector.train()


def detect(text: str) -> Detection:
    """Tell the language of a text with the detector of the package."""
    return own_detector().detect(text)


def _script(plain: str) -> Script | None:
    cyrillic = len(_CYRILLIC.findall(plain))
    latin = len(_LATIN.findall(plain))
    if not cyrillic and not latin:
        return None
    return "Cyrl" if cyrillic >= latin else "Latn"


def _script_of(name: str) -> str:
    if name in ("uz-Latn", "ro", "ru-Latn"):
        return "Latn"
    if name.startswith("other:"):
        return "Cyrl" if name.removeprefix("other:") in ("kk", "uk", "be", "bg", "sr", "mn") else "Latn"
    return "Cyrl"


def _grams(word: str, known: int = 0) -> list[str]:
    """The n-grams of a word with its edges that reach beyond its first `known` letters, and the letters behind them."""
    padded = f" {word} "
    size = len(padded)
    grams = [
        padded[start : start + width]
        for width in range(2, _LONGEST_GRAM + 1)
        for start in range(max(0, known + 2 - width) if known else 0, size - width + 1)
    ]
    grams.extend(word[known:])
    return grams


def _count(lines: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for line in lines:
        words.update(_LETTERS.findall(_NOISE.sub(" ", normalise(line))))
    for word, times in words.items():
        for gram in _grams(word):
            counts[gram] += times
    return counts


def _log_ratios(counts: list[Counter[str]]) -> tuple[dict[str, int], npt.NDArray[np.float32]]:
    """How much each n-gram speaks for each class: log of its share there against its mean share."""
    together: Counter[str] = Counter()
    for counter in counts:
        together.update(counter)
    often = (gram for gram, times in together.items() if times >= _RARE or len(gram) <= 3)
    rows = {gram: row for row, gram in enumerate(often)}
    shares = np.zeros((len(rows), len(counts)))
    for column, counter in enumerate(counts):
        known = [(row, times) for gram, times in counter.items() if (row := rows.get(gram)) is not None]
        places, values = np.array(known, np.int64).reshape(-1, 2).T
        shares[places, column] = values / (sum(counter.values()) + _TRUST)
    means = shares.mean(axis=1, keepdims=True)
    return rows, np.log(_SMOOTHING + (1 - _SMOOTHING) * shares / means).astype(np.float32)

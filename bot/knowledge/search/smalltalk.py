"""Greetings, thanks, bare cries for help, insults, adverts and noise: they get a short word and not an article."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from bot.knowledge.search.lexicon import BadLexicon, ConceptLexicon
from bot.knowledge.search.stopwords import STOPWORDS
from bot.languages.folding import fold_words

KINDS: Final = ("help", "insult", "advert", "person", "thanks", "bye", "who_are_you", "test", "greeting")
"""Kinds by what decides when a message holds several."""
AROUND: Final = "around"
"""Words of `smalltalk.yaml` that may stand around such phrases and mean nothing alone."""
NOISE: Final = "noise"
"""Emoji, digits, single letters, keys pressed at random."""

_LINK: Final = re.compile(r"https?://|www\.|t\.me/|\b[\w-]+\.(?:ru|com|org|net|xyz|top|site|shop)\b", re.IGNORECASE)
_FILLERS: Final = frozenset(
    fold_words(
        "а и брат братья братан бро друг бародар бародарон дустон достор ака опа уко акажон байке эже баке хола дадо "
        "aka opa uka domnule doamna вам вас frumos mult"
    )
)
_QUESTIONS: Final = frozenset(
    fold_words(
        "как какая какую какой где когда что кто сколько почему зачем про ли не нет "
        "кандай кайда качан эмне ким канча эмес жок чӣ кадом кай куҷо кӣ чанд барои нест не "
        "qanday qanaqa qayerda qachon nima kim qancha haqida emas yo‘q ce care unde când cine cât despre nu"
    )
)
"""Words that make something else of a cry for help. Folded alike in all languages."""
_EMERGENCY: Final = frozenset({"112", "103", "102", "101", "911", "03", "02", "01"})
"""Numbers that somebody writes instead of calling them."""
_SOS: Final = "🆘"
_LONGEST_TALK: Final = 12
_ADVERT_SIGNS: Final = 2
_VOWELS: Final = frozenset("aeiou")
_KEYBOARD: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
_NEIGHBOURS: Final = frozenset(
    pair for row in _KEYBOARD for one, two in pairwise(row) for pair in (one + two, two + one)
)
"""Letters whose keys lie side by side: a finger that runs over the keys writes them one after the other."""
_RUN: Final = 0.75
_SHORTEST_RUN: Final = 5
"""Letters; four lie side by side in real words too: `кенг`, `tree`."""


class SmallTalk:
    """The phrases of `smalltalk.yaml`; immutable."""

    def __init__(self, phrases: ConceptLexicon) -> None:
        self._phrases = phrases

    @classmethod
    def from_mapping(cls, data: Mapping[str, object]) -> SmallTalk:
        """Read kind → locale → phrases; raise BadLexicon when it is something else."""
        phrases = ConceptLexicon.from_mappings(data, keep_empty_words=True)
        if strange := phrases.concepts - {*KINDS, AROUND}:
            raise BadLexicon(f"smalltalk.yaml: unknown kinds {sorted(strange)}; allowed: {', '.join((*KINDS, AROUND))}")
        return cls(phrases)

    def recognise(self, text: str, words: Sequence[str]) -> str | None:
        """Return the kind of small talk, `noise`, or None for a message that may be a question.

        words: the folded words of the text.
        """
        if _SOS in text and is_noise(words):
            return "help"
        if is_noise(words) or _ran_over_keys(text):
            return NOISE
        spans = self._phrases.spans(words, gap=0)  # a word between two says something else
        adverts = len({start for kind, start, _ in spans if kind == "advert"})
        if adverts >= _ADVERT_SIGNS + (not _LINK.search(text)) or (adverts and _LINK.search(text) and len(words) < 25):
            return "advert"
        spans = [span for span in spans if span[0] != "advert"]
        covered = {place for _, start, end in spans for place in range(start, end)}
        kinds = {span[0] for span in spans} - {AROUND}
        if all(_inside_another(span, spans) for span in spans if span[0] == "help"):
            kinds.discard("help")
        if not kinds or len(words) > _LONGEST_TALK:
            return None
        left = [word for place, word in enumerate(words) if place not in covered]
        if any(word not in STOPWORDS and word not in _FILLERS for word in left):
            return None
        if _QUESTIONS.intersection(left):
            kinds.discard("help")  # "what help", "no danger"
        return next((kind for kind in KINDS if kind in kinds), None)


def _inside_another(span: tuple[str, int, int], spans: Sequence[tuple[str, int, int]]) -> bool:
    """Whether a longer phrase of another kind says what is meant: the `help` in "thank you for your help"."""
    kind, start, end = span
    return any(
        other not in (kind, AROUND) and first <= start and end <= last and last - first > end - start
        for other, first, last in spans
    )


def is_noise(words: Sequence[str]) -> bool:
    """Whether folded words cannot mean anything: none, digits only, single letters, or keys pressed at random."""
    if _EMERGENCY.issuperset(words) and words:
        return False
    letters = [word for word in words if not word.isdigit()]
    if not letters or all(len(word) == 1 for word in letters):
        return True
    return len(letters) <= 3 and all(_mashed(word) for word in letters)


def _ran_over_keys(text: str) -> bool:
    """Whether one to three words are nothing but keys that lie side by side: `фывапр`, `qwerty`."""
    words = text.lower().split()
    return 1 <= len(words) <= 3 and all(_is_run(word) for word in words)


def _is_run(word: str) -> bool:
    if len(word) < _SHORTEST_RUN or not word.isalpha():
        return False
    runs = sum(one + two in _NEIGHBOURS or one == two for one, two in pairwise(word))
    return runs / (len(word) - 1) >= _RUN


def _mashed(word: str) -> bool:
    vowels = sum(1 for letter in word if letter in _VOWELS)
    if len(word) >= 4 and vowels == 0:
        return True
    if len(word) >= 6 and vowels / len(word) < 0.15:
        return True
    return len(word) >= 5 and len(set(word)) <= 2

"""One plain Latin skeleton for every spelling: what is said alike or typed alike becomes alike.

Index and question go through the same function, so it need not be pretty, only even-handed:
`to‘lov`, `to'lov`, `тўлов` and `тулов`; `каттоо` and `katto`; `что`, `chto` and `4to` meet in one word.
The result is never shown to anybody. Source of the tables: the alphabets of Russian, Kyrgyz, Tajik, Uzbek (three
alphabets), Romanian (two), Kazakh and Ukrainian, and how people type them on a keyboard that lacks the letters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from bot.languages.transliteration import APOSTROPHES

_CYRILLIC: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "j", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    "ң": "n", "ө": "o", "ү": "u",  # Kyrgyz
    "ғ": "g", "ӣ": "i", "қ": "k", "ӯ": "u", "ҳ": "h", "ҷ": "ch",  # Tajik
    "ў": "u",  # Uzbek
    "ӂ": "j",  # Moldovan
    "ә": "a", "ұ": "u", "һ": "h", "і": "i", "ї": "i", "є": "e", "ґ": "g", "ј": "i", "ѓ": "g", "ќ": "k",
}  # fmt: skip
_LATIN: Final = {
    "ă": "a", "â": "a", "î": "i", "ș": "s", "ş": "s", "ț": "t", "ţ": "t",  # Romanian, also with cedilla
    "ö": "o", "ü": "u", "ñ": "n", "ğ": "g", "ç": "ch", "ı": "i", "ə": "a", "ß": "s", "æ": "a", "ø": "o", "ł": "l",
    "q": "k", "w": "sh", "x": "h", "y": "i",
}  # fmt: skip
_LETTERS: Final = str.maketrans(_CYRILLIC | _LATIN)
_MARKS: Final = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_NEW_UZBEK: Final = str.maketrans({"ş": "sh", "ç": "ch", "ö": "o'", "ğ": "g'"})
_ROMANIAN: Final = re.compile("[ăâîșț]")
_LOOKALIKES: Final = str.maketrans("aeopcxy", "аеорсху")
_CYRILLIC_RANGE: Final = re.compile("[\u0400-\u052f]")
_UNSEEN: Final = frozenset(
    chr(code)
    for code in (*range(0x10000), *range(0xE0000, 0xE0200))
    if unicodedata.category(chr(code)) in ("Mn", "Me", "Cf")
)
"""Stacked marks, joiners, marks of direction: they are seen by nobody or cover other letters."""
_MIXED: Final = re.compile("[a-z]*[\u0400-\u052f][a-z\u0400-\u052f]*")
_TOKEN: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*'?")
_PARTS: Final = re.compile(r"[a-z]+|[0-9]+")
_DOUBLED: Final = re.compile(r"(.)\1+")

_CONSONANTS: Final = "бвгғджзйкқлмнңпрстфхҳцчҷшщъь"
_YO_SOUND: Final = re.compile(rf"(?<![{_CONSONANTS}])ё")
_SOUNDS: Final = tuple(
    (re.compile(pattern), result)
    for pattern, result in (
        (r"(?<=[a-z'])4(?=[a-z])|\b4(?=[a-z]{2})|(?<=[a-z]{2})4\b", "ch"),  # 4to, ho4u
        (r"(?<=[a-z])6(?=[a-z])", "sh"),  # yax6i
        (r"(?<=[a-z])0(?=[a-z])", "o"),
        (r"o'", "u"),
        (r"g'|gh", "g"),
        (r"'", ""),
        (r"shch|sch", "sh"),
        (r"(?<=[bp])j(?=[eou]t)|(?<=\bsem)j(?=[aeiou])|(?<=\bp)j(?=an)", "y"),  # bjut, semja; not in mavjud
        (r"zh", "j"),
        (r"kh", "h"),
        (r"tc|tz|c(?=iy|ij|ia\b|ii\b)", "ts"),  # policiya
        (r"(?<=[bcdfghjklmnpqrstvwxz])yo", "e"),  # idyot, dunyo
        (r"ye", "e"),
        (r"c(?!h)", "k"),
    )
)

LONGEST_WORD: Final = 40
"""Letters of one word that are looked at; longer ones are noise."""


def fold(text: str) -> str:
    """Fold a text of any length into words of a–z and 0–9 with single spaces between them."""
    return " ".join(fold_words(text))


def fold_words(text: str) -> list[str]:
    """Fold a text into its words, in order; words of marks and emoji alone disappear."""
    plain = normalise(text)
    new_uzbek = not _ROMANIAN.search(plain)
    words: list[str] = []
    for word in _TOKEN.findall(plain):
        words.extend(_fold_word(word[:LONGEST_WORD], new_uzbek))
    return words


def normalise(text: str) -> str:
    """Small letters, composed, one apostrophe, without invisible signs and stacked marks."""
    composed = unicodedata.normalize("NFC", text) if not text.isascii() else text
    lowered = composed.lower().translate(_MARKS)
    if lowered.isascii():
        return lowered
    if _UNSEEN.isdisjoint(lowered):
        return lowered
    return "".join(letter for letter in lowered if letter not in _UNSEEN)


@lru_cache(maxsize=20_000)
def _fold_word(word: str, new_uzbek: bool) -> tuple[str, ...]:
    if _CYRILLIC_RANGE.search(word):
        if not word.isalpha() or _MIXED.fullmatch(word):
            word = word.translate(_LOOKALIKES) if _mostly_cyrillic(word) else word
        word = _YO_SOUND.sub("йо", word).translate(_LETTERS).replace("shch", "sh").replace("'", "")
    else:
        if new_uzbek:
            word = word.translate(_NEW_UZBEK)
        for pattern, result in _SOUNDS:
            word = pattern.sub(result, word)
        word = word.translate(_LETTERS)
    if not word.isascii():
        decomposed = unicodedata.normalize("NFKD", word).lower()
        word = "".join(letter for letter in decomposed if letter.isascii() and letter.isalnum())
    return tuple(part if part.isdigit() else _DOUBLED.sub(r"\1", part) for part in _PARTS.findall(word))


def _mostly_cyrillic(word: str) -> bool:
    cyrillic = sum(1 for letter in word if "\u0400" <= letter <= "\u052f")
    return 2 * cyrillic >= sum(1 for letter in word if letter.isalpha())

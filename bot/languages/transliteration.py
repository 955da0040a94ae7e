"""Uzbek between its two scripts: Cyrillic to Latin exactly, Latin to Cyrillic as a draft for a reader.

The Latin spelling hides letters that Cyrillic shows (ц, ь, ъ, э), so the second direction cannot be exact.
It takes the editors' exceptions (`knowledge/lexicon/uzbek_exceptions.yaml`), leaves links, names, placeholders
and brands as they are, and lists every word that a person should look at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.errors import HotlineError

APOSTROPHES: Final = "'`´‘’ʻʼʽ′‛＇"
"""Every mark that people put for the Uzbek o‘ g‘ and for the tutuq belgisi."""

_TO_STRAIGHT: Final = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_LATIN_VOWELS: Final = frozenset("aeiou")
_CYRILLIC_VOWELS: Final = frozenset("аеёиоуўэюяы")

_PROTECTED: Final = re.compile(
    r"""
    https?://[^\s)\]>]+ | www\.[^\s)\]>]+ | (?:tg|mailto|tel):[^\s)\]>]+
    | [\w.+-]+@[\w-]+\.[\w.-]+                       # mail addresses
    | @\w+                                           # names in Telegram
    | (?<![\w/])/[a-z_]+\b                           # commands
    | \b(?:[A-Za-z0-9-]+\.)+(?:ru|uz|tj|kg|md|kz|com|org|net|info|me|gov|su|help|app)\b(?:/[^\s)\]>]*)?
    | \{[^{}]*\}                                     # placeholders
    | </?[a-zA-Z][^<>]*>                             # tags
    | %\([a-z_]+\)[sd] | %[sd]
    | (?<!\w)`[^`\n]+`(?!\w)
    """,
    re.VERBOSE,
)
_WORD: Final = re.compile(rf"[A-Za-zÀ-ÖØ-öø-ÿĞğŞş](?:[A-Za-zÀ-ÖØ-öø-ÿĞğŞş]|[{APOSTROPHES}](?=\w|(?<=[oOgG].))|)*")
_ROMAN: Final = re.compile(r"(?=[IVXLC])(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$")
_ENDINGS: Final = re.compile(
    r"(?:lar|ning|ni|ga|ka|qa|da|dan|dagi|gacha|gina|imiz|ingiz|ing|im|si|i|cha|chi|lik|li|siz|dek|day|dir|mi|"
    r"miz|ngiz|m|ng|ku|edi|man|san|dirlar|a|aman|asiz)+$"
)

_PAIRS: Final = {"sh": "ш", "ch": "ч", "o'": "ў", "g'": "ғ", "yo": "ё", "yu": "ю", "ya": "я", "ts": "ц"}
_SINGLES: Final = {
    "a": "а", "b": "б", "d": "д", "f": "ф", "g": "г", "h": "ҳ", "i": "и", "j": "ж", "k": "к", "l": "л", "m": "м",
    "n": "н", "o": "о", "p": "п", "q": "қ", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в", "x": "х", "y": "й",
    "z": "з", "'": "ъ", "c": "с", "w": "в",
}  # fmt: skip
_PLAIN_ENDING: Final = re.compile(r"ts(?:a(?:m|ng|ngiz|k|lar)?|in(?:lar)?|iz(?:lik)?)$")
"""Conditional, imperative and `without` after a stem in t: always тс."""
_NEW_LATIN: Final = str.maketrans(
    {"ş": "sh", "ç": "ch", "ö": "o'", "ğ": "g'", "Ş": "Sh", "Ç": "Ch", "Ö": "O'", "Ğ": "G'"}
)


class BadTransliterationExceptions(HotlineError):
    """The file of exceptions is not what it should be; the text names the place."""


@dataclass(frozen=True, slots=True)
class TransliterationExceptions:
    """What the rules cannot know; every key is Latin with a straight apostrophe, in small letters except for names.

    stems: beginning of a word → its Cyrillic form; whatever follows is written by the rules.
    words: a whole word → its Cyrillic form; only regular endings may follow.
    names: brand, form or abbreviation, with its capitals → how it stands in a Cyrillic text (often unchanged).
    A Cyrillic form that ends in ь loses it before an ending: октябрь, октябрда.
    """

    stems: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_mapping(cls, data: Mapping[str, object]) -> TransliterationExceptions:
        """Read what the YAML file holds: `stems`, `words`, `names`, each a mapping of text to text.

        Raises BadTransliterationExceptions, which names the key that is wrong.
        """
        unknown = set(data) - {"stems", "words", "names"}
        if unknown:
            raise BadTransliterationExceptions(f"unknown part {sorted(unknown)}; allowed: stems, words, names")
        parts = {name: _text_mapping(name, data.get(name)) for name in ("stems", "words", "names")}
        for name in ("stems", "words"):
            parts[name] = {key.lower().translate(_TO_STRAIGHT): value for key, value in parts[name].items()}
        return cls(**parts)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A word of the draft that a person should read: the Latin word, the draft, why, and where it starts."""

    word: str
    draft: str
    reason: str
    position: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A Cyrillic draft and the words in it that need a reader, in the order of the text."""

    text: str
    doubtful: tuple[Doubt, ...]


def latin_to_cyrillic(text: str, exceptions: TransliterationExceptions | None = None) -> Draft:
    """Draft the Cyrillic form of an Uzbek text written in Latin letters (old or new alphabet)."""
    chosen = exceptions or TransliterationExceptions()
    writer = _Writer(chosen)
    position = 0
    for span in _protected_spans(text, chosen):
        writer.words(text[position : span[0]])
        writer.keep(span[2])
        position = span[1]
    writer.words(text[position:])
    return writer.draft()


def cyrillic_to_latin(text: str) -> str:
    """Write an Uzbek Cyrillic text in Latin letters with ‘ in o‘ g‘ and ’ for the tutuq belgisi."""
    result: list[str] = []
    for index, letter in enumerate(text):
        low = letter.lower()
        before = text[index - 1].lower() if index else ""
        after = text[index + 1].lower() if index + 1 < len(text) else ""
        latin = _latin_letter(low, before, after, text, index)
        if latin is None:
            result.append(letter)
        elif letter != low:
            result.append(_capital(latin, text, index))
        else:
            result.append(latin)
    return "".join(result)


# --- Latin to Cyrillic -------------------------------------------------------------------------------------------


class _Writer:
    def __init__(self, exceptions: TransliterationExceptions) -> None:
        self._exceptions = exceptions
        self._pieces: list[str] = []
        self._length = 0
        self._doubts: list[Doubt] = []

    def keep(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)

    def words(self, text: str) -> None:
        position = 0
        for match in _WORD.finditer(text):
            self.keep(text[position : match.start()])
            word = match.group()
            draft, reason = _word(word, self._exceptions)
            if reason:
                self._doubts.append(Doubt(word=word, draft=draft, reason=reason, position=self._length))
            self.keep(draft)
            position = match.end()
        self.keep(text[position:])

    def draft(self) -> Draft:
        return Draft(text="".join(self._pieces), doubtful=tuple(self._doubts))


def _protected_spans(text: str, exceptions: TransliterationExceptions) -> list[tuple[int, int, str]]:
    """Spans that are copied or replaced as a whole: (start, end, text to write), in order and apart."""
    spans = [(match.start(), match.end(), match.group()) for match in _PROTECTED.finditer(text)]
    if exceptions.names:
        names = sorted(exceptions.names, key=len, reverse=True)
        pattern = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(name) for name in names) + r")(?![A-Z])")
        for match in pattern.finditer(text):
            rest = re.match(r"\w*", text[match.end() :])
            if rest and rest.group() and not _ENDINGS.match(rest.group().lower()):
                continue
            if not any(start < match.end() and match.start() < end for start, end, _ in spans):
                spans.append((match.start(), match.end(), exceptions.names[match.group()]))
    return sorted(spans)


def _word(word: str, exceptions: TransliterationExceptions) -> tuple[str, str]:
    plain = word.translate(_TO_STRAIGHT).translate(_NEW_LATIN)
    low = plain.lower()
    if len(plain) > 1 and _ROMAN.fullmatch(plain):
        return word, "roman numeral or abbreviation"
    start, rest, known = _exception(low, exceptions)
    if known and start.endswith("ь") and rest:
        start = start[:-1]
    cyrillic = start + _rules(rest, start[-1:])
    reason = "" if known and not rest.startswith("ts") else _doubt(low, plain, word)
    return _same_case(plain, cyrillic), reason


def _exception(low: str, exceptions: TransliterationExceptions) -> tuple[str, str, bool]:
    for length in range(len(low), 1, -1):
        head, rest = low[:length], low[length:]
        if head in exceptions.words and (not rest or _ENDINGS.match(rest)):
            return exceptions.words[head], rest, True
        if head in exceptions.stems:
            return exceptions.stems[head], rest, True
    return "", low, False


def _rules(latin: str, before: str) -> str:
    """Transliterate small Latin letters; `before` is the Cyrillic letter they follow, or nothing."""
    result: list[str] = []
    index = 0
    while index < len(latin):
        previous = result[-1] if result else before
        cyrillic, width = _next_letter(latin, index, previous)
        result.append(cyrillic)
        index += width
    return "".join(result)


def _next_letter(latin: str, index: int, previous: str) -> tuple[str, int]:
    letter, pair = latin[index], latin[index : index + 2]
    ahead = latin[index:]
    if ahead.startswith("yo'"):
        return "й", 1
    if pair == "ye":
        hard = previous and previous[-1] not in _CYRILLIC_VOWELS
        return ("ъе" if hard else "е"), 2
    if pair == "ts" and (ahead.startswith("tsh") or _conditional(ahead)):
        return "т", 1
    if ahead.startswith("siya") and previous[-1:] in ("к", "н", "п"):
        return "ц", 1
    if pair == "s'" and latin[index + 2 : index + 3] == "h":
        return "с", 2
    if pair in _PAIRS:
        return _PAIRS[pair], 2
    if letter == "e":
        starts = not previous or previous[-1] in _CYRILLIC_VOWELS
        return ("э" if starts else "е"), 1
    return _SINGLES.get(letter, letter), 1


def _conditional(ahead: str) -> bool:
    """Whether t+s is the end of a stem and an ending (ketsa, aytsin, hujjatsiz), not the letter ц."""
    return bool(re.match(r"ts(?:a(?![a-z]*tsi)|in(?:lar|gi)?$|iz(?!m)|o$)", ahead))


def _doubt(low: str, plain: str, word: str) -> str:
    if len(plain) > 1 and plain.isupper():
        return "abbreviation"
    if re.search(r"[a-z][A-Z]", plain.replace("'", "")):
        return "name of a brand"
    if "c" in low.replace("ch", "") or "w" in low:
        return "foreign letter"
    unsure = _PLAIN_ENDING.sub("", low.replace("tsiya", "").replace("ksiya", ""))
    if re.search(r"ts(?!h)", unsure) or re.search(r"(?<=[npr])siya|ssiya", unsure):
        return "ц or тс, сия or ция"
    if re.search(r"[^aeiou'y]y(?:e|u)", low):
        return "ъ or ь before е, ю"
    if "s'h" in low or (re.search(r"[^aeiou']sh[^aeiou']*$", low) and low.endswith("hob")):
        return "с and ҳ"
    if re.search(r"(?:yanvar|fevral|aprel|iyun|iyul|sentabr|oktabr|noyabr|dekabr)", low):
        return "month: ь"
    if re.search(r"[og]’", word, re.IGNORECASE):
        return "apostrophe: ў, ғ or ъ"
    return ""


def _same_case(latin: str, cyrillic: str) -> str:
    letters = [letter for letter in latin if letter.isalpha()]
    if len(letters) > 1 and all(letter.isupper() for letter in letters):
        return cyrillic.upper()
    if letters and letters[0].isupper():
        return cyrillic[:1].upper() + cyrillic[1:]
    return cyrillic


# --- Cyrillic to Latin -------------------------------------------------------------------------------------------

_TO_LATIN: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "ё": "yo", "ж": "j", "з": "z", "и": "i", "й": "y", "к": "k",
    "л": "l", "м": "m", "н": "n", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "x", "ч": "ch",
    "ш": "sh", "щ": "sh", "ы": "i", "э": "e", "ю": "yu", "ў": "o‘", "қ": "q", "ғ": "g‘", "о": "o", "ь": "",
}  # fmt: skip
_LEARNT_SPELLINGS: Final = ("сентябр", "октябр", "бюджет", "люстра")
"""Words whose official Latin form drops the y of я, ю: sentabr, oktabr, budjet, lustra."""


def _latin_letter(low: str, before: str, after: str, text: str, index: int) -> str | None:
    if low == "е":
        return "e" if before.isalpha() and before not in _CYRILLIC_VOWELS and before not in "ъь" else "ye"
    if low in "яю":
        around = text[max(0, index - 5) : index + 6].lower()
        vowel = "a" if low == "я" else "u"
        return vowel if any(stem in around for stem in _LEARNT_SPELLINGS) else "y" + vowel
    if low == "ц":
        return "ts" if before in _CYRILLIC_VOWELS and before else "s"
    if low == "ъ":
        return "" if (after and after in "еёюя") or before == "ў" else "’"
    if low == "ҳ":
        return "’h" if before == "с" else "h"
    if low == "о" and before == "ь":
        return "yo"
    return _TO_LATIN.get(low)


def _capital(latin: str, text: str, index: int) -> str:
    neighbours = text[max(0, index - 1) : index] + text[index + 1 : index + 2]
    if len(latin) > 1 and any(letter.isupper() for letter in neighbours if letter.isalpha()):
        next_letter = text[index + 1 : index + 2]
        if not next_letter.isalpha() or next_letter.isupper():
            return latin.upper()
    return latin[:1].upper() + latin[1:]


def _text_mapping(name: str, part: object) -> dict[str, str]:
    if part is None:
        return {}
    if not isinstance(part, Mapping):
        raise BadTransliterationExceptions(
            f"{name}: a mapping of Latin to Cyrillic is needed, found {type(part).__name__}"
        )
    for key, value in part.items():
        if not isinstance(key, str) or not isinstance(value, str) or not key or not value:
            raise BadTransliterationExceptions(f"{name}.{key}: both sides must be text; put quotes around {key!r}")
    return dict(part)

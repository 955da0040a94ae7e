"""Texts from which the language detection learns, and the ways in which people type them.

`data/<language>.txt` holds short messages and sentences. From them come the other ways of writing: Uzbek in
Cyrillic, Romanian in Moldovan Cyrillic, Russian in Latin letters, and each language without its special letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Final

from bot.languages.transliteration import latin_to_cyrillic

_WITHOUT_SPECIAL: Final[dict[str, dict[int, str] | dict[int, int]]] = {
    "ky": str.maketrans("ңөүҢӨҮ", "ноуНОУ"),
    "tg": str.maketrans("ғӣқӯҳҷҒӢҚӮҲҶ", "гикухчГИКУХЧ"),
    "uz-Cyrl": str.maketrans("ўқғҳЎҚҒҲ", "укгхУКГХ"),
    "uz-Latn": str.maketrans({"‘": "", "’": "", "'": ""}),
    "ro": str.maketrans("ăâîșțĂÂÎȘȚ", "aaistAAIST"),
}
_RUSSIAN_SCHEMES: Final = tuple(
    str.maketrans(dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", scheme.split(" "), strict=True)))
    for scheme in (
        "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh sch  y ' e yu ya",
        "a b v g d e e j z i y k l m n o p r s t u f h c ch sh sh  i  e u ya",
        "a b v g d e jo zh z i j k l m n o p r s t u f x c 4 w w  y ' e ju ja",
        "a b v g d ye yo j z i y k l m n o p r s t u f x ts ch sh sh  i  e yu ya",
    )
)
_MOLDOVAN: Final = tuple(
    (re.compile(pattern), cyrillic)
    for pattern, cyrillic in (
        (r"ch(?=[ei])", "к"),
        (r"gh(?=[ei])", "г"),
        (r"cea", "ча"),
        (r"ci(?=[aou])", "ч"),
        (r"c(?=[ei])", "ч"),
        (r"gea|gi(?=[aou])", "ж"),
        (r"g(?=[ei])", "ж"),
        (r"ea|ia", "я"),
        (r"iu", "ю"),
        (r"(?<=[bcdfglmnprstvzșț])i\b", "ь"),
        (r"x", "кс"),
        (r"(?<=[aeou])i\b", "й"),
    )
)
_MOLDOVAN_LETTERS: Final = str.maketrans("abvgdejzicklmnoprstufhțșăâîy", "абвгдежзикклмнопрстуфхцшэыыи")


def own_texts() -> dict[str, list[str]]:
    """Read the training texts of the package: language code, or `other:<code>`, to lines."""
    folder = resources.files("bot.languages") / "data"
    texts: dict[str, list[str]] = {}
    for language in ("ru", "ky", "tg", "uz", "ro"):
        texts[language] = (folder / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    current = "other"
    for line in (folder / "other.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            current = "other:" + line.removeprefix("#").strip()
        else:
            texts.setdefault(current, []).append(line)
    return texts


def neutral_words() -> list[str]:
    """Read the words that say nothing about the language when they stand alone."""
    text = (resources.files("bot.languages") / "data" / "neutral.txt").read_text(encoding="utf-8")
    return [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]


def variants(texts: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Add to texts per language the other scripts and plain typing; keys become variants such as `uz-Cyrl`."""
    result: dict[str, list[str]] = {}
    for language, lines in texts.items():
        originals = list(lines)
        if language == "uz":
            result["uz-Latn"] = originals
            result["uz-Cyrl"] = [latin_to_cyrillic(line).text for line in originals]
        elif language == "ru":
            result["ru"] = originals
            result["ru-Latn"] = [russian_in_latin(line, index) for index, line in enumerate(originals)]
            result["ru-Latn"] += [russian_in_latin(line, index + 1) for index, line in enumerate(originals)]
        elif language == "ro":
            result["ro"] = originals
            result["ro-Cyrl"] = [romanian_in_cyrillic(line) for line in originals]
        else:
            result[language] = originals
    for variant, table in _WITHOUT_SPECIAL.items():
        if variant in result:
            result[variant] = [*result[variant], *(line.translate(table) for line in result[variant])]
    return result


def russian_in_latin(text: str, scheme: int = 0) -> str:
    """Write Russian as people type it in Latin letters; `scheme` picks one of four habits."""
    return text.lower().translate(_RUSSIAN_SCHEMES[scheme % len(_RUSSIAN_SCHEMES)])


def romanian_in_cyrillic(text: str) -> str:
    """Write Romanian roughly as in Moldovan Cyrillic: good for training, not for reading."""
    result = text.lower()
    for pattern, cyrillic in _MOLDOVAN:
        result = pattern.sub(cyrillic, result)
    return result.translate(_MOLDOVAN_LETTERS)

"""Romanian as it was written in Moldova until 1989: Cyrillic letters to Latin ones.

Older people still type it. The rules are good enough to find an article (ы, я and г, к before и, е are guessed),
never good enough to show.
"""

from __future__ import annotations

import re
from typing import Final

_LETTERS: Final = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "io", "ж": "j", "ӂ": "g", "з": "z", "и": "i",
        "й": "i", "к": "c", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
        "ф": "f", "х": "h", "ц": "ț", "ч": "c", "ш": "ș", "щ": "șt", "ъ": "", "ы": "â", "ь": "i", "э": "ă", "ю": "iu",
        "я": "ia",
    }
)  # fmt: skip
_RULES: Final = tuple(
    (re.compile(pattern), result)
    for pattern, result in (
        (r"\bврэу\b", "вряу"),  # "vreau" as it is spoken
        (r"дж(?=[еи])", "ӂ"),
        (r"г(?=[еиь])", "gh"),
        (r"к(?=[еиь])", "ch"),
        (r"ӂ(?=[аоуэы])", "gi"),
        (r"ч(?=[аоуэы])", "ci"),
        (r"\bы", "î"),
        (r"ия", "ia"),
        (r"(?<=[бвгджзклмнпрстфхцчш])я", "ea"),
        (r"ь(?=[аеиоуэыюя])", ""),
    )
)


def moldovan_to_latin(text: str) -> str:
    """Write Moldovan Cyrillic in Romanian letters, in small letters; other scripts stay as they are."""
    result = text.lower()
    for pattern, latin in _RULES:
        result = pattern.sub(latin, result)
    return result.translate(_LETTERS)

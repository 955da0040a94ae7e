"""The six texts in which the hotline speaks, and how they map to CLDR.

Five languages make six texts, because Uzbek is read in two scripts (docs/decisions/0003-locale-codes.md).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Locale(StrEnum):
    """A language and script in which every text of the hotline exists."""

    RU = "ru"
    KY = "ky"
    TG = "tg"
    UZ = "uz"
    UZ_CYRL = "uz_Cyrl"
    RO = "ro"

    @property
    def language(self) -> str:
        """The ISO 639-1 code of the language, without the script: `uz` for both Uzbek texts."""
        return self.value.partition("_")[0]

    @property
    def script(self) -> str:
        """The ISO 15924 code of the script: `Cyrl` or `Latn`."""
        return "Latn" if self in (Locale.UZ, Locale.RO) else "Cyrl"

    @property
    def cldr(self) -> str:
        """The identifier that Babel knows this locale by."""
        return _CLDR[self]


_CLDR: Final = {
    Locale.RU: "ru",
    Locale.KY: "ky",
    Locale.TG: "tg",
    Locale.UZ: "uz_Latn",
    Locale.UZ_CYRL: "uz_Cyrl",
    Locale.RO: "ro_MD",
}

SOURCE_LOCALE: Final = Locale.RU
"""The language in which editors write first; the others are checked against its date."""

OWN_NAMES: Final = {
    Locale.RU: "Русский",
    Locale.KY: "Кыргызча",
    Locale.TG: "Тоҷикӣ",
    Locale.UZ: "O‘zbekcha",
    Locale.UZ_CYRL: "Ўзбекча",
    Locale.RO: "Română",
}
"""Each language in its own words, as on the first screen."""

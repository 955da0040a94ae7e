"""Interface texts: gettext catalogs, parsed by Babel and kept in memory, so that no build step is needed.

A text has a short id (`menu-title`), the same in all six catalogs. Placeholders are named: `{number}`.
Plural forms follow the catalog's own `Plural-Forms` header, which the tests compare with CLDR.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from bot.errors import HotlineError
from bot.languages.locales import Locale

DOMAIN: Final = "hotline"
"""The name of the catalog files: `locales/<locale>/LC_MESSAGES/hotline.po`."""


class BrokenCatalog(HotlineError):
    """A file of interface texts cannot be read; the text names the file's language and the place."""


class MissingText(HotlineError):
    """An interface text does not exist in a language; the check of the catalogs finds this before release."""


@dataclass(frozen=True)
class Texts:
    """The interface in all six locales."""

    catalogs: Mapping[Locale, Catalog]

    @classmethod
    def parse(cls, files: Mapping[Locale, bytes]) -> Texts:
        """Read one catalog per locale; raise `BrokenCatalog` with all that is wrong in the files."""
        catalogs: dict[Locale, Catalog] = {}
        problems: list[str] = []
        for locale in Locale:
            if locale not in files:
                problems.append(f"{locale}: the catalog is missing")
                continue
            try:
                catalogs[locale] = read_po(io.BytesIO(files[locale]), locale=locale.cldr, abort_invalid=True)
            except (PoFileError, ValueError) as error:
                problems.append(f"{locale}: {error}")
        if problems:
            raise BrokenCatalog("; ".join(problems))
        return cls(catalogs)

    def get(self, locale: Locale, text_id: str, /, **values: object) -> str:
        """Return a text with its placeholders filled; raise `MissingText` where there is none."""
        message = self.catalogs[locale].get(text_id)
        found = message.string if message is not None and not message.fuzzy else ""
        if not found or not isinstance(found, str):
            raise MissingText(f"The text {text_id!r} does not exist in {locale}.")
        return found.format(**values) if values else found

    def plural(self, locale: Locale, text_id: str, number: int, /, **values: object) -> str:
        """Return the form of a text for `number`, which also fills `{number}`; raise `MissingText`."""
        catalog = self.catalogs[locale]
        message = catalog.get(text_id)
        forms = message.string if message is not None and not message.fuzzy else ()
        if not forms or isinstance(forms, str):
            raise MissingText(f"The text {text_id!r} with plural forms does not exist in {locale}.")
        index = plural_index(catalog, number)
        return str(forms[min(index, len(forms) - 1)]).format(number=number, **values)


def plural_index(catalog: Catalog, number: int) -> int:
    """Return which of the catalog's plural forms belongs to a whole number >= 0."""
    return _plural_function(catalog.plural_expr)(number)


@cache
def _plural_function(expression: str) -> Callable[[int], int]:
    return c2py(expression)

"""Names of the regions of Russia (ISO 3166-2) and of the countries of organisations, in the six locales."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

from bot.languages.cldr import country_name
from bot.languages.locales import Locale

OTHER_REGIONS: Final = {
    Locale.RU: "другие регионы",
    Locale.KY: "башка аймактар",
    Locale.TG: "минтақаҳои дигар",
    Locale.UZ: "boshqa hududlar",
    Locale.UZ_CYRL: "бошқа ҳудудлар",
    Locale.RO: "alte regiuni",
}


def region_codes() -> tuple[str, ...]:
    """Return the codes of all regions that have names, the biggest cities of labour migration first."""
    return tuple(_regions())


def region_name(code: str, locale: Locale) -> str:
    """Return the name of a region, of a country for a two-letter code, or of `other`; else the code itself."""
    if code == "other":
        return OTHER_REGIONS[locale]
    names = _regions().get(code)
    if names:
        return names[locale]
    return country_name(code, locale) if len(code) == 2 else code


@cache
def _regions() -> Mapping[str, Mapping[str, str]]:
    text = files("bot.languages").joinpath("data/regions.yaml").read_text("utf-8")
    data = yaml.load(text, Loader=yaml.CSafeLoader)
    assert isinstance(data, dict)
    return data

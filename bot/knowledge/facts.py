"""Which value of a fact holds on a day and for a person, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from bot.errors import HotlineError
from bot.knowledge import limits
from bot.knowledge.fields import CITIZENSHIPS
from bot.knowledge.models import Fact, RegionEntry, Unit, Value, decimal_of
from bot.languages import cldr
from bot.languages.locales import Locale


class FactHasNoValue(HotlineError):
    """A fact says nothing for this day, citizenship or region."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What is known about the person who reads; None where nothing is.

    citizenship: KG, TJ, UZ, MD or other; region: ISO 3166-2, such as RU-MOW.
    """

    citizenship: str | None = None
    region: str | None = None


UNKNOWN_READER = Reader()


def values_on(fact: Fact, on: date) -> Value | Mapping[str, Value]:
    """Return what holds on a day: the newest value dated not after it; raise `FactHasNoValue` before the first."""
    dated = [day for day in fact.values if day <= on]
    if not dated:
        raise FactHasNoValue(f"The fact {fact.id!r} has no value on {on}: its first one is dated {min(fact.values)}.")
    current: Value | Mapping[str, Value] = fact.values[max(dated)]
    return current


def value(fact: Fact, on: date, citizenship: str | None = None, region: str | None = None) -> Value:
    """Return the one value for a person on a day.

    Where the fact differs by citizenship or region, an unnamed one takes the value of `other`.
    Raises `FactHasNoValue` where there is none, also where the fact differs and the person is not known.
    """
    current = values_on(fact, on)
    if not isinstance(current, Mapping):
        return current
    key = _own_key(fact, current, Reader(citizenship, region))
    if key is None:
        raise FactHasNoValue(f"The fact {fact.id!r} has no value on {on} for this {fact.per}.")
    return current[key]


def unit_for(fact: Fact, citizenship: str | None) -> Unit:
    """Return the unit of a fact for a citizenship."""
    return next((unit for key, unit in fact.units.items() if key == citizenship), fact.unit)


def format_fact(
    fact: Fact,
    on: date,
    locale: Locale,
    citizenship: str | None = None,
    region: str | None = None,
    *,
    bare: bool = False,
    among: Collection[str] = (),
    regions: Mapping[str, RegionEntry] | None = None,
) -> str:
    """Write a fact for a person: `15 дней`, `6 600 ₽`, `20 de zile`; `bare` without the unit.

    among: citizenships to which such a list is limited; empty for all.
    regions: names of regions (`Knowledge.regions.regions`), for lists; without them their codes stand.
    A fact that differs by citizenship or region, read by somebody of whom that is not known, becomes a short list:
    `Кыргызстан — 30 дней; Таджикистан, Узбекистан — 15 дней`. Raises `FactHasNoValue` before the first dated value.
    """
    current = values_on(fact, on)
    if not isinstance(current, Mapping):
        return format_value(current, fact.unit, locale, bare=bare)
    key = _own_key(fact, current, Reader(citizenship, region))
    if key is not None:
        return format_value(current[key], unit_for(fact, key), locale, bare=bare)

    def name(key: str) -> str:
        if fact.per == "citizenship":
            return cldr.country_name(key, locale)
        return (
            cldr.other_regions(locale)
            if key == "other"
            else regions[key][locale]
            if regions and key in regions
            else key
        )

    if fact.per == "citizenship" and any(key in among for key in current):
        current = {key: item for key, item in current.items() if key in among}
    return _list_of_all(fact, current, locale, bare, name, among or CITIZENSHIPS)


def format_value(value: Value, unit: Unit, locale: Locale, *, bare: bool = False) -> str:
    """Write one value with its unit; `bare` gives the number alone. Phones and dates are the same either way."""
    if isinstance(value, date):
        return cldr.format_date(value, locale)
    if unit is Unit.PHONE or isinstance(value, str):
        return cldr.format_phone(str(value))
    number = decimal_of(value)
    if bare or unit is Unit.COUNT:
        return cldr.format_number(number, locale)
    match unit:
        case Unit.RUB:
            return cldr.format_money(number, "RUB", locale)
        case Unit.RUB_MONTH:
            return cldr.format_money_per_month(number, "RUB", locale)
        case Unit.USD:
            return cldr.format_money(number, "USD", locale)
        case Unit.PERCENT:
            return cldr.format_percent(number, locale)
        case _:
            return cldr.format_unit(number, unit.value, locale)


def _own_key(fact: Fact, current: Mapping[str, Value], reader: Reader) -> str | None:
    own = reader.citizenship if fact.per == "citizenship" else reader.region
    if own is None:
        return None
    if own in current:
        return own
    return "other" if "other" in current else None


def _list_of_all(
    fact: Fact,
    current: Mapping[str, Value],
    locale: Locale,
    bare: bool,
    name: Callable[[str], str],
    readers: Collection[str],
) -> str:
    groups: dict[str, list[str]] = {}
    for key in _in_order(fact, current):
        written = format_value(current[key], unit_for(fact, key), locale, bare=bare)
        groups.setdefault(written, []).append(key)
    everybody = all(key in current for key in readers)
    of_all_regions = fact.per == "region" and len(set(map(str, current.values()))) == 1
    if len(groups) == 1 and (of_all_regions or (fact.per == "citizenship" and everybody)):
        return next(iter(groups))
    parts = [f"{', '.join(name(key) for key in keys)} — {written}" for written, keys in groups.items()]
    if fact.per == "region" and len(current) > sum(map(len, groups.values())):
        parts.append(cldr.other_regions_differ(locale))
    return "; ".join(parts)


def _in_order(fact: Fact, current: Mapping[str, Value]) -> list[str]:
    if fact.per == "citizenship":
        return [key for key in (*CITIZENSHIPS, "other") if key in current]
    regions = [key for key in current if key != "other"][: limits.REGIONS_LISTED_MAX]
    return [*regions, *(["other"] if "other" in current else [])]

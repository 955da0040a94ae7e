"""Which organisations to show: by service, region, citizenship, and nearest first."""

from __future__ import annotations

from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt

from bot.knowledge.base import Knowledge
from bot.knowledge.facts import UNKNOWN_READER, Reader
from bot.knowledge.places import Location, Organisation

_EARTH_RADIUS_KM = 6371.0088


def distance_km(start: Location, end: Location) -> float:
    """Return the distance between two points along the surface, in kilometres."""
    lat1, lat2 = radians(start.lat), radians(end.lat)
    half_lat, half_lon = (lat2 - lat1) / 2, radians(end.lon - start.lon) / 2
    chord = sin(half_lat) ** 2 + cos(lat1) * cos(lat2) * sin(half_lon) ** 2
    return 2 * _EARTH_RADIUS_KM * asin(sqrt(min(1.0, chord)))


def find_organisations(
    knowledge: Knowledge,
    *,
    services: Iterable[str] = (),
    ids: Iterable[str] = (),
    reader: Reader = UNKNOWN_READER,
    near: Location | None = None,
) -> tuple[Organisation, ...]:
    """Return the organisations that offer any of the services or are named, best first.

    Named ones come first, in their order; then those of the reader's region, then those that serve all Russia,
    then those of other regions and countries. `near` puts the nearest first among those with a known place; it is
    used here and kept nowhere. Organisations for other citizenships only are left out.
    """
    wanted, named = frozenset(services), tuple(dict.fromkeys(ids))
    found = [
        organisation
        for organisation in knowledge.organisations.values()
        if (organisation.id in named or wanted & set(organisation.services)) and _serves(organisation, reader)
    ]

    def rank(organisation: Organisation) -> tuple[int, int, float, str]:
        by_name = named.index(organisation.id) if organisation.id in named else len(named)
        away = distance_km(near, organisation.location) if near and organisation.location else float("inf")
        return (0 if near else by_name, 0 if near else _region_rank(organisation, reader), away, organisation.id)

    return tuple(sorted(found, key=rank))


def organisations_for_article(
    knowledge: Knowledge, article_id: str, reader: Reader = UNKNOWN_READER, near: Location | None = None
) -> tuple[Organisation, ...]:
    """Return where an article sends this reader; raise `ArticleNotFound`.

    Organisations of regions other than the reader's are left out when the region is known.
    """
    turn_to = knowledge.article(article_id).turn_to
    found = find_organisations(
        knowledge, services=turn_to.services, ids=turn_to.organisations, reader=reader, near=near
    )
    if reader.region is None:
        return found
    return tuple(each for each in found if each.id in turn_to.organisations or _region_rank(each, reader) < 2)


def _serves(organisation: Organisation, reader: Reader) -> bool:
    return (
        not organisation.citizenships or reader.citizenship is None or reader.citizenship in organisation.citizenships
    )


def _region_rank(organisation: Organisation, reader: Reader) -> int:
    if reader.region is not None and reader.region in organisation.regions:
        return 0
    return 1 if not organisation.regions else 2

"""A copy of one's own data is whole, however much was written."""

from __future__ import annotations

import pytest

from bot.cases.model import Direction, NewRelay
from tests.road.conftest import Road

pytestmark = pytest.mark.asyncio

MANY = 730


async def test_a_copy_holds_the_first_word_of_a_long_talk_as_well_as_the_last(road: Road) -> None:
    person, _ = await road.with_case()
    await road.rest()
    assert road.hotline is not None
    async with road.hotline.store.transaction() as tx:
        (case,) = await tx.cases.queue()
        for number in range(MANY):
            direction = Direction.TO_PERSON if number % 3 else Direction.TO_DESK
            parcel = {"kind": "text", "text": f"слово-{number}-конец", "entities": []}
            moment = road.hotline.house.clock.now()
            await tx.relays.add(NewRelay(case.id, direction, person.id, 100_000 + number, moment, parcel))
    await person.send("/data")
    await person.tap("Получить копию")
    await person.sees_soon(f"слово-{MANY - 1}-конец", timeout=15)
    everything = "\n".join(message.text for message in person.history())
    missing = [number for number in range(MANY) if f"слово-{number}-конец" not in everything]
    assert missing == []
    assert "👤 слово-0-конец" in everything

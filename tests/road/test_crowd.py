"""One who writes a lot keeps nobody waiting."""

from __future__ import annotations

from tests.road.conftest import Road

FLOOD = 300


async def test_nobody_waits_behind_a_flood_of_somebody_else(road: Road) -> None:
    bystander = await road.newcomer("Bystander", "Русский")
    flooder = await road.newcomer("Flooder", "Русский")
    await road.rest()
    for number in range(FLOOD):
        flooder.acts.say(flooder.user, flooder.chat, {"text": f"айлык {number}"})
    await bystander.send("/menu")
    await bystander.until(lambda: bystander.screen(), timeout=20)
    assert road.hotline is not None
    async with road.hotline.store.reading() as tx:
        waiting, _ = await tx.inbox.counts()
    unconfirmed = len(road.telegram.core.updates.pending)
    assert waiting + unconfirmed > FLOOD / 4, "the bystander was answered long before the flood was worked off"
    person, topic = await road.with_case()
    await person.send("а я?")
    await road.nurlan.finds(topic, "а я?")
    await road.rest(180)
    assert await road.dead_letters() == []

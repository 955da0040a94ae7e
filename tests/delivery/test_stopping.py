"""A stop finishes what is under way, and says honestly what could not be finished."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.delivery.ports import Sent
from bot.storage.ports import OnUnknown, OutboxState
from tests.delivery.conftest import SETTINGS, House
from tests.delivery.test_sender import queue, say, states


@pytest.mark.parametrize("slow", [False, True])
async def test_a_stop_finishes_what_is_under_way(house: House, slow: bool) -> None:
    began = asyncio.Event()

    async def slowly(_: Mapping[str, Any]) -> Sent:
        began.set()
        await asyncio.sleep(60 if slow else 0.3)
        return Sent(5)

    house.transport.will("words", slowly)
    ids = await queue(house.store, say("words", on_unknown=OnUnknown.ASK), say("behind"))
    loop = asyncio.get_running_loop()
    settings = replace(SETTINGS, stop_within=2.0)
    async with house.running(settings):
        await began.wait()
        stopping = loop.time()
    assert loop.time() - stopping < 2.5
    wanted = OutboxState.UNKNOWN if slow else OutboxState.SENT
    assert await states(house.store, ids) == [wanted, OutboxState.QUEUED]

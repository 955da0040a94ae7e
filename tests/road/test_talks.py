"""Every talk of `tests/talks/` through the whole road, with the hotline stopped and started in the middle of each.

All talks with one date run side by side, each with a person of its own; half-way the hotline restarts once for all.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app import Hotline
from bot.languages.folding import fold
from bot.languages.locales import OWN_NAMES, Locale
from bot.sandbox import LocalTelegram
from bot.sandbox.people import Person
from bot.telegram.keyboards import unpack
from bot.triage.talks import TAPS, Talk
from tests.road.conftest import ROOT, Road, the_library

AT_ONCE = 12
PATHS = sorted((ROOT / "tests" / "talks").glob("*.yaml"))


def read(path: Path) -> Talk:
    return Talk.model_validate(yaml.safe_load(path.read_text("utf-8")))


class ShiftedClock:
    """The system's clock, moved to the day of a talk."""

    def __init__(self, day: date) -> None:
        now = datetime.now(UTC)
        self._by = datetime(day.year, day.month, day.day, 9, tzinfo=UTC) - now

    def now(self) -> datetime:
        return datetime.now(UTC) + self._by


class Walker:
    """One person who walks one talk."""

    def __init__(self, road: Road, name: str, talk: Talk) -> None:
        self.road, self.name, self.talk = road, name, talk
        self.outcome: str | None = None
        self.person: Person = road.telegram.person("Walker", language_code="ru")

    @property
    def hotline(self) -> Hotline:
        assert self.road.hotline is not None
        return self.road.hotline

    async def begin(self) -> None:
        await self.person.send("/start")
        await self.person.tap(OWN_NAMES[self.talk.locale])
        await self.road.telegram.until(lambda: any("h1|sec" in data for data in self._callbacks()), timeout=20)
        async with self.hotline.store.transaction() as tx:
            stored = await tx.people.find(self.person.id)
            assert stored is not None
            known = dict(self.talk.profile)
            stored = replace(stored, citizenship=known.pop("citizenship", None), region=known.pop("region", None))
            await tx.people.save(replace(stored, session={**stored.session, "profile": known}))
        self._press(f"h1|flow|{self.talk.flow}")
        await self._until(lambda state: state is not None and state["flow"] == self.talk.flow)

    async def walk(self, part: slice) -> None:
        for number, move in list(enumerate(self.talk.steps, 1))[part]:
            try:
                await self._move(move)
            except (TimeoutError, AssertionError) as error:
                raise AssertionError(f"{self.name}, line {number}: {error}\n{self.person.sees()}") from error

    async def _move(self, move: Any) -> None:
        before = await self._state()
        if move.tap is not None:
            await self._tap(move.tap)
            await self._settle(before)
        elif move.write is not None:
            await self.person.send(move.write or " ")
            await self._settle(before)
        elif move.location is not None:
            await self.person.send_location(*move.location)
            await self._settle(before)
        elif move.attach is not None:
            send = {"photo": self.person.send_photo, "voice": self.person.send_voice}
            await send.get(move.attach, self.person.send_sticker)()
            await self._settle(before)
        elif move.change is not None:
            await self._change(move.change)
        elif move.at is not None:
            await self._until(lambda state: state is not None and move.at in (state["step"], state["outcome"]))
        elif move.sees is not None:
            wanted = fold(move.sees)
            await self.road.telegram.until(lambda: wanted in fold(self._everything()), timeout=20)

    async def end(self) -> None:
        if self.talk.ending is not None:
            try:
                await self._until(lambda _state: self.outcome == self.talk.ending)
            except AssertionError as error:
                raise AssertionError(f"{self.name} does not end in {self.talk.ending}: {error}") from error

    async def _state(self) -> dict[str, Any] | None:
        async with self.hotline.store.reading() as tx:
            stored = await tx.people.find(self.person.id)
        state: dict[str, Any] | None = stored.session.get("flow") if stored is not None else None
        if state is not None and state["outcome"] is not None:
            self.outcome = state["outcome"]  # asking for a human afterwards leaves the flow
        return state

    async def _until(self, condition: Any) -> None:
        for _ in range(400):
            if condition(await self._state()):
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"stands at {await self._state()}")

    async def _settle(self, before: dict[str, Any] | None) -> None:
        """Wait until an act was answered: the state moved, or something new is on the screen."""
        seen = len(self.person.history())
        for _ in range(100):
            if await self._state() != before or len(self.person.history()) > seen:
                break
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.05)

    async def _tap(self, wanted: str) -> None:
        for _ in range(200):
            state = await self._state()
            place = (state or {}).get("step") or (state or {}).get("outcome")
            for message in reversed(self.person.history()):
                for button in message.buttons:
                    action = unpack(button.data)
                    if action is None or action.verb != "fl":
                        continue
                    choice = action.args[3]
                    named = choice == wanted or choice == TAPS.get(wanted) or fold(button.text) == fold(wanted)
                    if named and action.args[2] in (place, "end"):
                        self.road.telegram.acts.tap(
                            self.person.user, message.message, {"text": button.text, "callback_data": button.data}
                        )
                        return
            await asyncio.sleep(0.05)
        raise AssertionError(f"no button {wanted!r}")

    async def _change(self, change: dict[str, str]) -> None:
        if "locale" in change:
            self._press(f"h1|lang|{Locale(change['locale'])}")
        async with self.hotline.store.transaction() as tx:
            stored = await tx.people.find(self.person.id)
            assert stored is not None
            if "citizenship" in change:
                await tx.people.save(replace(stored, citizenship=change["citizenship"]))

    def _press(self, data: str) -> None:
        message = next(one for one in reversed(self.person.history()) if one.from_bot)
        self.road.telegram.acts.tap(self.person.user, message.message, {"text": "x", "callback_data": data})

    def _callbacks(self) -> list[str]:
        return [button.data or "" for message in self.person.history() for button in message.buttons]

    def _everything(self) -> str:
        return "\n".join(message.lines() for message in self.person.history())


def days() -> list[date]:
    return sorted({read(path).today for path in PATHS})


@pytest.mark.parametrize("day", days(), ids=str)
async def test_every_talk_goes_through_the_real_road_with_a_restart_in_the_middle(tmp_path: Path, day: date) -> None:
    talks = {path.stem: read(path) for path in PATHS}
    wanted = {name: talk for name, talk in talks.items() if talk.today == day}
    assert wanted
    async with LocalTelegram() as telegram:
        road = Road(telegram, tmp_path)

        async def start() -> None:
            road.hotline = await Hotline.open(road.settings, clock=ShiftedClock(day), library=the_library())
            await road.hotline.start()

        await start()
        gate = asyncio.Semaphore(AT_ONCE)
        walkers = [Walker(road, name, talk) for name, talk in wanted.items()]

        async def first_half(walker: Walker) -> None:
            async with gate:
                try:
                    await walker.begin()
                except (TimeoutError, AssertionError) as error:
                    raise AssertionError(f"{walker.name} does not begin: {error}\n{walker.person.sees()}") from error
                await walker.walk(slice(0, len(walker.talk.steps) // 2))

        async def second_half(walker: Walker) -> None:
            async with gate:
                await walker.walk(slice(len(walker.talk.steps) // 2, None))
                await walker.end()

        try:
            halves = await asyncio.gather(*map(first_half, walkers), return_exceptions=True)
            await road.stop()
            await start()
            rest = await asyncio.gather(*map(second_half, walkers), return_exceptions=True)
            problems = [str(error) for error in (*halves, *rest) if error is not None]
            assert not problems, "\n\n".join(problems[:10]) + f"\n{len(problems)} problems"
            assert not await road.dead_letters()
        finally:
            await road.stop()


def test_the_clock_of_a_talk_stands_on_its_day() -> None:
    assert abs(ShiftedClock(date(2026, 11, 24)).now() - datetime(2026, 11, 24, 9, tzinfo=UTC)) < timedelta(minutes=1)

"""Walks by chance over all flows: whatever is done, nothing breaks, nothing is ignored, a person is always there."""

from __future__ import annotations

import json
import os
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.languages.locales import Locale
from bot.triage import engine
from bot.triage.context import Context
from bot.triage.effects import Ask, Effect, Finish, HideChat, Left, Search, Stuck, TalkToPerson
from bot.triage.inputs import (
    COMMON,
    Again,
    Attached,
    Back,
    DontKnow,
    Hide,
    Human,
    Input,
    Shared,
    Skip,
    Tapped,
    Wrote,
)
from bot.triage.models import PROFILE
from bot.triage.state import State
from tests.triage.house import context, flows, knowledge

WALKS = int(os.environ.get("HOTLINE_WALKS", "300"))
"""Ten thousand before a release (`HOTLINE_WALKS=10000`); each walk has up to 25 inputs."""

SAID = [
    "да",
    "нет",
    "жок",
    "ha",
    "yo'q",
    "не знаю",
    "назад",
    "сначала",
    "пропустить",
    "готово",
    "оператор",
    "дальше",
    "45000",
    "45 тыс",
    "10.08.2026",
    "31.02.2026",
    "вчера",
    "2 месяца назад",
    "two months",
    "-5",
    "10^12",
    "москва",
    "питер",
    "киргизия",
    "😀",
    "",
    " ",
    "01.02.2026 – 05.03.2026",
    "40000 10.08.2026",
    "1",
    "2",
    "{answer:x}",
    "**",
    "\x00",
    "я" * 4096,
    "хозяин не отдает паспорт",
    "сколько стоит патент в москве",
]
KINDS = ["photo", "voice", "sticker", "document", "video", "poll", "contact"]

PROFILES = [(key, value) for key in PROFILE for value in PROFILE[key] or ("RU-MOW",)]

inputs = st.one_of(
    st.tuples(st.just("press"), st.integers(0, 20)),
    st.tuples(st.just("press"), st.integers(0, 20)),
    st.tuples(st.just("old"), st.integers(0, 60)),
    st.tuples(st.just("say"), st.one_of(st.sampled_from(SAID), st.text(max_size=40))),
    st.tuples(st.just("do"), st.sampled_from([Back(), Again(), Skip(), DontKnow(), Human(), Hide()])),
    st.tuples(st.just("share"), st.tuples(st.floats(-90, 90), st.floats(-180, 180))),
    st.tuples(st.just("attach"), st.sampled_from(KINDS)),
    st.tuples(st.just("locale"), st.sampled_from(list(Locale))),
    st.tuples(st.just("profile"), st.sampled_from(PROFILES)),
    st.tuples(st.just("forge"), st.tuples(st.text(max_size=12), st.text(max_size=12))),
)  # fmt: skip


def given_of(kind: str, value: Any, screen: Ask | Finish, seen: list[Tapped]) -> Input | None:
    match kind:
        case "press":
            options = (*(screen.options if isinstance(screen, Ask) else ()), *screen.common)
            option = options[value % len(options)]
            return Tapped(screen.step if isinstance(screen, Ask) else screen.outcome, option.id, screen.version)
        case "old":
            return seen[value % len(seen)]
        case "say":
            return Wrote(value)
        case "share":
            return Shared(*value)
        case "attach":
            return Attached(value)
        case "forge":
            return Tapped(value[0], value[1], 0)
        case _:
            return value if kind == "do" else None


def check(effects: tuple[Effect, ...], state: State) -> None:
    assert effects, "an input was ignored"
    assert not [effect for effect in effects if isinstance(effect, Stuck)]
    last = effects[-1]
    assert isinstance(last, Ask | Finish | Search | Left | TalkToPerson | HideChat)
    if isinstance(last, Ask | Finish):
        assert "_human" in [option.id for option in last.common]
        assert all(option.label.strip() for option in last.common)
    if isinstance(last, Ask):
        assert last.document.text.strip()
        assert last.step == state.step
    assert len(json.dumps(state.to_json())) < 16_000


@settings(max_examples=WALKS, deadline=None, suppress_health_check=list(HealthCheck), derandomize=WALKS <= 300)
@given(
    flow_id=st.sampled_from(sorted(flows().flows)),
    locale=st.sampled_from(list(Locale)),
    walk=st.lists(inputs, max_size=25),
)
def test_random_walks(flow_id: str, locale: Locale, walk: list[tuple[str, Any]]) -> None:
    where = context(locale)
    state, effects = engine.start(flows(), flow_id, where)
    check(effects, state)
    screen = effects[-1]
    assert isinstance(screen, Ask | Finish)
    seen: list[Tapped] = [Tapped(flows().flow(flow_id).start, name, 1) for name in COMMON]
    for kind, value in walk:
        if kind == "locale":
            where = Context(where.today, value, knowledge(), where.say, where.profile)
        if kind == "profile":
            where = Context(where.today, where.locale, knowledge(), where.say, {**where.profile, value[0]: value[1]})
        given_input = given_of(kind, value, screen, seen)
        if given_input is None:
            continue
        if isinstance(given_input, Tapped):
            seen.append(given_input)
        stored = State.from_json(json.loads(json.dumps(state.to_json())))
        state, effects = engine.step(flows(), stored, given_input, where)
        check(effects, state)
        shown = [effect for effect in effects if isinstance(effect, Ask | Finish)]
        screen = shown[-1] if shown else screen
        assert not isinstance(given_input, Human) or isinstance(effects[-1], TalkToPerson)


def walk_to_the_end(flow_id: str, choose: int) -> Finish:
    """Always press the same button of each question: every person comes to an end."""
    where = context(today=date(2026, 11, 24))
    state, effects = engine.start(flows(), flow_id, where)
    for _ in range(60):
        screen = effects[-1]
        if isinstance(screen, Finish):
            return screen
        assert isinstance(screen, Ask)
        if screen.kind in ("several", "periods", "payments") and "_done" in [option.id for option in screen.options]:
            given_input: Input = Tapped(screen.step, "_done")
        elif screen.options and choose >= 0:
            given_input = Tapped(screen.step, screen.options[choose % len(screen.options)].id)
        else:
            given_input = Skip() if screen.kind != "information" else Tapped(screen.step, "_next")
        state, effects = engine.step(flows(), state, given_input, where)
    raise AssertionError(f"{flow_id} does not end")


def test_every_flow_ends_whatever_a_person_prefers() -> None:
    for flow_id in flows().flows:
        for choose in range(-1, 8):
            assert walk_to_the_end(flow_id, choose).documents[0].text

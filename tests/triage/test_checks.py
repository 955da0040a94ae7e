"""Every check of flows with a bad sample; the flows of the repository are the good one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from bot.knowledge.findings import Finding, codes
from bot.languages.locales import Locale
from bot.languages.texts import Texts
from bot.triage.checks import inspect
from bot.triage.checks.coverage import inspect_talks
from bot.triage.draw import PADDING, WIDTH, draw, width_of, wrap
from bot.triage.draw_layout import Measures, lay_out
from bot.triage.graph import Graph
from bot.triage.loader import Flows
from bot.triage.models import Flow
from tests.triage.house import ROOT, TODAY, files, flows, knowledge, say
from tests.triage.test_engine import flow_data, texts, written

OTHER_FILES = {path: content for path, content in files().items() if not path.startswith(("flows/", "letters/"))}


_RULES = (ROOT / "knowledge" / "lexicon" / "danger.yaml").read_text("utf-8")
DANGER = re.sub(r"\n    flow: .*", "\n    flow: test", _RULES)
"""The rules of danger offer the flow of the sample, the only one there is."""


def sample_files(data: dict[str, Any]) -> dict[str, str | bytes]:
    content = yaml.safe_dump(written(data), allow_unicode=True)
    return {**OTHER_FILES, "lexicon/danger.yaml": DANGER, "flows/test.yaml": content}


def findings(data: dict[str, Any]) -> list[Finding]:
    return list(inspect(sample_files(data), knowledge(), TODAY).findings)


def test_the_sample_is_clean() -> None:
    assert [finding.line_of_text() for finding in findings(flow_data())] == []


def step(name: str, **keys: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data["steps"].setdefault(name, {}).update(keys)


def when(condition: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    return step("turn", ways=[{"when": condition, "next": "info"}])


def show(**keys: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data["outcomes"]["end"].update(show=[keys])


def branch(target: str, otherwise: str) -> dict[str, Any]:
    return {
        "kind": "branch",
        "ways": [{"when": {"answer": "count", "more": 5}, "next": target}],
        "otherwise": otherwise,
    }


BAD: list[tuple[str, Callable[[dict[str, Any]], None]]] = [
    ("flow-unknown-way", step("number", next="mony")),
    ("flow-unknown-way", lambda data: data.update(start="frist")),
    ("flow-no-way", lambda data: data["steps"]["number"].pop("next")),
    ("flow-unreachable", step("number", next="day")),
    ("flow-unreachable", lambda data: data["outcomes"].update(other={})),
    ("flow-no-ending", step("info", next="info")),
    ("flow-loop", lambda data: data["steps"].update(turn=branch("round", "end"), round=branch("turn", "info"))),
    ("flow-asked-again", step("info", next="words")),
    ("flow-asked-twice", step("words", kind="citizenship")),
    ("flow-key-not-here", step("number", choices={"a": {"text": texts("a")}})),
    ("flow-key-not-here", step("region", place=True)),
    ("flow-key-missing", step("turn", otherwise=None)),
    ("flow-choice-count", step("many", choices={"a": {}})),
    ("flow-remember", step("first", remember="sex")),
    ("flow-remember", step("first", remember="shoe_size")),
    ("flow-id-twice", lambda data: data["outcomes"].update(info={})),
    ("flow-condition-form", when({"answer": "count"})),
    ("flow-condition-form", when({"answer": "count", "more": 1, "less": 5})),
    ("flow-condition-value", when({"answer": "first", "is": "green"})),
    ("flow-condition-value", when({"profile": "citizenship", "is": "FR"})),
    ("flow-condition-value", when({"profile": "age", "is": "old"})),
    ("flow-condition-kind", when({"answer": "first", "more": 5})),
    ("flow-condition-kind", when({"answer": "day", "has": "a"})),
    ("flow-unknown-answer", when({"answer": "nothing", "known": True})),
    ("flow-condition-never", when({"answer": "first", "is": "blue"})),
    ("flow-condition-never", when({"all": [{"answer": "yes_no", "is": "yes"}, {"answer": "yes_no", "known": False},
                                           {"answer": "first", "is": "gone"}]})),
    ("flow-condition-always", when({"answer": "first", "is_not": "blue"})),
    ("flow-not-a-term", when({"answer": "day", "older": {"fact": "emergency_phone"}})),
    ("unknown-fact", when({"answer": "day", "older": {"fact": "no_such"}})),
    ("unknown-fact", when({"fact": "no_such", "more": 5})),
    ("unknown-article", lambda data: data.update(topic="wages")),
    ("unknown-section", lambda data: data.update(section="wages")),
    ("unknown-danger", lambda data: data.update(danger="no_such")),
    ("unknown-article", show(article="no-such")),
    ("unknown-flow", show(flow="no-such")),
    ("unknown-letter", show(letter="no-such")),
    ("unknown-service", show(organisations={"services": ["no_such"]})),
    ("unknown-organisation", show(organisations={"ids": ["no_such"]})),
    ("flow-show-form", show(article="wages-unpaid", letter="x")),
    ("flow-argument", show(calculator="wage_delay", **{"with": {"amount": "first", "due": "day"}})),
    ("flow-arguments-missing", show(calculator="wage_delay", **{"with": {"amount": "money"}})),
    ("too-long", step("number", text={**texts("x"), "tg": "в" * 501})),
    ("too-long", step("many", choices={"a": {"text": {**texts("x"), "ro": "a" * 35}}, "b": {}})),
    ("digits-in-prose", step("number", text={**texts("x"), "ru": "Прошло 15 дней?"})),
    ("unknown-fact", step("number", text={**texts("x"), "ru": "Срок {no_such}?"})),
    ("placeholder-in-title", step("many", choices={"a": {"text": {**texts("x"), "ru": "{emergency_phone}"}}, "b": {}})),
    ("flow-unknown-answer", step("number", text={**texts("x"), "ru": "Вы сказали {answer:nothing}?"})),
    ("missing-key", lambda data: data["steps"]["number"].update(text={"ru": "только по-русски"})),
    ("wrong-form", lambda data: data["steps"].update({"Number": {"kind": "number", "next": "day"}})),
]  # fmt: skip


@pytest.mark.parametrize(("code", "change"), BAD, ids=[f"{index}-{code}" for index, (code, _) in enumerate(BAD)])
def test_a_mistake_is_found_and_placed(code: str, change: Callable[[dict[str, Any]], None]) -> None:
    data = flow_data()
    change(data)
    found = [finding for finding in findings(data) if finding.code == code]
    assert found, [finding.line_of_text() for finding in findings(data)]
    assert found[0].file == "flows/test.yaml"
    assert found[0].line > 0
    assert found[0].text("ru") != found[0].text("en")


def test_all_findings_of_flows_have_a_bad_sample() -> None:
    talks = {"flow-no-talk-step", "flow-no-talk-end", "flow-talk-fails"}
    assert {code for code in codes() if code.startswith("flow-")} - talks == {
        code for code, _ in BAD if code.startswith("flow-")
    }


def test_talks_must_hold_and_cover_everything() -> None:
    whole = flows().flow("wages-unpaid")
    one = Flows(flows().words, {"wages-unpaid": whole}, flows().letters)
    talk = {"flow": "wages-unpaid", "locale": "ru", "today": TODAY, "steps": [{"tap": "held"}], "ending": "held_end"}
    found = inspect_talks({"t.yaml": yaml.safe_dump(talk)}, one, knowledge(), say)
    named = {(finding.code, finding.values["id"]) for finding in found}
    assert ("flow-no-talk-step", "sum") in named
    assert ("flow-no-talk-end", "crime") in named
    assert ("flow-no-talk-end", "held_end") not in named
    wrong = inspect_talks({"t.yaml": yaml.safe_dump({**talk, "ending": "late"})}, one, knowledge(), say)
    assert "ends at held_end" in next(each for each in wrong if each.code == "flow-talk-fails").message


TEXTS = Texts.parse(
    {locale: (ROOT / "locales" / locale.value / "LC_MESSAGES" / "hotline.po").read_bytes() for locale in Locale}
)
TALKS = {path.name: path.read_bytes() for path in sorted((ROOT / "tests" / "talks").glob("*.yaml"))}


def test_the_talks_of_the_repository_hold_and_cover_every_step_and_ending() -> None:
    found = inspect_talks(TALKS, flows(), knowledge(), TEXTS.get)
    assert [finding.line_of_text() for finding in found] == []


def test_the_flows_of_the_repository_are_clean() -> None:
    found = inspect(files(), knowledge(), TODAY).findings
    assert [finding.line_of_text() for finding in found] == []


def test_every_text_that_triage_names_is_in_the_catalogs() -> None:
    room = ROOT / "bot" / "triage"
    source = "\n".join(path.read_text("utf-8") for path in room.rglob("*.py"))
    named = set(re.findall(r'"((?:flow|calc)-[a-z0-9-]+)"', source)) - codes()
    known = {str(message.id) for message in TEXTS.catalogs[Locale.RU] if message.id}
    assert named - known == set()


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("flow_id", sorted(flows().flows))
def test_a_flow_is_drawn_whole(flow_id: str, locale: Locale) -> None:
    flow = flows().flow(flow_id)
    svg = draw(flow, Graph(flow), flows().words, locale)
    page = ElementTree.fromstring(svg)
    shown = " ".join("".join(part.itertext()) for part in page.iter("{http://www.w3.org/2000/svg}text"))
    for name in (*flow.steps, *flow.outcomes):
        assert name in shown
    first = flow.steps[flow.start].text
    assert first is not None
    assert first[locale].split()[0] in shown


MEASURES = Measures(width=300, gap_x=40, gap_y=60, left=10, top=20)


@pytest.mark.parametrize("flow_id", sorted(flows().flows))
def test_no_box_covers_another_and_no_line_runs_behind_one(flow_id: str) -> None:
    graph = Graph(flows().flow(flow_id))
    heights = {name: 60.0 + 37 * (index % 5) for index, name in enumerate(sorted(graph.reachable))}
    layout = lay_out(graph, heights, MEASURES)
    boxes = {name: (x, y, x + 300, y + heights[name]) for name, (x, y) in layout.places.items()}
    assert set(boxes) == graph.reachable
    for one, (left, top, right, bottom) in boxes.items():
        assert left >= 10
        assert top >= 20
        for other, (x1, y1, x2, y2) in boxes.items():
            assert one == other or x1 >= right + 30 or x2 <= left - 30 or y1 >= bottom or y2 <= top, (one, other)
        for piece in layout.pieces:
            if piece.x1 == piece.x2:
                aside = piece.x1 <= left or piece.x1 >= right
                assert aside or piece.y2 <= top or piece.y1 >= bottom, (one, piece)
            else:
                assert piece.y2 <= top or piece.y1 >= bottom, (one, piece)


@pytest.mark.parametrize("flow_id", sorted(flows().flows))
def test_every_way_is_drawn_from_its_box_to_the_head_of_the_arrow(flow_id: str) -> None:
    graph = Graph(flows().flow(flow_id))
    heights = dict.fromkeys(graph.reachable, 100.0)
    layout = lay_out(graph, heights, MEASURES)
    ways = {(edge.source, edge.target) for edge in graph.edges if edge.source in graph.reachable}
    drawn = set(layout.back)
    for source in graph.reachable:
        x, y = layout.places[source]
        for target in graph.following[source]:
            ends = {(x + 150, y + 100)}
            for piece in sorted(layout.pieces, key=lambda each: (each.y1, each.y2)):
                if piece.target == target and (piece.x1, piece.y1) in ends:
                    ends.add((piece.x2, piece.y2))
                    if piece.last:
                        drawn.add((source, target))
    assert drawn == ways


def test_conditions_are_drawn_in_words_that_people_see() -> None:
    data = flow_data()
    data["steps"]["turn"]["ways"] = [
        {"when": {"all": [{"answer": "first", "is": "red"}, {"not": {"answer": "country", "in": ["KG", "MD"]}}]},
         "next": "info"},
        {"when": {"answer": "day", "older": {"fact": "court_wages_term"}}, "next": "info"},
    ]  # fmt: skip
    item = {"text": texts("Пункт"), "when": {"answer": "yes_no", "is": "no"}, "deadline": {"after": "day", "days": 5}}
    data["outcomes"]["end"]["show"] = [{"article": "wages-unpaid", "when": {"answer": "many", "has": "a"}},
                                       {"checklist": [item]}]  # fmt: skip
    flow = Flow.model_validate(written(data))
    page = ElementTree.fromstring(draw(flow, Graph(flow), flows().words, Locale.KY))
    shown = " ".join("".join(part.itertext()) for part in page.iter("{http://www.w3.org/2000/svg}text"))
    assert "1) first = «red ky» ∧ ¬ country ∈ Кыргызстан, Молдова → info" in shown
    assert "2) day 🕒 > {court_wages_term} → info" in shown
    assert "📄 wages-unpaid ⟨many ∋ «a ky»⟩" in shown
    assert "☐ Пункт ky 🕒 day + 5 ⟨yes_no = «Жок»⟩" in shown


def test_lines_fit_their_box() -> None:
    for text in ("слово " * 40 + "я" * 200, "жшщ" * 60, "i" * 300, "мой дом " * 30):
        lines = list(wrap(text))
        assert max(width_of(line) for line in lines) <= WIDTH - 2 * PADDING
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert list(wrap("**жирно** [ссылка](https://x.y)")) == ["жирно ссылка"]


def test_a_broken_file_of_flows_is_a_finding_not_a_crash() -> None:
    broken = {**OTHER_FILES, "flows/test.yaml": "steps: [", "flows/other.yaml": "- 1"}
    del broken["lexicon/danger.yaml"]
    assert {finding.code for finding in inspect(broken, knowledge(), TODAY).findings} == {
        "bad-yaml", "wrong-type", "missing-file",
    }  # fmt: skip
    unreadable = {**sample_files(flow_data()), "lexicon/danger.yaml": "rules: ["}
    found = inspect(unreadable, knowledge(), TODAY).findings
    assert [each.code for each in found] == ["bad-yaml"], "not one more for every flow that names a rule"
    without = {path: content for path, content in OTHER_FILES.items() if path != "lexicon/answers.yaml"}
    assert "missing-file" in {finding.code for finding in inspect(without, knowledge(), TODAY).findings}

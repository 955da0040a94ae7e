"""The engine as talks: what a person does, what comes back, also after the flow's file has changed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import yaml

from bot.languages.cldr import country_name
from bot.languages.locales import Locale
from bot.triage import engine
from bot.triage.context import Context
from bot.triage.effects import (
    Ask,
    Danger,
    Effect,
    Finish,
    HideChat,
    Left,
    NotUnderstood,
    OpenCase,
    Remember,
    Say,
    Search,
    TalkToPerson,
    Told,
)  # fmt: skip
from bot.triage.inputs import Again, Attached, Back, DontKnow, Hide, Human, Input, Shared, Skip, Tapped, Wrote
from bot.triage.loader import Flows
from bot.triage.models import Flow
from bot.triage.state import State
from bot.triage.summary import lines
from tests.triage.house import context, flows, knowledge, say

T = Locale.RU


def texts(word: str) -> dict[str, str]:
    return {locale.value: f"{word} {locale.value}" for locale in Locale}


def flow_data() -> dict[str, Any]:
    """A small flow with every kind of step."""
    return yaml.safe_load(
        """
id: test
version: 1
section: work
topic: wages-unpaid
watched: true
start: first
steps:
  first: {kind: choice, next: many, choices: {red: {}, blue: {danger: violence_home, next: end}, gone: {next: info}}}
  many: {kind: several, next: yes_no, choices: {a: {}, b: {}, none: {alone: true}}}
  yes_no: {kind: yesno, choices: {'yes': number, 'no': number}, next: number, remember: woman_only}
  number: {kind: number, min: 1, max: 9, next: money}
  money: {kind: money, next: day}
  day: {kind: date, next: region}
  region: {kind: region, next: country}
  country: {kind: citizenship, next: words}
  words: {kind: text, next: paper}
  paper: {kind: attachment, next: trips}
  trips: {kind: periods, next: sums}
  sums: {kind: payments, next: count}
  count: {kind: calculate, calculator: wage_delay, with: {payments: sums}, next: turn}
  turn: {kind: branch, ways: [{when: {answer: count, more: 100}, next: info}], otherwise: end}
  info: {kind: information, next: end}
outcomes:
  end: {case: {open: now, severity: serious}}
"""
    )


def written(data: dict[str, Any]) -> dict[str, Any]:
    """Give every step, choice and outcome its texts."""
    for name, step in data["steps"].items():
        if step["kind"] not in ("branch", "calculate"):
            step.setdefault("text", texts(name))
        if step["kind"] in ("choice", "several"):
            for choice_id, choice in step["choices"].items():
                choice.setdefault("text", texts(choice_id))
    for name, outcome in data["outcomes"].items():
        outcome.setdefault("text", texts(name))
    data.setdefault("title", texts("title"))
    return data


def made(data: dict[str, Any]) -> Flows:
    return Flows(flows().words, {"test": Flow.model_validate(written(data))})


class Talk:
    """A person in a flow; the state goes through JSON before every input, as after a restart."""

    def __init__(self, known: Flows, flow: str = "test", where: Context | None = None) -> None:
        self.flows, self.context = known, where or context()
        self.state, self.effects = engine.start(known, flow, self.context)

    def does(self, *inputs: Input) -> Talk:
        for given in inputs:
            stored = State.from_json(json.loads(json.dumps(self.state.to_json())))
            assert stored == self.state
            self.state, self.effects = engine.step(self.flows, stored, given, self.context)
        return self

    def taps(self, choice: str, step: str | None = None) -> Talk:
        return self.does(Tapped(step or self.state.step or "", choice, self.state.version))

    def got(self, kind: type[Effect]) -> Any:  # type: ignore[valid-type]
        found = [effect for effect in self.effects if isinstance(effect, kind)]  # type: ignore[arg-type]
        return found[0] if found else None


@pytest.fixture
def talk() -> Talk:
    return Talk(made(flow_data()))


def to(talk: Talk, step: str) -> Talk:
    """Answer everything before a step."""
    answers: dict[str, list[Input]] = {
        "first": [Tapped("first", "red")],
        "many": [Tapped("many", "a"), Tapped("many", "_done")],
        "yes_no": [Wrote("да")], "number": [Wrote("5")], "money": [Wrote("100")], "day": [Wrote("01.10.2026")],
        "region": [Wrote("москва")], "country": [Wrote("киргизия")], "words": [Wrote("слова")],
        "paper": [Attached("photo")], "trips": [Wrote("01.02.2026 – 05.02.2026"), Wrote("готово")],
        "sums": [Wrote("40000 10.08.2026"), Wrote("готово")], "info": [Wrote("понятно")],
    }  # fmt: skip
    while talk.state.step != step:
        assert talk.state.step is not None
        talk.does(*answers[talk.state.step])
    return talk


def test_a_whole_talk_from_the_first_question_to_the_case(talk: Talk) -> None:
    to(talk, "info")
    assert talk.state.answers["trips"] == [["2026-02-01", "2026-02-05"]]
    assert talk.state.answers["sums"] == [[40000.0, "2026-08-10", None]]
    assert talk.state.answers["count"] == pytest.approx(3957.33)
    talk.taps("_next")
    assert talk.got(Finish).outcome == "end"
    case = talk.got(OpenCase)
    assert (case.severity, case.topic, case.desk) == ("serious", "wages-unpaid", ("woman",))
    assert talk.effects.index(case) < talk.effects.index(talk.got(Finish))


def test_the_operator_reads_the_answers_in_his_language_whatever_they_were_made_in() -> None:
    talk = to(Talk(made(flow_data()), where=context(Locale.UZ)), "info").taps("_next")
    summary = talk.got(OpenCase).summary
    russian = lines(json.loads(json.dumps(summary)), talk.flows, context(Locale.RU))
    assert "first ru — red ru" in russian
    assert any("Кыргызстан" in line for line in russian)
    assert "words ru — «слова»" in russian
    romanian = lines(summary, talk.flows, context(Locale.RO))
    assert "first ro — red ro" in romanian
    gone = Flows(flows().words, {})
    assert "first ru — red ru" in lines(summary, gone, context(Locale.RO))


def test_an_alarming_choice_brings_danger_before_everything(talk: Talk) -> None:
    talk.taps("blue")
    assert isinstance(talk.effects[0], Danger)
    assert talk.effects[0].rule == "violence_home"


def test_what_is_remembered_is_offered_the_next_time() -> None:
    talk = to(Talk(made(flow_data()), where=context(citizenship="TJ", region="RU-SPE")), "region")
    assert talk.got(Ask).options[0].id == "_keep"
    talk.taps("_keep")
    assert talk.got(Remember) == Remember("region", "RU-SPE")
    assert talk.got(Ask).options[0].label == "Таджикистан"


def test_what_may_be_used_is_not_asked() -> None:
    data = flow_data()
    data["steps"]["country"]["known"] = "use"
    talk = to(Talk(made(data), where=context(citizenship="TJ")), "words")
    assert talk.state.answers["country"] == "TJ"
    talk.does(Back())
    assert talk.state.step == "region", "back passes over what was not asked"


def test_back_again_skip_dont_know(talk: Talk) -> None:
    to(talk, "number").does(Back())
    assert talk.state.step == "yes_no"
    assert "yes_no" not in talk.state.answers
    talk.does(Wrote("не знаю"))
    assert talk.state.marks["yes_no"] == "dont_know"
    talk.does(Skip())
    assert talk.state.marks["number"] == "skip"
    talk.does(Again())
    assert talk.state.step == "first"
    assert talk.state.answers == {}
    talk.does(Back())
    assert talk.got(Left)


def test_dont_know_shows_the_help_once_and_then_goes_on() -> None:
    data = flow_data()
    data["steps"]["number"]["help"] = texts("help")
    talk = to(Talk(made(data)), "number").does(DontKnow())
    assert "help" in talk.got(Say).document.text
    assert talk.state.step == "number"
    talk.does(DontKnow())
    assert talk.state.step == "money"


def test_a_person_is_there_at_every_step(talk: Talk) -> None:
    for step in ("first", "many", "yes_no", "number", "money", "day", "region", "country", "words", "trips", "info"):
        to(talk, step)
        assert "_human" in [option.id for option in talk.got(Ask).common]
        before = talk.state
        talk.does(Human())
        assert talk.got(TalkToPerson).topic == "wages-unpaid"
        assert talk.state == before


def test_someone_may_be_watching(talk: Talk) -> None:
    assert talk.got(Ask).watched
    assert "_hide" in [option.id for option in talk.got(Ask).common]
    assert talk.does(Hide()).got(HideChat)


def test_words_that_are_no_answer_are_searched(talk: Talk) -> None:
    talk.does(Wrote("как получить патент"))
    assert talk.got(Search).text == "как получить патент"
    assert talk.got(Ask).step == "first"
    to(talk, "money").does(Wrote("хозяин забрал паспорт и не отдаёт"))
    assert talk.got(Search)
    assert talk.state.step == "money"


BAD: list[Input] = [
    Wrote("😀"), Wrote("31.02.2026"), Wrote("two months"), Wrote("-5"), Wrote("10^12"), Wrote("я" * 4096),
    Attached("sticker"), Shared(41.3, 69.2), Shared(float("nan"), 0), Wrote(""), Wrote("{answer:first}"),
]  # fmt: skip


@pytest.mark.parametrize("step", [name for name in flow_data()["steps"] if name not in ("count", "turn")])
@pytest.mark.parametrize("given", BAD, ids=lambda given: str(given)[:24])
def test_bad_input_is_answered_and_the_step_kept(step: str, given: Input) -> None:
    talk = to(Talk(made(flow_data())), step)
    kind = flow_data()["steps"][step]["kind"]
    talk.does(given)
    if kind in ("text", "attachment") and isinstance(given, Wrote) and given.text:
        assert talk.state.step != step
        assert len(talk.state.answers[step]) <= 1000
        return
    if kind == "periods" and talk.state.draft:
        return
    assert talk.state.step == step
    assert talk.got(NotUnderstood) or talk.got(Search)
    assert talk.got(Ask).step == step


def with_a_place() -> dict[str, Any]:
    data = flow_data()
    data["steps"]["words"]["place"] = True
    return data


def test_who_is_asked_where_he_is_may_send_a_place_on_the_map() -> None:
    talk = to(Talk(made(with_a_place()), where=context(Locale.UZ)), "words")
    assert talk.got(Ask).location
    assert "flow-hint-place" in talk.got(Ask).document.text
    talk.does(Shared(42.98, 47.5))
    assert talk.state.step == "paper"
    assert "42.98" not in json.dumps(talk.state.to_json()), "the degrees are in the message, not in the state"
    summary = to(talk, "info").taps("_next").got(OpenCase).summary
    assert "words ro — flow-sent-place" in lines(summary, talk.flows, context(Locale.RO))
    assert "paper ru — flow-sent-photo" in lines(summary, Flows(flows().words, {}), context(Locale.KY))


@pytest.mark.parametrize("given", [Shared(float("nan"), 0), Shared(95, 10), Attached("sticker")])
def test_what_is_no_place_is_asked_again(given: Input) -> None:
    talk = to(Talk(made(with_a_place())), "words").does(given)
    assert talk.state.step == "words"
    assert talk.got(NotUnderstood)
    talk.does(Wrote("Дербент, у завода"))
    assert talk.state.answers["words"] == "Дербент, у завода"


def test_a_voice_is_named_by_a_text_of_the_interface(talk: Talk) -> None:
    to(talk, "words").does(Attached("voice"))
    summary = to(talk, "info").taps("_next").got(OpenCase).summary
    assert "words ky — flow-sent-voice" in lines(summary, talk.flows, context(Locale.KY))


@pytest.mark.parametrize("name", ["photo", "Photo", "voice", "location", "album"])
@pytest.mark.parametrize("step", ["words", "paper"])
def test_a_typed_name_of_something_sent_stays_words(talk: Talk, step: str, name: str) -> None:
    to(talk, step).does(Wrote(name))
    summary = to(talk, "info").taps("_next").got(OpenCase).summary
    for known in (talk.flows, Flows(flows().words, {})):
        line = next(line for line in lines(summary, known, context(Locale.RU)) if line.startswith(f"{step} ru"))
        assert line in (f"{step} ru — {name}", f"{step} ru — «{name}»")


def test_a_photo_stored_by_an_older_release_is_still_a_photo(talk: Talk) -> None:
    to(talk, "trips")
    talk.state = State.from_json({**talk.state.to_json(), "answers": {**talk.state.answers, "paper": "photo"}})
    summary = to(talk, "info").taps("_next").got(OpenCase).summary
    assert "paper ru — flow-sent-photo" in lines(summary, talk.flows, context(Locale.RU))


@pytest.mark.parametrize("step", ["first", "many", "yes_no", "number", "money", "day", "region", "country", "words",
                                  "paper", "trips", "sums"])  # fmt: skip
@pytest.mark.parametrize("stored", [["a", "b"], {"a": 1}, [], 7, "\ud800", [["x"]], [None, 2], [[1, 2, 3]]])
def test_whatever_stands_in_an_answer_the_way_to_a_person_is_open(talk: Talk, step: str, stored: Any) -> None:
    to(talk, "info")
    state = replace(talk.state, answers={**talk.state.answers, step: stored})
    _, effects = engine.step(talk.flows, state, Human(), talk.context)
    called = next(effect for effect in effects if isinstance(effect, TalkToPerson))
    assert lines(called.summary, talk.flows, context(Locale.TG))
    kind = talk.flows.flow("test").steps[step].kind
    kept = {"step": step, "kind": kind, "value": stored, "ask_ru": "", "answer_ru": ""}
    (line,) = lines({"flow": "test", "answers": [kept]}, talk.flows, context(Locale.TG))
    assert line.startswith(f"{step} tg — "), "the card of a case from before is read too"


def test_trips_and_payments_are_said_back_in_the_list_above_the_question(talk: Talk) -> None:
    to(talk, "trips").does(Wrote("1 февраля 2026 – 5 февраля 2026"))
    assert "1 февраля 2026" in talk.got(Ask).document.text
    assert "5 февраля 2026" in talk.got(Ask).document.text
    talk.does(Wrote("готово"), Wrote("40 тыс, 10 августа"))
    assert talk.state.step == "sums"
    shown = talk.got(Ask).document.text.replace("\u00a0", " ")
    assert "40 000" in shown
    assert "10 августа 2026" in shown


def test_ticks_are_seen_on_the_buttons_after_words(talk: Talk) -> None:
    to(talk, "many").does(Wrote("a ru, b ky"))
    assert [option.id for option in talk.got(Ask).options if option.chosen] == ["a", "b"]


def standing(flow: str, step: str, locale: Locale) -> Talk:
    """A talk in a real flow that has come to a step."""
    talk = Talk(flows(), flow, where=context(locale))
    talk.state = State(flow, talk.flows.flow(flow).version, step=step)
    return talk


@pytest.mark.parametrize(
    ("flow", "step", "locale", "word"),
    [
        ("documents-check", "done_p", Locale.RU, "отпечатки"), ("documents-check", "done_p", Locale.UZ, "shifokor"),
        ("documents-check", "done_p", Locale.TG, "сурат"), ("work-accident", "now", Locale.RU, "травма"),
        ("stopped-by-police", "now", Locale.TG, "гирифтанд"), ("stopped-by-police", "now", Locale.UZ, "olishdi"),
        ("stopped-by-police", "now", Locale.KY, "алышты"), ("illness", "what", Locale.RU, "боль"),
        ("illness", "what", Locale.RU, "болезнь"), ("entry-ban", "reason", Locale.RU, "имя"),
    ],
)  # fmt: skip
def test_half_a_label_is_not_taken_for_the_whole(flow: str, step: str, locale: Locale, word: str) -> None:
    talk = standing(flow, step, locale).does(Wrote(word))
    assert talk.state.step == step
    assert not talk.state.draft
    assert talk.got(Search).text == word


def test_a_whole_label_with_commas_is_ticked() -> None:
    talk = standing("documents-check", "done_p", Locale.UZ).does(Wrote("Barmoq izi, surat, shifokor"))
    assert talk.state.draft == ("med",)


def test_the_medical_deadline_stays_for_who_has_given_only_fingerprints() -> None:
    talk = standing("documents-check", "done_p", Locale.RU).does(Wrote("регистрация, отпечатки"))
    assert talk.state.draft == ("reg",)


def ended(flow: str, outcome: str, where: Context) -> str:
    """Everything that an ending shows."""
    state = State(flow, flows().flow(flow).version, outcome=outcome)
    found = next(effect for effect in engine.show(flows(), state, where)[1] if isinstance(effect, Finish))
    return "\n".join(document.text for document in found.documents)


CONSULATES = {"KG": "kg_embassy", "TJ": "tj_embassy", "UZ": "uz_embassy", "MD": "md_consul_emergency"}


@pytest.mark.parametrize(("flow", "outcome"), [("expulsion", "court_end"), ("death", "road_end")])
@pytest.mark.parametrize("locale", Locale)
def test_who_names_no_passport_sees_the_consulate_of_each_country(flow: str, outcome: str, locale: Locale) -> None:
    shown = ended(flow, outcome, context(locale))
    places = {code: shown.find(knowledge().organisations[name].name[locale]) for code, name in CONSULATES.items()}
    assert min(places.values()) >= 0, places
    home = {"ky": "KG", "tg": "TJ", "uz": "UZ", "ro": "MD"}.get(locale.language)
    assert home is None or min(places, key=lambda code: places[code]) == home
    note = shown.find("flow-organisations-by-country")
    assert 0 <= note < min(places.values()), "nobody takes a guessed embassy for the own one"
    for code, place in places.items():
        assert country_name(code, locale) in shown[note:place]


@pytest.mark.parametrize("locale", Locale)
def test_who_named_a_passport_sees_the_own_consulate_alone(locale: Locale) -> None:
    shown = ended("expulsion", "court_end", context(locale, citizenship="TJ"))
    assert knowledge().organisations["tj_embassy"].name[locale] in shown
    assert knowledge().organisations["uz_embassy"].name[locale] not in shown
    assert "flow-organisations-by-country" not in shown


def test_ticking_several(talk: Talk) -> None:
    to(talk, "many").taps("_done")
    assert talk.got(NotUnderstood).reason == "flow-several-empty"
    talk.taps("b").taps("a")
    assert [option.id for option in talk.got(Ask).options if option.chosen] == ["a", "b"]
    talk.taps("none")
    assert talk.state.draft == ("none",)
    talk.taps("a").taps("b").taps("b").does(Wrote("готово"))
    assert talk.state.answers["many"] == ["a"]


def test_an_old_button_changes_the_earlier_answer(talk: Talk) -> None:
    to(talk, "money").taps("gone", step="first")
    assert talk.state.step == "info"
    assert talk.state.answers == {"first": "gone"}


def test_a_button_of_a_step_never_seen_says_so(talk: Talk) -> None:
    talk.taps("RU-MOW", step="region")
    assert talk.got(NotUnderstood).reason == "flow-old-button"
    assert talk.got(Ask).step == "first"


def test_a_skip_from_an_old_screen_does_not_skip_the_present_question(talk: Talk) -> None:
    to(talk, "money").taps("_skip", step="first")
    assert talk.state.step == "first"


def test_a_finished_talk_can_go_back_and_be_changed(talk: Talk) -> None:
    talk.taps("blue")
    assert talk.state.outcome == "end"
    talk.does(Wrote("сколько стоит патент"))
    assert talk.effects == (Search("сколько стоит патент"),)
    talk.does(Back())
    assert talk.state.step == "first"


def changed(**steps: Any) -> Flows:
    data = flow_data()
    data["version"] = 2
    for name, step in steps.items():
        if step is None:
            del data["steps"][name]
        else:
            data["steps"][name] = step
    return made(data)


def test_the_step_a_person_is_at_was_removed(talk: Talk) -> None:
    to(talk, "money")
    talk.flows = changed(money=None, number={"kind": "number", "next": "day"})
    talk.does(Wrote("100"))
    assert talk.got(Told).reason == "flow-changed"
    assert talk.got(Ask).step == "number", "the last question that still exists is asked again"
    talk.does(Wrote("3"))
    assert talk.state.step == "day"
    assert talk.state.answers["yes_no"] == "yes"


def test_a_renamed_step_and_choice_are_followed(talk: Talk) -> None:
    to(talk, "number")
    first = {"kind": "choice", "next": "many", "choices": {"scarlet": {"was": ["red"]}, "blue": {"next": "end"}}}
    talk.flows = changed(number=None, amount={"kind": "number", "was": ["number"], "next": "money"}, first=first,
                         yes_no={"kind": "yesno", "next": "amount"})  # fmt: skip
    talk.does(Tapped("number", "_skip", 1))
    assert not talk.got(Told)
    assert talk.state.step == "money"
    assert talk.state.answers["first"] == "scarlet"


def test_a_choice_was_removed_while_it_was_on_the_screen(talk: Talk) -> None:
    talk.flows = changed(first={"kind": "choice", "next": "many", "choices": {"red": {}, "blue": {"next": "end"}}})
    talk.does(Tapped("first", "gone", 1))
    assert talk.got(NotUnderstood).reason == "flow-choice-gone"
    assert talk.got(Ask).version == 2


def test_a_text_changed(talk: Talk) -> None:
    to(talk, "money")
    data = flow_data() | {"version": 2}
    data["steps"]["day"]["text"] = texts("which day")
    talk.flows = made(data)
    talk.does(Wrote("100"))
    assert "which day" in talk.got(Ask).document.text


def test_a_kind_changed_and_the_old_answer_is_forgotten(talk: Talk) -> None:
    to(talk, "money")
    talk.flows = changed(number={"kind": "yesno", "next": "money"})
    talk.does(Wrote("100"))
    assert "number" not in talk.state.answers
    assert talk.state.step == "day"


def test_the_first_step_is_gone_too(talk: Talk) -> None:
    data = flow_data() | {"version": 2, "start": "money"}
    for gone in ("first", "many"):
        del data["steps"][gone]
    talk.flows = made(data)
    talk.does(Wrote("red"))
    assert talk.got(Told)
    assert talk.got(Ask).step == "money"


def test_the_ending_was_removed(talk: Talk) -> None:
    talk.taps("blue")
    data = flow_data() | {"version": 2}
    data["outcomes"] = {"other": {}}
    for step in data["steps"].values():
        for choice in step.get("choices", {}).values():
            if isinstance(choice, dict) and choice.get("next") == "end":
                choice["next"] = "other"
        if step.get("next") == "end":
            step["next"] = "other"
    data["steps"]["turn"]["otherwise"] = "other"
    talk.flows = made(data)
    talk.does(Attached("photo"))
    assert talk.got(Told)
    assert talk.got(Ask).step == "first"


def test_the_flow_was_removed(talk: Talk) -> None:
    talk.flows = Flows(flows().words, {})
    talk.does(Wrote("100"))
    assert talk.got(Told).reason == "flow-gone"
    assert talk.got(Left)


def test_a_person_comes_back_in_another_language(talk: Talk) -> None:
    to(talk, "money")
    talk.context = replace(talk.context, locale=Locale.TG)
    _, effects = engine.show(talk.flows, talk.state, talk.context)
    assert "money tg" in effects[-1].document.text  # type: ignore[union-attr]


def test_placeholders_are_filled_and_a_persons_words_are_never_markup() -> None:
    data = flow_data()
    data["outcomes"]["end"]["text"] = {**texts("x"), "ru": "**{answer:words}** {emergency_phone} {no_such_fact}"}
    data["steps"]["words"]["next"] = "end"
    talk = to(Talk(made(data)), "words").does(Wrote("**{fact}** [a](https://b.c)"))
    text = talk.got(Finish).documents[0].text
    assert text == "**{fact}** [a](https://b.c) … …", "one unknown placeholder blanks the facts of its line"


def test_state_of_an_older_release_is_read() -> None:
    assert State.from_json({"flow": "test", "unknown": 1}) == State("test", 0)
    assert say(T, "id", x=1) == "id 1"

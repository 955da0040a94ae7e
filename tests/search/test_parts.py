"""Lexicon, gaps, numbers of the evaluation, and the fit."""

from __future__ import annotations

import math

import pytest

from bot.knowledge.search import Calibration, SearchIndex
from bot.knowledge.search.answering import ask_line
from bot.knowledge.search.calibration import SIGNALS, TRAITS, BadCalibration, own_calibration
from bot.knowledge.search.evaluation import (
    BadMessages,
    Message,
    evaluate,
    expected_calibration_error,
    leaked,
    rank,
)
from bot.knowledge.search.gaps import anonymise, group_by_likeness
from bot.knowledge.search.lexicon import BadLexicon, ConceptLexicon
from bot.knowledge.search.tuning import fit
from bot.languages.folding import fold_words

from .small_knowledge import lexicon
from .test_talks import SAID


class TestConcepts:
    def test_words_stems_and_phrases_in_any_script(self) -> None:
        concepts = ConceptLexicon.from_mappings(
            {"wage": {"uz": ["oylik*"], "ru": ["зарплат*"]}, "unpaid": {"ru": ["не плат*"]}, "son": {"uz": ["o‘g‘lim"]}}
        )
        assert concepts.match(fold_words("зарплату не платят")) == ["wage", "unpaid"]
        assert concepts.match(fold_words("не мне платили")) == ["unpaid"]
        assert concepts.match(fold_words("не я вчера уже платил")) == []
        assert concepts.match(fold_words("ойлигим")) == []
        assert concepts.match(fold_words("ойликлар")) == ["wage"]
        assert concepts.match(fold_words("oglim")) == concepts.match(fold_words("ўғлим")) == ["son"]

    @pytest.mark.parametrize("data", [{"a": ["x"]}, {"a": {"ru": "x"}}, {"a": {"ru": [True]}}, {"a": {"ru": ["*"]}}])
    def test_a_wrong_lexicon_is_refused_with_the_place(self, data: dict[str, object]) -> None:
        with pytest.raises(BadLexicon, match="a"):
            ConceptLexicon.from_mappings(data)

    def test_every_concept_of_the_project_has_all_languages(self) -> None:
        assert len(lexicon().concepts.concepts) >= 120


class TestGaps:
    @pytest.mark.parametrize(
        ("text", "secrets"),
        [
            ("меня зовут Азиз Каримов, хозяин не платит", ["Азиз", "Каримов"]),
            ("позвоните мне +7 (900) 123-45-67 срочно", ["900", "67"]),
            ("напишите @aziz_77 или t.me/aziz", ["aziz"]),
            ("паспорт AA1234567 забрали", ["AA1234567", "1234567"]),
            ("хозяин Иванов Сергей Петрович не платит", ["Иванов", "Сергей", "Петрович"]),
            ("ismim Bobur Karimov, oylik bermayapti", ["Bobur", "Karimov"]),
            ("смотрите https://vk.com/id1 там фото", ["vk.com"]),
            ("почта aziz@mail.ru", ["aziz", "mail"]),
        ],
    )
    def test_names_numbers_and_links_go(self, text: str, secrets: list[str]) -> None:
        plain = anonymise(text)
        assert not any(secret in plain for secret in secrets), plain

    def test_the_question_stays(self) -> None:
        assert anonymise("Меня зовут Азиз, хозяин не платит зарплату 3 месяца").endswith(
            "хозяин не платит зарплату месяца"
        )

    def test_likeness_crosses_spelling_and_script(self) -> None:
        groups = group_by_likeness(
            [
                "где сделать карту тройка",
                "оформить карту тройка где",
                "картани qayerda",
                "как вызвать сантехника",
                "сантехника вызвать",
            ]
        )
        assert groups[0].places == (0, 1)
        assert {group.places for group in groups} == {(0, 1), (2,), (3, 4)}
        same = group_by_likeness(["uzcard ochish", "узкард очиш"])
        assert [group.places for group in same] == [(0, 1)]

    def test_nothing_gives_nothing(self) -> None:
        assert group_by_likeness([]) == ()


def _messages() -> list[Message]:
    said = [
        Message(id=f"m{n}", text=text, variant=variant, gold=frozenset({article}), kind="question", part="tuning")
        for n, (variant, text, article) in enumerate(SAID)
    ]
    nothing = [
        "как сварить борщ",
        "кто выиграл матч",
        "курс биткоина завтра",
        "ce vreme e maine",
        "футбол бугун ким ютди",
    ]
    return said + [
        Message(id=f"n{n}", text=text, variant="other", gold=frozenset(), kind="none", part="tuning")
        for n, text in enumerate(nothing)
    ]


class TestEvaluation:
    def test_numbers_come_from_the_answers(self, index: SearchIndex) -> None:
        ticks = iter(range(1000))
        report = evaluate(
            index,
            _messages(),
            stopwatch=lambda: next(ticks) / 1000,
            baselines={"never": lambda text: [], "always wages": lambda text: ["wages-unpaid"]},
        )
        whole = report.scores["all"]
        assert whole.messages == len(SAID) + 5
        assert whole.answerable == len(SAID)
        assert whole.first == 1.0
        assert report.latency == pytest.approx((1.0, 1.0, 1.0))
        assert report.baselines["never"]["all"].three == 0.0
        wages = sum(article == "wages-unpaid" for _, _, article in SAID)
        assert report.baselines["always wages"]["all"].first == pytest.approx(wages / len(SAID))

    def test_a_signal_left_out_changes_the_ranking(self, index: SearchIndex) -> None:
        alone = own_calibration().leaving_out(*(signal for signal in SIGNALS if signal != "body_concepts"))
        report = evaluate(index.with_calibration(alone), _messages())
        assert report.scores["all"].first < 1.0

    def test_places_and_calibration(self) -> None:
        assert rank(["a", "b"], frozenset({"b", "c"})) == 2
        assert rank(["a"], frozenset({"z"})) == 0
        assert expected_calibration_error([(0.95, 1.0), (0.95, 1.0)]) == pytest.approx(0.05)
        assert math.isnan(expected_calibration_error([]))

    def test_a_message_among_the_asks_is_reported_whatever_its_spelling(self) -> None:
        leak = Message("x", "Oylik to'lamayapti", "uz-Latn", frozenset({"a"}), "question", "test")
        assert leaked([leak], ["ойлик тўламаяпти"]) == ["x"]
        assert leaked([leak], ["ойлик бермаяпти"]) == []

    @pytest.mark.parametrize(
        "line", [{}, {"id": "1", "text": "а", "variant": "ru", "gold": [], "kind": "none", "part": "x"}]
    )
    def test_a_wrong_line_is_refused(self, line: dict[str, object]) -> None:
        with pytest.raises(BadMessages):
            Message.from_mapping(line)


def test_the_fit_keeps_its_promises_on_what_it_saw(index: SearchIndex) -> None:
    fitted = fit(index, _messages(), own_calibration())
    assert Calibration.from_mapping(fitted.to_mapping()).to_mapping() == fitted.to_mapping()
    report = evaluate(index.with_calibration(fitted), _messages())
    assert report.scores["all"].first >= 0.95
    assert report.scores["all"].pushed == 0.0


def test_a_calibration_that_lacks_a_number_is_refused() -> None:
    data = own_calibration().to_mapping()
    del data["first"]
    with pytest.raises(BadCalibration, match="first"):
        Calibration.from_mapping(data)


def test_a_line_of_hotline_ask(index: SearchIndex) -> None:
    line = ask_line(index, "oyligimni bermayapti", id="7", urgent_rule=None)
    assert line["id"] == "7"
    assert (line["lang"], line["script"], line["urgent"], line["rule"]) == ("uz", "Latn", False, None)
    answers = line["answers"]
    assert isinstance(answers, list)
    assert answers[0]["article"] == "wages-unpaid"
    assert 0 <= answers[0]["score"] <= 1
    assert line["confidence"] in ("sure", "likely")
    assert ask_line(index, "убивают", urgent_rule="killing")["rule"] == "killing"


def test_an_article_that_one_word_speaks_for_is_doubted(index: SearchIndex) -> None:
    def steady(text: str) -> float:
        return dict(zip(TRAITS, index.inside(text).traits, strict=True))["steady"]

    assert steady("третий месяц зарплату не платят, хозяин обманывает") > 0.5
    assert steady("зарплата футболиста спартака за сезон") < 0.3
    assert steady("зарплата") == 0.0, "without its only word nothing is left"


def test_ideas_of_a_message_are_counted_where_the_first_article_has_them_and_where_not(index: SearchIndex) -> None:
    seen = dict(zip(TRAITS, index.inside("не платят зарплату и забрали паспорт").traits, strict=True))
    assert seen["shared"] > 0
    assert seen["foreign"] > 0

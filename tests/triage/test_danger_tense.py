"""A word of the past near a cry does not silence it; an old story still does not raise an alarm."""

from __future__ import annotations

import pytest

from tests.triage.test_danger import danger


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("муж избивает, раньше терпела", "violence_home"),
        ("хочу умереть, раньше такого не было", "suicide"),
        ("эрим урат, мурун да урчу", "violence_home"),
        ("erim uryapti, oldin ham urgan", "violence_home"),
        ("soțul mă bate, înainte tot mă bătea", "violence_home"),
        ("муж бьет меня, работаю с 2023 года", "violence_home"),
        ("муж избил меня, живу тут с 2020 года", "violence_home"),
        ("муж грозится убить, раньше тоже бил", "violence_home"),
        ("нас держат в подвале и требуют 200000 рублей", "held_captive"),
        ("5 лет назад вышла замуж, муж избивает", "violence_home"),
        ("шавҳарам мезанад, пештар ҳам мезад", "violence_home"),
        ("eri uradi, ilgari ham urardi", "violence_home"),
        ("эрим сабап жатат, илгери да сабачу", "violence_home"),
        ("хозяин забрал паспорт в 2024 году и не отдает", "held_captive"),
        ("год назад хозяин забрал паспорт, до сих пор у него", "held_captive"),
        ("хозяин бьёт нас, приехали в 2024 году", "attack_now"),
    ],
)
def test_what_was_before_does_not_silence_what_is_now(text: str, rule: str) -> None:
    found = danger().match(text)
    assert found is not None
    assert found.rule.id == rule


@pytest.mark.parametrize(
    "text",
    [
        "муж раньше бил меня",
        "раньше муж бил меня",
        "эрим мурун урчу",
        "oldin erim urardi",
        "в 2015 году муж бил меня",
        "муж бил меня в 2015 году",
        "2019 yilda politsiya ushlagan edi, jarima tolagandim",
        "înainte mă bătea soțul",
        "in 2019 m-a bătut bărbatul",
        "муж бил меня пять лет назад, мы давно развелись",
    ],
)
def test_an_old_story_is_no_alarm(text: str) -> None:
    assert danger().match(text) is None

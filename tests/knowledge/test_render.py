"""What a person reads, as a document without a channel."""

from __future__ import annotations

from datetime import date

import pytest

from bot.knowledge.base import ArticleNotFound, Knowledge
from bot.knowledge.document import Span
from bot.knowledge.facts import Reader
from bot.knowledge.loader import parse
from bot.knowledge.organisations import distance_km, find_organisations, organisations_for_article
from bot.knowledge.places import Location
from bot.knowledge.render import UnknownPlaceholder, Writer, parts_of, render_article, render_organisations
from bot.languages.locales import Locale

from .sample import TODAY, folder

RU, KY, TG, UZ, UZ_CYRL, RO = Locale
NBSP = "\u00a0"


@pytest.fixture
def knowledge() -> Knowledge:
    loaded = parse(folder()).knowledge
    assert loaded is not None
    return loaded


def test_a_tajik_reads_the_own_deadline_and_a_stranger_a_list(knowledge: Knowledge) -> None:
    own = render_article(knowledge, "registration", TG, Reader("TJ"), TODAY)
    assert own.text.splitlines() == [
        "📄 Ҳуҷҷатҳо",
        "Чӣ тавр ба қайд истам",
        "Ба қайд истед. Мӯҳлат: 15 рӯз.",
        f"Боҷ: 4{NBSP}200{NBSP}₽.",
    ]
    anybody = render_article(knowledge, "registration", RO, Reader(), TODAY)
    assert (
        "Înregistrați-vă. Termen: Kîrgîzstan — 30 de zile; Tadjikistan, Uzbekistan — 15 zile; "
        "Moldova — 7 zile lucrătoare." in anybody.text
    )


def test_advice_of_another_citizenship_is_not_shown(knowledge: Knowledge) -> None:
    kyrgyz = render_article(knowledge, "patent", KY, Reader("KG"), TODAY).text
    assert "Патент керек эмес." in kyrgyz
    assert "керек." not in kyrgyz
    uzbek = render_article(knowledge, "patent", UZ, Reader("UZ"), TODAY).text
    assert "Patent kerak emas." not in uzbek


@pytest.mark.parametrize("citizenship", [None, "other"])
def test_a_stranger_is_told_whom_an_advice_is_for(knowledge: Knowledge, citizenship: str | None) -> None:
    text = render_article(knowledge, "patent", RU, Reader(citizenship), TODAY).text
    assert "Таджикистан, Узбекистан, Молдова: Патент нужен для работы." in text
    assert "Кыргызстан: Патент не нужен." in text


def test_prices_follow_the_region(knowledge: Knowledge) -> None:
    assert f"10{NBSP}000" in render_article(knowledge, "patent", RU, Reader("TJ", "RU-MOW"), TODAY).text
    assert f"6{NBSP}600" in render_article(knowledge, "patent", RU, Reader("TJ", "RU-TUL"), TODAY).text
    everywhere = render_article(knowledge, "patent", RU, Reader("TJ"), TODAY).text
    assert "Москва — 10" in everywhere
    assert "другие регионы — 6" in everywhere


def test_phones_can_be_tapped_and_links_opened(knowledge: Knowledge) -> None:
    steps = render_article(knowledge, "registration", RU, Reader(), TODAY, "steps").blocks[-1]
    assert steps.number == 2
    assert steps.spans == (
        Span("Госпошлина", "bold"),
        Span(" "),
        Span("example", "link", "https://example.org"),
        Span(": "),
        Span("+7 800 707 88 41", "phone", "tel:+78007078841"),
    )
    where = render_article(knowledge, "registration", RU, Reader(), TODAY, "where").blocks[-1]
    assert where.spans == (Span("Помощники: "), Span("+7 495 123 45 67", "phone", "tel:+74951234567"))


def test_a_block_waits_for_its_day_and_goes_after_it() -> None:
    files = folder()
    files["articles/extra/ru.yaml"] = (
        str(files["articles/extra/ru.yaml"])
        + "beware:\n  - {text: Новый закон., from: 2027-01-01}\n  - {text: Старый закон., until: 2026-12-31}\n"
    )
    knowledge = parse(files).partial

    def beware(day: date) -> list[str]:
        document = render_article(knowledge, "extra", RU, Reader(), day, "beware")
        return [block.text for block in document.blocks if block.kind == "item"]

    assert beware(date(2026, 12, 31)) == ["Старый закон."]
    assert beware(date(2027, 1, 1)) == ["Новый закон."]


def test_the_oldest_check_and_a_past_check_by_are_told(knowledge: Knowledge) -> None:
    fresh = render_article(knowledge, "registration", RU, Reader(), TODAY)
    assert (fresh.checked, fresh.overdue) == (date(2026, 11, 22), False)
    assert render_article(knowledge, "registration", RU, Reader(), date(2027, 2, 22)).overdue is False
    assert render_article(knowledge, "registration", RU, Reader(), date(2027, 2, 23)).overdue is True


def test_an_overdue_fact_makes_the_article_overdue() -> None:
    files = folder()
    facts = str(files["facts/all.yaml"])
    files["facts/all.yaml"] = facts.replace("check_by: 2027-02-22", "check_by: 2026-11-23", 1)
    knowledge = parse(files).partial
    assert render_article(knowledge, "registration", RU, Reader(), TODAY).overdue is True
    assert render_article(knowledge, "extra", RU, Reader(), TODAY).overdue is False


def test_a_missing_translation_falls_back_and_says_so() -> None:
    files = folder()
    del files["articles/extra/tg.yaml"], files["articles/extra/uz_Cyrl.yaml"]
    knowledge = parse(files).partial
    assert render_article(knowledge, "extra", TG, Reader(), TODAY).locale is RU
    assert render_article(knowledge, "extra", UZ_CYRL, Reader(), TODAY).locale is UZ


def test_parts_without_anything_to_show_are_not_offered(knowledge: Knowledge) -> None:
    assert parts_of(knowledge, "registration", RU, Reader(), TODAY) == ("answer", "steps", "where")
    assert parts_of(knowledge, "extra", RU, Reader(), TODAY) == ("answer",)


def test_an_old_button_may_name_an_article_that_is_gone(knowledge: Knowledge) -> None:
    with pytest.raises(ArticleNotFound, match="gone"):
        render_article(knowledge, "gone", RU, Reader(), TODAY)
    with pytest.raises(ValueError, match="part"):
        render_article(knowledge, "extra", RU, Reader(), TODAY, "joke")


def test_unknown_placeholders_are_never_shown(knowledge: Knowledge) -> None:
    for text in ("{gone}", "{org:gone}", "{phone:gone}", "{A b}", "{}"):
        with pytest.raises(UnknownPlaceholder):
            Writer(knowledge, RU, TODAY).spans(text)


def test_an_organisation_with_everything_about_it(knowledge: Knowledge) -> None:
    lines = render_organisations(knowledge, [knowledge.organisations["helpers"]], UZ_CYRL, TODAY).text.splitlines()
    assert lines == [
        "Ёрдамчилар",
        "Ҳужжатлар билан ёрдам беришади.",
        "• +7 495 123 45 67",
        "• Иш вақти: ду–жу 10:00–18:00",
        "• Манзил: Москва, улица Мира",
        "• Тиллар: русча, қирғизча",
        "• Бепул",
        "• example.org",
        "Текширилган: 2026 йил 22 ноябрь",
    ]


def test_round_the_clock_and_every_day_have_words(knowledge: Knowledge) -> None:
    far = knowledge.organisations["far_helpers"]
    assert "Часы работы: круглосуточно" in render_organisations(knowledge, [far], RU, TODAY).text
    files = folder()
    files["organisations/all.yaml"] = str(files["organisations/all.yaml"]).replace(
        'hours: {days: mo-fr, from: "10:00", to: "18:00"}',
        'hours: [{days: mo-su, from: "09:00", to: "21:00"}, {days: "sa,su", from: "10:00", to: "14:00"}]',
    )
    text = render_organisations(parse(files).partial, [parse(files).partial.organisations["helpers"]], RU, TODAY).text
    assert "ежедневно 09:00–21:00, сб, вс 10:00–14:00" in text


def test_the_nearest_helper_comes_first(knowledge: Knowledge) -> None:
    petersburg, moscow = Location(lat=59.9, lon=30.3), Location(lat=55.7, lon=37.6)
    by_distance = [each.id for each in find_organisations(knowledge, services=["legal_help"], near=petersburg)]
    assert by_distance == ["far_helpers", "helpers"]
    assert 620 < distance_km(petersburg, moscow) < 650


def test_helpers_of_another_region_are_left_out_unless_the_article_names_them(knowledge: Knowledge) -> None:
    found = [each.id for each in organisations_for_article(knowledge, "registration", Reader(region="RU-TUL"))]
    assert found == ["helpers"]
    anywhere = [each.id for each in organisations_for_article(knowledge, "registration")]
    assert anywhere == ["helpers", "far_helpers"]
    own = [each.id for each in find_organisations(knowledge, services=["legal_help"], reader=Reader(region="RU-SPE"))]
    assert own == ["far_helpers", "helpers"]

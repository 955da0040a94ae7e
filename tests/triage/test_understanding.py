"""What people write where a flow asks for a number, a sum, a day, a place, a country or a choice."""

from __future__ import annotations

from datetime import date

import pytest

from bot.triage.understanding.choices import read_choice, read_yes_no
from bot.triage.understanding.dates import read_date
from bot.triage.understanding.numbers import read_number
from bot.triage.understanding.places import read_citizenship, read_region, region_at
from bot.triage.understanding.problem import Problem
from tests.triage.house import TODAY, flows, knowledge

WORDS = flows().words


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("45000", 45000), ("45 000", 45000), ("45 000 руб", 45000), ("45.000", 45000), ("45,000 рублей", 45000),
        ("45т", 45000), ("45 тыс", 45000), ("45к", 45000), ("45k", 45000), ("40,5 тыс", 40500), ("40 миң", 40000),
        ("40 ҳазор", 40000), ("40 хазор рубл", 40000), ("40 ming", 40000), ("40 минг сом", 40000),
        ("40 mii", 40000), ("сорок тысяч", 40000), ("сорок пять тысяч", 45000), ("кырк миң", 40000),
        ("чил ҳазор", 40000), ("qirq ming", 40000), ("қирқ минг", 40000), ("patruzeci de mii", 40000),
        ("1 миллион", 1_000_000), ("должны 30000", 30000), ("123,45", 123.45), ("٤٥٠٠٠", 45000),
    ],
)  # fmt: skip
def test_sums_as_people_type_them(text: str, amount: float) -> None:
    assert read_number(text, WORDS, 1, 10**8, money=True) == amount


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-5", "flow-number-negative"), ("10^12", "flow-number-too-big"), ("1000000000000", "flow-number-too-big"),
        ("😀", "flow-money-unclear"), ("", "flow-money-unclear"), ("много", "flow-money-unclear"),
        ("5 октября", "flow-money-unclear"),
        ("10 или 20", "flow-number-one"), ("0", "flow-number-too-small"), ("я" * 4096, "flow-number-unclear"),
    ],
)  # fmt: skip
def test_a_sum_that_is_none_is_answered_with_the_reason(text: str, reason: str) -> None:
    found = read_number(text, WORDS, 1, 10**8, money=True)
    assert isinstance(found, Problem)
    assert found.text_id == reason


def test_a_count_is_whole() -> None:
    assert read_number("3", WORDS, 0, 20) == 3
    assert read_number("3,5", WORDS, 0, 20) == Problem("flow-number-whole")
    assert read_number("25", WORDS, 0, 20) == Problem("flow-number-too-big", {"max": 20})


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-08-10", "2026-08-10"), ("10.08.2026", "2026-08-10"), ("10.8.26", "2026-08-10"),
        ("10/08/2026", "2026-08-10"), ("10-08-2026", "2026-08-10"), ("10.08", "2026-08-10"),
        ("25.12", "2025-12-25"), ("10 августа", "2026-08-10"), ("10 августа 2025", "2025-08-10"),
        ("10 август", "2026-08-10"), ("10-август", "2026-08-10"), ("10-августта", "2026-08-10"),
        ("10 avgust", "2026-08-10"), ("10 avgustda", "2026-08-10"), ("10 августи", "2026-08-10"),
        ("10 august 2026", "2026-08-10"), ("вчера", "2026-11-23"), ("кечээ", "2026-11-23"),
        ("дирӯз", "2026-11-23"), ("дируз", "2026-11-23"), ("kecha", "2026-11-23"), ("кеча", "2026-11-23"),
        ("ieri", "2026-11-23"), ("позавчера", "2026-11-22"), ("сегодня", "2026-11-24"), ("bugun", "2026-11-24"),
        ("2 месяца назад", "2026-09-24"), ("2 ай мурун", "2026-09-24"), ("2 моҳ пеш", "2026-09-24"),
        ("2 oy oldin", "2026-09-24"), ("2 ой олдин", "2026-09-24"), ("acum 2 luni", "2026-09-24"),
        ("неделю назад", "2026-11-17"), ("год назад", "2025-11-24"), ("эки ай мурун", "2026-09-24"),
        ("3 kun avval", "2026-11-21"), ("vchera", "2026-11-23"), ("15 sentabr", "2026-09-15"),
    ],
)  # fmt: skip
def test_days_as_people_type_them(text: str, day: str) -> None:
    assert read_date(text, WORDS, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31.02.2026", "flow-date-impossible"), ("30 февраля", "flow-date-impossible"),
        ("2 месяца", "flow-date-duration"),
        ("эки ай", "flow-date-duration"), ("в марте", "flow-date-needs-day"), ("10", "flow-date-needs-month"),
        ("завтра", "flow-date-future"), ("01.01.2027", "flow-date-future"), ("01.01.1800", "flow-date-too-far"),
        ("😀", "flow-date-unclear"), ("-5", "flow-date-needs-month"), ("10^12", "flow-date-unclear"),
        ("99999999999999999999", "flow-date-unclear"), ("10.08.2026 11.08.2026", "flow-date-one"),
        ("5 марта или 6 апреля", "flow-date-one"), ("я" * 4096, "flow-date-unclear"), ("", "flow-date-unclear"),
        ("99.99.2026", "flow-date-impossible"), ("1500 лет назад", "flow-date-too-far"),
    ],
)  # fmt: skip
def test_a_day_that_is_none_is_answered_with_the_reason(text: str, reason: str) -> None:
    found = read_date(text, WORDS, TODAY)
    assert isinstance(found, Problem)
    assert found.text_id == reason


def test_a_day_to_come_takes_the_next_year() -> None:
    assert read_date("15 января", WORDS, TODAY, "future") == date(2027, 1, 15)
    assert read_date("через неделю", WORDS, TODAY, "future") == date(2026, 12, 1)
    assert read_date("29.02", WORDS, TODAY, "past") == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("москва", "RU-MOW"), ("в москве живу", "RU-MOW"), ("Moskva", "RU-MOW"), ("маскова", "RU-MOW"),
        ("маскав", "RU-MOW"),
        ("питер", "RU-SPE"), ("екб", "RU-SVE"), ("Екатеринбурк", "RU-SVE"), ("Новосибирск", "RU-NVS"),
        ("Кросноярск", "RU-KYA"), ("подмосковье", "RU-MOS"),
    ],
)  # fmt: skip
def test_regions_as_people_name_them(text: str, code: str) -> None:
    regions = knowledge().regions
    assert regions is not None
    assert read_region(text, regions) == code


@pytest.mark.parametrize("text", ["", "😀", "-5", "Бишкек", "не знаю где", "я" * 4096, "31.02.2026"])
def test_no_region_is_guessed(text: str) -> None:
    regions = knowledge().regions
    assert regions is not None
    assert isinstance(read_region(text, regions), Problem)


def test_a_point_on_the_map_names_the_region_only_in_russia() -> None:
    regions = knowledge().regions
    assert regions is not None
    assert region_at(55.75, 37.62, regions) in ("RU-MOW", "RU-MOS")
    assert region_at(56.84, 60.6, regions) == "RU-SVE"
    assert region_at(41.3, 69.2, regions) == Problem("flow-region-far")
    assert isinstance(region_at(999, 0, regions), Problem)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("киргизия", "KG"), ("я из таджикистана", "TJ"), ("узбек", "UZ"), ("oʻzbekiston", "UZ"), ("Молдавия", "MD"),
        ("Украина", "other"), ("ozbekistondanman", "UZ"), ("ўзбекман", "UZ"), ("кыргызмын", "KG"), ("тоҷикам", "TJ"),
    ],
)  # fmt: skip
def test_countries(text: str, code: str) -> None:
    assert read_citizenship(text, WORDS) == code


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("да", "yes"), ("Да, есть", "yes"), ("ооба", "yes"), ("ooba", "yes"), ("ҳа", "yes"), ("ха", "yes"),
        ("ha", "yes"),
        ("da", "yes"), ("нет", "no"), ("жок", "no"), ("jok", "no"), ("не", "no"), ("йўқ", "no"), ("yoq", "no"),
        ("yo'q", "no"), ("yo‘q", "no"), ("nu", "no"), ("net", "no"), ("нет договора", "no"),
        ("да нет", None), ("может быть", None), ("😀", None), ("", None), ("а" * 4096, None),
    ],
)  # fmt: skip
def test_yes_and_no(text: str, answer: str | None) -> None:
    assert read_yes_no(text, WORDS) == answer


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("Не платят совсем", "nothing"), ("начальник пропал", "gone"), ("nachalnik propal", "gone"),
        ("прораб исчез", "gone"),
        ("дали половину", "part"), ("Boshliq yo'qolib qoldi", "gone"), ("бошлик йуколиб колди", "gone"), ("3", "gone"),
        ("9", None), ("0", None), ("-3", None), ("погода хорошая", None), ("😀", None),
        ("начальник не пропал", None), ("дали половину и начальник пропал", None),
    ],
)  # fmt: skip
def test_free_words_mean_a_choice_only_when_they_plainly_do(text: str, choice: str | None) -> None:
    step = flows().flow("wages-unpaid").steps["what"]
    assert read_choice(text, step.choices, WORDS) == choice


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("la sef", "boss"), ("la brigadier", "boss"), ("бригадирда", "boss"), ("у начальника", "boss"),
        ("украли", "lost"), ("la", None),
    ],
)  # fmt: skip
def test_the_other_ways_an_editor_wrote_are_enough(text: str, choice: str | None) -> None:
    step = flows().flow("passport-taken").steps["keeper"]
    assert read_choice(text, step.choices, WORDS) == choice


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("работаю", "work"), ("буду работать", "work"), ("иштегени жатам", "work"), ("voi lucra", "work"),
        ("семья", None), ("внж", None), ("Oila, o‘qish, davolanish, boshqa", "other"),
    ],
)  # fmt: skip
def test_one_side_of_an_or_is_enough_where_no_guess_harms(text: str, choice: str | None) -> None:
    step = flows().flow("documents-check").steps["why"]
    assert read_choice(text, step.choices, WORDS, halves=True) == choice


@pytest.mark.parametrize(("text", "choice"), [("имя", None), ("ismi", None), ("налог", None), ("депортация", "out")])
def test_the_shorter_side_of_an_or_lacks_words_and_is_no_answer(text: str, choice: str | None) -> None:
    step = flows().flow("entry-ban").steps["reason"]
    assert read_choice(text, step.choices, WORDS, halves=True) == choice


@pytest.mark.parametrize(
    ("text", "amount"),
    [("cam 30 000 mai mult", 30000), ("20 000, mai puțin", 20000), ("20 000 sen", 20000), ("20 012 mai", 20012)],
)
def test_a_word_like_a_month_behind_thousands_leaves_a_sum_a_sum(text: str, amount: float) -> None:
    assert read_number(text, WORDS, 1, 10**8, money=True) == amount


@pytest.mark.parametrize("text", ["5 mai", "10 sen", "31 мая", "до 5 октября"])
def test_a_day_of_a_month_is_no_sum(text: str) -> None:
    assert read_number(text, WORDS, 1, 10**8, money=True) == Problem("flow-money-unclear")

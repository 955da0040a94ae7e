"""Free words find an answer, and never replace a human."""

from __future__ import annotations

import pytest

from bot.languages.locales import Locale
from tests.road.conftest import Road, the_library

pytestmark = pytest.mark.asyncio


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite: the search itself knows no database."""
    return sqlite_url


async def test_a_question_in_own_words_is_answered_at_once(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send("хозяин не платит зарплату уже три месяца")
    await person.sees_soon("Проверено")
    assert "зарплат" in person.sees().lower()


async def test_kyrgyz_without_special_letters_is_understood(road: Road) -> None:
    person = await road.newcomer(language="Кыргызча")
    await person.send("ажо айлыгымды берген жок эмне кылам")
    await person.until(lambda: "айлык" in person.sees().lower())


async def test_a_greeting_gets_a_greeting_and_no_article(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send("салам алейкум")
    await person.sees_soon("Здравствуйте")


async def test_nothing_found_says_so_and_the_words_reach_the_operator(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send("как приготовить плов на двадцать человек")
    await person.sees_soon("не нашёл")
    await person.tap("🙋")
    topic = await road.nurlan.topic("1 ·")
    await road.nurlan.finds(topic, "плов")


async def test_another_language_is_offered_and_never_forced(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send("айлыгымды бербей жатат эмне кылышым керек билбейм")
    await person.send("патент алуу үчүн кайсы документтер керек болот айтып бериңизчи")
    await person.sees_soon("Кыргызчага өтөбүзбү?")
    await person.tap("Ооба, кыргызча")
    await person.sees_soon("Кандай жардам керек?")


async def test_an_organisation_that_is_called_by_its_name_is_offered(road: Road) -> None:
    person = await road.newcomer(language="Русский")
    await person.send("телефон посольства таджикистана")
    await person.sees_soon("Проверено")
    await person.tap("🏢 Посольство Таджикистана")
    await person.sees_soon("Посольство Таджикистана")
    assert "🏢" not in "".join(
        button.text for seen in person.history() for button in seen.buttons if "Молд" in button.text
    )


async def test_a_dialog_that_is_called_by_its_name_begins_at_a_press(road: Road) -> None:
    person = await road.newcomer(language="Кыргызча")
    title = the_library().flows.flows["documents-check"].title[Locale.KY]
    await person.send(title)
    await person.tap(f"🧭 {title}")
    await person.until(lambda: any("Кыргызстан" in button.text for button in person.history()[-1].buttons))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("Русский", "позовите оператора"),
        ("Română", "vreau sa vorbesc cu cineva"),
        ("Тоҷикӣ", "бо одам гап задан мехоҳам"),
    ],
)
async def test_who_asks_for_a_human_is_one_tap_away_from_one(road: Road, language: str, words: str) -> None:
    person = await road.newcomer(language=language)
    await person.send(words)
    await person.tap("🙋")
    await road.nurlan.topic("1 ·")

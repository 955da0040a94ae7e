"""Which language a message is in: a table of messages as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.languages.detection import Detection, detect
from bot.languages.locales import Locale
from bot.languages.switching import first_locale, locale_of, switch_offer

TABLE = {
    "ru": [
        "не платят зп уже 2 месяца", "мусора деньги требуют", "а если просрочил что будет", "куда звонить подскажите",
        "забрали паспорт и не отдают", "муж бьет меня", "сколько стоит сделать временную прописку",
        "я в депортационном центре", "нет денег на билет домой", "где пройти медкомиссию",
    ],
    "ru-Latn": [
        "ne platyat zarplatu 3 mesyaca", "hozyain ne otdaet pasport", "4to delat esli zapret", "mne nujna pomosh",
        "gde mojno sdelat registraciyu", "skolko stoit patent v etom mesyace", "menya zaderjala policiya",
        "ya poteryal mashinu i dokumenty", "kak uznat est li zapret",
    ],
    "ky": [
        "айлыгымды бербей атат", "катоо жок эле журом болобу", "депорт болуп калдым кайра кирсем болобу",
        "акчаны бербейт", "байке патент керекпи", "күйөөм уруп жатат", "паспортум жоголду эмне кылам",
        "баламды мектепке кантип берем", "орусча билбейм",
    ],
    "tg": [
        "маоши мара намете чи кор кунам", "запрет дорам ё не", "пулисо пул гирифтанд", "шиноснома гум шуд",
        "чи хел регистратсия кунам", "шавхарам мезанад", "бародарамро дастгир карданд", "патент чанд пул мешавад",
    ],
    "uz-Latn": [
        "oyligimni bermayapti xojayin", "patent qancha turadi", "qanday qilib zapretni ochirsa boladi",
        "pasportim yoq", "menga yordam kerak", "işçi maoşini bermayapti", "erim uradi", "bolamni maktabga olmayapti",
    ],
    "uz-Cyrl": [
        "ойлигимни бермаяпти", "гпх билан трудовой договорни фарки нима", "паспортим йук нима килай",
        "регистрациямиз", "адвокатимиз",
        "патент канча туради", "запрет борми билсам буладими", "эрим уради", "боламни мактабга олишмаяпти",
    ],
    "ro": [
        "nu ma plateste seful", "am interdictie in rusia", "cum fac patenta", "mi-au luat pasaportul",
        "a murit fratele meu", "unde gasesc un avocat", "sotul ma bate", "sunt însărcinată",
    ],
    "ro-Cyrl": ["ну мь-ау плэтит салариул", "ам пердут пашапортул", "унде пот гэси де лукру"],
    "other": [
        "I need help with my visa", "maaşımı vermiyorlar ne yapayım", "жалақы бермейді не істеу керек",
        "мені не платять гроші", "ich brauche hilfe mit der arbeit", "how to get my passport back",
        "你好", "مرحبا كيف الحال",
    ],
    "unknown": [
        "", "ассалом", "👍👍", "салам алейкум", "патент", "запрет", "Salom", "здравствуйте", "ок", "а", "депорт",
        "+7 900 123-45-67", "...", "12345", "\u200f\u202e", "регистрация",
        "гражданство", "психолог", "biometriya", "povestka", "военкомат", "страховка", "хм", "ахаха", "сим карта",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("variant", "text"), [(variant, text) for variant, texts in TABLE.items() for text in texts])
def test_table_of_messages(variant: str, text: str) -> None:
    found = detect(text)
    assert found.variant == variant
    if variant in ("ru-Latn", "uz-Latn", "ro"):
        assert found.script == "Latn"
    elif variant in ("ru", "ky", "tg", "uz-Cyrl", "ro-Cyrl"):
        assert found.script == "Cyrl"


def test_script_is_told_even_when_the_language_is_not() -> None:
    assert detect("Salom").script == "Latn"
    assert detect("салам").script == "Cyrl"
    assert detect("12345").script is None


@given(st.text(max_size=5000))
def test_any_text_is_survived(text: str) -> None:
    found = detect(text)
    assert found.language in ("ru", "ky", "tg", "uz", "ro", "other", "unknown")


class TestOfferOfAnotherLanguage:
    """The person's choice stands; a switch is only offered, and only when the messages say so clearly."""

    def test_one_message_is_not_enough(self) -> None:
        assert switch_offer(Locale.RU, [detect("айлыгымды бербей атат эмне кылам")]) is None

    def test_two_clear_messages_are(self) -> None:
        talk = [detect("айлыгымды бербей атат эмне кылам"), detect("рахмат"), detect("хозяин паспортумду алып койду")]
        assert switch_offer(Locale.RU, talk) is Locale.KY

    def test_a_clear_message_in_the_chosen_language_stops_the_offer(self) -> None:
        talk = [
            detect("айлыгымды бербей атат эмне кылам"),
            detect("мне не платят зарплату"),
            detect("паспортумду алып койду"),
        ]
        assert switch_offer(Locale.RU, talk) is None

    def test_greetings_loans_and_foreign_languages_offer_nothing(self) -> None:
        talk = [detect("салам"), detect("патент"), detect("I need help with my visa"), detect("where is the embassy")]
        assert switch_offer(Locale.TG, talk) is None

    def test_the_other_script_of_uzbek_is_another_locale(self) -> None:
        talk = [detect("ойлигимни бермаяпти нима килай"), detect("паспортимни олиб куйди хужайин")]
        assert switch_offer(Locale.UZ, talk) is Locale.UZ_CYRL

    def test_russian_in_latin_letters_and_moldovan_map_to_the_texts_we_have(self) -> None:
        assert locale_of(detect("ne platyat zarplatu 3 mesyaca")) is Locale.RU
        assert locale_of(detect("ам пердут пашапортул")) is Locale.RO

    def test_the_first_language_is_proposed_from_one_clear_message(self) -> None:
        assert first_locale(detect("маоши мара намете чи кор кунам")) is Locale.TG
        assert first_locale(Detection("ky", "Cyrl", "ky", 0.2)) is None

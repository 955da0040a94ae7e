"""Uzbek in two scripts: exact one way, a careful draft the other way."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.languages.transliteration import (
    APOSTROPHES,
    BadTransliterationExceptions,
    TransliterationExceptions,
    cyrillic_to_latin,
    latin_to_cyrillic,
)

LEXICON = Path(__file__).parents[2] / "knowledge" / "lexicon" / "uzbek_exceptions.yaml"

NATIVE = """
oylik=ойлик maosh=маош ish=иш shahar=шаҳар choy=чой yo‘l=йўл yo‘q=йўқ yosh=ёш yer=ер yetti=етти yuz=юз yana=яна
qishloq=қишлоқ bog‘=боғ g‘alaba=ғалаба o‘g‘il=ўғил o‘qish=ўқиш to‘lov=тўлов so‘m=сўм e’lon=эълон a’lo=аъло
ma’lumot=маълумот ya’ni=яъни san’at=санъат elchixona=элчихона eshik=эшик keyin=кейин hayot=ҳаёт dunyo=дунё
ayol=аёл tug‘ilgan=туғилган ro‘yxat=рўйхат hujjat=ҳужжат ketsa=кетса aytsin=айтсин hujjatsiz=ҳужжатсиз
ruxsatsiz=рухсатсиз qo‘ng‘iroq=қўнғироқ ming=минг tong=тонг xona=хона hamshira=ҳамшира kasalxona=касалхона
boshliq=бошлиқ kechiring=кечиринг ishchi=ишчи uyushma=уюшма buyruq=буйруқ daryo=дарё poyabzal=пояб­зал
mo‘jiza=мўъжиза is’hoq=исҳоқ javob=жавоб vakil=вакил zarar=зарар mehnat=меҳнат shartnoma=шартнома
""".replace("\u00ad", "")
LOANS = """
migratsiya=миграция politsiya=полиция konsultatsiya=консультация deportatsiya=депортация registratsiya=регистрация
aksiya=акция funksiya=функция inspeksiya=инспекция pensiya=пенсия komissiya=комиссия sessiya=сессия versiya=версия
litsenziya=лицензия stansiya=станция kvitansiya=квитанция konferensiya=конференция korrupsiya=коррупция
Fransiya=Франция Rossiya=Россия sirk=цирк sement=цемент sex=цех konsert=концерт protsent=процент
retsept=рецепт ofitser=офицер meditsina=медицина litsey=лицей abzats=абзац shprits=шприц prinsip=принцип
yanvar=январь fevral=февраль aprel=апрель mart=март may=май iyun=июнь iyul=июль avgust=август
sentabr=сентябрь oktabr=октябрь noyabr=ноябрь dekabr=декабрь oktabrda=октябрда yanvardan=январдан
albom=альбом avtomobil=автомобиль avtomobilga=автомобилга asfalt=асфальт film=фильм neft=нефть neftni=нефтни
parol=пароль parolni=паролни model=модель tabel=табель rol=роль roli=роли gospital=госпиталь kalendar=календарь
kuryer=курьер intervyu=интервью kompyuter=компьютер premyera=премьера sudya=судья sudyaga=судьяга
obyekt=объект subyekt=субъект syezd=съезд syomka=съёмка podyezd=подъезд rayon=район mayor=майор poyezd=поезд
aeroport=аэропорт poema=поэма telefon=телефон patent=патент pasport=паспорт reyestr=реестр shofyor=шофёр
budjet=бюджет kabel=кабель bulvar=бульвар alkogol=алкоголь pavilyon=павильон kultura=культура mebel=мебель
""".replace("\u00ad", "")


def pairs(table: str) -> list[tuple[str, str]]:
    return [(latin, cyrillic) for latin, _, cyrillic in (item.partition("=") for item in table.split())]


@pytest.fixture(scope="module")
def exceptions() -> TransliterationExceptions:
    return TransliterationExceptions.from_mapping(yaml.safe_load(LEXICON.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("latin", "cyrillic"), [pair for pair in pairs(NATIVE) if pair[0] != "mo‘jiza"])
def test_native_words_need_no_exception(latin: str, cyrillic: str) -> None:
    assert latin_to_cyrillic(latin).text == cyrillic


@pytest.mark.parametrize(("latin", "cyrillic"), pairs(NATIVE) + pairs(LOANS))
def test_every_word_of_the_list_with_the_editors_exceptions(
    latin: str, cyrillic: str, exceptions: TransliterationExceptions
) -> None:
    assert latin_to_cyrillic(latin, exceptions).text == cyrillic
    assert latin_to_cyrillic(latin.capitalize(), exceptions).text == cyrillic.capitalize()


@pytest.mark.parametrize(
    ("latin", "cyrillic"), [pair for pair in pairs(NATIVE) + pairs(LOANS) if not pair[0].startswith("reyestr")]
)
def test_cyrillic_to_latin_is_exact(latin: str, cyrillic: str) -> None:
    assert cyrillic_to_latin(cyrillic) == latin


def test_every_letter_of_the_cyrillic_alphabet_gets_latin_letters() -> None:
    alphabet = "абвгдеёжзийклмнопрстуфхцчшъэюяўқғҳыщь"
    assert cyrillic_to_latin(alphabet).isascii() is False
    for letter in alphabet:
        for form in (letter, letter.upper()):
            assert not any("\u0400" <= sign <= "\u04ff" for sign in cyrillic_to_latin("б" + form))


@pytest.mark.parametrize("mark", APOSTROPHES)
def test_every_apostrophe_works(mark: str, exceptions: TransliterationExceptions) -> None:
    assert latin_to_cyrillic(f"to{mark}lov tog{mark} ma{mark}lumot", exceptions).text == "тўлов тоғ маълумот"


def test_new_latin_letters(exceptions: TransliterationExceptions) -> None:
    assert latin_to_cyrillic("Işçi toğ töladi çiqdi Öğil", exceptions).text == "Ишчи тоғ тўлади чиқди Ўғил"


def test_capitals(exceptions: TransliterationExceptions) -> None:
    assert latin_to_cyrillic("O‘ZBEKISTON Shahar YO‘L Yo‘l", exceptions).text == "ЎЗБЕКИСТОН Шаҳар ЙЎЛ Йўл"
    assert cyrillic_to_latin("ШАҲАР Шаҳар ЙЎЛ Йўл Ю. Ёш") == "SHAHAR Shahar YO‘L Yo‘l Yu. Yosh"


@pytest.mark.parametrize(
    "span",
    [
        "https://мвд.рф/a?b=c", "https://mvd.ru/services", "www.gov.uz", "migrant@mail.ru", "@hotline_bot",
        "{registration_days}", "{org:tong_jahoni}", "{wage|n}", "/start", "<b>", "%(name)s", "mehnat.uz", "WhatsApp",
        "Telegram", "XX", "«»", "12 345", "+998 71 200-00-00",
    ],
)  # fmt: skip
def test_protected_spans_stay_as_they_are(span: str, exceptions: TransliterationExceptions) -> None:
    assert latin_to_cyrillic(f"Bu {span} ish", exceptions).text == f"Бу {span} иш"


def test_markup_and_links_survive(exceptions: TransliterationExceptions) -> None:
    draft = latin_to_cyrillic("**Patent** oling: [sayt](https://mvd.ru/patent), \n- IIVga yozing", exceptions)
    assert draft.text == "**Патент** олинг: [сайт](https://mvd.ru/patent), \n- ИИВга ёзинг"


def test_text_in_cyrillic_inside_a_latin_text_stays(exceptions: TransliterationExceptions) -> None:
    assert latin_to_cyrillic("ro‘yxat (регистрация)", exceptions).text == "рўйхат (регистрация)"


def test_doubtful_words_are_listed_with_their_place(exceptions: TransliterationExceptions) -> None:
    draft = latin_to_cyrillic("Bu QWZ va transponsiya, oddiy gap.", exceptions)
    assert [doubt.word for doubt in draft.doubtful] == ["QWZ", "transponsiya"]
    for doubt in draft.doubtful:
        assert draft.text[doubt.position :].startswith(doubt.draft)
        assert doubt.reason


def test_words_that_the_exceptions_know_are_not_doubtful(exceptions: TransliterationExceptions) -> None:
    assert not latin_to_cyrillic("Oktabrda politsiyaga, IIVga va obyektga boring", exceptions).doubtful


@pytest.mark.parametrize(
    "data", [{"stem": {}}, {"stems": ["a"]}, {"stems": {"yod": True}}, {"names": {"": "x"}}, {"words": {"a": ""}}]
)
def test_a_wrong_file_is_refused_with_the_place_named(data: dict[str, object]) -> None:
    with pytest.raises(BadTransliterationExceptions, match=r"stem|names|words"):
        TransliterationExceptions.from_mapping(data)


@given(st.text(max_size=300))
def test_any_text_is_survived(text: str) -> None:
    latin_to_cyrillic(text)
    cyrillic_to_latin(text)

"""One skeleton for every spelling: checked from the alphabets and from how people type."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.languages.folding import fold, fold_words
from bot.languages.moldovan import moldovan_to_latin
from bot.languages.transliteration import APOSTROPHES

ALPHABETS = {
    "Russian": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "Kyrgyz": "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя",
    "Tajik": "абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя",
    "Uzbek Cyrillic": "абвгдеёжзийклмнопрстуфхцчшъьэюяўқғҳ",
    "Uzbek Latin": "abdefghijklmnopqrstuvxyz",
    "new Uzbek Latin": "abçdefgğhijklmnoöpqrsştuvxyz",
    "Romanian": "aăâbcdefghiîjklmnopqrsștțuvwxyz",
    "Romanian with cedilla": "şţ",
    "Moldovan Cyrillic": "абвгдежӂзийклмнопрстуфхцчшыьэюя",
    "Kazakh": "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "Ukrainian": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
}


@pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=ALPHABETS.keys())
def test_every_letter_of_every_alphabet_becomes_plain_latin(alphabet: str) -> None:
    for letter in alphabet:
        for form in (letter, letter.upper()):
            folded = fold(f"а{form}а" if "\u0400" <= letter <= "\u052f" else f"b{form}b")
            assert re.fullmatch("[a-z]+", folded), (form, folded)


@pytest.mark.parametrize(
    "spellings",
    [
        "to‘lov to'lov to`lov toʻlov to’lov toʼlov tölov тўлов тулов",
        "o‘g‘il o'g'il öğil ўғил угил",
        "что chto 4to Что",
        "хочу hochu ho4u xo4u",
        "шартнома shartnoma şartnoma Şartnoma",
        "yaxshi yax6i яхши",
        "бьют bjut byut biut",
        "семья semja semya",
        "мавжуд mavjud",
        "ҳамжамият hamjamiyat",
        "тавжеҳ tavjeh",
        "каттоо катто кат\u200bтоо КАТТОО",
        "ҳуҷҷат хуччат",
        "маоши маошӣ",
        "ёрдам yordam",
        "ҳаёт hayot",
        "учёт учет uchet uchyot",
        "полиция политсия politsiya policiya",
        "миграция migratsiya migraciya",
        "регистрация registratsiya registraciya",
        "plătește plateste PLĂTEŞTE plătește",
        "înregistrare inregistrare",
        "объект obyekt обьект",
        "зарплата zarplata зaрплaтa",
        "жить jit zhit zhit'",
        "щука shchuka schuka",
        "йўқ yo‘q yo'q",
        "қўнғироқ qo‘ng‘iroq кунгирок",
        "күйөөм куйоом",
        "маъно ma'no ma’no",
    ],
)
def test_spellings_of_one_word_meet(spellings: str) -> None:
    assert len({fold(word) for word in spellings.split()}) == 1, [(word, fold(word)) for word in spellings.split()]


@pytest.mark.parametrize("mark", APOSTROPHES)
def test_every_apostrophe_is_one(mark: str) -> None:
    assert fold(f"to{mark}lov tog{mark}") == "tulov tog"


def test_cedilla_is_romanian_beside_romanian_letters_and_uzbek_otherwise() -> None:
    assert fold("şi pașaport") == "si pasaport"
    assert fold("işçi") == fold("ishchi") == fold("ишчи") == "ishi"


def test_numbers_stand_apart_from_letters() -> None:
    assert fold_words("3мес 12000р 90дней") == ["3", "mes", "12000", "r", "90", "dnei"]


@pytest.mark.parametrize("empty", ["", " ", "👍👍", "\u200f\u202e", "...", "‘’'", "\x00\x01"])
def test_signs_alone_are_no_words(empty: str) -> None:
    assert fold_words(empty) == []


def test_zalgo_and_styled_letters_are_read() -> None:
    assert fold("z̴̡a̶l̷g̸o") == "zalgo"
    assert fold("ｐａｔｅｎｔ") == "patent"


@pytest.mark.parametrize(
    ("moldovan", "romanian"),
    [
        ("салариул", "salariul"), ("пашапорт", "pașaport"), ("полиция", "poliția"), ("ынтердикцие", "interdicție"),
        ("ажутор", "ajutor"), ("документе", "documente"), ("копил", "copil"), ("шкоалэ", "școală"), ("лукру", "lucru"),
        ("бань", "bani"), ("че фак", "ce fac"), ("унде", "unde"), ("ам пердут", "am pierdut"), ("фрателе", "fratele"),
    ],
)  # fmt: skip
def test_moldovan_cyrillic_lands_near_romanian(moldovan: str, romanian: str) -> None:
    one, other = fold(moldovan_to_latin(moldovan)), fold(romanian)
    shared = sum(1 for a, b in zip(one, other, strict=False) if a == b)
    assert one == other or shared / max(len(one), len(other)) >= 0.4, (one, other)


@given(st.text(max_size=500))
def test_any_text_folds_to_plain_words(text: str) -> None:
    folded = fold(text)
    assert re.fullmatch("[a-z0-9 ]*", folded)
    assert fold(folded).replace(" ", "") == "" or folded


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюяңөүғӣқӯҳҷў ", max_size=80))
def test_case_and_invisible_signs_change_nothing(text: str) -> None:
    assert fold(text.upper().lower()) == fold(text)
    assert fold("\u200b".join(text)) == fold(text)

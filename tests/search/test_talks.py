"""People write, the search answers."""

from __future__ import annotations

import pytest

from bot.knowledge.search import Confidence, SearchContext, SearchDocument, SearchIndex
from bot.knowledge.search.documents import LocaleText
from bot.languages.locales import Locale

from .small_knowledge import documents, lexicon

SAID = [
    ("ru", "уже третий месяц зарплату не дают", "wages-unpaid"),
    ("ru-Latn", "hozyain ne zaplatil za rabotu", "wages-unpaid"),
    ("ky", "айлыгымды эки айдан бери бербейт", "wages-unpaid"),
    ("tg", "хӯҷаин маошро надод", "wages-unpaid"),
    ("uz-Latn", "oylik bermavotti", "wages-unpaid"),
    ("uz-Latn", "oyligimni to'lamayaptilar", "wages-unpaid"),
    ("uz-Cyrl", "ойлигимни тўламаяпти", "wages-unpaid"),
    ("uz-Cyrl", "ойлигимни туламаяпти", "wages-unpaid"),
    ("ro", "seful nu mi-a platit salariul", "wages-unpaid"),
    ("ro-Cyrl", "патронул ну мь-а плэтит салариул", "wages-unpaid"),
    ("uz-Cyrl", "паспортимни бермаяпти хужайин", "passport-taken"),
    ("ro", "mi-au luat pasaportul", "passport-taken"),
    ("tg", "шавҳарам маро мезанад", "domestic-violence"),
    ("ru", "муж меня бьёт", "domestic-violence"),
    ("tg", "запрет дорам ё надорам чи хел фахмам", "entry-ban-check"),
    ("ru-Latn", "kak proverit zapret na vezd", "entry-ban-check"),
    ("uz-Latn", "bolamni maktabga olishmadi", "school"),
    ("ro", "a murit fratele meu", "death-repatriation"),
    ("ky", "симкартам өчүп калды", "sim-card"),
]


@pytest.mark.parametrize(("variant", "text", "article"), SAID)
def test_the_right_article_comes_first(index: SearchIndex, variant: str, text: str, article: str) -> None:
    answer = index.search(text)
    assert answer.articles[0].id == article
    assert answer.detection.variant == variant
    assert answer.confidence is not Confidence.NOTHING


def test_what_uzbeks_write_in_the_new_letters_is_found(index: SearchIndex) -> None:
    assert index.search("Işçi: oyligimni tölamadi").articles[0].id == "wages-unpaid"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Привет!", "greeting"), ("Салом алейкум ака", "greeting"), ("Assalomu alaykum", "greeting"),
        ("salut", "greeting"), ("bună ziua", "greeting"), ("саламатсызбы", "greeting"), ("privet", "greeting"),
        ("спасибо вам большое", "thanks"), ("рахмат", "thanks"), ("katta rahmat", "thanks"), ("mulțumesc", "thanks"),
        ("ташаккур", "thanks"), ("spasibo", "thanks"), ("до свидания", "bye"), ("la revedere", "bye"),
        ("ты тупой бот", "insult"), ("prostule", "insult"), ("вы все козлы", "insult"),
        ("идите нахуй", "insult"), ("кто ты", "who_are_you"), ("siz kimsiz", "who_are_you"),
        ("cine esti", "who_are_you"), ("тест", "test"),
        ("Казино! Бонус новым игрокам, промокод здесь https://win.example.com", "advert"),
        ("Заработок в интернете без вложений, пишите в лс", "advert"),
        ("👍👍", "noise"), ("", "noise"), ("12345", "noise"), ("а", "noise"), ("ывпрлджщ", "noise"), ("...", "noise"),
    ],
)  # fmt: skip
def test_small_talk_gets_a_word_and_no_article(index: SearchIndex, text: str, kind: str) -> None:
    answer = index.search(text)
    assert answer.smalltalk == kind
    assert answer.hits == ()
    assert answer.confidence is Confidence.NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "помогите", "SOS!!!", "спасите люди добрые", "мне срочно нужна помощь", "pamagite pojaluysta", "попал в беду",
        "жардам бергиле", "мага жардам керек", "салам, жардам берсеңиз", "куткаргыла", "jardam bergile",
        "ёрӣ диҳед", "кумак кунен", "аз барои худо кӯмак кунед", "ман дар хатарам",
        "yordam beringlar", "yordam kerak menga", "қутқаринг", "xavf ostidaman",
        "ajutați-mă vă rog", "ajutor", "am nevoie de ajutor", "sunt în pericol", "ажутор", "help me please",
        "112", "🆘🆘", "помогите суки",
    ],
)  # fmt: skip
def test_a_bare_cry_for_help_is_heard_as_one(index: SearchIndex, text: str) -> None:
    assert index.search(text).smalltalk == "help"


@pytest.mark.parametrize(
    "text",
    [
        "спасибо за помощь", "чем можете помочь", "хочу помочь", "какая нужна помощь", "это не опасно", "скорая помощь",
        "нужна юридическая помощь", "помогите найти работу", "жардам үчүн рахмат", "тез жардам",
        "кандай жардам бересиз", "жардам акча керек", "раҳмат барои кӯмак", "ёрии таъҷилӣ",
        "раҳмат, халос", "кӯмак лозим нест",
        "yordam uchun rahmat", "tez yordam", "qanday yordam kerak", "xavf emas", "yordam puli",
        "mulțumesc pentru ajutor", "cum mă puteți ajuta", "nu am nevoie de ajutor", "ajutor social", "salvare",
    ],
)  # fmt: skip
def test_thanks_questions_and_the_ambulance_are_no_bare_cries(index: SearchIndex, text: str) -> None:
    assert index.search(text).smalltalk != "help"


@pytest.mark.parametrize(
    "text",
    [
        "здравствуйте, мне не платят зарплату",
        "салом ака маошамро намедиҳанд",
        "спасибо. а если муж бьёт?",
        "ako salom oyligimni bermayapti",
        "заставляют заниматься проституцией",
        "хозяин пула намета",
        "котормочу бербей жатат",
        "103",
    ],
)
def test_a_question_that_holds_a_greeting_or_half_an_insult_is_a_question(index: SearchIndex, text: str) -> None:
    answer = index.search(text)
    assert answer.smalltalk is None
    assert answer.articles


@pytest.mark.parametrize(
    "text", ["как приготовить борщ", "кто выиграл матч вчера", "ce vreme va fi maine", "погода на завтра"]
)
def test_what_the_knowledge_has_not_is_not_pushed(index: SearchIndex, text: str) -> None:
    assert index.search(text).confidence is not Confidence.SURE


def test_an_organisation_is_found_by_its_name_and_pushes_no_article_aside(index: SearchIndex) -> None:
    answer = index.search("tong jahoni telefoni")
    assert ("tong_jahoni", "organisation") in [(hit.id, hit.kind) for hit in answer.hits]
    kinds = [hit.kind for hit in answer.hits]
    assert kinds == sorted(kinds)


class TestFollowUps:
    """ "And in Moscow?" goes on about what was just read."""

    @pytest.mark.parametrize(
        "text", ["а в москве?", "сколько стоит", "qancha turadi", "канча турат", "cat costa", "чанд пул"]
    )
    def test_the_topic_is_kept(self, index: SearchIndex, text: str) -> None:
        answer = index.search(text, SearchContext(last_article="sim-card"))
        assert answer.follow_up
        assert answer.articles[0].id == "sim-card"

    def test_without_a_topic_there_is_nothing_to_follow(self, index: SearchIndex) -> None:
        assert not index.search("сколько стоит").follow_up

    def test_a_new_topic_is_a_new_question(self, index: SearchIndex) -> None:
        answer = index.search("а если муж бьёт", SearchContext(last_article="sim-card"))
        assert not answer.follow_up
        assert answer.articles[0].id == "domestic-violence"

    def test_an_article_that_is_gone_is_not_followed(self, index: SearchIndex) -> None:
        assert not index.search("сколько стоит", SearchContext(last_article="removed")).follow_up


def test_citizenship_breaks_a_tie_and_no_more() -> None:
    twins = [
        SearchDocument("for-kg", "article", {Locale.RU: LocaleText("Работать в России")}, frozenset({"KG"})),
        SearchDocument("for-uz", "article", {Locale.RU: LocaleText("Работать в России")}, frozenset({"UZ"})),
    ]
    index = SearchIndex.build([*documents(), *twins], lexicon())
    for citizenship, expected in (("KG", "for-kg"), ("UZ", "for-uz")):
        context = SearchContext(citizenship=citizenship)
        assert index.search("работать в россии", context).articles[0].id == expected
        assert index.search("не платят зарплату", context).articles[0].id == "wages-unpaid"


def test_an_empty_knowledge_answers_nothing() -> None:
    answer = SearchIndex.build([], lexicon()).search("не платят зарплату")
    assert answer.hits == ()
    assert answer.confidence is Confidence.NOTHING

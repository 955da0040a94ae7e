"""Building an index: many texts at once say what one text says alone, and a rebuild says what a new index says."""

from __future__ import annotations

import math
import pickle
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.search import LocaleText, SearchContext, SearchDocument, SearchIndex, SearchLexicon
from bot.knowledge.search.features import gram_codes, grams_of
from bot.knowledge.search.mentions import Mentions
from bot.knowledge.search.reading import Words
from bot.knowledge.search.rows import Rows
from bot.languages.folding import fold_words
from bot.languages.locales import Locale

from .small_knowledge import documents, lexicon

QUESTIONS = (
    "не платят зарплату уже три месяца",
    "oyligimni bermayapti xojayin",
    "мужам мезанад чи кунам",
    "cum verific interdictia de intrare",
    "паспорт алып койду паспорт",
    "симка очуп калды",
)
CONTEXTS = (SearchContext(), SearchContext(last_article="school", citizenship="UZ", region="RU-MOW"))


@pytest.fixture(scope="module")
def words_known() -> SearchLexicon:
    """The lexicon of the project."""
    return lexicon()


def _texts() -> Iterator[tuple[str, str]]:
    for document in documents():
        for locale, text in document.texts.items():
            for line in (text.title, *text.asks, text.body):
                yield line, locale.language


def _alike(one: SearchIndex, other: SearchIndex) -> None:
    for question in QUESTIONS:
        for context in CONTEXTS:
            first, second = one.inside(question, context), other.inside(question, context)
            assert first.traits == pytest.approx(second.traits, abs=1e-9)
            names = one.article_ids(), other.article_ids()
            shares = [
                {name[item.number]: item.share for item in judged.ranked}
                for name, judged in zip(names, (first, second), strict=True)
            ]
            assert shares[0] == pytest.approx(shares[1], abs=1e-9)
            for item in first.ranked:
                same = next(twin for twin in second.ranked if names[1][twin.number] == names[0][item.number])
                assert item.signals == pytest.approx(same.signals, abs=1e-9)


def _changed() -> list[SearchDocument]:
    """One article says something new, one is gone, one is new, and the order is another."""
    articles = documents()
    spoken = articles[0].texts[Locale.RU]
    new = replace(spoken, asks=(*spoken.asks, "начальник зажал получку"), body=f"{spoken.body} Квитанция и жираф.")
    first = replace(articles[0], texts={**articles[0].texts, Locale.RU: new})
    added = replace(articles[1], id="another", texts={Locale.RU: replace(spoken, title="Потерял патент в такси")})
    return [added, *articles[3:], first, articles[1]]


class TestReading:
    @given(st.lists(st.text(max_size=60), max_size=5))
    def test_any_texts_fold_as_each_alone(self, texts: list[str]) -> None:
        words = Words()
        numbers, places = words.split(texts)
        folded = [[words.words[number] for number in numbers[places == place]] for place in range(len(texts))]
        assert folded == [fold_words(text) for text in texts]

    @pytest.mark.parametrize(
        "text", ["yaşım čaş", "ş ă", "salariul ăla maaş", "o\u0306 a\u0306 ğalla", "Ö‘zbek țara çoy"]
    )
    def test_letters_that_hang_on_their_neighbours(self, text: str) -> None:
        words = Words()
        numbers, _ = words.split([text, text.replace("ă", "a")])
        alone = [*fold_words(text), *fold_words(text.replace("ă", "a"))]
        assert [words.words[number] for number in numbers] == alone

    def test_concepts_are_those_that_the_lexicon_finds(self, words_known: SearchLexicon) -> None:
        texts = [
            *_texts(),
            ("не мне опять не заплатили за работу не заплатили", "ru"),
            ("паспорт мой забрал", "ru"),
            ("", "ky"),
        ]
        words = Words()
        numbers, places = words.split([text for text, _ in texts])
        concepts = sorted(words_known.concepts.concepts)
        finder = Mentions(words_known.concepts, {name: number for number, name in enumerate(concepts)}, words.words)
        where, what = finder.find(numbers, places, [language for _, language in texts])
        found = [Counter(concepts[concept] for concept in what[where == place]) for place in range(len(texts))]
        assert found == [Counter(words_known.concepts.match(fold_words(text), language)) for text, language in texts]
        assert sum(map(len, found)) > len(texts)

    @given(st.lists(st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True), max_size=6))
    def test_codes_stand_for_n_grams_one_by_one(self, words: list[str]) -> None:
        places, codes = gram_codes(words)
        grams = [(place, gram) for place, word in enumerate(words) for gram in grams_of(word)]
        assert places.tolist() == [place for place, _ in grams]
        assert len(set(zip(codes.tolist(), (gram for _, gram in grams), strict=True))) == len({g for _, g in grams})

    def test_pairs_are_counted_with_their_weights(self) -> None:
        rows, ids = np.array([1, 0, 1, 1, 3]), np.array([2, 0, 2, 1, 4])
        counted = Rows.counted((4, 5), rows, ids, np.array([2, 1, 2, 1, 70_000]))
        assert counted.sizes.tolist() == [1, 2, 0, 1]
        assert list(zip(counted.ids.tolist(), counted.values.tolist(), strict=True)) == [
            (0, 1),
            (1, 1),
            (2, 4),
            (4, 65_535),
        ]


def _signals(texts: dict[Locale, LocaleText], question: str, words_known: SearchLexicon) -> Mapping[str, float]:
    """The signals of an article with these texts beside another one."""
    other = SearchDocument("other", "article", {Locale.RU: LocaleText("Погода", ("дождь завтра",), "")})
    index = SearchIndex.build([SearchDocument("it", "article", texts), other], words_known)
    return next(item.signals for item in index.inside(question).ranked if item.number == 0)


class TestTheSameAskTwice:
    LATIN = LocaleText("Oylik", ("xojayin pulni bermayapti",))
    CYRILLIC = LocaleText("Ойлик", ("хожайин пулни бермаяпти",))

    def test_in_both_uzbek_scripts_it_counts_once(self, words_known: SearchLexicon) -> None:
        question = "xojayin pulimni bermayapti"
        once = _signals({Locale.UZ: self.LATIN}, question, words_known)
        twice = _signals({Locale.UZ: self.LATIN, Locale.UZ_CYRL: self.CYRILLIC}, question, words_known)
        assert once["ask"] > 0.5
        assert twice == pytest.approx(once, abs=1e-9)

    def test_in_two_languages_it_counts_twice(self, words_known: SearchLexicon) -> None:
        text = LocaleText("", ("патент керек",))
        once = _signals({Locale.KY: text}, "патент керек", words_known)
        twice = _signals({Locale.KY: text, Locale.RU: text}, "патент керек", words_known)
        assert twice["three_asks"] > 1.5 * once["three_asks"]

    def test_as_an_ask_and_a_title_it_counts_as_a_title(self, words_known: SearchLexicon) -> None:
        asked = LocaleText("Pul", ("xojayin pulni bermayapti",))
        titled = LocaleText("хожайин пулни бермаяпти", ())
        both = SearchDocument("it", "article", {Locale.UZ: asked, Locale.UZ_CYRL: titled})
        index = SearchIndex.build([both], words_known)
        assert index._corpus.lines.tolist() == [2]
        assert index._corpus.said_words.values.tolist() == [2, 2, 2, 2]

    def test_lines_of_signs_alone_are_survived(self, words_known: SearchLexicon) -> None:
        texts = {Locale.UZ: LocaleText("👍", ("...", "👍", "pul bermayapti")), Locale.UZ_CYRL: LocaleText("", ("👍",))}
        assert _signals(texts, "pul bermayapti", words_known)["ask"] > 0.9


class TestRanking:
    def test_what_is_not_written_out_changes_nothing(self, index: SearchIndex) -> None:
        for question in QUESTIONS:
            detection = index.detect(question)
            read = index._vocabulary.read_words(index._words(question, detection), detection.language)
            numbers = [0.0] * len(index.article_ids())
            few, all_of_them = (index._ranking.rank(read, index._calibration, numbers, most) for most in (1, None))
            assert few.ranked == all_of_them.ranked[:1]
            assert few.agreement == all_of_them.agreement


class TestScores:
    def test_the_nearest_ask_is_the_cosine_of_n_grams_and_concepts(self, words_known: SearchLexicon) -> None:
        """Worked out anew, the long way, for every line of the small knowledge."""
        articles = [document for document in documents() if document.kind == "article"]
        index = SearchIndex.build(articles, words_known)
        lines = [
            (number, _features(line, locale.language, words_known))
            for number, article in enumerate(articles)
            for locale, text in article.texts.items()
            for line in (*text.title.splitlines(), *text.asks)
        ]
        seen = Counter(feature for _, features in lines for feature in features)
        unseen = math.log(1 + len(lines))

        def weight(feature: tuple[str, str], times: int) -> float:
            idf = math.log(1 + len(lines) / seen[feature]) if seen[feature] else unseen
            return (1 + math.log(times)) * idf * (1.5 if feature[0] == "concept" else 1.0)

        for text, language in (("не платят зарплату не платят", "ru"), ("паспорт алып койду айлык", "ky")):
            asked = {
                feature: weight(feature, times) for feature, times in _features(text, language, words_known).items()
            }
            expected = [0.0] * len(articles)
            for number, features in lines:
                own = {feature: weight(feature, times) for feature, times in features.items()}
                product = sum(own[feature] * value for feature, value in asked.items() if feature in own)
                cosine = product / math.hypot(*own.values()) / _length(asked, seen, unseen)
                expected[number] = max(expected[number], cosine)
            ranked = index.inside(text).ranked
            found = {item.number: item.signals["ask"] for item in ranked}
            assert [found[number] for number in range(len(articles))] == pytest.approx(expected, abs=1e-6)


def _features(text: str, language: str, known: SearchLexicon) -> Counter[tuple[str, str]]:
    from bot.knowledge.search.stopwords import STOPWORDS

    words = fold_words(text)
    counted = Counter(("gram", gram) for word in words if word not in STOPWORDS for gram in grams_of(word))
    counted.update(("concept", concept) for concept in known.concepts.match(words, language))
    return counted


def _length(asked: dict[tuple[str, str], float], seen: Counter[tuple[str, str]], unseen: float) -> float:
    """N-grams that stand nowhere count once each."""
    known = [value for feature, value in asked.items() if seen[feature] or feature[0] == "concept"]
    return math.hypot(*known, *[unseen] * (len(asked) - len(known)))


class TestRebuild:
    def test_it_says_what_a_new_index_says(self, index: SearchIndex, words_known: SearchLexicon) -> None:
        again = SearchIndex.build(_changed(), words_known, previous=SearchIndex.build(documents(), words_known))
        _alike(again, SearchIndex.build(_changed(), words_known))

    def test_what_is_gone_is_as_if_it_had_never_been(self, words_known: SearchLexicon) -> None:
        """Words of a removed article count as unknown again, even after several rebuilds."""
        current = SearchIndex.build(documents(), words_known)
        for _ in range(3):
            current = SearchIndex.build(_changed(), words_known, previous=current)
            current = SearchIndex.build(documents()[:5], words_known, previous=current)
        _alike(current, SearchIndex.build(documents()[:5], words_known))

    def test_only_what_changed_is_read(self, words_known: SearchLexicon, monkeypatch: pytest.MonkeyPatch) -> None:
        current = SearchIndex.build(documents(), words_known)
        read: list[str] = []
        whole = Words.split
        monkeypatch.setattr(Words, "split", lambda self, texts: read.extend(texts) or whole(self, texts))
        SearchIndex.build(documents(), words_known, previous=current)
        assert read == []
        SearchIndex.build(_changed(), words_known, previous=current)
        assert "начальник зажал получку" in read
        assert "хозяин держит паспорт" not in read

    def test_other_words_of_the_lexicon_are_looked_for_in_all_texts(self, words_known: SearchLexicon) -> None:
        bare = SearchLexicon.from_mappings({}, {})
        again = SearchIndex.build(documents(), words_known, previous=SearchIndex.build(documents(), bare))
        _alike(again, SearchIndex.build(documents(), words_known))

    def test_the_same_article_twice(self, words_known: SearchLexicon) -> None:
        twice = [*documents(), replace(documents()[0], id="twin")]
        current = SearchIndex.build(twice, words_known)
        _alike(
            SearchIndex.build(twice[::-1], words_known, previous=current), SearchIndex.build(twice[::-1], words_known)
        )

    def test_nothing_and_everything(self, words_known: SearchLexicon) -> None:
        nothing = SearchIndex.build([], words_known)
        _alike(
            SearchIndex.build(documents(), words_known, previous=nothing), SearchIndex.build(documents(), words_known)
        )
        assert SearchIndex.build([], words_known, previous=nothing).search("зарплата").hits == ()

    def test_it_survives_another_process(self, words_known: SearchLexicon) -> None:
        current = pickle.loads(pickle.dumps(SearchIndex.build(documents(), words_known)))
        _alike(SearchIndex.build(_changed(), words_known, previous=current), SearchIndex.build(_changed(), words_known))

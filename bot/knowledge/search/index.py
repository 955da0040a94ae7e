"""The search: one index in memory over everything and all languages, rebuilt as a whole with the knowledge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from bot.knowledge.search.calibration import Calibration, Confidence, own_calibration
from bot.knowledge.search.confidence import judge, traits
from bot.knowledge.search.context import NO_CONTEXT, SearchContext, is_follow_up, prior
from bot.knowledge.search.corpus import Corpus, digest_of
from bot.knowledge.search.documents import Kind, SearchDocument
from bot.knowledge.search.features import MOST_WORDS, Features, Vocabulary
from bot.knowledge.search.lexicon import ConceptLexicon
from bot.knowledge.search.names import NameIndex
from bot.knowledge.search.ranking import MOST_RANKED, Ranked, Ranking
from bot.knowledge.search.reading import Reader
from bot.knowledge.search.smalltalk import NOISE, SmallTalk
from bot.knowledge.search.topicality import NO_TEXTS, Heap, Topicality
from bot.languages.detection import Detection, Detector, own_detector
from bot.languages.folding import fold_words
from bot.languages.moldovan import moldovan_to_latin

_MOST_HITS = 10
_READ_LETTERS = 2_000
_MOST_IDLE: Final = 0.5
"""Share of n-grams that no text has any more from which on everything is read again, so that nothing piles up."""
_CLEAR_MARGIN = 0.6
"""Evidence in nats per letter from which on a message is read with the words of its own language only."""


@dataclass(frozen=True, slots=True)
class SearchLexicon:
    """The words the search knows beside the articles."""

    concepts: ConceptLexicon
    smalltalk: SmallTalk
    digest: bytes = b""
    """Of what the concepts were read from; empty: not known."""
    off_topic: Heap = NO_TEXTS
    """Messages that no article answers."""

    @classmethod
    def from_mappings(
        cls,
        concepts: Mapping[str, object],
        smalltalk: Mapping[str, object],
        terms: Mapping[str, object] | None = None,
        off_topic: Mapping[str, object] | None = None,
    ) -> SearchLexicon:
        """Read `concepts.yaml`, `smalltalk.yaml` and `off_topic.yaml`; terms: id → locale → words to use and words
        that people say.

        Raises BadLexicon, which names the place.
        """
        digest = blake2b(repr((concepts, terms)).encode("utf-8", "backslashreplace"), digest_size=16)
        known = ConceptLexicon.from_mappings(concepts, terms)
        return cls(known, SmallTalk.from_mapping(smalltalk), digest.digest(), Heap.from_mapping(off_topic or {}))


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found; score: belief that it is the right one, 0 to 1."""

    id: str
    kind: Kind
    score: float


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What the search says to one message.

    hits: best first, articles before others, which were called by their names. confidence in the articles: *sure* –
    open the first, others as buttons; *likely* – let the person choose among up to three; *nothing* – say so kindly,
    offer topics and a person. smalltalk: a kind of
    `smalltalk.yaml` or `noise` when the message is no question. follow_up: it goes on about the article just read.
    """

    hits: tuple[Hit, ...]
    confidence: Confidence
    detection: Detection
    smalltalk: str | None = None
    follow_up: bool = False

    @property
    def articles(self) -> tuple[Hit, ...]:
        """The hits that are articles, best first."""
        return tuple(hit for hit in self.hits if hit.kind == "article")


@dataclass(frozen=True, slots=True)
class Judged:
    """The inside of an answer, for evaluation and tuning: the ranking of articles and the traits of confidence."""

    ranked: tuple[Ranked, ...]
    traits: tuple[float, ...]


class SearchIndex:
    """An index over documents; immutable, safe to share between tasks and threads."""

    def __init__(
        self,
        documents: Iterable[SearchDocument],
        lexicon: SearchLexicon,
        calibration: Calibration,
        detector: Detector,
        previous: SearchIndex | None = None,
    ) -> None:
        """Read documents and build; what `previous` has read of texts that are the same is not read again."""
        everything = tuple(documents)
        articles = tuple(document for document in everything if document.kind == "article")
        others = tuple(document for document in everything if document.kind != "article")
        self._lexicon = lexicon
        self._calibration = calibration
        self._detector = detector
        self._articles = tuple(replace(article, texts={}) for article in articles)
        self._numbers = {article.id: number for number, article in enumerate(articles)}
        vocabulary, self._corpus = _read(articles, lexicon, previous)
        self._ranking = Ranking(self._corpus, vocabulary)
        self._vocabulary = vocabulary.using(*self._ranking.used)
        self._topicality = Topicality(self._ranking.heap(vocabulary), lexicon.off_topic)
        self._names = NameIndex(others)

    @classmethod
    def build(
        cls,
        documents: Iterable[SearchDocument],
        lexicon: SearchLexicon,
        *,
        calibration: Calibration | None = None,
        detector: Detector | None = None,
        previous: SearchIndex | None = None,
    ) -> SearchIndex:
        """Build an index; without `calibration` and `detector` those of the package are used.

        previous: the index in use; only texts that changed are read then. The result is the same without it.
        """
        if detector is None:
            detector = previous._detector if previous is not None else own_detector()
        return cls(documents, lexicon, calibration or _package_calibration(), detector, previous)

    def with_calibration(self, calibration: Calibration) -> SearchIndex:
        """The same index judged by other numbers; shares all data with this one."""
        other = object.__new__(SearchIndex)
        other.__dict__.update(self.__dict__)
        other._calibration = calibration
        return other

    def article_ids(self) -> tuple[str, ...]:
        """The ids of the articles, in the order of their numbers."""
        return tuple(document.id for document in self._articles)

    def detect(self, text: str) -> Detection:
        """Tell the language of a text."""
        return self._detector.detect(text)

    def search(self, text: str, context: SearchContext = NO_CONTEXT) -> SearchAnswer:
        """Find what answers a message. Any text is survived, in bounded time."""
        readable = text[:_READ_LETTERS]
        detection = self._detector.detect(readable)
        words = self._words(readable, detection)
        smalltalk = self._lexicon.smalltalk.recognise(readable, words)
        if smalltalk == NOISE:
            detection = Detection("unknown", detection.script, "unknown", 0.0)
        if smalltalk is not None:
            return SearchAnswer((), Confidence.NOTHING, detection, smalltalk)
        language = _language(detection)
        question = self._vocabulary.read_words(words, language)
        judged = self._judge(question, language, context)
        confidence, first, answerable = judge(judged.traits, self._calibration)
        if detection.language == "other" and confidence is Confidence.SURE:
            confidence = Confidence.LIKELY
        follow_up = is_follow_up(words, self._lexicon.concepts.match(words, language), context)
        hits = [
            Hit(self._articles[item.number].id, "article", round(item.share * answerable, 4))
            for item in judged.ranked[:_MOST_HITS]
        ]
        if hits:
            hits[0] = Hit(hits[0].id, "article", round(max(hits[0].score, first), 4))
        follow_up = follow_up and context.last_article in self._numbers
        if follow_up and confidence is Confidence.SURE:
            follow_up = hits[0].id == context.last_article
        elif follow_up:
            last = Hit(str(context.last_article), "article", 0.5)
            hits = [last, *(hit for hit in hits if hit.id != last.id)]
            confidence = Confidence.LIKELY
        named = [Hit(document.id, document.kind, score) for document, score in self._names.find(words)]
        return SearchAnswer((*hits, *named), confidence, detection, None, follow_up)

    def inside(self, text: str, context: SearchContext = NO_CONTEXT) -> Judged:
        """The ranking and the traits behind an answer; for evaluation and tuning."""
        readable = text[:_READ_LETTERS]
        detection = self._detector.detect(readable)
        language = _language(detection)
        question = self._vocabulary.read_words(self._words(readable, detection), language)
        return self._judge(question, language, context, most=None)

    def _judge(
        self, question: Features, language: str | None, context: SearchContext, most: int | None = MOST_RANKED
    ) -> Judged:
        priors = [0.0] * len(self._articles)
        if context.citizenship or context.region or context.last_article:
            priors = [prior(document, context) for document in self._articles]
        order = self._ranking.rank(question, self._calibration, priors, most)
        steady = self._steady(question, language, order.ranked[0].number, priors) if order.ranked else 0.0
        topical = self._topicality.of(question.words)
        return Judged(order.ranked, traits(question, order, self._vocabulary, self._ranking, steady, topical))

    def _steady(self, question: Features, language: str | None, number: int, priors: Sequence[float]) -> float:
        """What is left of the belief in a document without the word it owes most to: of "patent on a new kind of
        raspberry" little, of a question about the topic most. 0 where there is no other word."""
        distinct = list(dict.fromkeys(question.words))
        if len(distinct) < 2:
            return 0.0
        strongest = distinct[self._ranking.strongest(distinct, self._vocabulary, number)]
        rest = [word for word in question.everything if word != strongest]
        return self._ranking.share(self._vocabulary.read_words(rest, language), self._calibration, priors, number)

    def _words(self, text: str, detection: Detection) -> list[str]:
        if detection.variant == "ro-Cyrl":
            text = moldovan_to_latin(text)
        return fold_words(text)[:MOST_WORDS]


def _read(
    articles: Sequence[SearchDocument], lexicon: SearchLexicon, previous: SearchIndex | None
) -> tuple[Vocabulary, Corpus]:
    """What the articles say, in numbers; taken from `previous` where it is known."""
    vocabulary, known = Vocabulary(lexicon.concepts), Corpus.empty()
    same = previous is not None and lexicon.digest and previous._lexicon.digest == lexicon.digest
    if previous is not None and same and previous._vocabulary.idle <= _MOST_IDLE:
        vocabulary, known = previous._vocabulary.told_by(lexicon.concepts), previous._corpus
    places = {digest: place for place, digest in enumerate(known.digests)}
    digests = [digest_of(article) for article in articles]
    new = {digest: article for digest, article in zip(digests, articles, strict=True) if digest not in places}
    reader = Reader(lexicon.concepts, vocabulary)
    corpus = Corpus.join([known, reader.read(new)])
    lexicon.concepts.forget()
    places |= {digest: len(known.digests) + place for place, digest in enumerate(new)}
    if tuple(digests) != corpus.digests:
        corpus = corpus.select([places[digest] for digest in digests])
    return reader.vocabulary, corpus


def _language(detection: Detection) -> str | None:
    """The language whose words are looked for; None when the message does not say it clearly."""
    known = detection.language not in ("other", "unknown") and detection.margin >= _CLEAR_MARGIN
    return detection.language if known else None


@lru_cache(maxsize=1)
def _package_calibration() -> Calibration:
    return own_calibration()

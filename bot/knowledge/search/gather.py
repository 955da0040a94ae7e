"""From the loaded knowledge to what the search reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bot.knowledge.base import Knowledge
from bot.knowledge.models import PARTS, Article, ArticleText, Term
from bot.knowledge.places import Organisation
from bot.knowledge.search import topicality
from bot.knowledge.search.documents import LocaleText, SearchDocument
from bot.knowledge.search.index import SearchLexicon
from bot.knowledge.search.lexicon import BadLexicon
from bot.languages.locales import Locale

CONCEPTS_FILE: Final = "lexicon/concepts.yaml"
SMALL_TALK_FILE: Final = "lexicon/smalltalk.yaml"
OFF_TOPIC_FILE: Final = topicality.FILE
_MARKUP: Final = re.compile(r"\{[^{}]*\}|\]\([^()]*\)|[*\[]+")
"""Placeholders, link targets and emphasis: they are no words."""
_FIRST_PART: Final = re.compile(r"[,(]")
_INFLECTED: Final = 5
"""Letters from which on a word of the termbase is read as a beginning."""


def article_documents(knowledge: Knowledge) -> tuple[SearchDocument, ...]:
    """Every article as a document, ordered by id."""
    return tuple(_article(knowledge.articles[article_id]) for article_id in sorted(knowledge.articles))


def organisation_documents(knowledge: Knowledge) -> tuple[SearchDocument, ...]:
    """Every organisation by its names, ordered by id."""
    return tuple(_organisation(knowledge.organisations[name]) for name in sorted(knowledge.organisations))


def search_lexicon(knowledge: Knowledge, others: Mapping[str, object]) -> SearchLexicon:
    """The lexicon from what the loader read beside the models.

    others: data of files by path, with `concepts.yaml`, `smalltalk.yaml` and `off_topic.yaml` of the lexicon (missing:
    empty).
    Raises BadLexicon, which names the file and the place.
    """
    parts = []
    for path in (CONCEPTS_FILE, SMALL_TALK_FILE, OFF_TOPIC_FILE):
        data = others.get(path, {})
        if not isinstance(data, Mapping):
            raise BadLexicon(f"{path}: a mapping of names to words per locale is needed")
        parts.append(data)
    terms = {name: _term(term) for name, term in knowledge.terms.items()}
    return SearchLexicon.from_mappings(parts[0], parts[1], terms, parts[2])


def _article(article: Article) -> SearchDocument:
    texts = {}
    for locale, text in article.texts.items():
        # Uzbek in Cyrillic folds to the same words as in Latin: its body would only count twice.
        body = "" if locale is Locale.UZ_CYRL and Locale.UZ in article.texts else _body(text)
        titles = text.title if text.short == text.title else f"{text.title}\n{text.short}"
        texts[locale] = LocaleText(title=titles, asks=text.asks, body=body)
    shown_to = {name for text in article.texts.values() for block in text.answer for name in block.citizenships}
    whole_answer = all(block.citizenships for text in article.texts.values() for block in text.answer)
    return SearchDocument(
        id=article.id,
        kind="article",
        texts=texts,
        citizenships=frozenset(shown_to) if whole_answer else frozenset(),
    )


def _body(text: ArticleText) -> str:
    return _MARKUP.sub(" ", "\n".join(block.text for part in PARTS for block in text.part(part)))


def _organisation(organisation: Organisation) -> SearchDocument:
    return SearchDocument(
        id=organisation.id,
        kind="organisation",
        texts={locale: LocaleText(title="\n".join(_names(organisation.name[locale]))) for locale in Locale},
        citizenships=frozenset(organisation.citizenships),
        regions=frozenset(organisation.regions),
    )


def _names(name: str) -> list[str]:
    """`Роструд, инспекция труда` is known by its first part too."""
    return list(dict.fromkeys((name, _FIRST_PART.split(name)[0].strip())))


def _term(term: Term) -> dict[str, list[str]]:
    words: dict[str, list[str]] = {}
    for locale in Locale:
        texts = [term.use[locale], *term.said[locale]]
        if locale is Locale.RU:
            texts.append(term.official_ru)
        words[locale.value] = [form for text in texts for form in _forms(text)]
    return words


def _forms(text: str) -> list[str]:
    """`каттоо (регистрация)` is two ways to say it; longer words may have endings."""
    parts = [part.strip() for part in re.split(r"[()„“«»/,]", text)]
    return [f"{part}*" if len(part) >= _INFLECTED else part for part in parts if part]

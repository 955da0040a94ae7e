"""The words of the search have the shape that it can read: concepts, small talk, messages off the topic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.knowledge.findings import Finding, KeyPath
from bot.knowledge.search.gather import CONCEPTS_FILE, OFF_TOPIC_FILE, SMALL_TALK_FILE
from bot.knowledge.search.smalltalk import AROUND, KINDS
from bot.knowledge.search.topicality import OTHER
from bot.knowledge.shape import expected
from bot.languages.locales import Locale

_LANGUAGES: Final = (*(locale.value for locale in Locale), OTHER)


def check(others: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong. others: data of files by path; a file that is missing is as if it were empty."""
    for file in (CONCEPTS_FILE, SMALL_TALK_FILE, OFF_TOPIC_FILE):
        data = others.get(file, {})
        if not isinstance(data, Mapping):
            yield Finding("wrong-type", file, values=expected("mapping", data))
        elif file == OFF_TOPIC_FILE:
            yield from _texts(file, data, ())
        else:
            yield from _named(file, data)


def _named(file: str, data: Mapping[Any, Any]) -> Iterator[Finding]:
    for name, by_language in data.items():
        if file == SMALL_TALK_FILE and name not in (*KINDS, AROUND):
            yield Finding("unknown-key", file, (name,), values={"key": name}, allowed=(*KINDS, AROUND))
        elif not isinstance(by_language, Mapping):
            yield Finding("wrong-type", file, (name,), values=expected("mapping", by_language))
        else:
            yield from _texts(file, by_language, (name,))


def _texts(file: str, by_language: Mapping[Any, Any], path: KeyPath) -> Iterator[Finding]:
    for language, texts in by_language.items():
        here = (*path, language)
        if language not in _LANGUAGES:
            yield Finding("unknown-key", file, here, values={"key": language}, allowed=_LANGUAGES)
        elif not isinstance(texts, list):
            yield Finding("wrong-type", file, here, values=expected("list", texts))
        else:
            for place, text in enumerate(texts):
                if not isinstance(text, str) or not text.strip(" *"):
                    yield Finding("wrong-type", file, (*here, place), values=expected("text", text))

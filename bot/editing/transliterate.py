"""Draft the Uzbek Cyrillic text of an article from the Latin one, for a person to read and correct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.editing.yamledit import map_texts
from bot.errors import HotlineError
from bot.knowledge.findings import KeyPath
from bot.knowledge.yamlfile import parse_yaml
from bot.languages.transliteration import TransliterationExceptions, latin_to_cyrillic

EXCEPTIONS_FILE = "lexicon/uzbek_exceptions.yaml"
_NOT_TEXT = frozenset({"updated", "for", "from", "until"})


class NoLatinText(HotlineError):
    """The article has no uz.yaml to draft from."""


@dataclass(frozen=True)
class DoubtfulWord:
    """A word of a draft that a person should look at: where, the Latin word, the draft and why."""

    path: KeyPath
    word: str
    draft: str
    reason: str


@dataclass(frozen=True)
class ArticleDraft:
    """The drafted file and what to look at in it, in the order of the text."""

    file: str
    content: str
    doubtful: tuple[DoubtfulWord, ...]


def read_exceptions(files: Mapping[str, str | bytes]) -> TransliterationExceptions:
    """Return the editors' exceptions; none where the file is missing. Raises BadTransliterationExceptions."""
    content = files.get(EXCEPTIONS_FILE)
    data = parse_yaml(content, EXCEPTIONS_FILE).data if content is not None else None
    return TransliterationExceptions.from_mapping(data if isinstance(data, dict) else {})


def draft_article(
    files: Mapping[str, str | bytes], article_id: str, exceptions: TransliterationExceptions
) -> ArticleDraft:
    """Return uz_Cyrl.yaml drafted from uz.yaml: same blocks, dates and placeholders; raise `NoLatinText`."""
    source = files.get(f"articles/{article_id}/uz.yaml")
    if source is None:
        raise NoLatinText(f"There is no articles/{article_id}/uz.yaml. Write the Latin text first.")
    doubtful: list[DoubtfulWord] = []

    def convert(path: KeyPath, text: str) -> str:
        if path and any(step in _NOT_TEXT for step in path[-2:] if isinstance(step, str)):
            return text
        draft = latin_to_cyrillic(text, exceptions)
        doubtful.extend(DoubtfulWord(path, doubt.word, doubt.draft, doubt.reason) for doubt in draft.doubtful)
        return draft.text

    text = source if isinstance(source, str) else source.decode("utf-8-sig")
    return ArticleDraft(f"articles/{article_id}/uz_Cyrl.yaml", map_texts(text, convert), tuple(doubtful))

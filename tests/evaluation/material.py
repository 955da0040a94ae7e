"""The knowledge and the messages of the evaluation, read once."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from bot.knowledge.loader import parse
from bot.knowledge.search import SearchIndex
from bot.knowledge.search.evaluation import Message
from bot.knowledge.search.gather import article_documents, organisation_documents, search_lexicon

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def index() -> SearchIndex:
    """An index over the knowledge of the project, as it is in the folder."""
    folder = ROOT / "knowledge"
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.yaml")}
    loaded = parse(files)
    documents = (*article_documents(loaded.partial), *organisation_documents(loaded.partial))
    return SearchIndex.build(documents, search_lexicon(loaded.partial, loaded.others))


@lru_cache(maxsize=1)
def asks() -> tuple[str, ...]:
    """Every ask of every article in every language."""
    folder = ROOT / "knowledge"
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("articles/**/*.yaml")}
    articles = parse(files).partial.articles.values()
    return tuple(ask for article in articles for text in article.texts.values() for ask in text.asks)


@lru_cache(maxsize=1)
def off_topic() -> tuple[str, ...]:
    """Every message of `off_topic.yaml`."""
    path = ROOT / "knowledge" / "lexicon" / "off_topic.yaml"
    files = {"lexicon/off_topic.yaml": path.read_bytes()}
    return tuple(text for texts in parse(files).others["lexicon/off_topic.yaml"].values() for text in texts)


def messages(part: str) -> list[Message]:
    """The messages of one part (`tuning`, `calibration`, `test`); empty when the file is missing."""
    lines: list[str] = []
    for path in sorted(HERE.glob("messages.*.jsonl")):
        lines.extend(line for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return [message for line in lines if (message := Message.from_mapping(json.loads(line))).part == part]

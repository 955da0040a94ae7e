"""The knowledge folder as the running hotline uses it: checked, indexed, compiled, and swapped as a whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.conversation.library import Library
from bot.editing.folder import read_folder
from bot.editing.reload import KnowledgeBroken
from bot.knowledge.checks import inspect
from bot.knowledge.findings import errors
from bot.knowledge.loader import Memory
from bot.knowledge.search import SearchIndex
from bot.knowledge.search.gather import article_documents, organisation_documents, search_lexicon


def build_library(folder: Path, today: date, memory: Memory | None = None) -> Library:
    """Read, check and index a knowledge folder.

    Raise `KnowledgeBroken` with the first errors, `FolderNotFound`, or `BadLexicon`.
    """
    inspection = inspect(read_folder(folder), today, memory=memory)
    if inspection.knowledge is None:
        wrong = errors(inspection.findings)
        lines = "\n".join(finding.line_of_text() for finding in wrong[:20])
        raise KnowledgeBroken(f"The knowledge has {len(wrong)} errors; run `hotline kb check`.\n{lines}")
    knowledge = inspection.knowledge
    documents = (*article_documents(knowledge), *organisation_documents(knowledge))
    index = SearchIndex.build(documents, search_lexicon(knowledge, inspection.load.others))
    return Library(knowledge, index)

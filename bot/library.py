"""The knowledge folder as the running hotline uses it: checked, indexed, compiled, and swapped as a whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.conversation.library import Library
from bot.editing.folder import read_folder
from bot.editing.reload import KnowledgeBroken
from bot.editing.whole import WholeInspection, inspect_whole
from bot.knowledge.findings import errors
from bot.knowledge.loader import Memory
from bot.knowledge.search import SearchIndex
from bot.knowledge.search.documents import LocaleText, SearchDocument
from bot.knowledge.search.gather import article_documents, organisation_documents, search_lexicon
from bot.languages.locales import Locale
from bot.triage.loader import Flows


def build_library(folder: Path, today: date, memory: Memory | None = None) -> Library:
    """Read, check and index a knowledge folder.

    Raise `KnowledgeBroken` with the first errors, `FolderNotFound`, or `BadLexicon`.
    """
    return make_library(inspect_whole(read_folder(folder), today, memory))


def make_library(inspection: WholeInspection, previous: Library | None = None) -> Library:
    """Index and compile what was read and checked; raise as `build_library` does.

    previous: the library in use; of articles only those that changed are indexed anew.
    """
    if inspection.knowledge is None:
        wrong = errors(inspection.findings)
        lines = "\n".join(finding.line_of_text() for finding in wrong[:20])
        raise KnowledgeBroken(f"The knowledge has {len(wrong)} errors; run `hotline kb check`.\n{lines}")
    knowledge, flows, danger = inspection.knowledge, inspection.flows, inspection.danger
    if flows is None or danger is None:  # a check that has nothing to say of them has a fault of its own
        raise KnowledgeBroken("The flows or the urgency rules cannot be read; run `hotline flows check`.")
    documents = (*article_documents(knowledge), *organisation_documents(knowledge), *_flow_documents(flows))
    lexicon = search_lexicon(knowledge, inspection.load.others)
    index = SearchIndex.build(documents, lexicon, previous=previous.index if previous else None)
    return Library(knowledge, index, flows, danger)


def _flow_documents(flows: Flows) -> tuple[SearchDocument, ...]:
    """Every flow by its title, ordered by id."""
    return tuple(
        SearchDocument(flow_id, "flow", {locale: LocaleText(flow.title[locale]) for locale in Locale})
        for flow_id, flow in sorted(flows.flows.items())
    )

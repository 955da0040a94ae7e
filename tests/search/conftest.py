"""One index over the small knowledge for all tests of the search."""

from __future__ import annotations

import pytest

from bot.knowledge.search import SearchIndex

from .small_knowledge import documents, lexicon


@pytest.fixture(scope="session")
def index() -> SearchIndex:
    """An index over the small knowledge."""
    return SearchIndex.build(documents(), lexicon())

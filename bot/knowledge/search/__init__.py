"""Search over the knowledge: from a message in any of the five languages, however typed, to the right article."""

from bot.knowledge.search.calibration import Calibration, Confidence
from bot.knowledge.search.context import SearchContext
from bot.knowledge.search.documents import LocaleText, SearchDocument
from bot.knowledge.search.index import Hit, SearchAnswer, SearchIndex, SearchLexicon

__all__ = [
    "Calibration",
    "Confidence",
    "Hit",
    "LocaleText",
    "SearchAnswer",
    "SearchContext",
    "SearchDocument",
    "SearchIndex",
    "SearchLexicon",
]

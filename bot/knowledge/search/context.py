"""What is known about the person who asks: it breaks ties and keeps the topic, it never overrules the words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from bot.knowledge.search.documents import SearchDocument
from bot.languages.folding import fold_words
from bot.languages.locales import Locale

GENERAL_CONCEPTS: Final = frozenset(
    {
        "price", "deadline", "documents_needed", "free_of_charge", "phone_number", "place_name", "check_find_out",
        "follow_up", "legal_help", "complaint", "employer", "migration_service", "pay_fee",
    }
)  # fmt: skip
"""Concepts that ask about the topic at hand and do not name one."""

_OPENERS: Final = frozenset(fold_words("а и или эми анан ва пас акнун va yoki endi unda iar dar și apoi atunci a i"))
_LONGEST: Final = 6
_OWN_CITIZENSHIP: Final = 0.35
_OTHER_CITIZENSHIP: Final = -1.2
_OWN_REGION: Final = 0.2
_JUST_READ: Final = 0.15


@dataclass(frozen=True, slots=True)
class SearchContext:
    """last_article: what the person just read; citizenship: KG, TJ, UZ, MD; region: ISO 3166-2; None: not known."""

    last_article: str | None = None
    citizenship: str | None = None
    region: str | None = None
    locale: Locale | None = None


NO_CONTEXT: Final = SearchContext()


def prior(document: SearchDocument, context: SearchContext) -> float:
    """What the profile says for or against a document, on the scale of the summed signals."""
    result = 0.0
    if context.citizenship and document.citizenships:
        own = context.citizenship in document.citizenships
        result += _OWN_CITIZENSHIP if own else _OTHER_CITIZENSHIP
    if context.region and context.region in document.regions:
        result += _OWN_REGION
    if context.last_article == document.id and document.kind == "article":
        result += _JUST_READ
    return result


def is_follow_up(words: Sequence[str], concepts: Collection[str], context: SearchContext) -> bool:
    """Whether a message goes on about what was just read: "and in Moscow?", "how much?", "а документы какие".

    words: the folded words of the message, empty ones included; concepts: what the lexicon found in it.
    """
    if context.last_article is None or not words or len(words) > _LONGEST:
        return False
    if not all(concept in GENERAL_CONCEPTS for concept in concepts):
        return False
    return bool(concepts) or (words[0] in _OPENERS and 1 < len(words) <= 3)

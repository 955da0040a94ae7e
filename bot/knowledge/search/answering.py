"""`hotline ask`: one message in, one line of JSON out, by the same search that the bot uses."""

from __future__ import annotations

from typing import Final

from bot.knowledge.search.context import SearchContext
from bot.knowledge.search.index import SearchIndex
from bot.languages.locales import Locale

_MOST_ANSWERS: Final = 5


def ask_line(
    index: SearchIndex,
    text: str,
    *,
    id: str | None = None,  # noqa: A002 - the name of the key in the line
    locale: Locale | None = None,
    urgent_rule: str | None = None,
) -> dict[str, object]:
    """The answer to one message as a mapping for JSON.

    Keys: id (when given), lang (ru, ky, tg, uz, ro, other, unknown), script (Cyrl, Latn or null), answers
    ([{article, score 0–1}], best first; empty for small talk), confidence (sure, likely, nothing), smalltalk (kind or
    null), urgent, rule (the name of the matching urgency rule or null).
    """
    answer = index.search(text, SearchContext(locale=locale))
    line: dict[str, object] = {} if id is None else {"id": id}
    line |= {
        "lang": answer.detection.language,
        "script": answer.detection.script,
        "answers": [{"article": hit.id, "score": hit.score} for hit in answer.articles[:_MOST_ANSWERS]],
        "confidence": answer.confidence.value,
        "smalltalk": answer.smalltalk,
        "urgent": urgent_rule is not None,
        "rule": urgent_rule,
    }
    return line

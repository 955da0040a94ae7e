"""The files of a new article, with empty places to fill."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from bot.errors import HotlineError
from bot.languages.locales import Locale

_ID: Final = re.compile(r"[a-z][a-z0-9-]{1,47}$")
CHECK_AGAIN_AFTER: Final = timedelta(days=90)

_COMMON: Final = """\
id: {id}
section: {section}
severity: normal            # normal | serious | urgent
audience: [all]             # all, men, women, children, returned, leaving
sources:                    # закон, ведомство; url или cite
  - {{title: "", url: "https://", checked: {today}, strength: law}}
checked: {today}
check_by: {check_by}
related: []                 # от двух до пяти статей
turn_to: {{organisations: [], services: []}}
"""
_TEXT: Final = """\
updated: {today}
title: ""                   # как сказал бы человек, до 60 знаков
short: ""                   # надпись на кнопке, до 34 знаков
asks:                       # как люди пишут на самом деле, не меньше шести
  - ""
answer:                     # от двух до четырёх коротких предложений; числа только подстановками {{fact_id}}
  - ""
steps:
  - ""
documents: []
beware:
  - ""
where: []
"""


class ArticleExists(HotlineError):
    """There is already an article with this id."""


class BadArticleId(HotlineError):
    """An id has small Latin letters, digits and hyphens, and begins with a letter."""


def new_article(files: Mapping[str, str | bytes], article_id: str, section: str, today: date) -> dict[str, str]:
    """Return the files of a new article, for all six locales; raise `ArticleExists` or `BadArticleId`."""
    if not _ID.match(article_id):
        raise BadArticleId(f"{article_id!r} cannot be an id: use small Latin letters, digits and hyphens.")
    if any(path.startswith(f"articles/{article_id}/") for path in files):
        raise ArticleExists(f"articles/{article_id}/ exists already.")
    common = _COMMON.format(id=article_id, section=section, today=today, check_by=today + CHECK_AGAIN_AFTER)
    text = _TEXT.format(today=today)
    return {
        f"articles/{article_id}/article.yaml": common,
        **{f"articles/{article_id}/{locale.value}.yaml": text for locale in Locale},
    }

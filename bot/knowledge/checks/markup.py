"""Only **bold** and [text](https://…); no stray spaces, no raw addresses, no HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.knowledge.checks.context import Context, Prose, article_file
from bot.knowledge.findings import Finding, KeyPath, Severity
from bot.knowledge.render import MARKUP

_RAW_URL: Final = re.compile(r"(?:https?://|www\.|t\.me/)\S+")
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
_LINK_LIKE: Final = re.compile(r"\[[^\]]*\]\s*\([^)]*\)|\]\(")
_SPACES: Final = re.compile(r"  |^\s|\s$|[\t\r]| [,.;!?](?!\.)|\u200b")
_SUSPECT: Final = (
    *("*", "<", "`", "[", "]", "://", "www.", "t.me/", "__"),
    *("  ", "\t", "\r", "\u200b", " .", " ,", " ;", " !", " ?", "\n ", " \n"),
)
"""What a page without findings has none of, or only inside links; looked for before any closer look."""


def check(context: Context) -> Iterator[Finding]:
    """Yield markup that people would see as signs, links outside of markup, insecure links, and stray spaces."""
    for page in context.pages:
        lines = page.raw.count("\n") + 1
        if any(sign in page.raw for sign in _SUSPECT) or page.raw != page.raw.strip() or lines != page.texts:
            for prose in page.prose():
                yield from _text(prose)
    for article in context.knowledge.articles.values():
        for index, source in enumerate(article.sources):
            if source.url and source.url.startswith("http://"):
                path: KeyPath = ("sources", index, "url")
                file = article_file(article.id)
                yield Finding("insecure-link", file, path, severity=Severity.WARNING, values={"url": source.url})
    for organisation in context.knowledge.organisations.values():
        for index, link in enumerate(organisation.links):
            if link.startswith("http://"):
                file = context.origin("organisation", organisation.id)
                path = (organisation.id, "links", index)
                yield Finding("insecure-link", file, path, severity=Severity.WARNING, values={"url": link})


def _text(prose: Prose) -> Iterator[Finding]:
    for match in MARKUP.finditer(prose.text):
        if match["url"] and match["url"].startswith("http://"):
            yield prose.finding("insecure-link", Severity.WARNING, url=match["url"])
        if prose.block is None and match["placeholder"] is None:
            yield prose.finding("markup-in-title", found=match.group())
    rest = MARKUP.sub("…", prose.text)
    link = _LINK_LIKE.search(rest)
    if link is not None:
        yield prose.finding("bad-link", allowed=("[text](https://…)",), found=link.group())
        rest = _LINK_LIKE.sub("…", rest)
    for found in _RAW_URL.findall(rest):
        yield prose.finding("raw-link", allowed=("[text](https://…)",), found=found)
    tag = _TAG.search(rest)
    if tag is not None:
        yield prose.finding("html-tag", allowed=("**bold**", "[text](https://…)"), found=tag.group())
    if "*" in rest or "`" in rest or "__" in rest:
        yield prose.finding("stray-mark", allowed=("**bold**",))
    if "\n" in prose.text.strip():
        yield prose.finding("line-break-in-text")
    if _SPACES.search(prose.text):
        yield prose.finding("stray-space", Severity.WARNING)

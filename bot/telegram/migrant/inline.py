"""Sharing an answer with a friend: `@bot article-id` in any chat, as the share button writes it."""

from __future__ import annotations

from typing import Any

from aiogram.types import InlineQuery, InlineQueryResultArticle, InlineQueryResultUnion

from bot.conversation.turn import Turn, locale_of, reader_of
from bot.knowledge.facts import Reader
from bot.knowledge.render import render_article
from bot.languages.locales import SOURCE_LOCALE, Locale
from bot.telegram.text import to_parts

SHOWN = 10
"""Answers offered at once."""


async def shared_articles(turn: Turn, query: InlineQuery, bot_name: str) -> list[InlineQueryResultUnion]:
    """Return the results for an inline query: the named article, else those whose title fits."""
    person = await turn.tx.people.find(query.from_user.id)
    locale = locale_of(person) if person is not None else _guess(query.from_user.language_code)
    reader = reader_of(person) if person is not None else Reader()
    wanted = query.query.strip().lower()
    articles = turn.knowledge.articles
    named = [articles[wanted]] if wanted in articles else []
    fitting = [item for item in articles.values() if wanted and wanted in item.text(locale)[1].title.lower()]
    results: list[InlineQueryResultUnion] = []
    for article in (named or fitting)[:SHOWN]:
        used, text = article.text(locale)
        part = to_parts(render_article(turn.knowledge, article.id, used, reader, turn.today))[0]
        button = {
            "text": turn.text(used, "button-open-hotline"),
            "url": f"https://t.me/{bot_name}?start=a_{article.id}",
        }
        result: dict[str, Any] = {
            "type": "article",
            "id": article.id,
            "title": text.title,
            "input_message_content": {"message_text": part.text, "entities": list(part.entities)},
            "reply_markup": {"inline_keyboard": [[button]]},
        }
        results.append(InlineQueryResultArticle.model_validate(result))
    return results


def _guess(code: str | None) -> Locale:
    """Return a locale for Telegram's language code of somebody who never wrote to the hotline."""
    language = (code or "").partition("-")[0]
    return next((locale for locale in Locale if locale.language == language), SOURCE_LOCALE)

"""Answers that Telegram wants at once (callbacks, inline queries) and getFile."""

from __future__ import annotations

from bot.sandbox.core import Core, Handler
from bot.sandbox.keyboards import checked_inline
from bot.sandbox.refusals import bad_request
from bot.sandbox.texts import message_text
from bot.sandbox.world import Json

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def answer_callback(core: Core, p: Json) -> bool:
    """answerCallbackQuery."""
    callback = core.callbacks.get(p["callback_query_id"])
    if callback is None or (core.query_is_old(callback.asked) and not callback.lasting):
        raise bad_request(TOO_OLD)
    if len(p.get("text", "")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    if p.get("url") and not p["url"].startswith(("https://t.me/", "tg://", "http://t.me/")):
        raise bad_request("URL_INVALID")
    callback.answer = {key: p[key] for key in ("text", "show_alert", "url") if key in p}
    event = {"kind": "toast", "user": callback.user, "chat": callback.chat, "callback": callback.id}
    core.world.changed({**event, **callback.answer})
    return True


def answer_inline(core: Core, p: Json) -> bool:
    """answerInlineQuery."""
    question = core.questions.get(p["inline_query_id"])
    if question is None or (core.query_is_old(question.asked) and not question.lasting):
        raise bad_request(TOO_OLD)
    results: list[Json] = p["results"]
    if len(results) > 50:
        raise bad_request("RESULTS_TOO_MUCH")
    seen = set()
    ready = []
    for result in results:
        if not 1 <= len(result["id"].encode()) <= 64:
            raise bad_request("RESULT_ID_INVALID")
        if result["id"] in seen:
            raise bad_request("RESULT_ID_DUPLICATE")
        seen.add(result["id"])
        ready.append(_ready(result))
    if len(p.get("next_offset", "").encode()) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    button = p.get("button")
    if button and not button.get("web_app") and not 1 <= len(button.get("start_parameter", "")) <= 64:
        raise bad_request("START_PARAM_INVALID")
    question.results, question.button = ready, button
    core.world.changed({"kind": "inline", "user": question.user, "question": question.id, "results": ready})
    return True


def _ready(result: Json) -> Json:
    """Return a result with the message it would send, checked. Raises Refused."""
    markup = checked_inline(result["reply_markup"]) if result.get("reply_markup") else None
    content = result.get("input_message_content") or {}
    if result["type"] == "article":
        if not result["title"].strip():
            raise bad_request("ARTICLE_TITLE_EMPTY")
        if not content:
            raise bad_request("MESSAGE_EMPTY")
    message: Json = {}
    if "message_text" in content:
        message = message_text({**content, "text": content["message_text"]})
    elif "latitude" in content:
        message = {"location": {key: content[key] for key in ("latitude", "longitude")}}
    return {**result, "message": message, "reply_markup": markup}


def get_file(core: Core, p: Json) -> Json:
    """getFile."""
    file = core.world.files.find(p["file_id"])
    return {
        "file_id": p["file_id"],
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        "file_path": file.path,
    }


METHODS: dict[str, Handler] = {
    "answerCallbackQuery": answer_callback,
    "answerInlineQuery": answer_inline,
    "getFile": get_file,
}

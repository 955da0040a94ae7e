"""Make `botapi.json`: the part of the Bot API specification that the local Telegram speaks, in a compact form.

    python -m bot.sandbox.make_spec path/to/full-specification.json [target.json]

The full file has `methods` and `types` with lists of fields (name, required, types). In the compact one
`methods[name][parameter]` and `types[name]["fields"][field]` are type expressions: `!` in front means required,
`|` parts alternatives, `[...]` is an array, `=x` the constant x. `types[name]` may instead be `{"any": [...]}` or
`{"enum": [...]}`.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).with_name("botapi.json")

METHODS = [
    "getMe",
    "logOut",
    "close",
    "getUpdates",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "sendMessage",
    "sendPhoto",
    "sendDocument",
    "sendVoice",
    "sendVideo",
    "sendVideoNote",
    "sendAudio",
    "sendAnimation",
    "sendSticker",
    "sendLocation",
    "sendVenue",
    "sendContact",
    "sendMediaGroup",
    "sendChatAction",
    "sendDice",
    "sendPoll",
    "stopPoll",
    "forwardMessage",
    "forwardMessages",
    "copyMessage",
    "copyMessages",
    "editMessageText",
    "editMessageCaption",
    "editMessageMedia",
    "editMessageReplyMarkup",
    "editMessageLiveLocation",
    "stopMessageLiveLocation",
    "deleteMessage",
    "deleteMessages",
    "pinChatMessage",
    "unpinChatMessage",
    "unpinAllChatMessages",
    "setMessageReaction",
    "createForumTopic",
    "editForumTopic",
    "closeForumTopic",
    "reopenForumTopic",
    "deleteForumTopic",
    "unpinAllForumTopicMessages",
    "editGeneralForumTopic",
    "closeGeneralForumTopic",
    "reopenGeneralForumTopic",
    "hideGeneralForumTopic",
    "unhideGeneralForumTopic",
    "getForumTopicIconStickers",
    "getChat",
    "getChatMember",
    "getChatAdministrators",
    "getChatMemberCount",
    "leaveChat",
    "setChatTitle",
    "setChatDescription",
    "banChatMember",
    "unbanChatMember",
    "restrictChatMember",
    "promoteChatMember",
    "exportChatInviteLink",
    "createChatInviteLink",
    "getUserProfilePhotos",
    "setMyCommands",
    "getMyCommands",
    "deleteMyCommands",
    "setMyName",
    "getMyName",
    "setMyDescription",
    "getMyDescription",
    "setMyShortDescription",
    "getMyShortDescription",
    "setChatMenuButton",
    "getChatMenuButton",
    "setMyDefaultAdministratorRights",
    "getMyDefaultAdministratorRights",
    "answerCallbackQuery",
    "answerInlineQuery",
    "getFile",
]

MENDED = {("setWebhook", "allowed_updates"): "[String]", ("getUpdates", "allowed_updates"): "[String]"}
"""The full file garbles these two types."""


LEFT_OUT = re.compile("Rich|Invoice|Game|LivePhoto")
"""Types of whole families of Bot API methods that a hotline does not use."""


def expression(types: list[str]) -> str:
    """Return the compact type expression of a field's alternatives."""
    return "|".join(_one(kind) for kind in types)


def _one(kind: str) -> str:
    if kind.startswith("Array of "):
        inner = kind.removeprefix("Array of ")
        return f"[{_one(inner)}]" if inner.startswith("Array of ") else f"[{inner}]"
    return kind


def _fields(owner: str, fields: list[dict[str, Any]]) -> dict[str, str]:
    return {
        field["name"]: ("!" if field["required"] else "")
        + MENDED.get((owner, field["name"]), expression(field["types"]))
        for field in fields
    }


def _names(text: str) -> list[str]:
    return re.findall(r"(?<![=\w])[A-Z]\w+", text)


def make(full: dict[str, Any]) -> dict[str, Any]:
    """Return the compact specification of METHODS and of every type their parameters can hold."""
    methods = {name: _fields(name, full["methods"][name]["fields"]) for name in sorted(METHODS)}
    types: dict[str, Any] = {}
    wanted = [name for fields in methods.values() for text in fields.values() for name in _names(text)]
    while wanted:
        name = wanted.pop()
        source = full["types"].get(name)
        if source is None or name in types or name == "InputFile" or LEFT_OUT.search(name):
            continue
        if "enum" in source:
            types[name] = {"enum": source["enum"]}
        elif source.get("subtypes"):
            types[name] = {"any": [kind for kind in source["subtypes"] if not LEFT_OUT.search(kind)]}
            wanted += types[name]["any"]
        else:
            types[name] = {"fields": _fields(name, source.get("fields", []))}
            wanted += [found for text in types[name]["fields"].values() for found in _names(text)]
    return {"version": full["version"], "methods": methods, "types": dict(sorted(types.items()))}


def dump(compact: dict[str, Any]) -> str:
    """Return the file's text: one method or type per line, so that a new Bot API version reads well in a diff."""
    lines = [f'{{"version": {json.dumps(compact["version"])},']
    for part in ("methods", "types"):
        rows = [f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in compact[part].items()]
        lines.append(f'"{part}": {{\n' + ",\n".join(rows) + ("\n}," if part == "methods" else "\n}"))
    return "\n".join(lines) + "}\n"


def main(arguments: list[str]) -> int:
    """Write the compact file; return the exit code."""
    if not arguments:
        sys.stderr.write(__doc__ or "")
        return 2
    target = Path(arguments[1]) if len(arguments) > 1 else TARGET
    target.write_text(dump(make(json.loads(Path(arguments[0]).read_text()))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

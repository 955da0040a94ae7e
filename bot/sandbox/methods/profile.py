"""What the bot says about itself: commands, name, descriptions, menu button."""

from __future__ import annotations

import json
import re

from bot.sandbox.core import Core, Handler
from bot.sandbox.refusals import bad_request
from bot.sandbox.world import ADMIN_RIGHTS, Json

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"([a-z]{2})?")


def get_me(core: Core, p: Json) -> Json:
    """getMe."""
    return {
        **core.world.bot.body(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "supports_guest_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_join_request_queries": False,
    }


def log_out(core: Core, p: Json) -> bool:
    """logOut and close: nothing to do here."""
    return True


def _key(p: Json) -> tuple[str, str]:
    language = p.get("language_code", "")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("LANG_CODE_INVALID")
    return json.dumps(p.get("scope") or {"type": "default"}, sort_keys=True), language


def set_commands(core: Core, p: Json) -> bool:
    """setMyCommands."""
    commands: list[Json] = p["commands"]
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    scope = p.get("scope") or {}
    if "chat_id" in scope:
        core.chat(scope["chat_id"])
    core.profile.commands[_key(p)] = commands
    core.world.changed({"kind": "commands"})
    return True


def get_commands(core: Core, p: Json) -> list[Json]:
    """getMyCommands: exactly what was set for the scope and language."""
    return core.profile.commands.get(_key(p), [])


def delete_commands(core: Core, p: Json) -> bool:
    """deleteMyCommands."""
    core.profile.commands.pop(_key(p), None)
    return True


def shown_commands(core: Core, chat_id: int, language: str) -> list[Json]:
    """Return the commands that a person sees in the private chat, by Telegram's order of scopes."""
    scopes: tuple[Json, ...] = (
        {"type": "chat", "chat_id": chat_id},
        {"type": "all_private_chats"},
        {"type": "default"},
    )
    for scope in scopes:
        for code in (language, ""):
            found = core.profile.commands.get((json.dumps(scope, sort_keys=True), code))
            if found:
                return found
    return []


def _texts(store: str, key: str, limit: int) -> tuple[Handler, Handler]:
    def write(core: Core, p: Json) -> bool:
        text = p.get(key, "")
        if len(text) > limit:
            raise bad_request(f"{key} is too long")
        texts: dict[str, str] = getattr(core.profile, store)
        texts[_key(p)[1]] = text
        return True

    def read(core: Core, p: Json) -> Json:
        texts: dict[str, str] = getattr(core.profile, store)
        return {key: texts.get(_key(p)[1]) or texts.get("", "")}

    return write, read


_set_name, _get_name = _texts("names", "name", 64)
_set_description, _get_description = _texts("descriptions", "description", 512)
_set_short, _get_short = _texts("short_descriptions", "short_description", 120)


def set_menu_button(core: Core, p: Json) -> bool:
    """setChatMenuButton."""
    if "chat_id" in p:
        core.chat(p["chat_id"])
    core.profile.menu_buttons[p.get("chat_id", 0)] = p.get("menu_button") or {"type": "default"}
    return True


def get_menu_button(core: Core, p: Json) -> Json:
    """getChatMenuButton."""
    buttons = core.profile.menu_buttons
    return buttons.get(p.get("chat_id", 0)) or buttons.get(0) or {"type": "commands"}


def set_rights(core: Core, p: Json) -> bool:
    """setMyDefaultAdministratorRights."""
    core.profile.rights[p.get("for_channels", False)] = p.get("rights", {})
    return True


def get_rights(core: Core, p: Json) -> Json:
    """getMyDefaultAdministratorRights."""
    given = core.profile.rights.get(p.get("for_channels", False), {})
    names = (*ADMIN_RIGHTS, "is_anonymous", "can_post_stories", "can_edit_stories", "can_delete_stories")
    return {name: bool(given.get(name)) for name in (*names, "can_send_welcome_messages")}


METHODS: dict[str, Handler] = {
    "getMe": get_me,
    "logOut": log_out,
    "close": log_out,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "setMyName": _set_name,
    "getMyName": _get_name,
    "setMyDescription": _set_description,
    "getMyDescription": _get_description,
    "setMyShortDescription": _set_short,
    "getMyShortDescription": _get_short,
    "setChatMenuButton": set_menu_button,
    "getChatMenuButton": get_menu_button,
    "setMyDefaultAdministratorRights": set_rights,
    "getMyDefaultAdministratorRights": get_rights,
}

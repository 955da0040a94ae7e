"""Chats and their members: look up, leave, ban, promote, invite."""

from __future__ import annotations

from bot.sandbox.core import Core, Handler
from bot.sandbox.gate import need_right, open_chat
from bot.sandbox.refusals import bad_request
from bot.sandbox.world import ADMIN_RIGHTS, Chat, Json, User

_NO_GIFTS = dict.fromkeys(
    (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    ),
    False,
)
_STORY_RIGHTS = ("can_post_stories", "can_edit_stories", "can_delete_stories")


def get_chat(core: Core, p: Json) -> Json:
    """getChat."""
    chat = core.chat(p["chat_id"])
    full: Json = {
        **chat.body(),
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": _NO_GIFTS,
    }
    if chat.description:
        full["description"] = chat.description
    if chat.pinned:
        full["pinned_message"] = chat.messages[chat.pinned[-1]].body
    if not chat.is_private:
        full["permissions"] = {"can_send_messages": True, "can_invite_users": True}
        full["join_to_send_messages"] = chat.kind == "supergroup"
    if chat.user is not None and chat.user.username:
        full["active_usernames"] = [chat.user.username]
    return full


def member_body(core: Core, chat: Chat, user: User) -> Json:
    """Return the ChatMember of a user in a group."""
    status = chat.members.get(user.id, "left")
    body: Json = {"status": status, "user": user.body()}
    if status == "creator":
        body["is_anonymous"] = False
    elif status == "administrator":
        rights = chat.bot_rights if user.id == core.world.bot.id else set(ADMIN_RIGHTS)
        body |= {"can_be_edited": False, "is_anonymous": False, "can_send_welcome_messages": False}
        body |= {right: right in rights for right in ADMIN_RIGHTS + _STORY_RIGHTS}
    elif status == "kicked":
        body["until_date"] = 0
    return body


def group(core: Core, p: Json) -> Chat:
    """Return the group of a request. Raises Refused for a private chat."""
    chat = open_chat(core, p["chat_id"])
    if chat.is_private:
        raise bad_request("method is available for supergroup and channel chats only")
    return chat


def get_member(core: Core, p: Json) -> Json:
    """getChatMember."""
    chat = core.chat(p["chat_id"])
    user = core.world.users.get(p["user_id"])
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID" if p["user_id"] > 0 else "invalid user_id specified")
    if chat.is_private:
        known = user.id in (chat.id, core.world.bot.id)
        return {"status": "member" if known else "left", "user": user.body()}
    return member_body(core, chat, user)


def get_administrators(core: Core, p: Json) -> list[Json]:
    """getChatAdministrators: the bots among them left out, but this one."""
    chat = open_chat(core, p["chat_id"])
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    bosses = [user for user, status in chat.members.items() if status in ("creator", "administrator")]
    return [member_body(core, chat, core.world.users[user]) for user in bosses]


def get_count(core: Core, p: Json) -> int:
    """getChatMemberCount."""
    chat = open_chat(core, p["chat_id"])
    if chat.is_private:
        return 2
    return sum(status not in ("left", "kicked") for status in chat.members.values())


def change_member(core: Core, chat: Chat, user: User, status: str, by: User) -> None:
    """Give a user another status in a group and tell the bot."""
    old = member_body(core, chat, user)
    chat.members[user.id] = status
    kind = "my_chat_member" if user.id == core.world.bot.id else "chat_member"
    update = {"chat": chat.body(), "from": by.body(), "date": core.world.unix()}
    update |= {"old_chat_member": old, "new_chat_member": member_body(core, chat, user)}
    core.updates.push(kind, update)
    core.world.changed({"kind": "people"})


def target(core: Core, p: Json) -> tuple[Chat, User]:
    """Return group and user of a request that changes a member. Raises Refused."""
    chat = group(core, p)
    need_right(core, chat, "can_restrict_members", "not enough rights to restrict/unrestrict chat member")
    user = core.world.users.get(p["user_id"])
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    if chat.members.get(user.id) == "creator":
        raise bad_request("can't remove chat owner")
    return chat, user


def ban(core: Core, p: Json) -> bool:
    """banChatMember."""
    chat, user = target(core, p)
    change_member(core, chat, user, "kicked", core.world.bot)
    return True


def unban(core: Core, p: Json) -> bool:
    """unbanChatMember: also removes a member unless `only_if_banned`."""
    chat, user = target(core, p)
    if chat.members.get(user.id) == "kicked" or not p.get("only_if_banned"):
        change_member(core, chat, user, "left", core.world.bot)
    return True


def restrict(core: Core, p: Json) -> bool:
    """restrictChatMember: accepted; the local Telegram does not hold members to permissions."""
    target(core, p)
    return True


def promote(core: Core, p: Json) -> bool:
    """promoteChatMember."""
    chat = group(core, p)
    need_right(core, chat, "can_promote_members", "not enough rights")
    user = core.world.users.get(p["user_id"])
    if user is None or chat.members.get(user.id, "left") in ("left", "kicked"):
        raise bad_request("USER_NOT_PARTICIPANT")
    wanted = any(p.get(right) for right in ADMIN_RIGHTS)
    change_member(core, chat, user, "administrator" if wanted else "member", core.world.bot)
    return True


def leave(core: Core, p: Json) -> bool:
    """leaveChat."""
    chat = open_chat(core, p["chat_id"])
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    change_member(core, chat, core.world.bot, "left", core.world.bot)
    return True


def set_title(core: Core, p: Json) -> bool:
    """setChatTitle."""
    chat = group(core, p)
    need_right(core, chat, "can_change_info", "not enough rights to change chat title")
    title = p["title"].strip()
    if not 1 <= len(title) <= 128:
        raise bad_request("title must be non-empty and at most 128 characters long")
    if title == chat.title:
        raise bad_request("chat title is not modified")
    chat.title = title
    core.updates.push("message", core.world.post(chat, core.world.bot, {"new_chat_title": title}).body)
    core.world.changed({"kind": "people"})
    return True


def set_description(core: Core, p: Json) -> bool:
    """setChatDescription."""
    chat = group(core, p)
    need_right(core, chat, "can_change_info", "not enough rights to change chat description")
    description = p.get("description", "")
    if len(description) > 255:
        raise bad_request("chat description is too long")
    if description == (chat.description or ""):
        raise bad_request("chat description is not modified")
    chat.description = description or None
    return True


def export_link(core: Core, p: Json) -> str:
    """exportChatInviteLink."""
    chat = group(core, p)
    need_right(core, chat, "can_invite_users", "not enough rights to manage chat invite link")
    return f"https://t.me/+local{abs(chat.id)}"


def create_link(core: Core, p: Json) -> Json:
    """createChatInviteLink."""
    link = export_link(core, p)
    return {
        "invite_link": f"{link}x{core.world.changed()}",
        "creator": core.world.bot.body(),
        "creates_join_request": p.get("creates_join_request", False),
        "is_primary": False,
        "is_revoked": False,
        **{key: p[key] for key in ("name", "expire_date", "member_limit") if key in p},
    }


def profile_photos(core: Core, p: Json) -> Json:
    """getUserProfilePhotos: nobody here has any."""
    if p["user_id"] not in core.world.users:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}


METHODS: dict[str, Handler] = {
    "getChat": get_chat,
    "getChatMember": get_member,
    "getChatAdministrators": get_administrators,
    "getChatMemberCount": get_count,
    "banChatMember": ban,
    "unbanChatMember": unban,
    "restrictChatMember": restrict,
    "promoteChatMember": promote,
    "leaveChat": leave,
    "setChatTitle": set_title,
    "setChatDescription": set_description,
    "exportChatInviteLink": export_link,
    "createChatInviteLink": create_link,
    "getUserProfilePhotos": profile_photos,
}

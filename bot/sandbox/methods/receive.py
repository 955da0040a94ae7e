"""How the bot gets its updates: getUpdates and the webhook."""

from __future__ import annotations

from typing import Any

from bot.sandbox.core import Core, Handler
from bot.sandbox.refusals import Refused
from bot.sandbox.webhook import Webhook
from bot.sandbox.world import Json

WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


def methods(webhook: Webhook) -> dict[str, Handler]:
    """Return the handlers, bound to the webhook of the bot."""

    async def get_updates(core: Core, p: Json) -> list[Json]:
        if webhook.url:
            raise Refused(409, WEBHOOK_ACTIVE)
        return await core.updates.poll(p)

    async def set_webhook(core: Core, p: Json) -> bool:
        return await webhook.set(p)

    async def delete_webhook(core: Core, p: Json) -> bool:
        return await webhook.set({"url": "", "drop_pending_updates": p.get("drop_pending_updates", False)})

    def get_info(core: Core, p: Json) -> Any:
        return webhook.info()

    return {
        "getUpdates": get_updates,
        "setWebhook": set_webhook,
        "deleteWebhook": delete_webhook,
        "getWebhookInfo": get_info,
    }

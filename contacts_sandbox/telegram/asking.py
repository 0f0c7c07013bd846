"""The calls that send no message: who am I, updates, webhook, files."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from contacts_sandbox.core.bodies import Body
from contacts_sandbox.telegram.arguments import flag, integer, names
from contacts_sandbox.telegram.errors import TelegramError
from contacts_sandbox.telegram.records import Bot, Webhook
from contacts_sandbox.telegram.shapes import bot_user, unix

if TYPE_CHECKING:
    from contacts_sandbox.twilio.api import Sandbox

LARGEST_DOWNLOAD = 20 * 1024 * 1024
"""The most bytes of a file that a bot can load."""

MOST_UPDATES = 100
"""The most updates of one answer."""

ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
"""What a bot can be shown doing: `action` of sendChatAction."""

Ask = Callable[["Sandbox", Bot, Body], Awaitable[tuple[object, str]]]
"""Answers a call with its result and a description, mostly empty. Raises TelegramError."""


async def get_me(sandbox: Sandbox, bot: Bot, body: Body) -> tuple[object, str]:
    """Return the bot itself as a user, with its abilities."""
    abilities = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
    return bot_user(bot) | abilities, ""


async def get_updates(sandbox: Sandbox, bot: Bot, body: Body) -> tuple[object, str]:
    """Return the updates that weren't confirmed yet; wait up to `timeout` seconds for the first."""
    if body.text("allowed_updates"):
        bot.allowed = names(body, "allowed_updates")
    limit = min(max(integer(body, "limit", MOST_UPDATES), 1), MOST_UPDATES)
    timeout = max(integer(body, "timeout", 0), 0)
    offset = integer(body, "offset", 0)
    return await sandbox.telegram.updates.poll(bot, offset, limit, timeout, sandbox.closing), ""


async def set_webhook(sandbox: Sandbox, bot: Bot, body: Body) -> tuple[object, str]:
    """Post updates to `url` from now on; delete the webhook if it is empty. Plain http is taken, for loopback."""
    url, secret = body.text("url"), body.text("secret_token")
    if not url:
        return await delete_webhook(sandbox, bot, body)
    if not re.match(r"https?://[^/]", url):
        raise TelegramError(400, "bad webhook: An HTTPS URL must be provided for webhook")
    if len(secret) > 256:
        raise TelegramError(400, "secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise TelegramError(400, "secret token contains unallowed characters")
    if body.text("allowed_updates"):
        bot.allowed = names(body, "allowed_updates")
    if flag(body, "drop_pending_updates"):
        bot.updates.clear()
    same = bot.webhook is not None and (bot.webhook.url, bot.webhook.secret_token) == (url, secret)
    sandbox.telegram.updates.set_webhook(bot, Webhook(url, secret))
    return True, "Webhook is already set" if same else "Webhook was set"


async def delete_webhook(sandbox: Sandbox, bot: Bot, body: Body) -> tuple[object, str]:
    """Delete the webhook, so that updates can be polled for."""
    if flag(body, "drop_pending_updates"):
        bot.updates.clear()
    if bot.webhook is None:
        return True, "Webhook is already deleted"
    sandbox.telegram.updates.set_webhook(bot, None)
    return True, "Webhook was deleted"


async def get_webhook_info(sandbox: Sandbox, bot: Bot, body: Body) -> tuple[object, str]:
    """Return where updates are posted, how many wait, and the last failure."""
    webhook = bot.webhook
    info: dict[str, object] = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(sandbox.telegram.updates.waiting(bot)),
    }
    if webhook:
        info["max_connections"] = 40
        if webhook.failed_at:
            info |= {"last_error_date": unix(webhook.failed_at), "last_error_message": webhook.failure}
    if bot.allowed:
        info["allowed_updates"] = sorted(bot.allowed)
    return info, ""


async def get_file(sandbox: Sandbox, bot: Bot, body: Body) -> tuple[object, str]:
    """Return the path from which a file can be loaded. Raise TelegramError 400 when it is unknown or too large."""
    asked = body.text("file_id")
    file = bot.file(asked)
    if file is None:
        raise TelegramError(400, "wrong file_id or the file is temporarily unavailable")
    if len(file.data) > LARGEST_DOWNLOAD:
        raise TelegramError(400, "file is too big")
    size = len(file.data)
    return {"file_id": asked, "file_unique_id": file.unique_id, "file_size": size, "file_path": file.path}, ""


async def send_chat_action(sandbox: Sandbox, bot: Bot, body: Body) -> tuple[object, str]:
    """Accept an action such as typing, which is shown nowhere. Raise TelegramError for an unknown action or chat."""
    sandbox.telegram.recipient(bot, body.text("chat_id"))
    if body.text("action") not in ACTIONS:
        raise TelegramError(400, "wrong parameter action in request")
    return True, ""


ASKS: dict[str, Ask] = {
    "getme": get_me,
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "getfile": get_file,
    "sendchataction": send_chat_action,
}
"""Method, in lower case, to the function that answers it."""

"""The check of a bot's token and of how the bot receives, at Telegram. Imports the SDK: import it late."""

import re
from typing import Any

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import ChannelError, InboxCheck
from contacts_tui.channels.telegram import errors
from contacts_tui.channels.telegram.http import Line, without_token
from contacts_tui.channels.telegram.updates import is_ours
from contacts_tui.channels.untrusted import text_of
from contacts_tui.domain.inbox import Inbox

_DENIED = (errors.BAD_TOKEN, "404")

_SITE = re.compile(r"(https?://)(?:[^/?#\\]*@)?([^/?#\\@]+)", re.IGNORECASE)
"""Scheme and host of an address, without a user name and password before the host."""


async def check(line: Line, inbox: Inbox, seconds: float) -> InboxCheck:
    """Check the bot, then how it receives. Report what Telegram denies in the result; raise any other failure."""
    try:
        bot = await line.ask(lambda bot: bot.get_me(), seconds)
    except ChannelError as error:
        if error.code in _DENIED:
            return InboxCheck(False, (error.sentence,), error.code)
        raise
    name = text_of(bot.get("username")) if isinstance(bot, dict) else ""
    if name.casefold() != inbox.address.casefold():
        return InboxCheck(
            False, (f"The token belongs to the bot @{name}, not to @{inbox.address}.",), local_errors.UNCONFIRMED
        )
    info = await line.ask(lambda bot: bot.get_webhook_info(), seconds)
    code, told = _way(info if isinstance(info, dict) else {}, inbox, line.token)
    return InboxCheck(not code, (f"The bot @{name} accepts the token.", told), code)


def _way(info: dict[str, Any], inbox: Inbox, token: str) -> tuple[str, str]:
    """Return a code when the bot doesn't receive as the inbox says (else empty), and a sentence on how it receives."""
    url = _shown(inbox, text_of(info.get("url")))
    trouble = without_token(text_of(info.get("last_error_message")), token)
    count = info.get("pending_update_count")
    waiting = f", and {count} waiting" if type(count) is int and count else ""
    if inbox.is_polled:
        if url:
            return local_errors.WEBHOOK, f"The inbox is set to polling, but messages go to the webhook {url}."
        return "", f"Messages are received by polling{waiting}."
    if not url:
        return (
            local_errors.NO_WEBHOOK,
            "No webhook is set yet: the interface or `contacts-tui serve` sets it.",
        )
    told = f"Messages go to the webhook {url}{waiting}."
    # Telegram reports its last failure long after it was mended; then no update is waiting.
    return (
        (local_errors.WEBHOOK_FAILS, f"{told} The last call failed: {trouble}.") if trouble and waiting else ("", told)
    )


def _shown(inbox: Inbox, url: str) -> str:
    """Return a webhook's address without secrets: of a foreign one only the site, as its path often has the token."""
    if not url or is_ours(inbox, url):
        return url
    site = _SITE.match(url)
    return f"{site[1]}{site[2]}" if site else "of another program"

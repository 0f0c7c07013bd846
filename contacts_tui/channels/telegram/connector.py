"""Telegram's connector: a bot's private chats."""

import re
from datetime import timedelta

from contacts_tui.channels.connector import PLACE, BadField, Connector, Setting, reference
from contacts_tui.channels.untrusted import is_id
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.inbox import RECEIVE, InboxField, InboxForm
from contacts_tui.domain.limits import MEGABYTE, FileRule, Limits
from contacts_tui.domain.unknown_outcome import Evidence

_BOT_NAME = re.compile(r"@?([A-Za-z0-9_]{4,32})")
"""Telegram's rule for user names, with or without the @ before it."""
"""Ids, which have at most 64 bits."""

_LIMITS = Limits(
    text=4096,  # After entities are parsed; we send none.
    # A bot, to all people together and to one: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits
    rate=30,
    chat_interval=timedelta(seconds=1),
    # https://core.telegram.org/bots/api#sending-files: 10 MB as a photo, which a larger one isn't sent as, else 50 MB.
    files=(FileRule((), 50 * MEGABYTE, carries_text=True),),
    files_in_words="every kind of file",
)


def _name(form: InboxForm) -> str:
    name = form.address.strip().removeprefix("@")
    if not _BOT_NAME.fullmatch(name):
        raise BadField(f"{form.address!r} is not a bot's user name: it looks like shop_support_bot")
    return name


def _id(form: InboxForm) -> str:
    account = form.account.strip()
    if account and not is_id(account):
        raise BadField("that is not a bot's id: it is the number before the colon in the token, or leave it out")
    return account


def _receive(form: InboxForm) -> str:
    way = form.options.get("receive") or RECEIVE[0]
    if way not in RECEIVE:
        raise BadField(f"a bot receives via {' or '.join(RECEIVE)}, not via {way!r}")
    return way


def _link(address: str) -> str:
    name = _BOT_NAME.fullmatch(address)
    return f"https://t.me/{name[1]}" if name else ""


_NEVER_TOLD = "Telegram doesn't list what a bot has sent: only a reply would tell"

TELEGRAM = Connector(
    provider=Provider.TELEGRAM,
    channel=Channel.TELEGRAM,
    name="Telegram",
    adapter="contacts_tui.channels.telegram.adapter:TelegramAdapter",
    errors="contacts_tui.channels.telegram.errors",
    limits=_LIMITS,
    settings=(
        Setting(
            InboxField(
                "address", "Bot's name", "The bot's user name, such as shop_support_bot; @BotFather makes bots."
            ),
            _name,
        ),
        Setting(
            InboxField("secret", "Token at", f"Where the bot's token is; the token itself is never stored. {PLACE}"),
            reference,
        ),
        Setting(
            InboxField(
                "receive",
                "Receives via",
                "Polling: this program asks Telegram, and needs no public address. "
                "Webhook: Telegram calls contacts-tui serve. A bot uses one or the other.",
                tuple((way, way) for way in RECEIVE),
                is_option=True,
            ),
            _receive,
        ),
        Setting(InboxField("account", "Bot's id", "The number before the colon in the token."), _id, is_asked=False),
    ),
    evidence=Evidence(may_be_told=_NEVER_TOLD, never_told=_NEVER_TOLD),
    # https://core.telegram.org/bots/api#getting-updates
    kept_for=timedelta(hours=24),
    link=_link,
)

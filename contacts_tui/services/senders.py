"""What an inbox of each channel needs: its address, account and options, checked before it is stored."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contacts_tui.channels import secrets
from contacts_tui.domain import address as addresses
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.services.errors import BadInput

PROVIDERS = {
    Channel.SMS: Provider.TWILIO,
    Channel.WHATSAPP: Provider.TWILIO,
    Channel.TELEGRAM: Provider.TELEGRAM,
    Channel.MESSENGER: Provider.META,
}
"""Who carries each channel."""

RECEIVE = ("polling", "webhook")
"""The ways in which a Telegram bot hears; the first one unless told."""

_BOT_NAME = re.compile(r"[A-Za-z0-9_]{4,32}")
_NUMBER = re.compile(r"[0-9]{1,20}")
"""Ids at Telegram and Meta: longer ones than 64 bits exist nowhere."""
_GRAPH_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class Sender:
    """What identifies an inbox at its provider, in its one spelling."""

    address: str
    account: str
    options: Mapping[str, str]
    human_agent: bool = False
    """Messenger: the page has the permission for the HUMAN_AGENT tag."""


def checked(channel: Channel, given: Sender) -> Sender:
    """The sender as it is stored. Raises BadInput with what is wrong and what to do."""
    rule, allowed = _RULES[channel]
    for name in given.options:
        if name not in allowed:
            raise BadInput(f"an inbox of {channel.label} has no option {name}: leave it out")
    if given.human_agent and channel is not Channel.MESSENGER:
        raise BadInput(f"HUMAN_AGENT is a permission of Facebook pages: leave it out for {channel.label}")
    return rule(given)


def _twilio(given: Sender) -> Sender:
    account, bare = given.account, given.address.strip().removeprefix("whatsapp:")
    if not account.startswith("AC") or len(account) != 34:
        raise BadInput(
            f"{account!r} is no Twilio Account SID: it is AC and 32 letters and digits, on the console's first page"
        )
    if bare.startswith("MG") and len(bare) == 34:
        return Sender(bare, account, given.options)
    try:
        return Sender(addresses.normalize_phone(bare, None), account, given.options)
    except addresses.AddressError as error:
        raise BadInput(f"the inbox's own address: {error}") from error


def _telegram(given: Sender) -> Sender:
    name, account = given.address.strip().removeprefix("@"), given.account.strip()
    if not _BOT_NAME.fullmatch(name):
        raise BadInput(f"{given.address!r} is no bot's user name: it looks like shop_support_bot")
    if account and not _NUMBER.fullmatch(account):
        raise BadInput(f"{account!r} is no bot's id: it is the number before the colon in the token")
    if given.options.get("receive", RECEIVE[0]) not in RECEIVE:
        raise BadInput(f"a bot hears by {' or '.join(RECEIVE)}, not by {given.options['receive']!r}")
    return Sender(name, account, given.options)


def _messenger(given: Sender) -> Sender:
    page, account = given.address.strip(), given.account.strip() or given.address.strip()
    if not _NUMBER.fullmatch(page):
        raise BadInput(f"{given.address!r} is no page id: it is a number, on the page under About, Page transparency")
    if not _NUMBER.fullmatch(account):
        raise BadInput(f"{account!r} is no app id: it is a number, on the app's dashboard at Meta; or leave it out")
    if not secrets.is_reference(given.options.get("app_secret", "")):
        raise BadInput(
            "Messenger signs what comes in with the app's secret: "
            "say where that is by --app-secret env:NAME, file:PATH or keyring:NAME"
        )
    version = given.options.get("graph_version", "")
    if version and not _GRAPH_VERSION.fullmatch(version):
        raise BadInput(f"{version!r} is no version of the Graph API: it looks like v26.0")
    return Sender(page, account, given.options, given.human_agent)


_RULES: dict[Channel, tuple[Callable[[Sender], Sender], frozenset[str]]] = {
    Channel.SMS: (_twilio, frozenset()),
    Channel.WHATSAPP: (_twilio, frozenset()),
    Channel.TELEGRAM: (_telegram, frozenset({"receive"})),
    Channel.MESSENGER: (_messenger, frozenset({"app_secret", "graph_version"})),
}
"""Each channel's rule, and the options that its inboxes have."""

"""What an inbox of each channel needs, field by field: checked before it is stored, and put into its one spelling."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from contacts_tui.channels import secrets
from contacts_tui.domain import address as addresses
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.inbox import OPTIONS, RECEIVE, InboxForm
from contacts_tui.domain.text import name_fault
from contacts_tui.services.errors import BadInput

PROVIDERS = {
    Channel.SMS: Provider.TWILIO,
    Channel.WHATSAPP: Provider.TWILIO,
    Channel.TELEGRAM: Provider.TELEGRAM,
    Channel.MESSENGER: Provider.META,
}
"""Who carries each channel."""

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_BOT_NAME = re.compile(r"[A-Za-z0-9_]{4,32}")
_NUMBER = re.compile(r"[0-9]{1,20}")
"""Ids at Telegram and Meta: longer ones than 64 bits exist nowhere."""
_GRAPH_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]{1,2}")
_REFERENCE = "env:NAME, file:PATH or keyring:NAME"

NO_CREDENTIALS = (
    "a user or a password in the {what} would be stored and shown in the clear: leave out what is before the @; "
    "credentials are only given by reference"
)
"""Why an address with credentials in it is refused; the address is not repeated."""


def problems(form: InboxForm) -> dict[str, str]:
    """Field to what is wrong with it and what to do, in the order of the fields; empty when all is right."""
    found = {}
    for field, rule in _rules(form.channel).items():
        try:
            rule(form)
        except BadInput as error:
            found[field] = error.sentence
    return found | _superfluous(form)


def settled(form: InboxForm) -> InboxForm:
    """The form as it is stored: each value in its one spelling. Raises BadInput with the first thing that is wrong."""
    for sentence in problems(form).values():
        raise BadInput(sentence)
    rules = _rules(form.channel)
    return replace(
        form,
        name=rules["name"](form),
        address=rules["address"](form),
        account=rules["account"](form),
        secret=rules["secret"](form),
        base_url=rules["base_url"](form),
        options={name: rules[name](form) for name, given in form.options.items() if given},
    )


def options_of(channel: Channel) -> tuple[str, ...]:
    """The options that an inbox of this channel has."""
    return tuple(field for field in _BY_CHANNEL[channel] if field in OPTIONS)


def _rules(channel: Channel) -> "Mapping[str, _Rule]":
    return _FOR_ALL | _BY_CHANNEL[channel]


def _superfluous(form: InboxForm) -> dict[str, str]:
    label = form.channel.label
    found = {
        name: f"an inbox of {label} has no option {name}: leave it out"
        for name in form.options
        if name not in options_of(form.channel)
    }
    if form.human_agent and form.channel is not Channel.MESSENGER:
        found["human_agent"] = f"HUMAN_AGENT is a permission of Facebook pages: leave it out for {label}"
    return found


def _name(form: InboxForm) -> str:
    name = form.name.strip()
    if fault := name_fault(name):
        raise BadInput(f"the inbox needs a name, such as Shop: this one {fault}")
    return name


def _secret(form: InboxForm) -> str:
    if not secrets.is_reference(form.secret.strip()):
        raise BadInput(f"the secret itself is never stored: give {_REFERENCE}, where it can be read")
    return form.secret.strip()


def _base_url(form: InboxForm) -> str:
    url = form.base_url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        raise BadInput(f"{url!r} is not a base URL: it looks like https://api.example.com") from None
    if parts.username is not None or parts.password is not None:
        raise BadInput(NO_CREDENTIALS.format(what="base URL"))
    if url and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise BadInput(f"{url!r} is not a base URL: it begins with http:// or https://")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise BadInput(f"{url} would carry the token in the clear: use https, or an address of this machine")
    return url.rstrip("/")


def _twilio_account(form: InboxForm) -> str:
    account = form.account.strip()
    if not account.startswith("AC") or len(account) != 34:
        raise BadInput(
            f"{account!r} is not a Twilio Account SID: it is AC and 32 letters and digits, on the console's first page"
        )
    return account


def _twilio_address(form: InboxForm) -> str:
    bare = form.address.strip().removeprefix("whatsapp:")
    if bare.startswith("MG") and len(bare) == 34:
        return bare
    try:
        return addresses.normalize_phone(bare, None)
    except addresses.AddressError as error:
        raise BadInput(f"the inbox's own address: {error}") from error


def _bot_name(form: InboxForm) -> str:
    name = form.address.strip().removeprefix("@")
    if not _BOT_NAME.fullmatch(name):
        raise BadInput(f"{form.address!r} is not a bot's user name: it looks like shop_support_bot")
    return name


def _bot_id(form: InboxForm) -> str:
    account = form.account.strip()
    if account and not _NUMBER.fullmatch(account):
        raise BadInput("that is not a bot's id: it is the number before the colon in the token, or leave it out")
    return account


def _receive(form: InboxForm) -> str:
    way = form.options.get("receive") or RECEIVE[0]
    if way not in RECEIVE:
        raise BadInput(f"a bot receives via {' or '.join(RECEIVE)}, not via {way!r}")
    return way


def _page(form: InboxForm) -> str:
    page = form.address.strip()
    if not _NUMBER.fullmatch(page):
        raise BadInput(f"{form.address!r} is not a page id: it is a number, on the page under About, Page transparency")
    return page


def _app(form: InboxForm) -> str:
    account = form.account.strip()
    if account and not _NUMBER.fullmatch(account):
        raise BadInput(f"{account!r} is not an app id: it is a number, on the app's dashboard at Meta; or leave it out")
    return account or form.address.strip()


def _app_secret(form: InboxForm) -> str:
    secret = form.options.get("app_secret", "").strip()
    if not secrets.is_reference(secret):
        raise BadInput(
            f"Messenger signs webhooks with the app's secret: say where it is (--app-secret), by {_REFERENCE}"
        )
    return secret


def _graph_version(form: InboxForm) -> str:
    version = form.options.get("graph_version", "")
    if version and not _GRAPH_VERSION.fullmatch(version):
        raise BadInput(f"{version!r} is not a version of the Graph API: it looks like v26.0")
    return version


_Rule = Callable[[InboxForm], str]

_FOR_ALL: dict[str, _Rule] = {"name": _name, "secret": _secret, "base_url": _base_url}

_BY_TWILIO: dict[str, _Rule] = {"address": _twilio_address, "account": _twilio_account}

_BY_CHANNEL: dict[Channel, dict[str, _Rule]] = {
    Channel.SMS: _BY_TWILIO,
    Channel.WHATSAPP: _BY_TWILIO,
    Channel.TELEGRAM: {"address": _bot_name, "account": _bot_id, "receive": _receive},
    Channel.MESSENGER: {
        "address": _page,
        "account": _app,
        "app_secret": _app_secret,
        "graph_version": _graph_version,
    },
}
"""Field to what brings its value into its one spelling; raises BadInput."""

"""Meta's connector: Facebook Messenger."""

import re
from collections.abc import Iterator
from datetime import timedelta

from contacts_tui.channels import secrets
from contacts_tui.channels.base import SecretError
from contacts_tui.channels.connector import (
    PLACE,
    REFERENCE,
    Ability,
    BadField,
    Connector,
    Setting,
    Webhook,
    reference,
)
from contacts_tui.channels.untrusted import is_id
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.inbox import Inbox, InboxField, InboxForm
from contacts_tui.domain.limits import MEGABYTE, FileRule, Limits
from contacts_tui.domain.unknown_outcome import Evidence

SIGNATURE = "x-hub-signature-256"
APP_SECRET = "app_secret"
"""The option with the reference to the app's secret. All pages of an app share it, and one webhook."""

"""Ids, which have at most 64 bits."""
_GRAPH_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]{1,2}")

_LIMITS = Limits(
    text=2000,  # The Send API; no primary source confirms how it counts.
    # The Send API accepts 300, but a page that sends more than 40 loses its own inbox at Meta for a while:
    # https://developers.facebook.com/docs/messenger-platform/overview/rate-limiting
    rate=40,
    # https://developers.facebook.com/docs/messenger-platform/send-messages/saving-assets: 25 MB. Less for pictures [?].
    files=(FileRule((), 25 * MEGABYTE),),
    files_in_words="every kind of file",
)


def _page(form: InboxForm) -> str:
    page = form.address.strip()
    if not is_id(page):
        raise BadField(f"{form.address!r} is not a page id: it is a number, on the page under About, Page transparency")
    return page


def _app(form: InboxForm) -> str:
    account = form.account.strip()
    if account and not is_id(account):
        raise BadField(f"{account!r} is not an app id: it is a number, on the app's dashboard at Meta; or leave it out")
    return account or form.address.strip()


def _app_secret(form: InboxForm) -> str:
    secret = form.options.get(APP_SECRET, "").strip()
    if not secrets.is_reference(secret):
        raise BadField(
            f"Messenger signs webhooks with the app's secret: say where it is (--app-secret), by {REFERENCE}"
        )
    return secret


def _graph_version(form: InboxForm) -> str:
    version = form.options.get("graph_version", "")
    if version and not _GRAPH_VERSION.fullmatch(version):
        raise BadField(f"{version!r} is not a version of the Graph API: it looks like v26.0")
    return version


def _human_agent(form: InboxForm) -> str:
    return "yes" if form.human_agent else "no"


def _link(address: str) -> str:
    # The link works with a page's id as well as with its name:
    # https://developers.facebook.com/docs/messenger-platform/discovery/m-me-links.
    return f"https://m.me/{address}" if is_id(address) else ""


def _to_enter(inbox: Inbox, inbound: str, status: str) -> Iterator[str]:
    yield "At Meta, set for the app's webhook of the kind Page:"
    yield f"  callback URL  {inbound or f'URL/webhooks/{inbox.id}/inbound'}"
    yield f"  verify token  {_verify_token(inbox)}"


def _verify_token(inbox: Inbox) -> str:
    """Return the verify token, derived from the app's secret, or the reason why it can't be derived here."""
    from contacts_tui.channels.meta import webhook

    try:
        return webhook.verify_token(webhook.app_secrets(inbox, secrets.resolve)[0], inbox.id)
    except SecretError as error:
        return f"not known here: {error.sentence}"


MESSENGER = Connector(
    provider=Provider.META,
    channel=Channel.MESSENGER,
    name="Meta",
    adapter="contacts_tui.channels.meta.adapter:MessengerAdapter",
    errors="contacts_tui.channels.meta.errors",
    limits=_LIMITS,
    settings=(
        Setting(InboxField("address", "Page id", "A number; on the page under About, Page transparency."), _page),
        Setting(
            InboxField("secret", "Page token at", f"Where the page's access token is; it is never stored. {PLACE}"),
            reference,
        ),
        Setting(
            InboxField(
                APP_SECRET,
                "App secret at",
                f"Where the app's secret is, with which Meta signs. {PLACE}",
                is_option=True,
            ),
            _app_secret,
        ),
        Setting(InboxField("account", "App id", "The app's number at Meta; may be left empty."), _app),
        Setting(
            InboxField(
                "human_agent",
                "Human agent",
                "Whether Meta gave the page the Human Agent permission: a person may then answer for seven days.",
                (("no", "no: 24 hours only"), ("yes", "yes: seven days, for what a person writes")),
            ),
            _human_agent,
        ),
        Setting(
            InboxField("graph_version", "Graph API", "Its version, such as v26.0; may be left empty.", is_option=True),
            _graph_version,
        ),
    ),
    evidence=Evidence(
        may_be_told="Messenger's echo may still tell: still checking",
        never_told="Messenger doesn't list what was sent, and no echo has come: only a reply would tell",
    ),
    abilities=frozenset({Ability.TAGS, Ability.NAMES_APART}),
    webhook=Webhook(signature=SIGNATURE, shared_by=APP_SECRET),
    # As the Cloud API does.
    kept_for=timedelta(days=7),
    link=_link,
    to_enter=_to_enter,
)

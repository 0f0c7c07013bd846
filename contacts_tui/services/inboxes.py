"""Our connected senders, and where the receiver is reached from outside."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from sqlmodel import Session

from contacts_tui.channels import registry, secrets
from contacts_tui.channels.base import WebhookKind, webhook_url
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.views import InboxHealth
from contacts_tui.services import senders
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.store import inboxes, outbox, settings

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_PUBLIC_URL = "public_url"
_APP_SECRET = "app_secret"


def get(session: Session, clock: Clock, inbox_id: int) -> Inbox | None:
    """The inbox, or None."""
    return inboxes.get(session, inbox_id)


def by_name(session: Session, clock: Clock, name: str) -> Inbox:
    """The inbox of that name, in any case. Raises NotFound."""
    for inbox in inboxes.list_all(session):
        if inbox.name.casefold() == name.strip().casefold():
            return inbox
    raise NotFound(f"no inbox is named {name!r}: `contacts-tui inbox list` shows them")


def listed(session: Session, clock: Clock) -> tuple[Inbox, ...]:
    """All inboxes, in the order in which they were connected."""
    return inboxes.list_all(session)


def add(
    session: Session,
    clock: Clock,
    *,
    name: str,
    channel: Channel,
    address: str,
    account: str,
    secret: str,
    base_url: str = "",
    options: Mapping[str, str] | None = None,
    human_agent: bool = False,
) -> Inbox:
    """Connects a sender. Raises BadInput with what is wrong and what to do."""
    if not name.strip():
        raise BadInput("the inbox needs a name, such as Shop")
    sender = senders.checked(channel, senders.Sender(address, account, options or {}, human_agent))
    if not secrets.is_reference(secret):
        raise BadInput(
            "the secret itself is never stored: give env:NAME, file:PATH or keyring:NAME, where it can be read"
        )
    if base_url and not base_url.startswith(("http://", "https://")):
        raise BadInput(f"{base_url!r} is no base URL: it begins with http:// or https://")
    if urlsplit(base_url).scheme == "http" and urlsplit(base_url).hostname not in _LOOPBACK:
        raise BadInput(f"{base_url} would carry the token in clear: use https, or an address of this machine")
    return inboxes.add(
        session,
        clock,
        name=name.strip(),
        channel=channel,
        provider=senders.PROVIDERS[channel],
        address=sender.address,
        account=sender.account,
        secret=secret,
        base_url=base_url.rstrip("/"),
        options=sender.options,
        human_agent=sender.human_agent,
    )


def sharing_webhook(session: Session, clock: Clock, inbox_id: int) -> tuple[Inbox, ...]:
    """The inboxes of which this one's webhook may tell, itself first; none when there is no such inbox.

    An app at Meta has one webhook for all its pages, so what comes in there is offered to every page of the app. Two
    pages belong to one app when their app secret lies at the same place.
    """
    inbox = inboxes.get(session, inbox_id)
    if inbox is None:
        return ()
    secret = inbox.options.get(_APP_SECRET)
    others = (
        other
        for other in inboxes.list_all(session)
        if other.id != inbox.id and other.provider is Provider.META and other.options.get(_APP_SECRET) == secret
    )
    return (inbox, *others) if inbox.provider is Provider.META else (inbox,)


def public_url(session: Session, clock: Clock) -> str:
    """Where providers reach the receiver; empty while nobody said."""
    return settings.get(session, _PUBLIC_URL)


def set_public_url(session: Session, clock: Clock, url: str) -> None:
    """Says where providers reach the receiver. It is kept in the store, for every process on it. Raises BadInput."""
    host = url.partition("://")[2].partition("/")[0]
    if not url.startswith(("http://", "https://")) or not host:
        raise BadInput(f"{url!r} is no public URL: it looks like https://support.example.com")
    if "_" in host:
        raise BadInput(f"the host {host} has an underscore, and Twilio calls no such host: use another name for it")
    settings.put(session, clock, _PUBLIC_URL, url.rstrip("/"))


def webhooks(session: Session, clock: Clock, inbox_id: int) -> tuple[str, str]:
    """The addresses for inbound messages and for statuses, to be entered at the provider; empty without a public URL.

    Only Twilio has one for statuses; the others report to the address for messages, or are polled and need none.
    """
    base, inbox = public_url(session, clock), inboxes.get(session, inbox_id)
    if not base or inbox is None or inbox.is_polled:
        return "", ""
    status = webhook_url(base, inbox_id, WebhookKind.STATUS) if inbox.provider is Provider.TWILIO else ""
    return webhook_url(base, inbox_id, WebhookKind.INBOUND), status


def health(session: Session, clock: Clock) -> InboxHealth:
    """What the status line says of our senders and of the outbox."""
    waiting, unknown = outbox.waiting(session)
    trouble = inboxes.newest_error(session)
    sentence = ""
    if trouble is not None:
        inbox, code = trouble
        sentence = f"{inbox.name}: {registry.explain(inbox.provider, code).sentence}"
    return InboxHealth(inboxes=len(inboxes.list_all(session)), waiting=waiting, unknown=unknown, last_error=sentence)

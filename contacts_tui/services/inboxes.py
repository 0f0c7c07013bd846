"""Our senders: connected, changed, disconnected; and the receiver's public URL."""

from dataclasses import dataclass, replace

from sqlmodel import Session

from contacts_tui.channels import connectors, local_errors
from contacts_tui.channels.base import ChannelError, Polling, WebhookKind, webhook_url
from contacts_tui.channels.fence import Fence, Held
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.health import DisconnectPreview, Source
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.domain.roles import Right
from contacts_tui.services import delivery, inbox_validation, rights
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.store import attempts, gaps, inbox_problems, inboxes, leases, outbox, settings
from contacts_tui.store.store import Store

_PUBLIC_URL = "public_url"


def polling_lease(inbox_id: int) -> str:
    """Return the name of the lease that a process holds while it asks the provider for an inbox's messages."""
    return f"poll {inbox_id}"


def get(session: Session, clock: Clock, inbox_id: int) -> Inbox | None:
    """Return the inbox, or None."""
    return inboxes.get(session, inbox_id)


def by_name(session: Session, clock: Clock, name: str) -> Inbox:
    """Return the inbox of this name, in any case, also a disconnected one. Raise NotFound."""
    for inbox in inboxes.list_all(session):
        if inbox.name.casefold() == name.strip().casefold():
            return inbox
    raise NotFound(f"no inbox is named {name!r}: `contacts-tui inbox list` shows them")


def listed(session: Session, clock: Clock) -> tuple[Inbox, ...]:
    """Return all connected inboxes, in the order in which they were first connected."""
    return tuple(inbox for inbox in inboxes.list_all(session) if inbox.is_connected)


def connect(session: Session, clock: Clock, agent: str, form: InboxForm) -> Inbox:
    """Connect a sender, or a disconnected one again, whose threads then continue.

    Raise NotAllowed, BadInput with what is wrong and what to do, and InboxExists for a name or an address in use.
    """
    rights.check(session, clock, agent, Right.INBOXES)
    form = inbox_validation.validated(form)
    inbox = inboxes.add(session, clock, form, inbox_validation.connector_of(form).provider)
    inbox_problems.remove(session, clock, inbox.id, Source)
    return inbox


def change(session: Session, clock: Clock, agent: str, inbox_id: int, form: InboxForm) -> Inbox:
    """Change an inbox's settings. Its channel, provider and address stay: another address is another inbox.

    Raise NotAllowed, NotFound, InboxExists, and BadInput with what is wrong and what to do.
    """
    rights.check(session, clock, agent, Right.INBOXES)
    before = _connected(session, inbox_id)
    form = inbox_validation.validated(
        replace(form, channel=before.channel, provider=before.provider, address=before.address)
    )
    return inboxes.change(session, clock, inbox_id, form)


def preview_disconnect(session: Session, clock: Clock, inbox_id: int) -> DisconnectPreview:
    """Return how many threads and unsent messages are concerned when an inbox is disconnected."""
    return DisconnectPreview(inbox_problems.threads(session, inbox_id), len(outbox.unsent(session, inbox_id)))


def put_aside(session: Session, clock: Clock, agent: str, inbox_id: int) -> int:
    """Disconnect an inbox in the store: its threads stay readable, nothing more is sent or received.

    Messages that wait to be sent fail now, because sending them days later, when the inbox is connected again, would be
    worse; return how many. Messages that are being sent or reconciled are brought to their end. Raise NotAllowed and
    NotFound.
    """
    rights.check(session, clock, agent, Right.INBOXES)
    _connected(session, inbox_id)
    unsent = outbox.unsent(session, inbox_id)
    for message_id in unsent:
        attempt = attempts.begin(session, clock, message_id)
        aside = delivery.Withheld(local_errors.DISCONNECTED, "the inbox was disconnected before")
        delivery.record(session, clock, message_id, attempt, aside)
    inboxes.disconnect(session, clock, inbox_id)
    gaps.put_aside(session, clock, inbox_id)
    inbox_problems.remove(session, clock, inbox_id, Source)
    leases.take_away(session, clock, polling_lease(inbox_id))
    return len(unsent)


def _connected(session: Session, inbox_id: int) -> Inbox:
    inbox = inboxes.get(session, inbox_id)
    if inbox is None or not inbox.is_connected:
        raise NotFound("this inbox is not connected: connect it first")
    return inbox


def sharing_webhook(session: Session, clock: Clock, inbox_id: int, kind: WebhookKind) -> tuple[Inbox, ...]:
    """Return the inboxes that this one's webhook may concern, itself first; none when there is no such inbox.

    An app at Meta has one webhook for all its pages, so its events are offered to every page of the app, even when this
    one is disconnected. Two pages belong to one app when their app secrets are the same reference. A disconnected inbox
    takes only reports on messages that it sent before: a page by the app's webhook, any other by its webhook for
    statuses.
    """
    inbox = inboxes.get(session, inbox_id)
    if inbox is None:
        return ()
    if not (shared := _shared_by(inbox)):
        return (inbox,) if inbox.is_connected or kind is WebhookKind.STATUS else ()
    secret = inbox.options.get(shared)
    others = (
        other
        for other in inboxes.list_all(session)
        if other.id != inbox.id and other.provider == inbox.provider and other.options.get(shared) == secret
    )
    return (inbox, *others)


def shares_webhook(inbox: Inbox) -> bool:
    """Return whether the webhook of an inbox is offered to other inboxes as well, and may concern only these."""
    return bool(_shared_by(inbox))


def _shared_by(inbox: Inbox) -> str:
    connector = connectors.of(inbox)
    return "" if connector is None else connector.webhook.shared_by


def public_url(session: Session, clock: Clock) -> str:
    """Return the URL at which providers reach the receiver; empty while none is set."""
    return settings.get(session, _PUBLIC_URL)


def set_public_url(session: Session, clock: Clock, url: str) -> None:
    """Store the URL at which providers reach the receiver, for every process on the store. Raise BadInput."""
    host = url.partition("://")[2].partition("/")[0]
    if not url.startswith(("http://", "https://")) or not host:
        raise BadInput(f"{url!r} is not a public URL: it looks like https://support.example.com")
    if "@" in host:
        raise BadInput(inbox_validation.NO_CREDENTIALS.format(what="public URL"))
    if "_" in host:
        raise BadInput(f"the host {host} has an underscore, which Twilio never calls: use another name for it")
    settings.put(session, clock, _PUBLIC_URL, url.rstrip("/"))


def webhooks(session: Session, clock: Clock, inbox_id: int) -> tuple[str, str]:
    """Return the URLs to enter at the provider, for inbound messages and for statuses; empty without a public URL.

    Only Twilio has one for statuses; the others report to the URL for messages, or are polled and need none.
    """
    base, inbox = public_url(session, clock), inboxes.get(session, inbox_id)
    if not base or inbox is None or inbox.is_polled:
        return "", ""
    connector = connectors.of(inbox)
    is_apart = connector is not None and WebhookKind.STATUS in connector.webhook.kinds
    status = webhook_url(base, inbox_id, WebhookKind.STATUS) if is_apart else ""
    return webhook_url(base, inbox_id, WebhookKind.INBOUND), status


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The result of disconnecting an inbox."""

    unsent: int
    """How many waiting messages failed because of it."""
    webhook_left: str
    """Why the provider still calls our webhook, in one sentence; empty when it was told to stop or never did."""


async def disconnect(store: Store, agent: str, inbox_id: int) -> Disconnected:
    """Disconnect an inbox, whatever its provider answers; see `put_aside`. Raise NotAllowed and NotFound.

    The store comes first, so that the process which receives for the inbox doesn't announce the webhook again.
    """
    inbox = await store.read(get, inbox_id)
    if inbox is None:
        raise NotFound("there is no such inbox")
    unsent = await store.run(put_aside, agent, inbox_id)
    return Disconnected(unsent, await _take_webhook_away(store, inbox))


async def _take_webhook_away(store: Store, inbox: Inbox) -> str:
    async def ask() -> None:
        # A process that connected it again meanwhile has announced its own webhook.
        now = await store.read(get, inbox.id)
        if now is None or now.is_connected:
            raise Held(f"{inbox.name} was connected again")

    adapters = Adapters()
    try:
        adapter = adapters.get(inbox.provider)
        if isinstance(adapter, Polling) and not inbox.is_polled:
            await adapter.forget_webhook(inbox, Fence(ask))
    except ChannelError as error:
        return f"Its webhook is still set at {inbox.channel.label}: {error.sentence}"
    finally:
        await adapters.aclose()
    return ""

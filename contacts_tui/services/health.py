"""The health of the inboxes, as the store shows it; and checks of an inbox at its provider."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from contacts_tui.channels import connectors
from contacts_tui.channels.base import ChannelError, InboxCheck
from contacts_tui.channels.local_errors import NO_WEBHOOK
from contacts_tui.channels.registry import Adapters
from contacts_tui.channels.secrets import exposed
from contacts_tui.domain import health
from contacts_tui.domain.clock import Clock, is_past
from contacts_tui.domain.durations import ago_words
from contacts_tui.domain.health import GRACE, InboxHealth, Queue, Receiving, SendersHealth, Source, Way
from contacts_tui.domain.inbox import Inbox, InboxForm, unstored
from contacts_tui.services import inbox_problems, inbox_validation, inboxes
from contacts_tui.services.errors import NotFound
from contacts_tui.services.workers.heartbeat import LEASE, RECEIVER, process_of
from contacts_tui.store import inbox_problems as stored
from contacts_tui.store import inboxes as rows
from contacts_tui.store import leases, passed_over
from contacts_tui.store import queue as queue_rows
from contacts_tui.store.gaps import open_gaps
from contacts_tui.store.store import Store


def listed(session: Session, clock: Clock, awake_since: datetime | None = None) -> tuple[InboxHealth, ...]:
    """Return the health of every inbox, the disconnected ones last.

    `awake_since` is when the asking program itself began to receive: silence counts only from then on.
    """
    queues = stored.queues(session)
    found = [_of(session, clock, inbox, queues.get(inbox.id, Queue()), awake_since) for inbox in rows.list_all(session)]
    return tuple(sorted(found, key=lambda each: not each.inbox.is_connected))


def of(session: Session, clock: Clock, inbox_id: int) -> InboxHealth:
    """Return the health of one inbox. Raise NotFound."""
    found = next((each for each in listed(session, clock) if each.inbox.id == inbox_id), None)
    if found is None:
        raise NotFound("there is no such inbox")
    return found


def senders_together(session: Session, clock: Clock, awake_since: datetime | None = None) -> SendersHealth:
    """Return the health of our senders and of the outbox, for the status line."""
    return health.summary(listed(session, clock, awake_since))


async def check(store: Store, inbox_id: int) -> InboxCheck:
    """Ask the provider about an inbox, and store the result as a problem or as its end. Raise NotFound."""
    inbox = await store.read(inboxes.get, inbox_id)
    if inbox is None:
        raise NotFound("there is no such inbox")
    found = await _ask(inbox)
    if found.ok:
        await store.run(inbox_problems.worked, inbox_id, Source.CHECK)
    else:
        await store.run(inbox_problems.failed, inbox_id, Source.CHECK, found.code)
    return replace(found, lines=(*found.lines, *exposed_secrets([inbox])))


def exposed_secrets(found: Iterable[Inbox]) -> tuple[str, ...]:
    """Return a sentence for each file with a credential of these inboxes that other users of this machine can read."""
    references = {reference for inbox in found for reference in (inbox.secret, *inbox.options.values())}
    return tuple(filter(None, map(exposed, sorted(references))))


async def try_out(form: InboxForm) -> InboxCheck:
    """Ask the provider about a sender that is not stored yet. Raise BadInput.

    A missing webhook is no reason against it: that can be made only once the inbox is stored.
    """
    form = inbox_validation.validated(form)
    found = await _ask(unstored(form, inbox_validation.connector_of(form).provider))
    return InboxCheck(True, found.lines) if found.code == NO_WEBHOOK else found


async def _ask(inbox: Inbox) -> InboxCheck:
    adapters = Adapters()
    try:
        return await adapters.get(inbox.provider).check(inbox)
    except ChannelError as error:
        return InboxCheck(False, (error.sentence,), error.code)
    finally:
        await adapters.aclose()


def _of(session: Session, clock: Clock, inbox: Inbox, queue: Queue, awake_since: datetime | None) -> InboxHealth:
    wrong, receiving = inbox_problems.current(session, inbox), _receiving(session, clock, inbox, awake_since)
    gaps = open_gaps(session, inbox.id)
    return InboxHealth(
        inbox=inbox,
        state=health.state_of(inbox, wrong, receiving, gaps),
        troubles=wrong,
        last_error=inbox_problems.last_error(session, inbox),
        queue=queue,
        receiving=receiving,
        passed_over=passed_over.of_inbox(session, inbox.id),
        gaps=gaps,
        missing="; ".join(gap.sentence(clock()) for gap in gaps),
        carrier=connectors.name_of(inbox.provider) if len(connectors.of_channel(inbox.channel)) > 1 else "",
        set_up=tuple(_set_up(inbox)),
        answers=queue_rows.target(session, inbox.id),
        has_own_target=queue_rows.has_own_target(session, inbox.id),
    )


def _set_up(inbox: Inbox) -> Iterator[tuple[str, str]]:
    """Yield label and value of what was entered for the inbox's connector alone; of a secret only its place."""
    connector = connectors.of(inbox)
    for setting in () if connector is None else connector.settings:
        value = inbox.options.get(setting.field.id, "")
        if setting.field.is_option and not setting.field.choices and value:
            yield setting.field.label.removesuffix(" at"), value


def _receiving(session: Session, clock: Clock, inbox: Inbox, awake_since: datetime | None) -> Receiving:
    inbound, status = inboxes.webhooks(session, clock, inbox.id)
    lease = leases.named(session, inboxes.polling_lease(inbox.id) if inbox.is_polled else RECEIVER)
    is_held = lease is not None and lease.is_held(clock(), LEASE)
    ended = None if lease is None or is_held or not is_past(lease.until, clock()) else lease.until
    idle_since = max(moment for moment in (ended, inbox.connected_at, awake_since) if moment is not None)
    is_silent = not is_held and clock() - idle_since > GRACE
    ago = f" {ago_words(clock() - ended)}" if ended is not None else ""
    obstacle = ""
    if inbox.is_polled and is_silent:
        stopped = f", the last one stopped{ago}" if ago else ""
        obstacle = f"no process polls Telegram for its messages{stopped}: start contacts-tui or contacts-tui serve"
    elif not inbox.is_polled and not inbound:
        obstacle = "no public URL is set for its webhook: start contacts-tui serve --public-url URL"
    elif not inbox.is_polled and is_silent and ago:
        obstacle = f"the receiver stopped{ago}: start contacts-tui serve"
    return Receiving(
        way=Way.POLLING if inbox.is_polled else Way.WEBHOOK,
        holder=process_of(lease.owner) if is_held and lease is not None else "",
        since=ended if lease is None or not is_held else lease.since,
        inbound_url=inbound,
        status_url=status,
        obstacle=obstacle,
    )

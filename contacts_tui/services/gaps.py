"""What may have been missed, and when: noted by whoever finds out, and closed once it was made good.

A webhook that nobody took is lost at Twilio, which doesn't repeat it but lists all messages: such a gap is closed by
`catch_up`. The other providers try again by themselves for a while; what is older than that is lost, and said so.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from contacts_tui.channels import connectors
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.gap import Gap, Reason
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.roles import Right
from contacts_tui.services import inboxes, rights
from contacts_tui.services.errors import BadInput
from contacts_tui.store import gaps, receivers

KEPT_FOR = timedelta(days=90)
"""How long a closed gap is remembered."""

Span = tuple[datetime, datetime]


def of_inbox(session: Session, clock: Clock, inbox_id: int) -> tuple[Gap, ...]:
    """The open gaps of an inbox, the oldest first."""
    return gaps.open_gaps(session, inbox_id)


def get(session: Session, clock: Clock, gap_id: int) -> Gap | None:
    """The gap, or None."""
    return gaps.get(session, gap_id)


def due(session: Session, clock: Clock) -> tuple[Gap, ...]:
    """The gaps that can be worked on now."""
    now = clock()
    return tuple(
        gap for gap in gaps.open_gaps(session) if not gap.is_lost and (gap.not_before is None or gap.not_before <= now)
    )


def nobody_received(session: Session, clock: Clock, reason: Reason, since: datetime | None) -> bool:
    """Notes that webhooks may not have been taken since then, until now; None: since each inbox was connected.

    Returns whether an inbox may miss something.
    """
    found = [inbox for inbox in inboxes.listed(session, clock) if not inbox.is_polled]
    return any([_missed(session, clock, inbox, reason, since, clock()) for inbox in found])


def refused(session: Session, clock: Clock, spans: Mapping[int, Span]) -> bool:
    """Notes that webhooks of these inboxes were answered with an error, the first and the last at these times.

    Providers that try again by themselves miss nothing by it. Returns whether an inbox may.
    """
    known = {inbox.id: inbox for inbox in inboxes.listed(session, clock)}
    return any(
        [
            _missed(session, clock, known[inbox_id], Reason.REFUSED, *span)
            for inbox_id, span in spans.items()
            if inbox_id in known
        ]
    )


def asked(session: Session, clock: Clock, inbox: Inbox, since: datetime | None) -> Gap:
    """Opens a gap because somebody wants what came in since then looked through; None: as far as it isn't proven.

    Raises BadInput for an inbox whose provider lists nothing, and for a time that is none.
    """
    if not lists_messages(inbox):
        raise BadInput(f"{inbox.name}: its provider has no list of messages, and delivers missed messages by itself")
    now = clock()
    if since is not None and since >= now:
        raise BadInput("the time to catch up from must be in the past")
    known = [gap for gap in gaps.open_gaps(session, inbox.id) if not gap.is_lost]
    if since is None:
        signs = [receiver.at for receiver in receivers.listed(session)]
        since = min([*(gap.since for gap in known), max(signs, default=inbox.connected_at or now)])
    gap = gaps.note(session, clock, inbox.id, Reason.ASKED, min(since, now), now, is_lost=False)
    gaps.hurry(session, gap.id)
    return gap


def acknowledge(session: Session, clock: Clock, inboxes_: Sequence[Inbox], by: str) -> tuple[Gap, ...]:
    """Closes the gaps of these inboxes that nothing can fill; returns them. Raises NotAllowed."""
    rights.check(session, clock, by, Right.ACKNOWLEDGE)
    found = [gap for inbox in inboxes_ for gap in gaps.open_gaps(session, inbox.id) if gap.is_lost]
    return tuple(gap for gap in found if gaps.close(session, clock, gap, by))


def provider_answered(session: Session, clock: Clock, inbox_id: int) -> None:
    """An inbox that is polled was answered: what its provider kept no longer before that is lost."""
    inbox, now = inboxes.get(session, clock, inbox_id), clock()
    if inbox is None:
        return
    times = (receivers.answered_at(session, inbox_id), inbox.connected_at)
    before = max((at for at in times if at is not None), default=now)
    _missed(session, clock, inbox, Reason.STOPPED, before, now)
    receivers.answered(session, inbox_id, now)


def _missed(
    session: Session, clock: Clock, inbox: Inbox, reason: Reason, since: datetime | None, until: datetime
) -> bool:
    connected = inbox.connected_at
    since = max((at for at in (since, connected) if at is not None), default=until)
    kept = _kept_for(inbox)
    if kept is not None:
        reason, until = Reason.EXPIRED, until - kept
    if since > until:
        return False
    gaps.note(session, clock, inbox.id, reason, since, until, is_lost=kept is not None)
    return True


def lists_messages(inbox: Inbox) -> bool:
    """Return whether its provider can be asked for what nobody received, and so never hands it over again."""
    return _kept_for(inbox) is None


def _kept_for(inbox: Inbox) -> timedelta | None:
    connector = connectors.of(inbox)
    return None if connector is None else connector.kept_for

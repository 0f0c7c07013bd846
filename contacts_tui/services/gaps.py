"""Gaps: spans of time in which messages may have been missed, noted when they are found and closed once made good.

Twilio doesn't repeat a webhook that no process took, but lists all messages: `catch_up` closes such a gap. The other
providers try again by themselves for a while; messages older than that are lost, and a gap says so.
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
    """Return the open gaps of an inbox, the oldest first."""
    return gaps.open_gaps(session, inbox_id)


def get(session: Session, clock: Clock, gap_id: int) -> Gap | None:
    """Return the gap, or None."""
    return gaps.get(session, gap_id)


def due(session: Session, clock: Clock) -> tuple[Gap, ...]:
    """Return the gaps that can be worked on now, the oldest first."""
    now = clock()
    return tuple(
        gap for gap in gaps.open_gaps(session) if not gap.is_lost and (gap.not_before is None or gap.not_before <= now)
    )


def nobody_received(session: Session, clock: Clock, reason: Reason, since: datetime | None) -> bool:
    """Note that webhooks may not have been received from `since` until now; None: since each inbox was connected.

    Return whether an inbox may have missed something.
    """
    found = [inbox for inbox in inboxes.listed(session, clock) if not inbox.is_polled]
    return any([_missed(session, clock, inbox, reason, since, clock()) for inbox in found])


def refused(session: Session, clock: Clock, spans: Mapping[int, Span]) -> bool:
    """Note that webhooks of these inboxes were answered with an error, first and last at the given times.

    Providers that try again by themselves miss nothing by that. Return whether an inbox may have missed something.
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
    """Open a gap on request, from `since` until now; None: since it is certain that everything came in.

    Raise BadInput for an inbox whose provider has no list of messages, and for a time that isn't in the past.
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
    """Close the gaps of these inboxes that nothing can fill, and return them. Raise NotAllowed."""
    rights.check(session, clock, by, Right.ACKNOWLEDGE)
    found = [gap for inbox in inboxes_ for gap in gaps.open_gaps(session, inbox.id) if gap.is_lost]
    return tuple(gap for gap in found if gaps.close(session, clock, gap, by))


def provider_answered(session: Session, clock: Clock, inbox_id: int) -> None:
    """Note that the provider of a polled inbox answered: messages that it no longer kept before are lost."""
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
    connector = connectors.of(inbox)
    if connector is None:
        # The newer version that has this connector notes what the inbox missed.
        return False
    since = max((at for at in (since, inbox.connected_at) if at is not None), default=until)
    kept = connector.kept_for
    if kept is not None:
        reason, until = Reason.EXPIRED, until - kept
    if since > until:
        return False
    gaps.note(session, clock, inbox.id, reason, since, until, is_lost=kept is not None)
    return True


def lists_messages(inbox: Inbox) -> bool:
    """Return whether the inbox's provider lists missed messages; if so, it never delivers them again by itself."""
    connector = connectors.of(inbox)
    return connector is not None and connector.kept_for is None

"""The window in which free text may be sent: 24 hours after the contact's last message."""

from datetime import datetime, timedelta

from contacts_tui.domain.clock import is_past

LENGTH = timedelta(hours=24)
"""WhatsApp Business and Messenger Platform policy: 24 hours from the provider's time of the last inbound
message."""

HUMAN_AGENT_LENGTH = timedelta(days=7)
"""Messenger Platform policy for the HUMAN_AGENT tag: 7 days from the same moment."""

SAFETY_MARGIN = timedelta(minutes=2)
"""Free text is refused from this long before the end, so that a message on its way arrives inside the window."""

CLOSING_SOON = timedelta(hours=4)
"""An open window with less than this left is shown as closing soon."""


def closes_at(last_inbound_at: datetime, length: timedelta = LENGTH) -> datetime:
    """Return when the provider closes the window."""
    return last_inbound_at + length


def usable_until(
    last_inbound_at: datetime,
    now: datetime,
    closed_by_provider_at: datetime | None = None,
    length: timedelta = LENGTH,
) -> datetime:
    """Return the first moment at which we may no longer send free text: the window's end less the margin.

    `closed_by_provider_at` is when the provider reported the window closed. It is believed over our arithmetic until
    the contact writes again, so it ends a window that began at or before it. An inbound message dated in the future (a
    clock ahead of ours) counts as written now, and opens at most `length`. A report in the future (our clock was set
    back since) can't be compared with inbound messages, so it is ignored: the provider will report it again.
    """
    end = closes_at(min(last_inbound_at, now), length) - SAFETY_MARGIN
    closed_at = closed_by_provider_at if closed_by_provider_at and is_past(closed_by_provider_at, now) else None
    if closed_at is not None and closed_at >= last_inbound_at:
        return min(end, closed_at, now)
    return end


def is_open(
    last_inbound_at: datetime | None,
    now: datetime,
    closed_by_provider_at: datetime | None = None,
    length: timedelta = LENGTH,
) -> bool:
    """Return whether free text may be sent now. A contact who never wrote has no window."""
    return last_inbound_at is not None and now < usable_until(last_inbound_at, now, closed_by_provider_at, length)

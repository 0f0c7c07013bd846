"""How fast each channel's senders may write, and when the next message of a sender may begin."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from contacts_tui.domain.channel import Channel

RATES: Mapping[Channel, int] = {
    # Twilio takes requests as fast as they come and lets them out at the number's own speed (a US long code one a
    # second, a short code a hundred), with room for ten hours of them: more than a short code sends only fills that.
    # https://support.twilio.com/hc/en-us/articles/115002943027
    Channel.SMS: 100,
    # Through Twilio, a sender: https://www.twilio.com/docs/whatsapp/best-practices-and-faqs
    Channel.WHATSAPP: 80,
    # A bot, to all people together: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits
    Channel.TELEGRAM: 30,
    # The Send API takes 300, but a page that sends more than 40 loses its own inbox for a while:
    # https://developers.facebook.com/docs/messenger-platform/overview/rate-limiting
    Channel.MESSENGER: 40,
}
"""Messages that a sender begins in any second at most."""

CHAT_INTERVALS: Mapping[Channel, timedelta] = {
    # https://core.telegram.org/bots/faq#my-bot-is-hitting-limits
    Channel.TELEGRAM: timedelta(seconds=1),
}
"""Least time between two messages to one person, where the provider says so."""

LONGEST_CHAT_WAIT = max(CHAT_INTERVALS.values())
LONGEST_OWN_WAIT = timedelta(seconds=1)
"""No sender has to wait for longer than this by its own pace."""
LONGEST_ASKED_WAIT = timedelta(hours=1)
"""The longest wait that a provider is believed: one try too early does no harm, a mistyped header would bury the
messages."""

BURST = 8
"""Messages that a sender may begin at once after a pause. They count towards its second."""


def room(channel: Channel, free_at: datetime, now: datetime) -> int:
    """How many messages of a sender may begin now, when the next one was to begin at `free_at`."""
    step = _step(channel)
    ahead = _paid_until(channel, free_at, now) - now
    return max(0, (BURST * step - ahead) // step)


def after(channel: Channel, free_at: datetime, now: datetime, begun: int) -> datetime:
    """When the next message of the sender may begin, after `begun` more did now."""
    step = _step(channel)
    return _paid_until(channel, free_at, now) + begun * step - (BURST - 1) * step


def _step(channel: Channel) -> timedelta:
    """Time that one message costs: with a burst on top, a second still holds no more than the rate."""
    return timedelta(seconds=1) / (RATES[channel] - BURST)


def _paid_until(channel: Channel, free_at: datetime, now: datetime) -> datetime:
    return max(free_at + (BURST - 1) * _step(channel), now)

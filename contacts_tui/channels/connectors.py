"""The connectors that there are: one for each provider and channel. Imports no SDK."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from contacts_tui.channels.connector import Ability, Connector
from contacts_tui.channels.meta import connector as meta
from contacts_tui.channels.telegram import connector as telegram
from contacts_tui.channels.twilio import connectors as twilio
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.limits import Limits

_KNOWN: dict[tuple[str, str], Connector] = {
    each.key: each for each in (twilio.SMS, twilio.WHATSAPP, telegram.TELEGRAM, meta.MESSENGER)
}
"""By provider and channel. The first one of a channel is used when no provider is named."""


def every() -> tuple[Connector, ...]:
    """Return all connectors, in the order of their channels."""
    order = list(Channel)
    return tuple(sorted(_KNOWN.values(), key=lambda each: order.index(each.channel)))


def of_channel(channel: Channel) -> tuple[Connector, ...]:
    """Return the connectors of a channel, the usual one first."""
    return tuple(each for each in _KNOWN.values() if each.channel == channel)


def find(provider: Provider | str, channel: Channel | str) -> Connector | None:
    """Return the connector of a provider for a channel; None when only a newer version has it."""
    return _KNOWN.get((str(provider.value if isinstance(provider, Provider) else provider), str(channel)))


def of(inbox: Inbox) -> Connector | None:
    """Return the connector of an inbox; None when only a newer version has it."""
    return find(inbox.provider, inbox.channel)


def of_provider(provider: Provider) -> Connector | None:
    """Return one of a provider's connectors, for what they have in common: adapter, errors, name."""
    return next((each for each in _KNOWN.values() if each.provider == provider), None)


def name_of(provider: Provider) -> str:
    """Return what people call a provider; an unknown one by its own word."""
    found = of_provider(provider)
    return provider.value if found is None else found.name


def understands(inbox: Inbox) -> bool:
    """Return whether this version can use an inbox. One that it can't use was connected by a newer version."""
    return inbox.is_understood and of(inbox) is not None


def can(inbox: Inbox, ability: Ability) -> bool:
    """Return whether an inbox's connector has this ability."""
    found = of(inbox)
    return found is not None and found.can(ability)


def limits() -> Mapping[tuple[str, str], Limits]:
    """Return the limits of each connector, by provider and channel as they stand in the store."""
    return {key: each.limits for key, each in _KNOWN.items()}


@contextmanager
def added(connector: Connector) -> Iterator[Connector]:
    """Add a connector for the time of the block; replace the one with the same provider and channel, if any."""
    before = dict(_KNOWN)
    _KNOWN[connector.key] = connector
    try:
        yield connector
    finally:
        _KNOWN.clear()
        _KNOWN.update(before)

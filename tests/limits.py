"""The limits of the usual connector of each channel."""

from contacts_tui.channels import connectors
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.limits import Limits


def limits_of(channel: Channel) -> Limits:
    """Return the limits of the connector that is used where no provider is named."""
    return connectors.of_channel(channel)[0].limits

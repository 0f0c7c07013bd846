"""What the usual connector of each channel takes."""

from contacts_tui.channels import connectors
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.limits import Limits


def limits_of(channel: Channel) -> Limits:
    """The limits of the connector that is taken when nobody says by whom."""
    return connectors.of_channel(channel)[0].limits

"""One connected sender of ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from contacts_tui.domain.channel import Channel, Provider

OPTIONS = {
    "app_secret": "Messenger: where the app's secret is, as a reference like `Inbox.secret`.",
    "graph_version": "Messenger: the version of the Graph API, such as v26.0.",
    "receive": "Telegram: `polling` (the default) or `webhook`.",
}
"""The options of inboxes and what they mean."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """A Twilio number, a WhatsApp sender, a Telegram bot, a Facebook page."""

    id: int
    name: str
    """Unique, chosen by the team: "Shop", "Returns"."""
    channel: Channel
    provider: Provider
    address: str
    """Our number, bot name or page id on the channel, without `whatsapp:`."""
    account: str
    """The provider's account id (Twilio: the Account SID)."""
    secret: str
    """Where the credential is: `env:NAME`, `file:PATH` or `keyring:NAME`. Never the credential itself."""
    base_url: str
    """Where the provider's API is; empty for the true one."""
    options: Mapping[str, str]
    """What only one provider needs; see `OPTIONS`."""
    human_agent: bool
    """Messenger only: the page has the permission for the HUMAN_AGENT tag (7 days)."""
    last_inbound_at: datetime | None
    last_outbound_at: datetime | None

    @property
    def is_polled(self) -> bool:
        """Whether we ask the provider for what people wrote; otherwise it calls our webhook."""
        return self.channel is Channel.TELEGRAM and self.options.get("receive") != "webhook"

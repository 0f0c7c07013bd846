"""One connected sender of ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.unknown_values import is_known

RECEIVE = ("polling", "webhook")
"""The ways in which a Telegram bot receives; the first one by default."""


@dataclass(frozen=True, slots=True)
class InboxField:
    """A field of the form that connects an inbox."""

    id: str
    """Its name in a form's result, and the name of an option: `app_secret`."""
    label: str
    about: str
    """One sentence: what to enter, and where to find it."""
    choices: tuple[tuple[str, str], ...] = ()
    """Values with their labels; none for a field to type into."""
    is_option: bool = False
    """Whether it is stored in `Inbox.options`."""


@dataclass(frozen=True, slots=True)
class InboxForm:
    """The settings of an inbox to connect, as typed; see `Inbox` for the meaning of the fields."""

    channel: Channel
    name: str = ""
    address: str = ""
    account: str = ""
    secret: str = ""
    base_url: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    human_agent: bool = False
    provider: Provider | None = None
    """The provider; None: the first one of the channel."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """A Twilio number, a WhatsApp sender, a Telegram bot, a Facebook page."""

    id: int
    name: str
    """A unique name, chosen by the team: "Shop", "Returns"."""
    channel: Channel
    provider: Provider
    address: str
    """Our number, bot name or page id on the channel, without `whatsapp:`."""
    account: str
    """The provider's account id (Twilio: the Account SID)."""
    secret: str
    """The place of the credential: `env:NAME`, `file:PATH` or `keyring:NAME`. Never the credential itself."""
    base_url: str
    """The address of the provider's API; empty for the provider's own."""
    options: Mapping[str, str]
    """Settings that only its connector has, by the names of the fields."""
    human_agent: bool
    """Messenger only: whether the page has the permission for the HUMAN_AGENT tag (7 days)."""
    last_inbound_at: datetime | None
    """When a person last wrote, by the provider's time."""
    last_outbound_at: datetime | None
    """When the provider last accepted a message of ours."""
    heard_at: datetime | None = None
    """When we last received anything from the provider: a message, a status, a receipt. Stored to the minute."""
    connected_at: datetime | None = None
    """When it was last connected."""
    disconnected_at: datetime | None = None
    """When it was disconnected; None while it is connected. Its threads stay."""

    @property
    def last_received_at(self) -> datetime | None:
        """When we last received anything, as far as we know; None when we never did."""
        return max((at for at in (self.heard_at, self.last_inbound_at) if at is not None), default=None)

    @property
    def is_connected(self) -> bool:
        """Whether it sends and receives messages."""
        return self.disconnected_at is None

    @property
    def is_polled(self) -> bool:
        """Whether we poll the provider for messages; otherwise it calls our webhook."""
        return self.channel is Channel.TELEGRAM and self.options.get("receive", RECEIVE[0]) == RECEIVE[0]

    @property
    def is_understood(self) -> bool:
        """Whether this version knows its channel and its way of receiving; see also `connectors.understands`."""
        return is_known(self.channel) and self.options.get("receive", RECEIVE[0]) in RECEIVE

    @property
    def form(self) -> InboxForm:
        """The form that connects it with its present settings."""
        return InboxForm(
            self.channel,
            self.name,
            self.address,
            self.account,
            self.secret,
            self.base_url,
            self.options,
            self.human_agent,
            self.provider,
        )


def unstored(form: InboxForm, provider: Provider) -> Inbox:
    """Return the inbox of a form before it is stored, without a history and with the id 0."""
    return Inbox(
        id=0,
        name=form.name,
        channel=form.channel,
        provider=provider,
        address=form.address,
        account=form.account,
        secret=form.secret,
        base_url=form.base_url,
        options=form.options,
        human_agent=form.human_agent,
        last_inbound_at=None,
        last_outbound_at=None,
    )

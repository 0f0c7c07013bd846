"""One connected sender of ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.unknown_values import is_known

RECEIVE = ("polling", "webhook")
"""The ways in which a Telegram bot receives; the first one unless told."""


@dataclass(frozen=True, slots=True)
class InboxField:
    """What is asked for to connect an inbox."""

    id: str
    """Its name in a form's result, and of an option: `app_secret`."""
    label: str
    about: str
    """One sentence: what to enter, and where to find it."""
    choices: tuple[tuple[str, str], ...] = ()
    """Values with the words that stand for them; none for a field to type into."""
    is_option: bool = False
    """Whether it is kept in `Inbox.options`."""


@dataclass(frozen=True, slots=True)
class InboxForm:
    """What somebody says of a sender that is to be connected, as it was typed; see `Inbox` for what each means."""

    channel: Channel
    name: str = ""
    address: str = ""
    account: str = ""
    secret: str = ""
    base_url: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    human_agent: bool = False
    provider: Provider | None = None
    """Who carries it; None: the first that carries the channel."""


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
    """What only one connector needs, by the names of its fields."""
    human_agent: bool
    """Messenger only: the page has the permission for the HUMAN_AGENT tag (7 days)."""
    last_inbound_at: datetime | None
    """When a person last wrote, by the provider's time."""
    last_outbound_at: datetime | None
    """When the provider last took a message of ours."""
    heard_at: datetime | None = None
    """When the provider last told us anything: a message, a status, a receipt. Kept to the minute."""
    connected_at: datetime | None = None
    """When it was connected, for the last time."""
    disconnected_at: datetime | None = None
    """When it was put aside; None while it is connected. Its threads stay."""

    @property
    def last_received_at(self) -> datetime | None:
        """When anything came in, as far as we know; None when nothing ever did."""
        return max((at for at in (self.heard_at, self.last_inbound_at) if at is not None), default=None)

    @property
    def is_connected(self) -> bool:
        """Whether messages go out and come in."""
        return self.disconnected_at is None

    @property
    def is_polled(self) -> bool:
        """Whether we ask the provider for what people wrote; otherwise it calls our webhook."""
        return self.channel is Channel.TELEGRAM and self.options.get("receive", RECEIVE[0]) == RECEIVE[0]

    @property
    def is_understood(self) -> bool:
        """Whether this version knows its channel and its way to receive; see also `connectors.understands`."""
        return is_known(self.channel) and self.options.get("receive", RECEIVE[0]) in RECEIVE

    @property
    def form(self) -> InboxForm:
        """What one would say to connect it as it is."""
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
    """The sender of a form that nobody stored yet, without a history; its id is 0."""
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

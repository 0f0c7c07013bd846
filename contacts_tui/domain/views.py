"""What screens and commands read: rows and cards put together by the services."""

from dataclasses import dataclass
from datetime import datetime

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import Contact, Identity
from contacts_tui.domain.failure import Failure
from contacts_tui.domain.fallback import Fallback
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import Attempt, Message, StatusEvent
from contacts_tui.domain.reachability import ChannelState
from contacts_tui.domain.unknown_outcome import UnknownOutcome
from contacts_tui.domain.urgency import QueueEntry


@dataclass(frozen=True, slots=True)
class ContactCard:
    """What the activity card shows."""

    contact: Contact
    identities: tuple[Identity, ...]
    channels: tuple[ChannelState, ...]
    """One state for each channel, in the channels' order, whether reachable or not."""
    last_seen_at: datetime | None
    """The time of the last inbound message over all channels."""
    weeks: tuple[int, ...]
    """The number of messages in each of the last ten weeks, oldest first."""
    entry: QueueEntry | None = None
    """The person's entry in the queue; None for a person without any conversation."""

    def state_of(self, channel: Channel) -> ChannelState:
        """Return the state of a channel."""
        return next(state for state in self.channels if state.channel is channel)


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as a thread shows it."""

    message: Message
    inbox_name: str
    failure: Failure | None
    """Why it failed; None when it didn't."""
    can_retry: bool
    unknown_outcome: UnknownOutcome | None = None
    """What is known of it, when its outcome is unknown."""
    instead: Fallback | None = None
    """The person's other channels, when it failed and nothing was sent to them since."""
    due_at: datetime | None = None
    """When it is to be sent, while it is scheduled."""

    @property
    def has_offers(self) -> bool:
        """Whether it can be sent on another channel instead."""
        return self.instead is not None and bool(self.instead.offers)


@dataclass(frozen=True, slots=True)
class Remark:
    """An entry between the messages of a thread: an agent's note, or what an agent did with the person."""

    at: datetime
    author: str
    words: str
    """Raw."""
    is_note: bool


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """Some consecutive messages, oldest first."""

    messages: tuple[MessageView, ...]
    has_older: bool
    first_unread_id: int | None
    """The first message not yet read when the thread was opened."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every attempt to send one message, and everything that the provider reported of it."""

    view: MessageView
    recipient: str
    attempts: tuple[Attempt, ...]
    events: tuple[StatusEvent, ...]
    due_at: datetime | None
    """The next try, for a message that waits; in the past when it is due now."""
    is_agents_word: bool = False
    """Whether only an agent's decision says that it arrived, which can be undone."""


@dataclass(frozen=True, slots=True)
class Route:
    """An identity and an inbox, between which there is or can be a conversation."""

    identity: Identity
    inbox: Inbox
    conversation_id: int | None
    """Their existing conversation; None for a new one."""


@dataclass(frozen=True, slots=True)
class Routes:
    """The ways to write to a contact on one channel."""

    channel: Channel
    routes: tuple[Route, ...]
    """Existing conversations first, latest first; then the ways to start one."""
    preselected: int
    """Index of the route to offer first: the latest conversation, or the agent's later choice for this person."""
    is_begun: bool
    """Whether the preselected route has a conversation, or was chosen for this person before."""

    @property
    def threads(self) -> int:
        """The number of existing conversations."""
        return sum(route.conversation_id is not None for route in self.routes)

    @property
    def must_ask(self) -> bool:
        """Whether the agent has to choose: there is no conversation or earlier choice, and several ways to start."""
        ways = sum(route.inbox.is_connected for route in self.routes)
        return ways > 1 and not self.is_begun

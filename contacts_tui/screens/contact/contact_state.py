"""What a contact's screen shows: one state, replaced as a whole by the screen, and passed down to its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.reachability import ChannelState
from contacts_tui.domain.text import one_line
from contacts_tui.domain.views import ContactCard, Route
from contacts_tui.screens.contact.routes import Target


@dataclass(frozen=True, slots=True)
class ContactState:
    """The person who is open, as they were read last, where the agent writes, and which thread is shown."""

    contact_id: int
    card: ContactCard | None = None
    """The person; None before they were read, and when they are no longer in the store."""
    inboxes: Mapping[int, Inbox] = field(default_factory=dict)
    """All inboxes, by id."""
    target: Target | None = None
    """Where the text is sent, and what may be sent there; None before a channel is chosen."""
    all_channels: bool = False
    """Whether the thread is the timeline: everything with the person, not one conversation."""
    left: Target | None = None
    """Where the agent wrote before the timeline chose the cheapest channel: the conversation tab goes back there."""

    @property
    def person(self) -> str:
        """The person's name on one line; empty before they were read."""
        return one_line(self.card.contact.name) if self.card is not None else ""

    @property
    def route(self) -> Route | None:
        """To whom and from where the text is sent; None without a route."""
        return self.target.route if self.target is not None else None

    @property
    def allowed(self) -> ChannelState | None:
        """What may be sent on the route; None before a channel is chosen."""
        return self.target.state if self.target is not None else None

    @property
    def conversation_id(self) -> int | None:
        """The conversation on the route; None before its first message."""
        return self.route.conversation_id if self.route is not None else None

    @property
    def channels(self) -> Sequence[ChannelState]:
        """The channels as they are shown: that of an open target with what the target allows."""
        if self.card is None:
            return ()
        return self.card.channels if self.target is None else self.target.among(self.card.channels)

    def begun(self, conversation_id: int) -> "ContactState":
        """Return this state with the conversation that was begun on its route; the same state without a route."""
        if self.target is None or self.target.route is None:
            return self
        route = replace(self.target.route, conversation_id=conversation_id)
        return replace(self, target=replace(self.target, route=route))

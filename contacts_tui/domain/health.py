"""The health of an inbox: whether it sends and receives, its problems, and the messages that wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from contacts_tui.domain.cells import shorten
from contacts_tui.domain.durations import ago_words
from contacts_tui.domain.gap import Gap
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.text import one_line
from contacts_tui.domain.urgency import DEFAULT_TARGET, AnswerTarget

GRACE = timedelta(seconds=30)
"""How long no process may receive before it is reported: another process takes over within the length of a lease."""


class Source(StrEnum):
    """The activity in which a problem of an inbox appeared. Success at the same activity ends the problem."""

    RECEIVING = "hearing"
    """Polling for messages, or setting our webhook."""
    SENDING = "sending"
    TEMPLATES = "templates"
    """Fetching the templates."""
    CATCHING_UP = "catching up"
    """Fetching messages that we missed."""
    CHECK = "check"
    """An administrator's check of the inbox at the provider."""


class State(StrEnum):
    """The state of an inbox. The order is that of urgency."""

    TROUBLE = "trouble"
    """It needs attention: the provider doesn't accept us, or nothing is received."""
    NOT_RECEIVING = "deaf"
    """No process receives for it: messages may wait at the provider, or get lost."""
    MISSING = "missing"
    """Messages may be missing, or are known to be."""
    LIVE = "live"
    DISCONNECTED = "disconnected"
    """Disconnected by us: its threads stay readable, nothing is sent or received."""

    @property
    def words(self) -> str:
        """The words beside the mark."""
        return _WORDS[self]

    @property
    def mark(self) -> str:
        """A mark of one character, always shown near the words."""
        return _MARKS[self]

    @property
    def needs_care(self) -> bool:
        """Whether an agent has to know of it."""
        return self in (State.TROUBLE, State.NOT_RECEIVING, State.MISSING)

    @property
    def is_urgent(self) -> bool:
        """Whether it is shown in the colour of a failed message."""
        return self is State.TROUBLE


_WORDS = {
    State.TROUBLE: "needs attention",
    State.NOT_RECEIVING: "receives nothing",
    State.MISSING: "may miss messages",
    State.LIVE: "live",
    State.DISCONNECTED: "disconnected",
}
_MARKS = {State.TROUBLE: "✗", State.NOT_RECEIVING: "!", State.MISSING: "!", State.LIVE: "✓", State.DISCONNECTED: "–"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem of an inbox itself, not of one message."""

    source: Source | None
    """None for a past error, of which only the code is stored."""
    code: str
    happened: str
    """One clause, lower case: "Telegram doesn't accept the bot's token"."""
    remedy: str
    """One clause: "ask an administrator to renew the bot's token"."""
    at: datetime
    """When it began; of a past error, when it happened."""
    rejects_credential: bool
    """Whether the credential is missing or not accepted by the provider: nothing can be sent then."""

    @property
    def sentence(self) -> str:
        """Both clauses."""
        return f"{self.happened}: {self.remedy}"


@dataclass(frozen=True, slots=True)
class Queue:
    """How many messages of an inbox aren't done."""

    waiting: int = 0
    """Messages that wait to be sent."""
    sending: int = 0
    """Messages that are being handed to the provider now."""
    unknown: int = 0
    """Messages with an unknown outcome."""


class Way(StrEnum):
    """How messages are received. A Telegram bot uses one of the two at a time."""

    POLLING = "polling"
    """We poll the provider."""
    WEBHOOK = "webhook"
    """The provider calls our receiver."""


@dataclass(frozen=True, slots=True)
class Receiving:
    """How an inbox receives messages, and by which process."""

    way: Way
    holder: str
    """The process that polls the provider, or receives its calls, as `host/process id`; empty for none."""
    since: datetime | None
    """When that process began, or, when no process receives any more, when the last one stopped."""
    inbound_url: str
    """Where the provider reports messages; empty when it is polled, or without a public URL."""
    status_url: str
    """Where it reports statuses, when that is another address; otherwise empty."""
    obstacle: str
    """Why nothing can be received, and what to do; empty while a process receives."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A kind of events that the program does nothing with, such as reactions."""

    kind: str
    """The provider's name for it, as it came: clean it where it is drawn."""
    count: int
    """The number of events."""
    last_at: datetime
    """When the last one was received."""


@dataclass(frozen=True, slots=True)
class InboxHealth:
    """Everything that is known of the health of an inbox."""

    inbox: Inbox
    state: State
    troubles: tuple[Trouble, ...]
    """The present problems, newest first."""
    last_error: Trouble | None
    """The last problem, also when it is over."""
    queue: Queue
    receiving: Receiving
    passed_over: tuple[PassedOver, ...] = ()
    """The events that were passed over, the latest first."""
    gaps: tuple[Gap, ...] = ()
    """Spans of time in which messages may have been missed, oldest first."""
    missing: str = ""
    """A sentence on these gaps: since when, and what is being done about them."""
    carrier: str = ""
    """The provider's name, when its channel may have several; otherwise empty."""
    set_up: tuple[tuple[str, str], ...] = ()
    """The settings that only its connector has, each with its label."""
    answers: AnswerTarget = DEFAULT_TARGET
    """How soon its messages are to be answered."""
    has_own_target: bool = False
    """Whether that target was chosen for this inbox; otherwise it is the usual one."""

    @property
    def care(self) -> str:
        """What is wrong and what to do, in one sentence; empty when it is live or disconnected."""
        match self.state:
            case State.TROUBLE:
                return self.troubles[0].sentence
            case State.NOT_RECEIVING:
                return self.receiving.obstacle
            case State.MISSING:
                return self.missing
            case _:
                return ""


@dataclass(frozen=True, slots=True)
class SendersHealth:
    """The health of all connected inboxes together, for the status line and the navigation."""

    inboxes: int
    """The number of connected inboxes."""
    queue: Queue
    ailing: tuple[tuple[str, State, str], ...] = ()
    """Name, state and sentence of each inbox that needs attention, the most urgent first."""


@dataclass(frozen=True, slots=True)
class DisconnectPreview:
    """The consequences of disconnecting an inbox."""

    threads: int
    """The number of conversations that stay readable and can't be continued."""
    waiting: int
    """The number of messages that would no longer be sent."""


def state_of(inbox: Inbox, troubles: tuple[Trouble, ...], receiving: Receiving, gaps: tuple[Gap, ...] = ()) -> State:
    """Return the state of an inbox."""
    if not inbox.is_connected:
        return State.DISCONNECTED
    if troubles:
        return State.TROUBLE
    if receiving.obstacle:
        return State.NOT_RECEIVING
    return State.MISSING if gaps else State.LIVE


def summary(found: tuple[InboxHealth, ...]) -> SendersHealth:
    """Return the health of all connected inboxes together; unknown outcomes are counted at disconnected ones, too."""
    connected = [health for health in found if health.inbox.is_connected]
    order = list(State)
    ailing = sorted((h for h in connected if h.state.needs_care), key=lambda health: order.index(health.state))
    queue = Queue(
        waiting=sum(health.queue.waiting for health in connected),
        sending=sum(health.queue.sending for health in connected),
        unknown=sum(health.queue.unknown for health in found),
    )
    return SendersHealth(len(connected), queue, tuple((h.inbox.name, h.state, h.care) for h in ailing))


def passed_over_words(found: Sequence[PassedOver], now: datetime) -> str:
    """Return the passed over events in words: the four latest kinds by name, the others by the number of events."""
    parts = [
        f"{each.count:,} × {shorten(one_line(each.kind), 30)} ({ago_words(now - each.last_at)})" for each in found[:4]
    ]
    if more := sum(each.count for each in found[4:]):
        parts.append(f"{more:,} of other kinds")
    return ", ".join(parts)

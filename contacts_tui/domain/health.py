"""How an inbox is: whether it sends and receives, what it is in trouble with, and what waits at it."""

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
"""How long nobody may receive before it is told: one process takes over from another within a lease's length."""


class Source(StrEnum):
    """What we were doing when an inbox got into trouble. Success at the same thing ends it."""

    RECEIVING = "hearing"
    """Asking for messages, or announcing our webhook."""
    SENDING = "sending"
    TEMPLATES = "templates"
    """Fetching the templates."""
    CATCHING_UP = "catching up"
    """Asking for messages that we missed."""
    CHECK = "check"
    """An administrator asked the provider whether all is well."""


class State(StrEnum):
    """An inbox in one word. The order is that of urgency."""

    TROUBLE = "trouble"
    """It needs attention: the provider doesn't accept us, or nothing comes in."""
    NOT_RECEIVING = "deaf"
    """Nobody receives here: messages may wait at the provider, or get lost."""
    MISSING = "missing"
    """It isn't proven, or known to be wrong, that everything came in."""
    LIVE = "live"
    DISCONNECTED = "disconnected"
    """Put aside by us: its threads stay readable, nothing is sent or received."""

    @property
    def words(self) -> str:
        """The word that stands beside the mark."""
        return _WORDS[self]

    @property
    def mark(self) -> str:
        """One character; its words are always near."""
        return _MARKS[self]

    @property
    def needs_care(self) -> bool:
        """Whether an agent is to be told."""
        return self in (State.TROUBLE, State.NOT_RECEIVING, State.MISSING)

    @property
    def is_urgent(self) -> bool:
        """Whether it is as red as a failed message."""
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
    """Something that went wrong with an inbox itself, not with one message."""

    source: Source | None
    """None for a past error, of which only the code is kept."""
    code: str
    happened: str
    """One clause, lower case: "Telegram doesn't accept the bot's token"."""
    remedy: str
    """One clause: "ask an administrator to renew the bot's token"."""
    at: datetime
    """Since when; of a past error, when."""
    rejects_credential: bool
    """Whether the provider doesn't accept our credential, or there is none: nothing can be sent then."""

    @property
    def sentence(self) -> str:
        """Both clauses."""
        return f"{self.happened}: {self.remedy}"


@dataclass(frozen=True, slots=True)
class Queue:
    """How many messages of an inbox are on their way."""

    waiting: int = 0
    """To leave."""
    sending: int = 0
    """Being handed to the provider now."""
    unknown: int = 0
    """Whose outcome nobody knows."""


class Way(StrEnum):
    """How messages come in. A Telegram bot has one of the two at a time."""

    POLLING = "polling"
    """We ask the provider."""
    WEBHOOK = "webhook"
    """The provider calls our receiver."""


@dataclass(frozen=True, slots=True)
class Receiving:
    """How messages come in to an inbox, and who receives them."""

    way: Way
    holder: str
    """The process that asks the provider, or that receives its calls, as `host/process id`; empty for nobody."""
    since: datetime | None
    """When that process began, or, when nobody receives any more, when the last one stopped."""
    inbound_url: str
    """Where the provider reports messages; empty when it is polled, or without a public URL."""
    status_url: str
    """Where it reports statuses, when that is an address of its own."""
    obstacle: str
    """Why nothing can come in, and what to do; empty while somebody receives."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Something that a provider tells an inbox and that nothing is done with, such as a reaction."""

    kind: str
    """What the provider calls it, as it came: clean it where it is drawn."""
    count: int
    """How often."""
    last_at: datetime
    """When we were told last."""


@dataclass(frozen=True, slots=True)
class InboxHealth:
    """Everything that is known of how an inbox is."""

    inbox: Inbox
    state: State
    troubles: tuple[Trouble, ...]
    """What is wrong now, the newest first."""
    last_error: Trouble | None
    """The last thing that went wrong, also when it is over."""
    queue: Queue
    receiving: Receiving
    passed_over: tuple[PassedOver, ...] = ()
    """What was told and passed over, the latest first."""
    gaps: tuple[Gap, ...] = ()
    """Spans of time in which something may have been missed, the oldest first."""
    missing: str = ""
    """What there is to say of these, in one sentence: since when, and what is done about it."""
    carrier: str = ""
    """Who carries it, where its channel may go by several; empty where that is plain."""
    set_up: tuple[tuple[str, str], ...] = ()
    """What only its connector needs, with its label."""
    answers: AnswerTarget = DEFAULT_TARGET
    """How soon its messages are to be answered."""
    has_own_target: bool = False
    """Whether that was chosen for this inbox; otherwise it is the usual target."""

    @property
    def care(self) -> str:
        """What is wrong and what to do, in one sentence; empty when it is well or disconnected."""
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
    """How all connected inboxes are together: what the status line and the navigation need."""

    inboxes: int
    """Connected ones."""
    queue: Queue
    ailing: tuple[tuple[str, State, str], ...] = ()
    """Name, state and sentence of each inbox that needs attention, the most urgent first."""


@dataclass(frozen=True, slots=True)
class DisconnectPreview:
    """What is at stake when an inbox is disconnected."""

    threads: int
    """Conversations that stay readable and can't be continued."""
    waiting: int
    """Messages that would not leave any more."""


def state_of(inbox: Inbox, troubles: tuple[Trouble, ...], receiving: Receiving, gaps: tuple[Gap, ...] = ()) -> State:
    """What an inbox is, in one word."""
    if not inbox.is_connected:
        return State.DISCONNECTED
    if troubles:
        return State.TROUBLE
    if receiving.obstacle:
        return State.NOT_RECEIVING
    return State.MISSING if gaps else State.LIVE


def summary(found: tuple[InboxHealth, ...]) -> SendersHealth:
    """All connected inboxes together."""
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
    """What was told of kinds that nothing is done with: the latest few by name, the others by their number."""
    parts = [
        f"{each.count:,} × {shorten(one_line(each.kind), 30)} ({ago_words(now - each.last_at)})" for each in found[:4]
    ]
    if more := sum(each.count for each in found[4:]):
        parts.append(f"{more:,} of other kinds")
    return ", ".join(parts)

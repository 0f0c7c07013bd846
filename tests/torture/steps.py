"""What can happen in a run, and who is there."""

from dataclasses import dataclass
from enum import StrEnum

from contacts_tui.domain.channel import Channel

DAY = 24 * 3600.0
WEEK = 7 * DAY
"""Seconds."""

MOVES = (-600.0, -420.0, -200.0, -130.0, -60.0, 20.0, 90.0, 300.0, 600.0)
"""Where the clock stands about the end of the windows, in seconds; the margin of ours is between two of them."""

SENDERS_EACH = 2
"""Inboxes of each channel."""

WORKERS = ("worker 1", "worker 2")
AGENTS = ("agent 1", "agent 2")
DESKS = ("desk 1", "desk 2")
"""Who can be killed: `serve` processes, agents without a screen, interfaces in terminals."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with one address on one channel."""

    code: str
    """Their name, one word, by which they are found in the interface."""
    channel: Channel
    address: str
    sender: int
    """Which of our inboxes of their channel they talk with, from 0."""
    fickle: bool = False
    """Refuses our messages now and then: by a word, or on Telegram by a block."""
    by_keys: bool = False
    """Agents write to them in a real interface: it has one way only, and that is always open."""


@dataclass(frozen=True, slots=True)
class Send:
    """An agent writes."""

    number: int
    person: Person
    text: str
    agent: int
    template: bool
    human: bool = False
    """A person wrote it, and wants it to go under Messenger's tag where nothing else may."""


@dataclass(frozen=True, slots=True)
class Type:
    """An agent finds somebody and writes by keys."""

    number: int
    person: Person
    text: str
    desk: int


@dataclass(frozen=True, slots=True)
class Hear:
    """A person writes."""

    number: int
    person: Person
    text: str
    opt_out: str = ""
    """What Twilio says of it beside the text, STOP or START (its OptOutType); empty for nothing."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A person changes what they wrote."""

    person: Person
    number: int
    """Of the `Hear` that it was."""
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A person blocks our bot, or unblocks it."""

    person: Person
    blocked: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """What people wrote to pages comes in one request: entries, each with what was written to one page."""

    entries: tuple[tuple[Hear, ...], ...]
    standby: bool
    """The last of it comes as of a conversation that another app holds."""


@dataclass(frozen=True, slots=True)
class Look:
    """An agent reads a conversation."""

    person: Person
    agent: int


@dataclass(frozen=True, slots=True)
class Again:
    """An agent sends something that failed, or whose outcome is unknown, once more."""

    agent: int


@dataclass(frozen=True, slots=True)
class Settle:
    """An agent knows that something on Telegram whose outcome is unknown arrived."""

    agent: int


@dataclass(frozen=True, slots=True)
class Break:
    """The provider misbehaves: a fault of the sandbox."""

    when: str
    kind: str
    count: int
    seconds: float
    to: str = ""
    """For one address only; empty for all."""


class Line(StrEnum):
    """Which connections are meant."""

    PROVIDERS = "to the providers"
    RECEIVER = "to the receiver"


class Way(StrEnum):
    """In which direction."""

    REQUEST = "request"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Disturb:
    """A connection breaks when something is on its way, or stands still."""

    line: Line
    way: Way
    share: float = 0.0
    """How much of it still gets through before the connection breaks."""
    seconds: float = 0.0
    """For how long it stands still; 0 for one that breaks."""


@dataclass(frozen=True, slots=True)
class Kill:
    """kill -9, after so many seconds; a new one is started at once."""

    who: str
    after: float


@dataclass(frozen=True, slots=True)
class Stop:
    """SIGSTOP, after so many seconds; SIGCONT after so many more, when others have taken over."""

    who: str
    after: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Fill:
    """The disk is full for everyone: no file grows beyond so many bytes. After a while there is room again."""

    limit: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Replace:
    """A copy of the store is put in its place under everyone's hands."""

    before: tuple[Hear, ...]
    """What people write between the copy and the replacement: only the file that is put aside has it."""
    meanwhile: tuple[Hear, ...]
    """What they write as it happens."""
    after: float
    """Seconds from the first of those to the replacement."""
    stopped: str = ""
    """A worker that stands still meanwhile, and goes on when the others have begun on the new file; empty for none."""


@dataclass(frozen=True, slots=True)
class Besiege:
    """Strangers come to each worker: so many who say nothing, and as many who begin a body and stop."""

    idle: int
    forged: int
    """Requests to each worker that nobody may send."""
    seconds: float
    """For how long the idle ones stay."""


@dataclass(frozen=True, slots=True)
class Move:
    """The clock is set to so many seconds from the end of the windows of this day."""

    place: float


@dataclass(frozen=True, slots=True)
class Day:
    """A day goes by: everyone who wrote at its beginning has a window that is about to end."""


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days go by: everyone who wrote at their beginning may soon not be written to under the tag either."""


@dataclass(frozen=True, slots=True)
class Calm:
    """Nothing new happens until what was written has left, or for a while at most."""


class Ending(StrEnum):
    """How a database server ends."""

    IN_ORDER = "in order"
    AT_ONCE = "at once"
    KILLED = "by kill -9"


@dataclass(frozen=True, slots=True)
class Restart:
    """The database server ends under everyone's hands, after so many seconds, and is back after so many more."""

    how: Ending
    after: float
    away: float


@dataclass(frozen=True, slots=True)
class Cut:
    """The database server cuts so many of all connections to the store, from 0 to 1, after so many seconds."""

    share: float
    after: float


Attack = Disturb | Kill | Stop | Fill | Besiege | Replace | Restart | Cut
Step = Send | Type | Hear | Edit | Block | Batch | Look | Again | Settle | Break | Attack | Move | Day | Week | Calm


def messages_in(step: Step) -> int:
    """How many messages a step is."""
    if isinstance(step, Batch):
        return sum(map(len, step.entries))
    if isinstance(step, Replace):
        return len(step.before) + len(step.meanwhile)
    return int(isinstance(step, (Send, Hear, Type)))

"""The steps of a run, and who takes part."""

from dataclasses import dataclass
from enum import StrEnum

from contacts_tui.domain.channel import Channel

DAY = 24 * 3600.0
WEEK = 7 * DAY
"""DAY and WEEK are in seconds."""

MOVES = (-600.0, -420.0, -200.0, -130.0, -60.0, 20.0, 90.0, 300.0, 600.0)
"""Places of the clock around the end of the windows, in seconds; our own windows' end is between two of them."""

SENDERS_EACH = 2
"""Inboxes of each channel."""

WORKERS = ("worker 1", "worker 2")
AGENTS = ("agent 1", "agent 2")
DESKS = ("desk 1", "desk 2")
"""The processes that can be killed: `serve` processes, agents without a screen, interfaces in terminals."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person with one address on one channel."""

    code: str
    """Their name, one word, by which they are found in the interface."""
    channel: Channel
    address: str
    sender: int
    """Number of the inbox of their channel that they write to, from 0."""
    fickle: bool = False
    """Whether they refuse our messages now and then: by a word, or on Telegram by a block."""
    by_keys: bool = False
    """Whether agents write to them in a real interface: they have one identity only, which can always be written to."""


@dataclass(frozen=True, slots=True)
class Send:
    """An agent writes."""

    number: int
    person: Person
    text: str
    agent: int
    template: bool
    human: bool = False
    """Whether a person wrote it, and wants it to be sent under Messenger's tag where nothing else is allowed."""


@dataclass(frozen=True, slots=True)
class Type:
    """An agent finds a person and writes by keys."""

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
    """Twilio's verdict beside the text, STOP or START (its OptOutType); empty for none."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A person changes what they wrote."""

    person: Person
    number: int
    """Number of the `Hear` that is changed."""
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A person blocks our bot, or unblocks it."""

    person: Person
    blocked: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages of people to pages come in one request: entries, each with the messages to one page."""

    entries: tuple[tuple[Hear, ...], ...]
    standby: bool
    """Whether the last message comes as part of a conversation that another app holds."""


@dataclass(frozen=True, slots=True)
class Look:
    """An agent reads a conversation."""

    person: Person
    agent: int


@dataclass(frozen=True, slots=True)
class Again:
    """An agent sends a message once more that failed, or whose outcome is unknown."""

    agent: int


@dataclass(frozen=True, slots=True)
class Settle:
    """An agent knows that a message on Telegram whose outcome is unknown arrived."""

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
    """A connection breaks when data is on its way, or stands still."""

    line: Line
    way: Way
    share: float = 0.0
    """The share of the data that still gets through before the connection breaks."""
    seconds: float = 0.0
    """For how long the connection stands still; 0 for one that breaks."""


@dataclass(frozen=True, slots=True)
class Kill:
    """kill -9, after so many seconds; a new process is started at once."""

    who: str
    after: float


@dataclass(frozen=True, slots=True)
class Stop:
    """SIGSTOP, after so many seconds; SIGCONT after so many more, when other processes have taken over."""

    who: str
    after: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Fill:
    """The disk is full for every process: no file grows beyond so many bytes. After a while there is room again."""

    limit: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Replace:
    """A copy of the store is put in its place while every process works with it."""

    before: tuple[Hear, ...]
    """What people write between the copy and the replacement: only the replaced file has it."""
    meanwhile: tuple[Hear, ...]
    """What people write during the replacement."""
    after: float
    """Seconds from the first message of `meanwhile` to the replacement."""
    stopped: str = ""
    """A worker that stands still meanwhile, and goes on when the others have begun on the new file; empty for none."""


@dataclass(frozen=True, slots=True)
class Besiege:
    """Strangers come to each worker: so many connections that send nothing, part of a head, or part of a body."""

    idle: int
    forged: int
    """Requests to each worker that must be refused."""
    seconds: float
    """Seconds for which the idle connections stay."""


@dataclass(frozen=True, slots=True)
class Move:
    """The clock is set to so many seconds from the end of the windows of this day."""

    place: float


@dataclass(frozen=True, slots=True)
class Day:
    """A day passes: everyone who wrote at its beginning has a window that is about to end."""


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days pass: everyone who wrote at their beginning may soon not be written to under the tag either."""


@dataclass(frozen=True, slots=True)
class Calm:
    """Nothing new happens until all messages are sent, or for a while at most."""


class Ending(StrEnum):
    """How a database server ends."""

    IN_ORDER = "in order"
    AT_ONCE = "at once"
    KILLED = "by kill -9"


@dataclass(frozen=True, slots=True)
class Restart:
    """The database server ends while every process uses it, after so many seconds, and returns after `away` more."""

    how: Ending
    after: float
    away: float


@dataclass(frozen=True, slots=True)
class Cut:
    """The database server cuts this share of all connections to the store, from 0 to 1, after so many seconds."""

    share: float
    after: float


Attack = Disturb | Kill | Stop | Fill | Besiege | Replace | Restart | Cut
Step = Send | Type | Hear | Edit | Block | Batch | Look | Again | Settle | Break | Attack | Move | Day | Week | Calm


def messages_in(step: Step) -> int:
    """Return the number of messages in a step."""
    if isinstance(step, Batch):
        return sum(map(len, step.entries))
    if isinstance(step, Replace):
        return len(step.before) + len(step.meanwhile)
    return int(isinstance(step, (Send, Hear, Type)))

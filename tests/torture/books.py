"""What both sides have written down, in one form: our store, and the provider's own record."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

Key = tuple[str, str, str]
"""What one message of a person is called on both sides: its channel, our sender, and the provider's name for it."""


@dataclass(frozen=True, slots=True)
class Try:
    """An attempt of ours."""

    number: int
    outcome: str
    code: str
    detail: str
    provider_id: str
    started_at: datetime
    tagged: bool = False
    """It was to go under Messenger's HUMAN_AGENT tag."""
    says_closed: bool = False
    """The provider refused it because its window is closed."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of ours, as the store has it."""

    id: int
    uid: str
    channel: str
    sender: str
    """The inbox's address."""
    to: str
    body: str
    free: bool
    """Free text, as opposed to a template."""
    status: str
    code: str
    provider_id: str
    tries: tuple[Try, ...] = ()
    task: str = ""
    """What the outbox has still to do about it; empty for nothing."""
    sentence: str = ""
    """What an agent reads of its code; empty without one."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of a person, as the store has it. In the order of their threads."""

    id: int
    channel: str
    sender: str
    """The inbox's address."""
    from_: str
    body: str
    provider_id: str
    at: datetime
    edited: bool = False
    """It is shown as edited."""

    @property
    def key(self) -> Key:
        """What it is called on both sides."""
        return self.channel, self.sender, self.provider_id


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that bears on who may be written to, in the order of the transactions."""

    what: str
    """`heard`, `allowed`, `blocked`; or `tried` and `ended` of a try of ours."""
    thread: tuple[str, str]
    """Channel and person."""
    at: datetime
    text: str = ""
    """What was heard."""
    opt_out: str = ""
    """Twilio's own word on it, as far as we were told."""
    stored_at: datetime | None = None
    """When it was stored, by the clock as it was then; None where nobody knows: as it came."""
    message_id: int = 0
    number: int = 0
    """Of the try."""
    outcome: str = ""
    code: str = ""
    refuses: bool = False
    """The try came back because the person wants no messages."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A status that was written, in the order of the transactions."""

    message_id: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A message of ours that the provider took."""

    channel: str
    provider_id: str
    sender: str
    to: str
    body: str
    reference: str
    """Our name for the attempt, where the channel carries it."""
    free: bool
    at: datetime
    statuses: tuple[str, ...]
    """Everything that became of it, in its order."""
    told: frozenset[str] = frozenset()
    """Those of them that we said yes to: reports that were answered with 2xx. `echo` stands for an echo."""
    tagged: bool = False
    """Sent under Messenger's HUMAN_AGENT tag."""
    place: int = 0
    """In the provider's record."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message of a person, as the provider has it. In the order in which they were written."""

    channel: str
    provider_id: str
    sender: str
    """The inbox's address."""
    from_: str
    body: str
    """As it was last changed, as far as we said that we know."""
    at: datetime
    acknowledged: bool
    """We said that we have it: a webhook answered with 2xx, or an update confirmed by the next offset."""
    place: int = 0
    """In the provider's record."""
    edited: bool = False
    """We said that we know of a change."""
    opt_out: str = ""
    """Twilio's own word on it: STOP or START."""
    perhaps: frozenset[str] = frozenset()
    """Later texts of which we may have heard: their post was never answered."""

    @property
    def key(self) -> Key:
        """What it is called on both sides."""
        return self.channel, self.sender, self.provider_id


@dataclass(frozen=True, slots=True)
class Answered:
    """A request to the receiver, and the HTTP status that it was answered with."""

    what: str
    answer: int | None
    """None: the connection was cut, or nobody listened."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """A store's file that was put aside under everyone's hands, and another put in its place."""

    path: Path
    """Where it lies now."""
    acknowledged: frozenset[Key]
    """Messages of people to which we had said yes by then."""
    heard: frozenset[Key]
    """Those that are in it."""


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether a person on Telegram lets a bot write, as the provider has it."""

    sender: str
    """The bot."""
    from_: str
    blocked: bool
    at: datetime
    """Since when, by the provider's clock."""
    acknowledged: bool
    """We said that we know of the last change."""


@dataclass(frozen=True, slots=True)
class Ours:
    """The store."""

    sent: Sequence[Sent]
    heard: Sequence[Heard]
    moved: Sequence[Moved]
    noted: Sequence[Noted] = ()
    refusing: frozenset[tuple[str, str]] = frozenset()
    """Channel and person: who wants no more messages, as the store has it in the end."""
    tagging: frozenset[str] = frozenset()
    """Pages that may write under the HUMAN_AGENT tag."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """The provider's record."""

    taken: Sequence[Taken]
    written: Sequence[Written]
    permissions: Sequence[Permission] = ()
    posts: Sequence[Answered] = ()
    """Every webhook that it called."""


@dataclass(slots=True)
class Asked:
    """What the driver asked for, and what it was answered."""

    stored: dict[str, str] = field(default_factory=dict)
    """Text by client id: the agent was told that it is stored."""
    typed: list[str] = field(default_factory=list)
    """Texts that stood in the thread after Enter."""
    again: dict[int, int] = field(default_factory=dict)
    """How often an agent sent a message once more, by its id."""
    arrived: set[int] = field(default_factory=set)
    """Messages of which an agent said that they arrived."""

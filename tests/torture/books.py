"""The records of both sides in one form: our store, and the provider's own record."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

Key = tuple[str, str, str]
"""How both sides name a person's message: channel, our sender, and the provider's id."""


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
    """Whether it was to be sent under Messenger's HUMAN_AGENT tag."""
    says_closed: bool = False
    """Whether the provider refused it because its window is closed."""


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
    """What the outbox still has to do with it; empty for nothing."""
    sentence: str = ""
    """What an agent reads about its code; empty without a code."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of a person, as the store has it, in the order of the threads."""

    id: int
    channel: str
    sender: str
    """The inbox's address."""
    from_: str
    body: str
    provider_id: str
    at: datetime
    edited: bool = False
    """Whether it is shown as edited."""

    @property
    def key(self) -> Key:
        """Its name on both sides."""
        return self.channel, self.sender, self.provider_id


@dataclass(frozen=True, slots=True)
class Noted:
    """An event that bears on whether a person may be written to, in the order of the transactions."""

    what: str
    """`heard` (a message), `allowed`, `blocked`; or `tried` and `ended` for an attempt of ours."""
    thread: tuple[str, str]
    """Channel and person."""
    at: datetime
    text: str = ""
    """The text of a message."""
    opt_out: str = ""
    """Twilio's own verdict on it (OptOutType), as far as we were told."""
    stored_at: datetime | None = None
    """When it was stored, by the clock as it was then; None where that isn't known: then `at` counts."""
    message_id: int = 0
    number: int = 0
    """Number of the attempt."""
    outcome: str = ""
    code: str = ""
    refuses: bool = False
    """Whether the attempt was refused because the person wants no messages."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A change of a status, in the order of the transactions."""

    message_id: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A message of ours that the provider accepted."""

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
    """All its statuses at the provider, in their order."""
    told: frozenset[str] = frozenset()
    """The statuses whose reports we acknowledged with 2xx. `echo` stands for an echo."""
    tagged: bool = False
    """Whether it was sent under Messenger's HUMAN_AGENT tag."""
    place: int = 0
    """Position in the provider's record."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message of a person, as the provider has it, in the order in which they were written."""

    channel: str
    provider_id: str
    sender: str
    """The inbox's address."""
    from_: str
    body: str
    """The text after the last change that we acknowledged."""
    at: datetime
    acknowledged: bool
    """Whether we acknowledged it: a webhook answered with 2xx, or an update confirmed by the next offset."""
    place: int = 0
    """Position in the provider's record."""
    edited: bool = False
    """Whether we acknowledged a change of it."""
    opt_out: str = ""
    """Twilio's own verdict on it (OptOutType): STOP or START."""
    perhaps: frozenset[str] = frozenset()
    """Later texts that we may have received: their webhook was never answered."""

    @property
    def key(self) -> Key:
        """Its name on both sides."""
        return self.channel, self.sender, self.provider_id


@dataclass(frozen=True, slots=True)
class Answered:
    """A request to the receiver, and the HTTP status that it was answered with."""

    what: str
    answer: int | None
    """None: the connection was cut, or no process listened."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """A store's file that was replaced by another while every process worked with it."""

    path: Path
    """The path it was moved to."""
    acknowledged: frozenset[Key]
    """Messages of people that we had acknowledged by then."""
    heard: frozenset[Key]
    """The messages of people that are in it."""


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
    """Whether we acknowledged the last change."""


@dataclass(frozen=True, slots=True)
class Ours:
    """The record of the store."""

    sent: Sequence[Sent]
    heard: Sequence[Heard]
    moved: Sequence[Moved]
    noted: Sequence[Noted] = ()
    refusing: frozenset[tuple[str, str]] = frozenset()
    """Channel and person: those who want no more messages, as the store has it in the end."""
    tagging: frozenset[str] = frozenset()
    """Pages that may write under the HUMAN_AGENT tag."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """The provider's record."""

    taken: Sequence[Taken]
    written: Sequence[Written]
    permissions: Sequence[Permission] = ()
    posts: Sequence[Answered] = ()
    """Every webhook that the provider called."""


@dataclass(slots=True)
class Asked:
    """What the driver asked agents to do, and how they answered."""

    stored: dict[str, str] = field(default_factory=dict)
    """Text by client id of each message that the agent was told is stored."""
    typed: list[str] = field(default_factory=list)
    """Texts that were in the thread after Enter."""
    again: dict[int, int] = field(default_factory=dict)
    """How often an agent sent a message once more, by its id."""
    arrived: set[int] = field(default_factory=set)
    """Ids of the messages of which an agent said that they arrived."""

"""Messages, the attempts to hand them to a provider, and what is read of them on a screen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.delivery import Delivery

LONGEST_HOLD = timedelta(seconds=30)
"""How long a message may be kept from leaving so that its writer can take it back."""


class Direction(StrEnum):
    """Who wrote."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Media:
    """A file that came or goes with a message. Never opened by itself."""

    url: str
    """Where the provider keeps it; `attachment:ID` for a file of ours."""
    content_type: str
    name: str = ""
    size: int | None = None
    """Bytes, when known."""


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """The template an outbound message was made of."""

    sid: str
    """The provider's id of the template (Twilio: ContentSid)."""
    name: str
    language: str
    variables: Mapping[str, str] = field(default_factory=dict)
    """Every variable by its name or number."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What whoever writes a text knew of the conversation."""

    after: int
    """The id of the store's newest message when they began."""
    known: frozenset[int] = frozenset()
    """The ids of later answers that they know of."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message that isn't stored yet: what an agent writes, or what came in."""

    uid: str
    """Our client id, a UUIDv7: the same one twice is one message."""
    body: str = ""
    media: tuple[Media, ...] = ()
    template: TemplateUse | None = None
    author: str = ""
    """The agent who wrote it; empty for inbound."""
    human_agent: bool = False
    """Messenger: it goes under the HUMAN_AGENT tag."""
    direction: Direction = Direction.OUT
    status: Delivery | None = None
    """None for inbound messages."""
    provider_id: str = ""
    at: datetime | None = None
    """Provider's time for inbound, time of writing for outbound; None: now."""
    begun: Begun | None = None
    """What its writer knew; None asks nobody about answers since."""
    hold: timedelta = timedelta()
    """How long it stays here before it may leave, so that its writer can take it back; `LONGEST_HOLD` at most."""
    due: datetime | None = None
    """When it is to leave, where its writer chose a time; it is scheduled until then."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a thread. `body` is what was or will be read; for a template, its rendered text."""

    id: int
    uid: str
    """Our client id, a UUIDv7: names the message before the provider does."""
    conversation_id: int
    contact_id: int
    channel: Channel
    direction: Direction
    body: str
    media: tuple[Media, ...]
    template: TemplateUse | None
    author: str
    """The agent who wrote it; empty for inbound."""
    status: Delivery | None
    """None for inbound messages."""
    error_code: str
    """The provider's or our code of the last failure; empty when nothing failed."""
    provider_id: str
    provider: Provider
    """Who carries it, or carried its last attempt: whose words its error code is."""
    at: datetime
    """Provider's time for inbound, time of writing for outbound."""
    status_at: datetime | None
    """When the status last changed."""
    edited_at: datetime | None = None
    """When the person last changed it."""
    human_agent: bool = False
    """Messenger: it goes under the HUMAN_AGENT tag."""


class AttemptOutcome(StrEnum):
    """What came of one try to hand a message to a provider."""

    SENDING = "sending"
    ACCEPTED = "accepted"
    """The provider took it and named it."""
    REFUSED = "refused"
    """The provider said no: nothing was sent."""
    WITHHELD = "withheld"
    """A rule of our own held it back: it was never dispatched."""
    NOT_SENT = "not_sent"
    """Proof that nothing left (no connection, 429): it will be tried again."""
    UNKNOWN = "unknown"
    """It may or may not have reached the provider: never resent on a guess."""


OUTCOME_WORDS: Mapping[AttemptOutcome, str] = {
    AttemptOutcome.SENDING: "in progress",
    AttemptOutcome.ACCEPTED: "accepted",
    AttemptOutcome.REFUSED: "refused",
    AttemptOutcome.WITHHELD: "held back",
    AttemptOutcome.NOT_SENT: "not sent",
    AttemptOutcome.UNKNOWN: "may or may not have been sent",
}
"""What came of an attempt, for the ledger."""


def outcome_word(outcome: AttemptOutcome) -> str:
    """What came of an attempt; one that this version doesn't know by its own word."""
    return OUTCOME_WORDS.get(outcome, outcome.value)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to hand a message to a provider."""

    id: int
    message_id: int
    number: int
    """From 1."""
    started_at: datetime
    finished_at: datetime | None
    outcome: AttemptOutcome
    code: str
    detail: str
    """The provider's own words, for the ledger."""
    provider_id: str
    provider: Provider
    """Who it was made through: whose words its code is."""


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """Something that a provider, or an agent in its place, said: kept raw, once for good."""

    inbox_id: int
    event_key: str
    """The same when it comes again, and another for everything else."""
    status: str
    """The provider's word, or ours for what came in."""
    at: datetime
    raw: Mapping[str, object]
    provider_id: str = ""
    message_id: int | None = None
    """The message that it speaks of; None while that isn't known."""
    delivery: Delivery | None = None
    """Its place on the lattice; None for a word that moves nothing."""
    code: str = ""
    detail: str = ""
    media: tuple[Media, ...] | None = None
    """The files that an edited message has since; None where it says nothing of files."""


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """One provider event about a message, as kept in the ledger."""

    at: datetime
    """When the provider says it happened, else when it came."""
    status: str
    """The provider's word."""
    code: str
    detail: str

"""Messages, the attempts to hand them to a provider, and the provider's reports about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.delivery import Delivery

LONGEST_HOLD = timedelta(seconds=30)
"""The longest time for which a message may be held back so that its writer can take it back."""


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
    """What an agent who writes a text knows of the conversation."""

    after: int
    """The id of the store's newest message when the agent began."""
    known: frozenset[int] = frozenset()
    """The ids of later answers that the agent knows of."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message that isn't stored yet: an agent's, or an inbound one."""

    uid: str
    """Our client id, a UUIDv7: storing the same id twice gives one message."""
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
    """What its writer knew; None: don't check for answers since then."""
    hold: timedelta = timedelta()
    """How long it is held back before it may leave, so that its writer can take it back; at most `LONGEST_HOLD`."""
    due: datetime | None = None
    """When it is to be sent, if its writer chose a time; it is scheduled until then."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a thread. `body` is the text that was or will be read; for a template, its rendered text."""

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
    """The provider of its inbox, or of its last attempt, to which its error code belongs."""
    at: datetime
    """Provider's time for inbound, time of writing for outbound."""
    status_at: datetime | None
    """When the status last changed."""
    edited_at: datetime | None = None
    """When the person last changed it."""
    human_agent: bool = False
    """Messenger: it goes under the HUMAN_AGENT tag."""


class AttemptOutcome(StrEnum):
    """The outcome of one try to hand a message to a provider."""

    SENDING = "sending"
    ACCEPTED = "accepted"
    """The provider accepted it and gave it an id."""
    REFUSED = "refused"
    """The provider refused it: nothing was sent."""
    WITHHELD = "withheld"
    """A rule of our own held it back: it was never dispatched."""
    NOT_SENT = "not_sent"
    """Proof that nothing was sent (no connection, 429): it will be retried."""
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
"""Each outcome in words, for the ledger."""


def outcome_word(outcome: AttemptOutcome) -> str:
    """Return an outcome in words; one that this version doesn't know as its stored value."""
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
    """The provider's own explanation, for the ledger."""
    provider_id: str
    provider: Provider
    """The provider through which it was made, to which its code belongs."""


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """A report of a provider, or of an agent in its place: stored raw, once and for good."""

    inbox_id: int
    event_key: str
    """The same key when the same event comes again, and another one for any other event."""
    status: str
    """The provider's word, or ours for an inbound message."""
    at: datetime
    raw: Mapping[str, object]
    provider_id: str = ""
    message_id: int | None = None
    """The message that it is about; None while that isn't known."""
    delivery: Delivery | None = None
    """Its delivery status; None for a word that changes nothing."""
    code: str = ""
    detail: str = ""
    media: tuple[Media, ...] | None = None
    """The files that an edited message has now; None when the event says nothing about files."""


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """One provider event about a message, as the ledger shows it."""

    at: datetime
    """When it happened, by the provider's time, else when it was received."""
    status: str
    """The provider's word."""
    code: str
    detail: str

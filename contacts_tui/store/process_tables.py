"""The tables of what processes work on and tell each other: the outbox, leases, gaps, troubles, settings, changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Integer
from sqlmodel import Field

from contacts_tui.store.backends.tables import IDS_ONCE, partial_index
from contacts_tui.store.columns import Row, id_column, time_column


class OutboxRow(Row, table=True):
    """Work on a message: to hand it to its provider, or to find out what became of it. Gone when that is known."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "not_before"),
        Index("ix_outbox_thread", "conversation_id", "message_id"),
        Index("ix_outbox_inbox", "inbox_id", "message_id"),
    )

    message_id: int = Field(primary_key=True, foreign_key="message.id")
    conversation_id: int
    inbox_id: int
    task: str
    """`send`, `settle` (look for evidence of an unknown outcome) or `scheduled` (sent from `not_before` on)."""
    tries: int = 0
    """How often this task was tried since it was given."""
    not_before: datetime = time_column()
    lease_owner: str = ""
    """The outbox that works on it; empty while nobody does."""
    lease_until: datetime | None = time_column(default=None)


class PaceRow(Row, table=True):
    """When a sender may begin its next message, or write to one person again. For every outbox on this store."""

    __tablename__ = "pace"

    inbox_id: int = Field(primary_key=True)
    conversation_id: int = Field(primary_key=True)
    """0 for the sender as a whole."""
    free_at: datetime = time_column()


class LeaseRow(Row, table=True):
    """Something that only one process may do at a time, such as polling a bot."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    owner: str
    since: datetime = time_column()
    """When its holder took it."""
    until: datetime = time_column()
    cursor: str = ""
    """How far its holder got; kept when the lease changes hands."""


class ReceiverRow(Row, table=True):
    """A process that takes webhooks, and when it was last known to: what came in before is proven."""

    __tablename__ = "receiver"

    owner: str = Field(primary_key=True)
    at: datetime = time_column()
    left: bool = False
    """Whether it ended in order; one that didn't may have left webhooks unanswered since."""


class PollRow(Row, table=True):
    """When a provider that is asked for messages last answered."""

    __tablename__ = "poll"

    inbox_id: int = Field(primary_key=True, foreign_key="inbox.id")
    answered_at: datetime = time_column()


class PresenceRow(Row, table=True):
    """The person whom a program has open, until it says so again. One that was killed runs out by itself."""

    __tablename__ = "presence"
    __table_args__ = (Index("ix_presence_until", "until"), Index("ix_presence_contact", "contact_id"))

    process: str = Field(primary_key=True)
    agent: str
    contact_id: int
    is_writing: bool
    until: datetime = time_column()


class GapRow(Row, table=True):
    """A span of time of which it isn't, or wasn't, proven that everything came in to an inbox."""

    __tablename__ = "gap"
    __table_args__ = (partial_index("ix_gap_open", "inbox_id", where="closed_at IS NULL"),)

    id: int | None = id_column()
    inbox_id: int = Field(foreign_key="inbox.id")
    reason: str
    since: datetime = time_column()
    until: datetime = time_column()
    is_lost: bool = False
    """The provider can't give it back."""
    opened_at: datetime = time_column()
    taken: int = 0
    """Messages taken in because of it."""
    cursor: str = ""
    """The page of the provider's list that is to be read next."""
    is_listed: bool = False
    read: int = 0
    """Messages of the list that were read so far."""
    reported_up_to: int = 0
    """The last message of ours whose status was asked for."""
    tries: int = 0
    not_before: datetime | None = time_column(default=None)
    code: str = ""
    """Of the last failure."""
    closed_at: datetime | None = time_column(default=None)
    closed_by: str = ""


class MissedMessageRow(Row, table=True):
    """A message that was found at the provider, and waits to be taken in: the oldest first."""

    __tablename__ = "missed_message"
    __table_args__ = (Index("ix_missed_message_at", "inbox_id", "at", "place"),)

    inbox_id: int = Field(primary_key=True, foreign_key="inbox.id")
    provider_id: str = Field(primary_key=True)
    at: datetime = time_column()
    """To the second, as providers list it, and within that behind what came by webhook before."""
    place: int
    """In the list, from its newest message on: the order within a second."""
    files: int
    raw: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class TroubleRow(Row, table=True):
    """What is wrong with an inbox now, one for each thing that we try with it. Gone when that works again."""

    __tablename__ = "trouble"

    inbox_id: int = Field(primary_key=True, foreign_key="inbox.id")
    source: str = Field(primary_key=True)
    code: str
    at: datetime = time_column()
    """Since when it is so."""


class PassedOverRow(Row, table=True):
    """How often a provider told an inbox something of a kind that is passed over."""

    __tablename__ = "passed_over"

    inbox_id: int = Field(primary_key=True, foreign_key="inbox.id")
    kind: str = Field(primary_key=True)
    count: int
    last_at: datetime = time_column()


class SettingRow(Row, table=True):
    """A value shared by everyone on this store (the receiver's public address, the last inbox chosen)."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True)
    value: str


class ChangeRow(Row, table=True):
    """The change feed: what was written, in order, in the same transaction as the write itself."""

    __tablename__ = "change"
    __table_args__ = (IDS_ONCE,)

    seq: int | None = Field(default=None, sa_type=Integer, primary_key=True)
    at: datetime = time_column()
    kind: str
    contact_id: int | None = None
    conversation_id: int | None = None
    message_id: int | None = None

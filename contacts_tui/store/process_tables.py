"""The tables of what processes work on and tell each other: the outbox, leases, gaps, problems, settings, changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Integer
from sqlmodel import Field

from contacts_tui.store.backends.tables import IDS_ONCE, partial_index
from contacts_tui.store.columns import Row, id_column, time_column


class OutboxRow(Row, table=True):
    """A task: to send a message, or to find out what became of it. Removed when that is known."""

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
    """The outbox that works on it; empty while none does."""
    lease_until: datetime | None = time_column(default=None)


class PaceRow(Row, table=True):
    """When a sender may begin its next message, or write to one person again. For every outbox on this store."""

    __tablename__ = "pace"

    inbox_id: int = Field(primary_key=True)
    conversation_id: int = Field(primary_key=True)
    """The conversation's id; for the sender as a whole, SENDER or ASKED of `rate_limits`."""
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
    """How far its holder got; kept when another process takes the lease."""


class ReceiverRow(Row, table=True):
    """A process that receives webhooks, and until when it is proven to have received everything."""

    __tablename__ = "receiver"

    owner: str = Field(primary_key=True)
    at: datetime = time_column()
    left: bool = False
    """Whether it ended in order; one that didn't may have left webhooks unanswered since."""


class PollRow(Row, table=True):
    """When the provider of a polled inbox last answered."""

    __tablename__ = "poll"

    inbox_id: int = Field(primary_key=True, foreign_key="inbox.id")
    answered_at: datetime = time_column()


class PresenceRow(Row, table=True):
    """The person whom a process has open, until it says so again. The row of a killed process expires by itself."""

    __tablename__ = "presence"
    __table_args__ = (Index("ix_presence_until", "until"), Index("ix_presence_contact", "contact_id"))

    process: str = Field(primary_key=True)
    agent: str
    contact_id: int
    is_writing: bool
    until: datetime = time_column()


class GapRow(Row, table=True):
    """A period for which it isn't, or wasn't, proven that an inbox received everything."""

    __tablename__ = "gap"
    __table_args__ = (partial_index("ix_gap_open", "inbox_id", where="closed_at IS NULL"),)

    id: int | None = id_column()
    inbox_id: int = Field(foreign_key="inbox.id")
    reason: str
    since: datetime = time_column()
    until: datetime = time_column()
    is_lost: bool = False
    """Whether the provider can't give what was missed any more."""
    opened_at: datetime = time_column()
    taken: int = 0
    """How many missed messages were received because of it."""
    cursor: str = ""
    """The page of the provider's list that is to be read next."""
    is_listed: bool = False
    read: int = 0
    """Messages of the list that were read so far."""
    reported_up_to: int = 0
    """The id of the last message of ours whose status was asked for."""
    tries: int = 0
    not_before: datetime | None = time_column(default=None)
    code: str = ""
    """The code of the last failure."""
    closed_at: datetime | None = time_column(default=None)
    closed_by: str = ""


class MissedMessageRow(Row, table=True):
    """A missed message that was found at the provider, and waits to be received: the oldest first."""

    __tablename__ = "missed_message"
    __table_args__ = (Index("ix_missed_message_at", "inbox_id", "at", "place"),)

    inbox_id: int = Field(primary_key=True, foreign_key="inbox.id")
    provider_id: str = Field(primary_key=True)
    at: datetime = time_column()
    """Its time to the second, as providers list it, moved behind messages before it that came by webhook."""
    place: int
    """Its place in the list, counted from the newest message: the order within a second."""
    files: int
    raw: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class TroubleRow(Row, table=True):
    """What is wrong with an inbox now, a row for each thing that we do with it. Removed when that works again."""

    __tablename__ = "trouble"

    inbox_id: int = Field(primary_key=True, foreign_key="inbox.id")
    source: str = Field(primary_key=True)
    code: str
    at: datetime = time_column()
    """Since when it is wrong."""


class PassedOverRow(Row, table=True):
    """How often an inbox received something of a kind that is passed over."""

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

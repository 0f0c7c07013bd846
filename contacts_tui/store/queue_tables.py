"""The tables of the queue: who waits, who answers and how soon, saved views and replies, and what agents did."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field

from contacts_tui.domain.roles import Role
from contacts_tui.store.backends.tables import partial_index
from contacts_tui.store.columns import Instant, Row


class QueueRow(Row, table=True):
    """A person in the queue, if there are messages with them. That of a merged-away person is kept for an undo."""

    __tablename__ = "queue"
    __table_args__ = (
        Index("ix_queue_deadline", "state", "deadline", "waiting_since", "contact_id"),
        partial_index("ix_queue_wake", "wake_at", where="state = 'snoozed'"),
    )

    contact_id: int = Field(primary_key=True)
    state: str
    """`open`, `snoozed` or `closed`, with `merged ` before it for a person who was merged away."""
    waiting_since: datetime | None = Field(default=None, sa_type=Instant)
    deadline: datetime | None = Field(default=None, sa_type=Instant)
    wake: str = ""
    wake_at: datetime | None = Field(default=None, sa_type=Instant)


class AnswerTargetRow(Row, table=True):
    """How soon an inbox answers. An inbox without a row has the usual target."""

    __tablename__ = "answer_target"

    inbox_id: int = Field(primary_key=True, foreign_key="inbox.id")
    minutes: int | None = None
    """None for no target."""
    hours: str = ""
    """As `working_hours.parse` reads them; empty for always."""
    time_zone: str = ""


class AgentRow(Row, table=True):
    """An agent, who answers people."""

    __tablename__ = "agent"

    name: str = Field(primary_key=True)
    address: str = ""
    hours: str = ""
    time_zone: str = ""
    added_at: datetime = Field(sa_type=Instant)
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)
    role: str = Role.AGENT.value


class SavedViewRow(Row, table=True):
    """A saved view: a filter with a name."""

    __tablename__ = "saved_view"

    name: str = Field(primary_key=True)
    filter: str
    key: str = ""
    """The key that opens it; empty for none."""
    author: str = ""


class CannedReplyRow(Row, table=True):
    """A text that is sent often."""

    __tablename__ = "canned_reply"

    name: str = Field(primary_key=True)
    author: str = Field(primary_key=True)
    """The agent whose it is; empty for one that all agents have."""
    text: str


class JournalRow(Row, table=True):
    """What an agent did with a person, and what an undo needs. One batch is one action on many people."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_batch", "batch"), Index("ix_journal_contact", "contact_id", "id"))

    id: int | None = Field(default=None, primary_key=True)
    batch: int
    at: datetime = Field(sa_type=Instant)
    agent: str
    action: str
    contact_id: int
    words: str
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    after: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    undone_at: datetime | None = Field(default=None, sa_type=Instant)
    undone_by: str = ""

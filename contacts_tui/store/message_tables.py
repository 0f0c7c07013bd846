"""The tables of what is said: inboxes, conversations, messages, attempts, and what messages are made from."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from contacts_tui.store.backends.tables import partial_index
from contacts_tui.store.columns import Row, id_column, json_column, list_column, time_column


class InboxRow(Row, table=True):
    """One connected sender of ours."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: int | None = id_column()
    name: str = Field(unique=True)
    channel: str
    provider: str
    address: str
    account: str
    secret: str
    base_url: str = ""
    options: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    human_agent: bool = False
    created_at: datetime = time_column()
    connected_at: datetime = time_column()
    disconnected_at: datetime | None = time_column(default=None)
    """When it was disconnected; None while it is connected. An inbox with threads is never deleted."""
    last_inbound_at: datetime | None = time_column(default=None)
    last_outbound_at: datetime | None = time_column(default=None)
    heard_at: datetime | None = time_column(default=None)
    last_error_code: str = ""
    """The code of the last error, kept when it is over; what is wrong now is in `TroubleRow`."""
    last_error_at: datetime | None = time_column(default=None)
    last_error_provider: str = ""
    """The provider whose code it is: the inbox may have been connected through another one since."""


class ConversationRow(Row, table=True):
    """An identity × an inbox. One row at most: an existing thread is always continued."""

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("identity_id", "inbox_id"),)

    id: int | None = id_column()
    identity_id: int = Field(foreign_key="identity.id")
    inbox_id: int = Field(foreign_key="inbox.id", index=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    last_inbound_at: datetime | None = time_column(default=None)
    closed_by_provider_at: datetime | None = time_column(default=None)
    window_until: datetime | None = time_column(default=None, index=True)
    """When the window ends (less the safety margin); None without a window or when the provider closed it."""
    last_message_at: datetime | None = time_column(default=None)
    unread: int = 0
    read_up_to: datetime | None = time_column(default=None)
    """Inbound messages stored later than this are unread (`MessageRow.stored_at`)."""
    delivered_until: datetime | None = time_column(default=None)
    """Every message of ours that the provider had by then (by its clock) was delivered."""
    seen_until: datetime | None = time_column(default=None)
    """Every message of ours that the provider had by then (by its clock) was read."""


class MessageRow(Row, table=True):
    """One message of a thread."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_thread", "conversation_id", "at", "id"),
        Index("ix_message_timeline", "contact_id", "at", "id"),
        partial_index("ux_message_provider", "inbox_id", "provider_id", unique=True, where="provider_id != ''"),
        partial_index("ix_message_unknown", "inbox_id", where="status = 'unknown'"),
    )

    id: int | None = id_column()
    uid: str = Field(unique=True)
    conversation_id: int = Field(foreign_key="conversation.id")
    contact_id: int = Field(foreign_key="contact.id")
    inbox_id: int = Field(foreign_key="inbox.id")
    direction: str
    body: str
    media: list[dict[str, Any]] = list_column()
    template: dict[str, Any] | None = json_column()
    author: str = ""
    status: str = ""
    error_code: str = ""
    provider_id: str = ""
    at: datetime = time_column()
    stored_at: datetime = time_column()
    status_at: datetime | None = time_column(default=None)
    edited_at: datetime | None = time_column(default=None)
    human_agent: bool = False
    provider_at: datetime | None = time_column(default=None)
    """By when the provider had our message, by its own clock; None while it hasn't said."""
    provider: str = ""
    """The provider that carries it or carried its last attempt, whose error code and id these are."""


class AttemptRow(Row, table=True):
    """One try to hand a message to a provider."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("message_id", "number"),)

    id: int | None = id_column()
    message_id: int = Field(foreign_key="message.id")
    number: int
    """From 1."""
    started_at: datetime = time_column()
    finished_at: datetime | None = time_column(default=None)
    outcome: str
    code: str = ""
    detail: str = ""
    provider_id: str = Field(default="", index=True)
    provider: str = ""
    """The provider it was made through: the inbox may have been connected through another one since."""


class ProviderEventRow(Row, table=True):
    """A raw event from a provider, kept for good. Parked (no message) until its message is known."""

    __tablename__ = "provider_event"
    __table_args__ = (
        UniqueConstraint("inbox_id", "event_key"),
        partial_index("ix_event_parked", "inbox_id", "provider_id", where="message_id IS NULL"),
    )

    id: int | None = id_column()
    inbox_id: int = Field(foreign_key="inbox.id")
    event_key: str
    """What makes the event unique at its inbox: a repeated webhook has the same."""
    provider_id: str
    """The provider's id of the message that it is about."""
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    status: str
    """The provider's word; `received` for an inbound message."""
    delivery: str = ""
    """The status on the lattice that this means; empty when it changes none."""
    code: str = ""
    detail: str = ""
    media: list[dict[str, Any]] | None = json_column()
    """The files of a message after a change; None when the event changes none."""
    at: datetime = time_column()
    raw: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class TemplateRow(Row, table=True):
    """A template as one inbox's account has it."""

    __tablename__ = "template"
    __table_args__ = (UniqueConstraint("inbox_id", "sid"),)

    id: int | None = id_column()
    inbox_id: int = Field(foreign_key="inbox.id")
    sid: str
    name: str
    language: str
    category: str = ""
    approval: str
    rejection_reason: str = ""
    kind: str
    header: str = ""
    body: str = ""
    footer: str = ""
    media: list[str] = list_column()
    buttons: list[dict[str, str]] = list_column()
    samples: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    synced_at: datetime = time_column()


class DraftRow(Row, table=True):
    """Text typed and not sent, per conversation (an identity × an inbox, which may have no messages yet)."""

    __tablename__ = "draft"

    identity_id: int = Field(primary_key=True, foreign_key="identity.id")
    inbox_id: int = Field(primary_key=True, foreign_key="inbox.id")
    body: str
    file: str = ""
    """Path of the file that is to be sent with it; empty without one."""
    saved_at: datetime = time_column()
    begun_after: int = 0
    """The id of the store's newest message when the draft was begun: its writer knew of no later answer."""

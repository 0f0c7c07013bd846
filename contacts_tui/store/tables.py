"""The tables. Rows stay in the store: repositories turn them into the dataclasses of `domain`.

Full-text tables are no SQLModel classes: see `search.py`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Dialect, Index, Integer, TypeDecorator, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from contacts_tui.store.timestamps import NEVER, microseconds, moment


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, kept as `times` says."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To microseconds. Raises ValueError for a naive datetime, which would be a programming error."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """To an aware datetime."""
        return None if value is None else moment(value)


def _id() -> Any:
    return Field(default=None, primary_key=True)


def _at(**options: Any) -> Any:
    return Field(sa_type=Instant, **options)


def _json() -> Any:
    return Field(default_factory=list, sa_type=JSON)


class ContactRow(SQLModel, table=True):
    """A person, with what the people list needs of the latest message beside it."""

    __tablename__ = "contact"
    __table_args__ = (
        # With the text in it, a search can walk people by activity without touching their rows.
        Index("ix_contact_activity", "activity_at", "id", "search_text"),
        Index("ix_contact_unread", "activity_at", "id", sqlite_where=text("unread > 0")),
        Index("ix_contact_failing", "activity_at", "id", sqlite_where=text("failing")),
        Index("ix_contact_owner", "owner", "id", sqlite_where=text("owner <> ''")),
        # The id of somebody who was merged away comes back with an undo: nobody else may have it meanwhile.
        {"sqlite_autoincrement": True},
    )

    id: int | None = _id()
    name: str
    company: str = ""
    emails: list[str] = _json()
    tags: list[str] = _json()
    note: str = ""
    owner: str = ""
    time_zone: str = ""
    created_at: datetime = _at()
    search_text: str = ""
    """What the person is found by: see `search.contact_text`."""
    activity_at: datetime = _at(default=NEVER)
    """Time of the latest message; NEVER for a person never spoken to."""
    last_message_id: int | None = None
    last_inbound_at: datetime | None = _at(default=None)
    unread: int = 0
    failing: bool = False
    """Whether the latest outbound message failed or is unknown and nothing followed it."""


class IdentityRow(SQLModel, table=True):
    """One address of a contact on a channel."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("channel", "key", "scope"),)

    id: int | None = _id()
    contact_id: int = Field(foreign_key="contact.id", index=True)
    channel: str
    address: str
    key: str
    scope: int = 0
    """The inbox that knows the address; 0 for phone numbers, which belong to none."""
    profile_name: str = ""
    opted_out_at: datetime | None = _at(default=None)
    blocked_at: datetime | None = _at(default=None)
    refusal_code: str = ""
    name_asks: int = 0
    """How often the provider was asked for their name."""
    name_due: datetime | None = _at(default=NEVER)
    """When the provider may be asked for their name (again); None for not any more."""
    stop_asked_at: datetime | None = _at(default=None)
    """When they last wrote what reads like a wish to stop and is no opt-out; None when an agent has seen it."""


class IdentityAliasRow(SQLModel, table=True):
    """Another name that an inbox's provider has for an address: a WhatsApp user id beside a number."""

    __tablename__ = "identity_alias"

    inbox_id: int = Field(primary_key=True, foreign_key="inbox.id")
    key: str = Field(primary_key=True)
    identity_id: int = Field(foreign_key="identity.id", index=True)


class LikenessRow(SQLModel, table=True):
    """By what a contact is recognised as one that is known already: see `domain.duplicates`."""

    __tablename__ = "likeness"

    key: str = Field(primary_key=True)
    contact_id: int = Field(primary_key=True, foreign_key="contact.id", index=True)


class DismissalRow(SQLModel, table=True):
    """Two contacts that somebody said are not the same person. They may be merged away meanwhile."""

    __tablename__ = "dismissal"

    low_id: int = Field(primary_key=True)
    high_id: int = Field(primary_key=True, index=True)
    author: str
    at: datetime = _at()


class MergeRow(SQLModel, table=True):
    """The journal of merges and splits: enough to undo each. Contacts in it may be merged away meanwhile."""

    __tablename__ = "merge"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = _id()
    kind: str
    at: datetime = _at()
    author: str
    kept_id: int = Field(index=True)
    other_id: int = Field(index=True)
    kept_before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """The kept contact's fields before, and `kept_after` as the merge left them."""
    kept_after: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    other: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """The whole row of the other contact: before a merge, after a split."""
    moved: list[int] = _json()
    """Identities that went over."""
    stayed: list[int] = _json()
    """Identities that the kept contact had besides."""
    strangers: list[int] = _json()
    """Contacts that this made known as not the same person as the kept one."""
    threads: int
    messages: int
    undone_at: datetime | None = _at(default=None)
    undone_by: str = ""


class InboxRow(SQLModel, table=True):
    """One connected sender of ours."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: int | None = _id()
    name: str = Field(unique=True)
    channel: str
    provider: str
    address: str
    account: str
    secret: str
    base_url: str = ""
    options: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    human_agent: bool = False
    created_at: datetime = _at()
    connected_at: datetime = _at()
    disconnected_at: datetime | None = _at(default=None)
    """Set while it is put aside: a sender with threads is never deleted."""
    last_inbound_at: datetime | None = _at(default=None)
    last_outbound_at: datetime | None = _at(default=None)
    heard_at: datetime | None = _at(default=None)
    last_error_code: str = ""
    """What went wrong last, kept when it is over; what is wrong now stands in `TroubleRow`."""
    last_error_at: datetime | None = _at(default=None)
    last_error_provider: str = ""
    """Whose code it is: the inbox may be connected through another provider since."""


class TroubleRow(SQLModel, table=True):
    """What is wrong with an inbox now, one for each thing that we try with it. Gone when that works again."""

    __tablename__ = "trouble"

    inbox_id: int = Field(primary_key=True, foreign_key="inbox.id")
    source: str = Field(primary_key=True)
    code: str
    at: datetime = _at()
    """Since when it is so."""


class PassedOverRow(SQLModel, table=True):
    """How often a provider told an inbox something of a kind that is passed over."""

    __tablename__ = "passed_over"

    inbox_id: int = Field(primary_key=True, foreign_key="inbox.id")
    kind: str = Field(primary_key=True)
    count: int
    last_at: datetime = _at()


class ConversationRow(SQLModel, table=True):
    """An identity × an inbox. One row at most: an existing thread is always continued."""

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("identity_id", "inbox_id"),)

    id: int | None = _id()
    identity_id: int = Field(foreign_key="identity.id")
    inbox_id: int = Field(foreign_key="inbox.id", index=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    last_inbound_at: datetime | None = _at(default=None)
    closed_by_provider_at: datetime | None = _at(default=None)
    window_until: datetime | None = _at(default=None, index=True)
    """When free text stops being allowed (margin taken off); None without a window or when the provider closed it."""
    last_message_at: datetime | None = _at(default=None)
    unread: int = 0
    read_up_to: datetime | None = _at(default=None)
    """Inbound messages stored later than this are unread (`MessageRow.stored_at`)."""
    delivered_until: datetime | None = _at(default=None)
    """Everything that the provider had from us by then (its time) was delivered."""
    seen_until: datetime | None = _at(default=None)
    """Everything that the provider had from us by then (its time) was read."""


class MessageRow(SQLModel, table=True):
    """One message of a thread."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_thread", "conversation_id", "at", "id"),
        Index("ix_message_timeline", "contact_id", "at", "id"),
        Index(
            "ux_message_provider",
            "inbox_id",
            "provider_id",
            unique=True,
            sqlite_where=text("provider_id != ''"),
        ),
        Index("ix_message_unknown", "inbox_id", sqlite_where=text("status = 'unknown'")),
    )

    id: int | None = _id()
    uid: str = Field(unique=True)
    conversation_id: int = Field(foreign_key="conversation.id")
    contact_id: int = Field(foreign_key="contact.id")
    inbox_id: int = Field(foreign_key="inbox.id")
    direction: str
    body: str
    media: list[dict[str, Any]] = _json()
    template: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    author: str = ""
    status: str = ""
    error_code: str = ""
    provider_id: str = ""
    at: datetime = _at()
    stored_at: datetime = _at()
    status_at: datetime | None = _at(default=None)
    edited_at: datetime | None = _at(default=None)
    human_agent: bool = False
    provider_at: datetime | None = _at(default=None)
    """When the provider had our message at the latest, by its own clock; None while it didn't say."""
    provider: str = ""
    """Who carries it, or carried its last attempt: whose words its error code and its id are."""


class LeaseRow(SQLModel, table=True):
    """Something that only one process may do at a time, such as polling a bot."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    owner: str
    since: datetime = _at()
    """When its holder took it."""
    until: datetime = _at()
    cursor: str = ""
    """How far its holder got; kept when the lease changes hands."""


class ReceiverRow(SQLModel, table=True):
    """A process that takes webhooks, and when it was last known to: what came in before is proven."""

    __tablename__ = "receiver"

    owner: str = Field(primary_key=True)
    at: datetime = _at()
    left: bool = False
    """Whether it ended in order; one that didn't may have left webhooks unanswered since."""


class PollRow(SQLModel, table=True):
    """When a provider that is asked for messages last answered."""

    __tablename__ = "poll"

    inbox_id: int = Field(primary_key=True, foreign_key="inbox.id")
    answered_at: datetime = _at()


class GapRow(SQLModel, table=True):
    """A span of time of which it isn't, or wasn't, proven that everything came in to an inbox."""

    __tablename__ = "gap"
    __table_args__ = (Index("ix_gap_open", "inbox_id", sqlite_where=text("closed_at IS NULL")),)

    id: int | None = _id()
    inbox_id: int = Field(foreign_key="inbox.id")
    reason: str
    since: datetime = _at()
    until: datetime = _at()
    is_lost: bool = False
    """The provider can't give it back."""
    opened_at: datetime = _at()
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
    not_before: datetime | None = _at(default=None)
    code: str = ""
    """Of the last failure."""
    closed_at: datetime | None = _at(default=None)
    closed_by: str = ""


class MissedMessageRow(SQLModel, table=True):
    """A message that was found at the provider, and waits to be taken in: the oldest first."""

    __tablename__ = "missed_message"
    __table_args__ = (Index("ix_missed_message_at", "inbox_id", "at", "place"),)

    inbox_id: int = Field(primary_key=True, foreign_key="inbox.id")
    provider_id: str = Field(primary_key=True)
    at: datetime = _at()
    """To the second, as providers list it, and within that behind what came by webhook before."""
    place: int
    """In the list, from its newest message on: the order within a second."""
    files: int
    raw: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class OutboxRow(SQLModel, table=True):
    """Work on a message: to hand it to its provider, or to settle what became of it. Gone when that is known."""

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
    """`send`, or `settle`: look for evidence of an unknown outcome."""
    tries: int = 0
    """How often this task was tried since it was given."""
    not_before: datetime = _at()
    lease_owner: str = ""
    """The outbox that works on it; empty while nobody does."""
    lease_until: datetime | None = _at(default=None)


class PaceRow(SQLModel, table=True):
    """When a sender may begin its next message, or write to one person again. For every outbox on this store."""

    __tablename__ = "pace"

    inbox_id: int = Field(primary_key=True)
    conversation_id: int = Field(primary_key=True)
    """0 for the sender as a whole."""
    free_at: datetime = _at()


class AttemptRow(SQLModel, table=True):
    """One try to hand a message to a provider."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("message_id", "number"),)

    id: int | None = _id()
    message_id: int = Field(foreign_key="message.id")
    number: int
    """From 1."""
    started_at: datetime = _at()
    finished_at: datetime | None = _at(default=None)
    outcome: str
    code: str = ""
    detail: str = ""
    provider_id: str = Field(default="", index=True)
    provider: str = ""
    """Who it was made through: the inbox may be connected through another one since."""


class ProviderEventRow(SQLModel, table=True):
    """A raw event from a provider, kept for good. Parked (no message) until its message is known."""

    __tablename__ = "provider_event"
    __table_args__ = (
        UniqueConstraint("inbox_id", "event_key"),
        Index("ix_event_parked", "inbox_id", "provider_id", sqlite_where=text("message_id IS NULL")),
    )

    id: int | None = _id()
    inbox_id: int = Field(foreign_key="inbox.id")
    event_key: str
    """What makes the event unique at its inbox: a repeated webhook has the same."""
    provider_id: str
    """The provider's id of the message it speaks of."""
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    status: str
    """The provider's word; `received` for an inbound message."""
    delivery: str = ""
    """What that means on the lattice; empty when it moves nothing."""
    code: str = ""
    detail: str = ""
    media: list[dict[str, Any]] | None = Field(default=None, sa_type=JSON)
    """The files of a message after a change; None for what changes none."""
    at: datetime = _at()
    raw: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class TemplateRow(SQLModel, table=True):
    """A template as one inbox's account has it."""

    __tablename__ = "template"
    __table_args__ = (UniqueConstraint("inbox_id", "sid"),)

    id: int | None = _id()
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
    media: list[str] = _json()
    buttons: list[dict[str, str]] = _json()
    samples: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    synced_at: datetime = _at()


class DraftRow(SQLModel, table=True):
    """Text typed and not sent, per conversation (an identity × an inbox, which may have no messages yet)."""

    __tablename__ = "draft"

    identity_id: int = Field(primary_key=True, foreign_key="identity.id")
    inbox_id: int = Field(primary_key=True, foreign_key="inbox.id")
    body: str
    file: str = ""
    """Path of the file that is to go with it; empty without one."""
    saved_at: datetime = _at()


class SettingRow(SQLModel, table=True):
    """A value shared by everyone on this store (the receiver's public address, the last inbox chosen)."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True)
    value: str


class ChangeRow(SQLModel, table=True):
    """The change feed: what was written, in order, in the same transaction as the write itself."""

    __tablename__ = "change"
    __table_args__ = ({"sqlite_autoincrement": True},)

    seq: int | None = Field(default=None, sa_type=Integer, primary_key=True)
    at: datetime = _at()
    kind: str
    contact_id: int | None = None
    conversation_id: int | None = None
    message_id: int | None = None

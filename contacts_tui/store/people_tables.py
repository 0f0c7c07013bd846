"""The tables of people: who they are, their identities, notes, attributes, and merges."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from contacts_tui.store.backends.tables import IDS_ONCE, partial_index
from contacts_tui.store.columns import Row, id_column, list_column, time_column
from contacts_tui.store.timestamps import NEVER


class ContactRow(Row, table=True):
    """A person, with what the people list needs of the latest message beside it."""

    __tablename__ = "contact"
    __table_args__ = (
        # With the text in it, a search can walk people by activity without touching their rows.
        Index("ix_contact_activity", "activity_at", "id", "search_text"),
        partial_index("ix_contact_unread", "activity_at", "id", where="unread > 0"),
        partial_index("ix_contact_failing", "activity_at", "id", where="failing"),
        partial_index("ix_contact_owner", "owner", "id", where="owner <> ''"),
        # An undo brings back the id of a contact that was merged away: no other contact may get it meanwhile.
        IDS_ONCE,
    )

    id: int | None = id_column()
    name: str
    company: str = ""
    emails: list[str] = list_column()
    tags: list[str] = list_column()
    note: str = ""
    owner: str = ""
    time_zone: str = ""
    language: str = ""
    attributes: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    """Values by the names of custom attributes: see `domain.attributes`."""
    blocked_at: datetime | None = time_column(default=None)
    """When an agent blocked them; that they blocked us is kept with their identities."""
    created_at: datetime = time_column()
    search_text: str = ""
    """The text that the person is found by: see `search.contact_text`."""
    activity_at: datetime = time_column(default=NEVER)
    """Time of the latest message; NEVER for a person without messages."""
    last_message_id: int | None = None
    last_inbound_at: datetime | None = time_column(default=None)
    unread: int = 0
    failing: bool = False
    """Whether the latest outbound message failed or is unknown and nothing followed it."""


class IdentityRow(Row, table=True):
    """One address of a contact on a channel."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("channel", "key", "scope"),)

    id: int | None = id_column()
    contact_id: int = Field(foreign_key="contact.id", index=True)
    channel: str
    address: str
    key: str
    scope: int = 0
    """The inbox that knows the address; 0 for phone numbers, which belong to none."""
    profile_name: str = ""
    opted_out_at: datetime | None = time_column(default=None)
    blocked_at: datetime | None = time_column(default=None)
    refusal_code: str = ""
    name_asks: int = 0
    """How often the provider was asked for their name."""
    name_due: datetime | None = time_column(default=NEVER)
    """When the provider may be asked for their name (again); None for not any more."""
    stop_asked_at: datetime | None = time_column(default=None)
    """When they last wrote what reads like a wish to stop and is no opt-out; None once an agent has seen it."""


class IdentityAliasRow(Row, table=True):
    """Another name that an inbox's provider has for an identity: a WhatsApp user id beside a number."""

    __tablename__ = "identity_alias"

    inbox_id: int = Field(primary_key=True, foreign_key="inbox.id")
    key: str = Field(primary_key=True)
    identity_id: int = Field(foreign_key="identity.id", index=True)


class NoteRow(Row, table=True):
    """Words about a person that never leave."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_contact", "contact_id", "at", "id"), IDS_ONCE)

    id: int | None = id_column()
    contact_id: int = Field(foreign_key="contact.id")
    author: str
    at: datetime = time_column()
    text: str
    edited_at: datetime | None = time_column(default=None)


class AttributeRow(Row, table=True):
    """A custom attribute that people can have, and the kind of its values, which are kept with each contact."""

    __tablename__ = "attribute"

    name: str = Field(primary_key=True)
    kind: str


class ForgottenOptOutRow(Row, table=True):
    """The opted-out address of a forgotten person, as a hash that only this store can make."""

    __tablename__ = "forgotten_opt_out"

    hash: str = Field(primary_key=True)


class LikenessRow(Row, table=True):
    """A key by which a contact is recognised as one that is known already: see `domain.duplicates`."""

    __tablename__ = "likeness"

    key: str = Field(primary_key=True)
    contact_id: int = Field(primary_key=True, foreign_key="contact.id", index=True)


class DismissalRow(Row, table=True):
    """Two contacts of which an agent said that they aren't the same person. They may have been merged away since."""

    __tablename__ = "dismissal"

    low_id: int = Field(primary_key=True)
    high_id: int = Field(primary_key=True, index=True)
    author: str
    at: datetime = time_column()


class MergeRow(Row, table=True):
    """The journal of merges and splits: enough to undo each. Contacts in it may have been merged away since."""

    __tablename__ = "merge"
    __table_args__ = (IDS_ONCE,)

    id: int | None = id_column()
    kind: str
    at: datetime = time_column()
    author: str
    kept_id: int = Field(index=True)
    other_id: int = Field(index=True)
    kept_before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """The kept contact's fields before; `kept_after` has them as the merge left them."""
    kept_after: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    other: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """The whole row of the other contact: before a merge, after a split."""
    moved: list[int] = list_column()
    """Identities that were moved."""
    stayed: list[int] = list_column()
    """Other identities of the kept contact."""
    strangers: list[int] = list_column()
    """Contacts that this recorded as not the same person as the kept one."""
    threads: int
    messages: int
    undone_at: datetime | None = time_column(default=None)
    undone_by: str = ""

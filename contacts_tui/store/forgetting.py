"""Forgetting a person: every row of theirs is taken out of the store for good."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Integer, String, cast, delete, func, insert, literal, or_, update
from sqlmodel import Session, col, select

from contacts_tui.domain.merge import MoveKind
from contacts_tui.store import json_columns, sql
from contacts_tui.store.events import FORGOTTEN
from contacts_tui.store.message_tables import (
    AttemptRow,
    ConversationRow,
    DraftRow,
    MessageRow,
    ProviderEventRow,
)
from contacts_tui.store.people_tables import (
    ContactRow,
    DismissalRow,
    IdentityAliasRow,
    IdentityRow,
    LikenessRow,
    MergeRow,
    NoteRow,
)
from contacts_tui.store.process_tables import MissedMessageRow, OutboxRow, PaceRow, PresenceRow, SettingRow
from contacts_tui.store.queue_tables import JournalRow, QueueRow

_MESSAGES = select(MessageRow.id).where(MessageRow.contact_id == sql.param("contact"))
_THREADS = select(ConversationRow.id).where(ConversationRow.contact_id == sql.param("contact"))
_IDENTITIES = select(IdentityRow.id).where(IdentityRow.contact_id == sql.param("contact"))
_MERGED = sql.statement(
    lambda: sql.query(MergeRow.other_id).where(
        col(MergeRow.kept_id).in_(sql.members("ids", Integer())),
        MergeRow.kind == MoveKind.MERGE.value,
        col(MergeRow.undone_at).is_(None),
    )
)
_BUSY = sql.statement(
    lambda: (
        sql.query(literal(1))
        .select_from(OutboxRow)
        .where(col(OutboxRow.message_id).in_(_MESSAGES), col(OutboxRow.lease_until) > sql.param("now"))
        .limit(1)
    )
)
_FILES = sql.statement(
    lambda: sql.query(MessageRow.media).where(
        MessageRow.contact_id == sql.param("contact"), cast(col(MessageRow.media), String) != "[]"
    )
)
_STILL_NAMED = sql.statement(
    lambda: (
        sql.query(literal(1))
        .select_from(MessageRow)
        .where(cast(col(MessageRow.media), String).contains(sql.param("url", String())))
        .limit(1)
    )
)


def _count(table: Any, condition: Any) -> Any:
    return sql.statement(lambda: sql.query(func.count()).select_from(table).where(condition()))


_COUNTS = {
    "messages": _count(MessageRow, lambda: MessageRow.contact_id == sql.param("contact")),
    "threads": _count(ConversationRow, lambda: ConversationRow.contact_id == sql.param("contact")),
    "addresses": _count(IdentityRow, lambda: IdentityRow.contact_id == sql.param("contact")),
    "drafts": _count(DraftRow, lambda: col(DraftRow.identity_id).in_(_IDENTITIES)),
    "notes": _count(NoteRow, lambda: NoteRow.contact_id == sql.param("contact")),
    "waiting": _count(OutboxRow, lambda: col(OutboxRow.message_id).in_(_MESSAGES)),
    "opt_outs": _count(
        IdentityRow,
        lambda: (IdentityRow.contact_id == sql.param("contact")) & col(IdentityRow.opted_out_at).is_not(None),
    ),
}

# A provider may repeat a webhook for some days: so a recent event is only emptied, and is still known by its key.
_EVENTS_EMPTIED = sql.statement(
    lambda: (
        update(ProviderEventRow)
        .where(col(ProviderEventRow.message_id).in_(_MESSAGES), col(ProviderEventRow.at) >= sql.param("since"))
        .values(
            message_id=sql.param("nobody", Integer()),
            provider_id="",
            detail="",
            media=sql.param("no_media", JSON(none_as_null=True)),
            raw=sql.param("no_raw", JSON()),
        )
    )
)
# A later report about one of the person's messages must not bring their address back: see `events.is_forgotten`.
_TOMBSTONES = sql.statement(
    lambda: insert(ProviderEventRow).from_select(
        ["inbox_id", "event_key", "provider_id", "status", "delivery", "code", "detail", "at", "raw"],
        sql.query(
            col(MessageRow.inbox_id),
            literal(FORGOTTEN) + col(MessageRow.provider_id),
            *(literal(word) for word in ("", "forgotten", "", "", "")),
            col(MessageRow.at),
            sql.param("no_raw", JSON()),
        ).where(
            MessageRow.contact_id == sql.param("contact"),
            MessageRow.provider_id != "",
            col(MessageRow.at) >= sql.param("since"),
        ),
    )
)
_EVENTS_GONE = sql.statement(lambda: delete(ProviderEventRow).where(col(ProviderEventRow.message_id).in_(_MESSAGES)))
# An event with a message is either the person's own, and gone with it, or of another person, who may quote the address.
_EVENTS_NAMING = sql.statement(
    lambda: sql.query(
        ProviderEventRow.id,
        ProviderEventRow.event_key,
        ProviderEventRow.provider_id,
        cast(col(ProviderEventRow.raw), String),
    ).where(
        col(ProviderEventRow.message_id).is_(None),
        or_(
            cast(col(ProviderEventRow.raw), String).contains(sql.param("text", String())),
            col(ProviderEventRow.event_key).contains(sql.param("text", String())),
            col(ProviderEventRow.provider_id) == sql.param("address", String()),
        ),
    )
)
_MISSED_NAMING = sql.statement(
    lambda: sql.query(
        MissedMessageRow.inbox_id, MissedMessageRow.provider_id, cast(col(MissedMessageRow.raw), String)
    ).where(cast(col(MissedMessageRow.raw), String).contains(sql.param("text", String())))
)
_REMOVE_EVENT = sql.removal(ProviderEventRow, "id")
_REMOVE_MISSED = sql.removal(MissedMessageRow, "inbox_id", "provider_id")
_ROUTES = sql.statement(
    lambda: delete(SettingRow).where(
        col(SettingRow.key).startswith("route:"), col(SettingRow.key).endswith(sql.param("ending", String()))
    )
)
_GONE = tuple(
    sql.statement(lambda table=table, condition=condition: delete(table).where(condition))  # type: ignore[misc]
    for table, condition in (
        (AttemptRow, col(AttemptRow.message_id).in_(_MESSAGES)),
        (OutboxRow, col(OutboxRow.message_id).in_(_MESSAGES)),
        (PaceRow, col(PaceRow.conversation_id).in_(_THREADS)),
        (DraftRow, col(DraftRow.identity_id).in_(_IDENTITIES)),
        (MessageRow, col(MessageRow.contact_id) == sql.param("contact")),
        (ConversationRow, col(ConversationRow.contact_id) == sql.param("contact")),
        (IdentityAliasRow, col(IdentityAliasRow.identity_id).in_(_IDENTITIES)),
        (IdentityRow, col(IdentityRow.contact_id) == sql.param("contact")),
        (LikenessRow, col(LikenessRow.contact_id) == sql.param("contact")),
        (NoteRow, col(NoteRow.contact_id) == sql.param("contact")),
        (PresenceRow, col(PresenceRow.contact_id) == sql.param("contact")),
        (ContactRow, col(ContactRow.id) == sql.param("contact")),
    )
)
_GONE_WITH_THOSE_MERGED = tuple(
    sql.statement(lambda condition=condition, table=table: delete(table).where(condition))  # type: ignore[misc]
    for table, condition in (
        (QueueRow, col(QueueRow.contact_id).in_(sql.members("ids", Integer()))),
        (JournalRow, col(JournalRow.contact_id).in_(sql.members("ids", Integer()))),
        (
            MergeRow,
            col(MergeRow.kept_id).in_(sql.members("ids", Integer()))
            | col(MergeRow.other_id).in_(sql.members("ids", Integer())),
        ),
        (
            DismissalRow,
            col(DismissalRow.low_id).in_(sql.members("ids", Integer()))
            | col(DismissalRow.high_id).in_(sql.members("ids", Integer())),
        ),
    )
)


def known_as(session: Session, contact_id: int) -> tuple[int, ...]:
    """Return every id under which a person was known: theirs, and those of the contacts merged into them."""
    found, new = {contact_id}, [contact_id]
    while new:
        merged = {other for (other,) in sql.several(session, _MERGED, ids=new)}
        new = sorted(merged - found)
        found |= merged
    return tuple(sorted(found))


def counts(session: Session, contact_id: int) -> dict[str, int]:
    """Return how many rows of each kind a person has, by the kind."""
    return {name: int(sql.one(session, statement, contact=contact_id)[0]) for name, statement in _COUNTS.items()}


def is_being_sent(session: Session, contact_id: int, now: datetime) -> bool:
    """Return whether a message to a person is being handed to its provider right now."""
    return sql.one(session, _BUSY, contact=contact_id, now=now) is not None


def files(session: Session, contact_id: int) -> tuple[str, ...]:
    """Return the addresses of the files of a person's messages (`Media.url`), each once."""
    found = (json_columns.media(media) for (media,) in sql.several(session, _FILES, contact=contact_id))
    return tuple(dict.fromkeys(file.url for media in found for file in media if file.url))


def is_named(session: Session, url: str) -> bool:
    """Return whether any message names the file with this `Media.url`."""
    return sql.one(session, _STILL_NAMED, url=url) is not None


def take_out(session: Session, contact_id: int, ids: Iterable[int], since: datetime) -> None:
    """Delete a person's rows, and those of `ids` in queue and journals. Of events, only empty those from `since` on."""
    sql.write(session, _EVENTS_EMPTIED, contact=contact_id, since=since, nobody=None, no_media=None, no_raw={})
    sql.write(session, _TOMBSTONES, contact=contact_id, since=since, no_raw={})
    sql.write(session, _EVENTS_GONE, contact=contact_id)
    for statement in _GONE:
        sql.write(session, statement, contact=contact_id)
    for statement in _GONE_WITH_THOSE_MERGED:
        sql.write(session, statement, ids=list(ids))


def take_out_address(session: Session, identity_id: int, address: str) -> None:
    """Delete the remaining events and missed messages that name an address, and the routes chosen for it.

    An address inside a longer number or word is another one: chat ids are short.
    """
    sql.write(session, _ROUTES, ending=f":{identity_id}")
    named = re.compile(rf"(?<![0-9A-Za-z]){re.escape(address)}(?![0-9A-Za-z])")
    for ident, *texts in sql.several(session, _EVENTS_NAMING, text=address, address=address):
        if any(map(named.search, texts)):
            sql.write(session, _REMOVE_EVENT, id=ident)
    for inbox_id, provider_id, raw in sql.several(session, _MISSED_NAMING, text=address):
        if named.search(raw):
            sql.write(session, _REMOVE_MISSED, inbox_id=inbox_id, provider_id=provider_id)

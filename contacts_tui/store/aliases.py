"""Other names that a provider has for an address, and two addresses that turn out to be one."""

from datetime import datetime

from sqlmodel import Session, col, delete, select, update

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Identity
from contacts_tui.store import change_feed, contacts, conversations, merge_journal, sql
from contacts_tui.store.message_tables import ConversationRow, DraftRow, MessageRow
from contacts_tui.store.people_tables import IdentityAliasRow, IdentityRow
from contacts_tui.store.process_tables import OutboxRow, PaceRow

_FIND = "SELECT identity_id FROM identity_alias WHERE inbox_id = ? AND key = ?"
_KEEP = (
    "INSERT INTO identity_alias (inbox_id, key, identity_id) VALUES (?, ?, ?) "
    "ON CONFLICT (inbox_id, key) DO UPDATE SET identity_id = excluded.identity_id"
)


def find(session: Session, inbox_id: int, key: str) -> Identity | None:
    """Return the identity that has this other name at an inbox, or None."""
    row = sql.one(session, _FIND, inbox_id, key)
    return None if row is None else contacts.identity(session, row[0])


def keep(session: Session, inbox_id: int, key: str, identity_id: int) -> None:
    """Remember another name of an identity at an inbox; known before, it goes over to this one."""
    known = sql.one(session, _FIND, inbox_id, key)
    if known is None or known[0] != identity_id:
        sql.write(session, _KEEP, inbox_id, key, identity_id)


def readdress(session: Session, clock: Clock, identity: Identity, address: str, key: str) -> Identity:
    """Give an identity another address, as which it is known to every inbox; its threads stay its own."""
    row = session.get_one(IdentityRow, identity.id)
    row.address, row.key, row.scope = address, key, 0
    session.add(row)
    contacts.refresh_search(session, row.contact_id)
    change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=row.contact_id)
    known = contacts.identity(session, identity.id)
    assert known is not None
    return known


def absorb(session: Session, clock: Clock, keep_id: int, gone_id: int) -> None:
    """Make two identities of one contact and channel one: threads, drafts, opt-out, other names go to the first.

    Where both have a conversation at an inbox, it becomes one, with the later window.
    """
    kept, gone = session.get_one(IdentityRow, keep_id), session.get_one(IdentityRow, gone_id)
    assert (kept.contact_id, kept.channel) == (gone.contact_id, gone.channel), "these are not one person's"
    for thread in session.exec(select(ConversationRow).where(ConversationRow.identity_id == gone_id)).all():
        _join_thread(session, clock, keep_id, thread, Channel(kept.channel))
    for draft in session.exec(select(DraftRow).where(DraftRow.identity_id == gone_id)).all():
        _join_draft(session, keep_id, draft)
    kept.profile_name = kept.profile_name or gone.profile_name
    kept.opted_out_at = _later(kept.opted_out_at, gone.opted_out_at)
    kept.stop_asked_at = _later(kept.stop_asked_at, gone.stop_asked_at)
    session.add(kept)
    session.exec(
        update(IdentityAliasRow).where(col(IdentityAliasRow.identity_id) == gone_id).values(identity_id=keep_id)
    )
    session.flush()
    session.delete(gone)
    session.flush()
    merge_journal.refresh(session, kept.contact_id)
    change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=kept.contact_id)


def _join_thread(session: Session, clock: Clock, keep_id: int, thread: ConversationRow, channel: Channel) -> None:
    known = session.exec(
        select(ConversationRow).where(
            ConversationRow.identity_id == keep_id, ConversationRow.inbox_id == thread.inbox_id
        )
    ).first()
    if known is None:
        thread.identity_id = keep_id
        session.add(thread)
        return
    assert known.id is not None
    for table in (MessageRow, OutboxRow):
        session.exec(update(table).where(col(table.conversation_id) == thread.id).values(conversation_id=known.id))
    session.exec(delete(PaceRow).where(col(PaceRow.conversation_id) == thread.id))
    # Unread is what was stored later than this: nothing that is unread in either may fall before it.
    marks = [each.read_up_to for each in (known, thread) if each.unread]
    if marks:
        known.read_up_to = None if None in marks else min(mark for mark in marks if mark is not None)
    known.unread += thread.unread
    for name in ("last_inbound_at", "closed_by_provider_at", "last_message_at", "delivered_until", "seen_until"):
        setattr(known, name, _later(getattr(known, name), getattr(thread, name)))
    known.window_until = conversations.window_until(
        channel, known.last_inbound_at, clock(), known.closed_by_provider_at
    )
    session.add(known)
    session.delete(thread)
    session.flush()
    change_feed.record(session, clock, ChangeKind.CONVERSATION, contact_id=known.contact_id, conversation_id=known.id)


def _join_draft(session: Session, keep_id: int, draft: DraftRow) -> None:
    known = session.get(DraftRow, (keep_id, draft.inbox_id))
    if known is None:
        known = DraftRow(
            identity_id=keep_id, inbox_id=draft.inbox_id, body=draft.body, file=draft.file, saved_at=draft.saved_at
        )
    elif draft.body not in known.body:
        known.body = "\n".join(part for part in (known.body, draft.body) if part)
    session.add(known)
    session.delete(draft)
    session.flush()


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((each for each in (one, other) if each is not None), default=None)

"""Other names that a provider has for an identity, and two identities that turn out to be one."""

from datetime import datetime

from sqlmodel import Session, SQLModel, update

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Identity
from contacts_tui.domain.conversation import Conversation
from contacts_tui.store import belongings, change_feed, contacts, conversations, drafts, sql
from contacts_tui.store.message_tables import ConversationRow, MessageRow
from contacts_tui.store.people_tables import IdentityAliasRow, IdentityRow
from contacts_tui.store.process_tables import OutboxRow, PaceRow

_FIND = sql.lookup(IdentityAliasRow, ("inbox_id", "key"), "identity_id")
_KEEP = sql.replacement(IdentityAliasRow, ("inbox_id", "key"), "identity_id")
_READDRESS = sql.change(IdentityRow, "id", "address", "key", "scope")
_ABSORB = sql.change(IdentityRow, "id", "profile_name", "opted_out_at", "stop_asked_at")
_REMOVE = sql.removal(IdentityRow, "id")
_GIVE_THREAD = sql.change(ConversationRow, "id", "identity_id")
_LATEST = ("last_inbound_at", "closed_by_provider_at", "last_message_at", "delivered_until", "seen_until")
_JOIN_THREAD = sql.change(ConversationRow, "id", "read_up_to", "unread", "window_until", *_LATEST)
_REMOVE_THREAD = sql.removal(ConversationRow, "id")
_FORGET_PACE = sql.removal(PaceRow, "conversation_id")


def _moved(table: type[SQLModel], column: str) -> sql.Statement:
    """Return the statement that gives the rows of the owner `gone` to the owner `kept`; `column` names the owner."""
    owner = getattr(table, column)
    return sql.statement(lambda: update(table).where(owner == sql.param("gone")).values({column: sql.param("kept")}))


_GIVE_NAMES = _moved(IdentityAliasRow, "identity_id")
_GIVE_MESSAGES = (_moved(MessageRow, "conversation_id"), _moved(OutboxRow, "conversation_id"))


def find(session: Session, inbox_id: int, key: str) -> Identity | None:
    """Return the identity that has this other name at an inbox, or None."""
    row = sql.one(session, _FIND, inbox_id=inbox_id, key=key)
    return None if row is None else contacts.identity(session, row[0])


def keep(session: Session, inbox_id: int, key: str, identity_id: int) -> None:
    """Remember another name of an identity at an inbox; an identity that had the name before loses it."""
    if sql.one(session, _FIND, inbox_id=inbox_id, key=key) != (identity_id,):
        sql.write(session, _KEEP, inbox_id=inbox_id, key=key, identity_id=identity_id)


def readdress(session: Session, clock: Clock, identity: Identity, address: str, key: str) -> Identity:
    """Give an identity another address, by which every inbox knows it, and return it; its threads stay its own."""
    sql.write(session, _READDRESS, id=identity.id, address=address, key=key, scope=0)
    known = _identity(session, identity.id)
    contacts.refresh_search(session, known.contact_id)
    change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=known.contact_id)
    return known


def absorb(session: Session, clock: Clock, keep_id: int, gone_id: int) -> None:
    """Make two identities of one contact and channel one: the first gets threads, drafts, names and the later opt-out.

    Where both have a conversation at an inbox, it becomes one, with the later window.
    """
    kept, gone = _identity(session, keep_id), _identity(session, gone_id)
    assert (kept.contact_id, kept.channel) == (gone.contact_id, gone.channel), "these are not one person's"
    for thread in conversations.of_identity(session, gone_id):
        _join_thread(session, clock, keep_id, thread, kept.channel)
    drafts.join(session, keep_id, gone_id)
    sql.write(
        session,
        _ABSORB,
        id=keep_id,
        profile_name=kept.profile_name or gone.profile_name,
        opted_out_at=_later(kept.opted_out_at, gone.opted_out_at),
        stop_asked_at=_later(kept.stop_asked_at, gone.stop_asked_at),
    )
    sql.write(session, _GIVE_NAMES, gone=gone_id, kept=keep_id)
    sql.write(session, _REMOVE, id=gone_id)
    belongings.refresh(session, kept.contact_id)
    change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=kept.contact_id)


def _identity(session: Session, identity_id: int) -> Identity:
    known = contacts.identity(session, identity_id)
    assert known is not None
    return known


def _join_thread(session: Session, clock: Clock, keep_id: int, thread: Conversation, channel: Channel) -> None:
    known = conversations.between(session, keep_id, thread.inbox_id)
    if known is None:
        sql.write(session, _GIVE_THREAD, id=thread.id, identity_id=keep_id)
        return
    for give in _GIVE_MESSAGES:
        sql.write(session, give, gone=thread.id, kept=known.id)
    sql.write(session, _FORGET_PACE, conversation_id=thread.id)
    # Messages stored later than this are unread. The earlier mark counts, so that no unread message becomes read.
    marks = [each.read_up_to for each in (known, thread) if each.unread]
    read_up_to = known.read_up_to
    if marks:
        read_up_to = None if None in marks else min(mark for mark in marks if mark is not None)
    latest = {name: _later(getattr(known, name), getattr(thread, name)) for name in _LATEST}
    window = conversations.window_until(channel, latest["last_inbound_at"], clock(), latest["closed_by_provider_at"])
    values = {"read_up_to": read_up_to, "unread": known.unread + thread.unread, "window_until": window}
    sql.write(session, _JOIN_THREAD, id=known.id, **values, **latest)
    sql.write(session, _REMOVE_THREAD, id=thread.id)
    change_feed.record(session, clock, ChangeKind.CONVERSATION, contact_id=known.contact_id, conversation_id=known.id)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((each for each in (one, other) if each is not None), default=None)

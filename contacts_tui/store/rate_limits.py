"""How long senders, and single conversations of theirs, have to wait: known to every outbox on a store.

A wait that lies further ahead than its rule sets it was stored by a clock that has been set back since: it is over, and
so is every other wait of that sender, which was stored with it.
"""

from datetime import datetime

from sqlmodel import Session

from contacts_tui.domain import rate_limits as rules
from contacts_tui.domain.clock import furthest, is_over
from contacts_tui.store import sql
from contacts_tui.store.timestamps import NEVER, moment

SENDER = 0
"""Stands in a conversation's place for the sender as a whole, as far as its own pace goes."""
ASKED = -1
"""Stands there for the sender as a whole, which the provider asked to wait."""

_LONGEST = {SENDER: rules.LONGEST_OWN_WAIT, ASKED: rules.LONGEST_ASKED_WAIT}

_HOLD = """
    INSERT INTO pace (inbox_id, conversation_id, free_at) VALUES (:inbox, :conversation, :until)
    ON CONFLICT (inbox_id, conversation_id) DO UPDATE
        SET free_at = iif(free_at > :furthest, excluded.free_at, max(free_at, excluded.free_at))
"""
_WAITS = "SELECT conversation_id, free_at FROM pace WHERE inbox_id = ? AND conversation_id IN (?, ?)"
_CHAT = "SELECT free_at FROM pace WHERE inbox_id = ? AND conversation_id = ?"
_FORGET = f"""
    DELETE FROM pace WHERE (conversation_id > {SENDER} AND (free_at <= :now OR free_at > :chat))
        OR (conversation_id = {ASKED} AND free_at > :asked)
        OR inbox_id IN (SELECT inbox_id FROM pace WHERE conversation_id = {SENDER} AND free_at > :own)
"""
_NEXT_FREE = "SELECT min(free_at) FROM pace WHERE free_at > ?"


def free_at(session: Session, now: datetime, inbox_id: int) -> datetime:
    """When the sender may begin its next message; NEVER when nothing holds it."""
    waits = {kind: moment(until) for kind, until in sql.several(session, _WAITS, inbox_id, SENDER, ASKED)}
    own, asked = waits.get(SENDER, NEVER), waits.get(ASKED, NEVER)
    if own > furthest(now, rules.LONGEST_OWN_WAIT):
        return NEVER
    return own if asked > furthest(now, rules.LONGEST_ASKED_WAIT) else max(own, asked)


def chat_free_at(session: Session, now: datetime, inbox_id: int, conversation_id: int) -> datetime:
    """When the sender may write into a conversation again; NEVER when nothing holds it."""
    row = sql.one(session, _CHAT, inbox_id, conversation_id)
    until = NEVER if row is None else moment(row[0])
    return NEVER if is_over(until, now, rules.LONGEST_CHAT_WAIT) else until


def hold(session: Session, now: datetime, inbox_id: int, until: datetime, conversation_id: int = SENDER) -> None:
    """Nothing begins there before `until`. What holds it for longer already stays."""
    longest = _LONGEST.get(conversation_id, rules.LONGEST_CHAT_WAIT)
    sql.write(
        session,
        _HOLD,
        inbox=inbox_id,
        conversation=conversation_id,
        until=sql.stored(until),
        furthest=sql.stored(furthest(now, longest)),
    )


def forget(session: Session, now: datetime) -> None:
    """Drops the waits that are over. Those of a sender as a whole stay: its burst is counted from them."""
    sql.write(
        session,
        _FORGET,
        now=sql.stored(now),
        chat=sql.stored(furthest(now, rules.LONGEST_CHAT_WAIT)),
        asked=sql.stored(furthest(now, rules.LONGEST_ASKED_WAIT)),
        own=sql.stored(furthest(now, rules.LONGEST_OWN_WAIT)),
    )


def next_free(session: Session, now: datetime) -> datetime | None:
    """When the next one of those that wait is free; None when nothing waits."""
    return sql.read(sql.one(session, _NEXT_FREE, sql.stored(now))[0])

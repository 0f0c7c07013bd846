"""How long senders, and single conversations of theirs, have to wait, for every outbox on the store.

A wait that ends further ahead than its rule can set it was stored by a clock that has been set back since: it is over.
If it is the sender's own, so is every other wait of that sender, which was stored with it.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Delete, case, delete, func
from sqlmodel import Session, col, select

from contacts_tui.domain import rate_limits as rules
from contacts_tui.domain.clock import furthest, is_over
from contacts_tui.store import sql
from contacts_tui.store.process_tables import PaceRow
from contacts_tui.store.timestamps import NEVER

SENDER = 0
"""In place of a conversation's id: the sender as a whole, by its own rate."""
ASKED = -1
"""In place of a conversation's id: the sender as a whole, which the provider asked to wait."""

_LONGEST = {SENDER: rules.LONGEST_OWN_WAIT, ASKED: rules.LONGEST_ASKED_WAIT}

_HOLD = sql.upsert(
    lambda insert: (put := insert(PaceRow)).on_conflict_do_update(
        index_elements=[col(PaceRow.inbox_id), col(PaceRow.conversation_id)],
        set_={
            "free_at": case(
                (col(PaceRow.free_at) > sql.param("furthest"), put.excluded.free_at),
                else_=func.greatest(PaceRow.free_at, put.excluded.free_at),
            )
        },
    ),
    "inbox_id",
    "conversation_id",
    "free_at",
)
_WAITS = sql.statement(
    lambda: select(PaceRow.conversation_id, PaceRow.free_at).where(
        PaceRow.inbox_id == sql.param("inbox"), col(PaceRow.conversation_id).in_((SENDER, ASKED))
    )
)
_WAITS_OF_ALL = sql.statement(
    lambda: select(PaceRow.inbox_id, PaceRow.conversation_id, PaceRow.free_at).where(
        col(PaceRow.conversation_id).in_((SENDER, ASKED))
    )
)
_CHAT = sql.statement(
    lambda: select(PaceRow.free_at).where(
        PaceRow.inbox_id == sql.param("inbox"), PaceRow.conversation_id == sql.param("conversation")
    )
)


def _forget() -> Delete:
    kind, until = col(PaceRow.conversation_id), col(PaceRow.free_at)
    reset = select(PaceRow.inbox_id).where(kind == SENDER, until > sql.param("own"))
    return delete(PaceRow).where(
        ((kind > SENDER) & ((until <= sql.param("now")) | (until > sql.param("chat"))))
        | ((kind == ASKED) & (until > sql.param("asked")))
        | col(PaceRow.inbox_id).in_(reset)
    )


_FORGET = sql.statement(_forget)
_NEXT_FREE = sql.statement(lambda: select(func.min(PaceRow.free_at)).where(col(PaceRow.free_at) > sql.param("now")))


def free_at(session: Session, now: datetime, inbox_id: int) -> datetime:
    """Return when the sender may begin its next message; NEVER when no wait holds it back."""
    return _free_at(now, dict(sql.several(session, _WAITS, inbox=inbox_id)))


def free_at_of_all(session: Session, now: datetime) -> dict[int, datetime]:
    """Return when each sender may begin its next message, by its inbox; one that never began any is left out."""
    waits: dict[int, dict[int, datetime]] = {}
    for inbox_id, kind, until in sql.several(session, _WAITS_OF_ALL):
        waits.setdefault(inbox_id, {})[kind] = until
    return {inbox_id: _free_at(now, its) for inbox_id, its in waits.items()}


def chat_free_at(session: Session, now: datetime, inbox_id: int, conversation_id: int) -> datetime:
    """Return when the sender may write into a conversation again; NEVER when no wait holds it back."""
    row = sql.one(session, _CHAT, inbox=inbox_id, conversation=conversation_id)
    until: datetime = NEVER if row is None else row[0]
    return NEVER if is_over(until, now, rules.LONGEST_CHAT_WAIT) else until


def hold(session: Session, now: datetime, inbox_id: int, until: datetime, conversation_id: int = SENDER) -> None:
    """Let the sender, or one conversation, begin no message before `until`. A longer wait that is there stays."""
    longest = _LONGEST.get(conversation_id, rules.LONGEST_CHAT_WAIT)
    sql.write(
        session,
        _HOLD,
        inbox_id=inbox_id,
        conversation_id=conversation_id,
        free_at=until,
        furthest=furthest(now, longest),
    )


def forget(session: Session, now: datetime) -> None:
    """Delete the waits that are over. Those of a sender as a whole stay: its burst is counted from them."""
    sql.write(
        session,
        _FORGET,
        now=now,
        chat=furthest(now, rules.LONGEST_CHAT_WAIT),
        asked=furthest(now, rules.LONGEST_ASKED_WAIT),
        own=furthest(now, rules.LONGEST_OWN_WAIT),
    )


def next_free(session: Session, now: datetime) -> datetime | None:
    """Return when the next of the waits ends; None when nothing waits."""
    found: datetime | None = sql.one(session, _NEXT_FREE, now=now)[0]
    return found


def _free_at(now: datetime, waits: Mapping[int, datetime]) -> datetime:
    """Return when a sender with these waits may begin its next message; NEVER when none holds it back."""
    own, asked = waits.get(SENDER, NEVER), waits.get(ASKED, NEVER)
    if own > furthest(now, rules.LONGEST_OWN_WAIT):
        return NEVER
    return own if asked > furthest(now, rules.LONGEST_ASKED_WAIT) else max(own, asked)

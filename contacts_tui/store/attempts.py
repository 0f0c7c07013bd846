"""Attempts: the tries to hand a message to a provider, and the outcome of each."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Integer, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from contacts_tui.domain.channel import Provider
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.message import Attempt, AttemptOutcome, Message
from contacts_tui.domain.unknown_values import member
from contacts_tui.store import sql
from contacts_tui.store.message_tables import AttemptRow, InboxRow, MessageRow

MAY_HAVE_LEFT = (AttemptOutcome.SENDING, AttemptOutcome.UNKNOWN, AttemptOutcome.ACCEPTED)
"""Outcomes of an attempt that the provider may have accepted."""


_ATTEMPT = sql.Record(
    Attempt, AttemptRow, {"outcome": partial(member, AttemptOutcome), "provider": partial(member, Provider)}
)


def _next() -> Any:
    message = sql.param("message", Integer())
    inbox = sql.query(MessageRow.inbox_id).where(MessageRow.id == message).scalar_subquery()
    return sql.query(
        func.coalesce(func.max(AttemptRow.number), 0) + 1,
        sql.query(InboxRow.provider).where(InboxRow.id == inbox).scalar_subquery(),
    ).where(AttemptRow.message_id == message)


def _named_elsewhere() -> Any:
    ours, our_inbox = aliased(MessageRow), aliased(InboxRow)
    return (
        sql.query(AttemptRow.id)
        .join(MessageRow, col(MessageRow.id) == AttemptRow.message_id)
        .join(InboxRow, col(InboxRow.id) == MessageRow.inbox_id)
        .join(ours, ours.id == sql.param("message"))
        .join(our_inbox, our_inbox.id == ours.inbox_id)
        .where(
            AttemptRow.provider_id == sql.param("provider_id"),
            AttemptRow.message_id != ours.id,
            AttemptRow.provider == ours.provider,
            InboxRow.account == our_inbox.account,
        )
        .limit(1)
    )


def _unknown_twin() -> Any:
    message, twin = aliased(MessageRow), aliased(MessageRow)
    return (
        sql.query(AttemptRow.id)
        .join(twin, col(twin.id) == AttemptRow.message_id)
        .join(message, (col(message.conversation_id) == twin.conversation_id) & (col(message.body) == twin.body))
        .where(
            message.id == sql.param("message"),
            twin.id != message.id,
            AttemptRow.provider_id == "",
            col(AttemptRow.outcome).in_([outcome.value for outcome in MAY_HAVE_LEFT]),
            AttemptRow.started_at >= sql.param("since"),
        )
        .limit(1)
    )


_NEXT = sql.statement(_next)
_BEGIN = sql.insertion(
    AttemptRow, "message_id", "number", "started_at", "outcome", "code", "detail", "provider_id", "provider"
)
_CARRY = sql.change(
    MessageRow, "id", where=[col(MessageRow.provider) != sql.param("carrier")], provider=sql.param("carrier")
)
_END = sql.change(AttemptRow, "id", "finished_at", "outcome", "code", "detail")
_ACCEPT = sql.change(AttemptRow, "id", "finished_at", "outcome", "code", "detail", "provider_id")
_NAME = sql.change(AttemptRow, "id", "provider_id")
_OF_MESSAGE = _ATTEMPT.lookup("message_id", order="number")
_OF_MESSAGES = _ATTEMPT.lookup(where=[sql.among(AttemptRow.message_id, "ids")], order="number")
_LAST = sql.lookup(AttemptRow, "message_id", "id", order=col(AttemptRow.number).desc(), limit=1)
# A provider's ids are unique only within an inbox: two Telegram bots use the same ones.
_INBOX = sql.query(MessageRow.inbox_id).where(MessageRow.id == AttemptRow.message_id).scalar_subquery()
_NAMED = _ATTEMPT.lookup(
    "provider_id", where=[AttemptRow.provider_id != "", sql.param("inbox", Integer()) == _INBOX], order="id", limit=1
)
_NAMED_ELSEWHERE = sql.statement(_named_elsewhere)
_UNKNOWN_TWIN = sql.statement(_unknown_twin)


def begin(session: Session, clock: Clock, message_id: int) -> Attempt:
    """Open the next attempt of a message, through its inbox's provider, and return it."""
    number, provider = sql.one(session, _NEXT, message=message_id)
    sql.write(session, _CARRY, id=message_id, carrier=provider)
    return _begin(session, clock, message_id, number, member(Provider, provider))


def begin_after(session: Session, clock: Clock, message: Message, last: Attempt | None, provider: Provider) -> Attempt:
    """Open the next attempt as `begin` does, from what this transaction has read; `last` is None for the first one."""
    if message.provider != provider:
        sql.write(session, _CARRY, id=message.id, carrier=provider.value)
    return _begin(session, clock, message.id, 1 if last is None else last.number + 1, provider)


def _begin(session: Session, clock: Clock, message_id: int, number: int, provider: Provider) -> Attempt:
    now, outcome = clock(), AttemptOutcome.SENDING
    attempt_id = sql.inserted(
        session,
        _BEGIN,
        message_id=message_id,
        number=number,
        started_at=now,
        outcome=outcome.value,
        code="",
        detail="",
        provider_id="",
        provider=provider.value,
    )
    return Attempt(attempt_id, message_id, number, now, None, outcome, "", "", "", provider)


def end(
    session: Session, clock: Clock, attempt_id: int, outcome: AttemptOutcome, *, code: str = "", detail: str = ""
) -> None:
    """Store the outcome of an attempt, with the code and the detail of a failure."""
    sql.write(session, _END, id=attempt_id, finished_at=clock(), outcome=outcome.value, code=code, detail=detail)


def accept(session: Session, clock: Clock, attempt_id: int, provider_id: str) -> None:
    """Store that the provider accepted an attempt, and its id there."""
    accepted = {"finished_at": clock(), "outcome": AttemptOutcome.ACCEPTED.value, "code": "", "detail": ""}
    sql.write(session, _ACCEPT, id=attempt_id, provider_id=provider_id, **accepted)


def named(session: Session, inbox_id: int, provider_id: str) -> Attempt | None:
    """Return the attempt from this inbox that the provider knows under this id, or None."""
    return _ATTEMPT.one(session, _NAMED, inbox=inbox_id, provider_id=provider_id)


def is_named_otherwise(session: Session, message_id: int, provider_id: str) -> bool:
    """Return whether another message of ours has this id of the provider's.

    That may be one from any inbox of the same account: the account's list may hold messages of several senders.
    """
    return sql.one(session, _NAMED_ELSEWHERE, provider_id=provider_id, message=message_id) is not None


def has_unknown_twin(session: Session, message_id: int, since: datetime) -> bool:
    """Return whether another message of the conversation with the same text may have left since under an unknown id."""
    return sql.one(session, _UNKNOWN_TWIN, message=message_id, since=since) is not None


def name(session: Session, attempt_id: int, provider_id: str) -> None:
    """Store the provider's id of an attempt."""
    sql.write(session, _NAME, id=attempt_id, provider_id=provider_id)


def of_message(session: Session, message_id: int) -> tuple[Attempt, ...]:
    """Return every attempt of a message, the first one first."""
    return _ATTEMPT.several(session, _OF_MESSAGE, message_id=message_id)


def last(session: Session, message_id: int) -> int:
    """Return the id of the last attempt of a message. There has to be one."""
    return int(sql.one(session, _LAST, message_id=message_id)[0])


def last_of(session: Session, message_ids: Iterable[int]) -> dict[int, Attempt]:
    """Return the last attempt of each of these messages, by the message's id; a message without any is left out."""
    return {attempt.message_id: attempt for attempt in _ATTEMPT.several(session, _OF_MESSAGES, ids=message_ids)}

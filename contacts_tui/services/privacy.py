"""How long raw events of providers are kept, and what is removed of them when a person takes a message back.

The rules are settings of the store, for every process on it; a configuration that names one sets it when `serve` or the
interface starts.
"""

from datetime import timedelta

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.roles import Right
from contacts_tui.services import rights
from contacts_tui.store import events, gaps, settings
from contacts_tui.store.store import Store

RAW_DAYS = 90
"""Days for which a raw event is kept where no setting says otherwise."""

_RAW_DAYS, _KEEP_TAKEN_BACK = "raw_events_days", "keep_taken_back"
_AT_ONCE = 500
"""Events that are emptied in one transaction."""


def configure(session: Session, clock: Clock, agent: str, raw_events_days: str, keep_taken_back: str) -> None:
    """Set the rules that an agent's configuration names; an empty value leaves a rule as it is.

    Raise NotAllowed where a value differs from the one in the store.
    """
    for key, value in ((_RAW_DAYS, raw_events_days), (_KEEP_TAKEN_BACK, keep_taken_back)):
        if value and value != settings.get(session, key):
            rights.check(session, clock, agent, Right.SETTINGS)
            settings.put(session, clock, key, value)


def keeps_taken_back(session: Session) -> bool:
    """Return whether messages that a person took back stay in the raw events."""
    return settings.get(session, _KEEP_TAKEN_BACK) == "yes"


def take_back(session: Session, inbox_id: int, provider_id: str, message_id: int | None) -> None:
    """Empty all that is kept of a message that its sender took back, unless the configuration keeps it."""
    if not keeps_taken_back(session):
        events.blank(session, inbox_id, provider_id, message_id)
        gaps.take_back(session, inbox_id, provider_id)


async def forget_old(store: Store) -> int:
    """Empty raw events over their age, a few in each transaction, and return how many.

    The events stay: a repeated webhook changes nothing, and a message's ledger stays whole. Messages that were found at
    their provider and still wait to be taken in are forgotten too, and found again.
    """
    count, last = await store.run(_forget_found), 0
    while found := await store.read(_outdated, last):
        await store.run(_forget, found)
        count, last = count + len(found), found[-1]
    return count


def _outdated(session: Session, clock: Clock, last: int) -> list[int]:
    return events.with_raw_before(session, clock() - _age(session), last, _AT_ONCE)


def _age(session: Session) -> timedelta:
    return timedelta(days=int(settings.get(session, _RAW_DAYS, str(RAW_DAYS))))


def _forget_found(session: Session, clock: Clock) -> int:
    return gaps.forget_found(session, clock() - _age(session))


def _forget(session: Session, clock: Clock, ids: list[int]) -> None:
    events.forget_raw(session, ids)

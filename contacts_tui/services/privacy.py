"""How long providers' raw events stay, and what of them goes when a person takes a message back.

The rules are settings of the store, for every process on it; a configuration that names one sets it when `serve` or the
interface starts.
"""

from datetime import timedelta

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.store import events, settings
from contacts_tui.store.store import Store

RAW_DAYS = 90
"""Days for which a raw event is kept where no setting says otherwise."""

_RAW_DAYS, _KEEP_TAKEN_BACK = "raw_events_days", "keep_taken_back"
_AT_ONCE = 500
"""Events that are emptied in one transaction."""


def configure(session: Session, clock: Clock, raw_events_days: str, keep_taken_back: str) -> None:
    """Sets the rules that a configuration names; an empty one leaves what is set."""
    for key, value in ((_RAW_DAYS, raw_events_days), (_KEEP_TAKEN_BACK, keep_taken_back)):
        if value:
            settings.put(session, clock, key, value)


def keeps_taken_back(session: Session) -> bool:
    """Whether what a person took back stays in the raw events."""
    return settings.get(session, _KEEP_TAKEN_BACK) == "yes"


async def forget_old(store: Store) -> int:
    """Empties raw events over their age, a few in each transaction, and returns how many. The events themselves stay:
    the same webhook once more changes nothing, and what became of a message can be told."""
    count, last = 0, 0
    while found := await store.read(_outdated, last):
        await store.run(_forget, found)
        count, last = count + len(found), found[-1]
    return count


def _outdated(session: Session, clock: Clock, last: int) -> list[int]:
    age = timedelta(days=int(settings.get(session, _RAW_DAYS, str(RAW_DAYS))))
    return events.with_raw_before(session, clock() - age, last, _AT_ONCE)


def _forget(session: Session, clock: Clock, ids: list[int]) -> None:
    events.forget_raw(session, ids)

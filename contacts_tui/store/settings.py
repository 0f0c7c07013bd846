"""Values shared by everyone on this store."""

from sqlmodel import Session

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.store import change_feed, sql
from contacts_tui.store.process_tables import SettingRow

_PUT = sql.replacement(SettingRow, ("key",), "value")
_GET = sql.lookup(SettingRow, "key", "value")


def get(session: Session, key: str, default: str = "") -> str:
    """Return the value of a setting; `default` when it was never set."""
    row = sql.one(session, _GET, key=key)
    return default if row is None else str(row[0])


def put_quietly(session: Session, key: str, value: str) -> None:
    """Set a value that no screen shows: the change feed doesn't tell of it."""
    sql.write(session, _PUT, key=key, value=value)


def put(session: Session, clock: Clock, key: str, value: str) -> None:
    """Set a value for everyone. The same value again is no change."""
    if get(session, key) == value:
        return
    sql.write(session, _PUT, key=key, value=value)
    change_feed.record(session, clock, ChangeKind.SETTING)

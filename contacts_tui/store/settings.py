"""Values shared by everyone on this store."""

from sqlmodel import Session

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.store import change_feed, sql

_PUT = "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"


def get(session: Session, key: str, default: str = "") -> str:
    """The value of a setting, or `default` when nobody set it."""
    row = sql.one(session, "SELECT value FROM setting WHERE key = ?", key)
    return default if row is None else str(row[0])


def put_quietly(session: Session, key: str, value: str) -> None:
    """Sets a value that nobody shows: the change feed doesn't tell of it."""
    sql.write(session, _PUT, key, value)


def put(session: Session, clock: Clock, key: str, value: str) -> None:
    """Sets a value for everyone. The same value again is no change."""
    if get(session, key) == value:
        return
    sql.write(session, _PUT, key, value)
    change_feed.record(session, clock, ChangeKind.SETTING)

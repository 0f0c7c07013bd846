"""Values shared by everyone on this store."""

from sqlmodel import Session

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.store import changes
from contacts_tui.store.tables import SettingRow


def get(session: Session, key: str, default: str = "") -> str:
    """The value of a setting, or `default` when nobody set it."""
    row = session.get(SettingRow, key)
    return default if row is None else row.value


def put(session: Session, clock: Clock, key: str, value: str) -> None:
    """Sets a value for everyone. The same value again is no change."""
    row = session.get(SettingRow, key) or SettingRow(key=key, value="")
    if row.value == value:
        return
    row.value = value
    session.add(row)
    changes.record(session, clock, ChangeKind.SETTING)

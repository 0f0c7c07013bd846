"""Text typed and not sent, and the file that is to go with it, per conversation."""

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.store.message_tables import DraftRow


def get(session: Session, identity_id: int, inbox_id: int) -> str:
    """The draft; empty when there is none."""
    row = session.get(DraftRow, (identity_id, inbox_id))
    return "" if row is None else row.body


def file(session: Session, identity_id: int, inbox_id: int) -> str:
    """Path of the file attached to the draft; empty when there is none."""
    row = session.get(DraftRow, (identity_id, inbox_id))
    return "" if row is None else row.file


def save(session: Session, clock: Clock, identity_id: int, inbox_id: int, body: str) -> None:
    """Keeps the text, or forgets the draft when there is nothing left."""
    _keep(session, clock, identity_id, inbox_id, body, file(session, identity_id, inbox_id))


def attach(session: Session, clock: Clock, identity_id: int, inbox_id: int, path: str) -> None:
    """Keeps a file with the draft; an empty path takes it off."""
    _keep(session, clock, identity_id, inbox_id, get(session, identity_id, inbox_id), path)


def _keep(session: Session, clock: Clock, identity_id: int, inbox_id: int, body: str, path: str) -> None:
    row = session.get(DraftRow, (identity_id, inbox_id))
    if not body and not path:
        if row is not None:
            session.delete(row)
        return
    if row is None:
        row = DraftRow(identity_id=identity_id, inbox_id=inbox_id, body=body, saved_at=clock())
    row.body, row.file, row.saved_at = body, path, clock()
    session.add(row)

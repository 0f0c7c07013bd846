"""Text typed and not sent, per conversation."""

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.store.tables import DraftRow


def get(session: Session, identity_id: int, inbox_id: int) -> str:
    """The draft; empty when there is none."""
    row = session.get(DraftRow, (identity_id, inbox_id))
    return "" if row is None else row.body


def save(session: Session, clock: Clock, identity_id: int, inbox_id: int, body: str) -> None:
    """Keeps the text, or forgets the draft when there is none left."""
    row = session.get(DraftRow, (identity_id, inbox_id))
    if not body:
        if row is not None:
            session.delete(row)
        return
    if row is None:
        row = DraftRow(identity_id=identity_id, inbox_id=inbox_id, body=body, saved_at=clock())
    row.body, row.saved_at = body, clock()
    session.add(row)

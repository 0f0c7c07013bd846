"""Text typed and not sent, and the file that is to go with it, per conversation."""

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.store import sql
from contacts_tui.store.message_tables import DraftRow

_KEY = ("identity_id", "inbox_id")
_GET = sql.lookup(DraftRow, _KEY, "body", "file", "saved_at")
_PUT = sql.replacement(DraftRow, _KEY, "body", "file", "saved_at")
_REMOVE = sql.removal(DraftRow, *_KEY)
_OF_IDENTITY = sql.lookup(DraftRow, "identity_id", "inbox_id", "body", "file", "saved_at", order="inbox_id")


def get(session: Session, identity_id: int, inbox_id: int) -> str:
    """The draft; empty when there is none."""
    return _found(session, identity_id, inbox_id)[0]


def file(session: Session, identity_id: int, inbox_id: int) -> str:
    """Path of the file attached to the draft; empty when there is none."""
    return _found(session, identity_id, inbox_id)[1]


def save(session: Session, clock: Clock, identity_id: int, inbox_id: int, body: str) -> None:
    """Keeps the text, or forgets the draft when there is nothing left."""
    _keep(session, clock, identity_id, inbox_id, body, file(session, identity_id, inbox_id))


def attach(session: Session, clock: Clock, identity_id: int, inbox_id: int, path: str) -> None:
    """Keeps a file with the draft; an empty path takes it off."""
    _keep(session, clock, identity_id, inbox_id, get(session, identity_id, inbox_id), path)


def join(session: Session, keep_id: int, gone_id: int) -> None:
    """Give the drafts to one identity to another; where both have one, the texts come together."""
    for inbox_id, body, path, saved_at in sql.several(session, _OF_IDENTITY, identity_id=gone_id):
        row = sql.one(session, _GET, identity_id=keep_id, inbox_id=inbox_id)
        if row is not None:
            before, path, saved_at = row
            body = before if body in before else "\n".join(part for part in (before, body) if part)
        key = {"identity_id": keep_id, "inbox_id": inbox_id}
        sql.write(session, _PUT, **key, body=body, file=path, saved_at=saved_at)
        sql.write(session, _REMOVE, identity_id=gone_id, inbox_id=inbox_id)


def _found(session: Session, identity_id: int, inbox_id: int) -> tuple[str, str]:
    row = sql.one(session, _GET, identity_id=identity_id, inbox_id=inbox_id)
    return ("", "") if row is None else row[:2]


def _keep(session: Session, clock: Clock, identity_id: int, inbox_id: int, body: str, path: str) -> None:
    key = {"identity_id": identity_id, "inbox_id": inbox_id}
    if body or path:
        sql.write(session, _PUT, **key, body=body, file=path, saved_at=clock())
    else:
        sql.write(session, _REMOVE, **key)

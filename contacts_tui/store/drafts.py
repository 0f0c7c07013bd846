"""Drafts, one for each conversation: text typed and not sent, the file that goes with it, and what its writer knew."""

from sqlalchemy import Integer, func
from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.store import messages, sql
from contacts_tui.store.message_tables import DraftRow

_KEY = ("identity_id", "inbox_id")
_COLUMNS = ("body", "file", "begun_after", "saved_at")
_GET = sql.lookup(DraftRow, _KEY, *_COLUMNS)
_PUT = sql.replacement(DraftRow, _KEY, *_COLUMNS)
_REMOVE = sql.removal(DraftRow, *_KEY)
_FORGET_TEXT = (
    sql.removal(DraftRow, *_KEY, where=[DraftRow.file == ""]),
    # A draft with a file stays.
    sql.change(
        DraftRow,
        _KEY,
        "saved_at",
        body="",
        begun_after=func.coalesce(sql.param("begun", Integer()), DraftRow.begun_after),
    ),
)
_OF_IDENTITY = sql.lookup(DraftRow, "identity_id", "inbox_id", *_COLUMNS, order="inbox_id")


def get(session: Session, identity_id: int, inbox_id: int) -> str:
    """Return the text of the draft; empty when there is none."""
    return _found(session, identity_id, inbox_id)[0]


def file(session: Session, identity_id: int, inbox_id: int) -> str:
    """Return the path of the file attached to the draft; empty when there is none."""
    return _found(session, identity_id, inbox_id)[1]


def begun_after(session: Session, identity_id: int, inbox_id: int) -> int | None:
    """Return the id of the store's newest message when the draft was begun; None without a draft."""
    row = sql.one(session, _GET, identity_id=identity_id, inbox_id=inbox_id)
    return None if row is None else int(row[2])


def save(
    session: Session, clock: Clock, identity_id: int, inbox_id: int, body: str, begun_after: int | None = None
) -> None:
    """Store the text of a draft, or forget the draft when it has neither text nor file.

    `begun_after`: the newest message's id when it was begun; None keeps the stored id, or takes it now for a new draft.
    """
    if body:
        _keep(session, clock, (identity_id, inbox_id), begun_after, body=body)
        return
    for statement in _FORGET_TEXT:
        sql.write(session, statement, identity_id=identity_id, inbox_id=inbox_id, begun=begun_after, saved_at=clock())


def attach(session: Session, clock: Clock, identity_id: int, inbox_id: int, path: str) -> None:
    """Attach a file to the draft; an empty path removes the file."""
    _keep(session, clock, (identity_id, inbox_id), path=path)


def join(session: Session, keep_id: int, gone_id: int) -> None:
    """Give the drafts of the identity `gone_id` to another; where both have one, join the texts and keep its file."""
    for inbox_id, body, path, begun_after, saved_at in sql.several(session, _OF_IDENTITY, identity_id=gone_id):
        row = sql.one(session, _GET, identity_id=keep_id, inbox_id=inbox_id)
        if row is not None:
            before, kept_path, kept_after, saved_at = row
            path = kept_path or path
            begun_after = min(begun_after, kept_after)
            body = before if body in before else "\n".join(part for part in (before, body) if part)
        key = {"identity_id": keep_id, "inbox_id": inbox_id}
        sql.write(session, _PUT, **key, body=body, file=path, begun_after=begun_after, saved_at=saved_at)
        sql.write(session, _REMOVE, identity_id=gone_id, inbox_id=inbox_id)


def _found(session: Session, identity_id: int, inbox_id: int) -> tuple[str, str]:
    row = sql.one(session, _GET, identity_id=identity_id, inbox_id=inbox_id)
    return ("", "") if row is None else row[:2]


def _keep(
    session: Session,
    clock: Clock,
    of: tuple[int, int],
    begun_after: int | None = None,
    *,
    body: str | None = None,
    path: str | None = None,
) -> None:
    """Store a text or a file of a draft; what isn't given stays. A draft with neither is removed."""
    key = dict(zip(_KEY, of, strict=True))
    row = sql.one(session, _GET, **key)
    kept_body, kept_path, kept_after = ("", "", None) if row is None else row[:3]
    body, path = kept_body if body is None else body, kept_path if path is None else path
    if not body and not path:
        if row is not None:
            sql.write(session, _REMOVE, **key)
        return
    if begun_after is None:
        begun_after = messages.newest(session) if row is None else kept_after
    sql.write(session, _PUT, **key, body=body, file=path, begun_after=begun_after, saved_at=clock())

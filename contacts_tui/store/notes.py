"""Notes on people."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Integer, delete, update
from sqlmodel import Session, col

from contacts_tui.domain.note import Note
from contacts_tui.store import sql
from contacts_tui.store.people_tables import NoteRow

_NOTE = (NoteRow.id, NoteRow.contact_id, NoteRow.author, NoteRow.at, NoteRow.text, NoteRow.edited_at)
_ADD = sql.insertion(NoteRow, "contact_id", "author", "at", "text")
_PUT_BACK = sql.insertion(NoteRow, "id", "contact_id", "author", "at", "text", "edited_at")
_GET = sql.statement(lambda: sql.query(*_NOTE).where(NoteRow.id == sql.param("note")))
_OF_PERSON = sql.statement(
    lambda: (
        sql.query(*_NOTE).where(NoteRow.contact_id == sql.param("contact")).order_by(col(NoteRow.at), col(NoteRow.id))
    )
)
_CHANGE = sql.statement(
    lambda: (
        update(NoteRow)
        .where(col(NoteRow.id) == sql.param("note"))
        .values(text=sql.param("new_text"), edited_at=sql.param("now"))
    )
)
_REMOVE = sql.statement(lambda: delete(NoteRow).where(col(NoteRow.id) == sql.param("note")))
_MOVE = sql.statement(
    lambda: (
        update(NoteRow)
        .where(col(NoteRow.id).in_(sql.members("ids", Integer())))
        .values(contact_id=sql.param("contact"))
    )
)


def add(session: Session, contact_id: int, author: str, at: datetime, text: str) -> Note:
    """Write a note on a person."""
    ident = sql.inserted(session, _ADD, contact_id=contact_id, author=author, at=at, text=text)
    return Note(ident, contact_id, author, at, text, None)


def put_back(session: Session, note: Note) -> None:
    """Store a note that was removed, under its old id."""
    sql.write(
        session,
        _PUT_BACK,
        id=note.id,
        contact_id=note.contact_id,
        author=note.author,
        at=note.at,
        text=note.text,
        edited_at=note.edited_at,
    )


def get(session: Session, note_id: int) -> Note | None:
    """Return the note of this id, or None."""
    row = sql.one(session, _GET, note=note_id)
    return None if row is None else Note(*row)


def of_person(session: Session, contact_id: int) -> tuple[Note, ...]:
    """Return every note on a person, oldest first."""
    return tuple(Note(*row) for row in sql.several(session, _OF_PERSON, contact=contact_id))


def change(session: Session, note_id: int, text: str, edited_at: datetime | None) -> None:
    """Change the words of a note."""
    sql.write(session, _CHANGE, note=note_id, new_text=text, now=edited_at)


def remove(session: Session, note_id: int) -> None:
    """Remove a note."""
    sql.write(session, _REMOVE, note=note_id)


def move(session: Session, note_ids: Collection[int], contact_id: int) -> None:
    """Give these notes to another person."""
    sql.write(session, _MOVE, ids=list(note_ids), contact=contact_id)

"""Notes on people."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlmodel import Session

from contacts_tui.domain.note import Note
from contacts_tui.store import sql
from contacts_tui.store.people_tables import NoteRow

_NOTE = sql.Record(Note, NoteRow)
_ADD = sql.insertion(NoteRow, "contact_id", "author", "at", "text", "edited_at")
_PUT_BACK = sql.insertion(NoteRow, "id", "contact_id", "author", "at", "text", "edited_at")
_GET = _NOTE.lookup("id")
_OF_PERSON = _NOTE.lookup("contact_id", order=("at", "id"))
_OF_PEOPLE = _NOTE.lookup(where=[sql.among(NoteRow.contact_id, "ids")], order=("at", "id"))
_CHANGE = sql.change(NoteRow, "id", "text", "edited_at")
_REMOVE = sql.removal(NoteRow, "id")
_MOVE = sql.change(NoteRow, (), "contact_id", where=[sql.among(NoteRow.id, "ids")])


def add(
    session: Session, contact_id: int, author: str, at: datetime, text: str, edited_at: datetime | None = None
) -> Note:
    """Add a note on a person, and return it."""
    ident = sql.inserted(session, _ADD, contact_id=contact_id, author=author, at=at, text=text, edited_at=edited_at)
    return Note(ident, contact_id, author, at, text, edited_at)


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
    """Return the note with this id, or None."""
    return _NOTE.one(session, _GET, id=note_id)


def of_person(session: Session, contact_id: int) -> tuple[Note, ...]:
    """Return every note on a person, oldest first."""
    return _NOTE.several(session, _OF_PERSON, contact_id=contact_id)


def of_people(session: Session, ids: Iterable[int]) -> dict[int, tuple[Note, ...]]:
    """Return the notes on these people by the person's id, oldest first; a person without notes is left out."""
    found: dict[int, tuple[Note, ...]] = {}
    for one in _NOTE.several(session, _OF_PEOPLE, ids=list(ids)):
        found[one.contact_id] = (*found.get(one.contact_id, ()), one)
    return found


def change(session: Session, note_id: int, text: str, edited_at: datetime | None) -> None:
    """Change the text of a note, and when it was last edited (None: never)."""
    sql.write(session, _CHANGE, id=note_id, text=text, edited_at=edited_at)


def remove(session: Session, note_id: int) -> None:
    """Remove a note."""
    sql.write(session, _REMOVE, id=note_id)


def move(session: Session, note_ids: Collection[int], contact_id: int) -> None:
    """Give these notes to another person."""
    sql.write(session, _MOVE, ids=note_ids, contact_id=contact_id)

"""What the journal keeps of a person: fields by name, read as they are now and put back by an undo.

Beside the fields of a contact and where it stands in the queue, `note:7` is the note of that number: all that it says,
or None where there is none.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlmodel import Session

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Contact, ContactChange
from contacts_tui.domain.note import Note
from contacts_tui.domain.urgency import State
from contacts_tui.store import change_feed, contacts, notes, queue
from contacts_tui.store.journal import Fields
from contacts_tui.store.queue import Standing
from contacts_tui.store.timestamps import microseconds, moment

NOTE = "note:"
_STANDING = ("state", "wake", "wake_at")
_TEXTS = ("name", "company", "note", "owner", "time_zone", "language")
_LISTS = ("emails", "tags")


def read(session: Session, contact_id: int, names: Iterable[str]) -> dict[str, Any] | None:
    """Return these fields of a person as JSON holds them; None when nobody has the id."""
    contact = contacts.get(session, contact_id)
    if contact is None:
        return None
    standing = queue.standing(session, contact_id) or Standing(State.CLOSED, None, None)
    stands = queue.as_fields(standing) or {}
    return {name: stands[name] if name in _STANDING else _read(session, contact, name) for name in names}


def put(session: Session, clock: Clock, contact_id: int, fields: Fields) -> None:
    """Give a person these fields, and leave the others."""
    change: dict[str, Any] = {name: fields[name] for name in (*_TEXTS, "attributes") if name in fields}
    change |= {name: tuple(fields[name]) for name in _LISTS if name in fields}
    if change:
        contacts.update(session, clock, contact_id, ContactChange(**change))
    if "blocked_at" in fields:
        contacts.block(session, clock, contact_id, _time(fields["blocked_at"]))
    written = [name for name in fields if name.startswith(NOTE)]
    for name in written:
        _put_note(session, int(name.removeprefix(NOTE)), contact_id, fields[name])
    stands = fields.keys() & set(_STANDING)
    if stands:
        standing = queue.standing(session, contact_id) or Standing(State.CLOSED, None, None)
        merged = queue.of_fields({**(queue.as_fields(standing) or {}), **fields})
        assert merged is not None, "what is put has a state"
        queue.stand(session, contact_id, merged)
    if written or stands:
        change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=contact_id)


def note_fields(note: Note | None) -> dict[str, Any] | None:
    """Return a note as JSON holds it, without its place."""
    if note is None:
        return None
    told = asdict(note) | {"at": microseconds(note.at), "edited_at": note.edited_at and microseconds(note.edited_at)}
    return {name: told[name] for name in ("author", "at", "text", "edited_at")}


def _read(session: Session, contact: Contact, name: str) -> Any:
    if name.startswith(NOTE):
        note = notes.get(session, int(name.removeprefix(NOTE)))
        return note_fields(note if note is not None and note.contact_id == contact.id else None)
    value = getattr(contact, name)
    if name == "attributes":
        return dict(value)
    if name == "blocked_at":
        return None if value is None else microseconds(value)
    return list(value) if name in _LISTS else value


def _put_note(session: Session, note_id: int, contact_id: int, fields: Any) -> None:
    if fields is None:
        notes.remove(session, note_id)
        return
    at = _time(fields["at"])
    assert at is not None, "a note has its time"
    note = Note(note_id, contact_id, fields["author"], at, fields["text"], _time(fields["edited_at"]))
    if notes.get(session, note_id) is None:
        notes.put_back(session, note)
    else:
        notes.change(session, note_id, note.text, note.edited_at)


def _time(value: int | None) -> Any:
    return None if value is None else moment(value)

"""Notes on people: added, edited and removed, each written into the journal and undone from there."""

from sqlmodel import Session

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.note import Note
from contacts_tui.domain.text import draws_nothing
from contacts_tui.services import queue
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.services.person_fields import NOTE, note_fields
from contacts_tui.services.queue import Deed, Done
from contacts_tui.store import change_feed, contacts, notes

LONGEST = 10_000
"""Characters of a note."""


def of_person(session: Session, clock: Clock, contact_id: int) -> tuple[Note, ...]:
    """Return every note on a person, oldest first."""
    return notes.of_person(session, contact_id)


def get(session: Session, clock: Clock, note_id: int) -> Note:
    """Return a note. Raise NotFound."""
    note = notes.get(session, note_id)
    if note is None:
        raise NotFound(f"there is no note with the number {note_id}: it may have been removed")
    return note


def fault(text: str) -> str:
    """Return why a text is too long for a note, as a clause; empty when it isn't."""
    return f"a note has at most {LONGEST:,} characters: this one has {len(text):,}" if len(text) > LONGEST else ""


def add(session: Session, clock: Clock, agent: str, contact_id: int, text: str, batch: int = 0) -> tuple[Note, Done]:
    """Write a note on a person. Raise NotFound, and BadInput for one without words or with too many.

    `batch` is the action of the journal that the note belongs to; 0 for an action of its own.
    """
    if contacts.get(session, contact_id) is None:
        raise NotFound(f"there is no person with the id {contact_id}")
    note = notes.add(session, contact_id, agent, clock(), _checked(text))
    done = _record(session, clock, agent, (None, note), batch)
    return note, done


def edit(session: Session, clock: Clock, agent: str, note_id: int, text: str, batch: int = 0) -> tuple[Note, Done]:
    """Change the text of a note; its author and time stay. Raise NotFound and BadInput."""
    before, words = get(session, clock, note_id), _checked(text)
    if words == before.text:
        return before, Done(0, (), "nothing to do: the note says so already")
    notes.change(session, note_id, words, clock())
    after = get(session, clock, note_id)
    return after, _record(session, clock, agent, (before, after), batch)


def remove(session: Session, clock: Clock, agent: str, note_id: int, batch: int = 0) -> Done:
    """Remove a note. Raise NotFound."""
    before = get(session, clock, note_id)
    notes.remove(session, note_id)
    return _record(session, clock, agent, (before, None), batch)


def _record(session: Session, clock: Clock, agent: str, change: tuple[Note | None, Note | None], batch: int) -> Done:
    before, after = change
    note = after or before
    assert note is not None, "something was done with a note"
    words = "note removed" if after is None else "note added" if before is None else "note edited"
    name = f"{NOTE}{note.id}"
    change_feed.record(session, clock, ChangeKind.CONTACT, contact_id=note.contact_id)
    deed = Deed("note", words, note.contact_id, {name: note_fields(before)}, {name: note_fields(after)})
    return queue.record(session, clock, agent, deed, batch)


def _checked(text: str) -> str:
    """Return the text as it is stored. Raise BadInput."""
    words = text.strip()
    if draws_nothing(words):
        raise BadInput("a note needs words")
    if wrong := fault(words):
        raise BadInput(wrong)
    return words

"""A person's fields in the journal, by name: read as they are now, and restored by an undo.

Beside the fields of a contact and its state in the queue there are
- `note:7`, the note with that id: all its values, or None where there is none;
- `scheduled:UID`, the message with that client id while it is scheduled: all its values, or None;
- `number:+12025550142`, a phone number by its alias key: its spelling and its channels; None without it, and `used`
  once it has a thread, a draft or another name;
- `opted_out:sms:+12025550142`, since when that number is opted out of that channel, or None;
- `exists`, whether the person exists and isn't used by anything else, and `digest`, which changes when a field does: an
  undo removes a person who was added only while they are as they were added.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import Session

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Contact, ContactChange, Identity
from contacts_tui.domain.note import Note
from contacts_tui.domain.urgency import State
from contacts_tui.services.errors import BadInput
from contacts_tui.store import addresses, change_feed, contacts, notes, people_removal, queue, scheduled
from contacts_tui.store.journal import Fields
from contacts_tui.store.queue import Standing
from contacts_tui.store.timestamps import microseconds, moment

NOTE = "note:"
SCHEDULED = "scheduled:"
NUMBER = "number:"
OPTED_OUT = "opted_out:"
CREATED = ("exists", "digest")
"""The fields that show whether a person who was added is still as they were added."""
_STANDING = ("state", "wake", "wake_at")
_TEXTS = ("name", "company", "note", "owner", "time_zone", "language")
_LISTS = ("emails", "tags")
_DIGEST = json.JSONEncoder(sort_keys=True)
_DIGESTED = (*_TEXTS, *_LISTS, "attributes", "blocked_at")


def read(session: Session, contact_id: int, names: Iterable[str]) -> dict[str, Any] | None:
    """Return these fields of a person as JSON holds them; None when no person has the id."""
    contact = contacts.get(session, contact_id)
    if contact is None:
        return None
    standing = queue.standing(session, contact_id) or Standing(State.CLOSED, None, None)
    stands = queue.as_fields(standing) or {}
    return {name: stands[name] if name in _STANDING else _read(session, contact, name) for name in names}


def put(session: Session, clock: Clock, contact_id: int, fields: Fields) -> None:
    """Store these fields of a person, and leave the others. Remove the person when `exists` is False."""
    if fields.get("exists") is False:
        people_removal.take_away(session, clock, [contact_id])
        return
    change: dict[str, Any] = {name: fields[name] for name in (*_TEXTS, "attributes") if name in fields}
    change |= {name: tuple(fields[name]) for name in _LISTS if name in fields}
    if change:
        contacts.update(session, clock, contact_id, ContactChange(**change))
    if "blocked_at" in fields:
        contacts.block(session, clock, contact_id, _time(fields["blocked_at"]))
        if fields["blocked_at"] is None:
            queue.reckon(session, contact_id, clock())
        elif queue.standing(session, contact_id) is not None:
            queue.pass_over(session, contact_id)
    for name in fields:
        if name.startswith(NUMBER):
            _put_number(session, clock, contact_id, name.removeprefix(NUMBER), fields[name])
    for name in fields:
        if name.startswith(OPTED_OUT):
            _put_opt_out(session, clock, contact_id, name.removeprefix(OPTED_OUT), fields[name])
    for name in fields:
        if name.startswith(SCHEDULED):
            _put_scheduled(session, clock, name.removeprefix(SCHEDULED), fields[name])
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


def as_added(session: Session, digests: Mapping[int, str]) -> list[int]:
    """Return those of these people who are as they were added: they have this digest, and nothing refers to them."""
    known, numbers = contacts.by_ids(session, digests), contacts.identities_of(session, digests)
    used = people_removal.used(session, digests.keys())
    return [
        contact_id
        for contact_id, told in digests.items()
        if contact_id in known
        and contact_id not in used
        and _digest_of(known[contact_id], numbers.get(contact_id, ())) == told
    ]


def note_fields(note: Note | None) -> dict[str, Any] | None:
    """Return a note as JSON holds it, without its ids; None for None."""
    if note is None:
        return None
    told = asdict(note) | {"at": microseconds(note.at), "edited_at": note.edited_at and microseconds(note.edited_at)}
    return {name: told[name] for name in ("author", "at", "text", "edited_at")}


def kept_time(at: datetime) -> int:
    """Return a time as JSON holds it, in microseconds."""
    return microseconds(at)


def digest(fields: Fields, keys: Iterable[str]) -> str:
    """Return a digest of a person's fields and the keys of their addresses. Nothing can be read from it."""
    told = _DIGEST.encode([[fields[name] for name in _DIGESTED], sorted(keys)])
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def _read(session: Session, contact: Contact, name: str) -> Any:
    if name.startswith(NOTE):
        note = notes.get(session, int(name.removeprefix(NOTE)))
        return note_fields(note if note is not None and note.contact_id == contact.id else None)
    if name.startswith(SCHEDULED):
        return scheduled.fields(session, name.removeprefix(SCHEDULED), contact.id)
    if name.startswith(NUMBER):
        return _number(session, contact.id, name.removeprefix(NUMBER))
    if name.startswith(OPTED_OUT):
        found = _address(session, contact.id, name.removeprefix(OPTED_OUT))
        return None if found is None or found.opted_out_at is None else kept_time(found.opted_out_at)
    if name == "exists":
        return not people_removal.used(session, [contact.id])
    if name == "digest":
        return _digest_of(contact, contacts.identities(session, contact.id))
    return _field(contact, name)


def _digest_of(contact: Contact, identities: Iterable[Identity]) -> str:
    return digest({name: _field(contact, name) for name in _DIGESTED}, [identity.key for identity in identities])


def _field(contact: Contact, name: str) -> Any:
    value = getattr(contact, name)
    if name == "attributes":
        return dict(value)
    if name == "blocked_at":
        return None if value is None else kept_time(value)
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


def _put_scheduled(session: Session, clock: Clock, uid: str, said: Any) -> None:
    if said is not None and said["due"] <= kept_time(clock()):
        raise BadInput("the time that it was scheduled for is over: its text is in the draft")
    scheduled.put_fields(session, clock, uid, said)


def _number(session: Session, contact_id: int, key: str) -> Any:
    found = [one for one in contacts.identities(session, contact_id) if one.channel.by_phone and one.key == key]
    if not found:
        return None
    if any(addresses.is_used(session, one.id) for one in found):
        return "used"
    return {"address": found[0].address, "channels": sorted(one.channel.value for one in found)}


def _put_number(session: Session, clock: Clock, contact_id: int, key: str, value: Any) -> None:
    for one in contacts.identities(session, contact_id):
        if one.channel.by_phone and one.key == key and not addresses.is_used(session, one.id):
            addresses.remove(session, clock, one)
    for channel in () if value is None else value["channels"]:
        if contacts.find_identity(session, Channel(channel), key, None) is None:
            contacts.add_identity(session, clock, contact_id, Channel(channel), value["address"])


def _address(session: Session, contact_id: int, place: str) -> Identity | None:
    """Return the person's number at `CHANNEL:KEY`, or None."""
    channel, _, key = place.partition(":")
    known = contacts.identities(session, contact_id)
    return next((one for one in known if (one.channel.value, one.key) == (channel, key)), None)


def _put_opt_out(session: Session, clock: Clock, contact_id: int, place: str, value: int | None) -> None:
    found = _address(session, contact_id, place)
    if found is not None:
        contacts.set_opted_out(session, clock, found.id, _time(value))


def _time(value: int | None) -> Any:
    return None if value is None else moment(value)

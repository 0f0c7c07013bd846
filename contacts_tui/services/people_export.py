"""People as files that can be imported again unchanged: CSV, vCard 4.0 and JSON lines, written piece by piece.

A file has what is known of each person: fields, numbers with their opt-outs, blocks, notes, custom attributes. It has
no chats and threads; use `store backup` to move a whole store.
"""

import csv
import io
import json
import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path, PurePath
from typing import TextIO

from sqlmodel import Session

from contacts_tui.domain.address import is_of_inbox
from contacts_tui.domain.attributes import Kind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Contact, Identity
from contacts_tui.domain.note import Note
from contacts_tui.domain.roles import Right
from contacts_tui.services import rights
from contacts_tui.services.errors import BadInput
from contacts_tui.services.exchange_cells import ATTRIBUTE, MARK, guarded, joined
from contacts_tui.services.exchange_details import (
    BLOCKED_HEADING,
    NOTES_HEADING,
    OPTED_OUT_HEADING,
    AddressMark,
    WrittenNote,
)
from contacts_tui.services.people_vcard import PRODUCT, note_property
from contacts_tui.services.vcard import escaped, written
from contacts_tui.store import attributes, contacts, notes
from contacts_tui.store.store import Store

AT_ONCE = 1000
"""People that are read in one transaction."""
_VERSION = "1"
"""The value in the column `exchange_cells.MARK`."""


class Format(StrEnum):
    """A format of files with people."""

    CSV = "csv"
    VCARD = "vcard"
    JSON_LINES = "jsonl"


_ENDINGS = {
    ".csv": Format.CSV,
    ".vcf": Format.VCARD,
    ".jsonl": Format.JSON_LINES,
    ".ndjson": Format.JSON_LINES,
}


@dataclass(frozen=True, slots=True)
class PersonOut:
    """What is exported of a person."""

    contact: Contact
    phones: tuple[str, ...]
    """Numbers that are on SMS and WhatsApp; numbers on one channel alone are in the fields below."""
    sms: tuple[str, ...]
    whatsapp: tuple[str, ...]
    notes: tuple[WrittenNote, ...]
    opt_outs: tuple[AddressMark, ...]
    blocks: tuple[AddressMark, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file."""

    text: str
    people: int
    """How many people are written with this piece and those before."""
    barred: int
    """How many of these are blocked or opted out."""


def barred_words(count: int) -> str:
    """Return a warning about the number of blocked or opted-out people in a file, as a clause; empty without any."""
    if not count:
        return ""
    who = "1 of them is" if count == 1 else f"{count:,} of them are"
    return f"{who} blocked or opted out: the file says so, but other programs may not heed it"


def read(session: Session, clock: Clock, agent: str, ids: Sequence[int]) -> tuple[PersonOut, ...]:
    """Return these people in this order; ids that don't exist any more are left out. Raise NotAllowed."""
    rights.check(session, clock, agent, Right.EXCHANGE)
    known = contacts.by_ids(session, ids)
    numbers, written = contacts.identities_of(session, ids), notes.of_people(session, ids)
    return tuple(
        _out(known[contact_id], numbers.get(contact_id, ()), written.get(contact_id, ()))
        for contact_id in ids
        if contact_id in known
    )


def begin(session: Session, clock: Clock, agent: str) -> dict[str, Kind]:
    """Return the store's custom attributes, which are further columns of a CSV. Raise NotAllowed."""
    rights.check(session, clock, agent, Right.EXCHANGE)
    return attributes.kinds(session)


def everybody(session: Session, clock: Clock) -> "array[int]":
    """Return the ids of all people, first known first."""
    return contacts.all_ids(session)


def format_of(name: str) -> Format:
    """Return the format of a file by its name's ending; CSV for an unknown one."""
    return _ENDINGS.get(PurePath(name).suffix.lower(), Format.CSV)


def pieces(store: Store, agent: str, form: Format, ids: Sequence[int]) -> Iterator[Piece]:
    """Yield a file of these people piece by piece. Raise NotAllowed."""
    known, done, barred = store.call_read(begin, agent), 0, 0
    yield Piece(head(form, known), 0, 0)
    rest = iter(ids)
    while some := tuple(islice(rest, AT_ONCE)):
        people = store.call_read(read, agent, some)
        done += len(some)
        barred += sum(bool(one.opt_outs or one.blocks) for one in people)
        yield Piece(piece(form, people, known), done, barred)


@contextmanager
def file(path: Path) -> Iterator[TextIO]:
    """Open a file for writing, for its owner alone; it appears under its name only when whole. Raise OSError."""
    made = path.with_name(f".{path.name}.part")
    try:
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="") as stream:
            yield stream
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


def write(store: Store, agent: str, path: Path, ids: Sequence[int], progress: Callable[[int, int], None]) -> int:
    """Write these people into a new file, in the format of its name; may take long.

    Return how many of them are blocked or opted out.

    `progress` gets how many are written, of how many. Raise NotAllowed, and BadInput where the file can't be written.
    """
    if path.exists():
        raise BadInput(f"{path} is there already: name a new file")
    try:
        with file(path) as stream:
            barred = 0
            for some in pieces(store, agent, format_of(path.name), ids):
                stream.write(some.text)
                progress(some.people, len(ids))
                barred = some.barred
    except OSError as error:
        raise BadInput(f"{path} can't be written: {error.strerror}") from error
    return barred


def head(form: Format, known: Mapping[str, Kind]) -> str:
    """Return the beginning of a file."""
    return _row([*_COLUMNS, *(_heading(name, known) for name in known), MARK]) if form is Format.CSV else ""


def piece(form: Format, people: Sequence[PersonOut], known: Mapping[str, Kind]) -> str:
    """Return these people as they are written after the beginning of a file."""
    write = {Format.CSV: _csv, Format.VCARD: _vcard, Format.JSON_LINES: _json}[form]
    return "".join(write(one, known) for one in people)


_COLUMNS = (
    "Name",
    "Organization Name",
    "Phone 1 - Value",
    "SMS",
    "WhatsApp",
    "E-mail 1 - Value",
    "Labels",
    "Notes",
    "Owner",
    "Time Zone",
    "Language",
    NOTES_HEADING,
    OPTED_OUT_HEADING,
    BLOCKED_HEADING,
)
"""Headings known to Google Contacts and our own import."""


def _csv(one: PersonOut, known: Mapping[str, Kind]) -> str:
    contact = one.contact
    cells = (
        contact.name,
        contact.company,
        joined(one.phones),
        joined(one.sms),
        joined(one.whatsapp),
        joined(contact.emails),
        joined(contact.tags),
        contact.note,
        contact.owner,
        contact.time_zone,
        contact.language,
        joined(note.cell for note in one.notes),
        joined(mark.cell for mark in one.opt_outs),
        joined(mark.cell for mark in one.blocks),
        *(contact.attributes.get(name, "") for name in known),
    )
    return _row([*map(guarded, cells), _VERSION])


def _row(cells: Sequence[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerow(cells)
    return stream.getvalue()


def _vcard(one: PersonOut, known: Mapping[str, Kind]) -> str:
    contact = one.contact
    return written(_properties(one, contact, known))


def _properties(one: PersonOut, contact: Contact, known: Mapping[str, Kind]) -> Iterator[tuple[str, str]]:
    yield "PRODID", PRODUCT
    yield "FN", escaped(contact.name)
    if contact.company:
        yield "ORG", escaped(contact.company)
    for name, numbers in (("TEL", one.phones), ("TEL;TYPE=sms", one.sms), ("TEL;TYPE=whatsapp", one.whatsapp)):
        yield from ((name, escaped(number)) for number in numbers)
    yield from (("EMAIL", escaped(email)) for email in contact.emails)
    if contact.tags:
        yield "CATEGORIES", ",".join(map(escaped, contact.tags))
    for name, text in (
        ("NOTE", contact.note),
        ("TZ", contact.time_zone),
        ("LANG", contact.language),
        ("X-OWNER", contact.owner),
    ):
        if text:
            yield name, escaped(text)
    yield from map(note_property, one.notes)
    yield from (("X-OPTED-OUT", escaped(mark.cell)) for mark in one.opt_outs)
    yield from (("X-BLOCKED", escaped(mark.cell)) for mark in one.blocks)
    for name, text in contact.attributes.items():
        yield "X-ATTRIBUTE", f"{escaped(_heading(name, known).removeprefix(ATTRIBUTE))};{escaped(text)}"


def _json(one: PersonOut, known: Mapping[str, Kind]) -> str:
    contact = one.contact
    told = {
        MARK: _VERSION,
        "name": contact.name,
        "company": contact.company,
        "phone": one.phones,
        "sms": one.sms,
        "whatsapp": one.whatsapp,
        "email": contact.emails,
        "tags": contact.tags,
        "note": contact.note,
        "owner": contact.owner,
        "time_zone": contact.time_zone,
        "language": contact.language,
        "private_notes": [note.cell for note in one.notes],
        "opted_out": [mark.cell for mark in one.opt_outs],
        "blocked": [mark.cell for mark in one.blocks],
        "attributes": {
            name: {"kind": known.get(name, Kind.TEXT).value, "value": text} for name, text in contact.attributes.items()
        },
    }
    return f"{json.dumps(told)}\n"


def _heading(name: str, known: Mapping[str, Kind]) -> str:
    kind = known.get(name, Kind.TEXT)
    return f"{ATTRIBUTE}{name}" + ("" if kind is Kind.TEXT else f":{kind}")


def _out(contact: Contact, identities: Sequence[Identity], written: Iterable[Note]) -> PersonOut:
    found = [one for one in identities if one.channel.by_phone and not is_of_inbox(one.channel, one.address)]
    sms = {one.address for one in found if one.channel is Channel.SMS}
    whatsapp = {one.address for one in found if one.channel is Channel.WHATSAPP}
    order = tuple(dict.fromkeys(one.address for one in found))
    return PersonOut(
        contact,
        tuple(number for number in order if number in sms and number in whatsapp),
        tuple(number for number in order if number in sms - whatsapp),
        tuple(number for number in order if number in whatsapp - sms),
        tuple(WrittenNote(note.author, note.at, note.text, note.edited_at) for note in written),
        tuple(AddressMark(one.opted_out_at, one.channel, one.address) for one in found if one.opted_out_at),
        tuple(AddressMark(at) for at in (contact.blocked_at,) if at),
    )

"""People in a file of vCards, each card a row: its properties are cells under the headings of their fields."""

from collections.abc import Iterable, Iterator, Mapping

from contacts_tui.services.csv_records import Record
from contacts_tui.services.errors import BadInput
from contacts_tui.services.exchange_cells import ATTRIBUTE
from contacts_tui.services.exchange_details import (
    BLOCKED_HEADING,
    NOTES_HEADING,
    OPTED_OUT_HEADING,
    WrittenNote,
    read_time,
)
from contacts_tui.services.import_header import Header, Meaning, cell_of, columns_of, without_mark
from contacts_tui.services.people_csv import Form
from contacts_tui.services.vcard import Card, Property, cards, escaped, quoted

PRODUCT = "-//contacts-tui//EN"
"""The PRODID of the cards that this program writes."""
_HEADINGS = {
    "FN": "name",
    "TEL": "phone",
    "EMAIL": "email",
    "ORG": "company",
    "CATEGORIES": "tags",
    "NOTE": "note",
    "TZ": "time_zone",
    "LANG": "language",
    "X-OWNER": "owner",
    "X-OPTED-OUT": OPTED_OUT_HEADING,
    "X-BLOCKED": BLOCKED_HEADING,
}
_SAYS_NOTHING = frozenset({"VERSION", "PRODID", "UID", "REV", "N", "SORT-STRING", "X-ABUID", "X-ABLABEL", "KIND"})
"""Properties that aren't imported; N replaces a missing FN."""
_NOT_MESSAGED = frozenset({"fax", "pager"})
_CHANNELS = ("sms", "whatsapp")
"""Types of a number that is on this channel alone, in our own cards."""


def _read_header(lines: Iterable[str], mapping: Mapping[str, Meaning]) -> Header:
    headings: dict[str, None] = {}
    is_ours, count = True, 0
    for card in cards(without_mark(lines)):
        count += not card.problem
        product = card.first("PRODID")
        is_ours = is_ours and (bool(card.problem) or (product is not None and product.value == PRODUCT))
        headings |= dict.fromkeys(heading for heading, _ in _cells(card))
    if not count:
        raise BadInput("there is no whole card in the file: BEGIN:VCARD … END:VCARD")
    return Header(0, "", columns_of(list(headings), mapping), form="vCard", is_ours=is_ours)


def _records(lines: Iterable[str], header: Header) -> Iterator[Record]:
    for card in cards(without_mark(lines)):
        values: dict[str, list[str]] = {}
        for heading, value in _cells(card):
            values.setdefault(heading, []).append(value)
        yield Record(
            card.line, [cell_of(values.get(one.heading, ()), one, header) for one in header.columns], card.problem
        )


VCARD = Form(_read_header, _records)
"""Cards of the versions 2.1, 3.0 and 4.0."""


def _cells(card: Card) -> Iterator[tuple[str, str]]:
    """Yield the heading and the text of each value of a card."""
    name = card.first("FN")
    if name is None or not name.text.strip():
        parts = card.first("N")
        # Family; given; additional; prefixes; suffixes.
        given = (*parts.parts[1:3], parts.parts[0]) if parts is not None else ()
        if whole := " ".join(filter(None, map(str.strip, given))):
            yield "name", whole
    for one in card.properties:
        if one.name in _SAYS_NOTHING or not one.value.strip(";, "):
            continue
        yield from _values(one)


def _values(one: Property) -> Iterator[tuple[str, str]]:
    heading = _HEADINGS.get(one.name, one.name)
    match one.name:
        case "TEL":
            if _NOT_MESSAGED.intersection(one.kinds):
                yield "fax", one.text
            else:
                yield next((kind for kind in one.kinds if kind in _CHANNELS), "phone"), one.text
        case "ORG":
            yield heading, one.parts[0]
        case "CATEGORIES":
            yield from ((heading, value) for value in one.values)
        case "NOTE" if (note := _note(one)) is not None:
            yield NOTES_HEADING, note.cell
        case "TZ" if "/" not in one.text:
            yield "TZ", one.text
        case "X-ATTRIBUTE":
            attribute, value = one.parts[0], ";".join(one.parts[1:])
            yield f"{ATTRIBUTE}{attribute}", value
        case _:
            yield heading, one.text


def note_property(note: WrittenNote) -> tuple[str, str]:
    """Return a note as a property of a card: author and time as RFC 9554 defines them, and the exact time."""
    created = f"{note.at:%Y%m%dT%H%M%SZ}"
    params = [f"AUTHOR-NAME={quoted(note.author)}", f"CREATED={created}", f"X-AT={quoted(note.at.isoformat())}"]
    if note.edited_at is not None:
        params.append(f"X-EDITED={quoted(note.edited_at.isoformat())}")
    return ";".join(["NOTE", *params]), escaped(note.text)


def _note(one: Property) -> WrittenNote | None:
    """Return the note that a property holds; None when it names no author or time."""
    at = read_time(one.params.get("X-AT", "")) or read_time(one.params.get("CREATED", ""))
    if at is None or "AUTHOR-NAME" not in one.params:
        return None
    return WrittenNote(one.params["AUTHOR-NAME"], at, one.text, read_time(one.params.get("X-EDITED", "")))

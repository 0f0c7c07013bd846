"""Cells of a file other than phone numbers: emails, tags, time zones and so on, taken or with the reason why not."""

import re
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from contacts_tui.domain.languages import read_language
from contacts_tui.domain.phone_reading import PhoneReading, is_placeholder, reading_words, visible
from contacts_tui.domain.text import LONGEST_NAME

UNREADABLE = re.compile("[\ud800-\udfff\0]")
"""Surrogates, which stand for bytes that couldn't be decoded, and NUL, which no text has."""
NOTHING = re.compile(r"[-–—?.\s]*|#?n/a", re.IGNORECASE)
"""Signs for "nothing" where words are expected; "Null" and "Na" are names."""
NOT_MESSAGED = re.compile("fax|pager|telex", re.IGNORECASE)
"""Google's words for numbers that take no messages."""

LONGEST_EMAIL = 254
"""Characters: https://www.rfc-editor.org/errata/eid1690"""
_SHOWN = 40
"""Characters that are shown of a value that is too long."""

_BETWEEN_EMAILS = re.compile(r":::|[;,\n\r\t|]|\s(?=\S+@)|/(?=\S+@)")
_EMAIL = re.compile(r"[^\s@<>()\[\]:;,\"|/]+@[^\s@<>()\[\]:;,\"|/]+\.[^\s@<>()\[\]:;,\"|/.]{2,}")
_PLAIN_EMAIL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._+-]*[A-Za-z0-9])?@[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}")
_IN_BRACKETS = re.compile(r"<\s*([^<>]*)\s*>")
_BETWEEN_TAGS = re.compile(r":::|[;,\n\r|]")


@dataclass(frozen=True, slots=True)
class CellValue:
    """One value of a cell."""

    value: str = ""
    """Empty when it isn't taken."""
    problem: str = ""
    """What is said of it, as a clause; empty when all is well."""
    offered: tuple[str, ...] = ()
    """Values that may be meant."""
    is_lost: bool = False
    """Whether something was there that isn't taken."""


def phone_value(reading: PhoneReading) -> CellValue:
    """Return the value of a phone number that was read from a cell."""
    return CellValue(
        reading.number, reading_words(reading) if reading.problem else "", reading.offered, reading.is_lost
    )


def read_owner(cell: str) -> CellValue | None:
    """Return the problem of a cell that is too long for a person's owner, or None."""
    if len(cell) <= LONGEST_NAME:
        return None
    return CellValue(problem=f"the owner has {len(cell):,} characters, and the limit is {LONGEST_NAME}", is_lost=True)


def is_plain_email(text: str) -> bool:
    """Return whether a text is one email address and nothing else."""
    return len(text) <= LONGEST_EMAIL and _PLAIN_EMAIL.fullmatch(text) is not None


def read_emails(cell: str) -> Iterator[CellValue]:
    """Yield each email of a cell: bare, after mailto:, or behind a name as in mail programs; or why a part is none."""
    text = visible(cell)
    if is_plain_email(text):
        yield CellValue(text)
        return
    inside = _IN_BRACKETS.findall(text)
    # The text outside the brackets is names, which may have commas in them.
    parts = [part for each in inside for part in _BETWEEN_EMAILS.split(each)] if inside else _BETWEEN_EMAILS.split(text)
    if inside:
        parts += [part for part in _BETWEEN_EMAILS.split(_IN_BRACKETS.sub(";", text)) if "@" in part]
    for part in filter(None, map(str.strip, parts)):
        address = re.sub(r"^(mailto|email|e-mail):\s*", "", part, flags=re.IGNORECASE).partition("?")[0].strip("\"' .")
        if len(address) > LONGEST_EMAIL:
            said = f"“{address[:_SHOWN]}…” is too long for an email address"
            yield CellValue(problem=f"{said}: it has {len(address):,} characters of {LONGEST_EMAIL}", is_lost=True)
        elif _EMAIL.fullmatch(address):
            yield CellValue(address)
        elif is_placeholder(part):
            yield CellValue(problem=f"“{part}” means no email")
        else:
            offered = tuple(_EMAIL.findall(part))
            yield CellValue(
                problem=f"“{part}” is not an email address" + (f": {' or '.join(offered)}?" if offered else ""),
                offered=offered,
                is_lost=True,
            )


def read_tags(cell: str) -> Iterator[str]:
    """Yield every tag of a cell, without the groups of every Google account ("* myContacts", "* starred")."""
    if cell.isalnum():
        yield cell
        return
    for tag in (each.strip().strip('"').strip() for each in _BETWEEN_TAGS.split(cell)):
        if tag and not tag.startswith("* ") and not (is_placeholder(visible(tag)) and not tag.isalnum()):
            yield tag


def read_time_zone(cell: str) -> CellValue:
    """Return a time zone by its IANA name in any case, also as in HubSpot ("europe_slash_berlin"), or a problem."""
    text = visible(cell)
    folded = text.casefold()
    spelled = folded.replace("_slash_", "/").replace(" ", "_")
    name = _time_zones().get(spelled, "")
    if name or is_placeholder(text):
        return CellValue(name, "" if name else f"“{text}” means no time zone")
    # Etc/GMT+1 lies west of Greenwich, and GMT+1 as people write it lies east.
    places = [
        zone
        for zone in _time_zones().values()
        if zone.rpartition("/")[2].casefold() == spelled and not zone.startswith("Etc/")
    ]
    offered = tuple(places[:1])
    return CellValue(
        problem=f"“{text}” is not a time zone: write one such as Africa/Lagos"
        + (f", here perhaps {offered[0]}" if offered else ""),
        offered=offered,
        is_lost=True,
    )


def read_cell_language(cell: str) -> CellValue:
    """Return a language by its code, such as "pt-BR", or a problem."""
    text = visible(cell)
    try:
        return CellValue(read_language(text))
    except ValueError as error:
        placeholder = is_placeholder(text)
        return CellValue(problem=f"“{text}” means no language" if placeholder else str(error), is_lost=not placeholder)


@cache
def _time_zones() -> dict[str, str]:
    """Return the name of every time zone by its name in lower case."""
    return {name.casefold(): name for name in sorted(zoneinfo.available_timezones())}

"""Reads people from CSV: our own plain columns, or what Google Contacts exports, in its old form and its new one."""

import csv
import re
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TextIO

from contacts_tui.domain.address import AddressError, alias_key, display_phone, normalize_phone, time_zone_of
from contacts_tui.domain.channel import Channel
from contacts_tui.services.errors import BadInput
from contacts_tui.text_files import lenient

COLUMNS = "name, phone, phone2 and so on, email, company, tags, note, owner, time_zone, whatsapp, sms"
"""The plain columns, for sentences and help."""

_KINDS = {
    "name": re.compile("name"),
    "given": re.compile("givenname|firstname"),
    "middle": re.compile("additionalname|middlename"),
    "family": re.compile("familyname|lastname"),
    "phone": re.compile(r"phone\d*(value)?"),
    "whatsapp": re.compile(r"whatsapp\d*"),
    "sms": re.compile(r"sms\d*"),
    "email": re.compile(r"email\d*(value)?"),
    "company": re.compile("company|organization1?name"),
    "tags": re.compile("tags|labels|groupmembership"),
    "note": re.compile("notes?"),
    "owner": re.compile("owner"),
    "zone": re.compile("timezone"),
}
"""What a column holds, by its heading in lower case with only letters and digits kept."""

_CHANNELS = {
    "phone": (Channel.SMS, Channel.WHATSAPP),
    "sms": (Channel.SMS,),
    "whatsapp": (Channel.WHATSAPP,),
}
"""A phone number is tried on both; a column that names one channel means only that."""

_MANY = " ::: "
"""Google's separator of several values in one field."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that was not taken."""

    line: int
    """The line of the file in which the row begins, from 1."""
    reason: str
    """One sentence: what is wrong with it."""


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person as one row gives them."""

    line: int
    name: str
    """Empty when the row gives none."""
    company: str
    emails: tuple[str, ...]
    tags: tuple[str, ...]
    note: str
    owner: str
    time_zone: str
    """As given, else that of the first number."""
    numbers: tuple[tuple[Channel, str, str], ...]
    """Channel, number in E.164 and its alias key."""

    @property
    def shown_name(self) -> str:
        """The name, or what stands in its place."""
        return self.name or (display_phone(self.numbers[0][1]) if self.numbers else self.emails[0])


def open_csv(path: Path) -> TextIO:
    """Opens a file so that a byte that is no UTF-8 spoils only its row. Raises BadInput."""
    try:
        return lenient(path.open("rb"))
    except OSError as error:
        raise BadInput(f"{path} can't be read: {error.strerror}") from error


def read_people(text: Iterable[str], default_region: str | None) -> Iterator[PersonEntry | RowProblem]:
    """Every row of a CSV text, as a person or as what is wrong with it.

    `default_region` (ISO 3166, "NG") reads numbers without a country code. Raises BadInput for what is no such text.
    """
    lines = _lines(text)
    blank = 0
    for heading in lines:
        if heading.strip():
            break
        blank += 1
    else:
        raise BadInput(f"the file is empty: its first line has to name the columns ({COLUMNS})")
    delimiter, kinds = _columns(heading)
    rows = csv.reader(chain([heading], lines), delimiter=delimiter, strict=True)
    next(rows)
    while True:
        line = blank + rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):
                raise BadInput(
                    f"line {line} begins a field of more than {csv.field_size_limit():,} characters: "
                    "look for a quote that is never closed"
                ) from error
            yield RowProblem(line, f"the quotes are wrong: {error}")
            continue
        if any(field.strip() for field in row):
            yield _entry(line, row, kinds, default_region)


def _lines(text: Iterable[str]) -> Iterator[str]:
    try:
        for number, line in enumerate(text, 1):
            if "\0" in line:
                raise BadInput(f"line {number} holds a NUL byte: this is not a CSV file")
            yield line.removeprefix("\ufeff") if number == 1 else line
    except UnicodeDecodeError as error:
        raise BadInput("the file is not UTF-8: save it as UTF-8 and try again") from error


def _columns(heading: str) -> tuple[str, list[str]]:
    """The delimiter under which most headings are known, and what each column holds."""
    readings = []
    for delimiter in ",;\t":
        headings = next(csv.reader([heading], delimiter=delimiter), [])
        readings.append((delimiter, [_kind(text) for text in headings]))
    delimiter, kinds = max(readings, key=lambda reading: sum(map(bool, reading[1])))
    if not any(kinds):
        raise BadInput(
            f"no column is known: the first line has to name the columns ({COLUMNS}), "
            "or be that of a Google Contacts export"
        )
    return delimiter, kinds


def _kind(heading: str) -> str:
    bare = re.sub(r"[\W_]", "", heading.casefold())
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(bare)), "")


def _entry(line: int, row: list[str], kinds: list[str], default_region: str | None) -> PersonEntry | RowProblem:
    if any(field.strip() for field in row[len(kinds) :]):
        return RowProblem(line, f"it has {len(row)} fields under {len(kinds)} headings: check its quotes")
    if any(map(_LONE_SURROGATE.search, row)):
        return RowProblem(line, "it is not UTF-8: save the file as UTF-8 and try again")
    fields: dict[str, list[str]] = {kind: [] for kind in _KINDS}
    for kind, field in zip(kinds, row, strict=False):
        if kind and field.strip():
            fields[kind].append(field.strip())
    try:
        numbers = tuple(_numbers(fields, default_region))
    except AddressError as error:
        return RowProblem(line, str(error))
    zone = "".join(fields["zone"][:1])
    if zone and zone not in _time_zones():
        return RowProblem(line, f"“{zone}” is no time zone: write one such as Africa/Lagos, or leave it empty")
    entry = PersonEntry(
        line=line,
        name=_name(fields),
        company="".join(fields["company"][:1]),
        emails=tuple(dict.fromkeys(_values(fields["email"]))),
        tags=tuple(dict.fromkeys(_tags(fields["tags"]))),
        note="\n".join(fields["note"]),
        owner="".join(fields["owner"][:1]),
        time_zone=zone or (time_zone_of(numbers[0][1]) if numbers else ""),
        numbers=numbers,
    )
    if not (entry.name or entry.numbers or entry.emails):
        return RowProblem(line, "it has no name, no number and no email: give at least one")
    return entry


def _numbers(fields: Mapping[str, list[str]], default_region: str | None) -> Iterator[tuple[Channel, str, str]]:
    seen: set[tuple[Channel, str]] = set()
    for kind, channels in _CHANNELS.items():
        for typed in _values(fields[kind]):
            number = normalize_phone(typed, default_region)
            key = alias_key(channels[0], number)
            for channel in channels:
                if (channel, key) not in seen:
                    seen.add((channel, key))
                    yield channel, number, key


def _name(fields: Mapping[str, list[str]]) -> str:
    """The whole name when there is a column for it, else its parts put together."""
    if fields["name"]:
        return fields["name"][0]
    return " ".join(part for kind in ("given", "middle", "family") for part in fields[kind])


def _values(fields: Iterable[str]) -> Iterator[str]:
    for field in fields:
        yield from filter(None, map(str.strip, field.split(_MANY.strip())))


def _tags(fields: Iterable[str]) -> Iterator[str]:
    for value in _values(fields):
        for tag in map(str.strip, value.split(",")):
            # Google marks the groups that every account has: "* myContacts", "* starred".
            if tag and not tag.startswith("* "):
                yield tag


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())

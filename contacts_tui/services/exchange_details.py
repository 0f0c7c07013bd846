"""Notes, opt-outs and blocks of people as texts in a file.

A note is `TIME, AUTHOR: TEXT`, or `TIME, edited TIME, AUTHOR: TEXT`. An opt-out or a block is `TIME CHANNEL NUMBER`, or
`TIME` alone where it holds for the whole person. Times are ISO 8601. Other programs' files say "yes", or a date.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from contacts_tui.domain.attributes import Kind, read_value
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.phone_reading import is_placeholder, visible
from contacts_tui.services.import_cells import CellValue

NOTES_HEADING = "contacts-tui notes"
"""The heading of the column with notes."""
OPTED_OUT_HEADING = "Opted Out"
BLOCKED_HEADING = "Blocked"
_NOTE = re.compile(r"(\S+?)(?:, edited (\S+))?, ((?:\\.|[^\\:])*): (.*)", re.DOTALL)
_MARK = re.compile(r"(\S+)(?: (\S+) (.*))?", re.DOTALL)
_LIKE_TIME = re.compile(r"\d{4}-\d\d-\d\d|\d{8}T")
_SOME_DAY = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{2,4}(?!\d).*")
"""A date whose order of day and month isn't sure: the cell says yes, but not since when."""
_YES = frozenset(["x", "✓", "✔", "ja", "oui", "si", "sí", "sì", "sim"])
_NO = frozenset(["nein", "non", "não", "nao"])
"""Words of other languages, and ticks, beside those that every attribute of kind YES_NO knows."""


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """A note in a file."""

    author: str
    at: datetime
    text: str
    edited_at: datetime | None = None

    @property
    def cell(self) -> str:
        """The note as a text, from which `read_note` makes the same note."""
        author = re.sub(r"([\\:])", r"\\\1", self.author)
        edited = "" if self.edited_at is None else f", edited {self.edited_at.isoformat()}"
        return f"{self.at.isoformat()}{edited}, {author}: {self.text}"


@dataclass(frozen=True, slots=True)
class AddressMark:
    """The mark that a number, or a whole person, is opted out or blocked by us."""

    at: datetime | None
    """Since when; None where a file doesn't say."""
    channel: Channel | None = None
    """None for the whole person, with all their numbers."""
    number: str = ""

    @property
    def cell(self) -> str:
        """The mark as a text, from which `read_mark` makes the same mark."""
        assert self.at is not None, "what is stored has its time"
        return self.at.isoformat() + ("" if self.channel is None else f" {self.channel.value} {self.number}")


def read_note(text: str) -> WrittenNote:
    """Return the note that a text holds. Raise ValueError with a clause when it is none."""
    found = _NOTE.fullmatch(text)
    at = read_time(found[1]) if found else None
    edited_at = read_time(found[2]) if found and found[2] else None
    if found is None or at is None or (found[2] and edited_at is None):
        raise ValueError(f"“{text[:60]}” is not a note: write it as 2026-11-27T10:00:00Z, Kim: likes tea")
    return WrittenNote(re.sub(r"\\(.)", r"\1", found[3], flags=re.DOTALL), at, found[4], edited_at)


def read_mark(text: str) -> AddressMark:
    """Return the opt-out or block in a text of our own file. Raise ValueError with a clause when it is none."""
    found = _MARK.fullmatch(text)
    at = read_time(found[1]) if found else None
    channel = found[2] if found else None
    if found is None or at is None or channel not in (None, Channel.SMS.value, Channel.WHATSAPP.value):
        raise ValueError(f"“{text[:60]}” is not since when, by which channel and for which number")
    return AddressMark(at) if channel is None else AddressMark(at, Channel(channel), found[3])


def read_answer(cell: str) -> tuple[AddressMark | None, CellValue]:
    """Return what another program's cell says, yes or since when as a mark, no as None; and its problem, if any."""
    text = visible(cell)
    if (at := read_time(text)) is not None:
        return AddressMark(at), CellValue()
    word = text.casefold()
    if word in _YES or _SOME_DAY.fullmatch(word):
        return AddressMark(None), CellValue()
    if word in _NO or is_placeholder(text):
        return None, CellValue()
    try:
        return (AddressMark(None) if read_value(Kind.YES_NO, text) == "yes" else None), CellValue()
    except ValueError:
        return None, CellValue(problem=f"“{text}” is neither yes nor no, and no date", is_lost=True)


def newest(marks: Iterable[AddressMark], channel: Channel, number: str) -> AddressMark | None:
    """Return the mark that holds for a number on a channel: its own before that of the whole person; or None."""
    ranked = sorted(marks, key=lambda one: one.channel is None)
    return next((one for one in ranked if one.channel is None or (one.channel, one.number) == (channel, number)), None)


def read_time(text: str) -> datetime | None:
    """Return an ISO 8601 time in UTC, for a date its first moment there; None when the text isn't one."""
    if not _LIKE_TIME.match(text):
        return None
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None

"""A file of people: its format by its first bytes, read as the file itself shows or as the agent chose."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from contacts_tui import paths
from contacts_tui.services.errors import BadInput
from contacts_tui.services.import_header import Meaning
from contacts_tui.services.people_csv import CSV, Form, PeopleFile, csv_with
from contacts_tui.services.people_jsonl import JSON_LINES
from contacts_tui.services.people_vcard import VCARD
from contacts_tui.text_source import open_text

_OTHER_FORMATS = {
    b"PK\x03\x04": "a workbook or an archive, not a CSV: open it in a spreadsheet and save it as CSV UTF-8",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook, not a CSV: open it and save it as CSV UTF-8",
    b"%PDF": "a PDF, not a CSV: export the contacts as CSV",
    b"\x1f\x8b": "compressed: unpack it first",
    **dict.fromkeys(
        (b"<HTML", b"<TABLE", b"<!DOCTYPE", b"<?XML"),
        "a web page or XML, not a CSV: open it in a spreadsheet and save it as CSV UTF-8",
    ),
}
"""The first bytes of files that are often mistaken for a CSV, with what to say of them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read. Empty values are found out from the file."""

    region: str | None = None
    """The country of numbers that are written without a code (ISO 3166, "NG")."""
    mapping: Mapping[str, Meaning] = field(default_factory=dict)
    """The meaning of columns by their headings."""
    encoding: str = ""
    """One of `text_source.ENCODINGS`."""
    separator: str = ""
    """The character between the cells of a CSV."""


class ImportSource:
    """An open file of people. A context manager; leaving it closes the file."""

    def __init__(self, source: Path | BinaryIO, name: str, encoding: str = "") -> None:
        """Open a file; `name` is what the agent calls it. Raise BadInput when it can't be read or isn't text."""
        try:
            self._text = open_text(source, encoding)
        except OSError as error:
            raise BadInput(f"{name} can't be read: {error.strerror}") from error
        for start, what in _OTHER_FORMATS.items():
            if self._text.head.lstrip().upper().startswith(start):
                self.close()
                raise BadInput(f"{name} is {what}")
        self.form = _form(self._text.head)
        """The format, by the first bytes."""

    @property
    def encoding(self) -> str:
        """The encoding's usual name, such as "UTF-8"."""
        return self._text.encoding

    def people(self, reading: Reading, only: "Callable[[Iterable[str]], Iterable[str]] | None" = None) -> PeopleFile:
        """Return the people in the file. `only` gets all its lines and returns those to read. Raise BadInput."""
        form = csv_with(reading.separator) if self.form is CSV and reading.separator else self.form

        def lines() -> Iterable[str]:
            return self._text.lines() if only is None else only(self._text.lines())

        return PeopleFile(lines, reading.region, reading.mapping, form)

    def close(self) -> None:
        """Close the file, unless it is the caller's stream."""
        self._text.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def examine(text: str) -> Path:
    """Return the typed path, if people can be imported from the file. May block. Raise BadInput."""
    path = paths.expanded(text, "the path")
    with ImportSource(path, str(path)):
        return path


def countries() -> tuple[tuple[str, int], ...]:
    """Return every country whose numbers can be read without a code, and its calling code: ("NG", 234)."""
    import phonenumbers

    return tuple((one, phonenumbers.country_code_for_region(one)) for one in sorted(phonenumbers.SUPPORTED_REGIONS))


def _form(head: bytes) -> Form:
    """Return the format of a text, by its first bytes; CSV unless they say otherwise."""
    begin = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").upper()
    return VCARD if begin.startswith(b"BEGIN:VCARD") else JSON_LINES if begin.startswith(b"{") else CSV

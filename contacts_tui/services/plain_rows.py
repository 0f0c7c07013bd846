"""A fast way to read rows in which every cell has its usual form: a file of a hundred thousand has hardly any others.

All other rows are left to `people_csv`, which would read each row that is read here with the same result.
"""

from contacts_tui.domain.address import plain_phone
from contacts_tui.domain.channel import Channel
from contacts_tui.services.csv_records import Record
from contacts_tui.services.import_cells import (
    NOT_MESSAGED,
    NOTHING,
    UNREADABLE,
    is_plain_email,
    read_owner,
    read_tags,
)
from contacts_tui.services.import_columns import CHANNELS, NAME_PARTS, Field
from contacts_tui.services.import_header import Header
from contacts_tui.services.import_row import ImportRow, PersonEntry, whole_name

_WORDS = (*NAME_PARTS, Field.COMPANY, Field.NOTE)
"""Fields that take any text."""


class PlainRows:
    """A reader of such rows of one file."""

    def __init__(self, header: Header) -> None:
        columns = enumerate(header.columns)
        self._width = len(header.columns)
        self._read = tuple((place, column.field) for place, column in columns if column.field and column.is_read)
        self._kinds = header.kinds

    def read(self, record: Record) -> ImportRow | None:
        """Return the row with its person; None for a row that `people_csv` has to read."""
        cells = record.cells
        if record.problem or record.continued or len(cells) != self._width or UNREADABLE.search("\n".join(cells)):
            return None
        texts: dict[Field, list[str]] = {}
        numbers: dict[tuple[Channel, str], str] = {}
        emails: list[str] = []
        tags: list[str] = []
        for place, field in self._read:
            text = cells[place].strip()
            if not text:
                continue
            if field in _WORDS or (field is Field.OWNER and not read_owner(text)):
                if not NOTHING.fullmatch(text):
                    texts.setdefault(field, []).append(text)
            elif field in CHANNELS:
                found = plain_phone(text)
                if found is None or (place in self._kinds and NOT_MESSAGED.search(cells[self._kinds[place]])):
                    return None
                for channel in CHANNELS[field]:
                    numbers.setdefault((channel, found[1]), found[0])
            elif field is Field.EMAIL and is_plain_email(text):
                emails.append(text)
            elif field is Field.TAGS:
                tags += read_tags(text)
            else:
                return None
        if not (numbers or emails):
            return None
        person = PersonEntry(
            line=record.line,
            name=whole_name(texts),
            company=texts[Field.COMPANY][0] if Field.COMPANY in texts else "",
            emails=tuple(dict.fromkeys(emails)),
            tags=tuple(dict.fromkeys(tags)),
            note="\n".join(texts.get(Field.NOTE, ())),
            owner=texts[Field.OWNER][0] if Field.OWNER in texts else "",
            numbers=tuple((channel, number, key) for (channel, key), number in numbers.items()),
        )
        return ImportRow(record.line, cells, person, ())

"""A row whose cells have their usual form is read the quick way, with the result of the careful way."""

import csv
import io

from hypothesis import example, given, settings
from hypothesis import strategies as st

from contacts_tui.services.import_row import ImportRow
from contacts_tui.services.people_csv import PeopleFile

HEADINGS = (
    "Name", "First Name", "Last Name", "Phone 1 - Label", "Phone 1 - Value", "SMS", "WhatsApp", "E-mail", "E-mail 2",
    "Company", "Tags", "Notes", "Owner", "Time zone", "Opted out",
)  # fmt: skip
WORDS = st.sampled_from(["", "", " Ann ", "Ann", "Ann Lee", "-", "N/A", "\u3164", "Zoë", "* x", "x" * 101]) | st.text(
    max_size=6
)
NUMBERS = st.sampled_from(
    ["", "+49 151 2345678", "+1 (202) 555-0142", "+55 11 91234567", "+551161234567", "+5511961234567", "0151 2345678",
     "+521 55 1234 5678", "+49151234567890123", "n/a", "+1 202 555 0142 ext. 3", " +4915123456789 "]
)  # fmt: skip
EMAILS = st.sampled_from(["", "ann@x.example", "ANN@x.example", "a b", "ann@x.example; ben@x.example", "-"])
CELLS = {
    "Phone 1 - Label": st.sampled_from(["", "Mobile", "Work Fax"]), "Phone 1 - Value": NUMBERS, "SMS": NUMBERS,
    "WhatsApp": NUMBERS, "E-mail": EMAILS, "E-mail 2": EMAILS, "Time zone": st.sampled_from(["", "Africa/Lagos", "?"]),
    "Tags": st.sampled_from(["", "vip", "vip, late ::: vip", "* myContacts", "-", "n/a"]),
    "Opted out": st.sampled_from(["", "yes"]),
}  # fmt: skip
FILES = st.lists(st.sampled_from(HEADINGS), unique=True, min_size=1).flatmap(
    lambda headings: st.tuples(
        st.just(headings), st.lists(st.tuples(*(CELLS.get(one, WORDS) for one in headings)), min_size=1, max_size=3)
    )
)


def read(headings: list[str], rows: list[tuple[str, ...]], beside: str) -> list[ImportRow]:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([[*headings, "Name", "?"], *([*cells, "", beside] for cells in rows)])
    return list(PeopleFile(lambda: io.StringIO(stream.getvalue(), newline=""), None).rows())


@settings(max_examples=300)
@given(FILES)
@example((["SMS", "WhatsApp"], [("+551161234567", "+5511961234567")]))
@example((["Phone 1 - Label", "Phone 1 - Value", "E-mail"], [("Work Fax", "+4915123456789", "ann@x.example")]))
def test_it_is_read_as_with_care(file: tuple[list[str], list[tuple[str, ...]]]) -> None:
    # A byte that the encoding can't hold makes a row be read with care, also in a column that means nothing.
    quick, careful = read(*file, "."), read(*file, "\udc80")
    assert [(one.person, one.problems) for one in quick] == [(one.person, one.problems) for one in careful]

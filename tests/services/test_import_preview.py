"""What an import would do is counted before it is done, by the choice for people who are known."""

import io

import pytest

from contacts_tui.services import contacts_import, import_preview
from contacts_tui.services.import_matching import By, Duplicates
from contacts_tui.services.import_preview import CountWatch, known_words
from contacts_tui.services.import_row import ImportRow
from contacts_tui.services.people_csv import PeopleFile
from tests.services.twins import dump
from tests.services.world import World

ROWS = (
    "Ann,+12025550142,,Ann Ltd,",  # known by number, and gets a company
    "Ben,,ben@x.example,Ben Ltd,",  # known by email, and has that company
    "Cy,,cy@x.example,,",  # known by name alone: nothing else tells who they are
    "Dee,+12025550145,,,yes",  # new, and opted out
    "Dee,+1 202 555 0145,,Dee Ltd,",  # the same again
    "Somebody Else,+12025550142,,,",  # Ann's number
    ",,,,",
    "Eve,123,,,",
    *(f"Person {place},+1202556{place:04d},,," for place in range(contacts_import.BATCH)),
    "Dee,+12025550145,,,",  # the same in a later batch
    "Dora,,dee@x.example,,",
)
FILE = "name,phone,email,company,Opted out\n" + "".join(f"{row}\n" for row in ROWS)


def of(text: str) -> PeopleFile:
    return PeopleFile(lambda: iter(io.StringIO(text, newline="")), "US")


@pytest.mark.parametrize(("duplicates", "changed"), [("skip", 0), ("fill", 2), ("overwrite", 3)])
def test_what_would_come_of_each_row_is_counted_by_the_choice(world: World, duplicates: str, changed: int) -> None:
    for text in ("name,phone\nAnn,+12025550142\nCy,\n", "name,email,company\nBen,ben@x.example,Benjamin's\n"):
        world.store.call(contacts_import.take_all, of(text))
    before = dump(world)
    file = of(FILE)
    rows: list[ImportRow] = []
    counts = import_preview.count(world.store, file, Duplicates(duplicates), CountWatch(rows.extend))
    assert dump(world) == before
    assert (counts.rows, counts.is_whole, len(rows)) == (len(ROWS) - 1, True, len(ROWS) - 1), "empty rows are none"
    assert counts.known_by == {By.NUMBER: 1, By.EMAIL: 1, By.NAME: 1}
    assert (counts.new, counts.known, counts.changed, counts.repeated) == (contacts_import.BATCH + 2, 3, changed, 2)
    assert (counts.doubtful, counts.unreadable, counts.opted_out) == (1, 1, 1)
    assert known_words(counts) == f"3 already here (1 by number, 1 by email, 1 by name; {changed} would change)"
    told = [row.problems[0].reason for row in rows if row.person is None]
    assert told[0] == "+1 202 555 0142 belongs to Ann already", "a report has what only the store can tell"
    result = world.store.call(
        contacts_import.take_all,
        file,
        world.store.call_read(contacts_import.begin, "Kim", file, Duplicates(duplicates)),
    )
    assert (result.added, result.refused) == (counts.new, counts.refused)

"""Importing people: what is taken, what is reported with its line, and that nothing is overwritten."""

import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from contacts_tui.domain.address import display_phone
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Contact
from contacts_tui.services import contacts_import, people
from contacts_tui.services.contacts_import import ImportReport
from contacts_tui.services.errors import BadInput
from contacts_tui.services.people_csv import PersonEntry, RowProblem, open_csv, read_people
from contacts_tui.store import contacts
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store
from tests.services.world import ANN, World

PLAIN = (
    "name,phone,phone2,email,company,tags,note,owner,time_zone,whatsapp,sms\n"
    "Amara Okafor,+234 803 555 0142,+234 803 555 0143,amara@okafor.example,Okafor & Daughters,"
    '"vip, lagos","collects\non Fridays",Kim,Africa/Lagos,,\n'
    "Ben,,,,,,,,,+44 7700 900115,\n"
    "Carla,,,,,,,,,,+12025550177\n"
    ",,,dan@dan.example,,,,,,,\n"
    ",+12025550188,,,,,,,,,\n"
)

GOOGLE_OLD = (
    "Name,Given Name,Additional Name,Family Name,Notes,Group Membership,E-mail 1 - Type,E-mail 1 - Value,"
    "Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,Organization 1 - Name\n"
    "Amara Okafor,Amara,,Okafor,on Fridays,* myContacts ::: Lagos,* Work,amara@okafor.example ::: a@b.example,"
    "Mobile,+234 803 555 0142 ::: +234 803 555 0143,Work,+12025550177,Okafor Ltd\n"
)

GOOGLE_NEW = (
    "First Name,Middle Name,Last Name,Organization Name,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "Phone 1 - Label,Phone 1 - Value\n"
    "Amara,Ngozi,Okafor,Okafor Ltd,on Fridays,Lagos ::: * myContacts,Work,amara@okafor.example,"
    "Mobile,+234 803 555 0142 ::: +12025550177\n"
)


def bring(world: World, text: str, region: str | None = None) -> ImportReport:
    return world.store.call(contacts_import.import_csv, io.StringIO(text, newline=""), region)


def find(world: World, text: str) -> Contact:
    return world.store.call_read(people.find, text)


def addresses(world: World, contact: Contact) -> list[tuple[Channel, str]]:
    known = world.store.call_read(lambda session, _: contacts.identities(session, contact.id))
    return [(identity.channel, identity.address) for identity in known]


def everyone(world: World) -> int:
    return world.store.call_read(people.counts).everyone


def test_plain_columns(world: World) -> None:
    assert bring(world, PLAIN) == ImportReport(5, 0, 0, ())
    amara = find(world, "amara")
    assert (amara.company, amara.emails, amara.tags) == (
        "Okafor & Daughters",
        ("amara@okafor.example",),
        ("vip", "lagos"),
    )
    assert (amara.note, amara.owner, amara.time_zone) == ("collects\non Fridays", "Kim", "Africa/Lagos")
    assert addresses(world, amara) == [
        (Channel.SMS, "+2348035550142"),
        (Channel.WHATSAPP, "+2348035550142"),
        (Channel.SMS, "+2348035550143"),
        (Channel.WHATSAPP, "+2348035550143"),
    ]
    assert addresses(world, find(world, "Ben")) == [(Channel.WHATSAPP, "+447700900115")]
    assert addresses(world, find(world, "Carla")) == [(Channel.SMS, "+12025550177")]
    assert find(world, "dan@dan.example").name == "dan@dan.example"
    assert find(world, "+12025550188").name == display_phone("+12025550188")


@pytest.mark.parametrize(("text", "name"), [(GOOGLE_OLD, "Amara Okafor"), (GOOGLE_NEW, "Amara Ngozi Okafor")])
def test_google_contacts_in_its_old_and_its_new_form(world: World, text: str, name: str) -> None:
    assert bring(world, text).added == 1
    amara = find(world, "okafor")
    assert (amara.name, amara.company, amara.tags, amara.note) == (
        name,
        "Okafor Ltd",
        ("Lagos",),
        "on Fridays",
    )
    assert amara.emails[0] == "amara@okafor.example"
    numbers = [address for channel, address in addresses(world, amara) if channel is Channel.SMS]
    assert numbers[0] == "+2348035550142"
    assert numbers[-1] == "+12025550177"


@pytest.mark.parametrize("text", [PLAIN, GOOGLE_OLD, GOOGLE_NEW])
def test_a_second_import_changes_nothing(world: World, text: str) -> None:
    added = bring(world, text).added
    names = [find(world, str(number)) for number in range(1, added + 1)]
    assert bring(world, text) == ImportReport(0, added, 0, ())
    assert [find(world, str(number)) for number in range(1, added + 1)] == names
    assert everyone(world) == added


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_byte_order_marks_and_line_ends(world: World, delimiter: str, start: str, end: str) -> None:
    rows = [["Name", "Phone", "Time Zone"], ["Núñez, Carla", "+12025550177", ""]]
    text = start + "".join(delimiter.join(f'"{field}"' for field in row) + end for row in rows)
    assert bring(world, text) == ImportReport(1, 0, 0, ())
    assert find(world, "carla").name == "Núñez, Carla"


def test_complaint_15_duplicates_inside_one_file(world: World) -> None:
    text = (
        "name,phone,email\n"
        "Ann Lee,+1 202 555 0142,\n"
        "ANN LEE,+12025550142,ann@lee.example\n"
        "Ann Lee,(202) 555-0142,\n"
        "Zoe,,zoe@zoe.example\n"
        "Zoe,,ZOE@zoe.example\n"
        "Nobody Known,,\n"
        "Nobody Known,,\n"
    )
    assert bring(world, text, "US") == ImportReport(3, 3, 1, ())
    assert find(world, "ann lee").emails == ("ann@lee.example",)
    assert everyone(world) == 3


def test_a_number_of_somebody_else_is_reported_and_nothing_overwritten(world: World) -> None:
    contact_id = world.person("Ann Lee", ANN)
    world.person("Ben", "+447700900115")
    before = find(world, str(contact_id))
    report = bring(
        world,
        f"name,phone,phone2,company\nEve,{ANN},,Evil\nCarla,+12025550177,,\nAnn Lee,{ANN},+447700900115,Mill\n",
    )
    assert (report.added, report.updated) == (1, 0)
    assert [problem.line for problem in report.problems] == [2, 4]
    assert report.problems[0].reason == f"{display_phone(ANN)} belongs to Ann Lee already"
    assert report.problems[1].reason == "its numbers belong to two people: Ann Lee and Ben"
    assert find(world, str(contact_id)) == before


def test_what_is_empty_is_filled_and_what_is_there_stays(world: World) -> None:
    contact_id = world.person("Ann Lee", ANN)
    world.store.call(contacts.update, contact_id, company="Mill", emails=["ann@mill.example"])
    text = f"name,phone,phone2,company,email,owner,tags\nann lee,{ANN},+12025550143,Other,ann@lee.example,Kim,vip\n"
    assert bring(world, text) == ImportReport(0, 0, 1, ())
    ann = find(world, str(contact_id))
    assert (ann.name, ann.company, ann.owner, ann.tags) == ("Ann Lee", "Mill", "Kim", ("vip",))
    assert ann.emails == ("ann@mill.example", "ann@lee.example")
    assert (Channel.WHATSAPP, "+12025550143") in addresses(world, ann)
    assert bring(world, text) == ImportReport(0, 1, 0, ())


def test_an_unknown_sender_gets_the_name_of_the_file(world: World) -> None:
    world.hears(world.shop, "Hello", "+12025550177")
    assert bring(world, "name,phone\nCarla,+12025550177\n") == ImportReport(0, 0, 1, ())
    assert find(world, "+12025550177").name == "Carla"


def test_a_bad_row_is_reported_with_its_line_and_the_rest_goes_in(world: World) -> None:
    text = (
        "name,phone,company,time_zone\n"
        '"Two\nLines",+12025550142,,\n'
        "Short,12,,\n"
        "\n"
        ",,Only a company,\n"
        "Ann,+12025550143,,Mars/Olympus\n"
        "Up,+12025550144,,America\n"
        "Many,+12025550145,,,,surplus\n"
        '"Bad" quote,+12025550146,,\n'
        "Good,+12025550147,,\n"
    )
    report = bring(world, text)
    assert report.added == 2
    assert [(problem.line, problem.reason.partition(":")[0]) for problem in report.problems] == [
        (4, "“12” has no known country code"),
        (6, "it has no name, no number and no email"),
        (7, "“Mars/Olympus” is no time zone"),
        (8, "“America” is no time zone"),
        (9, "it has 6 fields under 4 headings"),
        (10, "the quotes are wrong"),
    ]
    assert find(world, "good").name == "Good"


def test_lines_are_counted_from_the_top_of_the_file(world: World) -> None:
    (problem,) = bring(world, "\n\nname,phone\nShort,12\n").problems
    assert problem.line == 4


def test_hostile_text_is_stored_as_it_is(world: World) -> None:
    name = "[@click=app.quit]x[/] \x1b]0;owned\x07 =cmd|' /C calc'!A0"
    assert bring(world, f'name,phone\n"{name}",+12025550142\n').added == 1
    assert find(world, "+12025550142").name == name


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ("Amara,+2348035550142\n", r"no column is known: .*name, phone"),
        ("name,phone\nAnn\0,+12025550142\n", "line 2 holds a NUL byte"),
        ("name,phone\nAnn,1\n" + '"' + "x" * 200_000, "line 3 begins a field of more than 131,072"),
    ],
)
def test_what_is_no_such_file_is_refused_as_a_whole(world: World, text: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        bring(world, text)
    assert everyone(world) == 0


def test_files_in_other_encodings(world: World, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes("name,phone\nAnn,+12025550142\nÉlodie,+33612345678\n".encode("latin-1"))
    with contacts_import.open_csv(path) as stream:
        report = world.store.call(contacts_import.import_csv, stream, None)
    assert (report.added, [problem.line for problem in report.problems]) == (1, [3])
    assert "UTF-8" in report.problems[0].reason
    with path.open(encoding="utf-8", newline="") as stream, pytest.raises(BadInput, match="not UTF-8"):
        world.store.call(contacts_import.import_csv, stream, None)
    path.write_text("name\tphone\nÉlodie\t+33612345678\n", encoding="utf-16")
    with contacts_import.open_csv(path) as stream:
        assert world.store.call(contacts_import.import_csv, stream, None).added == 1
    with pytest.raises(BadInput, match="can't be read"):
        contacts_import.open_csv(tmp_path / "missing.csv")


def test_a_store_that_fails_half_way_keeps_nothing(world: World, tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    world.store.close()
    store = Store.open(f"sqlite:///{path}")
    rows = "".join(f"Person {number},+1202{number:07d}\n" for number in range(2000))

    def small_disk(session: Session, clock: Clock) -> ImportReport:
        session.connection().exec_driver_sql("PRAGMA max_page_count = 100")
        return contacts_import.import_csv(session, clock, io.StringIO("name,phone\n" + rows), None)

    with pytest.raises(StoreError, match="no room left"):
        store.call(small_disk)
    assert store.call_read(people.counts).everyone == 0
    store.close()


HEADINGS = st.lists(
    st.sampled_from(
        ["name", "phone", "phone2", "email", "tags", "note", "time_zone", "whatsapp", "Given Name", "?", ""]
    ),
    min_size=1,
    max_size=6,
).map(",".join)
FIELDS = st.text(max_size=20) | st.sampled_from(["+234 803 555 0142", '"', '""', '"a', "a@b.example", "\x00", " ::: "])
ROWS = st.lists(FIELDS, max_size=7).map(",".join)


@given(st.text(max_size=40) | HEADINGS, st.lists(ROWS, max_size=5), st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_text_is_people_problems_or_refused_as_a_whole(heading: str, rows: list[str], end: str) -> None:
    text = end.join([heading, *rows])
    try:
        found = list(read_people(io.StringIO(text, newline=""), "US"))
    except BadInput as refusal:
        assert str(refusal)
        return
    for each in found:
        assert isinstance(each, (PersonEntry, RowProblem))
        assert each.line >= 1


@given(st.binary(max_size=300))
def test_any_bytes_are_people_problems_or_refused_as_a_whole(data: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        try:
            with open_csv(Path(file.name)) as text:
                list(read_people(text, None))
        except BadInput as refusal:
            assert str(refusal)


@given(st.lists(st.lists(FIELDS, min_size=3, max_size=3).map(",".join), max_size=5))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_rows_are_stored_or_reported(world: World, rows: list[str]) -> None:
    text = "\n".join(["name,phone,email", *rows])
    try:
        bring(world, text)
    except BadInput as refusal:
        assert str(refusal)

"""Importing people: what is taken, what is reported with its line, and that nothing is overwritten."""

import io
from pathlib import Path

import pytest
from sqlmodel import Session

from contacts_tui.domain.address import display_phone
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Contact, ContactChange
from contacts_tui.services import contacts_import, people, views
from contacts_tui.services.contacts_import import ImportResult
from contacts_tui.services.errors import BadInput
from contacts_tui.services.import_columns import Field
from contacts_tui.services.import_row import ImportProblem
from contacts_tui.services.people_csv import PeopleFile
from contacts_tui.store import contacts
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store
from contacts_tui.text_source import open_text
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


def people_in(text: str, region: str | None = None) -> PeopleFile:
    return PeopleFile(lambda: io.StringIO(text, newline=""), region)


def rows_of(world: World, text: str, region: str | None = None) -> tuple[ImportResult, list[ImportProblem]]:
    """Import the people of this text; return the result and the problems."""
    result, problems = ImportResult(), []
    for rows in contacts_import.batches(people_in(text, region)):
        batch = world.store.call(contacts_import.take, rows)
        result += batch.result
        problems += [problem for row in batch.rows for problem in row.problems]
    return result, problems


def bring(world: World, text: str, region: str | None = None) -> ImportResult:
    return rows_of(world, text, region)[0]


def find(world: World, text: str) -> Contact:
    return world.store.call_read(people.find, text)


def addresses(world: World, contact: Contact) -> list[tuple[Channel, str]]:
    known = world.store.call_read(lambda session, _: contacts.identities(session, contact.id))
    return [(identity.channel, identity.address) for identity in known]


def everyone(world: World) -> int:
    return world.store.call_read(views.count, "", "")


def test_plain_columns(world: World) -> None:
    assert bring(world, PLAIN) == ImportResult(added=5)
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
    assert (numbers[0], numbers[-1]) == ("+2348035550142", "+12025550177")


@pytest.mark.parametrize("text", [PLAIN, GOOGLE_OLD, GOOGLE_NEW])
def test_a_second_import_changes_nothing(world: World, text: str) -> None:
    added = bring(world, text).added
    names = [find(world, str(number)) for number in range(1, added + 1)]
    assert bring(world, text) == ImportResult(unchanged=added)
    assert [find(world, str(number)) for number in range(1, added + 1)] == names
    assert everyone(world) == added


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n", "sep={}\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_byte_order_marks_and_line_ends(world: World, delimiter: str, start: str, end: str) -> None:
    rows = [["Name", "Phone", "Time Zone"], ["Núñez, Carla", "+12025550177", ""]]
    text = start.format(delimiter) + "".join(delimiter.join(f'"{field}"' for field in row) + end for row in rows)
    assert bring(world, text) == ImportResult(added=1)
    assert find(world, "carla").name == "Núñez, Carla"


def test_complaint_15_12325_one_person_twice_in_a_file_comes_in_once(world: World) -> None:
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
    assert bring(world, text, "US") == ImportResult(added=3, updated=1, unchanged=3)
    assert find(world, "ann lee").emails == ("ann@lee.example",)
    assert everyone(world) == 3


def test_a_number_of_somebody_else_is_reported_and_nothing_overwritten(world: World) -> None:
    contact_id = world.person("Ann Lee", ANN)
    world.person("Ben", "+447700900115")
    before = find(world, str(contact_id))
    result, problems = rows_of(
        world,
        f"name,phone,phone2,company\nEve,{ANN},,Evil\nCarla,+12025550177,,\nAnn Lee,{ANN},+447700900115,Mill\n"
        f"Dan,{ANN},+12025550178,\n",
    )
    assert result == ImportResult(added=2, updated=1, refused=1, incomplete=2)
    assert [(problem.line, problem.reason) for problem in problems] == [
        (2, f"{display_phone(ANN)} belongs to Ann Lee already"),
        (4, "+44 7700 900115 belongs to Ben already"),
        (5, f"{display_phone(ANN)} belongs to Ann Lee already"),
    ]
    after = find(world, str(contact_id))
    assert (after.name, after.company) == (before.name, "Mill")
    assert addresses(world, find(world, "Dan")) == [(Channel.SMS, "+12025550178"), (Channel.WHATSAPP, "+12025550178")]


def test_what_is_empty_is_filled_and_what_is_there_stays(world: World) -> None:
    contact_id = world.person("Ann Lee", ANN)
    world.store.call(contacts.update, contact_id, ContactChange(company="Mill", emails=("ann@mill.example",)))
    text = f"name,phone,phone2,company,email,owner,tags\nann lee,{ANN},+12025550143,Other,ann@lee.example,Kim,vip\n"
    assert bring(world, text) == ImportResult(updated=1)
    ann = find(world, str(contact_id))
    assert (ann.name, ann.company, ann.owner, ann.tags) == ("Ann Lee", "Mill", "Kim", ("vip",))
    assert ann.emails == ("ann@mill.example", "ann@lee.example")
    assert (Channel.WHATSAPP, "+12025550143") in addresses(world, ann)
    assert bring(world, text) == ImportResult(unchanged=1)


def test_an_unknown_sender_gets_the_name_of_the_file(world: World) -> None:
    world.hears(world.shop, "Hello", "+12025550177")
    assert bring(world, "name,phone\nCarla,+12025550177\n") == ImportResult(updated=1)
    assert find(world, "+12025550177").name == "Carla"


def test_a_bad_row_is_reported_with_its_line_and_the_rest_goes_in(world: World) -> None:
    text = (
        "name,phone,company,time_zone\n"
        '"Two\nLines",+12025550142,,\n'
        "Short,12,,\n"
        "\n"
        ",,Only a company,\n"
        "Many,+12025550145,,,,surplus\n"
        '"Bad" quote,+12025550146,,\n'
        "Few,+12025550148\n"
        "Good,+12025550147,,\n"
    )
    result, problems = rows_of(world, text)
    assert (result.added, result.refused, result.incomplete) == (3, 4, 0)
    assert [(problem.line, problem.column, problem.reason.partition(":")[0]) for problem in problems] == [
        (4, "phone", "“12” is too short for a number that can receive messages"),
        (6, "", "it has no name, no number and no email"),
        (7, "", "it has 6 cells under 4 headings"),
        (8, "", 'a quote (") is inside a cell'),
    ]
    assert find(world, "good").name == "Good"


@pytest.mark.parametrize(
    ("cells", "column", "says", "lost"),
    [
        ("+12025550142,121,ann@x.example,", "phone2", "“121” is too short", True),
        ("+12025550142,N/A,-,", "phone2", "“N/A” means no number", False),
        ("+12025550142,,none,", "email", "“none” means no email", False),
        ("+12025550142,,ann at x,", "email", "“ann at x” is not an email address", True),
        ("+12025550142,,,Mars/Olympus", "time_zone", "“Mars/Olympus” is not a time zone", True),
        ("+12025550142,,,America", "time_zone", "“America” is not a time zone", True),
        ("+12025550142,call Ann,,", "phone2", "“call Ann” has letters in it", True),
        (",4.47911E+11,ann@x.example,", "phone2", "“4.47911E+11” was cut by a spreadsheet", True),
        ("+1 202 555 0142 ext. 5,,,", "phone", "the extension 5 can't receive messages", False),
        ("+12025550142,\udcfc,,", "phone2", "it has characters that can't be read", True),
        ("+12025550142,1\x002,,", "phone2", "it has characters that can't be read", True),
    ],
)
def test_a_cell_that_cant_be_read_is_told_and_its_person_comes_in(
    world: World, cells: str, column: str, says: str, lost: bool
) -> None:
    result, problems = rows_of(world, f"name,phone,phone2,email,time_zone\nAnn,{cells}\n")
    assert (result.added, result.refused, result.incomplete) == (1, 0, int(lost))
    assert result.is_whole is not lost
    problem = next(one for one in problems if one.column == column)
    assert (problem.line, problem.is_lost) == (2, lost)
    assert says in problem.reason


def test_a_time_zone_in_any_case_is_taken(world: World) -> None:
    assert bring(world, "name,phone,time zone\nAnn,+12025550142,asia/kathmandu\n").is_whole
    assert find(world, "ann").time_zone == "Asia/Kathmandu"


@pytest.mark.parametrize("phone", ["121", "447911123456", "4.47911E+11", "call Ann"])
def test_somebody_whose_only_address_cant_be_read_stays_out(world: World, phone: str) -> None:
    result, problems = rows_of(world, f"name,phone,email\nAnn,{phone},\nBea,,bea@x.example\n", "DE")
    assert (result.added, result.refused) == (1, 1)
    assert [(one.line, one.column) for one in problems] == [(2, "phone")]


@pytest.mark.parametrize("phone", ["", "-", "N/A"])
def test_somebody_without_any_address_comes_in(world: World, phone: str) -> None:
    assert bring(world, f"name,phone\nAnn,{phone}\n") == ImportResult(added=1)


def test_the_numbers_of_a_country(world: World) -> None:
    text = "name,phone\nCy,447911123456\nFay,00447911123459\nAnn,4.47911E+11\n"
    result, problems = rows_of(world, text, "DE")
    assert (result.added, result.refused) == (1, 2)
    assert problems[0].offered == ("+49447911123456", "+447911123456")
    assert bring(world, text, "NG").added == 1
    assert [addresses(world, find(world, name))[0][1] for name in ("Cy", "Fay")] == ["+447911123456", "+447911123459"]


@pytest.mark.parametrize(
    ("row", "says"),
    [("Ann,+12025550142", "--map Notruf=phone"), ("Ann,ann@x.example", "--map Notruf=email")],
)
def test_a_number_in_an_unknown_column_is_not_passed_over(world: World, row: str, says: str) -> None:
    result, problems = rows_of(world, f"name,Notruf\n{row}\nBea,\n")
    assert (result.added, result.refused) == (1, 1)
    assert says in problems[0].reason


@pytest.mark.parametrize("name", ["\u3164", "\u200e", "\u2800", "\u200b\u200d", "\u0301\u0301", "\x07", "-"])
def test_a_name_that_nobody_sees_is_none(world: World, name: str) -> None:
    assert bring(world, f"name,phone\n{name},+12025550142\n").added == 1
    assert find(world, "+12025550142").name == "+1 202 555 0142"
    result, problems = rows_of(world, f"name,phone\n{name},\n")
    assert (result.refused, problems[0].reason.partition(":")[0]) == (1, "it has no name, no number and no email")


def test_tags_and_emails_are_parted(world: World) -> None:
    assert bring(world, 'name,email,tags\nAnn,a@x.example; b@x.example,"vip;late, Lagos"\n').added == 1
    ann = find(world, "ann")
    assert (ann.emails, ann.tags) == (("a@x.example", "b@x.example"), ("vip", "late", "Lagos"))


def test_lines_are_counted_from_the_top_of_the_file(world: World) -> None:
    (problem,) = rows_of(world, "\n\nname,phone\nShort,12\n")[1]
    assert problem.line == 4


def test_an_open_quote_takes_nobody_with_it(world: World) -> None:
    result, problems = rows_of(world, 'name,phone\n"Ann,+12025550142\nBea,+12025550143\nCy,+12025550144\n')
    assert (result.added, result.refused) == (2, 1)
    assert problems[0].sentence.startswith('line 2: a quote (") is opened and never closed')


def test_a_quote_that_is_closed_by_chance_takes_nobody_with_it(world: World) -> None:
    result, problems = rows_of(
        world, 'name,phone,note\nAnn,+12025550142,"tea\nBea,+12025550143,cake"\nCy,+12025550144,\n'
    )
    assert (result.added, result.refused) == (1, 1)
    assert problems[0].sentence.startswith(
        'line 2: a quote (") is open until line 3, which looks like a row of its own'
    )


def test_hostile_text_is_stored_as_it_is(world: World) -> None:
    name = "[@click=app.quit]x[/] \x1b]0;owned\x07 =cmd|' /C calc'!A0"
    assert bring(world, f'name,phone\n"{name}",+12025550142\n').added == 1
    assert find(world, "+12025550142").name == name


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        (",,,\n;;\n", "the file is empty"),
        ("sep=;\n", "the file is empty"),
        ('"name,phone\nAnn,+12025550142\n', "line 1, with the columns' names: a quote"),
        ("Amara,Lagos\n", r"no column is known: .*name, phone"),
        ("Amara,+2348035550142\nBea,+2348035550143\n", "the first line is a person"),
        ("Amara,amara@okafor.example\n", "the first line is a person"),
    ],
)
def test_what_is_no_such_file_is_refused_as_a_whole(world: World, text: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        bring(world, text)
    assert everyone(world) == 0


def test_files_in_other_encodings(world: World, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    for number, encoding in enumerate(("cp1252", "utf-8", "utf-8-sig", "utf-16", "utf-16-le")):
        path.write_bytes(f"name,phone\nÉlodie {encoding},+3361234567{number}\n".encode(encoding))
        with open_text(path) as text:
            assert world.store.call(contacts_import.take_all, PeopleFile(text.lines, None)) == ImportResult(added=1)
        assert find(world, f"+3361234567{number}").name == f"Élodie {encoding}"
    path.write_bytes("name,phone\nÉlodie,+33612345670\n".encode() + b"J\xfcrgen,+12025550142\nBea,+12025550143\n")
    with open_text(path) as text:
        rows = list(PeopleFile(text.lines, None).rows())
    assert [row.person is not None for row in rows] == [True, False, True]
    assert "save the file as UTF-8" in rows[1].problems[0].sentence


@pytest.mark.engine("sqlite")
def test_a_store_that_fails_in_a_batch_keeps_nothing_of_it(world: World) -> None:
    world.store.close()
    store = Store.open(world.location)
    text = "name,phone\n" + "".join(f"Person {number},+1202{number:07d}\n" for number in range(2000))

    def small_disk(session: Session, clock: Clock) -> ImportResult:
        session.connection().exec_driver_sql("PRAGMA max_page_count = 100")
        return contacts_import.take_all(session, clock, people_in(text))

    with pytest.raises(StoreError, match="no space left"):
        store.call(small_disk)
    assert store.call_read(views.count, "", "") == 0
    store.close()


def test_a_plan_says_what_each_column_means_and_stores_nothing(world: World) -> None:
    text = "Name;Handy;Fax;Notruf\nAnn;+12025550142;;+12025550143\nBea;;1;\nCy;121;;\n"
    plan = contacts_import.plan(people_in(text))
    assert [(one.column.heading, one.column.field, one.filled, one.suggestion) for one in plan.columns] == [
        ("Name", Field.NAME, 3, ""),
        ("Handy", Field.PHONE, 2, ""),
        ("Fax", Field.NOTHING, 1, ""),
        ("Notruf", None, 1, "phone"),
    ]
    assert (plan.separator, plan.rows, plan.people, plan.unreachable, plan.refused) == ("semicolons", 3, 2, 1, 1)
    assert everyone(world) == 0


def test_a_mapping_fixes_a_column() -> None:
    lines = "Who,Name,Extra\nAnn,+12025550142,x\n".splitlines(keepends=True)
    mapping = {"who": Field.NAME, "Name": Field.PHONE, "Extra": Field.NOTHING}
    (row,) = PeopleFile(lambda: lines, None, mapping).rows()
    assert row.person is not None
    assert (row.person.name, row.person.numbers[0][1]) == ("Ann", "+12025550142")
    with pytest.raises(BadInput, match="no column “Phone”; it has Who, Name, Extra"):
        PeopleFile(lambda: lines, None, {"Phone": Field.PHONE})


def test_headings_alone_are_nobody() -> None:
    plan = contacts_import.plan(people_in("name,phone\n"))
    assert (plan.rows, plan.people) == (0, 0)


def test_two_columns_of_one_heading_both_count() -> None:
    (row,) = people_in("Name,Phone,Phone,Email,Email\nAnn,+12025550142,+12025550143,a@x.example,b@x.example\n").rows()
    assert row.person is not None
    assert len(row.person.numbers) == 4
    assert row.person.emails == ("a@x.example", "b@x.example")

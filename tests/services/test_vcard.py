"""vCards of phones, mail programs and iCloud: folded, escaped, in quoted-printable, grouped, and broken."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.channel import Channel
from contacts_tui.services import contacts_import
from contacts_tui.services.errors import BadInput
from contacts_tui.services.import_row import ImportRow
from contacts_tui.services.people_csv import PeopleFile
from contacts_tui.services.people_vcard import VCARD
from contacts_tui.services.vcard import cards, escaped, split, unescaped, written

ICLOUD = """BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//iCloud Web Address Book 2117B3//EN
N:Example;Ann;Maria;;
FN:Ann Maria Example
ORG:Acme\\, Inc.;Sales
item1.TEL;type=pref:+1 202 555 0142
item1.X-ABLabel:_$!<Mobile>!$_
TEL;type=WORK;type=VOICE:+1 (202) 555-0143
TEL;type=WORK;type=FAX:+1 202 555 0199
EMAIL;type=INTERNET;type=HOME;type=pref:ann@example
 .com
EMAIL;type=INTERNET:ann@home.example
ADR;type=HOME:;;1 Way;Town;;12345;
NOTE:likes tea\\nand cake\\; no milk
CATEGORIES:vip,very\\, late
REV:2026-01-01T00:00:00Z
END:VCARD
"""
OLD = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;;
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg M=C3=BC=
ller
TEL;CELL;PREF:+4915123456789
NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:gr=FC=DFe=0D=0Azwei
END:VCARD
"""
NEW = """BEGIN:VCARD
VERSION:4.0
FN:Zoë
TEL;VALUE=uri;PREF=1;TYPE="voice,cell":tel:+1-202-555-0123
EMAIL;PID=1.1:zoe@x.example
LANG;PREF=1:pt-br
TZ:Europe/Lisbon
PHOTO;ENCODING=b:AAAA
END:VCARD
"""


def rows(text: str, region: str | None = None) -> list[ImportRow]:
    return list(file(text, region).rows())


def file(text: str, region: str | None = None) -> PeopleFile:
    return PeopleFile(lambda: iter(io.StringIO(text, newline="")), region, form=VCARD)


def test_what_icloud_exports() -> None:
    (row,) = rows(ICLOUD)
    person = row.person
    assert person is not None
    assert (person.name, person.company, person.note) == (
        "Ann Maria Example", "Acme, Inc.", "likes tea\nand cake; no milk",
    )  # fmt: skip
    assert person.emails == ("ann@example.com", "ann@home.example")
    assert {number for _, number, _ in person.numbers} == {"+12025550142", "+12025550143"}, "no fax"
    assert {channel for channel, _, _ in person.numbers} == {Channel.SMS, Channel.WHATSAPP}
    assert "vip" in person.tags
    left = [one.column.heading for one in contacts_import.plan(file(ICLOUD)).columns if not one.column.is_read]
    assert left == ["fax", "ADR"]


def test_what_an_old_phone_exports() -> None:
    (row,) = rows(OLD)
    assert row.person is not None
    assert (row.person.name, row.person.note) == ("Jörg Müller", "grüße\nzwei")
    assert row.person.numbers[0][1] == "+4915123456789"


def test_what_version_four_says() -> None:
    (row,) = rows(NEW)
    assert row.person is not None
    assert (row.person.name, row.person.language, row.person.time_zone) == ("Zoë", "pt-BR", "Europe/Lisbon")
    assert row.person.numbers[0][1] == "+12025550123"


def test_without_a_full_name_its_parts_are_it() -> None:
    (row,) = rows("BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lee;Ann;M.;Dr.;\r\nTEL:+12025550142\r\nEND:VCARD\r\n")
    assert row.person is not None
    assert row.person.name == "Ann M. Lee"


def test_a_broken_card_costs_itself_alone_and_is_named_by_its_line() -> None:
    text = f"{NEW}BEGIN:VCARD\nFN:Lost\n{OLD}BEGIN:VCARD\nFN:Cut off"
    found = rows(text)
    assert [row.person.name if row.person else row.problems[0].sentence for row in found] == [
        "Zoë",
        "line 10: it has no END:VCARD: the next card begins before it ends",
        "Jörg Müller",
        "line 20: it has no END:VCARD: the file ends before it does",
    ]


@pytest.mark.parametrize("text", ["", "nothing of this kind", "BEGIN:VCARD\nFN:x"])
def test_a_file_without_a_whole_card_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no whole card"):
        file(text)


def test_a_line_of_our_own_has_at_most_75_bytes_and_is_read_again() -> None:
    text = written([("NOTE", escaped("ä🙂," * 100))])
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    (card,) = cards(io.StringIO(text, newline=""))
    note = card.first("NOTE")
    assert note is not None
    assert note.text == "ä🙂," * 100


@given(st.lists(st.text(st.sampled_from("aä,;\\\n: ")), min_size=1))
def test_any_list_is_escaped_and_read(values: list[str]) -> None:
    assert [unescaped(part) for part in split(",".join(map(escaped, values)), ",")] == values


@given(st.lists(st.sampled_from([*NEW.splitlines(), *OLD.splitlines(), "", " ", ";:", "=", 'A;B=":c', "\udcff"])))
def test_no_order_of_lines_is_a_failure(lines: list[str]) -> None:
    for card in cards(f"{line}\n" for line in lines):
        assert card.problem or card.properties is not None

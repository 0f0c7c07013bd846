"""`people`: imported, listed and shown, whatever is in the names."""

import pytest

from contacts_tui.cli.exit import Exit
from tests.e2e.cli.program import PEOPLE, Program

HOSTILE = "[/nope] \x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp.exe"


def test_an_import_reports_each_row_and_changes_nothing_the_second_time(program: Program) -> None:
    rows = PEOPLE + "Bad Number,12,,,\nNo Country,020 7946 0958,,,\n"
    first = program.ok("people", "import", "-", stdin=rows)
    assert first.startswith("2 added, 0 updated, 0 unchanged\nline 4: ")
    assert "line 5: " in first
    again = program.json("people", "import", "-", "--region", "GB", stdin=rows)
    assert (again["added"], again["unchanged"]) == (1, 2)
    assert [problem["line"] for problem in again["problems"]] == [4]


def test_a_file_is_imported_and_one_that_is_not_there_is_told(program: Program) -> None:
    file = program.folder / "people.csv"
    file.write_text(PEOPLE, encoding="utf-8-sig")
    assert program.ok("people", "import", str(file)).startswith("2 added")
    missing = program.run("people", "import", str(program.folder / "none.csv"))
    assert missing.returncode == Exit.WRONG
    assert "none.csv" in missing.stderr
    region = program.run("people", "import", str(file), "--region", "Nigeria")
    assert region.returncode == Exit.WRONG
    assert "“Nigeria” is no region" in region.stderr


def test_bytes_that_are_no_text_spoil_only_their_row(program: Program) -> None:
    out = program.ok("people", "import", "-", stdin=PEOPLE.encode() + b"J\xfcrgen,+12025550177,,,\n")
    assert out.startswith("2 added")
    assert "line 4: " in out


def test_people_are_listed_found_and_shown(program: Program) -> None:
    program.ok("people", "import", "-", stdin=PEOPLE)
    listed = program.ok("people", "list")
    assert "Ann Archer" in listed
    assert "no conversation yet" in listed
    assert "the first 1; there are more" in program.ok("people", "list", "--limit", "1")
    found = program.json("people", "list", "--search", "0142")
    assert [row["name"] for row in found["people"]] == ["Ann Archer"]
    assert program.ok("people", "list", "--place", "unread") == "no one matches\n"
    shown = program.ok("people", "show", "+1 (202) 555-0142")
    assert "Archer Ltd" in shown
    assert "Telegram   no inbox connected" in shown
    card = program.json("people", "show", "ben baker")
    assert [state["channel"] for state in card["channels"]] == ["sms", "whatsapp", "telegram", "messenger"]


def test_who_is_meant_has_to_be_clear(program: Program) -> None:
    program.ok("people", "import", "-", stdin=PEOPLE + "Ann Archer,+1 202 555 0155,,,Other Ltd\n")
    unknown = program.run("people", "show", "Nobody")
    assert unknown.returncode == Exit.WRONG
    assert "Nobody" in unknown.stderr
    twice = program.run("people", "show", "Ann Archer")
    assert twice.returncode == Exit.WRONG
    assert "fits 2 people" in twice.stderr
    assert "Other Ltd" in twice.stderr


@pytest.mark.parametrize("command", [("people", "list"), ("people", "show", "1"), ("channels", "1"), ("thread", "1")])
def test_hostile_text_reaches_no_terminal(program: Program, command: tuple[str, ...]) -> None:
    program.ok("people", "import", "-", stdin=f'name,phone,note\n"{HOSTILE}",+12025550142,"{HOSTILE}"\n')
    text = program.ok(*command)
    assert "[/nope]" in text
    assert not set(text) & set("\x1b\x07\x9b\u202e")
    program.json(*command)


def test_an_empty_store_says_how_to_fill_it(program: Program) -> None:
    assert "contacts-tui people import FILE" in program.ok("people", "list")

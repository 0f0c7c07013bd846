"""`people merge` and its like: what comes out is said first, and everything can be undone by its number."""

import json

import pytest

from contacts_tui.cli.exit import Exit
from contacts_tui.domain.merge import Field, Take
from tests.e2e.cli.program import PEOPLE, Program

DOUBLES = PEOPLE + "A. Archer,+44 7700 900231,,ANN@example.com,Other Ltd\n"
HOSTILE = "[/nope] \x1b]0;owned\x07\x9b31m\u202egnp.exe"


@pytest.fixture
def doubles(program: Program) -> Program:
    program.ok("people", "import", "-", stdin=DOUBLES)
    return program


def test_the_help_names_every_field_and_side(program: Program) -> None:
    said = " ".join(program.ok("people", "merge", "--help").split())
    assert ", ".join(Field) in said
    assert ", ".join(Take) in said


def test_duplicates_are_listed_merged_and_taken_apart(doubles: Program) -> None:
    assert "same email ann@example.com" in doubles.ok("people", "duplicates")
    (pair,) = doubles.json("people", "duplicates")
    one, other = str(pair["contact"]["id"]), str(pair["other"]["id"])
    before = doubles.json("people", "show", one), doubles.json("people", "show", other)
    options = ("people", "merge", one, other, "--take", "company=other", "--take", "time zone=keep")
    dry = doubles.ok(*options, "--dry-run")
    assert "company    Other Ltd  (other)" in dry
    assert "nothing was stored" in dry
    assert doubles.json(*options, "--dry-run")["result"]["company"] == "Other Ltd"
    assert doubles.ok("people", "merges") == "nothing was merged or moved yet\n"
    done = doubles.ok(*options)
    assert "SMS +447700900231" in done
    assert "A. Archer was merged into Ann Archer; `people unmerge 1` undoes it" in done
    assert doubles.json("people", "show", other)["contact"]["id"] == int(one)
    assert "can be undone" in doubles.ok("people", "merges")
    assert doubles.ok("people", "unmerge", "1") == "undone: A. Archer was merged into Ann Archer\n"
    assert (doubles.json("people", "show", one), doubles.json("people", "show", other)) == before
    assert doubles.json("people", "merges")[0]["undone_by"]


def test_two_that_are_told_apart_are_printed_as_json(doubles: Program) -> None:
    told = doubles.json("people", "distinct", "Ann Archer", "A. Archer")
    assert [person["name"] for person in told["distinct"]] == ["Ann Archer", "A. Archer"]
    assert doubles.json("people", "duplicates") == []


def test_what_cannot_be_done_is_a_sentence(doubles: Program) -> None:
    doubles.ok("people", "merge", "Ann Archer", "A. Archer")
    for arguments, words in (
        (("merge", "Ann Archer", "Ann Archer"), "one contact already"),
        (("merge", "Ann Archer", "Nobody"), "no contact has the name"),
        (("merge", "1", "2", "--take", "name=both"), "only one name"),
        (("merge", "1", "2", "--take", "shoe=keep"), "is not FIELD=SIDE"),
        (("link", "Ann Archer", "Ben Baker"), "has more than a Telegram or Messenger chat"),
        (("split", "Ann Archer", "+1 999"), "has no address"),
        (("unmerge", "7"), "no number 7"),
        (("distinct", "1", "1"), "choose two"),
    ):
        failed = doubles.run("people", *arguments)
        assert failed.returncode == Exit.WRONG, arguments
        assert words in failed.stderr
    doubles.ok("people", "unmerge", "1")
    again = doubles.run("people", "unmerge", "1")
    assert again.returncode == Exit.WRONG
    assert "it was undone already" in again.stderr


def test_a_wrong_number_is_split_off_and_two_people_told_apart(doubles: Program) -> None:
    split = doubles.json("people", "split", "Ben Baker", "+44 (0)7700 900116")
    assert (split["kind"], split["addresses"]) == ("split", 2)
    assert "id" in doubles.ok("people", "show", "+447700900116")
    doubles.ok("people", "unmerge", str(split["id"]))
    assert "remembered" in doubles.ok("people", "distinct", "Ann Archer", "A. Archer")
    assert doubles.ok("people", "duplicates") == "no two contacts share a number or an email address\n"


def test_hostile_names_command_no_terminal(program: Program) -> None:
    rows = f'name,phone,email\n"{HOSTILE}",+12025550142,a@x.example\nBo,+447700900115,a@x.example\n'
    program.ok("people", "import", "-", stdin=rows)
    said = program.ok("people", "duplicates") + program.ok("people", "merge", "2", "1", "--take", "name=other")
    said += program.ok("people", "merges") + program.ok("people", "unmerge", "1")
    assert "[/nope]" in said
    assert not set(said) & set("\x1b\x07\x9b\u202e")
    json.dumps(program.json("people", "merges"))

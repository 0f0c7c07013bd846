"""`people import`: says what it will read, what didn't come in, and ends with 0 only when all of it did."""

import csv
import json
import os
import subprocess
from pathlib import Path

import pytest

from contacts_tui.cli import people_import
from contacts_tui.cli.exit import Exit
from contacts_tui.services import contacts_import
from contacts_tui.services.import_columns import TO_CHOOSE
from contacts_tui.services.people_csv import PeopleFile
from tests.e2e.cli.program import PEOPLE, Program
from tests.patience import LIMIT

MIXED = (
    "Name,Mobile,Notruf,Fax,Time zone\n"
    "Ann Example,+12025550142,,,asia/kathmandu\n"
    "Bea Example,+12025550143; 121,,,\n"
    "Cy Example,447911123456,,1,\n"
    '"Dan Example,+12025550144,,,\n'
    "Eve Example,N/A,,,\n"
)


def test_the_help_names_every_field_of_a_column(program: Program) -> None:
    said = " ".join(program.ok("people", "import", "--help").split())
    assert ", ".join(field.value for field in TO_CHOOSE) in said
    assert "attribute:NAME" in said


def test_a_whole_import_ends_with_0_and_says_what_it_read(program: Program) -> None:
    out = program.ok("people", "import", "-", stdin=PEOPLE)
    assert out.startswith("standard input: 2 rows, UTF-8, cells separated by commas\n")
    assert "phone2   phone    1\n" in out
    assert "2 people can come in; all can be reached" in out
    assert out.endswith("\n2 added, 0 updated, 0 unchanged\n`people undo 1` takes all of it back\n")
    again = program.json("people", "import", "-", stdin=PEOPLE)
    assert (again["added"], again["unchanged"], again["problems"]) == (0, 2, [])


def test_what_does_not_come_in_is_named_and_decides_the_exit_status(program: Program) -> None:
    report = program.folder / "report.csv"
    done = program.run("people", "import", "-", "--region", "DE", "--report", str(report), stdin=MIXED)
    assert (done.returncode, done.stderr) == (Exit.PARTLY, "")
    for words in (
        "LEFT OUT: Fax\n",
        "left out, and empty: Notruf\n",
        "3 people can come in; 1 of them can't be reached (no number and no email)",
        "3 added, 0 updated, 0 unchanged",
        "2 rows did not come in",
        "1 person came in without a cell that can't be read",
        "line 3, Mobile: “121” is too short for a number that can receive messages",
        "line 4, Mobile: “447911123456” can be read as two numbers: +49 4479 11123456 or +44 7911 123456?",
        'line 5: a quote (") is opened and never closed',
        "line 6, Mobile: “N/A” means no number",
        f"all of this is in {report}",
    ):
        assert words in done.stdout, done.stdout
    with report.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["Import line"] for row in rows] == ["3", "4", "5", "6"]
    assert rows[1]["Import suggestion"] == "+49447911123456; +447911123456"
    assert (rows[2]["Name"], rows[2]["Mobile"]) == ("Dan Example", "+12025550144")
    assert report.stat().st_mode & 0o077 == 0


def test_a_report_is_mended_and_imported_again(program: Program) -> None:
    report = program.folder / "report.csv"
    assert program.run("people", "import", "-", "--report", str(report), stdin=MIXED).returncode == Exit.PARTLY
    text = report.read_text(encoding="utf-8-sig").replace(",447911123456,", ",+447911123456,")
    report.write_text(text.replace("; 121", ""), encoding="utf-8-sig")
    out = program.ok("people", "import", str(report))
    assert "left out" in out
    assert "2 added, 0 updated, 2 unchanged" in out


def test_a_dry_run_stores_nothing(program: Program) -> None:
    done = program.run("people", "import", "-", "--dry-run", stdin=MIXED)
    assert done.returncode == Exit.PARTLY
    assert "nothing was stored (--dry-run)" in done.stdout
    assert "2 rows would not come in" in done.stdout
    assert not program.database.exists()
    clean = program.json("people", "import", "-", "--dry-run", stdin=PEOPLE)
    assert (clean["dry_run"], clean["rows"], clean["people"], clean["unreachable"], clean["new"]) == (True, 2, 2, 0, 2)
    program.ok("people", "import", "-", stdin=PEOPLE)
    known = program.json("people", "import", "-", "--dry-run", stdin=PEOPLE)
    assert (known["new"], known["known"], known["known_by"]["number"], known["changed"]) == (0, 2, 2, 0)
    assert clean["columns"][0] == {"heading": "name", "field": "name", "filled": 2, "suggestion": None}


def test_a_column_is_fixed_by_its_heading(program: Program) -> None:
    text = "Name,Not ruf=1,Fax\nAnn Example,+12025550142,1\n"
    unknown = program.run("people", "import", "-", stdin=text)
    assert unknown.returncode == Exit.PARTLY
    assert "--map 'Not ruf=1=phone'" in unknown.stdout
    out = program.ok("people", "import", "-", "--map", "not ruf=1=phone", "--map", "Fax=-", stdin=text)
    assert "1 added" in out
    wrong = program.run("people", "import", "-", "--map", "Nothing=phone", stdin=text)
    assert (wrong.returncode, wrong.stdout) == (Exit.WRONG, "")
    assert "no column “Nothing”; it has Name, Not ruf=1, Fax" in wrong.stderr
    both = program.run("people", "import", "-", "--map", "Fax=phone", "--map", "fax=-", stdin=text)
    assert (both.returncode, "says two things of the column “fax”" in both.stderr) == (Exit.WRONG, True)
    assert "is not HEADING=FIELD" in program.run("people", "import", "-", "--map", "Fax=telefax", stdin=text).stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_path_and_a_pipe_are_read_the_same(program: Program, encoding: str) -> None:
    data = "Name;Tél.\nÉlodie;+33 6 12 34 56 78\nJürgen;121\n".encode(encoding)
    path = program.folder / "people.csv"
    path.write_bytes(data)
    by_path, by_pipe = (
        program.run("people", "import", name, "--dry-run", "--json", stdin=data) for name in (str(path), "-")
    )
    assert by_path.stdout == by_pipe.stdout
    assert by_path.returncode == by_pipe.returncode == Exit.PARTLY
    assert json.loads(by_path.stdout)["people"] == 1


def test_bytes_that_are_no_text_spoil_only_their_row(program: Program) -> None:
    rows = PEOPLE.encode() + "Élodie,+33612345678,,,\n".encode() + b"J\xfcrgen,+12025550177,,,\n"
    done = program.run("people", "import", "-", stdin=rows)
    assert done.returncode == Exit.PARTLY
    assert "3 added" in done.stdout
    assert "line 5: name has characters that can't be read: save the file as UTF-8" in done.stdout


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK\x03\x04\x14", "a workbook or an archive, not a CSV"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
        (b"<html><table><tr><td>Name</td>", "a web page or XML"),
        (b"BEGIN:VCARD\nVERSION:3.0\n", "no whole card"),
        (b"", "the file is empty"),
        (b"Ann,+12025550142\n", "the first line is a person"),
    ],
)
def test_what_is_no_such_file_is_told(program: Program, data: bytes, says: str) -> None:
    done = program.run("people", "import", "-", stdin=data)
    assert (done.returncode, done.stdout) == (Exit.WRONG, "")
    assert says in done.stderr


def test_a_file_that_is_not_there_and_a_region_that_is_none_are_told(program: Program) -> None:
    missing = program.run("people", "import", str(program.folder / "none.csv"))
    assert missing.returncode == Exit.WRONG
    assert "none.csv" in missing.stderr
    region = program.run("people", "import", "-", "--region", "Nigeria", stdin=PEOPLE)
    assert region.returncode == Exit.WRONG
    assert "“Nigeria” is not a region" in region.stderr


def test_a_report_never_overwrites_what_is_imported(program: Program) -> None:
    path = program.folder / "people.csv"
    path.write_text(PEOPLE)
    for report in (path, Path(program.folder / "none" / "report.csv")):
        done = program.run("people", "import", str(path), "--report", str(report))
        assert done.returncode == Exit.WRONG
        assert str(report) in done.stderr
    assert path.read_text() == PEOPLE
    assert not program.database.exists()


def test_many_problems_are_counted_and_not_all_shown(program: Program) -> None:
    text = "name,phone\n" + "".join(f"Person {number},12\n" for number in range(1500))
    done = program.run("people", "import", "-", stdin=text)
    assert done.returncode == Exit.PARTLY
    assert "1,500 rows did not come in" in done.stdout
    assert "... and 1480 more: --report FILE writes all of them" in done.stdout
    document = json.loads(program.run("people", "import", "-", "--json", stdin=text).stdout)
    assert (document["problem_count"], len(document["problems"])) == (1500, 1000)


@pytest.mark.parametrize("rows", ["Ann,+12025550142\n", "Ann,121\n"])
def test_a_report_that_can_not_be_written_is_no_mistake_and_nothing_is_stored(program: Program, rows: str) -> None:
    done = program.run("people", "import", "-", "--report", "/dev/full", stdin="name,phone\n" + rows)
    assert (done.returncode, "the report /dev/full can't be written: No space left on device" in done.stderr) == (
        2,
        True,
    )
    assert program.json("people", "list")["people"] == []


def test_a_report_that_can_not_be_ended_takes_nothing_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = PeopleFile(lambda: iter(("name,phone\n", "Ann,121\n")), None)
    pipe = tmp_path / "left.csv"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with people_import._report(str(pipe), "-", file) as report:
        assert report is not None
        report.add(list(file.rows()))
        os.close(reader)
    assert "the report is not whole: Broken pipe. What was stored is stored" in capsys.readouterr().err


def test_a_path_with_a_home_folder_is_found_wherever_one_is_given(program: Program) -> None:
    (program.folder / "people.csv").write_text("name,phone\nAnn,+12025550142\nBob,121\n")
    done = program.run("people", "import", "~/people.csv", "--report=~/left.csv")
    assert done.returncode == 5, done.stderr
    assert "Bob" in (program.folder / "left.csv").read_text()
    unknown = "there is no user “nosuchuser” on this machine"
    for arguments in (
        ("people", "import", "~nosuchuser/people.csv"),
        ("people", "import", "-", "--report", "~nosuchuser/left.csv"),
        ("store", "backup", "~nosuchuser/backup"),
        ("store", "restore", "~nosuchuser/backup"),
        ("sandbox", "--seed", "~nosuchuser/seed.json"),
    ):
        refused = program.run(*arguments, stdin="name,phone\nCy,+12025550143\n")
        assert (refused.returncode, unknown in refused.stderr) == (2, True), (arguments, refused.stderr)


def test_encoding_and_separator_can_be_said_and_a_wrong_word_is_told(program: Program) -> None:
    file = program.folder / "list.csv"
    file.write_bytes("Name:Mobile\nZoë Ångström:+12025550142\n".encode("mac_roman"))
    out = program.ok("people", "import", str(file), "--encoding", "mac roman", "--separator", ":")
    assert out.startswith(f"{file}: 1 row, Mac Roman, cells separated by “:”\n")
    assert program.json("people", "show", "Zoë Ångström")["contact"]["name"] == "Zoë Ångström"
    for words in (("--encoding", "latin"), ("--separator", ";;")):
        done = program.run("people", "import", str(file), *words)
        assert done.returncode == Exit.WRONG
        assert f"“{words[1]}” is not" in done.stderr


def test_at_a_terminal_it_shows_how_far_it_is_and_wipes_that(program: Program) -> None:
    file = program.folder / "list.csv"
    rows = (f"Person {place},+1202{2000000 + place}\n" for place in range(2 * contacts_import.BATCH))
    file.write_text("name,phone\n" + "".join(rows))
    shown = {}
    for words in ((), ("--json",)):
        ours, its = os.openpty()
        os.write(its, b".")
        command = program.command("people", "import", str(file), *words)
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=its, env=program.env, timeout=LIMIT, check=True)
        shown[words] = os.read(ours, 10_000)
        os.close(its)
        os.close(ours)
    assert b"\r2,000 rows read\x1b[K\r1,000 of 2,000 rows done\x1b[K" in shown[()]
    assert shown[()].endswith(b"\r\x1b[K")
    assert shown["--json",] == b".\r\x1b[K"

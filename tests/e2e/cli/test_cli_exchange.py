"""People brought in, taken out and forgotten by commands."""

import json
import stat
from pathlib import Path

import pytest

from contacts_tui.cli.exit import Exit
from tests.e2e.cli.program import PEOPLE, ROOT, Program
from tests.e2e.terminal import Terminal


@pytest.fixture
def people(program: Program) -> Program:
    program.ok("people", "import", "-", stdin=PEOPLE)
    return program


def profiles(program: Program) -> list[object]:
    lines = program.ok("people", "export", "--format", "jsonl").splitlines()
    return sorted((json.loads(line) for line in lines), key=lambda person: str(person["name"]))


@pytest.mark.parametrize("name", ["out.csv", "out.vcf", "out.jsonl"])
def test_what_goes_out_comes_in_by_each_form_chosen_by_the_files_name(
    people: Program, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    people.ok("people", "edit", "Ann Archer", "--tag", "=cmd()", "--attribute", "seats:number=3", "--note", "-1")
    target = people.folder / name
    assert people.ok("people", "export", str(target)) == f"2 people written to {target}\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    other = Program(tmp_path_factory.mktemp("other"))
    assert "2 added, 0 updated" in other.ok("people", "import", str(target))
    assert profiles(other) == profiles(people)


def test_a_view_goes_out_alone_and_standard_output_is_the_default(people: Program) -> None:
    people.ok("people", "tag", "Ben Baker", "--add", "vip")
    out = people.ok("people", "export", "--filter", "tag:vip")
    assert out.splitlines()[0].startswith("Name,Organization Name,Phone 1 - Value")
    assert "Ben Baker,,+447700900115 ::: +447700900116,,,ben@example.com,vip" in out
    assert "Ann" not in out


def test_vcards_come_in_with_duplicates_as_chosen_and_one_undo(people: Program) -> None:
    card = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ann Archer\r\nEMAIL:ann@example.com\r\nORG:New Ltd\r\nEND:VCARD\r\n"
    done = people.json("people", "import", "-", "--duplicates", "overwrite", stdin=card)
    assert (done["form"], done["updated"]) == ("vCard", 1)
    assert people.json("people", "show", "Ann Archer")["contact"]["company"] == "New Ltd"
    people.ok("people", "undo", str(done["number"]))
    assert people.json("people", "show", "Ann Archer")["contact"]["company"] == "Archer Ltd"
    text = "Full name,E-mail,Loyalty Plan\nCy Cole,cy@example.com,gold\n"
    people.ok("people", "import", "-", "--map", "loyalty plan=attribute:plan", stdin=text)
    assert people.json("people", "show", "Cy Cole")["contact"]["attributes"] == {"plan": "gold"}


def test_all_about_one_person_goes_into_a_folder(people: Program) -> None:
    people.ok("people", "note", "Ann Archer", "likes blue")
    folder = people.folder / "ann"
    written = people.json("people", "export", "--everything", "Ann Archer", str(folder))
    assert (written["notes"], written["messages"], written["missing"]) == (1, 0, [])
    assert {path.name for path in folder.iterdir()} == {
        "person.vcf", "person.json", "notes.jsonl", "journal.jsonl", "messages.jsonl",
    }  # fmt: skip
    assert json.loads((folder / "notes.jsonl").read_text())["text"] == "likes blue"
    again = people.run("people", "export", "--everything", "Ann Archer", str(folder))
    assert (again.returncode, "is there already" in again.stderr) == (2, True)


def test_forgetting_asks_says_what_goes_and_writes_a_receipt(people: Program) -> None:
    people.ok("people", "note", "Ann Archer", "likes blue")
    refused = people.run("people", "forget", "Ann Archer")
    assert (refused.returncode, "--yes" in refused.stderr) == (2, True)
    assert "the contact, 2 addresses, 1 note" in refused.stdout
    assert people.json("people", "forget", "Ann Archer", "--dry-run")["would_go"]["addresses"] == 2
    receipt = people.folder / "receipt.json"
    said = people.ok("people", "forget", "Ann Archer", "--yes", "--receipt", str(receipt), "--agent", "Kim")
    assert "forgotten: the contact" in said
    told = json.loads(receipt.read_text())
    assert (told["forgotten_by"], told["gone"]["notes"], told["is_clean"]) == ("Kim", 1, True)
    assert "ann" not in receipt.read_text().lower().replace("channel", "")
    assert [row["name"] for row in people.json("people", "list")["people"]] == ["Ben Baker"]
    everything = b"".join(path.read_bytes() for path in Path(people.folder).rglob("*") if path.is_file())
    for secret in (b"Archer", b"ann@example", b"2025550142", b"likes blue"):
        assert secret not in everything


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("{}/out.json", "is there already: name a new file"),
        ("{}", "is there already: name a new file"),
        ("{}/no/such/folder.json", "can't be written: No such file or directory"),
        ("~no.such.user/out.json", "there is no user “no.such.user”"),
    ],
)
def test_nobody_is_forgotten_where_the_receipt_has_no_place(people: Program, name: str, words: str) -> None:
    (people.folder / "out.json").write_text("kept")
    done = people.run("people", "forget", "Ann Archer", "--yes", "--receipt", name.format(people.folder))
    assert (done.returncode, words in done.stderr) == (Exit.WRONG, True), done.stderr
    assert people.json("people", "show", "Ann Archer")["contact"]["id"] == 1
    assert (people.folder / "out.json").read_text() == "kept"


def test_a_receipt_whose_place_is_taken_meanwhile_is_printed_instead(people: Program) -> None:
    receipt = people.folder / "receipt.json"
    command = people.command("people", "forget", "Ann Archer", "--receipt", str(receipt), "--agent", "Kim")
    with Terminal(command, columns=200, rows=50, environment=people.env, folder=ROOT) as terminal:
        terminal.wait_for("Type the word forget")
        assert not receipt.exists()
        receipt.write_text("another program's")
        terminal.type("forget\r")
        assert terminal.wait_exit() == Exit.DONE
        shown = "\n".join(terminal.lines)
    assert f"the receipt {receipt} can't be written (File exists): what it would say is on stdout" in shown
    assert '"forgotten_by": "Kim"' in shown
    assert receipt.read_text() == "another program's"
    assert [row["name"] for row in people.json("people", "list")["people"]] == ["Ben Baker"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("export", "--everything", "Ann Archer"), "takes the new folder"),
        (("export", "--json"), "give a PATH"),
        (("export", "/no/such/folder/out.csv"), "can't be written"),
        (("import", "-", "--map", "x=attribute"), "attribute:NAME"),
        (("forget", "Nobody", "--yes"), "no contact has the name"),
    ],
)
def test_mistakes_are_told(people: Program, arguments: tuple[str, ...], words: str) -> None:
    done = people.run("people", *arguments)
    assert done.returncode == 2
    assert words in done.stderr

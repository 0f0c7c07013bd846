"""People added and changed by commands."""

import pytest

from tests.e2e.cli.program import Program


def test_a_person_is_added_changed_blocked_and_taken_back(program: Program) -> None:
    details = ("--phone", "030 901820", "--region", "de", "--email", "amara@x.example", "--tag", "vip")
    made = program.json(
        "people", "add", "Amara Okafor", *details, "--attribute", "born:date=1990-05-01", "--owner", "me"
    )
    contact = made["contact"]
    assert (contact["time_zone"], contact["attributes"], made["words"]) == (
        "Europe/Berlin", {"born": "1990-05-01"}, "Amara Okafor added",
    )  # fmt: skip
    assert program.ok("people", "edit", "amara@x.example", "--name", "Amara O.", "--language", "de", "--block") == (
        "Amara O. changed: name, language, blocked (id 1)\n"
    )
    shown = program.ok("people", "show", "1")
    for words in ("language   de", "born       1990-05-01", "blocked    since", "+49 30 901820"):
        assert words in shown
    program.ok("people", "undo")
    assert program.json("people", "show", "1")["contact"] == contact
    assert program.ok("people", "undo") == "undone: Amara Okafor added\n"
    assert program.json("people", "list")["people"] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "Ben", "--phone", "+1 202 555 0142"), "+1 202 555 0142 belongs to Ann (id 1)"),
        (("add", "Ben", "--phone", "0"), "0"),
        (("add",), "give a name, a number or an email"),
        (("add", "Ben", "--attribute", "plan"), "is not NAME=VALUE"),
        (("add", "Ben", "--email", "x", "--language", "???"), "is not a language: "),
        (("edit", "Ann"), "say what to change"),
        (("edit", "Ann", "--block", "--unblock"), "decide"),
        (("edit", "Ann", "--name", ""), "needs a name"),
        (("edit", "Ann", "--remove-phone", "+1 202 555 0199"), "none of their numbers"),
    ],
)
def test_mistakes_are_told_and_nothing_is_stored(program: Program, arguments: tuple[str, ...], words: str) -> None:
    program.ok("people", "add", "Ann", "--phone", "+1 202 555 0142")
    before = program.json("people", "show", "Ann")
    done = program.run("people", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert program.json("people", "show", "Ann") == before
    assert len(program.json("people", "list")["people"]) == 1

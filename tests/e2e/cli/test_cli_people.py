"""`people`: listed and shown, whatever is in the names."""

import pytest

from contacts_tui.cli.exit import Exit
from tests.e2e.cli.program import PEOPLE, Program

HOSTILE = "[/nope] \x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp.exe"


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
    assert "matches 2 people" in twice.stderr
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

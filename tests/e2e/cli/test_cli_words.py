"""What commands say: tables that one long name doesn't widen, commands that can be copied, counts with their nouns."""

import json
import shlex

import pytest

from contacts_tui.cli.exit import Exit
from contacts_tui.cli.output import LONGEST_CELL
from contacts_tui.domain.cells import text_width
from tests.e2e.cli.program import ACCOUNT, RETURNS, ROOT, Program
from tests.e2e.terminal import Terminal

LONG = {"letters": "x" * 300, "wide": "長" * 150, "emoji": "👩\u200d🚀" * 100}


@pytest.mark.parametrize("name", LONG.values(), ids=LONG)
def test_one_long_name_widens_no_line(program: Program, name: str) -> None:
    text = f"name,phone,email\n{name},+12025550142,a@x.example\nBea,+12025550143,a@x.example\n"
    program.ok("people", "import", "-", stdin=text)
    for command in (("people", "list"), ("people", "duplicates")):
        lines = at_terminal(program, *command)
        assert len(lines) > 1
        for line in lines:
            assert text_width(line) <= 2 * LONGEST_CELL + 80
    (bea,) = (line for line in at_terminal(program, "people", "list") if "Bea" in line)
    assert text_width(bea) <= LONGEST_CELL + 60


def test_a_pipe_gets_every_cell_whole_with_a_tab_between_two(program: Program) -> None:
    long = LONG["letters"]
    text = f'name,phone,email\n{long},+12025550142,a@x.example\n"B\tea",+12025550143,a@x.example\n'
    program.ok("people", "import", "-", stdin=text)
    headers, *rows = (line.split("\t") for line in program.ok("people", "list").splitlines())
    assert headers == ["id", "name", "channels", "unread", "age", "window", "last message"]
    assert {row[1] for row in rows} == {long, "B ea"}
    assert {len(row) for row in rows} == {len(headers)}
    for command in (("people", "duplicates"), ("people", "merges"), ("inbox", "list")):
        lines = [line for line in program.ok(*command).splitlines() if "\t" in line]
        assert len({line.count("\t") for line in lines}) <= 1
    assert "\t" not in program.ok("channels", "B ea")
    assert "\t" not in "".join(at_terminal(program, "people", "list"))


def at_terminal(program: Program, *command: str) -> list[str]:
    """Return the lines that a command prints in a terminal of 400 columns, without the empty ones."""
    with Terminal(program.command(*command), columns=400, environment=program.env, folder=ROOT) as terminal:
        assert terminal.wait_exit() == Exit.DONE
        return [line for line in terminal.lines if line]


def test_a_long_heading_widens_no_line_of_the_plan(program: Program) -> None:
    heading = "phone " + "home " * 60
    out = program.ok("people", "import", "-", "--dry-run", stdin=f"name,{heading}\nAnn,+12025550142\n")
    assert all(text_width(line) <= LONGEST_CELL + 40 for line in out.splitlines() if "  " in line)


@pytest.mark.parametrize("name", ["Shop two", "Shop's", "Shop;x", "$HOME"])
def test_a_command_to_copy_means_what_it_says(program: Program, name: str) -> None:
    out = program.ok(
        "inbox",
        "add",
        name,
        "--channel",
        "sms",
        "--address",
        RETURNS,
        "--account",
        ACCOUNT,
        "--secret",
        "env:SHOP_TOKEN",
    )
    (line,) = (line for line in out.splitlines() if "inbox check" in line)
    assert shlex.split(line.split("`")[1]) == ["contacts-tui", "inbox", "check", name]


@pytest.mark.parametrize("name", ["Shop\nx", "Shop\x1b[2J", "\u3164", "x" * 200])
def test_an_inbox_name_that_breaks_lines_is_refused(program: Program, name: str) -> None:
    options = ("--channel", "sms", "--address", RETURNS, "--account", ACCOUNT, "--secret", "env:SHOP_TOKEN")
    done = program.run("inbox", "add", name, *options)
    assert (done.returncode, done.stdout) == (Exit.WRONG, "")
    assert "the inbox needs a name" in done.stderr
    assert done.stderr.count("\n") == 1


def test_what_cant_be_reached_is_told_in_whole_sentences(program: Program) -> None:
    program.ok("people", "import", "-", stdin="name,phone\nAnn,+12025550142\n")
    done = program.run("send", "Ann", "--channel", "telegram", "--text", "x")
    assert done.returncode == Exit.REFUSED
    words = done.stderr.strip().split(". ")
    assert len(words) > 1
    assert all(word[0].isupper() for word in words[1:]), done.stderr


def test_one_thing_is_told_as_one(program: Program) -> None:
    text = "name,phone\nAnn,+12025550142\nBea,+12025550143\n"
    assert "1 row, UTF-8" in program.ok("people", "import", "-", "--dry-run", stdin=text.partition("Bea")[0])
    program.ok("people", "import", "-", stdin=text)
    out = program.ok("people", "merge", "Ann", "Bea", "--dry-run")
    assert "0 messages in 0 threads, 0 drafts" in out
    merged = json.loads(program.ok("people", "merge", "Ann", "Bea", "--dry-run", "--json"))
    assert merged

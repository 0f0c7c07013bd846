"""What holds for every command: help, wrong use, configuration, and how it ends when something fails."""

import fcntl
import re
import signal
import subprocess
import sys
import termios
import time

import pytest

from contacts_tui.cli.exit import Exit
from contacts_tui.cli.reference import commands_page, manual
from tests.e2e.cli.program import PEOPLE, ROOT, TIME_LIMIT, Program

COMMANDS = re.findall(r"^## (?:contacts-tui ?)(.*)$", commands_page(), re.MULTILINE)


def test_without_a_terminal_the_interface_says_what_works_instead(program: Program) -> None:
    done = program.run()
    assert done.returncode == Exit.WRONG
    assert done.stderr.startswith("contacts-tui: the interface needs a terminal.")
    assert not program.database.exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(program: Program, command: str) -> None:
    text = program.ok(*command.split(), "--help")
    assert f"usage: contacts-tui {command}".strip() in text
    assert "example:\n  contacts-tui" in text


@pytest.mark.parametrize("arguments", [("nonsense",), ("people",), ("people", "list", "--limit", "0"), ("--nope",)])
def test_wrong_use_is_told_with_the_usage(program: Program, arguments: tuple[str, ...]) -> None:
    done = program.run(*arguments)
    assert done.returncode == Exit.WRONG
    assert done.stderr.startswith("usage: contacts-tui")


def test_a_pasted_option_can_not_command_the_terminal(program: Program) -> None:
    assert "\x1b" not in program.run("people", "list", "--\x1b]0;owned\x07").stderr


def test_the_store_is_named_before_or_after_the_command(program: Program) -> None:
    here, there = program.folder / "here.db", program.folder / "there.db"
    program.ok("--database", str(here), "people", "import", "-", stdin=PEOPLE)
    assert "Ann Archer" in program.ok("people", "list", "--database", f"sqlite:///{here}")
    assert "Ann Archer" not in program.ok("people", "list", "--database", str(there))
    assert "Ann Archer" not in program.ok("people", "list")


def test_a_store_that_can_not_be_used_is_told(program: Program) -> None:
    file = program.folder / "notes.txt"
    file.write_text("no database " * 100)
    for place in (str(file), str(program.folder), "postgresql://localhost/x"):
        done = program.run("people", "list", "--database", place)
        assert done.returncode == Exit.FAILED
        assert done.stderr.startswith("contacts-tui: ")
        assert done.stderr.count("\n") == 1


def test_a_mistake_in_the_configuration_names_file_and_key(program: Program) -> None:
    file = program.folder / "my.toml"
    file.write_text('agnet = "Noor"\n')
    done = program.run("people", "list", env={"CONTACTS_TUI_CONFIG": str(file)})
    assert done.returncode == Exit.WRONG
    assert f"contacts-tui: {file}, line 1: unknown key “agnet”" in done.stderr


def test_the_configured_store_is_used_when_no_other_is_named(program: Program) -> None:
    file = program.folder / "my.toml"
    file.write_text(f'database = "{program.folder / "configured.db"}"\n')
    env = {"CONTACTS_TUI_CONFIG": str(file), "CONTACTS_TUI_DATABASE_URL": ""}
    assert program.run("people", "import", "-", stdin=PEOPLE, env=env).returncode == Exit.DONE
    assert "Ann Archer" in program.ok("people", "list", "--database", str(program.folder / "configured.db"))


@pytest.mark.parametrize(
    ("arguments", "env"),
    [
        (("people", "list", "--database", "~nobody-here/c.db"), {}),
        (("people", "list"), {"CONTACTS_TUI_DATABASE_URL": "~nobody-here/c.db"}),
        (("people", "list"), {"CONTACTS_TUI_DATABASE_URL": "", "CONTACTS_TUI_DATA_FOLDER": "~nobody-here/d"}),
        (("serve", "--port", "0"), {"CONTACTS_TUI_DATA_FOLDER": "~nobody-here/d"}),
        (("demo", "--folder", "~nobody-here/d"), {}),
        (("people", "list"), {"CONTACTS_TUI_CONFIG": "~nobody-here/my.toml"}),
        (("people", "list"), {"CONTACTS_TUI_DATABASE_URL": "~/c.db", "HOME": ""}),
        (("media", "save", "1", "--to", "~nobody-here/"), {}),
    ],
)
def test_a_path_that_nobody_can_follow_is_wrong_use(
    program: Program, arguments: tuple[str, ...], env: dict[str, str]
) -> None:
    done = program.run(*arguments, env=env)
    assert done.returncode == Exit.WRONG
    assert re.match(r"contacts-tui: .*(there is no user|there is no message|home folder is not known)", done.stderr)
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_text_is_read_the_same_by_path_and_through_a_pipe(program: Program, encoding: str) -> None:
    file = program.folder / "people.csv"
    file.write_text(PEOPLE, encoding=encoding)
    assert program.json("people", "import", str(file))["added"] == 2
    assert program.json("people", "import", "-", stdin=file.read_bytes())["unchanged"] == 2


def test_a_reader_that_goes_away_ends_the_command_quietly(program: Program) -> None:
    rows = "".join(f"Person {number},+1202555{number:04d},,,\n" for number in range(2000))
    program.ok("people", "import", "-", stdin="name,phone,phone2,email,company\n" + rows)
    with program.start("people", "list", "--limit", "2000") as listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        listing.stdout.readline()
        listing.stdout.close()
        assert listing.wait(TIME_LIMIT) == Exit.PIPE_CLOSED
        assert listing.stderr.read() == ""


def test_ctrl_c_ends_a_command_quietly(program: Program) -> None:
    with program.start("people", "import", "-") as importing:
        assert importing.stdin is not None
        assert importing.stderr is not None
        importing.stdin.write(PEOPLE)
        importing.stdin.flush()
        _wait_until_read(importing.stdin.fileno())
        importing.send_signal(signal.SIGINT)
        assert importing.wait(TIME_LIMIT) == Exit.INTERRUPTED
        assert importing.stderr.read() == ""


def test_the_version_is_told(program: Program) -> None:
    assert re.fullmatch(r"contacts-tui \d+\.\d+\.\d+\n", program.ok("--version"))


def test_the_documentation_agrees_with_the_program() -> None:
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == commands_page()
    assert (ROOT / "docs" / "contacts-tui.1").read_text(encoding="utf-8") == manual()


def test_the_documented_examples_can_be_parsed(program: Program) -> None:
    from contacts_tui.cli.command_line import parse

    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    examples = "".join(re.findall(r"```console\n(.*?)```", page, re.DOTALL)).replace("\\\n", " ")
    lines = [line for line in examples.splitlines() if line.strip() and "look around" not in line]
    assert len(lines) >= len(COMMANDS) - 1
    for line in lines:
        shell = subprocess.run(["sh", "-c", f'printf "%s\\n" {line}'], capture_output=True, text=True, check=True)
        name, *arguments = shell.stdout.splitlines()
        assert name == "contacts-tui"
        parse(arguments)


def _wait_until_read(pipe: int) -> None:
    """Wait until the program has read everything from the pipe. Raise AssertionError after TIME_LIMIT seconds."""
    deadline = time.monotonic() + TIME_LIMIT
    while int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder):
        assert time.monotonic() < deadline
        time.sleep(0.01)

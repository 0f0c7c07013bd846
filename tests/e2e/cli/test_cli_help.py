"""Help and what is like it: colour where the terminal has it, two names for the version, and readers that leave."""

import shlex
import subprocess

import pytest

from contacts_tui.cli.exit import Exit
from contacts_tui.cli.program import COMMANDS, SECTIONS
from contacts_tui.cli.reference import manual
from tests.children import default_signals
from tests.e2e.cli.program import PEOPLE, ROOT, TIME_LIMIT, Program
from tests.e2e.terminal import Terminal


@pytest.mark.parametrize(
    ("variables", "is_coloured"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
    ids=["a terminal", "NO_COLOR empty", "NO_COLOR", "a dumb terminal"],
)
def test_help_is_coloured_where_the_terminal_has_it(
    program: Program, variables: dict[str, str], is_coloured: bool
) -> None:
    environment = {**program.env, **variables}
    with Terminal(program.command("views", "--help"), environment=environment, folder=ROOT) as terminal:
        assert terminal.wait_exit() == Exit.DONE
        assert (b"\x1b[" in terminal.output) is is_coloured
        assert "commands:" in terminal.lines


def test_help_in_a_pipe_has_no_colour_and_lists_commands_by_what_they_are_about(program: Program) -> None:
    told = program.ok("--help")
    assert "\x1b" not in told
    at = [told.index(f"\n{section}:\n") for section in SECTIONS]
    assert at == sorted(at)
    assert all(f"\n  {name}" in told for name in COMMANDS if " " not in name)


def test_the_version_has_two_names_and_stands_anywhere_before_a_command(program: Program) -> None:
    version = program.ok("--version")
    assert program.ok("-V") == version
    assert program.ok("--database", "x.db", "-V") == version
    assert program.run("people", "list", "-V").returncode == Exit.WRONG


@pytest.mark.parametrize(
    "command",
    ["--help", "people import --help", "completion zsh", "people list", "people show 1", "inbox list", "thread 1"],
)
def test_a_reader_that_has_left_is_no_cause_for_complaint(program: Program, command: str) -> None:
    program.ok("people", "import", "-", stdin=PEOPLE)
    pipe = 'set -o pipefail; "$@" | (exec <&-)'
    done = subprocess.run(
        ["bash", "-c", pipe, "-", *program.command(*shlex.split(command))],
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        env=program.env,
        cwd=ROOT,
        preexec_fn=default_signals,
    )
    assert (done.returncode, done.stdout, done.stderr) == (Exit.PIPE_CLOSED, "", "")


def test_what_a_word_needs_is_said(program: Program) -> None:
    done = program.run("inbox")
    assert done.returncode == Exit.WRONG
    assert done.stderr.splitlines()[-1].startswith("contacts-tui: say which command: add, set,")


def test_the_page_of_man_has_every_command_and_hides_no_line() -> None:
    page = manual()
    for name in (name.replace("-", "\\-") for name, entry in COMMANDS.items() if entry.target):
        assert f".B contacts\\-tui {name}\n" in page
    requests = {line.split()[0] for line in page.splitlines() if line.startswith((".", "'"))}
    assert requests == {".TH", ".SH", ".SS", ".B", ".TP", ".PP", ".RS", ".RE", ".nf", ".fi"}

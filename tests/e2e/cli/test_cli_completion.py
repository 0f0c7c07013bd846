"""Completion in real shells: Tab is pressed in a terminal, and the shell asks the program what may stand next."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contacts_tui.cli.exit import Exit
from tests.e2e.cli.program import ROOT, Program
from tests.e2e.terminal import Terminal

START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(contacts-tui completion bash)"'),
    "zsh": (["zsh", "-f", "-i"], 'autoload -U compinit; compinit -D -u; eval "$(contacts-tui completion zsh)"'),
    "fish": (["fish", "--no-config"], "contacts-tui completion fish | source"),
}
"""How each shell is started without the user's configuration, and the line that sets up completion in it."""

HERE = [name for name in START if name == "bash" or shutil.which(name)]
"""The shells of this machine; bash has to be among them."""


@contextmanager
def shell(name: str, program: Program) -> Iterator[Terminal]:
    """Yield a shell in which the program can be completed."""
    folder = program.folder / "bin"
    folder.mkdir()
    command = folder / "contacts-tui"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m contacts_tui "$@"\n')
    command.chmod(0o700)
    environment = {**program.env, "PATH": f"{folder}:{program.env['PATH']}", "PS1": "$ ", "PYTHONPATH": str(ROOT)}
    environment["SHELL"] = shutil.which(name) or name
    words, told = START[name]
    with Terminal(words, columns=120, rows=40, environment=environment, folder=program.folder) as terminal:
        # The shell prints these words when it has run the line; the line itself doesn't contain them.
        terminal.type(f"{told}; printf '%s-%s\\n' now ready\r")
        terminal.wait_for("now-ready")
        terminal.type("\f")
        terminal.wait_gone("now-ready")
        yield terminal


@pytest.mark.parametrize("name", HERE)
def test_a_shell_completes_commands_options_values_and_files(name: str, program: Program) -> None:
    (program.folder / "customers.csv").write_text("name\n")
    with shell(name, program) as terminal:
        for typed, whole in (
            ("contacts-tui peo", "contacts-tui people"),
            ("dup", "contacts-tui people duplicates"),
            ("--li", "contacts-tui people duplicates --limit"),
        ):
            terminal.type(f"{typed}\t")
            terminal.wait_for(whole)
        terminal.type("\x15contacts-tui people list --place unr\t")
        terminal.wait_for("--place unread")
        terminal.type("\x15contacts-tui people import cust\t")
        terminal.wait_for("people import customers.csv")


def test_a_shell_that_nobody_knows_is_wrong_use(program: Program) -> None:
    done = program.run("completion", "tcsh")
    assert done.returncode == Exit.WRONG
    assert "'bash', 'zsh', 'fish'" in done.stderr


def test_a_configuration_that_is_wrong_hinders_no_completion(program: Program, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("nonsense = 1\n")
    done = program.run("completion", "bash", env={"CONTACTS_TUI_CONFIG": str(wrong)})
    assert done.returncode == Exit.DONE
    asked = {"_CONTACTS_TUI_COMPLETE": "bash_complete", "COMP_WORDS": "contacts-tui inbox ", "COMP_CWORD": "2"}
    told = program.run(env={**asked, "CONTACTS_TUI_CONFIG": str(wrong)})
    assert told.stdout.split() == [
        f"plain,{word}" for word in ("add", "set", "disconnect", "list", "check", "catch-up")
    ]

"""The page for `man`, generated from what the commands declare."""

from collections.abc import Iterator, Mapping

from contacts_tui.cli.command_line import Explained, commands, described, program
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.program import SECTIONS
from contacts_tui.paths import PROGRAM

_ENVIRONMENT = {
    "CONTACTS_TUI_CONFIG": "the configuration file, which has to be there",
    "CONTACTS_TUI_DATABASE_URL": "the store; --database goes before it",
    "CONTACTS_TUI_DATA_FOLDER": "the folder of the store, and of the logs",
    "NO_COLOR": "help without colour",
}


def manual_page(exits: Mapping[Exit, str]) -> str:
    """Return the text of docs/contacts-tui.1; `exits` says what each exit code means."""
    whole, below = program(), {each.name: each for each in commands()}
    lines = [
        f'.TH {PROGRAM.upper()} 1 "" "" "User Commands"',
        ".SH NAME",
        f"{_text(PROGRAM)} \\- contacts and conversations for support agents, in the terminal",
        ".SH SYNOPSIS",
        f".B {_text(PROGRAM)}",
        "[OPTIONS] [COMMAND ...]",
        ".SH DESCRIPTION",
        _text(whole.help or ""),
        ".SH OPTIONS",
        *_parameters(whole, own_only=False),
        ".SH COMMANDS",
    ]
    for section, entries in SECTIONS.items():
        lines += [f".SS {_text(section.capitalize())}", ".PP"]
        for entry in entries:
            if entry.name in below:
                lines += _command(below[entry.name])
    lines += [".SH EXIT STATUS"]
    for code, words in exits.items():
        lines += [".TP", f".B {code.value}", _text(words)]
    lines += [".SH ENVIRONMENT"]
    for name, words in _ENVIRONMENT.items():
        lines += [".TP", f".B {name}", _text(words)]
    return "\n".join(lines) + "\n"


def _command(command: Explained) -> Iterator[str]:
    yield from (".TP", f".B {_text(f'{PROGRAM} {command.name}')}", _text(command.help or ""))
    yield ".RS"
    yield from _parameters(command, own_only=True)
    yield from (".PP", "Example:", ".PP", ".nf", *map(_text, "\n".join(command.examples).split("\n")), ".fi", ".RE")


def _parameters(command: Explained, *, own_only: bool) -> Iterator[str]:
    for name, words, needed in described(command.own_params if own_only else command.params):
        yield from (".TP", f".B {_text(name)}", _text(words + (" (required)" if needed else "")))


def _text(words: str) -> str:
    """Return words escaped for roff: no dash becomes a hyphen, and no `.` or `'` at the start of a line a request."""
    escaped = words.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped

"""The pages that are generated from the code: `python -m contacts_tui.cli.reference` writes them anew."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

from contacts_tui.cli.command_line import Explained, commands, described, program
from contacts_tui.cli.config_page import with_settings
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.manual import manual_page
from contacts_tui.commands import BAR
from contacts_tui.paths import PROGRAM

COMMANDS_PAGE = "commands.md"
"""The page of all commands, generated as a whole."""

MANUAL_PAGE = "contacts-tui.1"
"""The page for `man`, generated as a whole."""

CONFIGURATION_PAGE = "configuration.md"
"""The page whose tables of settings are generated; the words around them are written by hand."""

_HEAD = """# Commands

Made from the program's own help: `python -m contacts_tui.cli.reference` writes this page.

Every command says what it takes with `--help`. `--database` and `--agent` work before or after a command. What is
printed for people is cleaned of everything that could command a terminal; `--json` prints JSON in plain ASCII, with
times in UTC.

Lists are tables on a terminal. In a pipe each row is one line: whole cells with a tab between two, the headings first;
what is said beside the rows has no tab. A person's card and channels are laid out alike in both.

`-` reads standard input where a text or a file is taken. `contacts-tui completion SHELL` prints what
bash, zsh or fish reads to complete all of this; `man contacts-tui` has it as one page.
"""

_CODES = """
## Exit codes

| code | meaning |
| --- | --- |
"""


def commands_page() -> str:
    """Return the text of docs/commands.md."""
    parts = [_HEAD, *map(_section, (program(), *commands()))]
    parts.append(_CODES)
    parts += [f"| {Exit[name].value} | {text} |\n" for name, text in _docstrings(Exit)]
    return "".join(parts)


def _section(command: Explained) -> str:
    parts = [f"\n## {PROGRAM} {command.name}".rstrip() + f"\n\n{command.help}\n"]
    rows = [
        f"| `{name.replace('|', BAR)}`{' (required)' if needed else ''} | {words.replace('|', BAR)} |\n"
        for name, words, needed in described(command.own_params)
    ]
    if rows:
        parts += ["\n| argument | meaning |\n| --- | --- |\n", *rows]
    parts.append("\n```console\n" + "\n".join(command.examples) + "\n```\n")
    return "".join(parts)


def manual() -> str:
    """Return the text of docs/contacts-tui.1."""
    return manual_page({Exit[name]: text for name, text in _docstrings(Exit)})


def _docstrings(described: type) -> Iterator[tuple[str, str]]:
    """Yield the name and docstring of each field or member, read from the source: Python doesn't keep these."""
    (body,) = ast.parse(inspect.getsource(described)).body
    assert isinstance(body, ast.ClassDef)
    for statement, below in zip(body.body, body.body[1:], strict=False):
        match statement, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, " ".join(text.split())


def write(folder: Path) -> None:
    """Write all generated pages into a folder that has the configuration page."""
    (folder / MANUAL_PAGE).write_text(manual(), encoding="utf-8")
    (folder / COMMANDS_PAGE).write_text(commands_page(), encoding="utf-8")
    page = folder / CONFIGURATION_PAGE
    page.write_text(with_settings(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write(Path("docs"))

"""The pages of the documentation made from the code: `python -m contacts_tui.cli.reference` writes them anew."""

import ast
import inspect
from argparse import Action, ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from pathlib import Path

from contacts_tui.cli.arguments import build_parser
from contacts_tui.cli.exit import Exit
from contacts_tui.config import Config

COMMANDS_PAGE = "commands.md"
"""Made whole."""

CONFIGURATION_PAGE = "configuration.md"
"""Its table of keys is made; the words around it are written by hand."""

BAR = "\\|"
"""A vertical bar inside a table."""

_HEAD = """# Commands

Made from the program's own help: `python -m contacts_tui.cli.reference` writes this page.

Every command says what it takes with `--help`. `--database` works before or after a command. What is printed for people
is cleaned of everything that could command a terminal; `--json` prints JSON in plain ASCII, with times in UTC.
"""

_CODES = """
## Exit codes

| code | meaning |
| --- | --- |
"""


def commands_page() -> str:
    """docs/commands.md."""
    parts = [_HEAD]
    for parser in _parsers(build_parser()):
        parts.append(f"\n## {parser.prog}\n\n{parser.description}\n")
        options = [action for action in parser._actions if action.dest not in ("help", "database")]
        rows = [row for action in options for row in _rows(action)]
        if rows:
            parts.append("\n| argument | meaning |\n| --- | --- |\n" + "".join(rows))
        if parser.epilog:
            example = parser.epilog.removeprefix("example:\n").replace("\n  ", "\n").strip()
            parts.append(f"\n```console\n{example}\n```\n")
    parts.append(_CODES)
    parts += [f"| {Exit[name].value} | {text} |\n" for name, text in _docstrings(Exit)]
    return "".join(parts)


def config_table() -> str:
    """The table of keys in docs/configuration.md."""
    rows = (f"| `{name}` | {text} |\n" for name, text in _docstrings(Config))
    return "| key | meaning |\n| --- | --- |\n" + "".join(rows)


def with_table(page: str, table: str) -> str:
    """A page with its only table replaced."""
    before, _, rest = page.partition("| key |")
    after = rest.splitlines(keepends=True)
    while after and (after[0].startswith("|") or after[0] == " meaning |\n"):
        del after[0]
    return before + table + "".join(after)


def _parsers(parser: ArgumentParser) -> Iterator[ArgumentParser]:
    """The parser of every command, and of the program itself."""
    below = [action for action in parser._actions if isinstance(action, _SubParsersAction)]
    if not below or parser.prog.count(" ") == 0:
        yield parser
    for action in below:
        for each in action.choices.values():
            yield from _parsers(each)


def _rows(action: Action) -> Iterator[str]:
    if isinstance(action, _SubParsersAction):
        return
    shown = action.metavar or ("|".join(map(str, action.choices)) if action.choices else "")
    name = " ".join(filter(None, (", ".join(action.option_strings), "" if action.nargs == 0 else str(shown))))
    needed = " (required)" if action.required and action.option_strings else ""
    yield f"| `{name.replace('|', BAR)}`{needed} | {action.help} |\n"


def _docstrings(described: type) -> Iterator[tuple[str, str]]:
    """The name and docstring of each field or member, read from the source: Python keeps no docstrings of these."""
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
    """Writes both pages."""
    (folder / COMMANDS_PAGE).write_text(commands_page(), encoding="utf-8")
    page = folder / CONFIGURATION_PAGE
    page.write_text(with_table(page.read_text(encoding="utf-8"), config_table()), encoding="utf-8")


if __name__ == "__main__":
    write(Path("docs"))

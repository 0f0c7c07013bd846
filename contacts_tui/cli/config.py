"""`contacts-tui config`: what is configured and where, whether it is right, and a file to begin with."""

import os
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from contacts_tui import paths
from contacts_tui.cli.declare import Json, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.output import complain, say, say_done, say_json, say_table
from contacts_tui.config import CONFIG_VARIABLE, Config, From, Origin, Resolved, shown
from contacts_tui.settings import KEYS, KEYS_VARIABLE, PIPES, SETTINGS, TABLES, Setting

_PREFIX = "CONTACTS_TUI_"
_VARIABLES = (
    CONFIG_VARIABLE,
    paths.FOLDER_VARIABLE,
    paths.STATE_VARIABLE,
    KEYS_VARIABLE,
    *(setting.variable for setting in SETTINGS),
)
_LONGEST_VALUE = 60
"""The most cells of a value in the table."""

_HEAD = """\
# The configuration of contacts-tui. A line that begins with # says nothing: take the # away to set a value.
# Check it with: contacts-tui config check
"""
_KEYS_HELP = """\
# Any command by its id, as docs/keys.md lists them: one key, several, or [] for none.
# "people.merge" = "x"
# "people.find" = ["/", "ctrl+f"]
# "people.undo" = []
# A movement on every screen: move.down, move.up, move.page_down, move.page_up, move.first, move.last.
# "move.down" = ["down", "n"]
"""
_PIPES_HELP = """\
# Commands for your shell, by names that you choose. Each reads a thread on its standard input; what it writes can
# become a draft or a note.
# words = "wc -w"
# short = "llm 'Summarise this conversation in three lines'"
"""


@command("contacts-tui config show", only_tells=True)
def show(resolved: Resolved, as_json: Json = False) -> Exit:
    """Print every setting with its value and where that comes from. Exit with 2 when something is wrong."""
    rows = list(_rows(resolved))
    if as_json:
        settings = [
            {
                "setting": setting,
                "value": value,
                "from": origin.kind.value,
                "where": origin.where,
                "line": origin.line or None,
                "variable": variable,
            }
            for setting, value, origin, variable in rows
        ]
        say_json({"file": str(resolved.file or ""), "exists": _exists(resolved), "settings": settings})
    else:
        say_table(
            ("setting", "value", "from"),
            [(setting, value, origin.words) for setting, value, origin, _ in rows],
            {"value": _LONGEST_VALUE},
        )
    for mistake in resolved.mistakes:
        complain(mistake)
    return Exit.WRONG if resolved.mistakes else Exit.DONE


def _rows(resolved: Resolved) -> Iterator[tuple[str, str, Origin, str]]:
    """Yield each setting, key and pipe: path, value, where that comes from, and variable (empty for a pipe)."""
    for setting in SETTINGS:
        origin = resolved.origins.get(setting.path, Origin(From.DEFAULT))
        yield setting.path, shown(setting, resolved.config), origin, setting.variable
    for command_id, keys in resolved.config.keys.items():
        path = f"{KEYS}.{command_id}"
        yield path, " ".join(keys) or "no key", resolved.origins[path], KEYS_VARIABLE
    for name, written in resolved.config.pipes.items():
        path = f"{PIPES}.{name}"
        yield path, written, resolved.origins[path], ""


@command("contacts-tui config check", only_tells=True)
def check(resolved: Resolved, as_json: Json = False) -> Exit:
    """Check every value, wherever it is written, the keys and the variables. Exit with 2 when something is wrong."""
    mistakes = [*resolved.mistakes, *_clashes(resolved.config), *_unknown_variables(os.environ)]
    if as_json:
        say_json(
            {"ok": not mistakes, "file": str(resolved.file or ""), "mistakes": mistakes, "remarks": resolved.remarks}
        )
        return Exit.WRONG if mistakes else Exit.DONE
    for sentence in mistakes:
        complain(sentence)
    for sentence in resolved.remarks:
        say(sentence)
    if not mistakes:
        where = str(resolved.file) if _exists(resolved) else "no configuration file, and none is needed"
        say(f"No problems found ({where}).")
    return Exit.WRONG if mistakes else Exit.DONE


def _clashes(config: Config) -> list[str]:
    from contacts_tui.commands.keymap import clashes, keys_for

    keys, _ = keys_for(config.preset, config.keys)
    return [f"[{KEYS}]: {sentence}" for sentence in clashes(keys)]


def _unknown_variables(environ: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(environ):
        if name.startswith(_PREFIX) and name not in _VARIABLES:
            near = get_close_matches(name, _VARIABLES, 1)
            meant = f": did you mean {near[0]}?" if near else "."
            yield f"{name} is not a variable of this program{meant}"


@command("contacts-tui config path", only_tells=True)
def path(resolved: Resolved, as_json: Json = False) -> Exit:
    """Print where the configuration file is, or would be."""
    file = _file(resolved)
    return say_done({"file": str(file), "exists": _exists(resolved)}, str(file), as_json=as_json)


@command("contacts-tui config init")
def init(resolved: Resolved, as_json: Json = False) -> Exit:
    """Write a configuration file that explains every setting and sets none. An existing file stays as it is."""
    file = _file(resolved)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as stream:
            stream.write(template())
    except FileExistsError:
        complain(f"{file}: is there already, and stays as it is: change it, or move it away first")
        return Exit.WRONG
    except OSError as error:
        complain(f"{file}: can't be written: {error.strerror}")
        return Exit.FAILED
    return say_done({"file": str(file), "exists": True}, f"Written: {file}. Nothing is set in it yet.", as_json=as_json)


def template() -> str:
    """Return the text of a configuration file that explains every setting and sets none."""
    parts = [_HEAD]
    for table in TABLES:
        parts.append(f"\n[{table}]\n")
        parts += [_explained(setting) for setting in SETTINGS if setting.table == table]
        parts.append({KEYS: _KEYS_HELP, PIPES: _PIPES_HELP}.get(table, ""))
    return "".join(parts)


def _explained(setting: Setting) -> str:
    from textwrap import wrap

    about = f"{setting.about} Default: {setting.default}. Variable: {setting.variable}.".replace("`", "")
    lines = wrap(about, 110, initial_indent="# ", subsequent_indent="# ")
    return "\n".join([*lines, f"# {setting.name} = {setting.example}", ""])


def _file(resolved: Resolved) -> Path:
    """Return where the configuration file is, or would be. Raise PathError."""
    if resolved.file is None:
        raise paths.PathError("your home folder is not known: set HOME or CONTACTS_TUI_CONFIG")
    return resolved.file


def _exists(resolved: Resolved) -> bool:
    return resolved.file is not None and Path(resolved.file).exists()

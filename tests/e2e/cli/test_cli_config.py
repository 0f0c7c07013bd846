"""`config`: what holds and where it comes from, what is wrong, and a file to begin with."""

import json
from pathlib import Path

from contacts_tui.cli.exit import Exit
from tests.e2e.cli.program import Program

BROKEN = """agent = "Noor"
[theme]
name = "contacts-dork"
[keys]
"people.merge" = "/"
"people.find" = ["/"]
"""


def configured(program: Program, text: str) -> Path:
    """Write a configuration file, name it in the program's environment, and return its path."""
    file = program.folder / "my.toml"
    file.write_text(text, encoding="utf-8")
    program.env["CONTACTS_TUI_CONFIG"] = str(file)
    return file


def test_every_value_is_shown_with_where_it_comes_from(program: Program) -> None:
    file = configured(program, '[general]\n\nagent = "Noor"\n[keys]\npeople.undo = []\n')
    program.env["CONTACTS_TUI_THEME"] = "ansi-dark"
    shown = program.json("config", "show", "--agent", "Ife")
    found = {row["setting"]: (row["value"], row["from"], row["where"], row["line"]) for row in shown["settings"]}
    assert found["general.agent"] == ("Ife", "option", "--agent", None)
    assert found["theme.name"] == ("ansi-dark", "environment", "CONTACTS_TUI_THEME", None)
    assert found["keys.people.undo"] == ("no key", "file", str(file), 5)
    assert found["general.log_level"] == ("info", "default", "", None)
    assert f"{file}, line 3" in program.ok("config", "show")


def test_check_looks_at_every_value_the_keys_and_the_variables(program: Program) -> None:
    file = configured(program, BROKEN)
    done = program.run("config", "check", "--json", env={"CONTACTS_TUI_AGNET": "x"})
    told = json.loads(done.stdout)
    assert done.returncode == Exit.WRONG
    assert [sentence.partition(". ")[0] for sentence in told["mistakes"]] == [
        f"{file}, line 3: “name” in [theme] can't be “contacts-dork”: did you mean “contacts-dark”? Allowed are "
        "contacts-dark, contacts-light, contacts-contrast, ansi-dark, ansi-light",
        "[keys]: / would be “find” (people.find) and “merge” (people.merge)",
        "CONTACTS_TUI_AGNET is not a variable of this program: did you mean CONTACTS_TUI_AGENT?",
    ]
    assert told["remarks"][0].startswith(f"{file}, line 1: “agent” stands in [general] now")
    configured(program, "")
    assert program.ok("config", "check").startswith("No problems found")


def test_a_broken_file_ends_other_commands_with_its_line_and_not_these(program: Program) -> None:
    file = configured(program, BROKEN)
    done = program.run("people", "list")
    assert (done.returncode, done.stdout) == (Exit.WRONG, "")
    assert f"{file}, line 3: " in done.stderr
    assert program.ok("config", "path") == f"{file}\n"


def test_init_writes_a_file_once_that_sets_nothing(program: Program) -> None:
    file = Path(program.ok("config", "path").strip())
    assert file.is_relative_to(program.folder)
    assert program.json("config", "init") == {"file": str(file), "exists": True}
    text = file.read_text(encoding="utf-8")
    assert program.ok("config", "check").startswith("No problems found")
    done = program.run("config", "init")
    assert done.returncode == Exit.WRONG
    assert "already" in done.stderr
    assert file.read_text(encoding="utf-8") == text

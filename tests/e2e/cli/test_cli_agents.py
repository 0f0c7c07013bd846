"""Agents by commands."""

import json

from tests.e2e.cli.program import PEOPLE, Program


def test_agents_are_added_listed_disabled_and_stay_with_their_people(program: Program) -> None:
    program.ok("people", "import", "-", stdin=PEOPLE)
    added = ("agents", "add", "Noor", "--address", "noor@example.com", "--hours", "mon-fri 9-18", "--time-zone")
    assert program.ok(*added, "Asia/Beirut") == "added: Noor\n"
    program.ok("people", "assign", "Ann Archer", "--to", "Sam")
    listed = json.loads(program.ok("agents", "list", "--json"))["agents"]
    assert [(one["name"], one["hours"], one["time_zone"]) for one in listed] == [
        ("Noor", "mon-fri 9-18", "Asia/Beirut"),
        ("Sam", "", ""),
    ]
    assert program.ok("agents", "disable", "noor") == "disabled: Noor\n"
    refused = program.run("people", "assign", "Ben Baker", "--to", "Noor")
    assert (refused.returncode, "Noor is disabled" in refused.stderr) == (2, True)
    assert "disabled since" in program.ok("agents", "list")
    disabled = json.loads(program.ok("agents", "disable", "Sam", "--json"))
    assert disabled["disabled_at"] is not None

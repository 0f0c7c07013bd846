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


def test_a_role_is_listed_and_holds_for_commands(program: Program) -> None:
    program.ok("people", "import", "-", stdin=PEOPLE)
    program.ok("--agent", "Kim", "agents", "add", "Kim", "--role", "administrator")
    program.ok("--agent", "Kim", "agents", "add", "Lee", "--role", "lead")
    listed = program.json("agents", "list")["agents"]
    assert [(one["name"], one["role"]) for one in listed] == [("Kim", "administrator"), ("Lee", "lead")]
    refused = program.run("--agent", "Lee", "people", "forget", "Ann Archer", "--yes")
    sentence = "contacts-tui: Lee has no right to forget people: ask Kim (administrator)\n"
    assert (refused.returncode, refused.stdout, refused.stderr) == (3, "", sentence)
    refused = program.run("--agent", "Amir", "people", "export", "people.csv")
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "ask Kim, Lee (lead or administrator)" in refused.stderr
    program.ok("--agent", "Amir", "people", "tag", "Ann Archer", "--add", "late")
    assert [one["agent"] for one in program.json("--agent", "Amir", "journal", "--mine")["entries"]] == ["Amir"]
    assert program.run("--agent", "Amir", "journal").returncode == 3

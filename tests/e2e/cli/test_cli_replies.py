"""Canned replies by commands."""

import json

from tests.e2e.cli.program import Program


def test_replies_are_saved_listed_and_removed(program: Program) -> None:
    assert program.ok("replies", "save", "ready", "Hi {{first name}}") == "saved: ready\n"
    program.ok("--agent", "Noor", "replies", "save", "hours", "-", "--mine", stdin="9 to 18\n")
    assert json.loads(program.ok("--agent", "Noor", "replies", "list", "--json"))["replies"] == [
        {"name": "hours", "text": "9 to 18", "author": "Noor"},
        {"name": "ready", "text": "Hi {{first name}}", "author": ""},
    ]
    assert "hours" not in program.ok("--agent", "Sam", "replies", "list")
    refused = program.run("replies", "save", "bad", "{{order}}")
    assert (refused.returncode, "{{order}} is never filled in" in refused.stderr) == (2, True)
    assert program.ok("replies", "remove", "READY") == "removed: ready\n"
    assert program.run("replies", "remove", "ready").returncode == 2

"""`contacts-tui report`: as lines, as JSON, and of days that are typed."""

import json

import pytest

from tests.e2e.cli.program import PEOPLE, Program


def test_a_report_says_what_was_done_today_and_by_whom(program: Program) -> None:
    program.ok("people", "import", "-", stdin=PEOPLE)
    program.ok("people", "assign", "Ann Archer", "--to", "Noor")
    for name in ("Ann Archer", "Ben Baker"):
        program.ok("people", "snooze", name, "until reply")
    assert program.ok("report").splitlines() == [
        "0 answered, 0 closed, 2 snoozed",
        "nobody waits now",
        "",
        "by\tname\tanswered\tmedian wait\tlongest\tclosed\tsnoozed",
        f"agent\t{json.loads(program.ok('report', '--json'))['agents'][0]['agent']}\t0\t\t\t0\t2",
    ]
    found = json.loads(program.ok("report", "--of", "Noor", "--json"))
    assert (found["snoozed"], found["agents"], found["answers"]["median"]) == (0, [], None)
    found = json.loads(program.ok("report", "--of", "me", "--since", "yesterday", "--until", "yesterday", "--json"))
    assert (found["snoozed"], len(found["hours"])) == (0, 24)


@pytest.mark.parametrize("arguments", [("--since", "tomorrow"), ("--until", "yesterday")])
def test_a_day_that_is_none_of_the_past_is_refused(program: Program, arguments: tuple[str, str]) -> None:
    done = program.run("report", *arguments)
    assert done.returncode == 2
    assert "day" in done.stderr

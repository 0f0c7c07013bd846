"""Which incoming messages an agent is notified of, and when not."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from contacts_tui.domain.notification_rules import Quiet, Rules, Whose, quiet_hours, rules

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("whose", "told"),
    [
        ({Whose.MINE}, {"Kim"}),
        ({Whose.UNASSIGNED}, {""}),
        ({Whose.MINE, Whose.UNASSIGNED}, {"Kim", ""}),
        ({Whose.ALL}, {"Kim", "", "Noor"}),
        (set(), set()),
    ],
)
def test_an_agent_is_told_of_those_whom_the_rules_name(whose: set[Whose], told: set[str]) -> None:
    found = Rules(whose=frozenset(whose))
    assert {assignee for assignee in ("Kim", "", "Noor") if found.concern(assignee, "Kim")} == told


@pytest.mark.parametrize(
    ("hours", "hour", "quiet"),
    [
        ("22:00-7:00", 21, False),
        ("22:00-7:00", 22, True),
        ("22:00-7:00", 6, True),
        ("22:00-7:00", 7, False),
        ("12-13:30", 12, True),
        ("12-13:30", 14, False),
        ("20-24", 23, True),
        ("20-24", 0, False),
        ("", 3, False),
    ],
)
def test_quiet_hours_are_those_of_the_agents_zone(hours: str, hour: int, quiet: bool) -> None:
    at = datetime(2026, 7, 1, hour, tzinfo=BERLIN).astimezone(UTC)
    assert rules("bell", "mine", hours).are_quiet(at, BERLIN) is quiet


@pytest.mark.parametrize("text", ["night", "25-3", "7:00-24:30", "22:61-7", "7-7", "0-24"])
def test_what_are_no_hours_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"aren't hours|ends when it begins"):
        quiet_hours(text)


def test_hours_are_read() -> None:
    assert quiet_hours(" 22:15-7 ") == Quiet(22 * 60 + 15, 7 * 60)
    assert quiet_hours("") is None

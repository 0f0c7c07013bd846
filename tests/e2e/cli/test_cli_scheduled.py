"""Sending later by commands."""

import pytest

from tests.e2e.cli.program import PEOPLE, SHOP, Program

SEND = ("send", "Ann Archer", "--channel", "sms", "--text", "Your parcel comes today.", "--at")


@pytest.fixture
def shop(program: Program) -> Program:
    program.ok("people", "import", "-", stdin=PEOPLE)
    program.add_inbox("Shop", "sms", SHOP, "http://127.0.0.1:1")
    return program


def listed(program: Program, *whom: str) -> list[tuple[int, str]]:
    found = program.json("scheduled", "list", *whom)["scheduled"]
    return [(one["message"]["id"], one["message"]["body"]) for one in found]


def test_a_message_is_scheduled_changed_cancelled_and_scheduled_again(shop: Program) -> None:
    assert "nothing is scheduled" in shop.ok("scheduled", "list")
    said = shop.ok(*SEND, "tomorrow 9:00", "--agent", "Kim")
    assert said.startswith("message to Ann Archer scheduled: ")
    assert "09:00:00 by SMS, from Shop (message 1)" in said
    assert shop.ok("scheduled", "list").splitlines()[1].split("\t")[2:] == [
        "Ann Archer", "SMS", "Kim", "no", "Your parcel comes today."
    ]  # fmt: skip
    assert listed(shop, "Ben Baker") == []
    assert "scheduled" in shop.ok("thread", "Ann Archer")
    changed = shop.json("scheduled", "change", "1", "--text", "-", "--at", "2 hours", stdin="It comes at noon.\n")
    assert changed["scheduled"]["message"]["body"] == "It comes at noon."
    assert shop.ok("scheduled", "cancel", "1") == "scheduled message to Ann Archer cancelled; its text is a draft\n"
    assert listed(shop) == []
    shop.ok("people", "undo")
    assert [body for _, body in listed(shop, "Ann Archer")] == ["It comes at noon."]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((*SEND, "yesterday"), "isn't a time"),
        ((*SEND, "tomorrow", "--wait", "3"), "--at or --wait"),
        ((*SEND, "tomorrow", "--human-agent"), "--at or --human-agent"),
        (("scheduled", "change", "1"), "say what to change"),
        (("scheduled", "change", "1", "--at", "tomorrow"), "isn't scheduled"),
        (("scheduled", "cancel", "1"), "isn't scheduled"),
    ],
)
def test_mistakes_are_told(shop: Program, arguments: tuple[str, ...], words: str) -> None:
    done = shop.run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr

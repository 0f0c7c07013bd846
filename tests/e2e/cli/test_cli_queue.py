"""The queue by commands: assign, snooze, close, open, tag, undo, views, and the journal."""

import json
from contextlib import closing
from typing import Any

import pytest

from contacts_tui.channels.base import InboundMessage
from contacts_tui.services import inbound
from contacts_tui.store.store import Store
from tests.e2e.cli.program import PEOPLE, SHOP, Program


@pytest.fixture
def people(program: Program) -> Program:
    program.ok("people", "import", "-", stdin=PEOPLE)
    return program


def as_json(program: Program, *arguments: str) -> Any:
    return json.loads(program.ok(*arguments, "--json"))


def names(program: Program, line: str) -> list[str]:
    return [row["name"] for row in as_json(program, "people", "list", "--filter", line)["people"]]


def test_people_are_assigned_tagged_and_found_by_it(people: Program) -> None:
    assert people.ok("people", "assign", "Ann Archer", "--to", "Noor") == "Ann Archer assigned to Noor\n"
    assert people.ok("people", "tag", "Ann Archer", "Ben Baker", "--add", "vip") == "2 people tagged vip\n"
    assert names(people, "tag:vip order:name") == ["Ann Archer", "Ben Baker"]
    assert names(people, "tag:vip -assignee:noor") == ["Ben Baker"]
    assert people.ok("people", "undo") == "undone: 2 people tagged vip\n"
    assert names(people, "tag:vip") == []
    assert names(people, "assignee:Noor") == ["Ann Archer"]


def test_a_filter_touches_many_after_a_dry_run(people: Program) -> None:
    line = ("--filter", "assignee:none")
    assert people.ok("people", "assign", *line, "--to", "Kim", "--dry-run") == "2 people would be changed\n"
    assert names(people, "assignee:kim") == []
    assert len(as_json(people, "people", "assign", *line, "--to", "Kim")["contact_ids"]) == 2
    assert names(people, "assignee:kim order:name") == ["Ann Archer", "Ben Baker"]


def test_a_snooze_says_when_it_wakes_and_opens_again(people: Program) -> None:
    said = people.ok("people", "snooze", "Ann Archer", "tomorrow 9:00")
    assert said.startswith("Ann Archer snoozed until ")
    assert said.endswith("09:00\n")
    assert names(people, "snoozed") == ["Ann Archer"]
    assert people.ok("people", "open", "Ann Archer") == "Ann Archer opened\n"
    assert names(people, "state:open") == ["Ann Archer"]
    assert people.ok("people", "close", "Ann Archer") == "Ann Archer closed\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("people", "snooze", "Ann Archer", "yesterday"), "isn't a time"),
        (("people", "snooze", "Ann Archer", "before window"), "no window"),
        (("people", "snooze", "2 hours"), "say whom and until when"),
        (("people", "mark", "Ann Archer"), "--read or --unread"),
        (("people", "close"), "say whom"),
        (("people", "close", "Ann Archer", "--filter", "is:unread"), "say whom"),
        (("people", "tag", "Ann Archer"), "--add TAG or --remove TAG"),
        (("people", "list", "--filter", "chanel:sms"), "did you mean channel?"),
        (("people", "list", "--filter", "tag:a", "--search", "b"), "--filter goes without"),
        (("people", "undo", "--agent", "Nobody yet"), "nothing to undo"),
        (("people", "undo", "7"), "action 7"),
        (("views", "save", "Waiting", "tag:a"), "built-in"),
        (("views", "remove", "Nothing"), "no view"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(people: Program, arguments: tuple[str, ...], words: str) -> None:
    done = people.run(*arguments)
    assert done.returncode not in (0, 70)
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_many_are_snoozed_and_marked_and_a_slip_in_an_agents_name_is_told(people: Program) -> None:
    assert (
        people.ok("people", "snooze", "2 hours", "--filter", "order:name", "--dry-run") == "2 people would be changed\n"
    )
    assert people.ok("people", "snooze", "Ann Archer", "Ben Baker", "until reply") == (
        "2 people snoozed until they write\n"
    )
    for asked in ("read", "unread"):
        refused = people.run("people", "mark", "Ann Archer", f"--{asked}")
        assert f"they never wrote: there is nothing to mark as {asked}\n" in refused.stderr
    people.ok("agents", "add", "Noor")
    assert people.ok("people", "assign", "Ann Archer", "--to", "noor") == "Ann Archer assigned to Noor\n"
    slip = people.run("people", "edit", "Ben Baker", "--owner", "Nor")
    assert (slip.returncode, "did you mean Noor?" in slip.stderr) == (2, True)
    assert names(people, "assignee:none") == ["Ben Baker"]


def test_only_those_are_marked_of_whom_there_is_something_to_mark(people: Program) -> None:
    shop = people.add_inbox("Shop", "sms", SHOP, "http://127.0.0.1:1")["inbox"]["id"]
    with closing(Store.open(f"sqlite:///{people.database}")) as store:
        said = InboundMessage("SM1", "SM1", "+12025550142", "Is it there?", (), "", store.clock(), {})
        store.call(inbound.apply, shop, [said])
    everybody = ("people", "mark", "--filter", "order:name")
    ann = as_json(people, "people", "show", "Ann Archer")["contact"]["id"]
    for asked, many in (("read", 1), ("read", 0), ("unread", 1)):
        which, words = [ann] * many, f"{'1 person' if many else '0 people'}"
        dry = as_json(people, *everybody, f"--{asked}", "--dry-run")
        assert (dry["contact_ids"], dry["words"]) == (which, f"{words} would be marked")
        done = as_json(people, *everybody, f"--{asked}")
        assert done == {"number": 0, "contact_ids": which, "words": f"{words} marked as {asked}"}
    assert names(people, "is:unread") == ["Ann Archer"]


def test_views_are_saved_listed_counted_and_removed(people: Program) -> None:
    people.ok("people", "tag", "Ann Archer", "--add", "vip")
    people.ok("views", "save", "VIPs", "tag:vip order:name")
    listed = {view["name"]: view for view in as_json(people, "views", "list")["views"]}
    assert listed["VIPs"]["people"] == 1
    assert listed["All people"]["people"] == 2
    assert names(people, "vips") == ["Ann Archer"]
    assert people.ok("views", "remove", "VIPs") == "removed: VIPs\n"


def test_the_journal_tells_who_did_what_with_whom(people: Program) -> None:
    people.ok("people", "tag", "Ann Archer", "--add", "vip")
    people.ok("people", "assign", "Ben Baker", "--to", "Noor")
    people.ok("people", "undo")
    entries = as_json(people, "journal")["entries"]
    assert [(entry["name"], entry["words"], bool(entry["undone_at"])) for entry in entries] == [
        ("Ben Baker", "assigned to Noor", True),
        ("Ann Archer", "tagged vip", False),
        ("Ben Baker", "imported", False),
        ("Ann Archer", "imported", False),
    ]
    assert [entry["words"] for entry in as_json(people, "journal", "--contact", "Ann Archer")["entries"]] == [
        "tagged vip",
        "imported",
    ]
    assert "Ann Archer\ttagged vip" in people.ok("journal")

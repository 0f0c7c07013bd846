"""Failing to report is not failing to do: what a command did decides its exit status, whatever becomes of its words."""

import os
import subprocess
from collections.abc import Sequence

import pytest

from contacts_tui.cli.command_line import commands, parse
from contacts_tui.cli.exit import Exit
from tests.children import default_signals
from tests.e2e.cli.program import PEOPLE, ROOT, TIME_LIMIT, Program

TELLING = (
    ("people", "list"),
    ("people", "show", "Ann Archer"),
    ("people", "merges"),
    ("people", "duplicates"),
    ("people", "merge", "Ann Archer", "Ben Baker", "--dry-run"),
    ("inbox", "list"),
    ("channels", "Ann Archer"),
    ("templates", "list"),
    ("thread", "Ann Archer"),
    ("--version",),
    ("--help",),
    ("people", "import", "--help"),
    ("store", "info"),
    ("views", "list"),
    ("agents", "list"),
    ("replies", "list"),
    ("people", "notes", "Ann Archer"),
    ("journal",),
    ("report",),
    ("scheduled", "list"),
    ("config", "show"),
    ("config", "check"),
    ("config", "path"),
    ("completion", "bash"),
)

NOWHERE = {
    "a full disk": ">/dev/full",
    "a closed output": ">&-",
    "everything closed": "<&- >&- 2>&-",
    "both full": ">/dev/full 2>/dev/full",
}


def run(program: Program, arguments: Sequence[str], where: str, **env: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a command with its streams redirected by `where`, in the shell's syntax."""
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {where}', "sh", *program.command(*arguments)],
        input=b"",
        capture_output=True,
        timeout=TIME_LIMIT,
        env={**program.env, **env},
        cwd=ROOT,
        preexec_fn=default_signals,
    )


def told(done: "subprocess.CompletedProcess[bytes]") -> str:
    """Return the text of standard error; assert that each line is a sentence of the program, none of Python."""
    text = done.stderr.decode()
    assert all(line.startswith("contacts-tui: ") for line in text.splitlines()), text
    return text


@pytest.mark.parametrize("where", NOWHERE.values(), ids=NOWHERE)
def test_what_was_sent_is_sent(shop: Program, where: str) -> None:
    done = run(shop, ("send", "Ann Archer", "--channel", "sms", "--text", "Your order is ready."), where)
    assert done.returncode == Exit.DONE
    if "2>" not in where:
        assert "standard output can't be written" in told(done)
        assert "contacts-tui: sent: to Ann Archer …0142 by SMS, from Shop\n" in told(done)
    (message,) = shop.json("thread", "Ann Archer")["messages"]
    assert message["message"]["status"] in ("sent", "delivered")


@pytest.mark.parametrize("where", NOWHERE.values(), ids=NOWHERE)
def test_whatever_a_command_does_decides_how_it_ends(shop: Program, where: str) -> None:
    (shop.folder / "people.csv").write_text(f"{PEOPLE}New One,+1 202 555 0199,,,\n", encoding="utf-8")
    for arguments in (
        ("people", "import", str(shop.folder / "people.csv")),
        ("templates", "sync"),
        ("inbox", "set", "Shop", "name=Counter"),
        ("inbox", "check", "Counter"),
        ("people", "merge", "Ann Archer", "Ben Baker", "--json"),
        ("people", "unmerge", "1"),
        ("people", "distinct", "Ann Archer", "Ben Baker"),
        ("inbox", "add", "Desk", "--channel", "telegram", "--address", "desk_bot", "--secret", "env:SHOP_TOKEN"),
        ("inbox", "disconnect", "Desk"),
    ):
        done = run(shop, arguments, where)
        assert done.returncode == Exit.DONE, (arguments, done.stderr)
        if "2>" not in where:
            assert "this can't be shown, but was done: standard output can't be written" in told(done)
    assert [entry["undone_by"] != "" for entry in shop.json("people", "merges")] == [True]
    assert {each["inbox"]["name"] for each in shop.json("inbox", "list")["inboxes"]} >= {"Counter"}


def test_what_failed_has_failed(shop: Program) -> None:
    done = run(shop, ("send", "Ben Baker", "--channel", "telegram", "--text", "Hello"), ">/dev/full")
    assert done.returncode == Exit.REFUSED


@pytest.mark.parametrize("arguments", TELLING, ids=" ".join)
def test_a_list_that_nobody_can_read_has_failed(shop: Program, arguments: tuple[str, ...]) -> None:
    done = run(shop, arguments, ">/dev/full")
    assert done.returncode == Exit.NOT_SHOWN
    assert told(done).startswith("contacts-tui: the answer can't be shown: standard output can't be written (")
    assert told(done).count("\n") == 1


@pytest.mark.parametrize("where", [">&-", ">/dev/full 2>&-", "<&- >&- 2>&-"])
def test_a_list_has_failed_whoever_hears_of_it(shop: Program, where: str) -> None:
    assert run(shop, ("people", "list"), where).returncode == Exit.NOT_SHOWN


@pytest.mark.parametrize("arguments", [("people", "list"), ("--help",), ("thread", "Ann Archer", "--json")])
def test_a_reader_that_left_ends_a_list_quietly(shop: Program, arguments: tuple[str, ...]) -> None:
    ours, its = os.pipe()
    os.close(ours)
    gone = subprocess.run(
        shop.command(*arguments), stdout=its, stderr=subprocess.PIPE, env=shop.env, cwd=ROOT, preexec_fn=default_signals
    )
    os.close(its)
    assert (gone.returncode, gone.stderr) == (Exit.PIPE_CLOSED, b"")


def test_a_reader_that_left_changes_nothing_about_what_was_sent(shop: Program) -> None:
    ours, its = os.pipe()
    os.close(ours)
    done = subprocess.run(
        shop.command("send", "Ann Archer", "--channel", "sms", "--text", "Your order is ready.", "--json"),
        stdout=its,
        stderr=subprocess.PIPE,
        env=shop.env,
        cwd=ROOT,
        preexec_fn=default_signals,
    )
    os.close(its)
    assert (done.returncode, done.stderr) == (Exit.DONE, b"")


@pytest.mark.parametrize(
    "env", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}, {"LC_ALL": "POSIX"}]
)
def test_a_name_that_the_encoding_can_not_hold_is_shown_as_far_as_it_can(shop: Program, env: dict[str, str]) -> None:
    name = "Zoë 田中 \N{GRINNING FACE}"
    shop.ok("people", "import", "-", stdin=f"name,phone\n{name},+1 202 555 0188\n")
    sent = run(shop, ("send", "+12025550188", "--channel", "sms", "--text", "Ready"), "", **env)
    assert sent.returncode == Exit.DONE
    assert sent.stdout.startswith(b"sent: to Zo")
    assert sent.stderr == b""
    listed = run(shop, ("people", "list"), "", **env)
    assert (listed.returncode, listed.stderr) == (Exit.DONE, b"")
    assert b"Zo" in listed.stdout
    refused = run(shop, ("send", "+12025550188", "--channel", "telegram", "--text", name), "", **env)
    assert refused.returncode == Exit.REFUSED
    told(refused)


def test_a_closed_output_is_no_place_for_the_store(shop: Program) -> None:
    """The lowest free descriptor is what the next file gets."""
    run(shop, ("people", "import", "-"), "<&- >&- 2>&-")
    assert shop.json("people", "list")["people"]


def test_every_command_that_only_tells_is_among_these() -> None:
    given = [parse(each) for each in TELLING if not each[-1].startswith("--")]
    assert all(call.only_tells for call in given)
    telling = {each.declared.function: each.name for each in commands() if each.declared.only_tells}
    assert {name for function, name in telling.items() if function not in {call.function for call in given}} == {
        "message show"
    }

"""What people write while nobody takes Twilio's webhooks: it comes in once somebody does, by a real `serve`."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx
import pytest

from tests.e2e.cli.program import ACCOUNT, SHOP, TIME_LIMIT, Program, Server
from tests.store import frozen

ANN = "+12025550142"
DEADLINE = 60.0
"""Seconds until a condition has to hold."""


def wait(what: str, holds: Callable[[], bool]) -> None:
    """Wait until the condition holds. Raise AssertionError with `what` after DEADLINE."""
    end = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.05)


class Desk:
    """A shop at the sandbox, with a receiver that can be started and ended."""

    def __init__(self, program: Program, sandbox: Server) -> None:
        self.program = program
        self.sandbox = sandbox
        self.inbox = program.add_inbox("Shop", "sms", SHOP, sandbox.url)["inbox"]["id"]

    @contextmanager
    def serving(self) -> Iterator[Server]:
        """Run `serve` for the time of the block, which may end it itself, with its webhook entered at Twilio."""
        with self.program.start("serve", "--port", "0", "--public-url", "local") as process:
            assert process.stdout is not None
            server = Server(process, process.stdout.readline().split()[-1])
            self.enters(server.url)
            try:
                yield server
            finally:
                process.send_signal(signal.SIGCONT)
                process.kill()

    def enters(self, url: str | None) -> None:
        """Enter the webhook of the shop's number at Twilio, or remove it for None."""
        inbound = url and f"{url}/webhooks/{self.inbox}/inbound"
        self.sandbox.control("senders", {"account_sid": ACCOUNT, "address": SHOP, "inbound_url": inbound})

    def writes(self, body: str, sender: str = ANN) -> int | None:
        """Let a person write to the shop. Return the status of the webhook's answer, None when there was none."""
        document = {"from": sender, "to": SHOP, "body": body}
        answer = httpx.post(f"{self.sandbox.url}/control/inbound", json=document, trust_env=False, timeout=30)
        status: int | None = answer.json()["receiver_status"]
        return status

    def stored(self) -> list[str]:
        """Return the texts of all stored messages, oldest first."""
        with closing(sqlite3.connect(self.program.database)) as connection:
            return [body for (body,) in connection.execute("SELECT body FROM message ORDER BY at, id")]

    def state(self) -> Any:
        """Return the inbox as `inbox list --json` prints it."""
        return self.program.json("inbox", "list")["inboxes"][0]

    def is_caught_up(self) -> bool:
        """Return whether there was a gap, and none is open."""
        with closing(sqlite3.connect(self.program.database)) as connection:
            closed, gaps = connection.execute("SELECT count(closed_at), count(*) FROM gap").fetchone()
        return 0 < int(closed) == int(gaps)


@pytest.fixture
def desk(program: Program, sandbox: Server) -> Desk:
    """Return a desk at which no process receives yet."""
    return Desk(program, sandbox)


def test_what_came_while_serve_was_killed_is_there_after_its_next_start(desk: Desk) -> None:
    with desk.serving() as server:
        assert desk.writes("first") == 200
        server.process.kill()
        server.process.wait(TIME_LIMIT)
        # Twilio's list has whole seconds: within one, listed messages can't be ordered with those of webhooks.
        came = int(time.time())
        wait("the next second", lambda: int(time.time()) > came)
        assert [desk.writes(f"missed {number}") for number in range(3)] == [None] * 3
        assert desk.stored() == ["first"]
    with desk.serving():
        wait("the missed messages", lambda: len(desk.stored()) == 4 and desk.is_caught_up())
        assert desk.writes("last") == 200
        assert desk.stored() == ["first", "missed 0", "missed 1", "missed 2", "last"]
        state = desk.state()
        assert (state["state"], state["gaps"]) == ("live", [])


def test_what_came_while_serve_was_stopped_in_order_is_there_after_its_next_start(desk: Desk) -> None:
    with desk.serving() as server:
        wait("the first gap to close", desk.is_caught_up)
        server.process.terminate()
        assert server.process.wait(TIME_LIMIT) == 0
        assert desk.writes("missed") is None
    with desk.serving():
        wait("the missed message", lambda: desk.stored() == ["missed"])


def test_what_came_while_serve_stood_still_comes_in_when_it_goes_on(desk: Desk) -> None:
    with desk.serving() as server:
        wait("the first gap to close", desk.is_caught_up)
        server.process.send_signal(signal.SIGSTOP)
        # The webhook gets lost, as when Twilio gives up because no process answers within 15 seconds.
        desk.enters(None)
        assert desk.writes("missed") is None
        stopped = time.monotonic()
        wait("its signs to stay out", lambda: time.monotonic() - stopped > 14)
        server.process.send_signal(signal.SIGCONT)
        wait("the missed message", lambda: desk.stored() == ["missed"])
        with closing(sqlite3.connect(desk.program.database)) as connection:
            wait("the gap to close", desk.is_caught_up)
            reasons = connection.execute("SELECT reason, taken FROM gap ORDER BY id").fetchall()
    assert reasons[-1] == ("stalled", 1)


def test_what_was_answered_with_503_comes_in_once_the_store_can_be_written(desk: Desk) -> None:
    with desk.serving():
        wait("the first gap to close", desk.is_caught_up)
        with closing(sqlite3.connect(desk.program.database, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            assert desk.writes("held up") == 503
            connection.execute("ROLLBACK")
        wait("the refused message", lambda: desk.stored() == ["held up"] and desk.is_caught_up())


def test_an_inbox_that_can_not_catch_up_says_so_everywhere_until_it_has(desk: Desk) -> None:
    with desk.serving() as server:
        wait("the first gap to close", desk.is_caught_up)
        server.process.kill()
        server.process.wait(TIME_LIMIT)
        desk.writes("missed")
    desk.sandbox.control("faults", {"when": "list", "kind": "http_500", "count": None})
    with desk.serving():
        wait("the gap", lambda: not desk.is_caught_up())
        wait("the failure", lambda: desk.state()["state"] == "missing" and desk.state()["gaps"][0]["code"] != "")
        (gap,) = desk.state()["gaps"]
        assert (gap["reason"], gap["lost"], gap["why"]) == ("stopped", False, "no receiver was running")
        told = desk.program.ok("inbox", "list")
        assert "may miss messages" in told
        assert "Shop may be missing messages since " in told
        assert "can't catch up yet (no receiver was running)" in told
        failed = desk.program.run("inbox", "catch-up", "Shop")
        assert failed.returncode == 1
        assert "Shop can't catch up now: new messages can't be fetched from Twilio" in failed.stdout
        httpx.delete(f"{desk.sandbox.url}/control/faults", trust_env=False)
        assert "caught up" in desk.program.ok("inbox", "catch-up")
        assert desk.stored() == ["missed"]
        wait("live again", lambda: desk.state()["state"] == "live")


def test_a_command_catches_up_without_a_receiver(desk: Desk) -> None:
    desk.enters(None)
    desk.writes("one")
    desk.writes("two")
    told = desk.program.json("inbox", "catch-up", "Shop", "--since", "1h")
    assert [(each["inbox"], each["taken"], each["closed"]) for each in told["caught_up"]] == [("Shop", 2, True)]
    assert desk.stored() == ["one", "two"]
    refused = desk.program.run("inbox", "catch-up", "Shop", "--since", "tomorrow")
    assert refused.returncode == 2
    assert "is not a time: write 2026-11-27" in refused.stderr
    assert "there are no lost messages" in desk.program.ok("inbox", "catch-up", "--acknowledge")


def test_a_command_says_that_the_store_was_upgraded(program: Program) -> None:
    frozen.build("0001", program.database)
    done = program.run("inbox", "catch-up", "--acknowledge")
    assert (done.returncode, done.stdout) == (0, "there are no lost messages to acknowledge\n")
    assert f"the store {program.database} was upgraded for this program" in done.stderr


def test_a_catch_up_that_is_killed_goes_on_in_the_next_process(desk: Desk) -> None:
    desk.enters(None)
    desk.sandbox.control("settings", {"page_size": {"messages": 20}})
    for number in range(150):
        desk.writes(f"text {number:03d}")
    desk.sandbox.control("faults", {"when": "list", "kind": "delay", "seconds": 0.3, "count": None})
    with desk.serving() as server:
        desk.enters(None)

        def begun() -> bool:
            with closing(sqlite3.connect(desk.program.database)) as connection:
                return bool(connection.execute("SELECT count(*) FROM missed_message").fetchone()[0])

        wait("the first page", begun)
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait(TIME_LIMIT)
    httpx.delete(f"{desk.sandbox.url}/control/faults", trust_env=False)
    with desk.serving():
        wait("all messages", lambda: len(desk.stored()) == 150 and desk.is_caught_up())
    assert desk.stored() == [f"text {number:03d}" for number in range(150)]

"""A worker that fails inside a running `serve`: told, logged, tried again, while all else goes on and is closed."""

import sqlite3
import time
from contextlib import closing

import httpx

from contacts_tui.cli.exit import Exit
from tests.e2e.cli.program import TIME_LIMIT, Program, Server
from tests.e2e.cli.test_cli_wire import SMS, Providers
from tests.patience import LIMIT

NO_TIME = "tomorrow"
"""A time as no version writes it: reading it fails in an unforeseen way."""


def test_an_outbox_that_fails_is_told_and_goes_on_and_all_is_closed(shop: Program, sandbox: Server) -> None:
    away = shop.run("inbox", "set", "Shop", "base-url=http://127.0.0.1:1")
    assert away.returncode == Exit.DONE, away.stderr
    shop.run("send", "Ann Archer", "--channel", "sms", "--text", "waits")
    shop.ok("inbox", "set", "Shop", f"base-url={sandbox.url}")
    _execute(shop, "UPDATE outbox SET not_before = ?", NO_TIME)
    with shop.start("serve", "--port", "0", "--public-url", "local") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        url = process.stdout.readline().split()[-1]
        told = process.stderr.readline()
        assert told == (
            "contacts-tui: The outbox failed and tries again: TypeError. The log has the details.\n"
        )  # This is printed once; the rest of standard error is read at the end.
        Providers(shop, url).twilio(SMS, From="+14155551060", Body="still received")
        _execute(shop, "UPDATE outbox SET not_before = 0")
        assert _left(sandbox) == ["waits"]
        process.terminate()
        assert process.wait(TIME_LIMIT) == Exit.DONE
        assert process.stderr.read() == ""
    log = (shop.folder / "data" / "serve.log").read_text()
    assert "ERROR contacts_tui.services.workers.outbox: the outbox hit an error" in log
    assert not shop.database.with_name("store.db-wal").exists(), "the store was not closed"


def _execute(program: Program, statement: str, *values: int | str) -> None:
    with closing(sqlite3.connect(program.database)) as connection, connection:
        assert connection.execute(statement, values).rowcount == 1


def _left(sandbox: Server) -> list[str]:
    """Return the texts that the provider has, once there is one; empty when none came in time."""
    until = time.monotonic() + LIMIT
    found: list[dict[str, str]] = []
    while not found and time.monotonic() < until:
        found = httpx.get(f"{sandbox.url}/control/messages", trust_env=False).json()["messages"]
    return [message["body"] for message in found]

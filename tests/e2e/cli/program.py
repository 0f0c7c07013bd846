"""The program as a user runs it: in processes of its own, with the store and configuration folder of a test."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from tests.children import default_signals
from tests.e2e.cli.command_server import CommandServer
from tests.patience import LIMIT

ROOT = Path(__file__).parents[3]
ACCOUNT = "AC" + "a" * 32
TOKEN = "token-of-the-tests"
SHOP = "+12025550101"
RETURNS = "+12025550102"
READY = "HX" + "1" * 32
TIME_LIMIT = LIMIT
"""Seconds that a command may take."""

PEOPLE = """name,phone,phone2,email,company
Ann Archer,+1 202 555 0142,,ann@example.com,Archer Ltd
Ben Baker,+44 7700 900115,+44 7700 900116,ben@example.com,
"""


class Program:
    """The command line, with everything it keeps under one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "store.db"
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CONTACTS_TUI")},
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "CONTACTS_TUI_DATABASE_URL": str(self.database),
            "CONTACTS_TUI_DATA_FOLDER": str(folder / "data"),
            "SHOP_TOKEN": TOKEN,
            "TZ": "UTC",
            "COLUMNS": "100",
        }

    def command(self, *arguments: str) -> list[str]:
        """Return the words that start the program."""
        return [sys.executable, "-m", "contacts_tui", *arguments]

    def run(
        self, *arguments: str, stdin: str | bytes = "", env: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end; assert that it printed no traceback."""
        given = stdin if isinstance(stdin, bytes) else stdin.encode()
        done = self._ended(arguments, given, {**self.env, **(env or {})})
        out, err = done.stdout.decode(), done.stderr.decode()
        assert "Traceback" not in err, err
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    def _ended(
        self, arguments: Sequence[str], stdin: bytes, env: Mapping[str, str]
    ) -> "subprocess.CompletedProcess[bytes]":
        return commands().run(arguments, stdin, env, ROOT, TIME_LIMIT)

    def ok(self, *arguments: str, stdin: str | bytes = "") -> str:
        """Run a command that has to end with 0 and no word on standard error, and return its output."""
        done = self.run(*arguments, stdin=stdin)
        assert done.returncode == 0, done.stderr + done.stdout
        assert done.stderr == ""
        return done.stdout

    def json(self, *arguments: str, stdin: str | bytes = "") -> Any:
        """Run a command with --json that has to work, and return the parsed document."""
        out = self.ok(*arguments, "--json", stdin=stdin)
        assert out.isascii()
        return json.loads(out)

    @contextmanager
    def serving(self, *arguments: str) -> "Iterator[Server]":
        """Run a server for the time of the block; it has to end with 0."""
        with self.start(*arguments, "--port", "0") as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert " listening on http://127.0.0.1:" in line, line
            try:
                yield Server(process, line.split()[-1])
            finally:
                process.terminate()
                code = process.wait(TIME_LIMIT)
        assert code == 0

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a command without waiting for its end; the caller ends it."""
        return subprocess.Popen(
            self.command(*arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.env,
            cwd=ROOT,
            preexec_fn=default_signals,
        )

    def add_inbox(self, name: str, channel: str, address: str, sandbox: str) -> Any:
        """Connect a sender of the sandbox's account, and return what `inbox add --json` prints."""
        options = ("--channel", channel, "--address", address, "--account", ACCOUNT, "--secret", "env:SHOP_TOKEN")
        return self.json("inbox", "add", name, *options, "--base-url", sandbox)


class StartedProgram(Program):
    """A program whose commands are started one by one, so that they inherit umask and limits from the test."""

    def _ended(
        self, arguments: Sequence[str], stdin: bytes, env: Mapping[str, str]
    ) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            self.command(*arguments),
            input=stdin,
            capture_output=True,
            timeout=TIME_LIMIT,
            env=env,
            cwd=ROOT,
            preexec_fn=default_signals,
        )


@dataclass(frozen=True)
class Server:
    """A running `serve` or `sandbox`."""

    process: "subprocess.Popen[str]"
    url: str

    def control(self, path: str, document: object) -> Any:
        """Post a document to a sandbox's control API, which has to accept it, and return the answer."""
        answer = httpx.post(f"{self.url}/control/{path}", json=document, trust_env=False)
        assert answer.status_code == 200, answer.text
        return answer.json()


@cache
def commands() -> CommandServer:
    """Return the server that runs the commands of this process's tests; it ends with the process."""
    return CommandServer(ROOT)


def seed() -> dict[str, object]:
    """Return the seed of the tests' sandbox."""
    return {
        "accounts": [{"sid": ACCOUNT, "auth_token": TOKEN}],
        "senders": [
            {"account_sid": ACCOUNT, "address": SHOP},
            {"account_sid": ACCOUNT, "address": RETURNS},
            {"account_sid": ACCOUNT, "address": f"whatsapp:{SHOP}"},
        ],
        "templates": [
            {
                "account_sid": ACCOUNT,
                "sid": READY,
                "friendly_name": "order_ready",
                "language": "en",
                "types": {"twilio/text": {"body": "Hi {{name}}, order {{order}} is ready."}},
                "variables": {"name": "Jane", "order": "1"},
                "approval": {"status": "approved"},
            }
        ],
        "settings": {"delays": {"sent": 0.05, "delivered": 0.05, "read": 0.05}},
    }

"""A store that is replaced, moved or locked while whole programs use it."""

import os
import resource
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from contacts_sandbox.twilio.signature import HEADER, sign
from contacts_tui.channels.base import WebhookKind
from tests.e2e.cli.program import ACCOUNT, SHOP, TOKEN, Program, Server

READING = (
    ("people", "list"),
    ("people", "show", "Ann Archer"),
    ("people", "duplicates"),
    ("people", "merges"),
    ("channels", "Ann Archer"),
    ("thread", "Ann Archer"),
    ("inbox", "list"),
    ("templates", "list"),
    ("store", "info"),
    ("store", "check"),
)


def post(url: str, number: int) -> int:
    """Post an inbound message, and return the status of the answer."""
    address = f"{url}/webhooks/1/{WebhookKind.INBOUND.value}"
    form = {
        "AccountSid": ACCOUNT,
        "MessageSid": f"SM{number:032d}",
        "From": "+12025550142",
        "To": SHOP,
        "Body": f"message {number}",
        "NumMedia": "0",
    }
    headers = {HEADER: sign(TOKEN, address, form)}
    return httpx.post(address, data=form, headers=headers, trust_env=False, timeout=30).status_code


def stored(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {body for (body,) in connection.execute("SELECT body FROM message WHERE direction = 'in'")}


def by_renaming(path: Path, copy: Path) -> None:
    copy.replace(path)


def by_copying(path: Path, copy: Path) -> None:
    shutil.copyfile(copy, path)


def by_deleting(path: Path, copy: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("replaced", [by_renaming, by_copying, by_deleting])
def test_a_receiver_whose_store_was_replaced_answers_503_and_ends(
    shop: Program, sandbox: Server, tmp_path: Path, replaced: Callable[[Path, Path], None]
) -> None:
    process = shop.start("serve", "--port", "0", "--public-url", "local")
    assert process.stdout is not None
    url = process.stdout.readline().split()[-1]
    try:
        assert [post(url, number) for number in range(20)] == [200] * 20
        copy = tmp_path / "copy.db"
        with closing(sqlite3.connect(shop.database)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        assert [post(url, number) for number in range(20, 25)] == [200] * 5
        replaced(shop.database, copy)
        answers = []
        for number in range(25, 60):
            try:
                answers.append(post(url, number))
            except httpx.TransportError:
                break
        assert set(answers) <= {503}
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 1
    assert str(shop.database) in err
    assert "nothing was stored" in err
    if shop.database.exists():
        # This store lacks what was written to the store that was moved away, and nothing else.
        assert {f"message {number}" for number in range(20)} <= stored(shop.database)
        assert not {f"message {number}" for number in range(25, 60)} & stored(shop.database)
        with shop.serving("serve", "--public-url", "local") as again:
            assert post(again.url, 100) == 200
        assert "message 100" in stored(shop.database)


def test_every_reading_command_works_while_the_store_is_locked(shop: Program) -> None:
    with closing(sqlite3.connect(shop.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for arguments in READING:
            shop.ok(*arguments)
        other.execute("ROLLBACK")


def test_every_reading_command_works_where_nothing_can_be_written(shop: Program) -> None:
    folder = shop.folder
    read_only = f"mount --bind {folder} {folder} && mount -o remount,ro,bind {folder}"
    # A user who isn't root becomes root in a user namespace.
    apart = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    for arguments in (*READING, ("people", "import", "-")):
        done = subprocess.run(
            [*apart, "sh", "-c", f"{read_only} && exec {shlex.join(shop.command(*arguments))}"],
            capture_output=True,
            text=True,
            env=shop.env,
            timeout=60,
            input="name,phone\nNew Person,+12025550177\n",
        )
        if arguments[-1] == "-":
            assert done.returncode == 1
            assert "can't be written: it lies on a file system that is mounted read-only" in done.stderr
        else:
            assert (done.returncode, done.stderr) == (0, ""), (arguments, done.stderr)


def test_a_full_disk_refuses_and_goes_on_by_itself_when_there_is_room(shop: Program, sandbox: Server) -> None:
    with shop.serving("serve", "--public-url", "local") as server:
        pid = server.process.pid
        _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        answers: dict[int, int] = {}
        number = 0
        for _ in range(3):
            for _ in range(10):
                answers[number] = post(server.url, number)
                number += 1
            # No file may grow beyond this: writes fail as on a full disk.
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (32 * 1024, most))
            refused = {number + more: post(server.url, number + more) for more in range(5)}
            assert set(refused.values()) == {503}
            answers |= refused
            number += 5
            assert shop.json("people", "list")
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))
        answers[number] = post(server.url, number)
    assert [answer for answer in answers.values() if answer == 200] == [200] * 31
    acknowledged = {f"message {number}" for number, answer in answers.items() if answer == 200}
    assert acknowledged == stored(shop.database)
    assert "full" in (shop.folder / "data" / "serve.log").read_text()

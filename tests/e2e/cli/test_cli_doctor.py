"""`contacts-tui doctor` on installations that are well, and on those that are not; and the metrics of `serve`."""

import json
import os
import resource
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from contacts_tui.cli.exit import Exit
from tests.e2e.cli.program import SHOP, Program, Server, StartedProgram
from tests.e2e.cli.test_cli_catch_up import wait


def examined(program: Program, code: Exit) -> dict[str, Any]:
    """Return the findings of `doctor`, by subject; assert that it ends with `code`, each failure with a remedy."""
    done = program.run("doctor", "--json")
    assert done.returncode == code, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["ok"] == (code == Exit.DONE)
    assert all(each["remedy"] for each in told["findings"] if each["verdict"] != "ok")
    return {each["about"]: each for each in told["findings"]}


def verdicts(program: Program, code: Exit) -> dict[str, str]:
    """Return the verdicts of `examined`, by subject."""
    return {about: each["verdict"] for about, each in examined(program, code).items()}


def test_a_store_with_a_running_receiver_is_well(program: Program, sandbox: Server) -> None:
    program.add_inbox("Shop", "sms", SHOP, sandbox.url)
    with program.serving("serve", "--public-url", "local"):
        wait("the inbox to have caught up", lambda: program.run("doctor").returncode == Exit.DONE)
        found = verdicts(program, Exit.DONE)
        assert found["inbox Shop"] == found["serve"] == found["writing"] == found["integrity"] == "ok"
        assert found["public URL"] == "attention"
        told = program.ok("doctor")
        assert "ok         inbox Shop: live; last received never" in told
        assert told.endswith("All checks passed.\n")


def test_without_serve_it_says_what_to_start(program: Program, sandbox: Server) -> None:
    program.add_inbox("Shop", "sms", SHOP, sandbox.url)
    found = examined(program, Exit.FAILED)
    assert found["serve"]["verdict"] == "failed"
    assert "start contacts-tui serve" in found["serve"]["remedy"]
    assert found["public URL"]["verdict"] == "failed"
    told = program.run("doctor")
    assert told.returncode == Exit.FAILED
    assert "FAILED     serve: it never ran" in told.stdout
    assert "checks failed." in told.stdout


def test_no_store_yet_and_no_store_at_all(program: Program) -> None:
    assert verdicts(program, Exit.FAILED)["store"] == "failed"
    program.database.write_text("something else " * 500)
    found = examined(program, Exit.FAILED)
    assert (found["integrity"]["verdict"], found["store"]["verdict"]) == ("failed", "failed")
    assert "not a contacts-tui store" in found["store"]["said"]


def test_a_locked_store_is_told_and_the_rest_is_looked_at(program: Program, sandbox: Server) -> None:
    program.add_inbox("Shop", "sms", SHOP, sandbox.url)
    with closing(sqlite3.connect(program.database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        found = examined(program, Exit.FAILED)
    assert found["writing"]["verdict"] == "failed"
    assert "busy" in found["writing"]["said"]
    assert found["integrity"]["verdict"] == found["secret of Shop"]["verdict"] == "ok"


def test_a_full_disk_is_told(tmp_path: Path, sandbox: Server) -> None:
    program = StartedProgram(tmp_path)
    program.add_inbox("Shop", "sms", SHOP, sandbox.url)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        found = examined(program, Exit.FAILED)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "failed" in {found["store"]["verdict"], found.get("writing", {}).get("verdict", "")}


def test_secrets_that_are_missing_or_open_to_others_are_named(program: Program, sandbox: Server) -> None:
    secret = program.folder / "token"
    secret.write_text("token-of-the-tests")
    secret.chmod(0o644)
    program.add_inbox("Shop", "sms", SHOP, sandbox.url)
    program.ok("inbox", "set", "Shop", f"secret=file:{secret}")
    found = examined(program, Exit.FAILED)["secret of Shop"]
    assert found["verdict"] == "attention"
    assert str(secret) in found["said"] and "chmod 600" in found["remedy"]
    secret.chmod(0o600)
    assert examined(program, Exit.FAILED)["secret of Shop"]["verdict"] == "ok"
    secret.unlink()
    assert examined(program, Exit.FAILED)["secret of Shop"]["verdict"] == "attention"
    assert "token-of-the-tests" not in program.run("doctor").stdout


def test_a_store_that_others_can_open_is_named(program: Program) -> None:
    program.ok("people", "list")
    os.chmod(program.database, 0o640)
    assert examined(program, Exit.DONE)["privacy"]["verdict"] == "attention"


def test_metrics_have_a_port_of_their_own_on_this_machine(program: Program) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with program.serving("serve", "--metrics-port", str(port)) as server:
        assert server.process.stdout is not None
        assert server.process.stdout.readline() == f"metrics at http://127.0.0.1:{port}/metrics\n"
        answer = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)
        assert "contacts_tui_queue_messages 0.0" in answer.text.splitlines()
        assert httpx.get(f"{server.url}/metrics", trust_env=False).status_code == 404


@pytest.mark.parametrize("address", ["0.0.0.0:9100", "192.0.2.1:9100", "example.com:9100", "[::]:9100", "x"])
def test_metrics_are_for_this_machine_alone(program: Program, address: str) -> None:
    done = program.run("serve", "--metrics-port", address)
    assert done.returncode == Exit.WRONG
    assert "metrics are for this machine only" in done.stderr or "is not a port" in done.stderr

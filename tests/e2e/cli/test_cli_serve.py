"""`serve` and `sandbox` as processes: how they begin, and every way in which they end."""

import signal
import socket
import subprocess

import httpx
import pytest

from contacts_tui.cli.exit import Exit
from tests.e2e.cli.program import ROOT, SHOP, TIME_LIMIT, Program, Server


@pytest.mark.parametrize("command", ["serve", "sandbox"])
def test_a_server_ends_with_the_process_that_holds_its_stdin(program: Program, command: str) -> None:
    with program.start(command, "--port", "0", "--exit-with-stdin") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert "listening on http://127.0.0.1:" in process.stdout.readline()
        process.stdin.close()
        assert process.wait(TIME_LIMIT) == Exit.DONE


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_a_server_in_order(program: Program, number: signal.Signals) -> None:
    with program.start("serve", "--port", "0") as process:
        assert process.stdout is not None
        assert "listening on http://127.0.0.1:" in process.stdout.readline()
        process.send_signal(number)
        assert process.wait(TIME_LIMIT) == Exit.DONE
    assert not program.database.with_name("store.db-wal").exists()


def test_a_hang_up_that_is_ignored_stays_ignored(program: Program) -> None:
    command = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *program.command("serve", "--port", "0")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=program.env, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        process.send_signal(signal.SIGHUP)
        assert httpx.get(f"{url}/health", trust_env=False).status_code == 200
        process.terminate()
        assert process.wait(TIME_LIMIT) == Exit.DONE


@pytest.mark.parametrize("command", ["serve", "sandbox"])
def test_a_port_that_is_taken_is_told(program: Program, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = program.run(command, "--port", str(taken.getsockname()[1]))
    assert done.returncode == Exit.FAILED
    assert str(taken) not in done.stderr
    assert done.stderr.count("\n") <= 2
    assert "contacts-tui: " in done.stderr


def test_the_public_url_stays_in_the_store(program: Program, sandbox: Server) -> None:
    with program.serving("serve", "--public-url", "https://support.example.com/") as server:
        assert httpx.get(f"{server.url}/health", trust_env=False).json()["ok"] is True
    program.add_inbox("Shop", "sms", SHOP, sandbox.url)
    listed = program.json("inbox", "list")
    assert listed["public_url"] == "https://support.example.com"
    assert listed["inboxes"][0]["status_url"] == "https://support.example.com/webhooks/1/status"
    with program.serving("serve", "--public-url", "local") as server:
        assert program.json("inbox", "list")["public_url"] == server.url
    refused = program.run("serve", "--public-url", "https://under_score.example.com")
    assert refused.returncode == Exit.WRONG
    assert "underscore" in refused.stderr


def test_a_seed_that_can_not_be_used_ends_the_sandbox(program: Program) -> None:
    file = program.folder / "seed.json"
    file.write_text('{"accounts": [{"sid": "AC1", "auth_token": "x"}]}')
    done = program.run("sandbox", "--port", "0", "--seed", str(file))
    assert done.returncode == Exit.WRONG
    assert "32 hexadecimal digits" in done.stderr
    assert program.run("sandbox", "--port", "0", "--seed", str(file) + "x").returncode == Exit.FAILED


def test_the_log_is_private_and_lies_in_the_data_folder(program: Program) -> None:
    with program.serving("serve"):
        log = program.folder / "data" / "serve.log"
        assert log.stat().st_mode & 0o777 == 0o600
        assert log.parent.stat().st_mode & 0o777 == 0o700


def test_the_store_is_closed_when_a_server_ends(program: Program) -> None:
    with program.serving("serve"):
        pass
    # SQLite removes its log when the last connection is closed in order.
    assert not program.database.with_name("store.db-wal").exists()

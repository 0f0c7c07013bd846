"""`demo` without a terminal, and what is left of it in every way it can end."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from contacts_tui.cli.exit import Exit
from tests.e2e.cli.program import TIME_LIMIT, Program


def test_the_demo_plays_the_main_job_by_itself(program: Program) -> None:
    story = program.ok("demo", "--folder", str(program.folder / "stage"))
    steps = (
        "66 people",
        "1 added",
        "SMS        open",
        "queued",
        "sent",
        "delivered",
        "Yes please, I come by on Friday.",
        "Hi Imani, your order 4711 is ready.",
        "which opens the window",
        "23 h 5",
        "Leila Ben Amor has written on Telegram",
        "Do you still have the green one?",
        "Great, I am on my way. Ten minutes!",
        "Camille Lefèvre has written on Messenger",
        "For Saturday, if possible.",
        "read",
        "Parfait, I take it. Merci !",
        "Farid Haddad never wrote on Telegram or Messenger",
        "https://t.me/okaygoods_bot",
    )
    place = 0
    for step in steps:
        place = story.index(step, place)
    assert "failed" not in story
    assert _left(program.folder) == []


def test_the_folder_is_kept_and_begun_afresh(program: Program) -> None:
    stage = program.folder / "stage"
    _start_and_end(program, stage)
    assert stage.stat().st_mode & 0o077 == 0
    first = (stage / "token").read_text()
    (stage / "left over").mkdir()
    (stage / "left over" / "file").touch()
    _start_and_end(program, stage)
    assert (stage / "token").read_text() != first
    assert not (stage / "left over").exists()


def test_a_folder_of_somebody_elses_is_left_alone(program: Program) -> None:
    (program.folder / "mine").mkdir()
    (program.folder / "mine" / "letter.txt").write_text("dear")
    refused = program.run("demo", "--folder", str(program.folder / "mine"))
    assert refused.returncode == Exit.WRONG
    assert "neither empty nor a demo's folder" in refused.stderr
    assert (program.folder / "mine" / "letter.txt").read_text() == "dear"


def test_a_folder_in_use_is_left_alone(program: Program) -> None:
    stage = program.folder / "stage"
    with program.start("demo", "--folder", str(stage)) as demo:
        _until((stage / "token").exists)
        again = program.run("demo", "--folder", str(stage))
        demo.terminate()
    assert again.returncode == Exit.WRONG
    assert "a demo is running in" in again.stderr


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_no_process_is_left_behind(program: Program, how: signal.Signals) -> None:
    program.env["TMPDIR"] = str(program.folder)
    with program.start("demo") as demo:
        assert demo.stdout is not None
        _until(lambda: len(_left(program.folder)) == 2)
        demo.send_signal(how)
        code = demo.wait(TIME_LIMIT)
    _until(lambda: _left(program.folder) == [])
    if how is signal.SIGKILL:
        assert code == -signal.SIGKILL
    else:
        assert code == (Exit.INTERRUPTED if how is signal.SIGINT else Exit.TERMINATED)
        assert list(program.folder.glob("contacts-tui-demo-*")) == []


def _left(folder: Path) -> list[str]:
    """Return the process ids of the servers that still run with this folder in their environment."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            environment = (process / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in environment and (b"serve" in command or b"sandbox" in command):
            found.append(process.name)
    return found


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIME_LIMIT
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _start_and_end(program: Program, stage: Path) -> None:
    with program.start("demo", "--folder", str(stage)) as demo:
        _until(lambda: len(_left(program.folder)) == 2)
        demo.terminate()
        assert demo.wait(TIME_LIMIT) == Exit.TERMINATED

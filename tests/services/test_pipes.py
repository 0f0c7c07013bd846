"""A command of the agent's own: what it reads and writes, how it fails, and that nothing of it is left behind."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from contacts_tui.services import pipes
from contacts_tui.services.errors import BadInput
from tests.patience import LIMIT

SHELL = {**os.environ, "SHELL": "/bin/sh"}


async def failure(command: str, **limits: float) -> str:
    with pytest.raises(BadInput) as raised:
        await pipes.run(command, "Hello\n", SHELL, **limits)
    return raised.value.sentence


async def until_gone(group: int) -> None:
    """Wait until no process of a group runs."""
    deadline = time.monotonic() + LIMIT
    while True:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        assert time.monotonic() < deadline, "the command goes on"
        await asyncio.sleep(0)


def number_in(file: Path) -> int:
    """Return the number that a command wrote into this file; 0 until then."""
    text = file.read_text() if file.exists() else ""
    return int(text) if text.endswith("\n") else 0


async def written_in(file: Path) -> int:
    """Wait until a command has written a number into a file, and return it."""
    deadline = time.monotonic() + LIMIT
    while not (number := number_in(file)):
        assert time.monotonic() < deadline, "the command never began"
        await asyncio.sleep(0)
    return number


async def test_it_reads_the_text_and_its_output_comes_back_without_the_line_end() -> None:
    assert await pipes.run("cat", "Grüße 🙂\nsecond\n", SHELL) == "Grüße 🙂\nsecond"
    assert await pipes.run("tr a-z A-Z | head -n 1", "one\ntwo\n", SHELL) == "ONE"


async def test_the_text_is_in_no_argument_and_no_variable() -> None:
    told = await pipes.run("""printf '%s\\n' "$0" "$@"; env; ps -o args= -p $$""", "THE-SECRET-TEXT", SHELL)
    assert "THE-SECRET-TEXT" not in told


async def test_a_command_needs_not_read_what_it_is_given() -> None:
    assert await pipes.run("echo done", "x" * 1_000_000, SHELL) == "done"
    assert await pipes.run("head -c 3", "x" * 1_000_000, SHELL) == "xxx"


async def test_it_has_no_terminal() -> None:
    assert await pipes.run("(: </dev/tty) 2>/dev/null && echo has || echo none", "", SHELL) == "none"


@pytest.mark.parametrize(
    ("command", "begin"),
    [
        ("false", "the command ended with status 1"),
        ("echo; echo '  not  logged in' >&2; echo more >&2; exit 3", "the command ended with status 3: not logged in"),
        ("printf '\\033[31mred\\033[0m' >&2; exit 1", "the command ended with status 1: \ufffd[31mred"),
        ("kill -TERM $$", "the command ended with SIGTERM"),
        ("no-such-program-here", "the shell doesn't find the command: "),
        ("/", "the shell can't run the command: "),
        ("true", "the command wrote nothing"),
        ("echo ' '; echo 'no key set' >&2", "the command wrote nothing: no key set"),
    ],
)
async def test_a_failure_is_one_sentence_with_the_first_line_of_what_was_complained(command: str, begin: str) -> None:
    told = await failure(command)
    assert told.startswith(begin)
    assert "\n" not in told
    assert "more" not in told


async def test_a_shell_that_is_not_there_is_named() -> None:
    with pytest.raises(BadInput, match=r"^the shell “/nowhere/sh” can't be started \(No such file or directory\): set"):
        await pipes.run("cat", "", {"SHELL": "/nowhere/sh"})
    with pytest.raises(BadInput, match="can't be started"):
        await pipes.run("a\0b", "", SHELL)


async def test_what_writes_without_end_is_stopped_and_what_complains_without_end_is_not_held_up(tmp_path: Path) -> None:
    group = tmp_path / "group"
    assert await failure(f"echo $$ > '{group}'; yes") == "the command was stopped, for it wrote more than 64 kB"
    await until_gone(number_in(group))
    assert await pipes.run("yes | head -c 1000000 >&2; echo done", "", SHELL) == "done"
    assert len(await pipes.run("yes | head -c 65536", "", SHELL)) == pipes.MOST - 1


async def test_what_takes_too_long_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    group = tmp_path / "group"
    told = await failure(f"echo $$ > '{group}'; echo asking >&2; sleep 1000 & sleep 1000; true", seconds=1)
    assert told == "the command was stopped, for it ran longer than 1 second: asking"
    await until_gone(number_in(group))


async def test_whoever_no_longer_waits_for_it_stops_it(tmp_path: Path) -> None:
    group = tmp_path / "group"
    running = asyncio.create_task(pipes.run(f"echo $$ > '{group}'; sleep 1000 & sleep 1000; true", "", SHELL))
    number = await written_in(group)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await until_gone(number)


async def test_whoever_goes_while_it_is_being_started_stops_it(tmp_path: Path) -> None:
    group = tmp_path / "group"
    running = asyncio.create_task(pipes.run(f"echo $$ > '{group}'; sleep 1000 & sleep 1000; true", "", SHELL))
    for _ in range(3):
        await asyncio.sleep(0)
    # The shell runs, and its pipes aren't connected yet: this waits without a turn of the event loop.
    deadline = time.monotonic() + LIMIT
    while not (number := number_in(group)):
        assert time.monotonic() < deadline, "the command never began"
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(running, LIMIT)
    await until_gone(number)

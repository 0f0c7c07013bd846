"""The agent's own command that reads a text: run by their shell, apart from this program, and never for long."""

import asyncio
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import suppress

from contacts_tui.domain.cells import shorten
from contacts_tui.domain.text import counted, one_line
from contacts_tui.services.errors import BadInput

SECONDS = 60.0
"""Seconds for which a command may run."""

MOST = 64 * 1024
"""Bytes that a command may write."""

_COMPLAINT = 4096
"""Bytes at the beginning of its standard error that are kept."""
_TOLD = 120
"""Cells of its first line that are shown."""
_CHUNK = 8192
_WHY = {126: "the shell can't run the command", 127: "the shell doesn't find the command"}
"""The meaning of a shell's own exit statuses (POSIX, Shell Command Language, 2.8.2)."""


async def run(command: str, text: str, environ: Mapping[str, str] = os.environ, seconds: float = SECONDS) -> str:
    """Run a command with the text on its standard input, and return what it writes, raw. No argument has the text.

    It runs by `$SHELL`, else `/bin/sh`, as a process group without a terminal, which is killed when it takes too long,
    writes too much, or the caller is cancelled. Raise BadInput in the first two cases, and for a command that fails or
    writes nothing, with the first line of its standard error.
    """
    shell = environ.get("SHELL") or "/bin/sh"
    start = asyncio.create_subprocess_exec(
        shell, "-c", command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environ, start_new_session=True
    )
    starting = asyncio.ensure_future(start)
    try:
        # If this were cancelled, asyncio would kill the shell alone, and could wait forever for its pipes.
        process = await asyncio.shield(starting)
    except asyncio.CancelledError:
        starting.add_done_callback(_kill_started)
        raise
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadInput(f"the shell “{shell}” can't be started ({why}): set SHELL") from error
    complaint = bytearray()
    ended = False
    try:
        async with asyncio.timeout(seconds):
            output, *_ = await asyncio.gather(_output(process), _keep(process, complaint), _give(process, text))
            status = await process.wait()
            ended = len(output) <= MOST
    except TimeoutError:
        clause = f"the command was stopped, for it ran longer than {counted(round(seconds), 'second')}"
        raise BadInput(_with(complaint, clause)) from None
    finally:
        if not ended:
            await _kill(process)
    if not ended:
        raise BadInput(f"the command was stopped, for it wrote more than {MOST // 1024} kB")
    if status:
        raise BadInput(_with(complaint, _WHY.get(status) or f"the command ended with {_status(status)}"))
    written = output.decode("utf-8", "replace").strip("\r\n")
    if not written.strip():
        raise BadInput(_with(complaint, "the command wrote nothing"))
    return written


async def _output(process: Process) -> bytes:
    """Return what the process writes. Kill its group when that is more than MOST bytes, and return a little more."""
    assert process.stdout is not None
    output = bytearray()
    while chunk := await process.stdout.read(_CHUNK):
        if len(output) <= MOST:
            output += chunk
        if len(output) > MOST:
            _signal(process)
    return bytes(output)


async def _keep(process: Process, complaint: bytearray) -> None:
    """Read what the process writes to standard error, so that it never blocks on it, and keep the beginning."""
    assert process.stderr is not None
    while chunk := await process.stderr.read(_CHUNK):
        complaint += chunk[: _COMPLAINT - len(complaint)]


async def _give(process: Process, text: str) -> None:
    """Write the text to the process's standard input. The process may read none of it, or only its beginning."""
    assert process.stdin is not None
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(text.encode("utf-8", "replace"))
        await process.stdin.drain()
    process.stdin.close()


def _signal(process: Process) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _kill_started(starting: "asyncio.Future[Process]") -> None:
    if not starting.cancelled() and starting.exception() is None:
        _signal(starting.result())


async def _kill(process: Process) -> None:
    """Kill the whole process group. A process that left the group isn't waited for."""
    _signal(process)
    await asyncio.wait({asyncio.ensure_future(process.wait())}, timeout=1)


def _status(status: int) -> str:
    try:
        return f"status {status}" if status > 0 else signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"


def _with(complaint: bytearray, clause: str) -> str:
    """Return the clause, followed by the first line of the standard error, if any."""
    lines = (one_line(line) for line in complaint.decode("utf-8", "replace").splitlines())
    first = next(filter(None, lines), "")
    return f"{clause}: {shorten(first, _TOLD)}" if first else clause

"""A process of a run: it can be killed and started again, given commands, and has to end when it is asked to."""

import asyncio
import contextlib
import json
import os
import resource
import secrets
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.children import default_signals

ROOT = Path(__file__).parents[2]
START_LIMIT = 60.0
"""Seconds in which a process has to be ready."""
END_LIMIT = 30.0
"""Seconds in which a process has to end when it is asked to."""


class Gone(Exception):
    """The process ended before it answered."""


class Program:
    """A process that can be killed and started again. Its standard output is read, its errors are kept in a file."""

    def __init__(self, name: str, command: Sequence[str], folder: Path) -> None:
        self.name = name
        self._command = command
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self._killed = False

    async def start(self) -> None:
        """Start the process, with a folder of its own for its logs."""
        self._folder.mkdir(exist_ok=True)
        with (self._folder / "stderr").open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                env=surroundings(self._folder),
                cwd=ROOT,
                start_new_session=True,
                preexec_fn=default_signals,
            )
        # Not before: until then `_process` is the process that was killed.
        self._killed = False

    async def line(self) -> str:
        """Return the next line of its output. Raise Gone when the process ended before a whole line."""
        process = self._process
        assert process is not None
        assert process.stdout is not None
        found = (await process.stdout.readline()).decode()
        if not found.endswith("\n"):
            raise Gone(self.name)
        return found

    def tell(self, line: str) -> None:
        """Write a line to its standard input."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")

    async def url(self) -> str:
        """Return the address at which it listens, as its ready line says."""
        async with asyncio.timeout(START_LIMIT):
            return (await self.line()).split()[-1]

    async def kill(self) -> None:
        """Kill it with SIGKILL. Raise AssertionError when it had ended by itself."""
        assert self._process is not None
        self.check()
        self._killed = True
        self._process.kill()
        await self._closed(self._process)

    def stop(self) -> None:
        """Send it SIGSTOP."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Send it SIGCONT; a process that was killed and started again meanwhile isn't disturbed by that."""
        self._signal(signal.SIGCONT)

    def limit_files(self, most: int | None) -> None:
        """Let none of its files grow beyond so many bytes, so that writing fails as on a full disk; None ends that.

        Needs no rights, and is undone while the process runs. A write beyond the limit ends with EFBIG instead of
        ENOSPC; SQLite reports both as a failed write.
        """
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            _, hard = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)
            limit = hard if most is None else most
            resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (limit, hard))

    async def expired(self) -> int:
        """Wait until it ends by itself, as it should, and return its exit status."""
        process = self._process
        assert process is not None
        async with asyncio.timeout(START_LIMIT):
            await self._hear_out()
            code = await process.wait()
        self._killed = True
        await self._closed(process)
        return code

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    def check(self) -> None:
        """Raise AssertionError when it ended by itself."""
        code = self._process.returncode if self._process else None
        if code is not None and not self._killed:
            raise AssertionError(f"{self.name} ended by itself with {code}: see {self._folder}")

    async def abandon(self) -> None:
        """End it at once, if it still runs, at the end of a run."""
        process = self._process
        if process is not None and process.returncode is None:
            process.kill()
            await self._closed(process)

    async def end(self) -> None:
        """Let it end in order, by the end of its standard input. Raise AssertionError when it doesn't, or fails."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            async with asyncio.timeout(END_LIMIT):
                await self._hear_out()
                code = await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise AssertionError(f"{self.name} did not end when it was asked to: see {self._folder}") from None
        if code:
            raise AssertionError(f"{self.name} ended with {code}: see {self._folder}")

    async def _closed(self, process: asyncio.subprocess.Process) -> None:
        """Wait until it is gone with its pipes: the garbage collector would close them too late, after the loop."""
        assert process.stdin is not None
        process.stdin.close()
        await self._hear_out()
        await process.wait()
        await asyncio.sleep(0)

    async def _hear_out(self) -> None:
        """Read its output to the end."""
        assert self._process is not None
        assert self._process.stdout is not None
        await self._process.stdout.read()


class Agent(Program):
    """An agent without a screen."""

    def __init__(self, name: str, command: Sequence[str], folder: Path) -> None:
        super().__init__(name, command, folder)
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._listening: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it, and read its answers."""
        await super().start()
        self._listening = asyncio.create_task(self._listen())

    async def ask(self, do: str, **command: Any) -> dict[str, Any]:
        """Return a command's answer. Raise Gone when the process died before: the command may have been done or not."""
        key = secrets.token_hex(8)
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[key] = answer
        try:
            if self._listening is None or self._listening.done():
                raise Gone(self.name)
            self.tell(json.dumps({"key": key, "do": do, **command}))
            return await answer
        finally:
            del self._waiting[key]

    async def _hear_out(self) -> None:
        if self._listening is not None:
            await self._listening

    async def _listen(self) -> None:
        try:
            while True:
                answer = json.loads(await self.line())
                if answer["key"] in self._waiting:
                    self._waiting[answer["key"]].set_result(answer)
        except (Gone, ConnectionError):
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(Gone(self.name))


def surroundings(folder: Path) -> Mapping[str, str]:
    """Return the environment of a program that keeps all its files in this folder."""
    kept = {name: os.environ[name] for name in ("PATH", "VIRTUAL_ENV", "PYTHONPATH") if name in os.environ}
    return kept | {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "CONTACTS_TUI_DATA_FOLDER": str(folder),
        "TZ": "UTC",
    }

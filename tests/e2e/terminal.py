"""A program in a pseudo-terminal: keys go in, a screen and bytes come out. Linux only, for what it reads in /proc."""

import os
import re
import select
import signal
import subprocess
import sys
import termios
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte
from rich.cells import cell_len

from contacts_tui.domain.view import EVERYBODY
from tests.children import default_signals
from tests.e2e.key_bytes import typed
from tests.patience import LIMIT

_TICK = 0.02
_RUN = "TERMINAL_RUN"
"""Environment variable by which the program and everything that it starts are recognised."""

_SILENT = re.compile(
    rb"\x1b\[[<=>][0-9;]*[A-Za-z]"  # keyboard protocols
    rb"|\x1b\[\?[0-9;]*(?:\$p|u)"  # questions to the terminal
    rb"|\x1b\[[0-9;]* q"  # the shape of the cursor
    rb"|\x1b[P\]_^].*?(?:\x07|\x1b\\)",  # strings: titles, the clipboard, pictures
    re.DOTALL,
)
"""Sequences of which a terminal shows nothing, but which the emulator would print."""
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;?<=>$ ]*|[P\]_^][^\x07]*)?\Z", re.DOTALL)
_MODES = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_KEYBOARD = re.compile(rb"\x1b\[([<>])[0-9;]*u")

FIRST_MODES = frozenset({7, 25})
"""The private modes in which a terminal begins: long lines are wrapped, the cursor is seen. All others begin off."""


_REST = 0.3
"""Seconds without output after which a screen counts as complete."""


class Terminal:
    """A terminal with a program in it. Use it in a `with` statement: whatever happens, the program is ended."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        """Start `command` in `folder`, in a terminal of 24-bit colours and UTF-8, at UTC.

        Of our environment it has PATH, HOME and VIRTUAL_ENV alone. The People screen begins with the view of everybody:
        the people that a test looks for needn't wait for an answer. `environment` is added to these variables; an empty
        value removes one.
        """
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._output = bytearray()
        self._arrived: deque[tuple[float, bytes]] = deque()
        """The pieces that were read and are not on the screen yet, each with the time when it came."""
        self._rest = b""
        self._run = uuid.uuid4().hex
        self._ours, self._its = os.openpty()
        self._held: int | None = None
        """The write end of the pipe that takes the terminal's place after `hang_up`."""
        termios.tcsetwinsize(self._its, (rows, columns))
        self._settings = termios.tcgetattr(self._its)
        self.started = self.shown_at = time.perf_counter()
        """When the program was started, and when the output on the screen came; both by `time.perf_counter`."""
        self._process = subprocess.Popen(
            command,
            stdin=self._its,
            stdout=self._its,
            stderr=self._its,
            env=self._environment(environment or {}),
            cwd=folder,
            # A session of its own with this terminal: what a login does. Nothing of Python runs there but this call.
            preexec_fn=partial(_log_in, self._its),
        )

    def _environment(self, added: Mapping[str, str]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "VIRTUAL_ENV") if name in os.environ}
        fixed = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        fixed["CONTACTS_TUI_VIEW"] = EVERYBODY
        whole = kept | fixed | dict(added) | {_RUN: self._run}
        return {name: value for name, value in whole.items() if value}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Keys

    def press(self, *keys: str) -> float:
        """Press keys by name (`enter`, `ctrl+p`, `alt+x`, or the character itself). Return the time as `type` does."""
        return self.type("".join(map(typed, keys)))

    def type(self, text: str) -> float:
        """Type text as it stands. Return the time, by `time.perf_counter`."""
        pressed = time.perf_counter()
        os.write(self._ours, text.encode())
        return pressed

    def click(self, text: str, *, last: bool = False) -> None:
        """Click a text in the first line that has it, or in the `last`, once it is there and the screen is at rest."""
        found: list[tuple[int, int]] = []
        while not found:
            # A notice about an arrival may cover the text for a while.
            self.wait_for(text)
            self.gather(_REST)
            self.show()
            found = [(row, line.index(text)) for row, line in enumerate(self.lines) if text in line]
        row, column = found[-1 if last else 0]
        self.send(f"\x1b[<0;{column + 1};{row + 1}M\x1b[<0;{column + 1};{row + 1}m".encode())

    def send(self, data: bytes) -> None:
        """Send bytes as they stand, text or not."""
        os.write(self._ours, data)

    def hang_up(self) -> None:
        """Close the terminal, as a dropped connection does. Nothing is read or written any more."""
        silent, self._held = os.pipe()
        for end in (self._ours, self._its):
            os.dup2(silent, end)
        os.close(silent)

    def stall(self) -> None:
        """Fill the terminal's buffer, without reading it, until the program can't write any more."""
        writing = os.open(os.ttyname(self._its), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            while select.select([], [writing], [], 0)[1]:
                os.write(writing, b" " * 512)
        except BlockingIOError:
            pass
        finally:
            os.close(writing)

    def wait_ended(self) -> int:
        """Wait for the program's end without reading what it writes. Return its exit status."""
        return self._process.wait(LIMIT)

    def paste(self, text: str) -> None:
        """Paste text as a terminal with bracketed paste does."""
        self.type(f"\x1b[200~{text}\x1b[201~")

    def resize(self, columns: int, rows: int) -> None:
        """Change the window's size, and tell the program."""
        self._read(0)
        self.show()
        self.screen.resize(rows, columns)
        # The kernel tells the session's foreground processes.
        termios.tcsetwinsize(self._its, (rows, columns))

    # The screen and the bytes

    @property
    def lines(self) -> list[str]:
        """The lines of the screen, without the blanks at their ends."""
        rows = ([self.screen.buffer[y][x].data for x in range(self.screen.columns)] for y in range(self.screen.lines))
        return ["".join(_shown(row)).rstrip() for row in rows]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def output(self) -> bytes:
        """Everything the program wrote so far."""
        self._read(0)
        return bytes(self._output)

    def mark(self) -> int:
        """Return the present end of the output, for `since`."""
        self._read(0)
        return len(self._output)

    def since(self, mark: int) -> bytes:
        """Return the output after the mark."""
        return self.output[mark:]

    def wait_until(self, condition: Callable[[], bool], what: str, limit: float = LIMIT) -> float:
        """Wait until the screen fulfils a condition. Return the time when the bytes came that did it.

        Raise AssertionError with the screen when `limit` seconds pass, or when the program ends before.
        """
        deadline = time.perf_counter() + limit
        while not condition():
            if self.show_next():
                continue
            if not self._read(_TICK) and (self._process.poll() is not None or time.perf_counter() > deadline):
                # Output from just before the program's end may still be on its way.
                if self._read(0):
                    continue
                ended = f" (it ended with {self._process.returncode})" if self._process.returncode is not None else ""
                raise AssertionError(f"waited in vain for {what}{ended}; the screen:\n{self.text}")
        return self.shown_at

    def wait_for(self, *texts: str, limit: float = LIMIT) -> float:
        """Wait until all of these texts stand on the screen, as `wait_until` does."""
        return self.wait_until(lambda: all(text in self.text for text in texts), repr(texts), limit)

    def wait_gone(self, text: str, limit: float = LIMIT) -> float:
        """Wait until this text no longer stands on the screen, as `wait_until` does."""
        return self.wait_until(lambda: text not in self.text, f"{text!r} to go", limit)

    def wait_bytes(self, piece: bytes, limit: float = LIMIT) -> float:
        """Wait until the program has written these bytes, shown or not: quicker than `wait_for`. Return the time."""
        deadline = time.perf_counter() + limit
        while piece not in self._output:
            if not self._read(_TICK) and time.perf_counter() > deadline:
                raise AssertionError(f"{piece!r} was not written")
        return self._arrived[-1][0] if self._arrived else self.shown_at

    def gather(self, quiet: float, limit: float = LIMIT) -> None:
        """Read output until none came for `quiet` seconds, without showing it, so that times are exact.

        A later wait shows the output piece by piece, and still returns the time when the right piece came.
        """
        deadline = time.perf_counter() + limit
        while time.perf_counter() < deadline and self._read(quiet):
            pass

    def answer(self, quiet: float) -> float:
        """Read the answer to a key like `gather`, however late its first byte. Return the time of its last piece."""
        if not self._read(LIMIT):
            raise AssertionError(f"nothing was answered; the screen:\n{self.text}")
        self.gather(quiet)
        return self._arrived[-1][0]

    def show(self) -> None:
        """Show everything that was read on the screen."""
        while self.show_next():
            pass

    def show_next(self) -> bool:
        """Show the oldest piece that was read on the screen. Return whether there was one."""
        if not self._arrived:
            return False
        self.shown_at, piece = self._arrived.popleft()
        piece = _SILENT.sub(b"", self._rest + piece)
        unfinished = _UNFINISHED.search(piece)
        end = unfinished.start() if unfinished else len(piece)
        self._rest = piece[end:]
        self._stream.feed(piece[:end])
        return True

    def _read(self, wait: float) -> bool:
        """Read the output that is there, or comes first within `wait` seconds. Return whether there was any."""
        got = False
        while select.select([self._ours], [], [], 0 if got else wait)[0]:
            piece = os.read(self._ours, 1 << 16)
            self._output += piece
            self._arrived.append((time.perf_counter(), piece))
            got = True
        return got

    # The program

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._process.pid

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self._process.send_signal(number)

    def wait_exit(self, limit: float = LIMIT) -> int:
        """Wait for the program's end. Return its exit status, negative for a signal."""
        deadline = time.perf_counter() + limit
        while self._process.poll() is None:
            self._read(_TICK)
            if time.perf_counter() > deadline:
                self.show()
                raise AssertionError(f"the program did not end; the screen:\n{self.text}")
        self._read(0)
        self.show()
        return self._process.returncode

    def processes(self) -> list[int]:
        """Return the ids of the processes that run: the program and everything that it or a child of it started."""
        mark = f"{_RUN}={self._run}".encode()
        return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _carries(entry, mark)]

    def wait_empty(self, limit: float = LIMIT) -> None:
        """Wait until none of `processes` runs any more."""
        deadline = time.perf_counter() + limit
        while left := self.processes():
            self._read(_TICK)
            if time.perf_counter() > deadline:
                raise AssertionError(f"processes are left running: {left}")

    def modes_left(self) -> set[int]:
        """Return the private modes that the program changed and did not put back."""
        state = dict.fromkeys(FIRST_MODES, True)
        for numbers, switch in _MODES.findall(self.output):
            state |= dict.fromkeys(map(int, numbers.split(b";")), switch == b"h")
        return {mode for mode, on in state.items() if on is not (mode in FIRST_MODES)}

    def keyboard_left(self) -> int:
        """Return how many keyboard protocols the program switched on and did not switch off."""
        asked = [1 if sign == b">" else -1 for sign in _KEYBOARD.findall(self.output)]
        return sum(asked)

    @property
    def settings_kept(self) -> bool:
        """Whether the terminal echoes, edits lines and sends signals as it did before."""
        return termios.tcgetattr(self._its) == self._settings

    def cpu_ms(self) -> float:
        """Return the processor time of all the program's threads so far, in milliseconds (in steps of ten)."""
        numbers = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(numbers[11]) + int(numbers[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def peak_kb(self) -> int:
        """Return the most memory that the program held at once, in kilobytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))

    def close(self) -> None:
        """End the program if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        for end in (self._ours, self._its, self._held):
            if end is not None:
                os.close(end)


def contacts_tui(location: str | Path, *arguments: str) -> list[str]:
    """Return the command that runs the program on a store."""
    return [sys.executable, "-m", "contacts_tui", "--database", str(location), *arguments]


def _log_in(terminal: int) -> None:
    default_signals()
    os.login_tty(terminal)


def _carries(process: Path, mark: bytes) -> bool:
    try:
        return mark in (process / "environ").read_bytes().split(b"\0")
    except OSError:
        # The process ended meanwhile, or is another user's.
        return False


def _shown(row: Sequence[str]) -> Iterator[str]:
    """Yield the cells of a line as a terminal shows them: of a wide character that was half overwritten, none is left.

    The emulator keeps the other half, and its own `display` fails on it.
    """
    for x, cell in enumerate(row):
        is_rest = x > 0 and cell_len(row[x - 1]) == 2
        if cell_len(cell) == 2 and "".join(row[x + 1 : x + 2]):
            yield " "
        elif cell or not is_rest:
            yield cell or " "

"""Runs commands in forks of one process that has loaded the program's modules: loading them is most of a short command.

Each command is a process of its own, with its own words, environment, folder and streams, and ends as any does. That
the program starts by itself, with as few modules as it needs, is what other tests look at (`Program.start`,
`test_cli_start`).

As a program (`python -m tests.e2e.cli.command_server`) it takes commands from the socket that is its standard input.
"""

import gc
import importlib
import json
import os
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile

from tests.children import default_signals

LOADED = ("contacts_tui.cli", "contacts_tui.services", "contacts_tui.store", "contacts_tui.channels")
"""Packages of which every module is loaded, and with them the modules that they import."""
LONGEST = 1 << 20
"""Bytes that a command's words and environment may take at most."""


class CommandServer:
    """A process from which commands are forked; it ends with the process that made it."""

    def __init__(self, folder: Path) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            subprocess.Popen(
                [sys.executable, "-m", __name__], stdin=theirs.fileno(), cwd=folder, preexec_fn=default_signals
            )

    def run(
        self, words: Sequence[str], stdin: bytes, env: Mapping[str, str], folder: Path, limit: float
    ) -> "subprocess.CompletedProcess[bytes]":
        """Run a command to its end. Kill it and raise subprocess.TimeoutExpired after `limit` seconds."""
        with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
            given.write(stdin)
            given.seek(0)
            told, tells = socket.socketpair()
            with told:
                with tells:
                    asked = json.dumps([list(words), dict(env), str(folder)]).encode()
                    socket.send_fds(self._ours, [asked], [given.fileno(), out.fileno(), err.fileno(), tells.fileno()])
                told.settimeout(limit)
                answer = told.makefile()
                process = int(answer.readline())
                try:
                    status = int(answer.readline())
                except TimeoutError:
                    os.kill(process, signal.SIGKILL)
                    raise subprocess.TimeoutExpired(list(words), limit) from None
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(list(words), os.waitstatus_to_exitcode(status), out.read(), err.read())


def _serve(asking: socket.socket) -> None:
    """Take commands until the socket is closed, and exit then. Return in a process of each command, to run it."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        asked, descriptors, _, _ = socket.recv_fds(asking, LONGEST, 4)
        if not asked:
            sys.exit()
        if not os.fork():
            break
        for each in descriptors:
            os.close(each)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *streams, tells = descriptors
    if command := os.fork():
        os.write(tells, f"{command}\n".encode())
        _, status = os.waitpid(command, 0)
        os.write(tells, f"{status}\n".encode())
        os._exit(0)
    os.close(tells)
    asking.close()
    words, env, folder = json.loads(asked)
    for number, given in enumerate(streams):
        os.dup2(given, number)
        os.close(given)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.chdir(folder)
    sys.argv = ["contacts-tui", *words]
    # As the interpreter opens them; see https://docs.python.org/3/library/sys.html#sys.stdin.
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w", errors="backslashreplace")


def _load() -> None:
    for package in LOADED:
        found = importlib.import_module(package)
        for each in pkgutil.walk_packages(found.__path__, f"{package}."):
            if ".migrations." not in each.name:  # Alembic alone reads these.
                importlib.import_module(each.name)


if __name__ == "__main__":
    _load()
    gc.collect()
    gc.freeze()  # The loaded modules stay shared with the commands: garbage collection doesn't touch them.
    _serve(socket.socket(fileno=os.dup(0)))
    runpy.run_module("contacts_tui", run_name="__main__")

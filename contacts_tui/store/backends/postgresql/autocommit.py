"""Connections without transactions: each statement stands for itself, and nothing goes to the server but that.

What a transaction adds (its begin, the question for the revision, its end) takes longer than a small statement.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine
from sqlmodel import Session

from contacts_tui.store import sql
from contacts_tui.store.backends.postgresql.connections import is_dead


class AutocommitSessions:
    """Sessions for any thread, on connections that are kept from one session to the next."""

    def __init__(self, connect: Callable[[], "psycopg.Connection[Any]"], engine: Engine) -> None:
        """Make sessions of `engine` on connections from `connect`, which begin no transaction by themselves."""
        self._connect = connect
        self._engine = engine
        self._spare: list[tuple[Session, psycopg.Connection[Any]]] = []
        """Connections that aren't in use; the one used last is the last."""

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Hold a session whose statements each stand for themselves. Raise StoreError, and the driver's errors."""
        session, driver = self._taken()
        try:
            yield session
        finally:
            self._spare.append((session, driver))

    def close(self) -> None:
        """Close all connections that aren't in use."""
        while self._spare:
            self._spare.pop()[1].close()

    def _taken(self) -> "tuple[Session, psycopg.Connection[Any]]":
        while self._spare:
            session, driver = self._spare.pop()
            if not is_dead(driver):
                return session, driver
            driver.close()
        driver = self._connect()
        return sql.on_driver(self._engine, driver), driver

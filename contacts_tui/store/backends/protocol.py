"""What the store asks of a database, whichever it is."""

import threading
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlmodel import Session

    from contacts_tui.store.schema import Tell


class Backend(Protocol):
    """A kind of database, and the place of one store in it."""

    @property
    def name(self) -> str:
        """What sentences call the store; never with a password."""

    @property
    def files(self) -> Path:
        """The folder of the files that go with messages; made when the first one does."""

    def open(self, now: datetime, tell: "Tell") -> "Opened":
        """Open the store, making or migrating it when needed. `tell` hears what takes long. Raises StoreError."""

    def in_words(self) -> AbstractContextManager[None]:
        """Turn each error of the database inside into a StoreError; others pass.

        A refusal to write because the connection reads, or the store can't be written, is a ReadOnlyStore.
        """

    def revision(self, connection: "Connection") -> str | None:
        """Return the revision of the tables; None where there is nothing at all yet.

        Raises StoreError for the database of another program.
        """

    def mark(self, connection: "Connection") -> None:
        """Make the database known as a store of this program's."""

    def keep(self, revision: str, now: datetime) -> Path:
        """Copy the store as it is before an upgrade, and return where the copy lies. Raises StoreError."""


class Opened(Protocol):
    """The connections of one process to an open store."""

    @property
    def reader(self) -> "Engine":
        """For transactions that read the store of one moment and wait for nobody."""

    @property
    def writer(self) -> "Engine | None":
        """For transactions that have the right to write from their first statement on; None for a store that can't be
        written."""

    @property
    def read_only(self) -> str:
        """Why nothing can be stored, as a sentence; mostly empty."""

    @property
    def notice(self) -> str:
        """What the person who opened the store has to know of that, in one sentence; mostly nothing."""

    def check(self, *, is_writing: bool = False) -> None:
        """Raise StoreLost where the store isn't the one any more that was opened.

        `is_writing`: the caller's transaction has the right to write.
        """

    def form(self, session: "Session") -> object:
        """Return what is another value as soon as somebody has changed the tables; a look costs next to nothing."""

    def watch(self) -> "Watch":
        """Begin to look for what others commit."""

    def close(self) -> None:
        """Close every connection."""


class Watch(Protocol):
    """A look-out for commits, for one thread."""

    def wait(self, stopped: threading.Event) -> bool:
        """Wait a moment, and return whether anybody may have committed since the last time; at once when stopped.

        Raises the database's own errors, also only after that moment.
        """

    def close(self) -> None:
        """Look no more."""

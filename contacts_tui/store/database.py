"""One process's use of a store: its transactions, and the check before each that it is still the same store."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlmodel import Session

from contacts_tui.store import backends, deadline, schema
from contacts_tui.store.errors import ReadOnlyStore, StoreBusy, StoreError, StoreLost
from contacts_tui.store.revision import HEAD

_BUSY = "the store {name} is busy: this program has too much to store; nothing was stored: try again"
_OTHER_REVISION = (
    "the store {name} was converted by another contacts-tui (revision {found}; this program knows {known}) "
    "while this program used it; nothing was stored: update this program if necessary, and restart it"
)
_FOREIGN = "the store {name} became another program's database while this program used it; nothing was stored"


class Database:
    """An open store. Sessions come from `writing`, `reading` and `autocommit`."""

    def __init__(self, location: str, now: datetime, tell: schema.Tell = schema.tell_nobody) -> None:
        """Open the store, making or migrating it when needed; call `tell` with what takes long. Raise StoreError."""
        self.backend = backends.of(location)
        self.commits = 0
        """Transactions committed so far."""
        self._lost: StoreLost | None = None
        self._one_writer = threading.Lock()
        self._form: object = None
        with self.backend.in_words():
            self.opened = self.backend.open(now, tell)
        try:
            self.check()
        except BaseException:
            self.close()
            raise

    @property
    def lost(self) -> StoreLost | None:
        """Why this process can't go on with the store; None while it can."""
        return self._lost

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Hold a transaction for the time of the block: commit at its end, roll back when it raises.

        Writers of this process queue here for as long as it takes, or until their deadline; the database's own wait,
        which gives up after a time, is only for those of other processes. Raise StoreError.
        """
        writer = self.opened.writer
        if writer is None:
            raise ReadOnlyStore(self.opened.read_only)
        if not self._one_writer.acquire(timeout=deadline.left(threading.TIMEOUT_MAX)):
            raise StoreBusy(_BUSY.format(name=self.backend.name))
        try:
            with (
                self.checked(),
                self.backend.in_words(),
                Session(writer) as session,
            ):
                # The transaction begins here, before the block: a lock that can't be had is no failure of the block.
                self._check_revision(session)
                self.opened.check(is_writing=True)
                if deadline.is_over():
                    raise StoreBusy(_BUSY.format(name=self.backend.name))
                yield session
                session.commit()
                self.commits += 1
                # What was committed to a store that was replaced meanwhile is not stored.
                self.opened.check()
        finally:
            self._one_writer.release()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Hold a session that reads the store of one moment. Raise StoreError, and RuntimeError for a write."""
        with self.checked(), _no_writes(), self.backend.in_words(), Session(self.opened.reader) as session:
            self.opened.check()
            self._check_revision(session)
            yield session
            # There is nothing to commit, but a rollback may make a driver forget its prepared statements.
            session.commit()

    @contextmanager
    def autocommit(self, *, is_writing: bool = False) -> Iterator[Session]:
        """Hold a session of `Opened.autocommit`; where there is none, of `writing` or `reading`. Raise StoreError."""
        alone = self.opened.autocommit()
        if alone is None:
            with self.writing() if is_writing else self.reading() as session:
                yield session
            return
        if is_writing and self.opened.read_only:
            raise ReadOnlyStore(self.opened.read_only)
        with self.checked(), self.backend.in_words(), alone as session:
            self.opened.check()
            yield session

    def check(self) -> None:
        """Raise StoreLost unless the store is still the one that was opened."""
        with self.checked():
            self.opened.check()

    def close(self) -> None:
        """Close every connection."""
        self.opened.close()

    @contextmanager
    def checked(self) -> Iterator[None]:
        """Raise StoreLost when the store is lost, and in place of a StoreError in the block if it was replaced."""
        if self._lost is not None:
            raise self._lost
        try:
            try:
                yield
            except StoreLost:
                raise
            except StoreError:
                self.opened.check()
                raise
        except StoreLost as error:
            self._lost = self._lost or error
            raise

    def _check_revision(self, session: Session) -> None:
        form = self.opened.form(session)
        if form == self._form:
            return
        try:
            found = self.backend.revision(session.connection())
        except StoreError as error:
            raise StoreLost(_FOREIGN.format(name=self.backend.name)) from error
        if found != HEAD:
            raise StoreLost(_OTHER_REVISION.format(name=self.backend.name, found=found or "none", known=HEAD))
        self._form = form


@contextmanager
def _no_writes() -> Iterator[None]:
    """Turn a ReadOnlyStore in the block into a RuntimeError: to write on a connection for reading is our mistake."""
    try:
        yield
    except ReadOnlyStore as error:
        raise RuntimeError("a function that writes was given to Store.read: use Store.run") from error

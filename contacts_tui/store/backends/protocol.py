"""What the store needs of a database, whichever it is."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlmodel import Session

    from contacts_tui.store.backup import Backup, Progress
    from contacts_tui.store.schema import Tell


Ranked = tuple[int, int]
"""Latest activity in microseconds and id: the order of the people list, latest first."""


@dataclass(frozen=True, slots=True)
class Space:
    """How much of a disk a store takes, and how much is left, in bytes."""

    size: int
    log_size: int | None
    """The log of what isn't in the store's file yet; None where a server keeps one for all its databases."""
    free: int | None
    """None where a server doesn't tell."""
    files: int
    """How many files go with its messages."""
    engine: str
    """The database's product and version."""
    tables: Mapping[str, int]
    """The sizes of the largest tables with their indexes, by name, the largest first; empty where they aren't known."""


@dataclass(frozen=True, slots=True)
class Concern:
    """Something to know about the database of a store, as a sentence without its full stop."""

    about: str
    said: str
    remedy: str = ""
    """What to do; empty where nothing has to be done."""
    is_failure: bool = False
    """Whether the store can't go on like this."""


class Backend(Protocol):
    """A kind of database, and the place of one store in it."""

    @property
    def name(self) -> str:
        """The name of the store in sentences, never with a password."""

    @property
    def files(self) -> Path:
        """The folder of the files that go with messages, or of this machine's copies of them; made with the first."""

    @property
    def rest(self) -> float:
        """Seconds between two reads of sums that a caller reads after each change: a server has many such callers."""

    @property
    def search(self) -> "Search":
        """The indexes that people and messages are found by."""

    def people(self, session: "Session") -> "People":
        """Return the reader of what the people list shows, in a session."""

    def new_id(self, cursor: Any) -> int:
        """Return the id of the row that an INSERT of one row made; `cursor` is the driver's."""

    def later(self, driver: Any) -> Callable[[str, Any], object]:
        """Return the function that runs a statement of whose result only a failure is of interest.

        The statement may go to the database together with a later one, at the latest with the commit, and raise its
        failure then.
        """

    def stream(self, driver: Any, text: str, values: Any) -> Any:
        """Run a SELECT, and return the driver's cursor, which fetches rows as they are needed."""

    def ids_taken(self, session: "Session", table: str, highest: int, column: str = "id") -> None:
        """Make the database itself give ids above `highest` from now on: rows were inserted with ids of ours."""

    def last_id(self, session: "Session", table: str, column: str) -> int:
        """Return the highest id that is known to have been given in a column, even if its row is gone; or 0."""

    def kept_text(self, text: str) -> str:
        """Return a text as this database keeps it."""

    def kept_json(self, text: str) -> str:
        """Return JSON, given as text, as this database keeps it."""

    def hold_file(self, session: "Session", name: str) -> None:
        """Make a file of the folder a part of the store, for every process on the store, as soon as this commits."""

    def find_file(self, session: "Session", name: str) -> Path:
        """Return where a file of the store is on this machine, there or not. Raise OSError when it can't be brought."""

    def held_files(self, session: "Session") -> set[str]:
        """Return the names of the files that the database itself holds, wherever their copies are."""

    def file_content(self, session: "Session", name: str) -> Iterator[bytes]:
        """Yield a file of the store piece by piece; nothing when it is missing. Raise OSError."""

    def add_file(self, session: "Session", name: str, content: IO[bytes]) -> None:
        """Add a file with this content, which the store doesn't have yet, as soon as this commits. Raise OSError."""

    def drop_files(self, session: "Session", names: Iterable[str]) -> None:
        """Take files out of the store, as soon as this commits; copies in the folder stay."""

    def open(self, now: datetime, tell: "Tell") -> "Opened":
        """Open the store, making or migrating it when needed. Call `tell` with what takes long. Raise StoreError."""

    def new_store(self, now: datetime) -> AbstractContextManager["Session"]:
        """Hold a transaction in which a new store is made, with the tables of HEAD, and filled by the block.

        The store is there at the end of the block, or nothing of it if the block raises or the process is killed. A
        database that has the tables already gets none. Raise StoreError when nothing can be made.
        """

    def exists(self) -> bool:
        """Return whether there is anything at the store's place."""

    def look(self, patience: float) -> AbstractContextManager["Session"]:
        """Open a store of any revision to read it as it is at one moment; write nothing, and let no process wait.

        `patience`: seconds to wait for a process that keeps even readers out. Raise StoreError; ReadOnlyStore when what
        was stored last can't be read without writing.
        """

    def space(self) -> Space:
        """Return how large the store is, and how large it can grow. Raise OSError."""

    def exposure(self) -> str:
        """Return who else can open the store and what to do, as a sentence; empty when no other user can."""

    def damage(self, session: "Session", *, quickly: bool = False) -> str:
        """Return what the database itself finds damaged in what it keeps, as a clause; mostly empty.

        `quickly`: one finding is enough, and indexes are not compared with their tables.
        """

    def concerns(self, session: "Session") -> "Iterator[Concern]":
        """Yield what there is to know, apart from damage, about the setup and the activity of the database."""

    def dangling(self, session: "Session") -> list[str]:
        """Return the tables with rows that refer to nothing."""

    def take_backup(self, target: Path, now: datetime, progress: "Progress | None") -> "Backup":
        """Copy the store and its files into a new folder while others write, verify the copy, and return what it holds.

        Raise StoreError; nothing is left at `target` then.
        """

    def restore(self, folder: Path, now: datetime) -> tuple["Backup", Path | None]:
        """Put a verified backup in the store's place at once; what was there is kept beside it, at the path returned.

        No other process may have the store open. Raise StoreError; the store is then as it was.
        """

    def in_words(self) -> AbstractContextManager[None]:
        """Turn each error of the database in the block into a StoreError; other errors pass.

        A write that is refused because the connection only reads, or the store can't be written, is a ReadOnlyStore.
        """

    def revision(self, connection: "Connection") -> str | None:
        """Return the revision of the tables; None where there is nothing at all yet.

        Raise StoreError for the database of another program.
        """

    def begin_history(self, connection: "Connection") -> None:
        """Make the tables of the first revision that this kind of database ever had, from which migrations go on."""

    def mark(self, connection: "Connection") -> None:
        """Mark the database as a store of this program."""

    def keep(self, revision: str, now: datetime) -> Path | None:
        """Copy the store as it is before an upgrade, and return where the copy is. Raise StoreError.

        Return None for a database whose administrator keeps copies.
        """


class Opened(Protocol):
    """The connections of one process to an open store."""

    @property
    def reader(self) -> "Engine":
        """For transactions that read the store as of one moment and wait for no writer."""

    @property
    def writer(self) -> "Engine | None":
        """For transactions that can write from their first statement on; None for a store that can't be written."""

    @property
    def read_only(self) -> str:
        """Why nothing can be stored, as a sentence; mostly empty."""

    @property
    def notice(self) -> str:
        """What the person who opened the store has to know about the opening, in one sentence; mostly empty."""

    def check(self, *, is_writing: bool = False) -> None:
        """Raise StoreLost when the store is no longer the one that was opened.

        `is_writing`: the caller's transaction has the right to write.
        """

    def form(self, session: "Session") -> object:
        """Return a value that is another one as soon as the tables were changed; reading it costs next to nothing."""

    def leave_no_trace(self) -> str:
        """Clear what was deleted out of the store's files.

        Return what still holds it, as a clause that says what to do; empty when nothing does.
        """

    def autocommit(self) -> "AbstractContextManager[Session] | None":
        """Hold a session on which each statement stands for itself and waits for no writer.

        Return None where a transaction costs as little. Only the caller keeps the session from writing to a store that
        is open for reading only.
        """

    def watch(self) -> "Watch":
        """Return a watch that begins to look for commits of others now."""

    def close(self) -> None:
        """Close every connection."""


class Watch(Protocol):
    """A watch for commits, for one thread."""

    def wait(self) -> bool:
        """Wait a moment, and return whether there may be a commit since the last wait; return at once when stopped.

        Raise the database's own errors and StoreError, these too only after a moment.
        """

    def session(self) -> AbstractContextManager["Session"]:
        """Hold a session to read what was committed, by statements that each stand for themselves.

        It is for one thread at a time. Raise the database's own errors and StoreError.
        """

    def stop(self) -> None:
        """End the present wait, from another thread, and every later one."""

    def close(self) -> None:
        """Stop watching, and close what that needs."""


class Search(Protocol):
    """The indexes that people and messages are found by: a text finds whatever holds it, at any place.

    Texts are folded by `domain.text.searchable`. What is typed is only ever a value: nothing in it is a wildcard.
    """

    def add_message(self, session: "Session", message_id: int, folded: str) -> None:
        """Add a message to the index; one that is too short to be searched for is left out."""

    def add_messages(self, session: "Session", messages: Iterable[tuple[int, str]]) -> None:
        """Add many messages to the index as `add_message` does."""

    def remove_message(self, session: "Session", message_id: int, folded: str) -> None:
        """Remove a message from the index that was added with this text."""

    def remove_messages(self, session: "Session") -> None:
        """Remove all messages from the index, even where it is damaged."""

    def clear_removed(self, session: "Session", *, begins: bool) -> bool:
        """Clear what was removed out of the indexes' files, a part at a time; return whether there may be more.

        `begins` says that this is the first part.
        """

    def rebuild_people(self, session: "Session") -> None:
        """Rebuild the index of people from `contact.search_text`, which it follows by itself otherwise."""

    def wrong_people(self, session: "Session", texts: Iterable[tuple[int, str]]) -> list[int]:
        """Return the ids of people whom the index doesn't hold with exactly this text; just 0 when it can't be read."""

    def wrong_messages(self, session: "Session", texts: Iterable[tuple[int, str]]) -> list[int]:
        """Return the ids of messages as `wrong_people` does those of people."""

    def people_with(self, session: "Session", words: Sequence[str], limit: int) -> list[Ranked]:
        """Return the latest people whose text holds all of these words."""

    def people_beginning(self, session: "Session", folded: str, limit: int) -> list[int]:
        """Return the ids of people whose text begins with these whole words, the smallest ids first."""

    def people_holding(self, session: "Session", folded: str, limit: int) -> list[int]:
        """Return the ids of people whose text holds this one, by the index alone, the smallest ids first."""

    def messages_with(self, session: "Session", folded: str, people: int) -> "Generator[tuple[int, str]]":
        """Yield what `speakers` does, with the body of each message."""

    def speakers(self, session: "Session", folded: str, people: int) -> "Generator[int]":
        """Yield the contact's id of each message that holds the text, the newest message first.

        Messages beyond those that a search reads may be left out. `people` says how many people are wanted.
        """


class People(Protocol):
    """What the people list shows. It is read without SQLAlchemy as well: times are `timestamps.microseconds`."""

    def first(self, limit: int) -> list[int]:
        """Return the ids of the people who were active last, the latest first."""

    def first_waiting(self, limit: int) -> list[int]:
        """Return the ids of the open people who wait for an answer, the earliest deadline first."""

    def talks(self, ids: Sequence[int]) -> Iterable[Sequence[Any]]:
        """Yield the contact's id, the channel and the end of the window of each conversation with messages."""

    def lines(self, ids: Sequence[int]) -> Iterable[Sequence[Any]]:
        """Yield a row for each person.

        It has the id, name, first address and unread count; of the last message the text, direction, status, files
        (JSON), time, error code and provider; of the queue the state, since when the person waits, the deadline and the
        wake time; the assignee, and whether there is a draft.
        """

"""What the store asks of a database, whichever it is."""

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
    """What a store takes of a disk, and what is left, in bytes."""

    size: int
    log_size: int | None
    """Of what is written and not yet brought into it; None where a server keeps that for all its databases."""
    free: int | None
    """None where a server doesn't tell."""
    files: int
    """How many files go with its messages."""
    engine: str
    """The database's product and version."""
    tables: Mapping[str, int]
    """The size of each of the largest tables with its indexes, by name, the largest first; empty where nothing tells
    it."""


@dataclass(frozen=True, slots=True)
class Concern:
    """Something about the database that a store lies in, as a sentence without its full stop."""

    about: str
    said: str
    remedy: str = ""
    """What to do; empty where nothing has to be done."""
    is_failure: bool = False
    """Whether the store can't go on so."""


class Backend(Protocol):
    """A kind of database, and the place of one store in it."""

    @property
    def name(self) -> str:
        """What sentences call the store; never with a password."""

    @property
    def files(self) -> Path:
        """The folder of the files that go with messages, or of this machine's copies of them; made when the first one
        does."""

    @property
    def rest(self) -> float:
        """Seconds that whoever reads the same sums after each change leaves the store alone in between: a server has
        many who do."""

    @property
    def search(self) -> "Search":
        """The indexes that people and messages are found by."""

    def people(self, session: "Session") -> "People":
        """Return what the people list shows, read in a session."""

    def new_id(self, cursor: Any) -> int:
        """Return the id of the row that an INSERT of one row made; `cursor` is the driver's."""

    def later(self, driver: Any) -> Callable[[str, Any], object]:
        """Return what runs a statement of whose result only a failure is of interest.

        It may go to the database together with a later one, at the latest with the commit, and raise its failure then.
        """

    def stream(self, driver: Any, text: str, values: Any) -> Any:
        """Run a SELECT, and return the driver's cursor, which fetches rows as they are asked for."""

    def ids_taken(self, session: "Session", table: str, highest: int, column: str = "id") -> None:
        """Let the database itself give higher ids than this one from now on: rows were inserted with ids of ours."""

    def last_id(self, session: "Session", table: str, column: str) -> int:
        """Return the highest id that is known to have been given in a column, whether its row is still there; or 0."""

    def kept_text(self, text: str) -> str:
        """Return what stands for a text in this database."""

    def kept_json(self, text: str) -> str:
        """Return what stands for JSON, as text, in this database."""

    def hold_file(self, session: "Session", name: str) -> None:
        """Make a file of the folder a part of the store, for every process that has it, as soon as this commits."""

    def find_file(self, session: "Session", name: str) -> Path:
        """Return where a file of the store's is on this machine, there or not. Raises OSError where it can't be put."""

    def held_files(self, session: "Session") -> set[str]:
        """Return the names of files that are a part of the store, wherever their copies are."""

    def file_content(self, session: "Session", name: str) -> Iterator[bytes]:
        """Yield a file of the store's piece by piece; nothing where it is missing. Raises OSError."""

    def add_file(self, session: "Session", name: str, content: IO[bytes]) -> None:
        """Make this the content of a file that the store doesn't have yet, as soon as this commits. Raises OSError."""

    def drop_files(self, session: "Session", names: Iterable[str]) -> None:
        """Take files out of the store, as soon as this commits; copies in the folder stay."""

    def open(self, now: datetime, tell: "Tell") -> "Opened":
        """Open the store, making or migrating it when needed. `tell` is told what takes long. Raises StoreError."""

    def new_store(self, now: datetime) -> AbstractContextManager["Session"]:
        """A transaction in which a new store is made and filled, with the tables of HEAD; it is there at the end of the
        block, or nothing of it where the block raises or the process is killed.

        A database that has the tables already gets none. Raises StoreError where nothing can be made.
        """

    def exists(self) -> bool:
        """Whether there is anything at the store's place."""

    def look(self, patience: float) -> AbstractContextManager["Session"]:
        """Read a store of any revision as it is at one moment; nothing is written, and nobody has to wait for it.

        `patience`: seconds to wait for who keeps even readers out. Raises StoreError; ReadOnlyStore where what was
        stored last can't be read without writing.
        """

    def space(self) -> Space:
        """Return how large the store is, and how large it can grow. Raises OSError."""

    def exposure(self) -> str:
        """Return who else can open the store and what to do, as a sentence; empty when nobody can."""

    def damage(self, session: "Session", *, quickly: bool = False) -> str:
        """Return what the database itself finds damaged in what it keeps, as a clause; mostly empty.

        `quickly`: one finding is enough, and indexes are not compared with their tables.
        """

    def concerns(self, session: "Session") -> "Iterator[Concern]":
        """Yield what there is to know, beside damage, of how the database is set up and what it is at."""

    def dangling(self, session: "Session") -> list[str]:
        """Return the tables with rows that refer to nothing."""

    def take_backup(self, target: Path, now: datetime, progress: "Progress | None") -> "Backup":
        """Copy the store and its files into a new folder while others write, and verify the copy. Raises StoreError;
        nothing is left at `target` then."""

    def restore(self, folder: Path, now: datetime) -> tuple["Backup", Path | None]:
        """Put a verified backup in the store's place at once; what was there is kept beside it, at the path returned.

        Nobody else may have the store open. Raises StoreError; then the store is as it was.
        """

    def in_words(self) -> AbstractContextManager[None]:
        """Turn each error of the database inside into a StoreError; others pass.

        A refusal to write because the connection reads, or the store can't be written, is a ReadOnlyStore.
        """

    def revision(self, connection: "Connection") -> str | None:
        """Return the revision of the tables; None where there is nothing at all yet.

        Raises StoreError for the database of another program.
        """

    def begin_history(self, connection: "Connection") -> None:
        """Make the tables of the first revision that this database ever kept, where later ones start from."""

    def mark(self, connection: "Connection") -> None:
        """Make the database known as a store of this program's."""

    def keep(self, revision: str, now: datetime) -> Path | None:
        """Copy the store as it is before an upgrade, and return where the copy lies; None for a database whose
        administrator keeps copies. Raises StoreError."""


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

    def leave_no_trace(self) -> str:
        """See to it that what was deleted is in no file of the store's.

        Return what still holds it, as a clause that says what to do; empty for nothing.
        """

    def autocommit(self) -> "AbstractContextManager[Session] | None":
        """A session on which each statement stands for itself and waits for nobody who writes; None where a transaction
        costs as little. Nothing keeps it from writing to a store that can't be written but its caller."""

    def watch(self) -> "Watch":
        """Begin to look for what others commit."""

    def close(self) -> None:
        """Close every connection."""


class Watch(Protocol):
    """A look-out for commits, for one thread."""

    def wait(self) -> bool:
        """Wait a moment, and return whether anybody may have committed since the last time; at once when stopped.

        Raises the database's own errors and StoreError, also only after a moment.
        """

    def session(self) -> AbstractContextManager["Session"]:
        """A session to read what was committed, by statements that each stand for themselves; on one thread at a time.

        Raises the database's own errors and StoreError.
        """

    def stop(self) -> None:
        """End the wait that goes on, from another thread, and every later one."""

    def close(self) -> None:
        """Look no more."""


class Search(Protocol):
    """The indexes that people and messages are found by: a text finds whatever holds it, at any place.

    Texts are folded by `domain.text.searchable`. What is typed only ever is a value, and nothing in it a wildcard.
    """

    def add_message(self, session: "Session", message_id: int, folded: str) -> None:
        """Make a message findable; one that is too short to be searched for is left out."""

    def add_messages(self, session: "Session", messages: Iterable[tuple[int, str]]) -> None:
        """As `add_message`, for many at once."""

    def remove_message(self, session: "Session", message_id: int, folded: str) -> None:
        """Forget a message that was added with this text."""

    def remove_messages(self, session: "Session") -> None:
        """Forget all messages, also where the index is damaged."""

    def clear_removed(self, session: "Session", *, begins: bool) -> bool:
        """Take what was removed out of the indexes' files, a part at a time. Return whether there may be more.

        `begins` with the first part.
        """

    def rebuild_people(self, session: "Session") -> None:
        """Make the index of people anew from `contact.search_text`, which it follows by itself."""

    def wrong_people(self, session: "Session", texts: Iterable[tuple[int, str]]) -> list[int]:
        """Return the ids of people that the index doesn't hold with just this text, or 0 where it can't be read."""

    def wrong_messages(self, session: "Session", texts: Iterable[tuple[int, str]]) -> list[int]:
        """As `wrong_people`, for messages."""

    def people_with(self, session: "Session", words: Sequence[str], limit: int) -> list[Ranked]:
        """Return the latest people whose text holds all of these words."""

    def people_beginning(self, session: "Session", folded: str, limit: int) -> list[int]:
        """Return the ids of people whose text begins with these whole words, first known first."""

    def people_holding(self, session: "Session", folded: str, limit: int) -> list[int]:
        """Return the ids of people whose text holds this one, read off the index alone, first known first."""

    def messages_with(self, session: "Session", folded: str, people: int) -> "Generator[tuple[int, str]]":
        """As `speakers`, with the body of each message."""

    def speakers(self, session: "Session", folded: str, people: int) -> "Generator[int]":
        """Yield whose each message is that holds the text, the newest first, of no more than are looked at.

        `people` says how many are wanted.
        """


class People(Protocol):
    """What the people list shows. It is read without SQLAlchemy as well: times are `timestamps.microseconds`."""

    def first(self, limit: int) -> list[int]:
        """Return the ids of who was active last, the latest first."""

    def first_waiting(self, limit: int) -> list[int]:
        """Return the ids of who waits for an answer, the earliest deadline first."""

    def talks(self, ids: Sequence[int]) -> Iterable[Sequence[Any]]:
        """Yield of each conversation with messages whose it is, its channel, and when its window ends."""

    def lines(self, ids: Sequence[int]) -> Iterable[Sequence[Any]]:
        """Yield of each person the id, name, first address and unread count, and of their last message the text,
        direction, status, files (JSON), time, error code and provider; then of the queue the state, since when they
        wait, the deadline and the wake time, the assignee, and whether there is a draft."""

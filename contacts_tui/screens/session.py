"""What every screen works with: the open store, what the agent did and typed in this program, and who the agent is."""

import asyncio
import contextlib
import importlib
import logging
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from contacts_tui import services
from contacts_tui.domain.clock import Clock, utc_now
from contacts_tui.domain.listing import PersonRow
from contacts_tui.screens.queue.queue_walk import QueueWalk
from contacts_tui.screens.undo_stack import UndoStack

if TYPE_CHECKING:
    from sqlmodel import Session

    from contacts_tui.domain.thumbnail import Thumbnail
    from contacts_tui.screens.presence import PresenceWatch
    from contacts_tui.screens.session_tally import SessionTally
    from contacts_tui.services.queue import Action
    from contacts_tui.store.store import Store

_log = logging.getLogger(__name__)

_LAST_LOOK = 2.0
"""Seconds that the store and an outbox are given at the end, to take what isn't stored or sent yet."""

P = ParamSpec("P")
T = TypeVar("T")


class UnstoredDraft(NamedTuple):
    """A draft that the store didn't take."""

    text: str
    begun_after: int | None
    """The id of the newest message when the draft was begun; None if that isn't known."""
    to: str
    """Whom the draft is for, in words."""


class BegunNote(NamedTuple):
    """A note that was begun and not saved."""

    person: str
    """The name of the person whom the note is on."""
    text: str


class AgentSession:
    """One agent's access to the services. It is made before the first frame; its store is opened after that."""

    def __init__(self, location: str, agent: str, clock: Clock = utc_now, view: str = "") -> None:
        """Prepare for the store at the URL `location`; `agent` is the name that outbound messages carry.

        `view` names the view that People begins with; empty for the waiting people, or everybody while no one waits.
        """
        self.location = location
        self.view = view
        self.agent = agent
        self.clock = clock
        self.undo_stack = UndoStack()
        """What this agent did in this program and can undo: whatever does such a thing pushes it here."""
        self.walk = QueueWalk()
        """The view that the agent goes through, and their place in it. People begins it with the view that is shown."""
        self.known_answers: set[int] = set()
        """Ids of messages that this program sent, or whose text the agent was shown before they sent all the same."""
        self.last_action: Action | None = None
        """The last action on people of the queue, to be repeated on others."""
        self.hold = timedelta()
        """How long a message that is sent here can be undone."""
        self.region: str | None = None
        """The country (ISO 3166) of numbers that are typed without a country code; None for none."""
        self.pipes: Mapping[str, str] = {}
        """The agent's own commands by the names that the configuration gives them."""
        self.last_pipe = ""
        """The shell command to which a thread was piped last; empty when none was."""
        self.begun_notes: dict[int, BegunNote] = {}
        """Notes that were begun and not saved, by the id of the person whom they are on."""
        self.thumbnails: dict[int, Thumbnail | None] = {}
        """Pictures that were shown in a thread, by message id; None for one that isn't available."""
        self.unstored_drafts: dict[tuple[int, int], UnstoredDraft] = {}
        """Drafts that the store didn't take, by the ids of their identity and inbox."""
        self._kept_texts: list[str] = []
        """The texts that were already put into a file, as the program was about to end."""
        self._store: Store | None = None
        self.opened_at: datetime | None = None
        """When the store was opened: from then on this program receives messages, too."""
        self.is_to_reopen = False
        """Whether the agent wants to go on with the store that has replaced the one that was opened."""
        self.opening = ""
        """The present step of opening the store, in words; empty before that. Set by another thread."""

    async def read_first_page(self, limit: int) -> tuple[tuple[PersonRow, ...], bool]:
        """Return the first people and whether they are the waiting ones, without importing what takes long.

        Return no people where that can't be done.
        """
        return await asyncio.to_thread(services.first_page.first_page, self.location, self.clock, self.view, limit)

    async def open(self) -> None:
        """Import the store and open it, off the event loop. Raise StoreError."""
        self._store = await asyncio.to_thread(self._open)
        self.opened_at = self.clock()

    def _open(self) -> "Store":
        self._tell("loading the program")
        for module in ("people", "threads", "messaging", "views"):
            importlib.import_module(f"contacts_tui.services.{module}")
        store = importlib.import_module("contacts_tui.store.store")
        self._tell("opening the store")
        opened: Store = store.Store.open(self.location, self.clock, self._tell)
        return opened

    def _tell(self, words: str) -> None:
        self.opening = words

    @property
    def store(self) -> "Store":
        """The open store. A screen asks for it only after `open` has returned."""
        if self._store is None:
            raise RuntimeError("the store is not open yet")
        return self._store

    @property
    def is_open(self) -> bool:
        """Whether the store is open."""
        return self._store is not None

    async def read(
        self, function: "Callable[Concatenate[Session, Clock, P], T]", *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return the result of a service function that writes nothing."""
        return await self.store.read(function, *args, **kwargs)

    async def peek(
        self, function: "Callable[Concatenate[Session, Clock, P], T]", *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return what `read` does, for what is asked again and again: see `Store.peek`."""
        return await self.store.peek(function, *args, **kwargs)

    def run(
        self, function: "Callable[Concatenate[Session, Clock, P], T]", *args: P.args, **kwargs: P.kwargs
    ) -> Coroutine[Any, Any, T]:
        """Run a service function in a transaction of its own, whether or not the caller waits for its result."""
        return self.store.run(function, *args, **kwargs)

    @cached_property
    def tally(self) -> "SessionTally":
        """What this agent got done since the program began."""
        # Imported at its first use: the first frame has no use for what services import.
        from contacts_tui.screens.session_tally import SessionTally

        return SessionTally()

    @cached_property
    def presence(self) -> "PresenceWatch":
        """Whom the other programs on the store have open, and what this one tells them."""
        from contacts_tui.screens.presence import PresenceWatch  # The first frame has no use for it.

        return PresenceWatch(self.agent)

    async def store_drafts(self) -> None:
        """Store the drafts that the store didn't take before. Raise StoreError.

        A draft to an address that is gone stays here, and is put into a file at the end.
        """
        from contacts_tui.services.errors import NotFound

        for place, draft in list(self.unstored_drafts.items()):
            with contextlib.suppress(NotFound):
                await self.run(services.messaging.save_draft, *place, draft.text, draft.begun_after)
                if self.unstored_drafts.get(place) == draft:
                    del self.unstored_drafts[place]

    async def keep_texts(self) -> str:
        """Keep what is typed and stored nowhere, as the program is about to end: in the store, else in a file.

        Return a sentence that names the file, or says why there is none; empty when no file was needed.
        """
        try:
            async with asyncio.timeout(_LAST_LOOK):
                await self.store_drafts()
        except Exception as error:
            _log.warning("%d drafts can't be stored at the end: %s", len(self.unstored_drafts), error)
        texts = [f"{draft.to}\n{draft.text}" for draft in self.unstored_drafts.values()]
        texts += [f"note on {note.person}\n{note.text}" for note in self.begun_notes.values()]
        new = [text for text in texts if text not in self._kept_texts]
        self._kept_texts += new
        if not new:
            return ""
        from contacts_tui.screens.typed_texts import keep_typed

        where = keep_typed(new)
        _log.warning("%s", where)
        return where

    async def send_at_once(self) -> None:
        """Release this agent's messages that can still be undone, and give an outbox a moment. Log a failure."""
        if not self.is_open or not self.hold:
            return
        try:
            async with asyncio.timeout(_LAST_LOOK):
                changes = self.store.follow()
                ids = await self.run(services.messaging.send_at_once, self.agent)
                if not ids:
                    return
                async for _ in changes:
                    if not await self.read(services.messaging.are_queued, ids):
                        break
        except Exception:
            _log.exception("what waited to be sent was not sent at once: it will be later")

    def close(self) -> None:
        """Close the store, if it was opened."""
        if self._store is not None:
            self._store.close()

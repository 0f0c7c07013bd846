"""Reads a thread for its view: page by page, and message by message as they change."""

from collections.abc import Iterable
from dataclasses import replace

from contacts_tui import services
from contacts_tui.domain.change import Change, ChangeKind
from contacts_tui.domain.message import Direction
from contacts_tui.domain.views import MessageView, ThreadPage
from contacts_tui.screens.contact import contact_words as words
from contacts_tui.screens.contact.contact_state import ContactState
from contacts_tui.screens.session import AgentSession
from contacts_tui.widgets.thread.view import ThreadView

PAGE = 50
"""Messages read at once."""

_CONTEXT = 10
"""Messages before the first unread one that are read with it."""


class ThreadFeed:
    """Fills the thread view: with one conversation, everything with a contact, or nothing yet."""

    def __init__(self, session: AgentSession, thread: ThreadView, state: ContactState) -> None:
        self._session = session
        self._thread = thread
        self._state = state
        self._first_unread: dict[int | None, int | None] = {}
        """By conversation: the message below the line "new", which stays while the screen is open, read or not."""
        self._offering: set[int] = set()
        """Failed messages under which another channel is offered: the next message to the person ends the offer."""

    async def open(self, state: ContactState) -> None:
        """Show the conversation on the route of the state, or the timeline."""
        self._state = state
        await self._begin()

    async def _begin(self) -> None:
        """Show the first unread message with what follows it, or else the end of the thread."""
        await self.read_remarks()
        page, has_newer = await self._page(None), False
        first = page.first_unread_id
        if first is not None and first not in (view.message.id for view in page.messages):
            page, has_newer = await self._around(first)
            self._first_unread[self._state.conversation_id] = first
        self._show(page, has_newer=has_newer)

    async def read_remarks(self) -> None:
        """Read the notes on the person, and for the timeline what agents did, and show them."""
        threads = services.threads
        self._thread.set_remarks(
            await self._session.read(threads.remarks, self._state.contact_id, with_deeds=self._state.all_channels)
        )

    async def latest(self) -> bool:
        """Show the end of the thread. Return whether unread messages were skipped on the way there."""
        page = await self._page(None)
        self._show(page, at_end=True)
        return page.first_unread_id is not None and not self._thread.has_passed(page.first_unread_id)

    async def go_to(self, message_id: int) -> None:
        """Show a message with those around it, under the cursor."""
        if message_id not in self._thread.message_ids:
            page, has_newer = await self._around(message_id)
            self._show(page, has_newer=has_newer)
        self._thread.go_to(message_id)

    async def _around(self, first: int) -> tuple[ThreadPage, bool]:
        """Return a page that begins a little before a message, and whether more follows it."""
        before = await self._page(first, limit=_CONTEXT)
        begin = await self._session.read(services.threads.views, (first,))
        after = await self._after(first)
        messages = (*before.messages, *begin, *after)
        return ThreadPage(messages, before.has_older, first), len(after) == PAGE

    def _show(self, page: ThreadPage, *, has_newer: bool = False, at_end: bool = False) -> None:
        self._offering = set()
        self._note_offers(page.messages)
        unread = None
        if not self._state.all_channels:
            unread = self._first_unread.setdefault(self._state.conversation_id, page.first_unread_id)
        self._thread.show(
            replace(page, first_unread_id=unread),
            contact=self._state.person,
            has_newer=has_newer,
            at_end=at_end,
            with_channel=self._state.all_channels,
            empty=words.empty_thread(self._state),
        )

    async def older(self, before: int) -> None:
        """Put the page before the message `before` on top."""
        page = await self._page(before)
        self._thread.put_older(page.messages, before=before, has_older=page.has_older)

    async def newer(self, after: int) -> None:
        """Put the page after the message `after` below."""
        views = await self._after(after)
        self._thread.put_newer(views, after=after, has_newer=len(views) == PAGE)

    async def _after(self, message_id: int) -> tuple[MessageView, ...]:
        threads, state = services.threads, self._state
        if state.all_channels:
            return await self._session.read(threads.timeline_newer, state.contact_id, after=message_id, limit=PAGE)
        if state.conversation_id is None:
            return ()
        return await self._session.read(threads.newer, state.conversation_id, after=message_id, limit=PAGE)

    def show_empty(self, state: ContactState) -> None:
        """Show again what a thread without messages says, for a changed state."""
        self._state = state
        self._thread.set_empty(words.empty_thread(state))

    def mark_unread(self, conversation_id: int, message_id: int) -> None:
        """Show the line "new" above this message from now on."""
        self._first_unread[conversation_id] = message_id
        if conversation_id == self._state.conversation_id and not self._state.all_channels:
            self._thread.set_first_unread(message_id)

    async def follow(self, batch: Iterable[Change], *, is_read: bool) -> None:
        """Show what changed in this thread. `is_read` says whether the agent is looking at its end."""
        batch = tuple(batch)
        if any(change.kind is ChangeKind.EVERYTHING for change in batch):
            await self._begin()
            return
        if any(change.kind is ChangeKind.CONTACT for change in batch):
            await self.read_remarks()
        ids = {change.message_id for change in batch if change.message_id is not None and self._is_here(change)}
        if any(change.kind is ChangeKind.MESSAGE for change in batch):
            ids |= self._offering
        if len(ids) > PAGE:
            await self._begin()
        elif ids:
            views = await self._session.read(services.threads.views, tuple(ids))
            if len(views) < len(ids):
                # A message was taken back before it was sent.
                await self._begin()
                return
            self._note_offers(views)
            if not is_read:
                self._note_unread(views)
            self._thread.put(views)

    def _note_unread(self, views: Iterable[MessageView]) -> None:
        """Put the line "new" above what is received while the agent doesn't look, unless there is one already."""
        held = self._thread.message_ids
        for view in views:
            message = view.message
            is_new = message.direction is Direction.IN and message.id not in held
            if is_new and self._first_unread.get(message.conversation_id) is None:
                self.mark_unread(message.conversation_id, message.id)

    def _note_offers(self, views: Iterable[MessageView]) -> None:
        for view in views:
            self._offering.discard(view.message.id)
            if view.instead is not None:
                self._offering.add(view.message.id)

    def _is_here(self, change: Change) -> bool:
        if self._state.all_channels:
            return change.contact_id == self._state.contact_id
        return self._state.conversation_id is not None and change.conversation_id == self._state.conversation_id

    async def _page(self, before: int | None, limit: int = PAGE) -> ThreadPage:
        threads, state = services.threads, self._state
        if state.all_channels:
            return await self._session.read(threads.timeline, state.contact_id, before=before, limit=limit)
        if state.conversation_id is None:
            return ThreadPage(messages=(), has_older=False, first_unread_id=None)
        return await self._session.read(threads.page, state.conversation_id, before=before, limit=limit)

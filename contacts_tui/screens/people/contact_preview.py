"""In wide terminals: the thread and the card of the person under the cursor, beside the list."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from textual import work
from textual.containers import Container, Vertical
from textual.content import Content
from textual.events import Click
from textual.message import Message

from contacts_tui import services
from contacts_tui.domain.change import Change
from contacts_tui.domain.channel import Channel
from contacts_tui.screens.base import AgentScreen
from contacts_tui.screens.contact.contact_state import ContactState
from contacts_tui.screens.contact.thread_feed import ThreadFeed
from contacts_tui.screens.session import AgentSession
from contacts_tui.terminal.hyperlinks import has_hyperlinks
from contacts_tui.widgets.activity_card import ActivityCard
from contacts_tui.widgets.messaging_section import MessagingSection
from contacts_tui.widgets.person_lines import PersonLines
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.thread import requests
from contacts_tui.widgets.thread.view import ThreadView

PAUSE = 0.15
"""Seconds that the cursor rests on a person before they are read: moving through the list quickly reads no one."""


class ThreadPreview(ThreadView, can_focus=False):
    """A thread to look at only: nothing is marked as read by it, and no message can be chosen."""

    def on_click(self, event: Click) -> None:
        """Leave the click to the preview, which opens the person."""
        event.prevent_default()


class ContactPreview(Container):
    """A person to look at, scroll with the mouse and click: the list keeps the focus, and nothing is marked as read."""

    DEFAULT_CSS = """
    ContactPreview {
        layout: horizontal;
        height: 100%;
        & > Vertical { width: 1fr; }
        & #whose { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    @dataclass
    class Chosen(Message):
        """The preview was clicked: the agent wants to open the person, on the channel that was clicked, if any."""

        contact_id: int
        channel: Channel | None

    def __init__(self, session: AgentSession) -> None:
        super().__init__()
        self._session = session
        self._shown: int | None = None
        self._feed: ThreadFeed | None = None
        self._missed: list[Change] = []
        """Changes of the person, or of everything, since the thread was read."""

    def follow(self, batch: Iterable[Change]) -> None:
        """Remember the changes of the person who is shown: the next `look` shows them."""
        self._missed += [change for change in batch if change.contact_id in (self._shown, None)]

    def look(self, contact_id: int | None) -> None:
        """Show a person as they are now, unless they are shown already and nothing changed; None shows no one."""
        if contact_id != self._shown or self._missed or contact_id is None:
            self.show(contact_id)

    @work(exclusive=True, exit_on_error=False)
    async def show(self, contact_id: int | None) -> None:
        """Show a person as they are now, after the cursor has rested on them for a while; None shows no one."""
        await asyncio.sleep(PAUSE)
        try:
            await self._show(contact_id)
        except Exception as error:
            # Textual tells only this widget that its worker failed, so the screen has to be told.
            cast("AgentScreen[object]", self.screen).tell(error)

    async def _show(self, contact_id: int | None) -> None:
        card = None
        if contact_id is not None:
            card = await self._session.read(services.people.card, contact_id, self._session.agent)
        if card is None or contact_id is None:
            self._shown = self._feed = None
            await self.remove_children()
            return
        inboxes = {inbox.id: inbox for inbox in await self._session.read(services.inboxes.listed)}
        state = ContactState(contact_id, card, inboxes, all_channels=True)
        if self._feed is None:
            thread = ThreadPreview(self._session.clock, self._session.agent, hyperlinks=has_hyperlinks())
            await self.mount(
                Vertical(Plain(id="whose"), thread), ActivityCard(self._session.clock, self._session.agent)
            )
            self.query_one(MessagingSection).can_focus = False
            self.query_one(PersonLines).can_focus = False
            self._feed = ThreadFeed(self._session, thread, state)
        missed = len(self._missed)
        if contact_id != self._shown:
            # If the cursor moves on meanwhile, the thread is incomplete: with None, the next look reads all of it.
            self._shown = None
            await self._feed.open(state)
            self._shown = contact_id
        elif missed:
            await self._feed.follow(self._missed[:missed], is_read=True)
        del self._missed[:missed]
        self.query_one("#whose", Plain).show(
            Content.assemble((state.person, "bold"), ("  everything, on all channels", "$text-muted"))
        )
        shown = self.query_one(ActivityCard)
        shown.set_present(self._session.presence.others)
        shown.set_card(card, inboxes)

    async def on_thread_view_older_wanted(self, event: requests.OlderWanted) -> None:
        """Read the page before the first message held."""
        if self._feed is not None:
            await self._feed.older(event.before)

    async def on_thread_view_newer_wanted(self, event: requests.NewerWanted) -> None:
        """Read the page after the last message held."""
        if self._feed is not None:
            await self._feed.newer(event.after)

    async def on_thread_view_latest_wanted(self, event: requests.LatestWanted) -> None:
        """Read the end of the thread."""
        if self._feed is not None:
            await self._feed.latest()

    @property
    def marked_text(self) -> str:
        """What is marked with the mouse in the thread; empty when nothing is."""
        return next((thread.marked_text for thread in self.query(ThreadPreview)), "")

    def on_click(self) -> None:
        """Open the person, unless the mouse marked text."""
        if not self.marked_text:
            self._choose(None)

    def on_messaging_section_channel_chosen(self, event: MessagingSection.ChannelChosen) -> None:
        """Open the person on the channel that was clicked."""
        event.stop()
        self._choose(event.channel)

    def _choose(self, channel: Channel | None) -> None:
        if self._shown is not None:
            self.post_message(self.Chosen(self._shown, channel))

"""In wide terminals: the card of the person under the cursor, beside the list."""

import asyncio
from dataclasses import dataclass
from typing import cast

from textual import work
from textual.containers import Container
from textual.message import Message

from contacts_tui import services
from contacts_tui.domain.channel import Channel
from contacts_tui.screens.base import AgentScreen
from contacts_tui.screens.session import AgentSession
from contacts_tui.widgets.activity_card import ActivityCard
from contacts_tui.widgets.messaging_section import MessagingSection

PAUSE = 0.15
"""Seconds that the cursor rests on a person before their card is read: running through the list reads none."""


class ContactPreview(Container):
    """To be looked at and clicked: the keys stay with the list."""

    DEFAULT_CSS = """
    ContactPreview { width: 44; height: 100%; }
    """

    @dataclass
    class Chosen(Message):
        """The card was clicked: the agent wants to see the person, on a channel if that was clicked."""

        contact_id: int
        channel: Channel | None

    def __init__(self, session: AgentSession) -> None:
        super().__init__()
        self._session = session
        self._shown: int | None = None

    @work(exclusive=True, exit_on_error=False)
    async def show(self, contact_id: int | None) -> None:
        """Shows a person as they are now; None for nobody."""
        await asyncio.sleep(PAUSE)
        try:
            await self._show(contact_id)
        except Exception as error:
            # Nothing else would be told: what a worker comes to is told to its own widget alone.
            cast("AgentScreen[object]", self.screen).tell(error)

    async def _show(self, contact_id: int | None) -> None:
        card = None
        if contact_id is not None:
            card = await self._session.read(services.people.card, contact_id, self._session.agent)
        self._shown = None if card is None else contact_id
        if card is None:
            await self.remove_children()
            return
        inboxes = {inbox.id: inbox for inbox in await self._session.read(services.inboxes.listed)}
        if not self.children:
            await self.mount(ActivityCard(self._session.clock, self._session.agent))
            self.query_one(MessagingSection).can_focus = False
        self.query_one(ActivityCard).set_card(card, inboxes)

    def on_click(self) -> None:
        """Opens the person."""
        self._choose(None)

    def on_messaging_section_channel_chosen(self, event: MessagingSection.ChannelChosen) -> None:
        """Opens the person on the channel that was clicked."""
        event.stop()
        self._choose(event.channel)

    def _choose(self, channel: Channel | None) -> None:
        if self._shown is not None:
            self.post_message(self.Chosen(self._shown, channel))

"""In wide terminals: the card of the person under the cursor, beside the list."""

import asyncio
from typing import cast

from textual import work
from textual.containers import Container

from contacts_tui import services
from contacts_tui.screens.base import DeskScreen
from contacts_tui.screens.desk import Desk
from contacts_tui.widgets.activity_card import ActivityCard

PAUSE = 0.15
"""Seconds that the cursor rests on a person before their card is read: running through the list reads none."""


class PersonBeside(Container):
    """Only to be looked at: the keys stay with the list."""

    DEFAULT_CSS = """
    PersonBeside { width: 44; height: 100%; }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(disabled=True)
        self._desk = desk

    @work(exclusive=True, exit_on_error=False)
    async def show(self, contact_id: int | None) -> None:
        """Shows a person as they are now; None for nobody."""
        await asyncio.sleep(PAUSE)
        try:
            await self._show(contact_id)
        except Exception as error:
            # Nothing else would hear of it: what a worker comes to is told to its own widget alone.
            cast("DeskScreen[object]", self.screen).tell(error)

    async def _show(self, contact_id: int | None) -> None:
        card = None if contact_id is None else await self._desk.read(services.people.card, contact_id)
        if card is None:
            await self.remove_children()
            return
        inboxes = {inbox.id: inbox for inbox in await self._desk.read(services.inboxes.listed)}
        if not self.children:
            await self.mount(ActivityCard(self._desk.clock, self._desk.agent))
        self.query_one(ActivityCard).set_card(card, inboxes)

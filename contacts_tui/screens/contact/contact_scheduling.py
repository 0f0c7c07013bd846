"""Sending later from a contact's screen: when a message is to be sent, and a line on what is scheduled."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from contacts_tui import services
from contacts_tui.commands import typing_key_of
from contacts_tui.domain import typed_time
from contacts_tui.domain.media import NO_TEXT
from contacts_tui.domain.message import Message
from contacts_tui.domain.scheduled import Scheduled
from contacts_tui.domain.template import TemplateChoice
from contacts_tui.domain.text import one_line
from contacts_tui.screens.base import sentence_of
from contacts_tui.screens.contact.contact_thread import ContactThread
from contacts_tui.screens.scheduling.schedule_dialog import ask_when
from contacts_tui.screens.scheduling.scheduled_list import list_scheduled, undoable_with_draft
from contacts_tui.widgets.composer import Composer
from contacts_tui.widgets.plain_text import Plain

if TYPE_CHECKING:
    from contacts_tui.services.queue import Done

Storing = Callable[[datetime, Callable[[], Awaitable[None]]], Awaitable["tuple[Message, Done] | None"]]
"""Stores what is sent at a time; the second argument stores it again after the agent was asked whether to write."""


class ContactScheduling(ContactThread):
    """The part of a contact's screen for messages that are sent later."""

    async def on_composer_later_wanted(self, event: Composer.LaterWanted) -> None:
        """Ask when to send the text, and schedule it."""
        await self._schedule(partial(self._composition.schedule, event.text))

    async def _schedule_template(self, after: int, choice: TemplateChoice) -> None:
        await self._schedule(partial(self._composition.schedule_template, choice, after), has_template=True)

    async def _schedule(self, store: Storing, *, has_template: bool = False) -> None:
        route = self._state.route
        if route is None:
            return

        async def fault(due: datetime) -> str:
            try:
                outlook = services.scheduled.outlook
                to, at = route.identity.id, route.inbox.id
                _, reason = await self.session.read(outlook, self.session.agent, to, at, due, has_template=has_template)
                return reason
            except Exception as error:
                return sentence_of(error)

        async def chosen(due: datetime | None) -> None:
            if due is None:
                return
            stored = await store(due, lambda: chosen(due))
            if stored is None:
                return
            message, done = stored
            with self.telling():
                zone = await self.session.read(services.agents.zone, self.session.agent)
                words = f"message to {self._person} scheduled for {typed_time.told(due, self.session.clock(), zone)}"
                self.say(undoable_with_draft(self, message.contact_id, done.batch, words))
                await self._read_card()
                if route.conversation_id is None:
                    self._show_target(self._state.begun(message.conversation_id).target, hold=True)
                await self._show_thread()

        with self.telling():
            await ask_when(self, self._person, fault, chosen)

    async def action_scheduled(self) -> None:
        """List what is scheduled to the person."""
        if self._card is not None:
            self.say("")
            with self.telling():
                await list_scheduled(self, self._contact_id, self._person)

    async def _read_card(self) -> None:
        await super()._read_card()
        listed = await self.session.read(services.scheduled.listed, self._contact_id)
        zone = await self.session.read(services.agents.zone, self.session.agent) if listed else None
        line = self.query_one("#scheduled", Plain)
        line.display = zone is not None
        if zone is not None:
            line.show(_still_to_come(listed, typed_time.told(listed[0].due_at, self.session.clock(), zone)))


def _still_to_come(listed: tuple[Scheduled, ...], told: str) -> Content:
    """Return the line on what is scheduled to the person: the next message, due at `told`, and how many more."""
    first, others = listed[0], len(listed) - 1
    wrote = any(one.wrote_since for one in listed)
    begin = "They wrote since: will still be sent" if wrote else "Will be sent"
    more = f" · and {others} more" if others else ""
    style = "$text-warning" if wrote else "$text-muted"
    said = one_line(first.message.body) or NO_TEXT
    key = typing_key_of("contact.scheduled")
    return Content.assemble((f"{begin} {told}{more} · {key} changes it", style), ("  ", style), (said, "$text-muted"))

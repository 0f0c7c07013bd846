"""An open contact: the person, the target that the agent writes to, and the thread that belongs to it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from textual.app import App

from contacts_tui import services
from contacts_tui.domain.presence import Presence, sentences, with_person
from contacts_tui.domain.reachability import ChannelState, Reach
from contacts_tui.domain.views import ContactCard, Route
from contacts_tui.screens.base import AgentScreen
from contacts_tui.screens.contact import contact_words as words
from contacts_tui.screens.contact.compose import Composition
from contacts_tui.screens.contact.contact_state import ContactState
from contacts_tui.screens.contact.reading import Reading
from contacts_tui.screens.contact.routes import Target, routes_by, target_of
from contacts_tui.screens.contact.thread_feed import ThreadFeed
from contacts_tui.screens.person.person_files import PersonFiles
from contacts_tui.widgets.activity_card import ActivityCard
from contacts_tui.widgets.command_button import CommandButton
from contacts_tui.widgets.messaging_section import MessagingSection
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.thread.view import ThreadView

UNFOLDED = 100
"""Columns from which the card is shown beside the thread; with fewer, it is one line, and a page of its own."""


class OpenContact(PersonFiles, AgentScreen[None]):
    """Holds the one state of a contact's screen, replaces it as a whole, and passes it down to the screen's parts."""

    _thread: ThreadView
    _feed: ThreadFeed
    _reading: Reading
    _composition: Composition

    def __init__(self, contact_id: int) -> None:
        super().__init__()
        self._state = ContactState(contact_id)

    @property
    def _contact_id(self) -> int:
        return self._state.contact_id

    @property
    def _card(self) -> ContactCard | None:
        return self._state.card

    @property
    def _person(self) -> str:
        return self._state.person

    @property
    def _channels(self) -> Sequence[ChannelState]:
        return self._state.channels

    async def _read_card(self) -> None:
        inboxes = {inbox.id: inbox for inbox in await self.session.read(services.inboxes.listed)}
        card = await self.session.read(services.people.card, self._contact_id, self.session.agent)
        self._state = replace(self._state, card=card, inboxes=inboxes)
        self._show_card()

    async def after_edit(self) -> None:
        """Show the person, and the notes on them, as they are now."""
        with self.telling():
            await self._read_card()
            await self._feed.read_remarks()

    async def before_forgetting(self) -> None:
        """Store the draft: it is forgotten with the person, and nothing is left that would be stored again."""
        await self._composition.save_draft()

    async def after_forgetting(self) -> None:
        """Go back: there is no person to show any more."""
        self.dismiss(None)

    def _leave_nobody(self) -> None:
        """Go back from a person who was forgotten, or whose adding was undone, and say there what was said here.

        With a text typed for them, or under another screen, stay and say why: the text can be copied.
        """
        if self.is_current and self._composition.is_empty:
            told = self.query_one("#line", Plain).text or f"{self._person} is no longer in the store."
            self.app.notify(told)
            self.dismiss(None)
        else:
            self.say(words.nobody())

    def _show_card(self) -> None:
        state, card = self._state, self._state.card
        if card is None:
            return
        standing = words.standing(card, self.session.agent, self.session.clock()) if self._is_folded else ""
        self.query_one("#title", Plain).show(
            words.title(
                card.contact,
                self.app.size.width - 2,
                timeline=state.all_channels,
                standing=standing,
                with_initials=not self._is_folded,
            ),
            layout=False,
        )
        self.query_one("#fold", Plain).show(words.folded_card(card, state.channels), layout=False)
        self.query_one(ActivityCard).set_card(
            card, state.inboxes, state.channels, None if state.target is None else state.target.channel
        )

        self._show_present(self.session.presence.others)

    def _show_present(self, others: tuple[Presence, ...]) -> None:
        """Say who has the person open in other programs, and who is writing; `others` are those of all people."""
        words = sentences(with_person(others, self._contact_id), self.session.agent, self._person)
        line = self.query_one("#presence", Plain)
        line.set_class(not words, "-empty")
        line.show(words, layout=False)
        self.query_one(ActivityCard).set_present(others)

    async def _open_route(self, route: Route) -> None:
        """Write on a route, and show the thread of its conversation."""
        await self._open_target(await target_of(self.session, route))

    async def _open_target(self, target: Target, *, chosen: bool = True) -> None:
        """Write on a target, and show its thread. One that the agent has chosen comes forward, with the focus."""
        await self._composition.open(replace(self._state, target=target))
        self._state = replace(self._state, target=target, left=None)
        if chosen:
            self.remove_class("-card")
        await self._show_thread()
        self._show_target(target, hold=False)
        if chosen:
            self._composition.focus()
            self._reading.look()

    async def _open_none(self) -> None:
        """Show a person without any conversation: which channels can be used, or where it says why none can."""
        await self._show_thread()
        self._show_target(None, hold=False)
        self._composition.focus()

    def _show_target(self, target: Target | None, *, hold: bool) -> None:
        self._state = replace(self._state, target=target)
        self._composition.show(self._state, hold=hold)
        self._show_card()
        if self._card is not None:
            self._feed.show_empty(self._state)
        self.query_one("#compose-template", CommandButton).display = bool(self.check_action("template", ()))
        self.refresh_bindings()

    async def _show_allowed(self, *, hold: bool) -> None:
        """Ask again what the target allows, and show it; for one without a route, whether there is one by now."""
        target = self._state.target
        if target is None or self._card is None:
            return
        if target.route is None:
            await self._look_for_route(target, hold=hold)
            return
        now = await target_of(self.session, target.route)
        if self._state.target is not target:
            return
        begun = now.route is not None and target.route.conversation_id is None and now.route.conversation_id is not None
        self._show_target(now, hold=hold)
        if begun:
            await self._show_thread()

    async def _look_for_route(self, target: Target, *, hold: bool) -> None:
        """Show what a channel without a route allows by now. Open its route if it has one; of several, let choose."""
        assert self._card is not None
        state = self._card.state_of(target.channel)
        found, best = await routes_by(self.session, self._contact_id, state)
        if self._state.target is not target:
            return
        if best is None:
            self._show_target(Target(state), hold=hold)
        elif found.must_ask and state.reach is not Reach.CLOSED:
            self._show_target(None, hold=hold)
        else:
            await self._open_target(await target_of(self.session, best), chosen=False)

    def shows(self, contact_id: int) -> bool:
        """Return whether this person is open here."""
        return self._contact_id == contact_id

    async def keep_draft(self) -> None:
        """Store the draft."""
        await self._composition.save_draft()

    async def show_draft(self) -> None:
        """Show the draft as it is stored now, and the thread without the messages that were removed."""
        await self._composition.read_draft_again()
        await self._read_card()
        await self._show_thread()

    async def _show_thread(self) -> None:
        if self._card is not None:
            await self._feed.open(self._state)
            self._show_card()

    @property
    def _is_folded(self) -> bool:
        return self.app.size.width < UNFOLDED

    @property
    def _is_card(self) -> bool:
        """Whether the card is shown in place of the thread and the composer."""
        return self._is_folded and self.has_class("-card")

    def _focus_section(self) -> None:
        self.add_class("-card")
        self.query_one(MessagingSection).focus()


@asynccontextmanager
async def draft_in_step(app: App[None], contact_id: int) -> AsyncIterator[None]:
    """Keep the composer in step with a person's draft, which the block changes in the store.

    Where the person is open, store what is typed before the block, and show the stored draft after it.
    """
    if (screen := _open_at(app, contact_id)) is not None:
        await screen.keep_draft()
    yield
    if (screen := _open_at(app, contact_id)) is not None:
        await screen.show_draft()


def _open_at(app: App[None], contact_id: int) -> OpenContact | None:
    stack = (screen for screen in reversed(app.screen_stack) if isinstance(screen, OpenContact))
    return next((screen for screen in stack if screen.shows(contact_id)), None)

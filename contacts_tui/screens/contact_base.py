"""A contact that stands open: the person, the target of what is written, and the thread that belongs to it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from textual.css.query import NoMatches

from contacts_tui import services
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.reachability import ChannelState
from contacts_tui.domain.text import one_line
from contacts_tui.domain.views import ContactCard, Route
from contacts_tui.screens import contact_words as words
from contacts_tui.screens.base import sentence_of
from contacts_tui.screens.compose import Composition
from contacts_tui.screens.merge_actions import MergeKeys
from contacts_tui.screens.reading import Reading
from contacts_tui.screens.routes import Target, target_of
from contacts_tui.screens.thread_feed import ThreadFeed
from contacts_tui.widgets.activity_card import ActivityCard
from contacts_tui.widgets.command_button import CommandButton
from contacts_tui.widgets.messaging_section import MessagingSection
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.thread.view import ThreadView

UNFOLDED = 100
"""Columns from which the card stands beside the thread; below, it is one line and a page of its own."""


class OpenContact(MergeKeys):
    """Shows one person from one state: the card as it was read, and the target that the place to write holds."""

    _thread: ThreadView
    _feed: ThreadFeed
    _reading: Reading
    _composition: Composition

    def __init__(self, contact_id: int) -> None:
        super().__init__()
        self._contact_id = contact_id
        self._card: ContactCard | None = None
        self._inboxes: dict[int, Inbox] = {}

    @property
    def _person(self) -> str:
        return one_line(self._card.contact.name) if self._card is not None else ""

    @property
    def _channels(self) -> Sequence[ChannelState]:
        """The channels as they are shown: where a target is open, what it allows."""
        if self._card is None:
            return ()
        target = self._composition.target
        return self._card.channels if target is None else target.among(self._card.channels)

    async def _read_card(self) -> None:
        self._inboxes = {inbox.id: inbox for inbox in await self.session.read(services.inboxes.listed)}
        self._card = await self.session.read(services.people.card, self._contact_id, self.session.agent)
        self._show_card()

    def _show_card(self) -> None:
        if self._card is None:
            return
        target = self._composition.target
        standing = words.standing(self._card, self.session.agent, self.session.clock()) if self._is_folded else ""
        self.query_one("#title", Plain).show(
            words.title(self._card.contact.name, timeline=self._feed.all_channels, standing=standing), layout=False
        )
        self.query_one("#fold", Plain).show(words.folded_card(self._card, self._channels), layout=False)
        self.query_one(ActivityCard).set_card(
            self._card, self._inboxes, self._channels, None if target is None else target.channel
        )

    async def _open_route(self, route: Route) -> None:
        """Writes from there, with the thread of that conversation."""
        await self._open_target(await target_of(self.session, route))

    async def _open_target(self, target: Target) -> None:
        await self._composition.open(target, self._person)
        self.remove_class("-card")
        await self._show_thread(timeline=self._feed.all_channels)
        self._show_target(target, hold=False)
        self._composition.focus()
        self._reading.look()

    async def _open_none(self) -> None:
        """Nobody was spoken to: which channels could be used, or where the reasons are."""
        await self._show_thread(timeline=self._feed.all_channels)
        self._show_target(None, hold=False)
        self._composition.focus()

    def _show_target(self, target: Target | None, *, hold: bool) -> None:
        self._composition.show(target, self._card.channels if self._card is not None else (), hold=hold)
        self._show_card()
        if self._card is not None:
            self._feed.set_empty(words.empty_thread(self._card, self._inboxes, target))
        self.query_one("#compose-template", CommandButton).display = bool(self.check_action("template", ()))
        self.refresh_bindings()

    async def _show_state(self, *, hold: bool) -> None:
        """Asks anew what the target allows. One without a way opens when there is a way by now."""
        target = self._composition.target
        if target is None or self._card is None:
            return
        if target.route is None:
            state = next(state for state in self._card.channels if state.channel is target.channel)
            self._show_target(Target(state), hold=hold)
            return
        now = await target_of(self.session, target.route)
        begun = now.route is not None and target.route.conversation_id is None and now.route.conversation_id is not None
        self._show_target(now, hold=hold)
        if begun:
            await self._show_thread(timeline=self._feed.all_channels)

    def shows(self, contact_id: int) -> bool:
        """Return whether this person stands open here."""
        return self._contact_id == contact_id

    async def keep_draft(self) -> None:
        """Store what is typed."""
        await self._composition.save_draft()

    async def show_draft(self) -> None:
        """Show the draft as it is stored now, and the thread without what was removed."""
        await self._composition.read_draft_again()
        await self._read_card()
        await self._show_thread(timeline=self._feed.all_channels)

    async def _show_thread(self, *, timeline: bool) -> None:
        if self._card is None:
            return
        target = self._composition.target
        route = target.route if target is not None else None
        conversation = route.conversation_id if route is not None else None
        empty = words.empty_thread(self._card, self._inboxes, target)
        await self._feed.open(self._contact_id, self._person, conversation, all_channels=timeline, empty=empty)
        self._show_card()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What a service or the store refuses is said to the agent. Who has left meanwhile is told nothing."""
        try:
            yield
        except NoMatches:
            if not self._is_left:
                raise
        except Exception as error:
            self.say(sentence_of(error))

    @property
    def _is_left(self) -> bool:
        """Whether the screen was closed, perhaps in the middle of a reading: its parts are gone then."""
        return self not in self.app.screen_stack

    def say(self, sentence: str) -> None:
        """Says it in the line at the bottom. Who has left is told nothing."""
        if not self._is_left:
            super().say(sentence)

    @property
    def _is_folded(self) -> bool:
        return self.app.size.width < UNFOLDED

    def _focus_section(self) -> None:
        self.add_class("-card")
        self.query_one(MessagingSection).focus()

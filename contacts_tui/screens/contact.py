"""A contact: the thread, the place to write, and the card."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.css.query import NoMatches

from contacts_tui import services
from contacts_tui.commands import Scope
from contacts_tui.domain.change import Change, ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import Message
from contacts_tui.domain.reachability import Reach
from contacts_tui.domain.text import one_line
from contacts_tui.domain.views import ContactCard, Route
from contacts_tui.screens import contact_words as words
from contacts_tui.screens.base import sentence_of
from contacts_tui.screens.contact_moves import goes_on_with, is_other
from contacts_tui.screens.merge_keys import MergeKeys
from contacts_tui.screens.message_details import MessageDetails
from contacts_tui.screens.pace import Pace
from contacts_tui.screens.received_files import ReceivedFiles
from contacts_tui.screens.remedy import Remedy
from contacts_tui.screens.route_picker import RoutePicker
from contacts_tui.screens.routes import latest_route, routes_by
from contacts_tui.screens.template_picker import TemplateChoice, TemplatePicker
from contacts_tui.screens.thread_feed import ThreadFeed
from contacts_tui.screens.writing import Writing
from contacts_tui.widgets.activity_card import ActivityCard
from contacts_tui.widgets.attachment_chip import AttachmentChip
from contacts_tui.widgets.closed_notice import ClosedNotice
from contacts_tui.widgets.composer import Composer
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.messaging_section import MessagingSection
from contacts_tui.widgets.plain import Plain
from contacts_tui.widgets.thread_view import ThreadView

REFRESH = 20.0
"""Seconds between two looks at what time alone changes: windows, local times, ages."""

_QUIET = frozenset({ChangeKind.DRAFT, ChangeKind.SETTING})
"""Changes that nothing on this screen shows."""

_UNFOLDED = 100
"""Columns from which the card stands beside the thread; below, it is one line and a page of its own."""

_log = logging.getLogger(__name__)


class ContactScreen(MergeKeys):
    """Where an agent reads and answers one person."""

    CSS_PATH = "contact.tcss"
    AUTO_FOCUS = ""
    SCOPES = (Scope.CONTACT, Scope.COMPOSER, Scope.THREAD, Scope.MESSAGING)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.CONTACT)
    # Textual declares it as an instance's.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_UNFOLDED, "-wide"), (160, "-vast")]  # noqa: RUF012

    def __init__(self, contact_id: int) -> None:
        super().__init__()
        self._contact_id = contact_id
        self._card: ContactCard | None = None
        self._inboxes: dict[int, Inbox] = {}
        self._draft_in_danger = False
        """Whether leaving was refused once because the draft could not be stored."""
        self._asked: Channel | None = None
        """The channel that was wanted last and is closed: its link is the one to copy."""
        self._pace = Pace(self._refresh, self.tell)

    def compose(self) -> ComposeResult:
        """The thread with the place to write, the card beside it, a line for what went wrong, the keys."""
        yield Plain(id="title")
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield Plain(id="fold")
                yield ThreadView(self.desk.clock, self.desk.agent)
                yield AttachmentChip()
                yield Composer()
                yield ClosedNotice()
            yield ActivityCard(self.desk.clock, self.desk.agent)
        yield Plain(id="line", classes="-empty")
        yield CommandFooter()

    def on_mount(self) -> None:
        """Reads the person, then follows what changes."""
        self._thread = self.query_one(ThreadView)
        self._feed = ThreadFeed(self.desk, self._thread)
        self._writing = Writing(self, self.desk, self._say)
        self._files = ReceivedFiles(self, self.desk, self._say)
        self._remedy = Remedy(self, self.desk, self._say)
        self._say("Reading …")
        self.changes.subscribe(self, self._on_changes)
        self.set_interval(REFRESH, self._pace.ask)
        self.call_next(self._open)

    # Opening.

    async def _open(self) -> None:
        with self._telling():
            await self._read_card()
            if self._card is None:
                self._say("This person is not in the store any more. Esc goes back.")
                return
            route = await latest_route(self.desk, self._contact_id)
            self._say("")
            if route is not None:
                await self._open_route(route)
            else:
                await self._show_no_route(self._card)
        self.run_worker(self._pace.run(), group="card", exit_on_error=False)

    async def _read_card(self) -> None:
        self._inboxes = {inbox.id: inbox for inbox in await self.desk.read(services.inboxes.listed)}
        self._card = await self.desk.read(services.people.card, self._contact_id)
        self._show_card()

    def _show_card(self) -> None:
        if self._card is None:
            return
        route = self._writing.route
        current = route.inbox.channel if route is not None else None
        self.query_one("#title", Plain).show(
            words.title(self._card.contact.name, timeline=self._feed.all_channels), layout=False
        )
        self.query_one("#fold", Plain).show(words.folded_card(self._card), layout=False)
        self.query_one(ActivityCard).set_card(self._card, self._inboxes, current)

    async def _open_route(self, route: Route) -> None:
        await self._writing.open(route, self._person)
        self.remove_class("-card")
        await self._show_thread(timeline=self._feed.all_channels)
        await self._show_state(hold=False)
        self._writing.focus()
        self._mark_read()

    async def _show_no_route(self, card: ContactCard) -> None:
        await self._show_thread(timeline=self._feed.all_channels)
        if self._is_folded:
            self._say(words.nothing_yet(card, self._inboxes))
        self._focus_section()

    async def _show_thread(self, *, timeline: bool) -> None:
        if self._card is None:
            return
        route = self._writing.route
        if route is None:
            empty = words.nothing_yet(self._card, self._inboxes)
        else:
            empty = f"No messages by {route.inbox.channel.label} yet. What you write below begins the conversation."
        conversation = route.conversation_id if route is not None else None
        await self._feed.open(self._contact_id, self._person, conversation, all_channels=timeline, empty=empty)
        self._show_card()

    @property
    def _person(self) -> str:
        return one_line(self._card.contact.name) if self._card is not None else ""

    # Staying up to date.

    async def _show_state(self, *, hold: bool) -> None:
        route, card = self._writing.route, self._card
        if route is None or card is None:
            return
        state = await self.desk.read(services.reach.state, route.identity.id, route.inbox.id)
        if route.conversation_id is None and state.conversation_id is not None:
            self._writing.route = replace(route, conversation_id=state.conversation_id)
            await self._show_thread(timeline=self._feed.all_channels)
        self._writing.show_state(state, card.channels, hold=hold)
        self.refresh_bindings()

    async def _refresh(self) -> None:
        """A look at everything, in the screen's own turn: never in the middle of a send or of opening a route."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.call_next(self._look_again, done)
        await done

    async def _look_again(self, done: "asyncio.Future[None]") -> None:
        try:
            with self._telling():
                await self._follow_moves()
                if self._writing.route is None:
                    route = await latest_route(self.desk, self._contact_id)
                    if route is not None:
                        self._say("")
                        await self._open_route(route)
                else:
                    await self._show_state(hold=True)
                    self._thread.refresh_day()
        except Exception as error:
            if not done.done():
                done.set_exception(error)
        else:
            if not done.done():
                done.set_result(None)

    async def _follow_moves(self) -> None:
        """Reads the card, and goes along when this contact, or the address written to, became somebody else's."""
        before, moved = self._card, await goes_on_with(self.desk, self._contact_id, self._writing.route)
        if moved is not None:
            self._contact_id, sentence = moved
            self._say(sentence)
        await self._read_card()
        if self._card is not None and before is not None and is_other(before, self._card):
            self._writing.rename(self._person)
            await self._show_thread(timeline=self._feed.all_channels)

    async def _on_changes(self, batch: tuple[Change, ...]) -> None:
        ours = [change for change in batch if change.contact_id in (self._contact_id, None)]
        if not any(change.kind not in _QUIET for change in ours):
            return
        try:
            with self._telling():
                await self._feed.follow(ours)
                if any(change.kind is ChangeKind.MESSAGE for change in ours):
                    self._mark_read()
        except Exception as error:
            self.tell(error)
        self._pace.ask()

    def _mark_read(self) -> None:
        """Beside the screen's own turns: keys must not wait for other programs that write to the store."""
        route = self._writing.route
        if self.desk.store.read_only:
            return
        if self.is_current and route is not None and route.conversation_id is not None:
            # Given to the store before the worker begins: the screen may be left at once.
            writing = self.desk.run(services.messaging.mark_read, route.conversation_id)
            self._write_read(asyncio.ensure_future(writing))

    @work(group="read", exit_on_error=False)
    async def _write_read(self, writing: asyncio.Future[None]) -> None:
        with self._telling():
            await writing

    def on_screen_resume(self) -> None:
        """What came while another screen stood above is seen now."""
        if self._card is not None:
            self._mark_read()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What a service or the store refuses is said to the agent. Who has left meanwhile is told nothing."""
        try:
            yield
        except NoMatches:
            if not self._is_left:
                raise
        except Exception as error:
            self._say(sentence_of(error))

    @property
    def _is_left(self) -> bool:
        """Whether the screen was closed, perhaps in the middle of a reading: its parts are gone then."""
        return self not in self.app.screen_stack

    def _say(self, sentence: str) -> None:
        line = next(iter(self.query("#line").results(Plain)), None)
        # At the end of the program the widgets go before the screen does.
        if self._is_left or line is None:
            return
        line.set_class(not sentence, "-empty")
        line.show(one_line(sentence))

    # Choosing a channel.

    async def action_channel(self, channel: str) -> None:
        """Writes on a channel, or says why that is not possible."""
        await self._choose(Channel(channel))

    async def on_messaging_section_channel_chosen(self, event: MessagingSection.ChannelChosen) -> None:
        """Writes on a channel."""
        await self._choose(event.channel)

    async def _choose(self, channel: Channel) -> None:
        if self._card is None:
            return
        state = next(state for state in self._card.channels if state.channel is channel)
        self._asked = channel
        with self._telling():
            found, best = await routes_by(self.desk, self._contact_id, state)
            self._say(words.closed(state) if state.reach is Reach.CLOSED else "")
            if best is None or (state.reach is Reach.CLOSED and best.conversation_id is None):
                return
            here = self._writing.route
            if found.must_ask or (found.threads > 1 and here is not None and here.inbox.channel is channel):
                self.app.push_screen(RoutePicker(self._person, found), self._route_chosen)
            else:
                await self._open_route(best)
                if found.threads > 1:
                    self._say(words.other_threads(channel, found.threads))

    def action_copy_link(self) -> None:
        """Copies the link by which the person can write first."""
        link = self._link()
        if link:
            self.app.copy_to_clipboard(link)
            self._say(words.copied(link))

    def _link(self) -> str:
        if self._card is None:
            return ""
        section, route = self.query_one(MessagingSection), self._writing.route
        here = route.inbox.channel if route is not None else None
        return words.link(self._card, section.cursor if section.has_focus else self._asked or here)

    async def _route_chosen(self, route: Route | None) -> None:
        if route is None:
            return
        with self._telling():
            await self._open_route(route)

    # Writing.

    async def on_composer_submitted(self, event: Composer.Submitted) -> None:
        """Sends. A window that closed meanwhile opens the templates, with the text on offer."""
        await self._submit(event.text, event.rest)

    async def _submit(self, text: str, rest: str) -> None:
        message = await self._writing.submit(text, rest, again=lambda: self._submit(text, rest))
        if message is not None:
            await self._sent(message)
            return
        state, card = self._writing.state, self._card
        if state is not None and card is not None and state.reach is not Reach.OPEN:
            self._writing.show_state(state, card.channels, hold=False)
            self._writing.focus()
            if state.reach is Reach.TEMPLATE:
                await self.action_template()

    async def _sent(self, message: Message) -> None:
        route = self._writing.route
        with self._telling():
            if route is not None and route.conversation_id is None:
                self._writing.route = replace(route, conversation_id=message.conversation_id)
                await self._show_thread(timeline=self._feed.all_channels)
            else:
                self._thread.put(await self.desk.read(services.threads.views, [message.id]))
        self._thread.go_to_end()

    def on_composer_refused(self, event: Composer.Refused) -> None:
        """Says why the text can't go."""
        self._say(event.sentence)

    def on_composer_page_wanted(self, event: Composer.PageWanted) -> None:
        """Scrolls the thread while the cursor stays in the text."""
        self._thread.page(event.direction)

    def on_text_area_changed(self) -> None:
        """Keeps the draft."""
        self._writing.typed()

    async def on_descendant_blur(self) -> None:
        """Leaving the field stores the draft."""
        await self._writing.save_draft()

    def typed(self) -> str:
        """The text in the field, under the name of whom it is for."""
        if self._card is None or (route := self._writing.route) is None or not self._writing.text.strip():
            return ""
        return f"{words.recipient(self._person, route)}\n{self._writing.text}"

    async def store_what_is_typed(self) -> None:
        """Stores the draft. Before the person was read there is none."""
        if self._card is not None and not await self._writing.save_draft():
            _log.error("the draft to contact %s was not stored", self._contact_id)

    async def on_unmount(self) -> None:
        """Quitting stores the draft."""
        if not await self._writing.save_draft():
            _log.error("the draft to contact %s was not stored", self._contact_id)

    @on(ClosedNotice.TemplateWanted)
    async def action_template(self) -> None:
        """Selects a template."""
        route, card, state = self._writing.route, self._card, self._writing.state
        if route is None or card is None or state is None:
            return
        try:
            found = await self.desk.read(services.templates.listed, route.inbox.id)
        except Exception as error:
            self._say(sentence_of(error))
            return
        begins = state.reach is Reach.TEMPLATE
        picker = TemplatePicker(card.contact, route, found, typed=self._writing.text, begins=begins)
        self.app.push_screen(picker, self._template_chosen)

    async def _template_chosen(self, choice: TemplateChoice | None) -> None:
        if choice is None:
            return
        message = await self._writing.send_template(choice, again=lambda: self._template_chosen(choice))
        if message is not None:
            await self._sent(message)

    # The thread.

    async def on_thread_view_older_wanted(self, event: ThreadView.OlderWanted) -> None:
        """Brings the page before."""
        with self._telling():
            await self._feed.older(event.before)

    async def on_thread_view_newer_wanted(self, event: ThreadView.NewerWanted) -> None:
        """Brings the page after."""
        with self._telling():
            await self._feed.newer(event.after)

    async def on_thread_view_latest_wanted(self, event: ThreadView.LatestWanted) -> None:
        """Brings the end."""
        with self._telling():
            await self._feed.latest()

    async def on_thread_view_retry_wanted(self, event: ThreadView.RetryWanted) -> None:
        """Queues a failed message again: a new attempt."""
        await self._remedy.retry(event.message_id)

    async def on_thread_view_arrived_wanted(self, event: ThreadView.ArrivedWanted) -> None:
        """Settles a doubt."""
        await self._remedy.arrived(event.message_id)

    async def on_thread_view_instead_wanted(self, event: ThreadView.InsteadWanted) -> None:
        """Puts a failed message into the composer of the next channel."""
        await self._write_instead(event.message_id, None)

    def on_thread_view_details_wanted(self, event: ThreadView.DetailsWanted) -> None:
        """Shows every try to send a message."""

        async def leave(channel: Channel | None) -> None:
            if channel is not None:
                await self._write_instead(event.message_id, channel)

        self.app.push_screen(MessageDetails(event.message_id, self._person), leave)

    async def _write_instead(self, message_id: int, channel: Channel | None) -> None:
        """To the channel chosen, or the first one offered, with the text in the place to write; nothing is sent."""
        with self._telling():
            ledger = await self.desk.read(services.messaging.ledger, message_id)
            fallback = ledger.view.instead if ledger is not None else None
            offer = fallback.on(channel) if fallback is not None else None
            await self._read_card()
            if offer is None or self._card is None:
                self._say("That channel is not open any more: the messaging section says why.")
                return
            state = next(state for state in self._card.channels if state.channel is offer.channel)
            _, route = await routes_by(self.desk, self._contact_id, state)
            if route is not None:
                await self._open_route(route)
                self._writing.take_over(offer.refit, self._taken_over)

    async def _taken_over(self) -> None:
        if self._writing.state is not None and self._writing.state.reach is Reach.TEMPLATE:
            await self.action_template()

    async def on_thread_view_save_wanted(self, event: ThreadView.SaveWanted) -> None:
        """Saves what came with a message."""
        with self._telling():
            await self._files.ask(event.view)

    async def on_thread_view_open_wanted(self, event: ThreadView.OpenWanted) -> None:
        """Shows what came with a message."""
        with self._telling():
            await self._files.open(event.view)

    async def action_attach(self) -> None:
        """Chooses a file to go with the text."""
        with self._telling():
            await self._writing.attaching.choose()

    async def action_detach(self) -> None:
        """Takes the file off."""
        await self._writing.attaching.take_off()

    # Around the screen.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Templates belong to WhatsApp, the card is asked for where it is folded."""
        if action == "template":
            state = self._writing.state if self._card is not None else None
            return state is not None and state.channel is Channel.WHATSAPP and state.reach is not Reach.CLOSED
        if action == "attach":
            return self._card is not None and self._writing.route is not None
        if action == "detach":
            return self._card is not None and bool(self._writing.attaching.path)
        if action == "copy_link":
            return bool(self._link())
        return super().check_action(action, parameters)

    @property
    def merge_subject(self) -> int | None:
        """This person."""
        return self._contact_id if self._card is not None else None

    def after_merge(self) -> None:
        """The keys go to the thread, so that one of them can undo."""
        self._thread.focus()

    async def action_show_tab(self, timeline: int) -> None:
        """The conversation (0) or the timeline (1)."""
        with self._telling():
            await self._show_thread(timeline=bool(timeline))

    async def action_tab(self) -> None:
        """The other tab."""
        await self.action_show_tab(not self._feed.all_channels)

    def action_card(self) -> None:
        """To the card, and back to the text."""
        if self.query_one(MessagingSection).has_focus and self._writing.route is not None:
            self.remove_class("-card")
            self._writing.focus()
        else:
            self._focus_section()

    @property
    def _is_folded(self) -> bool:
        return self.app.size.width < _UNFOLDED

    def _focus_section(self) -> None:
        self.add_class("-card")
        self.query_one(MessagingSection).focus()

    async def action_back(self) -> None:
        """From the card to the text, from the text to the thread, from there back to People."""
        if self._is_folded and self.has_class("-card") and self._writing.route is not None:
            self.action_card()
        elif self._writing.has_focus:
            self._thread.focus()
        else:
            await self.action_leave()

    async def action_leave(self) -> None:
        """Back to People. A draft that can't be stored holds the agent back once."""
        if await self._writing.save_draft() or self._draft_in_danger:
            self.dismiss(None)
        else:
            self._draft_in_danger = True

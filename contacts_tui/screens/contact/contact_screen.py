"""A contact's screen: the thread, the place to write, and the card."""

import asyncio
import logging
from dataclasses import replace
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from contacts_tui import garbage, services
from contacts_tui.commands import BY_ID, Scope
from contacts_tui.domain.change import Change, ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.message import Message
from contacts_tui.domain.reachability import Reach
from contacts_tui.domain.views import Route
from contacts_tui.screens.contact import contact_words as words
from contacts_tui.screens.contact.compose import Composition
from contacts_tui.screens.contact.contact_base import UNFOLDED
from contacts_tui.screens.contact.contact_piping import ContactPiping
from contacts_tui.screens.contact.merged_contacts import goes_on_with, is_other
from contacts_tui.screens.contact.reading import Reading
from contacts_tui.screens.contact.received_files import ReceivedFiles
from contacts_tui.screens.contact.retry import RetryActions
from contacts_tui.screens.contact.route_picker import RoutePicker
from contacts_tui.screens.contact.routes import Target, latest_route, routes_by
from contacts_tui.screens.contact.thread_feed import ThreadFeed
from contacts_tui.screens.contact.thread_pictures import ThreadPictures
from contacts_tui.screens.throttle import Throttle
from contacts_tui.terminal.hyperlinks import has_hyperlinks
from contacts_tui.widgets.activity_card import ActivityCard
from contacts_tui.widgets.attachment_chip import AttachmentChip
from contacts_tui.widgets.closed_notice import ClosedNotice
from contacts_tui.widgets.command_button import CommandButton
from contacts_tui.widgets.composer import Composer
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.messaging_section import MessagingSection
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.thread.view import ThreadView

REFRESH = 20.0
"""Seconds between two refreshes of what changes with time alone: windows, local times, ages."""

_QUIET = frozenset({ChangeKind.DRAFT, ChangeKind.SETTING})
"""Kinds of changes that nothing on this screen shows."""

_log = logging.getLogger(__name__)


class ContactScreen(ContactPiping):
    """The screen in which an agent reads and answers one person."""

    CSS_PATH = "contact_screen.tcss"
    AUTO_FOCUS = ""
    SCOPES = (Scope.CONTACT, Scope.COMPOSER, Scope.CLOSED, Scope.THREAD, Scope.MESSAGING, Scope.CARD)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.CONTACT)
    # Textual declares it as an attribute of instances.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (UNFOLDED, "-wide"), (160, "-vast")]  # noqa: RUF012

    def __init__(self, contact_id: int, channel: Channel | None = None, told: str = "") -> None:
        """Open on `channel`, as if its key were pressed; without it, on the latest conversation.

        `told` says what was done with the person before this one, and is shown here.
        """
        super().__init__(contact_id)
        self._wanted = channel
        self._told = told
        self._draft_in_danger = False
        """Whether leaving was refused once because the draft could not be stored."""
        self._throttle = Throttle(self._refresh, self.tell)

    def compose(self) -> ComposeResult:
        """Yield the thread with the place to write, the card beside it, a line for what is told, and the keys."""
        yield Plain(id="title")
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield Plain(id="fold")
                yield ThreadView(self.session.clock, self.session.agent, hyperlinks=has_hyperlinks())
                yield Plain(id="scheduled")
                yield Plain(id="presence", classes="-empty")
                yield AttachmentChip()
                with Horizontal(id="compose"):
                    yield Composer()
                    with Vertical(id="compose-buttons"):
                        yield CommandButton("composer.send", "Send")
                        yield CommandButton("contact.template", "Select Template", id="compose-template")
                yield ClosedNotice()
            yield ActivityCard(self.session.clock, self.session.agent)
        yield Plain(id="line", classes="-empty")
        yield CommandFooter()

    def on_mount(self) -> None:
        """Read the person, then follow what changes."""
        self._thread = self.query_one(ThreadView)
        self._feed = ThreadFeed(self.session, self._thread, self._state)
        self._composition = Composition(self, self._state)
        self._files = ReceivedFiles(self)
        self._pictures = ThreadPictures(self, self._thread)
        self._retry_actions = RetryActions(self)
        self._reading = Reading(self, self.session, self._thread, lambda: bool(self._thread.region))
        self.say("Reading …")
        self.changes.subscribe(self, self._on_changes)
        self.session.presence.open(self, self._contact_id)
        self.agent_app.presence.subscribe(self, self._show_present)
        self.set_interval(REFRESH, self._throttle.ask)
        self.watch(self.app, "app_focus", self._on_terminal_focus, init=False)
        self.call_next(self._open)

    # Opening.

    async def _open(self) -> None:
        with self.telling():
            await self._read_card()
            if self._card is None:
                self.say(words.nobody())
                return
            route = await latest_route(self.session, self._contact_id)
            self.say("")
            if route is not None:
                await self._open_route(route)
            else:
                await self._open_none()
            if self._wanted is not None:
                await self._choose(self._wanted)
            if self._told:
                self.say(self._told)
        self.call_after_refresh(garbage.leave_out, "contact")
        self.run_worker(self._throttle.run(), group="card", exit_on_error=False)

    # Staying up to date.

    async def _refresh(self) -> None:
        """Refresh everything, in the screen's own turn: never in the middle of a send or of opening a route."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.call_next(self._look_again, done)
        await done

    async def _look_again(self, done: "asyncio.Future[None]") -> None:
        try:
            with self.telling():
                await self._look_at_everything()
        except Exception as error:
            if not done.done():
                done.set_exception(error)
        else:
            if not done.done():
                done.set_result(None)

    async def _look_at_everything(self) -> None:
        await self._follow_moves()
        if self._card is None:
            self._leave_nobody()
            return
        if self._state.target is not None:
            await self._show_allowed(hold=True)
            self._thread.refresh_day()
            return
        route = await latest_route(self.session, self._contact_id)
        if route is not None:
            self.say("")
            await self._open_route(route)
        else:
            self._show_target(None, hold=True)

    async def _follow_moves(self) -> None:
        """Read the card; if this contact was merged, or the open address was moved, go on with the other contact."""
        before, moved = self._card, await goes_on_with(self.session, self._contact_id, self._state.route)
        if moved is not None:
            contact_id, sentence = moved
            self._state = replace(self._state, contact_id=contact_id)
            self.session.presence.open(self, contact_id)
            self.say(sentence)
        await self._read_card()
        if self._card is not None and before is not None and is_other(before, self._card):
            self._composition.rename(self._state)
            await self._show_thread()

    async def _on_changes(self, batch: tuple[Change, ...]) -> None:
        ours = [change for change in batch if change.contact_id in (self._contact_id, None)]
        if not any(change.kind not in _QUIET for change in ours):
            return
        try:
            with self.telling():
                await self._feed.follow(ours, is_read=self._reading.is_attentive)
        except Exception as error:
            self.tell(error)
        self._throttle.ask()

    def _on_terminal_focus(self, focused: bool) -> None:
        """Begin to read, or stop; focus the place to write, if nothing has the focus when the agent comes back."""
        self._reading.look()
        if focused and self.is_current and self.focused is None:
            self._composition.focus()

    def on_screen_resume(self) -> None:
        """Begin to read: what came while another screen was above is seen now."""
        if self._card is not None:
            self._reading.look()

    def on_screen_suspend(self) -> None:
        """Stop reading: nothing is read behind another screen."""
        self._reading.look()

    # Choosing a channel.

    async def action_channel(self, channel: str) -> None:
        """Write on a channel, or say why that is not possible."""
        await self._choose(Channel(channel))

    async def on_messaging_section_channel_chosen(self, event: MessagingSection.ChannelChosen) -> None:
        """Write on the channel that was chosen on the card."""
        await self._choose(event.channel)

    async def _choose(self, channel: Channel) -> None:
        """Open a channel: its composer, or in its place why it can't be used. If it is open, ask for another route."""
        if self._card is None:
            return
        state = self._card.state_of(channel)
        with self.telling():
            self.say("")
            found, best = await routes_by(self.session, self._contact_id, state)
            target = self._state.target
            is_again = target is not None and target.channel is channel and len(found.routes) > 1
            if best is None:
                await self._open_target(Target(state))
            elif is_again or (found.must_ask and state.reach is not Reach.CLOSED):
                self.app.push_screen(RoutePicker(self._person, found), self._route_chosen)
            else:
                await self._open_route(best)
                if found.threads > 1:
                    self.say(words.other_threads(channel, found.threads))
                elif target is not None and target.channel is channel:
                    self.say(f"{channel.label} is chosen already.")

    async def _route_chosen(self, route: Route | None) -> None:
        if route is None:
            return
        with self.telling():
            if route.inbox.is_connected:
                choose = services.messaging.choose_route
                await self.session.run(choose, route.identity.id, route.inbox.id, self.session.agent)
            await self._open_route(route)

    # Composition.

    async def on_command_button_wanted(self, event: CommandButton.Wanted) -> None:
        """Run the command of a button in the place to write."""
        command = BY_ID[event.command_id]
        node = self.query_one(Composer) if command.scope is Scope.COMPOSER else self
        await self.app.run_action(command.action, node)

    def on_closed_notice_typed(self, event: ClosedNotice.Typed) -> None:
        """Say that what was typed is ignored."""
        self.say(words.nowhere(self._state.allowed))

    def on_key(self, event: events.Key) -> None:
        """Keep letters from being commands, unless the thread or the messaging section has the focus.

        Insert into the composer what is typed before it has the focus; where there is none, say that it is ignored.
        """
        if not event.is_printable or self._thread.has_focus or self.query_one(MessagingSection).has_focus:
            return
        event.stop().prevent_default()
        composer = self.query_one(Composer)
        if event.character is not None and composer.display and self.focused in (composer, None) and not self._is_card:
            composer.insert(event.character)
            self._composition.focus()
        elif self._composition.is_in_sight and not composer.display:
            self.say(words.nowhere(self._state.allowed))

    async def on_composer_submitted(self, event: Composer.Submitted) -> None:
        """Send the text. If the window closed meanwhile, open the template picker, with the text on offer."""
        await self._submit(event.text, event.rest, event.goes_on)

    async def _submit(self, text: str, rest: str, goes_on: bool) -> None:
        route = self._state.route
        outcome = await self._composition.submit(text, rest, again=lambda: self._submit(text, rest, goes_on))
        if isinstance(outcome, Message):
            await self._sent(outcome, goes_on=goes_on and not rest)
            return
        target = self._state.target if outcome is None else Target(outcome, route)
        if target is not None and target.state.reach is not Reach.OPEN:
            self._show_target(target, hold=False)
            self._composition.focus()
            if target.state.reach is Reach.TEMPLATE:
                await self.action_template()

    def on_composer_refused(self, event: Composer.Refused) -> None:
        """Say why the text can't be sent, or can't be changed."""
        self._composition.refuse(event.sentence)

    def on_composer_page_wanted(self, event: Composer.PageWanted) -> None:
        """Scroll the thread while the cursor stays in the text."""
        self._thread.page(event.direction)

    def on_text_area_changed(self) -> None:
        """Keep the draft."""
        self._composition.typed()

    async def on_descendant_blur(self) -> None:
        """Store the draft when the field loses the focus, and clear the last refusal."""
        self._composition.forget_refusal()
        await self._composition.save_draft()

    def typed(self) -> str:
        """Return the text in the field, under a line that says whom it is for; empty without a text."""
        if self._card is None or (route := self._state.route) is None or not self._composition.text.strip():
            return ""
        return f"{words.recipient(self._person, route)}\n{self._composition.text}"

    async def store_what_is_typed(self) -> None:
        """Store the draft. Before the person was read there is none."""
        if self._card is not None and not await self._composition.save_draft():
            _log.error("the draft to contact %s was not stored", self._contact_id)

    async def on_unmount(self) -> None:
        """Store the draft, and tell other programs that the person isn't open here any more."""
        self.session.presence.leave(self)
        if not await self._composition.save_draft():
            _log.error("the draft to contact %s was not stored", self._contact_id)

    async def action_attach(self) -> None:
        """Ask for a file to send with the text."""
        with self.telling():
            await self._composition.attaching.choose()

    async def action_detach(self) -> None:
        """Remove the file from the draft."""
        await self._composition.attaching.take_off()

    # Around the screen.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: templates belong to WhatsApp, files to free text (asked by Textual)."""
        if action == "template":
            state = self._state.allowed if self._card is not None else None
            return state is not None and state.channel is Channel.WHATSAPP and state.reach is not Reach.CLOSED
        if action == "unread":
            return self._card is not None and self._state.conversation_id is not None
        if action == "attach":
            return self._card is not None and self._state.route is not None and self._composition.takes_text
        if action == "detach":
            return self._card is not None and bool(self._composition.attaching.path)
        return super().check_action(action, parameters)

    @property
    def merge_subject(self) -> int | None:
        """The id of this person; None before they were read, and when they are no longer in the store."""
        return self._contact_id if self._card is not None else None

    def after_merge(self) -> None:
        """Focus the thread, so that the key that undoes works."""
        self._thread.focus()

    @on(events.Click, "#fold")
    def action_card(self) -> None:
        """Go to the card, or from there back to the place to write."""
        if self.query_one(ActivityCard).has_focus_within:
            self._leave_card()
        else:
            self._focus_section()

    def _leave_card(self) -> None:
        self.remove_class("-card")
        self._composition.focus()
        self._reading.look()

    async def action_back(self) -> None:
        """Go from the card to the text, from the text to the thread, from there back to People."""
        if self.query_one(ActivityCard).has_focus_within or self._is_card:
            self._leave_card()
        elif self._composition.has_focus:
            self._thread.focus()
        else:
            await self.action_leave()

    async def action_leave(self) -> None:
        """Go back to People. If the draft can't be stored, stay the first time."""
        if await self._is_draft_safe():
            self.dismiss(None)

    async def before_quit(self) -> str | None:
        """Store the draft. Return that it is kept, empty without one; None the first time that it can't be stored."""
        if not await self._is_draft_safe():
            return None
        route = self._state.route
        if route is None or self._draft_in_danger or not self._composition.text.strip():
            return ""
        return f"Your unsent text to {self._person} by {route.inbox.channel.label} is kept as a draft."

    async def _is_draft_safe(self) -> bool:
        if await self._composition.save_draft():
            self._draft_in_danger = False
            return True
        was_told, self._draft_in_danger = self._draft_in_danger, True
        return was_told

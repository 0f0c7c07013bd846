"""The place to write: the composer with its draft while free text is allowed, else the notice that says why not."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import SuspendNotSupported
from textual.timer import Timer

from contacts_tui import services
from contacts_tui.commands import keys_of, typing_key_of
from contacts_tui.domain.fallback import Refit
from contacts_tui.domain.message import Begun
from contacts_tui.domain.reachability import ChannelState, Reach
from contacts_tui.domain.text import clean
from contacts_tui.domain.views import Route
from contacts_tui.screens.base import AgentScreen, sentence_of
from contacts_tui.screens.contact import contact_words as words
from contacts_tui.screens.contact.attachment import Attaching
from contacts_tui.screens.contact.contact_state import ContactState
from contacts_tui.screens.contact.drafts import PAUSE, Drafts
from contacts_tui.screens.dialogs import Decision
from contacts_tui.widgets.closed_notice import ClosedNotice
from contacts_tui.widgets.composer import Composer
from contacts_tui.widgets.plain_text import Plain

KEEP, BELOW, REPLACE = range(3)
"""What to do with a draft when another text is to be put into the field: the places of the answers below."""

_DRAFT_ANSWERS = ("keep the draft", "put the text below the draft", "put the text in place of the draft")


class WritingPlace:
    """The composer or the notice of one route, with its draft. No text is lost to a refusal or an error."""

    def __init__(self, screen: AgentScreen[Any], state: ContactState) -> None:
        self._screen = screen
        self._session = screen.session
        self._state = state
        self._composer = screen.query_one(Composer)
        self._notice = screen.query_one(ClosedNotice)
        self._place = screen.query_one("#compose")
        self._place.display = self._composer.display = self._notice.display = False
        self._drafts = Drafts(screen.session)
        self.attaching = Attaching(screen, state)
        """The file that is sent with the text."""
        self._submission: tuple[object, str] | None = None
        """What was tried to be sent and isn't stored, and its client id."""
        self._begun: int | None = None
        """The id of the newest message when the text or file was begun; None while there is neither."""
        self._refusal = ""
        self._pause: Timer | None = None

    @property
    def text(self) -> str:
        """The text that is typed and not sent."""
        return self._composer.text

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to send: no text, no file."""
        return not self.text.strip() and not self.attaching.path

    @property
    def has_focus(self) -> bool:
        """Whether the composer or the notice is shown and has the focus. One just hidden has it for a moment yet."""
        composer, notice = self._composer, self._notice
        return bool((composer.display and composer.has_focus) or (notice.display and notice.is_focused))

    @property
    def is_in_sight(self) -> bool:
        """Whether the composer or the notice is shown."""
        return bool(self._composer.display or self._notice.display)

    @property
    def takes_text(self) -> bool:
        """Whether the composer is shown."""
        return bool(self._composer.display)

    def focus(self) -> None:
        """Focus the composer or the notice, if either is shown."""
        if self._composer.display:
            self._composer.focus()
        elif self._notice.display:
            self._notice.take_focus()

    async def open(self, state: ContactState) -> None:
        """Write on the target of the state, with the draft stored for it; store the draft of the former route first.

        Raise what the services raise: then the former route stays open.
        """
        route, allowed = state.route, state.allowed
        await self._drafts.save(self._state, self.text, self._begun)
        text, held = await self._drafts.read(route), await self.attaching.read(route)
        after = await self._begun_on(route) if text or held.path else None
        # No await from here on, so that no key and no timer finds the text of one route with the name of another.
        self._state, self._submission, self._begun = state, None, after
        self._drafts.set_stored(text)
        if allowed is not None:
            self._composer.write_to(allowed.channel, allowed.limits, words.composer_title(state), text)
        self.attaching.open(state, held)

    def rename(self, state: ContactState) -> None:
        """Show again whom the text is for and on which channel, for a changed state; the text stays as it is."""
        self._state = state
        self._composer.set_title(words.composer_title(state))

    def show(self, state: ContactState, *, hold: bool) -> None:
        """Show the composer or the notice, by what the target allows now; without one, a choice of the usable channels.

        With `hold` a text being typed stays, though its channel closed: the agent is told, and Enter will say why.
        """
        allowed, channels = state.allowed, () if state.card is None else state.card.channels
        had_focus, writing = self.has_focus, allowed is not None and allowed.reach.takes_text
        self._state = state
        is_typing = self._composer.has_focus or not self._screen.app.app_focus
        if hold and allowed is not None and not writing and is_typing and self._composer.display and self.text.strip():
            self._screen.say(f"{words.closed(allowed)} Your text is kept.")
            return
        if allowed is None:
            self._notice.set_choice(channels)
        else:
            self.rename(state)
            self._composer.set_tag(words.tag(allowed, self._session.clock()))
            self._composer.set_window(words.window_left(allowed))
            self._composer.set_night(words.night(state, self._session.clock()))
            self._notice.set_state(allowed, channels)
        self._place.display = self._composer.display = writing
        self._notice.display = not writing
        self.attaching.show(state)
        if had_focus and not self.has_focus:
            self.focus()

    def take_over(self, refit: Refit, then: Callable[[], Awaitable[None]]) -> None:
        """Put another text into the field, and call `then`. Ask first about a draft there: the agent can go back."""
        draft = self.text

        async def answered(answer: int | None) -> None:
            if answer is None:
                return
            if answer == KEEP:
                self._screen.say("")
            else:
                self._composer.put(f"{draft.rstrip()}\n\n{refit.text}" if answer == BELOW else refit.text)
                self._screen.say(_taken_over(refit, self._state.allowed, self._composer.part[1]))
            self.focus()
            await then()

        if not draft.strip() or draft == refit.text:
            self._screen.call_next(answered, REPLACE)
        else:
            channel = self._composer.channel.label
            question = Decision(f"There is a draft on {channel} already", (draft,), _DRAFT_ANSWERS)
            self._screen.app.push_screen(question, answered)

    def insert(self, text: str | None) -> None:
        """Insert a text at the cursor, and send nothing; None inserts nothing. Focus the composer or the notice."""
        if text is not None:
            self._composer.insert(clean(text))
            self._screen.say("")
        self.focus()

    async def read_draft_again(self) -> None:
        """Show the draft as it is stored now: a text that was taken back is in it."""
        route = self._state.route
        if route is not None:
            text = await self._drafts.read(route)
            self._drafts.set_stored(text)
            self._composer.put(text)
            self.focus()

    async def edit(self) -> None:
        """Let the agent change the text in their own editor. Raise what the service raises."""
        app = self._screen.app
        try:
            with app.suspend():
                # In a thread: the outbox goes on meanwhile. An error must not be raised inside `suspend`, because then
                # the app would not get the terminal back.
                (edited,) = await asyncio.gather(
                    asyncio.to_thread(services.desktop.edit, self.text), return_exceptions=True
                )
        except SuspendNotSupported:
            self._screen.say("An editor can't be opened in this terminal.")
            return
        if isinstance(edited, BaseException):
            raise edited
        self._composer.put(edited)
        self.focus()

    async def begun_after(self) -> int:
        """Return the id of the newest message when the text or file was begun; of the newest one now without either."""
        return await self._begun_on(self._state.route) if self._begun is None else self._begun

    async def _known(self, after: int | None = None) -> Begun:
        """Return what the agent knew when they began: up to the message `after`, or `begun_after` if that is None."""
        return Begun(await self.begun_after() if after is None else after, frozenset(self._session.known_answers))

    async def _begun_on(self, route: Route | None) -> int:
        if route is None:
            return 0
        return await self._session.read(services.collision.begun_after, route.identity.id, route.inbox.id)

    async def _begin(self) -> None:
        route = self._state.route
        try:
            after = await self.begun_after()
        except Exception as error:
            # A defect is raised. A store that is away must not stop the typing: it is asked again at the next letter.
            sentence_of(error)
            return
        if self._begun is None and self._state.route == route:
            self._begun = after

    async def discard(self) -> bool:
        """Remove the typed text and the file, from the stored draft too. If that fails, say so and return False."""
        self._composer.put("")
        if self.attaching.path:
            await self.attaching.take_off()
        is_stored = await self.save_draft() and not self.attaching.path
        self.focus()
        return is_stored

    def refuse(self, sentence: str) -> None:
        """Say why something can't be done with the text, until it changes or the composer loses the focus."""
        self._refusal = sentence
        self._screen.say(sentence)

    def forget_refusal(self) -> None:
        """Clear the last refusal, if it is still shown: the text has changed, or the composer lost the focus."""
        if self._refusal and self._screen.query_one("#line", Plain).text == self._refusal:
            self._screen.say("")
        self._refusal = ""

    def typed(self) -> None:
        """Handle a changed text: clear the refusal, note when it was begun, and store the draft after a pause."""
        self.forget_refusal()
        if not self.text.strip() and not self.attaching.path:
            self._begun = None
        elif self._begun is None:
            self._screen.call_next(self._begin)
        self.attaching.show(self._state)
        if self._state.route is not None and not self._drafts.is_stored(self.text):
            self._session.presence.typed(self.text)
            if self._pause is not None:
                self._pause.stop()
            self._pause = self._screen.set_timer(PAUSE, self._paused)

    async def _paused(self) -> None:
        await self.save_draft()

    async def save_draft(self) -> bool:
        """Store the draft now, or say why it isn't stored. Return whether all that is typed is safe."""
        if self._composer.is_under_way:
            return True
        try:
            await self._drafts.save(self._state, self.text, self._begun)
        except Exception as error:
            self._screen.say(f"The draft was not stored: {sentence_of(error)}")
            return False
        return True


def _taken_over(refit: Refit, state: ChannelState | None, parts: int) -> str:
    """Return what the agent has to know of a text put into the field; `parts` is 0 if it is sent as one."""
    if state is not None and state.reach is Reach.TEMPLATE:
        key = typing_key_of("templates.text")
        return f"The text is kept as a draft: {key} puts it into a field of the template."
    send = keys_of("composer.send")
    note = f" Note: {refit.note}." if refit.note else ""
    each = f" Press {send} for each part; it sends up to the cursor." if parts else ""
    return f"The text is in the composer; {send} sends it.{note}{each}"

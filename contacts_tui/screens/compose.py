"""The place to write: the composer with its draft while free text is allowed, else the notice that says why not."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported
from textual.screen import Screen
from textual.timer import Timer

from contacts_tui import services
from contacts_tui.commands import keys_of, typing_key_of
from contacts_tui.domain.fallback import Refit
from contacts_tui.domain.message import Message, NewMessage
from contacts_tui.domain.reachability import ChannelState, Reach
from contacts_tui.domain.template import TemplateChoice
from contacts_tui.domain.text import begun, clean, one_line
from contacts_tui.domain.views import Route
from contacts_tui.screens import contact_words as words
from contacts_tui.screens.attachment import Attaching
from contacts_tui.screens.base import sentence_of
from contacts_tui.screens.dialogs import Decision
from contacts_tui.screens.drafts import PAUSE, Drafts
from contacts_tui.screens.routes import Target
from contacts_tui.screens.session import AgentSession
from contacts_tui.screens.stop_question import ask_about_stop
from contacts_tui.widgets.closed_notice import ClosedNotice
from contacts_tui.widgets.composer import Composer

if TYPE_CHECKING:
    from contacts_tui.services.errors import MayWantToStop

KEEP, BELOW, REPLACE = range(3)
"""What becomes of a draft when a text is brought along."""

_DRAFT_ANSWERS = ("keep the draft", "put the text below the draft", "put the text in place of the draft")


class Composition:
    """Writes to one route. Every refusal and error becomes a sentence, and no text is lost to either.

    All its calls come from the screen's own handlers, so one ends before the next begins.
    """

    def __init__(self, screen: Screen[None], session: AgentSession, say: Callable[[str], None]) -> None:
        """`say` shows a sentence to the agent; an empty one takes the last away."""
        self._screen = screen
        self._session = session
        self._say = say
        self._composer = screen.query_one(Composer)
        self._notice = screen.query_one(ClosedNotice)
        self._place = screen.query_one("#compose")
        self._place.display = self._composer.display = self._notice.display = False
        self._drafts = Drafts(session)
        self.attaching = Attaching(screen, session, say)
        """The file that goes with the text."""
        self._submission: tuple[tuple[str, str], str] | None = None
        """Text with file, and client id, of a submission that failed: the same goes again under the same id."""
        self._pause: Timer | None = None
        self._target: Target | None = None

    @property
    def target(self) -> Target | None:
        """Where the text goes, and what may be sent there; None before a channel is chosen."""
        return self._target

    @property
    def route(self) -> Route | None:
        """To whom and from where; None where there is no way."""
        return self._target.route if self._target is not None else None

    @property
    def state(self) -> ChannelState | None:
        """What may be sent there."""
        return self._target.state if self._target is not None else None

    @property
    def text(self) -> str:
        """What is typed and not sent."""
        return self._composer.text

    @property
    def has_focus(self) -> bool:
        """Whether the keys go here."""
        return self._composer.has_focus or self._notice.is_focused

    @property
    def is_in_sight(self) -> bool:
        """Whether anything stands here."""
        return bool(self._composer.display or self._notice.display)

    @property
    def takes_text(self) -> bool:
        """Whether the composer stands here."""
        return bool(self._composer.display)

    def focus(self) -> None:
        """The keys go to what stands here, if anything does."""
        if self._composer.display:
            self._composer.focus()
        elif self._notice.display:
            self._notice.take_focus()

    async def open(self, target: Target, name: str) -> None:
        """Writes somewhere else, with the draft that is kept there; the draft of before is stored first.

        `name` is the person's.
        """
        await self.save_draft()
        route = target.route
        text = "" if route is None else await self._drafts.open(route)
        if route is None:
            self._drafts.close()
        self._target, self._submission = target, None
        title = "" if route is None else words.recipient(name, route)
        self._composer.write_to(target.channel, target.state.limits, title, text)
        await self.attaching.open(route)

    def rename(self, name: str) -> None:
        """The person written to has another name now; the text stays as it is."""
        if self.route is not None:
            self._composer.set_title(words.recipient(name, self.route))

    def begun(self, conversation_id: int) -> None:
        """The conversation was begun by what was just sent."""
        if self._target is not None and self._target.route is not None:
            self._target = replace(self._target, route=replace(self._target.route, conversation_id=conversation_id))

    def show(self, target: Target | None, channels: Sequence[ChannelState], *, hold: bool) -> None:
        """Composer or notice, by what is allowed now; without a target a choice of the usable ones of `channels`.

        With `hold` a text being typed is not taken away: Enter will say what is the matter.
        """
        had_focus, writing = self.has_focus, target is not None and target.state.reach.takes_text
        self._target = target
        is_typing = self._composer.has_focus or not self._screen.app.app_focus
        if hold and target is not None and not writing and is_typing and self._composer.display and self.text.strip():
            self._say(f"{words.closed(target.state)} Your text is kept.")
            return
        if target is None:
            self._notice.set_choice(channels)
        else:
            self._composer.set_tag(words.tag(target.state, self._session.clock()))
            self._notice.set_state(target.state, channels)
        self._place.display = self._composer.display = writing
        self._notice.display = not writing
        self.attaching.show()
        if had_focus and not self.has_focus:
            self.focus()

    def take_over(self, refit: Refit, then: Callable[[], Awaitable[None]]) -> None:
        """Puts the text of another message into the field, and goes on with `then`. A draft there is asked about."""
        draft = self.text

        async def answered(answer: int | None) -> None:
            if answer is None:
                return
            if answer == KEEP:
                self._say("")
            else:
                self._composer.put(f"{draft.rstrip()}\n\n{refit.text}" if answer == BELOW else refit.text)
                self._say(_taken_over(refit, self.state, self._composer.part[1]))
            self.focus()
            await then()

        if not draft.strip() or draft == refit.text:
            self._screen.call_next(answered, REPLACE)
        else:
            channel = self._composer.channel.label
            question = Decision(f"There is a draft on {channel} already", (draft,), _DRAFT_ANSWERS)
            self._screen.app.push_screen(question, answered)

    def insert(self, text: str | None) -> None:
        """Puts a text where the cursor stands; None for none. Nothing is sent."""
        if text is not None:
            self._composer.insert(clean(text))
            self._say("")
        self.focus()

    async def read_draft_again(self) -> None:
        """Shows the draft as it is stored now: a text that was taken back is in it."""
        route = self.route
        if route is not None:
            self._drafts.close()
            self._composer.put(await self._drafts.open(route))
            self.focus()

    async def edit(self) -> None:
        """Lets the agent write in their own editor. Raises what the service raises."""
        app = self._screen.app
        try:
            with app.suspend():
                # Beside the loop: what waits to be sent goes on meanwhile. An error must not pass through the lending,
                # which would leave the terminal lent.
                (edited,) = await asyncio.gather(
                    asyncio.to_thread(services.desktop.edit, self.text), return_exceptions=True
                )
        except SuspendNotSupported:
            self._say("This terminal can't be lent to an editor.")
            return
        if isinstance(edited, BaseException):
            raise edited
        self._composer.put(edited)
        self.focus()

    async def submit(self, text: str, rest: str, again: Callable[[], Awaitable[None]]) -> Message | None:
        """Stores a message for the outbox. The text stays in the field until that is done, and `rest` after it.

        A file goes with the last part. Where they may want us to stop, the agent is asked, and `again` submits once
        more when they say so.

        Returns None when it is not stored; a channel that closed meanwhile is in `state` then.
        """
        route = self.route
        if route is None:
            self._composer.kept()
            return None
        content = text, self.attaching.path
        if self._submission is None or self._submission[0] != content:
            self._submission = content, services.messaging.new_uid()
        try:
            files = () if rest else await self.attaching.kept()
            # Only what stood on the border before Enter: a window that closed since is a question to the agent.
            is_tagged = self.state is not None and self.state.reach is Reach.TAGGED
            new = NewMessage(
                self._submission[1],
                text,
                files,
                author=self._session.agent,
                human_agent=is_tagged,
                hold=self._session.hold,
            )
            message = await self._session.run(
                services.messaging.send, route.identity.id, route.inbox.id, new, rest=rest
            )
        except Exception as error:
            self._composer.kept()
            await self.save_draft()
            if isinstance(error, services.errors.MayWantToStop):
                self._ask_about_stop(error, again)
                return None
            tagged = ""
            if isinstance(error, services.errors.Refused):
                self._target = Target(error.state, route)
                send = keys_of("composer.send")
                tagged = f". press {send} again to send it that way" if error.state.reach is Reach.TAGGED else ""
            self._say(f"Not sent, your text is kept. {begun(sentence_of(error))}{tagged}")
            return None
        self._submission = None
        number, of = self._composer.part
        self._composer.sent(text)
        if not rest:
            self.attaching.sent()
        self._drafts.was_sent(rest, self.text)
        self._say(
            f"Part {number} of {of} is on its way: {keys_of('composer.send')} sends the next, up to the cursor."
            if rest
            else ""
        )
        return message

    def _ask_about_stop(self, error: "MayWantToStop", again: Callable[[], Awaitable[None]]) -> None:
        self._say("")
        ask_about_stop(self._screen, self._session, self._say, error, again)

    async def send_template(self, choice: TemplateChoice, again: Callable[[], Awaitable[None]]) -> Message | None:
        """Stores a template message. Text that was typed stays a draft, unless it became one of the values.

        `again` sends once more when the agent was asked whether to write at all.
        """
        route = self.route
        if route is None:
            return None
        try:
            new = NewMessage(services.messaging.new_uid(), author=self._session.agent, hold=self._session.hold)
            message = await self._session.run(
                services.messaging.send, route.identity.id, route.inbox.id, new, template=choice
            )
        except Exception as error:
            if isinstance(error, services.errors.MayWantToStop):
                self._ask_about_stop(error, again)
            else:
                self._say(f"Not sent: {sentence_of(error)}")
            return None
        if self.text.strip() and one_line(self.text) in choice.values.values():
            self._composer.sent(self.text)
            await self.save_draft()
        self._say("")
        return message

    def typed(self) -> None:
        """Stores the draft once the agent pauses."""
        self.attaching.show()
        if self._drafts.note(self.text):
            if self._pause is not None:
                self._pause.stop()
            self._pause = self._screen.set_timer(PAUSE, self._paused)

    async def _paused(self) -> None:
        await self.save_draft()

    async def save_draft(self) -> bool:
        """Stores the draft now. Returns whether all that is typed is safe."""
        if self._composer.is_under_way:
            return True
        self._drafts.note(self.text)
        try:
            await self._drafts.save()
        except Exception as error:
            self._say(f"The draft was not stored: {sentence_of(error)}")
            return False
        return True


def _taken_over(refit: Refit, state: ChannelState | None, parts: int) -> str:
    """What to know of a text that was brought along, in how many parts it goes."""
    if state is not None and state.reach is Reach.TEMPLATE:
        key = typing_key_of("templates.text")
        return f"The text is kept as a draft: {key} puts it into a field of the template."
    send = keys_of("composer.send")
    note = f" Note: {refit.note}." if refit.note else ""
    each = f" Press {send} for each part; it sends up to the cursor." if parts else ""
    return f"The text is in the composer; {send} sends it.{note}{each}"

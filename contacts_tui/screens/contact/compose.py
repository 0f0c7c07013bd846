"""Sending and scheduling what the agent writes: a text, a file, a template, now or later."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from contacts_tui import services
from contacts_tui.commands import keys_of
from contacts_tui.domain.message import Message, NewMessage
from contacts_tui.domain.reachability import ChannelState, Reach
from contacts_tui.domain.template import TemplateChoice
from contacts_tui.domain.text import begun, one_line
from contacts_tui.screens.base import sentence_of
from contacts_tui.screens.contact.answered_question import ask_about_answers
from contacts_tui.screens.contact.stop_question import ask_about_stop
from contacts_tui.screens.contact.writing_place import WritingPlace

if TYPE_CHECKING:
    from contacts_tui.services.queue import Done


class Composition(WritingPlace):
    """Sends and schedules on the route of the state that it was given last.

    Every refusal and error is shown as a sentence, and no text is lost by it.
    """

    async def submit(self, text: str, rest: str, again: Callable[[], Awaitable[None]]) -> Message | ChannelState | None:
        """Store a message for the outbox. The text stays in the field until that is done, and `rest` after it.

        A file is sent with the last part. If the person may want us to stop, or was answered meanwhile, the agent is
        asked, and `again` submits once more if the agent sends anyway.

        Return the message. If it isn't stored, return what the channel allows now, if it closed meanwhile, else None.
        """
        route = self._state.route
        if route is None:
            self._composer.kept()
            return None
        uid = self._uid_of((text, self.attaching.path))
        try:
            files = () if rest else await self.attaching.kept()
            # Only if the border said so before Enter: if the window closed since then, the agent has to decide.
            is_tagged = self._state.allowed is not None and self._state.allowed.reach is Reach.TAGGED
            new = NewMessage(
                uid,
                text,
                files,
                author=self._session.agent,
                human_agent=is_tagged,
                begun=await self._known(),
                hold=self._session.hold,
            )
            message = await self._session.run(
                services.messaging.send, route.identity.id, route.inbox.id, new, rest=rest
            )
        except Exception as error:
            self._composer.kept()
            await self._keep_draft(error)
            if self._ask(error, again, self.discard):
                return None
            tagged, allowed = "", None
            if isinstance(error, services.errors.Refused):
                allowed = error.state
                send = keys_of("composer.send")
                tagged = f". Press {send} again to send it that way." if allowed.reach is Reach.TAGGED else ""
            self._screen.say(f"Not sent, your text is kept. {begun(sentence_of(error))}{tagged}")
            return allowed
        self._session.presence.typed("")
        self._submission = None
        self._session.known_answers.add(message.id)
        self._begun = message.id if rest else None
        number, of = self._composer.part
        self._composer.sent(text)
        if not rest:
            self.attaching.sent()
        self._drafts.set_sent(rest)
        self._screen.say(
            f"Part {number} of {of} is on its way: {keys_of('composer.send')} sends the next, up to the cursor."
            if rest
            else ""
        )
        return message

    async def schedule(
        self, text: str, due: datetime, again: Callable[[], Awaitable[None]]
    ) -> "tuple[Message, Done] | None":
        """Store a message that is sent at `due`, and return it with what undoes that; None if it isn't stored.

        The text stays in the field until then. `again` schedules once more if the agent was asked whether to write.
        """
        route = self._state.route
        if route is None:
            return None
        try:
            files = await self.attaching.kept()
            known = await self._known()
            new = NewMessage(
                self._uid_of((text, files, due)), text, files, author=self._session.agent, begun=known, due=due
            )
            stored = await self._session.run(services.scheduled.schedule, route.identity.id, route.inbox.id, new)
        except Exception as error:
            await self._keep_draft(error)
            if not self._ask(error, again, self.discard):
                self._screen.say(f"Not scheduled, your text is kept. {begun(sentence_of(error))}")
            return None
        self._session.known_answers.add(stored[0].id)
        self._begun = self._submission = None
        self._composer.sent(text)
        self.attaching.sent()
        self._drafts.set_sent("")
        return stored

    def _uid_of(self, what: object) -> str:
        """Return the client id for `what` is sent, the same at each try: an earlier one may have been stored."""
        if self._submission is None or self._submission[0] != what:
            self._submission = what, services.messaging.new_uid()
        return self._submission[1]

    async def _keep_draft(self, error: Exception) -> None:
        """Store the draft of a text that was not sent because of `error`."""
        if isinstance(error, services.errors.AnsweredSince):
            # An answer on this conversation removed its stored draft: the text has to be stored again.
            self._drafts.set_stored("")
        await self.save_draft()

    def _ask(
        self, error: Exception, again: Callable[[], Awaitable[None]], discard: Callable[[], Awaitable[bool]] | None
    ) -> bool:
        """Ask the agent whether to write at all, if `error` is MayWantToStop or AnsweredSince. Return whether it is."""
        if isinstance(error, services.errors.MayWantToStop):
            self._screen.say("")
            ask_about_stop(self._screen, error, again)
        elif isinstance(error, services.errors.AnsweredSince):
            self._screen.say("")
            ask_about_answers(self._screen, error, again, discard)
        else:
            return False
        return True

    async def send_template(
        self, choice: TemplateChoice, after: int, again: Callable[[], Awaitable[None]]
    ) -> Message | None:
        """Store a template message. Typed text stays a draft, unless it became one of the values.

        `after` is what `begun_after` returned when the agent began to choose a template; `again` sends once more if the
        agent was asked whether to write at all. Return None if the message isn't stored.
        """
        route = self._state.route
        if route is None:
            return None
        try:
            known = await self._known(after)
            new = NewMessage(self._uid_of(choice), author=self._session.agent, begun=known, hold=self._session.hold)
            message = await self._session.run(
                services.messaging.send, route.identity.id, route.inbox.id, new, template=choice
            )
        except Exception as error:
            if not self._ask(error, again, None):
                self._screen.say(f"Not sent: {sentence_of(error)}")
            return None
        self._session.known_answers.add(message.id)
        self._submission = None
        await self._went_as_value(choice)
        self._screen.say("")
        return message

    async def schedule_template(
        self, choice: TemplateChoice, after: int, due: datetime, again: Callable[[], Awaitable[None]]
    ) -> "tuple[Message, Done] | None":
        """Store a template message that is sent at `due`, as `send_template` does; return what `schedule` does."""
        route = self._state.route
        if route is None:
            return None
        try:
            known, agent = await self._known(after), self._session.agent
            new = NewMessage(self._uid_of((choice, due)), author=agent, begun=known, due=due)
            schedule = services.scheduled.schedule
            stored = await self._session.run(schedule, route.identity.id, route.inbox.id, new, template=choice)
        except Exception as error:
            if not self._ask(error, again, None):
                self._screen.say(f"Not scheduled: {sentence_of(error)}")
            return None
        self._session.known_answers.add(stored[0].id)
        self._submission = None
        await self._went_as_value(choice)
        return stored

    async def _went_as_value(self, choice: TemplateChoice) -> None:
        """Remove the typed text from the field and from the draft, if it became a value of the template."""
        if self.text.strip() and one_line(self.text) in choice.values.values():
            self._composer.sent(self.text)
            await self.save_draft()

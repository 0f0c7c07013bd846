"""What an agent does with the thread of a contact: read on in it, act on one of its messages, answer by a template."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from contacts_tui import services
from contacts_tui.commands import typing_key_of
from contacts_tui.domain.canned_reply import known_of
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.fallback import timeline_reply
from contacts_tui.domain.message import Message
from contacts_tui.domain.reachability import Reach
from contacts_tui.domain.template import TemplateChoice
from contacts_tui.screens.contact import contact_words as words
from contacts_tui.screens.contact.contact_base import OpenContact, draft_in_step
from contacts_tui.screens.contact.message_details import MessageDetails
from contacts_tui.screens.contact.received_files import ReceivedFiles
from contacts_tui.screens.contact.reply_picker import ReplyPicker
from contacts_tui.screens.contact.retry import RetryActions
from contacts_tui.screens.contact.routes import Target, routes_by, target_of
from contacts_tui.screens.contact.template_picker import Picked, TemplatePicker
from contacts_tui.screens.contact.thread_pictures import ThreadPictures
from contacts_tui.screens.contact.thread_search import ThreadSearch
from contacts_tui.widgets.composer import Composer
from contacts_tui.widgets.thread import requests


class ContactThread(OpenContact):
    """The thread's part of a contact's screen."""

    _files: ReceivedFiles
    _pictures: ThreadPictures
    _retry_actions: RetryActions

    def on_thread_view_end_seen(self, event: requests.EndSeen) -> None:
        """Begin to read: the end of the thread is in sight."""
        self._reading.look()

    def on_thread_view_pictures_seen(self, event: requests.PicturesSeen) -> None:
        """Fetch the pictures that came into view."""
        self._pictures.want(event.message_ids)

    async def on_thread_view_older_wanted(self, event: requests.OlderWanted) -> None:
        """Read the page before the first message held."""
        with self.telling():
            await self._feed.older(event.before)

    async def on_thread_view_newer_wanted(self, event: requests.NewerWanted) -> None:
        """Read the page after the last message held."""
        with self.telling():
            await self._feed.newer(event.after)

    async def on_thread_view_latest_wanted(self, event: requests.LatestWanted) -> None:
        """Read the end of the thread; say so if unread messages were skipped."""
        with self.telling():
            if await self._feed.latest():
                self.say("You skipped unread messages above. They stay unread until you scroll through them.")

    async def action_show_tab(self, timeline: int) -> None:
        """Show the conversation (0) or the timeline (1), in which the composer writes on the cheapest open channel.

        No text is moved to another channel: if one was begun, the channel stays.
        """
        if bool(timeline) == self._state.all_channels or self._card is None:
            return
        former = self._state
        had_thread = self._thread.has_focus
        self._state = replace(former, all_channels=bool(timeline), left=None)
        with self.telling():
            target = await self._cheapest() if timeline else former.left
            if target is not None and self._composition.is_empty:
                await self._open_target(target)
                self._state = replace(self._state, left=former.target if timeline else None)
            else:
                await self._show_thread()
                self._composition.rename(self._state)
                self.say(words.cheaper(self._state) if timeline and not self._composition.is_empty else "")
        if had_thread:
            self._thread.focus()

    async def _cheapest(self) -> Target | None:
        """Return the target of an answer from the timeline; None if its channel is chosen already, or it is unclear."""
        best = None if self._card is None else timeline_reply(self._card.channels)
        target = self._state.target
        if best is None or (target is not None and target.channel is best.channel):
            return None
        _, route = await routes_by(self.session, self._contact_id, best)
        return None if route is None else await target_of(self.session, route)

    async def action_tab(self) -> None:
        """Show the other tab."""
        await self.action_show_tab(not self._state.all_channels)

    def action_search(self) -> None:
        """Search the conversation, or in the timeline all channels, and go to the message that is chosen."""
        conversation = None if self._state.all_channels else self._state.conversation_id

        async def chosen(message_id: int | None) -> None:
            if message_id is not None:
                with self.telling():
                    await self._feed.go_to(message_id)
                self._thread.focus()

        if self._card is not None:
            self.app.push_screen(ThreadSearch(self._contact_id, self._person, conversation), chosen)

    async def on_thread_view_retry_wanted(self, event: requests.RetryWanted) -> None:
        """Queue a failed message again, as a new attempt; ask first if its outcome is unknown."""
        await self._retry_actions.retry(event.message_id)

    async def on_thread_view_arrived_wanted(self, event: requests.ArrivedWanted) -> None:
        """Mark a message as sent, once the agent says so."""
        await self._retry_actions.arrived(event.message_id)

    async def on_thread_view_instead_wanted(self, event: requests.InsteadWanted) -> None:
        """Put the text of a failed message into the composer of the best other channel."""
        await self._write_instead(event.message_id, None)

    def on_thread_view_details_wanted(self, event: requests.DetailsWanted) -> None:
        """Show every attempt to send a message."""

        async def leave(channel: Channel | None) -> None:
            if channel is not None:
                await self._write_instead(event.message_id, channel)

        self.app.push_screen(MessageDetails(event.message_id, self._person), leave)

    async def _write_instead(self, message_id: int, channel: Channel | None) -> None:
        """Put a message's text into the composer of that channel, or of the best one for None; send nothing."""
        with self.telling():
            ledger = await self.session.read(services.messaging.ledger, message_id)
            fallback = ledger.view.instead if ledger is not None else None
            offer = fallback.on(channel) if fallback is not None else None
            await self._read_card()
            if offer is None or self._card is None:
                self.say("That channel is no longer open: the messaging section says why.")
                return
            _, route = await routes_by(self.session, self._contact_id, self._card.state_of(offer.channel))
            if route is not None:
                await self._open_route(route)
                self._composition.take_over(offer.refit, self._taken_over)

    async def _taken_over(self) -> None:
        if self._state.allowed is not None and self._state.allowed.reach is Reach.TEMPLATE:
            await self.action_template()

    async def action_template(self) -> None:
        """Ask for a template, and send or schedule it."""
        target, card = self._state.target, self._card
        if target is None or target.route is None or card is None:
            return
        with self.telling():
            after = await self._composition.begun_after()
            found = await self.session.read(services.templates.listed, target.route.inbox.id)
            begins = target.state.reach is Reach.TEMPLATE
            picker = TemplatePicker(card.contact, target.route, found, typed=self._composition.text, begins=begins)
            self.app.push_screen(picker, partial(self._template_picked, after))

    async def on_composer_editor_wanted(self, event: Composer.EditorWanted) -> None:
        """Store the draft, then let the agent change the text in their own editor."""
        if await self._composition.save_draft():
            with self.telling():
                await self._composition.edit()

    async def on_composer_replies_wanted(self, event: Composer.RepliesWanted) -> None:
        """Offer the canned replies, filled in for this person, and insert the one that is chosen."""
        if self._card is None:
            return
        with self.telling():
            found = await self.session.read(services.canned_replies.listed, self.session.agent)
            picker = ReplyPicker(found, known_of(self._card.contact, self.session.agent))
            self.app.push_screen(picker, self._composition.insert)

    async def _template_picked(self, after: int, picked: Picked | None) -> None:
        if picked is not None and picked.is_for_later:
            await self._schedule_template(after, picked.choice)
        elif picked is not None:
            await self._send_template(after, picked.choice)

    async def _schedule_template(self, after: int, choice: TemplateChoice) -> None:
        """Ask when to send a template, and schedule it."""
        raise NotImplementedError

    async def _send_template(self, after: int, choice: TemplateChoice) -> None:
        again = partial(self._send_template, after, choice)
        message = await self._composition.send_template(choice, after, again)
        if message is not None:
            await self._sent(message)

    async def _sent(self, message: Message, *, goes_on: bool = False) -> None:
        """Show a stored message at the end of the thread; with `goes_on`, go to the next person instead."""
        told = self._can_be_taken_back(message, self._count_answer())
        self._state = replace(self._state, left=None)
        if goes_on:
            with self.telling():
                await self._go_on(f"Sent to {self._person}. {told}".strip())
            return
        if told:
            self.say(told)
        route = self._state.route
        with self.telling():
            if route is not None and route.conversation_id is None:
                self._show_target(self._state.begun(message.conversation_id).target, hold=True)
                await self._show_thread()
            else:
                self._thread.put(await self.session.read(services.threads.views, [message.id]))
        self._thread.go_to_end()

    def _can_be_taken_back(self, message: Message, waited: timedelta | None) -> str:
        """Let the undo key take back a message while it is held. Return the sentence that says so; empty with no hold.

        `waited` is how long the person had waited for it; None if they hadn't.
        """
        session, hold = self.session, self.session.hold
        if not hold:
            return ""
        app, person = self.app, self._person

        async def undo() -> str:
            async with draft_in_step(app, message.contact_id):
                taken = await session.run(services.messaging.take_back, message.id)
            session.walk.return_to([message.contact_id])
            if waited is not None:
                session.tally.not_answered(waited)
            again = " Attach the file again." if taken.media else ""
            return f"Undone: nothing was sent to {person}. The text is a draft again.{again}"

        session.undo_stack.push(f"the message to {person}", undo)
        self.refresh_bindings()
        return f"{typing_key_of('contact.undo')} undoes it within {hold.seconds} s."

    def _count_answer(self) -> timedelta | None:
        """Count the wait that this answer ends, and return how long it was; None if the person wasn't waiting."""
        entry = self._card.entry if self._card is not None else None
        if self._card is None or entry is None or entry.waiting_since is None:
            return None
        waited = self.session.clock() - entry.waiting_since
        self.session.tally.answered(waited)
        card = replace(self._card, entry=replace(entry, waiting_since=None, deadline=None))
        self._state = replace(self._state, card=card)
        return waited

    async def _go_on(self, told: str) -> None:
        """Go to the next person, and say `told` there."""
        raise NotImplementedError

    async def on_thread_view_save_wanted(self, event: requests.SaveWanted) -> None:
        """Ask where to save the files of a message, and save them."""
        with self.telling():
            await self._files.ask(event.view)

    async def on_thread_view_open_wanted(self, event: requests.OpenWanted) -> None:
        """Let the desktop show the files of a message."""
        with self.telling():
            await self._files.open(event.view)

    async def action_unread(self) -> None:
        """Mark the conversation as unread."""
        conversation = self._state.conversation_id
        if conversation is None:
            return
        with self.telling():
            first = await self.session.run(services.messaging.mark_unread, conversation)
            self._reading.keep_unread(conversation)
            self._feed.mark_unread(conversation, first)
            self.say("Marked as unread. It stays so until you open it again.")

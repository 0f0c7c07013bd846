"""The queue's part of a contact's screen: what is done with the person, and the way to the next one."""

from datetime import datetime
from typing import TYPE_CHECKING

from contacts_tui import services
from contacts_tui.commands import keys_of, typing_key_of
from contacts_tui.domain import snooze as sleeping
from contacts_tui.domain.durations import remaining_short
from contacts_tui.domain.presence import sentences, writers
from contacts_tui.domain.snooze import Snooze, Wake
from contacts_tui.domain.text import counted, one_line
from contacts_tui.domain.urgency import QueueEntry, State
from contacts_tui.screens.contact.contact_copying import ContactCopying
from contacts_tui.screens.dialogs import Decision, Question
from contacts_tui.screens.queue.assign_dialog import ask_whom
from contacts_tui.screens.queue.note_dialog import NoteDialog
from contacts_tui.screens.queue.queue_actions import act, add_note
from contacts_tui.screens.queue.snooze_dialog import ask_until_when

if TYPE_CHECKING:
    from contacts_tui.services.queue import Action

_END_ANSWERS = ("go back to People", "stay with this person")


class ContactQueue(ContactCopying):
    """Closes, snoozes and assigns the person. Where that leaves this agent nothing to do, the next person opens."""

    @property
    def _entry(self) -> QueueEntry | None:
        return self._card.entry if self._card is not None else None

    @property
    def _assignee(self) -> str:
        return self._card.contact.owner if self._card is not None else ""

    # What is done with the person.

    async def action_close(self) -> None:
        """Close the person, and go to the next one. Ask first if a message wasn't answered."""
        await self._close()

    async def _close(self) -> None:
        async def answered(closes: bool | None) -> None:
            if closes:
                await self._do(services.queue.Action(services.queue.Kind.CLOSE), goes_on=True)

        await self._read_again()
        entry = self._entry
        if entry is not None and entry.waiting_since is not None:
            since = remaining_short(self.session.clock() - entry.waiting_since)
            text = f"{self._person} has waited {since} for an answer. A new message opens them again."
            self.app.push_screen(Question("Close without an answer?", text), answered)
        else:
            await answered(True)

    async def action_snooze(self) -> None:
        """Ask until when to snooze the person, snooze them, and go to the next one."""
        if self._card is None:
            return
        with self.telling():
            await ask_until_when(self, self._person, self._window_until, self._snooze)

    async def _snooze(self, chosen: Snooze | None) -> None:
        if chosen is None:
            return
        zone = await self.session.read(services.agents.zone, self.session.agent)
        told = sleeping.told(chosen, self.session.clock(), zone)
        action = services.queue.Action(services.queue.Kind.SNOOZE, snooze=chosen)
        await self._do(action, told, goes_on=True)

    async def action_assign_me(self) -> None:
        """Assign the person to this agent; ask first if another agent has them, or is writing to them."""
        me, now = self.session.agent, self._assignee

        async def answered(takes: bool | None) -> None:
            if takes:
                await self._assign(me)

        if self._card is None:
            return
        writing = writers(self.session.presence.others, self._contact_id, me)
        told = [sentences(writing, me, self._person)]
        if now and now != me:
            told.insert(0, f"{self._person} is assigned to {one_line(now)}, who may be answering.")
        if any(told):
            whom = one_line(now if now and now != me else writing[0].agent)
            self.app.push_screen(Question(f"Take over from {whom}?", " ".join(filter(None, told))), answered)
        else:
            await self._assign(me)

    async def action_assign(self) -> None:
        """Ask whom to assign the person to, and do so; go to the next person if it is another agent."""
        if self._card is None:
            return
        with self.telling():
            await ask_whom(self, self._person, self._assignee, self._assign)

    async def _assign(self, name: str | None) -> None:
        if name is not None:
            action = services.queue.Action(services.queue.Kind.ASSIGN, name)
            await self._do(action, goes_on=name not in ("", self.session.agent))

    async def action_note(self) -> None:
        """Ask for a private note on the person, and store it."""
        if self._card is not None:
            self.app.push_screen(NoteDialog(self._contact_id, self._person), self._note)

    async def _note(self, text: str | None) -> None:
        if text is None:
            if self._contact_id in self.session.begun_notes:
                self.say(f"The note that you began is kept: {typing_key_of('contact.note')} goes on with it.")
            return
        with self.telling():
            told = await add_note(self, self._contact_id, text)
            await self._feed.read_remarks()
            self.say(told)
        self._thread.go_to_end()

    async def action_repeat(self) -> None:
        """Do with this person what was done with the last one."""
        action = self.session.last_action
        if action is None or self._card is None:
            return
        kinds = services.queue.Kind
        match action.kind:
            case kinds.CLOSE:
                await self._close()
            case kinds.ASSIGN:
                await self._assign(action.value)
            case kinds.SNOOZE:
                await self._snooze_like(action.snooze)
            case _:
                await self._do(action, goes_on=False)

    async def _snooze_like(self, before: Snooze | None) -> None:
        """Snooze this person as the last one: before their own window closes, if that was chosen. Or say why not."""
        with self.telling():
            if before is None:
                return
            now = self.session.clock()
            if before.wake is Wake.WINDOW:
                zone = await self.session.read(services.agents.zone, self.session.agent)
                try:
                    before = sleeping.read("before window", now, zone, self._window_until)
                except ValueError as error:
                    self.say(f"Not snoozed: {error}.")
                    return
            if before.until is not None and before.until <= now:
                self.say(f"Not snoozed: that time is over. {keys_of('contact.snooze')} asks for another.")
                return
            await self._snooze(before)

    async def _do(self, action: "Action", also: str = "", *, goes_on: bool) -> None:
        with self.telling():
            told = await act(self, [self._contact_id], action, also)
            if goes_on:
                await self._go_on(told)
            else:
                await self._read_again()
                self.say(told)

    async def _read_again(self) -> None:
        with self.telling():
            await self._read_card()

    @property
    def _window_until(self) -> datetime | None:
        """When the first of the person's windows closes; None without one."""
        ends = [state.until for state in self._channels if state.until is not None]
        return min(ends, default=None)

    # From one person to the next.

    async def action_next(self) -> None:
        """Go to the next person of the view; leave this one as they are."""
        with self.telling():
            await self._go_on("")

    async def leaves_for(self, contact_id: int) -> bool:
        """Return whether the screen can be left: not if this person is open here, or the draft can't be stored."""
        if contact_id == self._contact_id:
            self.say(f"{self._person} is the most urgent.")
            return False
        if not await self._is_draft_safe():
            return False
        self.session.walk.leave(self._contact_id, self.session.clock())
        return True

    async def action_last(self) -> None:
        """Go back to the person that the agent came from."""
        before = self.session.walk.back()
        if before is None:
            self.say("There is nobody to go back to.")
        elif await self._is_draft_safe():
            self.agent_app.open_contact(before)

    async def _go_on(self, told: str) -> None:
        """Go to the next person, if the draft is safe, and say `told` there; at the end of the view, say both here."""
        walk = self.session.walk
        walk.leave(self._contact_id, self.session.clock())
        following = await walk.following(self.session)
        if following is not None and await self._is_draft_safe():
            self.agent_app.open_contact(following, told=told)
            return
        walk.back()
        if following is None:
            await self._tell_end(told)
        elif told:
            # The line says already why the draft isn't safe.
            self.app.notify(told)

    async def _tell_end(self, told: str) -> None:
        walk = self.session.walk
        left = await walk.left_over(self.session)
        lines = [told] if told else []
        lines += [self.done_words]
        answers = list(_END_ANSWERS)
        if left:
            lines.append(f"{counted(left, 'person is', 'people are')} still in it: you passed them.")
            answers.append("start the view again")

        async def answered(answer: int | None) -> None:
            if answer == 0:
                await self.action_leave()
            elif answer == 2:
                walk.begin(walk.view)
                await self.action_next()
            else:
                await self._read_again()

        self.app.push_screen(Decision(f"{walk.view.name}: that was the last one", lines, answers), answered)

    async def action_leave(self) -> None:
        """Go back to People."""
        raise NotImplementedError

    async def _is_draft_safe(self) -> bool:
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: none before the person was read, no second closing (asked by Textual)."""
        match action:
            case "close":
                return self._entry is not None and self._entry.state is not State.CLOSED
            case "snooze" | "note" | "assign" | "assign_me" | "next" | "last":
                return self._card is not None
            case "repeat":
                return self._card is not None and self.session.last_action is not None
        return super().check_action(action, parameters)

"""The commands on people in the list: on the person under the cursor, or on all who are selected."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from contacts_tui import services
from contacts_tui.commands import keys_of
from contacts_tui.domain.person_filter import Field
from contacts_tui.domain.text import begun, counted, one_line
from contacts_tui.screens.people.people_reading import PeopleReading

if TYPE_CHECKING:
    from contacts_tui.domain.listing import PersonRow
    from contacts_tui.domain.snooze import Snooze
    from contacts_tui.screens.queue.tag_dialog import TagChoice
    from contacts_tui.services.queue import Action

_NEED_SOMEBODY = frozenset(
    {"close", "snooze", "assign_me", "assign", "tag", "mark", "select", "select_stretch", "select_all"}
)
"""Actions that need a person in the list."""


class PeopleActions(PeopleReading):
    """Closes, snoozes, assigns, tags and marks people. Asks before it closes or assigns several, and says how many."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: most need an open store and a person in the list (asked by Textual)."""
        if action == "scheduled":
            return self.session.is_open
        if action in _NEED_SOMEBODY:
            return self.session.is_open and self._list.current is not None
        if action == "repeat":
            return self.session.is_open and self._list.current is not None and self.session.last_action is not None
        return super().check_action(action, parameters)

    # Whom an action is about.

    @property
    def _whom(self) -> tuple[int, ...]:
        """The ids of the selected people, or else of the person under the cursor."""
        selected = self._list.selected
        current = self._list.current
        return selected or (() if current is None else (current,))

    @property
    def _row(self) -> "PersonRow | None":
        """The row of the only person an action is about; None for several people, and for a row that isn't held."""
        whom = self._whom
        return self._list.row(whom[0]) if len(whom) == 1 else None

    def _name_of(self, whom: Sequence[int]) -> str:
        row = self._list.row(whom[0]) if len(whom) == 1 else None
        return one_line(row.name) if row is not None else counted(len(whom), "person", "people")

    def action_select(self) -> None:
        """Select or unselect the person under the cursor, and go to the next."""
        self._list.toggle()

    def action_select_stretch(self) -> None:
        """Begin to select a range at the cursor, or end the range there."""
        self._list.begin_stretch()

    def action_select_all(self) -> None:
        """Select all people in the list."""
        self._list.select_all()

    # The actions.

    async def action_close(self) -> None:
        """Close the people, asking first as `_ask_and_do` does; open again a single person who is closed."""
        row = self._row
        if row is not None and row.state == "closed":
            await self._do(self._whom, services.queue.Action(services.queue.Kind.OPEN))
        else:
            await self._ask_and_do(services.queue.Action(services.queue.Kind.CLOSE))

    async def action_snooze(self) -> None:
        """Ask until when to snooze the people, and snooze them."""
        from contacts_tui.screens.queue.snooze_dialog import ask_until_when

        whom, row = self._whom, self._row

        async def snooze(chosen: "Snooze | None") -> None:
            if chosen is not None:
                await self._snooze(whom, chosen)

        with self.telling():
            window_until = None if row is None else row.window_until
            await ask_until_when(self, self._name_of(whom), window_until, snooze)

    async def _snooze(self, whom: Sequence[int], chosen: "Snooze") -> None:
        from contacts_tui.domain import snooze as sleeping

        with self.telling():
            zone = await self.session.read(services.agents.zone, self.session.agent)
            action = services.queue.Action(services.queue.Kind.SNOOZE, snooze=chosen)
            await self._do(whom, action, sleeping.told(chosen, self.session.clock(), zone))

    async def action_assign_me(self) -> None:
        """Assign the people to this agent, asking first as `_ask_and_do` does."""
        await self._ask_and_do(services.queue.Action(services.queue.Kind.ASSIGN, self.session.agent))

    async def action_scheduled(self) -> None:
        """List the messages that are scheduled, to all people."""
        from contacts_tui.screens.scheduling.scheduled_list import list_scheduled

        with self.telling():
            await list_scheduled(self)

    async def action_assign(self) -> None:
        """Ask whom to assign the people to, and assign them."""
        from contacts_tui.screens.queue.assign_dialog import ask_whom

        whom, row = self._whom, self._row

        async def assign(name: str | None) -> None:
            if name is not None:
                await self._do(whom, services.queue.Action(services.queue.Kind.ASSIGN, name))

        with self.telling():
            await ask_whom(self, self._name_of(whom), "" if row is None else row.assignee, assign)

    async def action_tag(self) -> None:
        """Ask which tag to add or remove, and do so."""
        from contacts_tui.screens.queue.tag_dialog import TagDialog

        whom = self._whom

        async def tag(choice: "TagChoice | None") -> None:
            if choice is not None:
                name, is_added = choice
                kind = services.queue.Kind.TAG if is_added else services.queue.Kind.UNTAG
                await self._do(whom, services.queue.Action(kind, name))

        with self.telling():
            known = (await self.session.read(services.views.names))[Field.TAG]
            theirs: tuple[str, ...] = ()
            if len(whom) == 1 and (card := await self.session.read(services.people.card, whom[0])) is not None:
                theirs = card.contact.tags
            self.app.push_screen(TagDialog(self._name_of(whom), known, theirs), tag)

    async def action_repeat(self) -> None:
        """Do with these people what was done last; for a snooze that doesn't fit them, ask again until when."""
        action = self.session.last_action
        if action is None:
            return
        if action.snooze is None:
            await self._ask_and_do(action)
        elif action.snooze.wake == "window" or (
            action.snooze.until is not None and action.snooze.until <= self.session.clock()
        ):
            # Each person has another window, and a time that is past wakes no one.
            await self.action_snooze()
        else:
            await self._snooze(self._whom, action.snooze)

    async def action_mark(self) -> None:
        """Mark the people as unread; if any of them is unread already, mark all as read."""
        whom = self._whom
        with self.telling():
            unread = not await self.session.read(services.arrivals.unread_among, whom)
            marks = await self.session.run(services.messaging.set_unread, self.session.agent, whom, unread=unread)
            changed = tuple(dict.fromkeys(contact_id for contact_id, _, _ in marks))
            if not changed:
                self.say("None of them wrote: there is nothing to mark as unread.")
                return
            words = f"{self._name_of(changed)} marked as {'unread' if unread else 'read'}"

            async def undo() -> str:
                await self.session.run(services.messaging.put_back_read, marks)
                return f"Undone: {words}."

            self.session.undo_stack.push(words, undo)
            self._go_on(whom)
            self.say(f"{begun(words)}. {keys_of('people.undo')} undoes it.")

    async def _ask_and_do(self, action: "Action") -> None:
        """Do an action with the people; ask first for several, to close one who waits, or to take one from an agent."""
        from contacts_tui.screens.dialogs import Question

        whom = self._whom

        async def answered(does: bool | None) -> None:
            if does:
                await self._do(whom, action)

        with self.telling():
            seen = await self.session.read(services.queue.affected, whom, action, self.session.agent)
            writing = self._writing_to(whom) if action.kind is services.queue.Kind.ASSIGN else ""
            if len(whom) == 1 and not seen.waiting and not seen.of_others and not writing:
                await self._do(whom, action)
                return
            name = self._name_of(whom)
            kinds = services.queue.Kind
            titles = {
                kinds.CLOSE: f"Close {name}?",
                kinds.ASSIGN: f"Assign {name} to {one_line(action.value) or 'nobody'}?",
            }
            title = titles.get(action.kind, f"{name}: {one_line(action.words)}?")
            self.app.push_screen(
                Question(title, f"{writing} {_consequences(len(whom), seen.waiting, seen.of_others)}".strip()), answered
            )

    def _writing_to(self, whom: Sequence[int]) -> str:
        """Return who else is writing to these people, in sentences."""
        from contacts_tui.domain.presence import sentences, writers

        me, others = self.session.agent, self.session.presence.others
        rows = {each: self._list.row(each) for each in sorted({one.contact_id for one in others} & set(whom))}
        named = {each: one_line(row.name) if row is not None else "one of them" for each, row in rows.items()}
        return " ".join(filter(None, (sentences(writers(others, each, me), me, named[each]) for each in named)))

    async def _do(self, whom: Sequence[int], action: "Action", also: str = "") -> None:
        """Do an action with these people, many of them in short steps, so that the screen stays usable; then go on."""
        from contacts_tui.screens.queue.queue_actions import act

        with self.telling():
            try:
                told = await act(self, whom, action, also, progress=self._tell_progress)
            finally:
                self._tell_progress(len(whom), len(whom))
            self._go_on(whom)
            self.say(told)

    def _tell_progress(self, done: int, of: int) -> None:
        """Show how many people of how many a long action has come to; nothing once it has come to all."""
        self.show_progress(f"{done:,} of {of:,} done" if done < of else "")

    def show_progress(self, words: str) -> None:
        """Show these words in place of the sums over the list; empty words show the sums again."""
        self._progress = words
        self._show_sums()

    def _go_on(self, whom: Sequence[int]) -> None:
        """Unselect all people, and move the cursor to the next person who is none of these."""
        self._list.select_none()
        self._list.pass_by(set(whom))


def _consequences(people: int, waiting: int, of_others: int) -> str:
    """Return what an action would do to people, and how to undo it, as sentences for a question."""
    told = []
    if waiting:
        told.append("They wait for an answer." if people == 1 else f"{_some(waiting, people)} for an answer.")
    if of_others:
        if people == 1:
            told.append("They are assigned to another agent, who may be answering.")
        else:
            told.append(f"{counted(of_others, 'person is', 'people are')} assigned to other agents.")
    told.append(f"{keys_of('people.undo')} undoes it{'' if people == 1 else ', for all of them'}.")
    return " ".join(told)


def _some(waiting: int, people: int) -> str:
    return "All of them wait" if waiting == people else f"{waiting:,} of them {'waits' if waiting == 1 else 'wait'}"

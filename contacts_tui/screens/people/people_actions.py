"""What is done with people in the list: with the one under the cursor, or with everybody who is selected."""

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
"""What can be done where there is somebody in the list."""


class PeopleActions(PeopleReading):
    """Closes, snoozes, assigns, tags and marks people. Before many are touched it says how many, and what for."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing without a store or without somebody."""
        if action == "scheduled":
            return self.session.is_open
        if action in _NEED_SOMEBODY:
            return self.session.is_open and self._list.current is not None
        if action == "repeat":
            return self.session.is_open and self._list.current is not None and self.session.last_action is not None
        return super().check_action(action, parameters)

    # Who is meant.

    @property
    def _whom(self) -> tuple[int, ...]:
        """Who is selected; else who is under the cursor."""
        selected = self._list.selected
        current = self._list.current
        return selected or (() if current is None else (current,))

    @property
    def _row(self) -> "PersonRow | None":
        """The line of the only one who is meant, as far as it was read."""
        whom = self._whom
        return self._list.row(whom[0]) if len(whom) == 1 else None

    def _name_of(self, whom: Sequence[int]) -> str:
        row = self._list.row(whom[0]) if len(whom) == 1 else None
        return one_line(row.name) if row is not None else counted(len(whom), "person", "people")

    def action_select(self) -> None:
        """Selects the person under the cursor, or no longer."""
        self._list.toggle()

    def action_select_stretch(self) -> None:
        """Begins or ends a stretch."""
        self._list.begin_stretch()

    def action_select_all(self) -> None:
        """Selects everybody in the list."""
        self._list.select_all()

    # What is done.

    async def action_close(self) -> None:
        """Closes them; one who is closed is opened again."""
        row = self._row
        if row is not None and row.state == "closed":
            await self._do(self._whom, services.queue.Action(services.queue.Kind.OPEN))
        else:
            await self._ask_and_do(services.queue.Action(services.queue.Kind.CLOSE))

    async def action_snooze(self) -> None:
        """Asks until when."""
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
        """Assigns them to who sits here."""
        await self._ask_and_do(services.queue.Action(services.queue.Kind.ASSIGN, self.session.agent))

    async def action_scheduled(self) -> None:
        """Lists what is to be sent later, to anybody."""
        from contacts_tui.screens.scheduling.scheduled_list import list_scheduled

        with self.telling():
            await list_scheduled(self)

    async def action_assign(self) -> None:
        """Asks to whom."""
        from contacts_tui.screens.queue.assign_dialog import ask_whom

        whom, row = self._whom, self._row

        async def assign(name: str | None) -> None:
            if name is not None:
                await self._do(whom, services.queue.Action(services.queue.Kind.ASSIGN, name))

        with self.telling():
            await ask_whom(self, self._name_of(whom), "" if row is None else row.assignee, assign)

    async def action_tag(self) -> None:
        """Asks which tag."""
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
        """Does with them what was done last."""
        action = self.session.last_action
        if action is None:
            return
        if action.snooze is None:
            await self._ask_and_do(action)
        elif action.snooze.wake == "window" or (
            action.snooze.until is not None and action.snooze.until <= self.session.clock()
        ):
            # Everybody's window is another, and a time that is over wakes nobody.
            await self.action_snooze()
        else:
            await self._snooze(self._whom, action.snooze)

    async def action_mark(self) -> None:
        """Marks them as unread; where one of them is unread, all as read."""
        whom = self._whom
        with self.telling():
            rows = [row for contact_id in whom if (row := self._list.row(contact_id)) is not None]
            unread = not any(row.unread for row in rows)
            marks = await self.session.run(services.messaging.set_unread, self.session.agent, whom, unread=unread)
            words = f"{self._name_of(whom)} marked as {'unread' if unread else 'read'}"

            async def undo() -> str:
                await self.session.run(services.messaging.put_back_read, marks)
                return f"Undone: {words}."

            self.session.undo_stack.push(words, undo)
            self._go_on(whom)
            self.say(f"{begun(words)}. {keys_of('people.undo')} undoes it.")

    async def _ask_and_do(self, action: "Action") -> None:
        """Says first what comes of it where that can hurt: somebody left without an answer, or taken from an agent."""
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
        """Does it with everybody who is meant; with many in short steps, so that the screen stays usable."""
        from contacts_tui.screens.queue.queue_actions import act

        with self.telling():
            try:
                told = await act(self, whom, action, also, progress=self._tell_progress)
            finally:
                self._tell_progress(len(whom), len(whom))
            self._go_on(whom)
            self.say(told)

    def _tell_progress(self, done: int, of: int) -> None:
        """Says how far a long action has come."""
        self.show_progress(f"{done:,} of {of:,} done" if done < of else "")

    def show_progress(self, words: str) -> None:
        """In place of the sums over the list."""
        self._progress = words
        self._show_sums()

    def _go_on(self, whom: Sequence[int]) -> None:
        """To the next person, with nobody selected any more."""
        self._list.select_none()
        self._list.pass_by(set(whom))


def _consequences(people: int, waiting: int, of_others: int) -> str:
    """What is to be thought of before it is done."""
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

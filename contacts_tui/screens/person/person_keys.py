"""The commands that add and edit people: the same on the list and on a contact."""

from typing import TYPE_CHECKING

from contacts_tui import services
from contacts_tui.commands import typing_key_of
from contacts_tui.domain.text import sentence
from contacts_tui.screens.merging.merge_actions import MergeKeys

if TYPE_CHECKING:
    from textual.geometry import Region

    from contacts_tui.screens.person.person_form import Leave
    from contacts_tui.services.people_edit import Edited
    from contacts_tui.widgets.activity_card import ActivityCard


class PersonKeys(MergeKeys):
    """A screen on which people are added and edited."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: it needs an open store, and a person to edit (asked by Textual)."""
        match action:
            case "edit":
                return self.session.is_open and self.merge_subject is not None
            case "new_person":
                return self.session.is_open
        return super().check_action(action, parameters)

    async def action_edit(self) -> None:
        """Open the form of the person."""
        await self.edit_person()

    async def on_activity_card_field_chosen(self, event: "ActivityCard.FieldChosen") -> None:
        """Edit the line that was chosen, in its place on the card."""
        if (contact_id := self.merge_subject) is not None:
            await self._open_form(contact_id, event.field, place=event.place)

    async def edit_person(self, at: str = "") -> None:
        """Open the form of the person, with the focus in the field `at`, such as "tags", or else in the first one."""
        if (contact_id := self.merge_subject) is not None:
            await self._open_form(contact_id, at)

    async def action_new_person(self) -> None:
        """Open an empty form."""
        await self._open_form(None)

    async def add_typed(self, text: str) -> None:
        """Add a person by what was searched for: with a number at once, if unknown, and open them; else by the form."""
        meant = services.new_person.read(text, self.session.region)
        if not meant.number:
            await self._open_form(
                None, meant.field, (f"{meant.field}:0" if meant.field != "name" else "name", meant.text)
            )
            return
        with self.telling("Not added: "):
            found = await self.session.run(services.new_person.begin, self.session.agent, meant.number)
            told = "" if found.edited is None else self._put_on_stack(found.edited, typing_key_of("contact.undo"))
            self.agent_app.open_contact(found.contact_id, found.channel, told)

    async def _open_form(
        self,
        contact_id: int | None,
        at: str = "",
        typed: tuple[str, str] = ("", ""),
        place: "Region | None" = None,
    ) -> None:
        # Imported at the first key press: the first frame doesn't need it.
        from contacts_tui.screens.person.person_form import Leave, PersonForm, Saved
        from contacts_tui.screens.person.person_line_form import PersonLineForm

        async def closed(result: Saved | Leave | None) -> None:
            if isinstance(result, Leave):
                self._leave_for(contact_id, result)
            elif result is not None:
                await self._person_saved(result.edited, is_new=contact_id is None)

        with self.telling():
            known = await self.session.read(services.people_edit.editable, contact_id)
            form = (
                PersonForm(known, self.session.agent, at, typed)
                if place is None
                else PersonLineForm(known, self.session.agent, at, place)
            )
            self.app.push_screen(form, closed)

    def _leave_for(self, contact_id: int | None, leave: "Leave") -> None:
        if leave.merges and contact_id is not None:
            self._merging.lay(contact_id, leave.contact_id)
        else:
            self.agent_app.open_contact(leave.contact_id)

    async def _person_saved(self, edited: "Edited", *, is_new: bool) -> None:
        """Say what was done, and what to know of it; open a person who is new, and say it there."""
        if is_new:
            told = self._put_on_stack(edited, typing_key_of("contact.undo"))
            self.agent_app.open_contact(edited.contact.id, told=told)
        else:
            told = self._put_on_stack(edited, self.undo_key)
            await self.after_edit()
            self.say(told)

    def _put_on_stack(self, edited: "Edited", undo_key: str) -> str:
        """Put the edit on the undo stack, and return it in sentences; `undo_key` undoes it where they are told."""
        from contacts_tui.screens.queue.queue_actions import undoable

        did = undoable(self, edited.done.batch, edited.done.words, key=undo_key) if edited.done.batch else ""
        return " ".join([did, *map(sentence, edited.told)])

    async def after_edit(self) -> None:
        """Show the person as they are now, once this screen is on top again; do nothing by default."""

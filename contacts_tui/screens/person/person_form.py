"""The form that adds or edits a person: each field is checked as it is typed, and leaving asks before text is lost."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content

from contacts_tui import services
from contacts_tui.commands import BY_ID, Scope, keys_of
from contacts_tui.domain.text import clean, one_line, sentence
from contacts_tui.screens.base import sentence_of
from contacts_tui.screens.dialogs import leave_unsaved
from contacts_tui.screens.form import FormScreen
from contacts_tui.screens.person.person_form_fields import (
    PersonField,
    edit_of,
    fields_of,
    next_of,
    place_of,
    unfinished,
)
from contacts_tui.widgets.command_button import CommandButton
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.form_field import FormField
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain

if TYPE_CHECKING:
    from contacts_tui.services.people_edit import Editable, Edited, Finding, PersonEdit


@dataclass(frozen=True, slots=True)
class Leave:
    """The agent wants to go to a person who is known already, and leaves the form unsaved."""

    contact_id: int
    merges: bool
    """Whether the two are to be merged; else the other one is opened."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The person was saved."""

    edited: "Edited"


class PersonForm(FormScreen[Saved | Leave | None]):
    """Returns the person as saved, or where the agent wants to go instead, or None."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.PERSON_FORM, Scope.FORM)
    BINDINGS: ClassVar[list[BindingType]] = bindings(*SCOPES)

    def __init__(self, known: "Editable", agent: str, at: str = "", typed: tuple[str, str] = ("", "")) -> None:
        """Edit `known`, with the focus in the field `at` first; `typed` is a field to fill in, and its text."""
        super().__init__()
        self._known = known
        self._asked = fields_of(known, agent)
        """Every field with its first value, which is empty for those that were added since."""
        self._at = at
        self._values = {field.id: field.value for field in self._asked}
        """The value of each field now, by its id."""
        if typed[0]:
            self._values[typed[0]] = typed[1]
            self._add_below(typed[0])
        self._findings: dict[str, Finding] = {}
        """What the agent should know of a field, by its id."""
        self._faulty: dict[str, str] = {}
        """Why the person can't be saved: a clause for each wrong field, by its id."""
        self._tried = False
        """Whether saving was tried: only then faults are marked on fields not touched yet."""
        self._touched: set[str] = {typed[0]} - {""}
        self._is_saving = False
        self._was_held = False
        """Whether the program was already kept from ending once, because something wasn't saved."""

    @property
    def _contact_id(self) -> int | None:
        return None if self._known.contact is None else self._known.contact.id

    def compose(self) -> ComposeResult:
        """Yield the fields, a sentence about the one with the focus, buttons for what can be done, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(self.heading)
            with VerticalScroll(id="fields", can_focus=False):
                for field in self._asked:
                    yield FormField(field, self._values[field.id], has_lines=field.has_lines)
            yield Plain(id="about")
            with Horizontal(id="buttons"):
                yield CommandButton("person.save", "Save")
                yield CommandButton("person.open_owner", "Open them")
                yield CommandButton("person.merge_owner", "Merge with them")
            yield CommandFooter()

    def on_mount(self) -> None:
        """Focus the field that was asked for, or else the first one, and check all."""
        meant = (one for one in self._fields if self._at in (one.field.id, one.field.id.partition(":")[0]))
        begin = next(meant, self._fields[0])
        begin.take_focus()
        self._look()

    # What is typed.

    @property
    def _edit(self) -> "PersonEdit":
        return edit_of(self._asked, self._values)

    @property
    def _changed(self) -> list[PersonField]:
        return [field for field in self._asked if self._values[field.id].strip() != field.value.strip()]

    async def on_form_field_changed(self, event: FormField.Changed) -> None:
        """Check all fields again, and add an empty line below the last of several."""
        field = event.field.field
        self._values[field.id] = event.field.value
        self._touched.add(field.id)
        another = self._add_below(field.id)
        if another is not None:
            await self.query_one("#fields").mount(FormField(another, ""), after=event.field)
        self._look()

    def _add_below(self, field_id: str) -> PersonField | None:
        """Add an empty line below this field, if it is the last of several and not empty. Return it, or None."""
        field = next(one for one in self._asked if one.id == field_id)
        last = next(one for one in reversed(self._asked) if one.of == field.of)
        another = next_of(field) if last is field and self._values[field_id].strip() else None
        if another is not None:
            self._asked.insert(self._asked.index(field) + 1, another)
            self._values[another.id] = ""
        return another

    def on_form_field_entered(self, event: FormField.Entered) -> None:
        """Scroll to the field with the focus, and show what it is for, or what is wrong with it."""
        event.field.scroll_visible(animate=False)
        self._judge()

    @work(exclusive=True, group="look", exit_on_error=False)
    async def _look(self) -> None:
        """Ask the store what is wrong with the fields so far."""
        await self._check()

    async def _check(self) -> None:
        region = self.session.region
        try:
            found = await self.session.read(services.people_edit.check, self._contact_id, self._edit, region)
        except Exception as error:
            self._say(sentence(sentence_of(error)), is_wrong=True)
            return
        places = [(place_of(one, self._asked, self._values), one) for one in (*found.told, *found.faults)]
        self._findings = dict(places)
        self._faulty = {place_of(one, self._asked, self._values): one.sentence for one in found.faults}
        self._faulty |= unfinished(self._asked, self._values)
        self._judge()

    def _judge(self) -> None:
        """Mark the fields that are wrong, tell of the one with the focus, and show the buttons that apply to it."""
        for field in self._fields:
            field.set_wrong(field.field.id in self._faulty and self._is_told(field))
        current = self._current
        if current is not None:
            key = current.field.id
            told = self._faulty.get(key) or (self._findings[key].sentence if key in self._findings else "")
            is_told = bool(told) and self._is_told(current)
            self._say(sentence(told) if is_told else current.field.about, is_wrong=is_told)
        for button in self.query(CommandButton):
            button.display = bool(self.check_action(BY_ID[button.command_id].action, ()))
        self.refresh_bindings()

    def _is_told(self, field: FormField) -> bool:
        return self._tried or (field.field.id in self._touched and bool(field.value or not field.is_focused))

    def _say(self, text: str, *, is_wrong: bool = False) -> None:
        about = self.query_one("#about", Plain)
        about.set_class(is_wrong, "-wrong")
        about.show(clean(text))

    # Keys.

    @property
    def _owner(self) -> int | None:
        """The id of the contact that has the number in the field with the focus; None if no other contact has it."""
        current = self._current
        finding = None if current is None else self._findings.get(current.field.id)
        return None if finding is None else finding.owner_id

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: some need another's number, or a field of lines (asked by Textual)."""
        match action:
            case "done":
                return not self._is_saving
            case "open_owner":
                return self._owner is not None
            case "merge_owner":
                return self._owner is not None and self._contact_id is not None
            case "line":
                return (current := self._current) is not None and current.area is not None
        return super().check_action(action, parameters)

    async def on_command_button_wanted(self, event: CommandButton.Wanted) -> None:
        """Run the command of a button."""
        await self.app.run_action(BY_ID[event.command_id].action, self)

    def action_line(self) -> None:
        """Break the line, in a field of several lines."""
        if (current := self._current) is not None and current.area is not None:
            current.area.action_line()

    def action_open_owner(self) -> None:
        """Open the person who has the number."""
        self._go_to_owner(merges=False)

    def action_merge_owner(self) -> None:
        """Show this person and the one who has the number side by side, to be merged."""
        self._go_to_owner(merges=True)

    def _go_to_owner(self, *, merges: bool) -> None:
        if self._owner is not None:
            # The number that led there is not lost, because that person has it: ask only if there is more to lose.
            leave_unsaved(self, Leave(self._owner, merges=merges), loses=len(self._changed) > 1)

    def action_done(self) -> None:
        """Save the person, or go to the first field that is wrong."""
        self._tried = True
        self._save()

    @work(exclusive=True, group="look", exit_on_error=False)
    async def _save(self) -> None:
        self._is_saving = True
        try:
            await self._check()
            wrong = next((field for field in self._fields if field.field.id in self._faulty), None)
            if wrong is not None:
                wrong.take_focus()
                return
            if self._contact_id is not None and not self._changed:
                self.dismiss(None)
                return
            await self._store()
        finally:
            self._is_saving = False
            self.refresh_bindings()

    async def _store(self) -> None:
        edit, session = self._edit, self.session
        service = services.people_edit
        try:
            if self._contact_id is None:
                saved = await session.run(service.create, session.agent, edit, session.region)
            else:
                saved = await session.run(service.change, session.agent, self._contact_id, edit, session.region)
        except Exception as error:
            self._say(sentence(f"Not saved: {sentence_of(error)}"), is_wrong=True)
        else:
            self.dismiss(Saved(saved))

    # When the program ends.

    @property
    def heading(self) -> str:
        """See the base class."""
        contact = self._known.contact
        return "New person" if contact is None else f"Edit {one_line(contact.name)}"

    def typed(self) -> str:
        """Return what is changed here and not saved, under the heading; empty if nothing is."""
        lines = [f"{field.label}: {self._values[field.id]}" for field in self._changed]
        return "\n".join([self.heading, *lines]) if lines else ""

    async def before_quit(self) -> str | None:
        """Keep the program from ending once, if something isn't saved: say so, and return None. Else return ""."""
        if not self._changed or self._was_held:
            return ""
        self._was_held = True
        self._say(f"Not saved yet: {keys_of('person.save')} saves it. To lose it, quit once more.", is_wrong=True)
        return None

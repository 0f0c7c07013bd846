"""The form by which a person is added or edited: each field is checked as it is typed, and esc asks before it loses."""

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
    """The agent wants to go to somebody who is known already, and leaves the form unsaved."""

    contact_id: int
    merges: bool
    """Whether the two are to be merged; else the other one is opened."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The person was saved."""

    edited: "Edited"


class PersonForm(FormScreen[Saved | Leave | None]):
    """Returns the person as saved, where the agent wants to go instead, or None."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.PERSON_FORM, Scope.FORM)
    BINDINGS: ClassVar[list[BindingType]] = bindings(*SCOPES)

    def __init__(self, known: "Editable", agent: str, at: str = "", typed: tuple[str, str] = ("", "")) -> None:
        """`at` is the field that has the keys at first; `typed` is a field that is filled in, and with what."""
        super().__init__()
        self._known = known
        self._asked = fields_of(known, agent)
        """Every field as it was at first; those that were added since are empty."""
        self._at = at
        self._values = {field.id: field.value for field in self._asked}
        """What stands in each field now."""
        if typed[0]:
            self._values[typed[0]] = typed[1]
            self._add_below(typed[0])
        self._findings: dict[str, Finding] = {}
        """What is to be said of a field, by its id."""
        self._faulty: dict[str, str] = {}
        """Why it can't be saved: a clause by the field's id."""
        self._tried = False
        """Whether saving was tried: only then faults are marked on fields not touched yet."""
        self._touched: set[str] = {typed[0]} - {""}
        self._is_saving = False
        self._was_held = False
        """Whether the program was kept from ending once, for what is typed here."""

    @property
    def _contact_id(self) -> int | None:
        return None if self._known.contact is None else self._known.contact.id

    def compose(self) -> ComposeResult:
        """The fields, a sentence about the one with the keys, what can be done about a fault, and the keys."""
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
        """Begins with the field that was meant."""
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
        """Another value: looks at all again, and has an empty line below the last of several."""
        field = event.field.field
        self._values[field.id] = event.field.value
        self._touched.add(field.id)
        another = self._add_below(field.id)
        if another is not None:
            await self.query_one("#fields").mount(FormField(another, ""), after=event.field)
        self._look()

    def _add_below(self, field_id: str) -> PersonField | None:
        """Adds an empty line below the last of several, once that one isn't empty; returns it."""
        field = next(one for one in self._asked if one.id == field_id)
        last = next(one for one in reversed(self._asked) if one.of == field.of)
        another = next_of(field) if last is field and self._values[field_id].strip() else None
        if another is not None:
            self._asked.insert(self._asked.index(field) + 1, another)
            self._values[another.id] = ""
        return another

    def on_form_field_entered(self, event: FormField.Entered) -> None:
        """Tells about the field."""
        event.field.scroll_visible(animate=False)
        self._judge()

    @work(exclusive=True, group="look", exit_on_error=False)
    async def _look(self) -> None:
        """Asks the store what is wrong with it so far."""
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
        """Marks what is wrong, and tells about the field with the keys."""
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
        """Who has the number in the field with the keys; None when it is nobody else's."""
        current = self._current
        finding = None if current is None else self._findings.get(current.field.id)
        return None if finding is None else finding.owner_id

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Somebody else's number leads to them; lines are for notes."""
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
        """Does what a button says."""
        await self.app.run_action(BY_ID[event.command_id].action, self)

    def action_line(self) -> None:
        """Breaks the line."""
        if (current := self._current) is not None and current.area is not None:
            current.area.action_line()

    def action_open_owner(self) -> None:
        """Goes to the person who has the number."""
        self._go_to_owner(merges=False)

    def action_merge_owner(self) -> None:
        """Lays this person and the one who has the number side by side."""
        self._go_to_owner(merges=True)

    def _go_to_owner(self, *, merges: bool) -> None:
        if self._owner is not None:
            # The number that led there is not lost: they have it.
            leave_unsaved(self, Leave(self._owner, merges=merges), loses=len(self._changed) > 1)

    def action_done(self) -> None:
        """Saves it, or goes to the first field that is wrong."""
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
        """What is changed here and not saved."""
        lines = [f"{field.label}: {self._values[field.id]}" for field in self._changed]
        return "\n".join([self.heading, *lines]) if lines else ""

    async def before_quit(self) -> str | None:
        """Holds the program back once when something isn't saved."""
        if not self._changed or self._was_held:
            return ""
        self._was_held = True
        self._say(f"Not saved yet: {keys_of('person.save')} saves it. To lose it, quit once more.", is_wrong=True)
        return None

"""Edits one line of a card in its place: the form of a person with that field alone."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.geometry import Region

from contacts_tui.commands import Scope
from contacts_tui.screens.person.person_form import PersonForm
from contacts_tui.screens.person.person_form_fields import PersonField
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.form_field import FormField
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain

if TYPE_CHECKING:
    from contacts_tui.services.people_edit import Editable

_BELOW = 5
"""Lines below the field that the sentence about it and the keys may need."""


class PersonLineForm(PersonForm, inherit_bindings=False):
    """Returns the person as saved, or None. Enter saves, and going back drops what was typed without asking."""

    SCOPES = (Scope.PERSON_LINE,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.PERSON_LINE)

    def __init__(self, known: "Editable", agent: str, field_id: str, place: Region) -> None:
        """Edit the field `field_id` at `place`, where its line is on the screen."""
        super().__init__(known, agent, field_id)
        # If the person was changed since the line was drawn, and has no such field, the first one is edited.
        meant = [field for field in self._asked if field.id == field_id] or self._asked[:1]
        self._asked = meant
        self._values = {field.id: field.value for field in meant}
        self._place = place

    def compose(self) -> ComposeResult:
        """Yield the field, a sentence about it, and the keys."""
        field = self._asked[0]
        with Vertical(id="box"):
            yield FormField(field, field.value, has_lines=field.has_lines)
            yield Plain(id="about")
            yield CommandFooter()

    def on_mount(self) -> None:
        """Put the box where the line is, or higher if there is too little room below."""
        box = self.query_one("#box")
        box.styles.width = self._place.width
        lowest = max(0, self.app.size.height - self._place.height - _BELOW)
        box.styles.offset = (self._place.x, min(self._place.y, lowest))
        super().on_mount()

    def _add_below(self, field_id: str) -> PersonField | None:
        """Return None: there is always only this line."""
        return None

    def action_back(self) -> None:
        """Go back, and leave the line as it was."""
        self.dismiss(None)

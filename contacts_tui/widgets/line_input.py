"""One line to type into, as search fields, forms and templates have it."""

from textual.widgets import Input

from contacts_tui.commands import Scope
from contacts_tui.domain.text import clean
from contacts_tui.widgets.keys import give_way


class LineInput(Input):
    """A line to type into. Commands of `scopes` take precedence over its editing keys. The cursor doesn't blink: over
    SSH that would cost bytes."""

    def __init__(
        self,
        value: str,
        *scopes: Scope,
        hint: str = "",
        id: str | None = None,  # noqa: A002 (every widget of Textual calls it so)
    ) -> None:
        """Begin with `value`; show `hint` while there is nothing in the line."""
        super().__init__(value, placeholder=hint, compact=True, select_on_focus=False, id=id)
        give_way(self, *scopes)
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        """Return pasted text on one line and cleaned, as any text from outside is (called by Textual)."""
        return clean(value).replace("\n", " ").replace("\t", " ")

"""One line to type a search into."""

from collections.abc import Iterable

from textual.containers import Horizontal
from textual.events import Click
from textual.geometry import Offset
from textual.widgets import Input

from contacts_tui.commands import Scope
from contacts_tui.domain.text import clean
from contacts_tui.domain.typed_path import typed_path
from contacts_tui.widgets.jump import JumpSpot
from contacts_tui.widgets.keys import give_way

_AROUND = (
    Scope.PEOPLE,
    Scope.CANDIDATES,
    Scope.PICKER,
    Scope.SNOOZE,
    Scope.SCHEDULE,
    Scope.SAVE_VIEW,
    Scope.REPLIES,
    Scope.REPLY,
    Scope.PIPE,
    Scope.ATTACH,
    Scope.SAVE,
    Scope.FORGET,
    Scope.IMPORT_FILE,
    Scope.HELP,
)
"""Scopes whose commands take precedence over the field's editing keys."""


class SearchField(Input):
    """A field of one line; arrows, page keys and Enter are left to the screen. A blinking cursor would cost bytes."""

    def __init__(
        self,
        hint: str,
        *,
        id: str | None = None,  # noqa: A002 (every widget of Textual calls it so)
    ) -> None:
        """Show `hint` while nothing is typed."""
        super().__init__(placeholder=hint, compact=True, select_on_focus=False, id=id)
        give_way(self, *_AROUND)
        self.cursor_blink = False

    def jump_spots(self) -> Iterable[JumpSpot]:
        """Yield the field: a jump focuses it."""
        yield JumpSpot(Offset(0, 0), self.focus)

    def validate_value(self, value: str) -> str:
        """Return pasted text on one line and cleaned, as any text from outside is (called by Textual)."""
        return clean(value).replace("\n", " ").replace("\t", " ")


class PathField(SearchField):
    """A field for a path: one that is pasted or typed anew behind what stands there replaces it."""

    def validate_value(self, value: str) -> str:
        """Return the path that was meant."""
        return typed_path(super().validate_value(value))


class FieldLine(Horizontal):
    """A field and what stands before it: a click on either goes to the field."""

    def on_click(self, event: Click) -> None:
        """Focus the field."""
        self.query_one(SearchField).focus()

"""One line to type a search into."""

from collections.abc import Iterable

from textual.containers import Horizontal
from textual.events import Click
from textual.geometry import Offset

from contacts_tui.commands import Scope
from contacts_tui.domain.typed_path import typed_path
from contacts_tui.widgets.jump import JumpSpot
from contacts_tui.widgets.line_input import LineInput

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


class SearchField(LineInput):
    """A field of one line; arrows, page keys and Enter are left to the screen."""

    def __init__(
        self,
        hint: str,
        *,
        id: str | None = None,  # noqa: A002 (every widget of Textual calls it so)
    ) -> None:
        """Show `hint` while nothing is typed."""
        super().__init__("", *_AROUND, hint=hint, id=id)

    def jump_spots(self) -> Iterable[JumpSpot]:
        """Yield the field: a jump focuses it."""
        yield JumpSpot(Offset(0, 0), self.focus)


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

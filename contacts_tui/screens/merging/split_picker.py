"""Asks which address of a person is another person's."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from contacts_tui.commands import Scope, keys_of
from contacts_tui.domain.merge import Belongings
from contacts_tui.domain.text import counted, one_line
from contacts_tui.screens.base import AgentModal
from contacts_tui.widgets.choice_list import Choice, ChoiceList
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.plain_text import Plain


class SplitPicker(AgentModal[int | None]):
    """Returns the id of the identity to move into a contact of its own, or None."""

    CSS_PATH = "merging.tcss"
    AUTO_FOCUS = "ChoiceList"
    SCOPES = (Scope.PICKER,)
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, name: str, addresses: Sequence[tuple[int, Belongings]], undo_key: str) -> None:
        """Offer `addresses`: ids, each with all that moves with it. `undo_key` undoes the move on the screen below."""
        super().__init__()
        self._undo_key = undo_key
        self._person = one_line(name)
        self._addresses = addresses

    def compose(self) -> ComposeResult:
        """Yield the question, the addresses, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(f"Move an address from {self._person}")
            yield Plain(
                f"Which address belongs to another person? {keys_of('picker.choose')} moves it, with its messages, "
                f"to its own contact. {self._undo_key} undoes that.",
                id="question",
            )
            yield ChoiceList()
            yield CommandFooter()

    def on_mount(self) -> None:
        """List the addresses."""
        choices = [
            Choice(
                identity_id,
                (one_line(", ".join(goes.addresses)), counted(goes.messages, "message")),
            )
            for identity_id, goes in self._addresses
        ]
        self.query_one(ChoiceList).set_choices(choices, headings=("Address", "Moves with it"))

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Return the identity that was chosen."""
        self.dismiss(event.key)

    def action_back(self) -> None:
        """Go back without moving an address."""
        self.dismiss(None)

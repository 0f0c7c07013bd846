"""Dialogues with a field over a list: letters go into the field, the other keys move in the list."""

from collections.abc import Sequence
from typing import Any, TypeVar

from textual.widgets import Input

from contacts_tui.screens.base import AgentModal
from contacts_tui.widgets.choice_list import ChoiceList
from contacts_tui.widgets.search_field import SearchField

ResultT = TypeVar("ResultT")


class SearchDialog(AgentModal[ResultT | None]):
    """Returns what was chosen, or None."""

    AUTO_FOCUS = "SearchField"

    def on_mount(self) -> None:
        """The keys stay in the field."""
        self._list.can_focus = False

    @property
    def _list(self) -> ChoiceList:
        return self.query_one(ChoiceList)

    @property
    def _typed(self) -> str:
        return self.query_one(SearchField).value.strip()

    def action_move(self, by: int) -> None:
        """Goes to a neighbour."""
        self._list.action_move(by)

    def action_page(self, direction: int) -> None:
        """Goes a screenful."""
        self._list.action_page(direction)

    def action_edge(self, direction: int) -> None:
        """Goes to an end."""
        self._list.action_edge(direction)

    def _take(self) -> None:
        """Take the one under the cursor. Say what to do where nothing is typed: what fits nothing was told."""
        if self._list.highlighted is None and not self._typed:
            self.say("Nothing is listed: type first.")
        self._list.action_choose()

    def action_back(self) -> None:
        """Leaves everything as it is."""
        self.dismiss(None)


class NarrowingDialog(SearchDialog[ResultT]):
    """A search among what is at hand: the list follows each letter at once."""

    _found: Sequence[Any]
    """What is listed; a choice's key is its place here."""

    def _show(self) -> None:
        """Sets `_found` to what fits the field, and lists it."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Lists all."""
        self._show()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrows as the agent types."""
        self._show()

    def action_choose(self) -> None:
        """Takes the one under the cursor."""
        self._catch_up()
        self._take()

    def _catch_up(self) -> None:
        """Lists what fits the field as it is now: word of its last change may still be on its way."""
        here, shown = self._list.highlighted, list(self._found)
        self._show()
        if here is not None and shown == list(self._found):
            self._list.action_move(here.key)

"""Dialogs with a field over a list: letters go into the field, the other keys move in the list."""

from collections.abc import Sequence
from typing import Any, TypeVar

from textual.widgets import Input

from contacts_tui.screens.base import AgentModal
from contacts_tui.widgets.choice_list import ChoiceList
from contacts_tui.widgets.search_field import SearchField

ResultT = TypeVar("ResultT")


class SearchDialog(AgentModal[ResultT | None]):
    """A dialog whose result is what was chosen, or None."""

    AUTO_FOCUS = "SearchField"

    def on_mount(self) -> None:
        """Keep the focus in the field."""
        self._list.can_focus = False

    @property
    def _list(self) -> ChoiceList:
        return self.query_one(ChoiceList)

    @property
    def _typed(self) -> str:
        return self.query_one(SearchField).value.strip()

    def action_move(self, by: int) -> None:
        """Move the cursor by `by` choices."""
        self._list.action_move(by)

    def action_page(self, direction: int) -> None:
        """Move the cursor by a screenful."""
        self._list.action_page(direction)

    def action_edge(self, direction: int) -> None:
        """Move the cursor to the first choice (-1) or the last (1)."""
        self._list.action_edge(direction)

    def _take(self) -> None:
        """Take the choice under the cursor; if nothing is listed and nothing typed, say to type first."""
        if self._list.highlighted is None and not self._typed:
            self.say("Nothing is listed: type first.")
        self._list.action_choose()

    def action_back(self) -> None:
        """Close without a choice."""
        self.dismiss(None)


class NarrowingDialog(SearchDialog[ResultT]):
    """A search among what is in memory: the list follows each letter at once."""

    _found: Sequence[Any]
    """What is listed; a choice's key is its index here."""
    _listed = ""
    """The text that it fits."""

    def _show(self) -> None:
        """Set `_found` to what fits the field, and list it."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """List everything."""
        self._narrow()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list as the agent types."""
        self._narrow()

    def action_choose(self) -> None:
        """Take the choice under the cursor."""
        self._catch_up()
        self._take()

    def _catch_up(self) -> None:
        """List what fits the field by now, if its last change was not handled yet."""
        if self._listed != self._typed:
            self._narrow()

    def _narrow(self) -> None:
        self._listed = self._typed
        self._show()

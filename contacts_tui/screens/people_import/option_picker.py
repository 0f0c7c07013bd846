"""A dialog for one of a few options, or of many: letters narrow the list."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from contacts_tui.commands import Scope
from contacts_tui.domain.text import one_line, searchable
from contacts_tui.screens.people_import.words import Option
from contacts_tui.screens.search_dialog import NarrowingDialog
from contacts_tui.widgets.choice_list import Choice, ChoiceList
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.search_field import FieldLine, SearchField


class OptionPicker(NarrowingDialog[Option]):
    """A dialog whose result is the option that was chosen, or None."""

    CSS_PATH = "people_import.tcss"
    SCOPES = (Scope.PICKER,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.PICKER)

    def __init__(self, title: str, options: Sequence[Option], now: object) -> None:
        """Offer `options`; the cursor begins at the one whose value is `now`."""
        super().__init__()
        self._title = one_line(title)
        self._options = tuple(options)
        self._now = now
        self._found: tuple[Option, ...] = ()

    def compose(self) -> ComposeResult:
        """Yield the field, the options, a line for an empty list, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(self._title)
            with FieldLine(id="finder"):
                yield Plain("/ ", id="slash")
                yield SearchField("letters of it")
            yield ChoiceList()
            yield Plain(id="line")
            yield CommandFooter()

    def _show(self) -> None:
        typed = searchable(self._typed)
        found = [option for option in self._options if typed in searchable(option.words)]
        self._found = tuple(sorted(found, key=lambda one: not searchable(one.words).startswith(typed)))
        here = next((place for place, one in enumerate(self._found) if one.value == self._now and not typed), 0)
        self._list.set_choices([Choice(place, (one_line(one.words),)) for place, one in enumerate(self._found)], here)
        self.query_one("#line", Plain).show("" if found else "Nothing fits. Type less.")

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Close with the chosen option."""
        self.dismiss(self._found[event.key])

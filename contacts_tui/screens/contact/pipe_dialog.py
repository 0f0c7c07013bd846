"""Asks which command of the agent's own reads the thread: the last one, one with a name, or any other one typed."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from contacts_tui.commands import Scope
from contacts_tui.domain.text import one_line, searchable
from contacts_tui.screens.search_dialog import NarrowingDialog
from contacts_tui.widgets.choice_list import Choice, ChoiceList
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.search_field import FieldLine, SearchField

_LAST, _TYPED = "last used", "as typed"
"""What the list calls a command without a name."""


class PipeDialog(NarrowingDialog[str]):
    """Returns a command for the agent's shell, or None."""

    CSS_PATH = "pipes.tcss"
    SCOPES = (Scope.PIPE, Scope.PICKER)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.PIPE, Scope.PICKER)

    def __init__(self, name: str, named: Mapping[str, str], last: str) -> None:
        """Offer the commands `named`, by their names, and `last`, which ran last or is empty; `name` is the person's.

        None of these need be cleaned.
        """
        super().__init__()
        self._person = one_line(name)
        self._named = named
        self._last = last
        self._found: tuple[tuple[str, str], ...] = ()

    def compose(self) -> ComposeResult:
        """Yield the field, the commands, a line on what they read, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(f"The thread of {self._person}, to a command")
            with FieldLine(id="finder"):
                yield Plain("| ", id="slash")
                yield SearchField("a command for your shell, or the name of one")
            yield ChoiceList()
            yield Plain(
                "It reads the thread on its standard input. You see its output before anything becomes of it.",
                id="question",
            )
            yield CommandFooter()

    def _show(self) -> None:
        typed = self._typed
        named = tuple((name, command) for name, command in self._named.items() if _begins(name, typed))
        if typed:
            self._found = (*named, (_TYPED, typed))
        elif self._last and self._last not in self._named.values():
            self._found = ((_LAST, self._last), *named)
        else:
            self._found = tuple(sorted(named, key=lambda one: one[1] != self._last))
        self._list.set_choices(
            [Choice(place, (one_line(name), one_line(command))) for place, (name, command) in enumerate(self._found)]
        )

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Return the command that was chosen."""
        self.dismiss(self._found[event.key][1])

    def action_edit(self) -> None:
        """Put the command under the cursor into the field, to be changed."""
        self._catch_up()
        if (here := self._list.highlighted) is not None:
            field = self.query_one(SearchField)
            field.value = self._found[here.key][1]
            field.action_end()


def _begins(name: str, typed: str) -> bool:
    return searchable(name).startswith(searchable(typed))

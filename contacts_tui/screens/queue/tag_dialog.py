"""A dialog for a tag that a person gets or loses: one that is known, or a new one that is typed."""

from collections.abc import Sequence
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

TagChoice = tuple[str, bool]
"""A tag, and whether it is added; otherwise it is removed."""


class TagDialog(NarrowingDialog[TagChoice]):
    """A dialog whose result is the tag and whether it is added, or None."""

    CSS_PATH = "queue_dialogs.tcss"
    SCOPES = (Scope.PICKER,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.PICKER)

    def __init__(self, who: str, known: Sequence[str], theirs: Sequence[str]) -> None:
        """Offer `theirs`, the person's tags (none for several people), and `known`; `who` is a name or "12 people"."""
        super().__init__()
        self._who = one_line(who)
        self._theirs = {tag.casefold() for tag in theirs}
        self._tags = (*theirs, *(tag for tag in known if tag.casefold() not in self._theirs))
        self._found: list[TagChoice] = []

    def compose(self) -> ComposeResult:
        """Yield the field, the tags, a line for an empty list, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(f"Tag {self._who}")
            with FieldLine(id="finder"):
                yield Plain("/ ", id="slash")
                yield SearchField("a tag, or letters of one")
            yield ChoiceList()
            yield Plain(id="line")
            yield CommandFooter()

    def _show(self) -> None:
        typed = self._typed
        found = [tag for tag in self._tags if searchable(typed) in searchable(tag)]
        found.sort(key=lambda tag: not searchable(tag).startswith(searchable(typed)))
        if typed and typed.casefold() not in map(str.casefold, found):
            found.insert(0, typed)
        self._found = [(tag, tag.casefold() not in self._theirs) for tag in found]
        known = set(self._tags)
        choices = [
            Choice(place, (one_line(tag), "add" if is_new and tag in known else "new" if is_new else "remove"))
            for place, (tag, is_new) in enumerate(self._found)
        ]
        self._list.set_choices(choices)
        self.query_one("#line", Plain).show("" if choices else "There are no tags yet: type one.")

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Close with the chosen tag."""
        self.dismiss(self._found[event.key])

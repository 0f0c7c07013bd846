"""Asks for the name of a new view, and for a key that opens it."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content

from contacts_tui.commands import Scope
from contacts_tui.commands.view_keys import key_fault
from contacts_tui.domain.text import begun, one_line
from contacts_tui.domain.view import View
from contacts_tui.screens.base import AgentModal
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.search_field import SearchField


class SaveView(AgentModal[View | None]):
    """Returns the view to be saved, or None."""

    CSS_PATH = "../queue/queue_dialogs.tcss"
    AUTO_FOCUS = "#name"
    SCOPES = (Scope.SAVE_VIEW,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.SAVE_VIEW)

    def __init__(self, line: str, views: Sequence[View]) -> None:
        """Name the filter `line`; `views` are all the views that exist."""
        super().__init__()
        self._line = line
        self._views = views

    def compose(self) -> ComposeResult:
        """Yield the filter, the two fields, a line for what is wrong, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content("Save as a view")
            yield Plain(one_line(self._line))
            with Horizontal(id="other"):
                yield Plain("Name ", id="label")
                yield SearchField("such as VIP, late", id="name")
            with Horizontal(id="finder"):
                yield Plain("Key  ", id="slash")
                yield SearchField("one key that opens it, or nothing", id="key")
            yield Plain("Everybody on this store sees it.", id="line")
            yield CommandFooter()

    def _value(self, field: str) -> str:
        return self.query_one(f"#{field}", SearchField).value.strip()

    def _say(self, sentence: str) -> None:
        self.query_one("#line", Plain).show(begun(one_line(sentence)))

    def action_choose(self) -> None:
        """Return the view; if its name or key is wrong, say why."""
        name, key = self._value("name"), self._value("key")
        if not name:
            self._say("Give it a name.")
            return
        others = [view for view in self._views if view.name.casefold() != name.casefold()]
        if fault := key_fault(key, others):
            self._say(fault)
        else:
            self.dismiss(View(name, self._line, key, self.session.agent))

    def action_turn(self) -> None:
        """Go to the other field."""
        self.query_one("#name" if self.query_one("#key").has_focus else "#key", SearchField).focus()

    def action_back(self) -> None:
        """Close without saving."""
        self.dismiss(None)
